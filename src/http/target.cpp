#include "src/http/target.hpp"

#include "cairn/codec/text.hpp"
#include "cairn/http/limits.hpp"

#include <algorithm>
#include <optional>

namespace cairn::http {

namespace {

int digit_value(char digit) {
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

bool is_control(char letter) {
    return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
}

/// `text` without its escapes; in a query `+` stands for a space.
Result<std::string, TargetError> unescape(std::string_view text, char space) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char letter = text[i] == space ? ' ' : text[i];
        if (letter == '%') {
            const int high = i + 2 < text.size() ? digit_value(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? digit_value(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return tl::unexpected{TargetError::bad_escape};
            letter = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (is_control(letter))
            return tl::unexpected{TargetError::bad_character};
        result += letter;
    }
    if (!codec::is_utf8(result))
        return tl::unexpected{TargetError::bad_character};
    return result;
}

std::optional<TargetError> read_path(std::string_view path, Target& target) {
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        auto segment = unescape(path.substr(0, end), '\0');
        if (!segment)
            return segment.error();
        if (*segment == "." || *segment == "..")
            return TargetError::dot_segment;
        // An escaped slash or a backslash would mean something to whoever stands behind us.
        if (segment->find_first_of("/\\") != std::string::npos)
            return TargetError::bad_character;
        target.segments.push_back(std::move(*segment));
        path.remove_prefix(end);
    }
    return std::nullopt;
}

std::optional<TargetError> read_query(std::string_view query, Target& target) {
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (pair.empty())
            continue;
        if (target.query.size() == query_parameters_max)
            return TargetError::too_many_parameters;
        const auto middle = std::min(pair.find('='), pair.size());
        auto name = unescape(pair.substr(0, middle), '+');
        auto value = unescape(pair.substr(std::min(middle + 1, pair.size())), '+');
        if (!name || !value)
            return name ? value.error() : name.error();
        target.query.emplace_back(std::move(*name), std::move(*value));
    }
    return std::nullopt;
}

}  // namespace

DoorError to_door_error(TargetError error, std::string_view target) {
    DoorError result{
        .rule = rpc::DoorRule::no_path,
        .message = "The path is malformed.",
        .expected = {},
        .actual = rpc::printable(target),
        .hint = "Escape what is no letter, digit or one of - . _ ~ by a percent sign (RFC 3986)."};
    switch (error) {
        case TargetError::no_path:
            result.expected = "a slash at its beginning";
            result.hint = "Paths begin with a slash, such as /api/v1/status.";
            break;
        case TargetError::bad_escape:
            result.rule = rpc::DoorRule::bad_escape;
            result.expected = "two hexadecimal digits behind each percent sign";
            break;
        case TargetError::bad_character:
            result.rule = rpc::DoorRule::bad_character;
            result.expected =
                "UTF-8 without control characters, slashes and backslashes inside "
                "segments";
            break;
        case TargetError::dot_segment:
            result.rule = rpc::DoorRule::dot_segment;
            result.expected = "no segment of one or two dots";
            result.hint = "Write the path without them.";
            break;
        case TargetError::too_many_parameters:
            result.rule = rpc::DoorRule::too_many_parameters;
            result.message = "The query has too many parameters.";
            result.expected = at_most(query_parameters_max, "parameters");
            result.actual = "more";
            result.hint = "No path takes as many.";
            break;
    }
    return result;
}

Result<Target, TargetError> parse_target(std::string_view text) {
    if (text.empty() || text.front() != '/')
        return tl::unexpected{TargetError::no_path};
    const auto end = std::min(text.find('?'), text.size());
    const auto path = text.substr(0, end);
    Target target{.path = std::string{path}, .segments = {}, .query = {}};
    if (const auto error = read_path(path, target))
        return tl::unexpected{*error};
    if (const auto error = read_query(text.substr(std::min(end + 1, text.size())), target))
        return tl::unexpected{*error};
    return target;
}

std::string escape(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view plain = "-._~";
    std::string result;
    for (const char letter : text) {
        const bool is_word = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                             (letter >= '0' && letter <= '9');
        if (is_word || plain.find(letter) != std::string_view::npos) {
            result += letter;
            continue;
        }
        const auto byte = static_cast<unsigned char>(letter);
        result += '%';
        result += digits[byte / 16U];
        result += digits[byte % 16U];
    }
    return result;
}

}  // namespace cairn::http
