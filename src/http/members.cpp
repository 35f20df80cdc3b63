#include "src/http/members.hpp"

#include <algorithm>

namespace cairn::http {

namespace {

/// The position behind the string that begins at `start`, or npos.
std::size_t skip_text(std::string_view text, std::size_t start) {
    for (std::size_t i = start + 1; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            return i + 1;
    }
    return std::string_view::npos;
}

/// The position behind the value that begins at `start`, or npos.
std::size_t skip_value(std::string_view text, std::size_t start) {
    std::size_t depth = 0;
    std::size_t i = start;
    while (i < text.size()) {
        const char letter = text[i];
        if (letter == '"') {
            i = skip_text(text, i);
            if (i == std::string_view::npos)
                return i;
            continue;
        }
        if (letter == '{' || letter == '[') {
            ++depth;
        } else if (letter == '}' || letter == ']') {
            if (depth == 0)
                return i;
            --depth;
        } else if (letter == ',' && depth == 0) {
            return i;
        }
        ++i;
    }
    return std::string_view::npos;
}

}  // namespace

std::optional<std::vector<std::pair<std::string_view, std::string_view>>> split_members(
    std::string_view text
) {
    std::vector<std::pair<std::string_view, std::string_view>> members;
    if (text.size() < 2 || text.front() != '{' || text.back() != '}')
        return std::nullopt;
    if (text == "{}")
        return members;
    std::size_t place = 0;
    while (text[place] != '}') {
        ++place;
        if (place >= text.size() || text[place] != '"')
            return std::nullopt;
        const auto name_end = skip_text(text, place);
        if (name_end == std::string_view::npos || name_end >= text.size() || text[name_end] != ':')
            return std::nullopt;
        const auto value_end = skip_value(text, name_end + 1);
        if (value_end == std::string_view::npos || value_end == name_end + 1 ||
            text[value_end] == ']')
            return std::nullopt;
        members.emplace_back(
            text.substr(place + 1, name_end - place - 2),
            text.substr(name_end + 1, value_end - name_end - 1)
        );
        place = value_end;
    }
    if (place + 1 != text.size())
        return std::nullopt;
    return members;
}

std::vector<std::string_view> split_list(std::string_view text) {
    std::vector<std::string_view> elements;
    if (text.size() < 2 || text.front() != '[' || text.back() != ']')
        return elements;
    std::size_t place = 1;
    while (place + 1 < text.size()) {
        const auto end = skip_value(text, place);
        if (end == std::string_view::npos || end == place)
            return {};
        elements.push_back(text.substr(place, end - place));
        place = end + 1;
    }
    return elements;
}

std::string_view member(std::string_view text, std::string_view name) {
    const auto members = split_members(text);
    if (!members)
        return {};
    const auto place = std::find_if(members->begin(), members->end(), [name](const auto& one) {
        return one.first == name;
    });
    return place == members->end() ? std::string_view{} : place->second;
}

std::string_view plain_text(std::string_view json) {
    const bool is_plain = json.size() >= 2 && json.front() == '"' && json.back() == '"' &&
                          json.find('\\') == std::string_view::npos;
    return is_plain ? json.substr(1, json.size() - 2) : std::string_view{};
}

bool is_error_text(std::string_view reply) {
    return reply.starts_with(R"({"type":"error",)");
}

}  // namespace cairn::http
