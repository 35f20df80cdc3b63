/// The JSON form (spec 03), read from a document that a stranger may have written.
///
/// Rules:
/// 1. Fields are found by name, in any order. One that is missing, of another type, or unknown is
///    an error; only an optional or `defaulted` field may be absent, and `null` is no absence.
/// 2. A number is an integer in plain digits within its type and 2^53-1. Anything else (`1.0`,
///    `1e3`, `"5"`, `-1`) is refused, never rounded or converted.
/// 3. The first error stays, with its path. After it every read yields zeros, so a type's `load`
///    needs no check of its own between fields; loops over input must ask `failed()`.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/quantity.hpp"
#include "cairn/base/uint256.hpp"
#include "cairn/codec/binary_reader.hpp"
#include "cairn/codec/error.hpp"
#include "cairn/codec/fields.hpp"
#include "cairn/codec/json_text.hpp"
#include "cairn/codec/json_value.hpp"
#include "cairn/codec/json_writer.hpp"

#include <cereal/cereal.hpp>

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::codec {

/// What to do with fields that the type does not have.
enum class UnknownFields : std::uint8_t {
    refused,
    /// For an envelope whose other fields someone else reads; objects inside stay strict.
    ignored_at_top,
    /// For a reader of replies that a newer program may have written.
    ignored,
};

/// A cereal input archive over a document that outlives it.
class JsonReader : public cereal::InputArchive<JsonReader, cereal::AllowEmptyClassElision> {
  public:
    explicit JsonReader(const Json& input, UnknownFields unknown = UnknownFields::refused)
        : InputArchive{this}, current_{&input}, unknown_{unknown} {}

    /// Remembers the error at the current path if it is the first, and stops all further reading.
    /// `expected` and `actual` say in words what a person should see; they must be ASCII.
    void fail(DecodeError code, std::string_view expected = {}, std::string_view actual = {});

    [[nodiscard]] bool failed() const { return error_.has_value(); }

    [[nodiscard]] const std::optional<JsonError>& error() const { return error_; }

    /// The value that is read next; null after an error.
    [[nodiscard]] const Json& current() const { return *current_; }

    /// @{
    /// Opens the current value, which must be an object, for `open_field`; closing it refuses the
    /// fields that nobody asked for. Errors: `wrong_type`, `unknown_field`.
    void begin_object();
    void end_object();
    /// @}

    /// Makes the field `name` of the innermost object current until `close_field`. False, with
    /// nothing to close, when it is absent. `name` must live as long as the reader.
    [[nodiscard]] bool open_field(const char* name);
    void close_field();

    /// Fails with `missing_field` at `name`.
    void fail_missing(const char* name);

    /// Lets the innermost object have a field `name` that is not read.
    void ignore_field(const char* name) {
        if (open_field(name))
            close_field();
    }

    /// Opens the current value, which must be an array of at most `max` elements, and returns their
    /// number, 0 on errors: `wrong_type`, `too_many`.
    [[nodiscard]] std::size_t take_array(std::size_t max);
    /// @{
    /// Makes element `index` of the current array current until `close_element`.
    void open_element(std::size_t index);
    void close_element();
    /// @}

    [[nodiscard]] bool take_bool();
    /// An integer from 0 to the smaller of `max` and 2^53-1.
    /// Errors: `wrong_type`, `number_too_large`.
    [[nodiscard]] std::uint64_t take_number(std::uint64_t max);
    /// Text of at most `max` bytes of UTF-8, valid while the document is.
    /// Errors: `wrong_type`, `too_long`.
    [[nodiscard]] std::string_view take_text(std::size_t max);
    /// At most `max` bytes in lowercase hexadecimal. Errors: `wrong_type`, `too_long`, `bad_hex`.
    [[nodiscard]] Bytes take_hex(std::size_t max);
    /// Exactly `target.size()` bytes in lowercase hexadecimal, untouched on errors: `wrong_type`,
    /// `bad_hex`.
    void take_hex_into(std::span<std::uint8_t> target);

  private:
    /// One step of the path: a field's name, or an index where the name is null.
    struct Step {
        const char* name;
        std::size_t index;
        const Json* outer;
    };

    struct OpenObject {
        const Json::Object* members;
        std::vector<bool> asked;
        /// Where the search for the next field starts: fields mostly come in their order.
        std::size_t next = 0;
    };

    void enter(Step step, const Json& value);
    void leave();

    void fail_type(std::string_view expected) { fail(DecodeError::wrong_type, expected, actual()); }

    [[nodiscard]] std::string actual() const;
    [[nodiscard]] std::string path() const;

    const Json* current_;
    UnknownFields unknown_;
    std::vector<Step> path_;
    std::vector<OpenObject> objects_;
    std::optional<JsonError> error_;
};

template <class T>
inline constexpr bool is_read_as_object =
    is_json_object<T, JsonReader, cereal::traits::is_input_serializable>;

template <class T>
void prologue(JsonReader& archive, const T&) {
    if constexpr (is_read_as_object<T>)
        archive.begin_object();
}

template <class T>
void epilogue(JsonReader& archive, const T&) {
    if constexpr (is_read_as_object<T>)
        archive.end_object();
}

/// @{
/// Makes `value` what an absent field means; false where a field must be there.
template <class T>
[[nodiscard]] bool make_absent(T&) {
    return false;
}

template <class T>
[[nodiscard]] bool make_absent(std::optional<T>& value) {
    value.reset();
    return true;
}

template <std::size_t Max, std::size_t MinimumSize, class T>
[[nodiscard]] bool make_absent(Bounded<Max, MinimumSize, std::optional<T>>& container) {
    container.value.reset();
    return true;
}

template <class T>
[[nodiscard]] bool make_absent(Defaulted<T>&) {
    return true;
}

/// @}

template <class T>
void CEREAL_LOAD_FUNCTION_NAME(JsonReader& archive, cereal::NameValuePair<T>& pair) {
    if (archive.open_field(pair.name)) {
        archive(pair.value);
        archive.close_field();
    } else if (!make_absent(pair.value)) {
        archive.fail_missing(pair.name);
    }
}

template <std::unsigned_integral Integer>

requires(!std::same_as<Integer, bool>) void CEREAL_LOAD_FUNCTION_NAME(
    JsonReader& archive, Integer& number
) {
    number = static_cast<Integer>(archive.take_number(std::numeric_limits<Integer>::max()));
}

template <std::same_as<bool> Boolean>
void CEREAL_LOAD_FUNCTION_NAME(JsonReader& archive, Boolean& flag) {
    flag = archive.take_bool();
}

template <class T>
void CEREAL_LOAD_FUNCTION_NAME(JsonReader& archive, Varint<T>& number) {
    archive(number.value);
}

inline void CEREAL_LOAD_FUNCTION_NAME(JsonReader& archive, Hex64& number) {
    std::array<std::uint8_t, 8> bytes{};
    archive.take_hex_into(bytes);
    number.value = 0;
    for (const auto byte : bytes)
        number.value = (number.value << 8U) | byte;
}

template <auto Last>
void CEREAL_LOAD_FUNCTION_NAME(JsonReader& archive, Enumerator<Last>& enumeration) {
    const auto number = archive.take_number(quantity_max);
    if (number > static_cast<std::uint8_t>(Last))
        return archive.fail(DecodeError::unknown_tag, "a known number", std::to_string(number));
    enumeration.value = static_cast<decltype(Last)>(number);
}

template <std::size_t Max, std::size_t MinimumSize>
void CEREAL_LOAD_FUNCTION_NAME(JsonReader& archive, Bounded<Max, MinimumSize, Bytes>& bytes) {
    bytes.value = archive.take_hex(Max);
}

template <std::size_t Max, std::size_t MinimumSize>
void CEREAL_LOAD_FUNCTION_NAME(JsonReader& archive, Bounded<Max, MinimumSize, std::string>& text) {
    text.value.assign(archive.take_text(Max));
}

template <std::size_t Max, std::size_t MinimumSize, class T>
void CEREAL_LOAD_FUNCTION_NAME(
    JsonReader& archive, Bounded<Max, MinimumSize, std::vector<T>>& list
) {
    const auto count = archive.take_array(Max);
    list.value.clear();
    for (std::size_t i = 0; i < count && !archive.failed(); ++i) {
        archive.open_element(i);
        archive(list.value.emplace_back());
        archive.close_element();
    }
}

template <std::size_t Max, std::size_t MinimumSize, class T>
void CEREAL_LOAD_FUNCTION_NAME(
    JsonReader& archive, Bounded<Max, MinimumSize, std::optional<T>>& container
) {
    archive(bounded<Max, MinimumSize>(container.value.emplace()));
}

template <class T>
void CEREAL_LOAD_FUNCTION_NAME(JsonReader& archive, Defaulted<T>& field) {
    archive(field.value);
}

template <class T>
void CEREAL_LOAD_FUNCTION_NAME(JsonReader& archive, Flat<T>& structure) {
    if constexpr (cereal::traits::has_member_serialize<T, JsonReader>::value)
        cereal::access::member_serialize(archive, structure.value);
    else if constexpr (!is_read_as_object<T>)
        archive(structure.value);
}

template <class T>
void CEREAL_LOAD_FUNCTION_NAME(JsonReader& archive, std::optional<T>& value) {
    archive(value.emplace());
}

}  // namespace cairn::codec

// cereal looks the functions below up beside the types, which are ours but stand one namespace up.
namespace cairn {

template <class Tag>
void CEREAL_LOAD_FUNCTION_NAME(codec::JsonReader& archive, Quantity<Tag>& quantity) {
    quantity = Quantity<Tag>{archive.take_number(quantity_max)};
}

template <std::size_t Size, class Tag>
void CEREAL_LOAD_FUNCTION_NAME(codec::JsonReader& archive, FixedBytes<Size, Tag>& value) {
    archive.take_hex_into(value.bytes);
}

inline void CEREAL_LOAD_FUNCTION_NAME(codec::JsonReader& archive, Uint256& number) {
    std::array<std::uint8_t, 32> bytes{};
    archive.take_hex_into(bytes);
    number = Uint256::from_big_endian(bytes);
}

}  // namespace cairn
