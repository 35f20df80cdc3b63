#include "cairn/codec/json_value.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/base/result.hpp"

#include <cmath>

namespace cairn::codec {

Json::Json(const Json& other) = default;
Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(const Json& other) = default;
Json& Json::operator=(Json&& other) noexcept = default;
Json::~Json() = default;

Json::Json(double number) : value_{number} {
    CAIRN_ASSERT(std::isfinite(number));
}

Json Json::object(std::initializer_list<std::pair<std::string_view, Json>> members) {
    Object object;
    object.reserve(members.size());
    for (const auto& [key, value] : members)
        object.emplace_back(std::string{key}, value);
    return Json{std::move(object)};
}

Json& Json::set(std::string_view key, Json value) {
    if (is_null())
        value_ = Object{};
    auto* object = std::get_if<Object>(&value_);
    CAIRN_ASSERT(object != nullptr);
    for (auto& member : *object) {
        if (member.first == key) {
            member.second = std::move(value);
            return *this;
        }
    }
    object->emplace_back(std::string{key}, std::move(value));
    return *this;
}

void Json::append_member(std::string key, Json value) {
    auto* object = std::get_if<Object>(&value_);
    CAIRN_ASSERT(object != nullptr);
    object->emplace_back(std::move(key), std::move(value));
}

Json& Json::push_back(Json element) {
    if (is_null())
        value_ = Array{};
    auto* elements = std::get_if<Array>(&value_);
    CAIRN_ASSERT(elements != nullptr);
    elements->push_back(std::move(element));
    return *this;
}

const Json* Json::find(std::string_view key) const {
    const auto* object = if_object();
    if (object == nullptr)
        return nullptr;
    for (const auto& member : *object) {
        if (member.first == key)
            return &member.second;
    }
    return nullptr;
}

std::string_view Json::kind() const {
    return std::visit(
        overloaded{
            [](std::monostate) { return std::string_view{"null"}; },
            [](bool) { return std::string_view{"boolean"}; },
            [](std::uint64_t) { return std::string_view{"integer"}; },
            [](std::int64_t) { return std::string_view{"negative integer"}; },
            [](double) { return std::string_view{"number with point or exponent"}; },
            [](const std::string&) { return std::string_view{"text"}; },
            [](const Array&) { return std::string_view{"array"}; },
            [](const Object&) { return std::string_view{"object"}; },
        },
        value_
    );
}

bool operator==(const Json& left, const Json& right) {
    return left.value_ == right.value_;
}

}  // namespace cairn::codec
