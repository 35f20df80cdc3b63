/// IP addresses as text, read into numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cairn::node {

using V4 = std::array<std::uint8_t, 4>;
/// Groups of 16 bits, the first of the text in front.
using V6 = std::array<std::uint16_t, 8>;
inline constexpr std::size_t v6_group_bits = 16;

/// `a.b.c.d`, or nothing.
[[nodiscard]] std::optional<V4> parse_v4(std::string_view host);
/// The text form of RFC 4291 §2.2, also with an IPv4 address at its end; a zone after `%` is left
/// out. Nothing when it is no such address.
[[nodiscard]] std::optional<V6> parse_v6(std::string_view host);

}  // namespace cairn::node
