/// `Result<T, E>`: a value or the reason why there is none. For what the outside world gets wrong;
/// bugs of ours are `CAIRN_ASSERT`.
#pragma once

#include <tl/expected.hpp>

namespace cairn {

/// Every function that returns one is marked `[[nodiscard]]` (tl::expected is not, by itself).
template <class T, class E>
using Result = tl::expected<T, E>;

/// Builds a visitor out of lambdas: `std::visit(overloaded{[](A) {}, [](B) {}}, variant)`.
template <class... Functions>
struct overloaded  // NOLINT(readability-identifier-naming): the name everybody knows it by
    : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
overloaded(Functions...) -> overloaded<Functions...>;

}  // namespace cairn
