#include "src/app/answer.hpp"

#include "cairn/codec/json_text.hpp"

#include <algorithm>
#include <ostream>
#include <string>

namespace cairn::app {

namespace {

using codec::Json;

/// Texts without their quotes, all else as JSON.
std::string value_text(const Json& value) {
    const auto text = codec::to_text(value);
    return value.if_text() != nullptr ? text.substr(1, text.size() - 2) : text;
}

/// The members of an object in which nothing is nested; null for any other value.
const Json::Object* if_flat_object(const Json& value) {
    const auto* members = value.if_object();
    const bool is_flat =
        members != nullptr && std::all_of(members->begin(), members->end(), [](const auto& member) {
            return member.second.if_object() == nullptr && member.second.if_array() == nullptr;
        });
    return is_flat ? members : nullptr;
}

}  // namespace

void write_answer(std::ostream& out, const codec::Json& answer) {
    std::size_t width = 0;
    for (const auto& [name, value] : *answer.if_object())
        width = std::max(width, name.size());
    for (const auto& [name, value] : *answer.if_object()) {
        if (name == "type")
            continue;
        auto line = value_text(Json{name});
        if (const auto* members = if_flat_object(value)) {
            out << line << '\n';
            for (const auto& [member, detail] : *members)
                out << "  " << value_text(Json{member}) << ": " << value_text(detail) << '\n';
            continue;
        }
        line.resize(std::max(line.size(), width), ' ');
        if (value.if_array() == nullptr) {
            out << line << "  " << value_text(value) << '\n';
            continue;
        }
        out << line << "  " << value.if_array()->size() << '\n';
        for (const auto& element : *value.if_array())
            out << "  " << value_text(element) << '\n';
    }
}

}  // namespace cairn::app
