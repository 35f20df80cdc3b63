/// A map from addresses to the autonomous systems that announce them, so that who has addresses in
/// many networks of one operator counts once.
///
/// The format is that of Bitcoin Core's `-asmap` files (spec 10 §7), for which maps are published
/// and tools exist: a program of bits that walks down a trie of address bits.
#pragma once

#include "cairn/base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cairn::node {

class AsMap {
  public:
    /// The longest map that is taken.
    static constexpr std::size_t bytes_max = std::size_t{8} * 1024 * 1024;

    /// Nothing when `bytes` are more than `bytes_max` or no such map (spec 10 R10.33).
    [[nodiscard]] static std::optional<AsMap> parse(Bytes bytes);

    /// The number of the system that announces `host`, an IPv4 or IPv6 literal; 0 when the map
    /// knows none, or `host` is no literal.
    [[nodiscard]] std::uint32_t system_of(std::string_view host) const;

    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

  private:
    explicit AsMap(Bytes bytes);

    Bytes bytes_;
};

}  // namespace cairn::node
