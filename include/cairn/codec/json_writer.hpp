/// The JSON form (spec 03), written straight into text without a document in between.
///
/// A class with `serialize` is one object, its fields in their order. A type whose JSON is special
/// has `save(JsonWriter&)` instead and writes what it likes:
///
///     void save(codec::JsonWriter& archive) const {
///         archive.begin_object();
///         archive(codec::field("kind", ...));
///         std::visit([&](const auto& payload) { archive(codec::flat(payload)); }, payload);
///         archive.end_object();
///     }
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/quantity.hpp"
#include "cairn/base/uint256.hpp"
#include "cairn/codec/binary_writer.hpp"
#include "cairn/codec/fields.hpp"

#include <cereal/cereal.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace cairn::codec {

/// Writes values as ASCII JSON on one line. Writing cannot fail: limits are checked where JSON
/// comes in.
class JsonWriter : public cereal::OutputArchive<JsonWriter, cereal::AllowEmptyClassElision> {
  public:
    JsonWriter() : OutputArchive{this} {}

    /// @{
    /// Every begin has its end; inside an object each value follows a `write_name`.
    void begin_object() { begin('{'); }

    void end_object() { end('}'); }

    void begin_array() { begin('['); }

    void end_array() { end(']'); }

    void write_name(std::string_view name);
    /// @}

    void write_bool(bool flag);
    void write_number(std::uint64_t number);
    void write_text(std::string_view text);
    /// Text of lowercase hexadecimal digits.
    void write_hex(ByteView bytes);
    /// `json` must be one whole JSON value.
    void write_raw(std::string_view json);

    /// A field whose value is JSON already.
    void write_raw_field(std::string_view name, std::string_view json) {
        write_name(name);
        write_raw(json);
    }

    [[nodiscard]] const std::string& text() const { return text_; }

    /// The text written so far, moved out; the writer is empty afterwards.
    [[nodiscard]] std::string take() {
        needs_comma_ = false;
        return std::exchange(text_, {});
    }

  private:
    void begin(char bracket);
    void end(char bracket);
    void separate();

    std::string text_;
    /// Something stands before the place where the next name or value goes, in this container.
    bool needs_comma_ = false;
};

/// Classes that are JSON objects: those that list their fields in `serialize`, and empty ones.
template <class T, class Archive, template <class, class> class IsSerializable>
inline constexpr bool is_json_object =
    cereal::traits::has_member_serialize<T, Archive>::value ||
    cereal::traits::has_non_member_serialize<T, Archive>::value ||
    (std::is_empty_v<T> && !IsSerializable<T, Archive>::value);

template <class T>
inline constexpr bool is_written_as_object =
    is_json_object<T, JsonWriter, cereal::traits::is_output_serializable>;

template <class T>
void prologue(JsonWriter& archive, const T&) {
    if constexpr (is_written_as_object<T>)
        archive.begin_object();
}

template <class T>
void epilogue(JsonWriter& archive, const T&) {
    if constexpr (is_written_as_object<T>)
        archive.end_object();
}

/// @{
/// True when a field of this value is left out.
template <class T>
[[nodiscard]] bool is_absent(const T&) {
    return false;
}

template <class T>
[[nodiscard]] bool is_absent(const std::optional<T>& value) {
    return !value.has_value();
}

template <std::size_t Max, std::size_t MinimumSize, class T>
[[nodiscard]] bool is_absent(const Bounded<Max, MinimumSize, std::optional<T>>& container) {
    return !container.value.has_value();
}

/// @}

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(JsonWriter& archive, const cereal::NameValuePair<T>& pair) {
    if (is_absent(pair.value))
        return;
    archive.write_name(pair.name);
    archive(pair.value);
}

template <std::unsigned_integral Integer>

requires(!std::same_as<Integer, bool>) void CEREAL_SAVE_FUNCTION_NAME(
    JsonWriter& archive, const Integer& number
) {
    archive.write_number(number);
}

template <std::same_as<bool> Boolean>
void CEREAL_SAVE_FUNCTION_NAME(JsonWriter& archive, const Boolean& flag) {
    archive.write_bool(flag);
}

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(JsonWriter& archive, const Varint<T>& number) {
    archive.write_number(number_of(number.value));
}

inline void CEREAL_SAVE_FUNCTION_NAME(JsonWriter& archive, const Hex64& number) {
    Bytes bytes;
    for (unsigned shift = 64; shift > 0; shift -= 8)
        bytes.push_back(static_cast<std::uint8_t>(number.value >> (shift - 8)));
    archive.write_hex(bytes);
}

template <auto Last>
void CEREAL_SAVE_FUNCTION_NAME(JsonWriter& archive, const Enumerator<Last>& enumeration) {
    archive.write_number(static_cast<std::uint8_t>(enumeration.value));
}

template <std::size_t Max, std::size_t MinimumSize>
void CEREAL_SAVE_FUNCTION_NAME(JsonWriter& archive, const Bounded<Max, MinimumSize, Bytes>& bytes) {
    archive.write_hex(bytes.value);
}

template <std::size_t Max, std::size_t MinimumSize>
void CEREAL_SAVE_FUNCTION_NAME(
    JsonWriter& archive, const Bounded<Max, MinimumSize, std::string>& text
) {
    archive.write_text(text.value);
}

template <std::size_t Max, std::size_t MinimumSize, class T>
void CEREAL_SAVE_FUNCTION_NAME(
    JsonWriter& archive, const Bounded<Max, MinimumSize, std::vector<T>>& list
) {
    archive.begin_array();
    for (const auto& element : list.value)
        archive(element);
    archive.end_array();
}

/// Only reached for a value that is there; `is_absent` leaves the others out.
template <std::size_t Max, std::size_t MinimumSize, class T>
void CEREAL_SAVE_FUNCTION_NAME(
    JsonWriter& archive, const Bounded<Max, MinimumSize, std::optional<T>>& container
) {
    archive(bounded<Max, MinimumSize>(*container.value));
}

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(JsonWriter& archive, const Defaulted<T>& field) {
    archive(field.value);
}

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(JsonWriter& archive, const Flat<T>& structure) {
    using Structure = std::remove_const_t<T>;
    if constexpr (cereal::traits::has_member_serialize<Structure, JsonWriter>::value)
        cereal::access::member_serialize(archive, writable(structure.value));
    else if constexpr (!is_written_as_object<Structure>)
        archive(structure.value);
}

}  // namespace cairn::codec

// cereal looks the functions below up beside the types, which are ours but stand one namespace up.
namespace cairn {

template <class Tag>
void CEREAL_SAVE_FUNCTION_NAME(codec::JsonWriter& archive, const Quantity<Tag>& quantity) {
    archive.write_number(quantity.value);
}

template <std::size_t Size, class Tag>
void CEREAL_SAVE_FUNCTION_NAME(codec::JsonWriter& archive, const FixedBytes<Size, Tag>& value) {
    archive.write_hex(value.view());
}

inline void CEREAL_SAVE_FUNCTION_NAME(codec::JsonWriter& archive, const Uint256& number) {
    archive.write_hex(number.to_big_endian());
}

}  // namespace cairn

namespace cairn::codec {

/// Only reached for a value that is there; `is_absent` leaves the others out.
template <class T>
void CEREAL_SAVE_FUNCTION_NAME(JsonWriter& archive, const std::optional<T>& value) {
    archive(*value);
}

}  // namespace cairn::codec
