#include "src/node/address_text.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace cairn::node {
namespace {

/// Takes the text before the next colon, and the colon, off the front of `text`.
std::string_view take_group(std::string_view& text) {
    const auto colon = text.find(':');
    const auto group = text.substr(0, colon);
    text.remove_prefix(colon == std::string_view::npos ? text.size() : colon + 1);
    return group;
}

/// Groups with single colons between them; an IPv4 address counts as two at the end.
std::optional<std::vector<std::uint16_t>> parse_groups(std::string_view text) {
    constexpr int hexadecimal = 16;
    constexpr std::size_t digits_max = 4;
    std::vector<std::uint16_t> groups;
    if (text.ends_with(':'))
        return std::nullopt;
    while (!text.empty() && groups.size() < std::tuple_size_v<V6>) {
        const auto group = take_group(text);
        if (const auto v4 = text.empty() ? parse_v4(group) : std::nullopt) {
            groups.push_back(static_cast<std::uint16_t>((*v4)[0] * 256 + (*v4)[1]));
            groups.push_back(static_cast<std::uint16_t>((*v4)[2] * 256 + (*v4)[3]));
            continue;
        }
        std::uint16_t value = 0;
        const auto [end, error] =
            std::from_chars(group.data(), group.data() + group.size(), value, hexadecimal);
        if (group.empty() || group.size() > digits_max || error != std::errc{} ||
            end != group.data() + group.size())
            return std::nullopt;
        groups.push_back(value);
    }
    if (!text.empty() || groups.size() > std::tuple_size_v<V6>)
        return std::nullopt;
    return groups;
}

}  // namespace

std::optional<V4> parse_v4(std::string_view host) {
    V4 result{};
    for (std::size_t i = 0; i < result.size(); ++i) {
        const auto dot = host.find('.');
        if ((dot == std::string_view::npos) != (i + 1 == result.size()))
            return std::nullopt;
        const auto part = host.substr(0, dot);
        const auto [end, error] =
            std::from_chars(part.data(), part.data() + part.size(), result[i]);
        if (part.empty() || error != std::errc{} || end != part.data() + part.size())
            return std::nullopt;
        host.remove_prefix(dot == std::string_view::npos ? host.size() : dot + 1);
    }
    return result;
}

std::optional<V6> parse_v6(std::string_view host) {
    host = host.substr(0, host.find('%'));
    const auto gap = host.find("::");
    const bool has_gap = gap != std::string_view::npos;
    const auto front = parse_groups(host.substr(0, gap));
    const auto back = parse_groups(has_gap ? host.substr(gap + 2) : std::string_view{});
    V6 result{};
    if (!front || !back)
        return std::nullopt;
    const auto given = front->size() + back->size();
    if (has_gap ? given >= result.size() : given != result.size())
        return std::nullopt;
    std::copy(front->begin(), front->end(), result.begin());
    std::copy_backward(back->begin(), back->end(), result.end());
    return result;
}

}  // namespace cairn::node
