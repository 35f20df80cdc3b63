/// A JSON document as a plain value. Built by hand for replies, or by `parse_json` from text; the
/// typed way from and to our own structures is `json.hpp`.
#pragma once

#include "cairn/base/quantity.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cairn::codec {

/// The integers that become JSON numbers; characters and booleans are not among them.
template <class T>
concept JsonInteger = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

/// Null, a boolean, a number, text, an array or an object that keeps the order of its keys.
/// Integers are exact; a number that was written with a point or an exponent is a `double` and
/// never equals an integer. Copying, comparing and destroying recurse, so depth must be bounded:
/// `parse_json` sees to it for foreign documents.
class Json {
  public:
    using Array = std::vector<Json>;
    using Member = std::pair<std::string, Json>;
    using Object = std::vector<Member>;

    /// Null.
    Json() = default;

    // Defined out of line: inlined, they make g++ 12 warn of uninitialised vectors, falsely.
    Json(const Json& other);
    Json(Json&& other) noexcept;
    Json& operator=(const Json& other);
    Json& operator=(Json&& other) noexcept;
    ~Json();

    explicit Json(std::nullptr_t) {}

    template <std::same_as<bool> Boolean>
    explicit Json(Boolean flag) : value_{flag} {}

    template <JsonInteger Integer>
    explicit Json(Integer number)
        : value_{
              std::cmp_less(number, 0) ? Value{static_cast<std::int64_t>(number)}
                                       : Value{static_cast<std::uint64_t>(number)}} {}

    template <class Tag>
    explicit Json(Quantity<Tag> quantity) : value_{quantity.value} {}

    /// `number` must be finite: JSON has no word for the others.
    explicit Json(double number);

    explicit Json(std::string text) : value_{std::move(text)} {}

    explicit Json(std::string_view text) : value_{std::string{text}} {}

    explicit Json(const char* text) : value_{std::string{text}} {}

    explicit Json(Array elements) : value_{std::move(elements)} {}

    explicit Json(Object members) : value_{std::move(members)} {}

    /// An empty object.
    [[nodiscard]] static Json object() { return Json{Object{}}; }

    /// An object of `members` in this order; their keys must differ.
    [[nodiscard]] static Json object(
        std::initializer_list<std::pair<std::string_view, Json>> members
    );

    /// An empty array.
    [[nodiscard]] static Json array() { return Json{Array{}}; }

    /// An array of `elements`.
    [[nodiscard]] static Json array(std::initializer_list<Json> elements) {
        return Json{Array{elements}};
    }

    /// Sets the member `key` of an object (or of null, which becomes one): replaces it in its
    /// place, or appends it. Returns this value, so that calls chain.
    Json& set(std::string_view key, Json value);

    /// Appends a member to an object without looking whether `key` is there already; the caller
    /// answers for that.
    void append_member(std::string key, Json value);

    /// Appends `element` to an array (or to null, which becomes one).
    Json& push_back(Json element);

    /// The member `key` of an object; nothing when there is none or this is no object. Valid until
    /// the value changes.
    [[nodiscard]] const Json* find(std::string_view key) const;

    [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(value_); }

    /// @{
    /// The content, when it is of this kind; else null. Valid until the value changes.
    [[nodiscard]] const bool* if_bool() const { return std::get_if<bool>(&value_); }

    /// An integer of at least zero.
    [[nodiscard]] const std::uint64_t* if_unsigned() const {
        return std::get_if<std::uint64_t>(&value_);
    }

    /// An integer below zero.
    [[nodiscard]] const std::int64_t* if_negative() const {
        return std::get_if<std::int64_t>(&value_);
    }

    /// A number written with a point or an exponent.
    [[nodiscard]] const double* if_double() const { return std::get_if<double>(&value_); }

    [[nodiscard]] const std::string* if_text() const { return std::get_if<std::string>(&value_); }

    [[nodiscard]] const Array* if_array() const { return std::get_if<Array>(&value_); }

    [[nodiscard]] const Object* if_object() const { return std::get_if<Object>(&value_); }

    /// @}

    /// What this is, in words for an error message: "text", "negative integer", ...
    [[nodiscard]] std::string_view kind() const;

    /// Same kind and content; objects compare in order.
    friend bool operator==(const Json& left, const Json& right);

  private:
    using Value = std::variant<
        std::monostate,
        bool,
        std::uint64_t,
        std::int64_t,
        double,
        std::string,
        Array,
        Object>;

    Value value_;
};

}  // namespace cairn::codec
