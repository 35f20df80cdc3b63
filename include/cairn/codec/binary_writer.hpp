/// The canonical binary form (spec 03), written: a cereal output archive over a growing byte
/// string.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/quantity.hpp"
#include "cairn/base/uint256.hpp"
#include "cairn/codec/fields.hpp"

#include <cereal/cereal.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::codec {

/// Writes values in canonical form. Writing cannot fail: limits are checked where bytes come in.
class BinaryWriter : public cereal::OutputArchive<BinaryWriter, cereal::AllowEmptyClassElision> {
  public:
    BinaryWriter() : OutputArchive{this} {}

    /// Appends `bytes` as they are.
    void write(ByteView bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }

    /// Appends `number` in `sizeof` bytes, least significant first.
    template <std::unsigned_integral Integer>
    void write_fixed(Integer number) {
        for (std::size_t i = 0; i < sizeof(Integer); ++i)
            bytes_.push_back(static_cast<std::uint8_t>(std::uint64_t{number} >> (8 * i)));
    }

    /// Appends `number` as a varint in its shortest form.
    void write_varint(std::uint64_t number) {
        while (number >= 0x80) {
            bytes_.push_back(static_cast<std::uint8_t>(number | 0x80U));
            number >>= 7U;
        }
        bytes_.push_back(static_cast<std::uint8_t>(number));
    }

    void reserve(std::size_t size) { bytes_.reserve(size); }

    [[nodiscard]] const Bytes& bytes() const { return bytes_; }

    /// Forgets what was written and keeps the memory for the next.
    void clear() { bytes_.clear(); }

    /// The bytes written so far, moved out; the writer is empty afterwards.
    [[nodiscard]] Bytes take() { return std::exchange(bytes_, {}); }

  private:
    Bytes bytes_;
};

/// The number inside an integer or a quantity.
template <std::unsigned_integral Integer>
[[nodiscard]] constexpr std::uint64_t number_of(Integer value) {
    return value;
}

template <class Tag>
[[nodiscard]] constexpr std::uint64_t number_of(Quantity<Tag> value) {
    return value.value;
}

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(BinaryWriter& archive, const cereal::NameValuePair<T>& pair) {
    archive(pair.value);
}

template <std::unsigned_integral Integer>

requires(!std::same_as<Integer, bool>) void CEREAL_SAVE_FUNCTION_NAME(
    BinaryWriter& archive, const Integer& number
) {
    archive.write_fixed(number);
}

template <std::same_as<bool> Boolean>
void CEREAL_SAVE_FUNCTION_NAME(BinaryWriter& archive, const Boolean& flag) {
    archive.write_fixed(static_cast<std::uint8_t>(flag ? 1 : 0));
}

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(BinaryWriter& archive, const Varint<T>& number) {
    archive.write_varint(number_of(number.value));
}

inline void CEREAL_SAVE_FUNCTION_NAME(BinaryWriter& archive, const Hex64& number) {
    archive.write_fixed(number.value);
}

template <auto Last>
void CEREAL_SAVE_FUNCTION_NAME(BinaryWriter& archive, const Enumerator<Last>& enumeration) {
    archive.write_fixed(static_cast<std::uint8_t>(enumeration.value));
}

template <std::size_t Max, std::size_t MinimumSize>
void CEREAL_SAVE_FUNCTION_NAME(
    BinaryWriter& archive, const Bounded<Max, MinimumSize, Bytes>& bytes
) {
    archive.write_varint(bytes.value.size());
    archive.write(bytes.value);
}

template <std::size_t Max, std::size_t MinimumSize>
void CEREAL_SAVE_FUNCTION_NAME(
    BinaryWriter& archive, const Bounded<Max, MinimumSize, std::string>& text
) {
    archive.write_varint(text.value.size());
    archive.write(as_bytes(text.value));
}

template <std::size_t Max, std::size_t MinimumSize, class T>
void CEREAL_SAVE_FUNCTION_NAME(
    BinaryWriter& archive, const Bounded<Max, MinimumSize, std::vector<T>>& list
) {
    archive.write_varint(list.value.size());
    for (const auto& element : list.value)
        archive(element);
}

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(BinaryWriter& archive, const Defaulted<T>& field) {
    archive(field.value);
}

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(BinaryWriter& archive, const Flat<T>& structure) {
    archive(structure.value);
}

template <std::size_t Max, std::size_t MinimumSize, class T>
void CEREAL_SAVE_FUNCTION_NAME(
    BinaryWriter& archive, const Bounded<Max, MinimumSize, std::optional<T>>& container
) {
    archive(container.value.has_value());
    if (container.value)
        archive(bounded<Max, MinimumSize>(*container.value));
}

}  // namespace cairn::codec

// cereal looks the functions below up beside the types, which are ours but stand one namespace up.
namespace cairn {

template <class Tag>
void CEREAL_SAVE_FUNCTION_NAME(codec::BinaryWriter& archive, const Quantity<Tag>& quantity) {
    archive.write_fixed(quantity.value);
}

template <std::size_t Size, class Tag>
void CEREAL_SAVE_FUNCTION_NAME(codec::BinaryWriter& archive, const FixedBytes<Size, Tag>& value) {
    archive.write(value.view());
}

inline void CEREAL_SAVE_FUNCTION_NAME(codec::BinaryWriter& archive, const Uint256& number) {
    archive.write(number.to_big_endian());
}

}  // namespace cairn

namespace cairn::codec {

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(BinaryWriter& archive, const std::optional<T>& value) {
    archive(value.has_value());
    if (value)
        archive(*value);
}

}  // namespace cairn::codec
