/// The canonical binary form (spec 03), read from bytes that a stranger may have written.
///
/// Rules:
/// 1. Nothing is allocated from a number that stands in the input: a count is accepted only when
///    the bytes that are left could hold that many elements (CVE-2015-3641 is the lesson).
/// 2. The first error stays. After it every read yields zeros and consumes nothing, so a type's
///    `load` needs no check of its own between fields; loops over input must ask `failed()`.
/// 3. A value has one form. Longer varints, other booleans and trailing bytes are errors.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/quantity.hpp"
#include "cairn/base/uint256.hpp"
#include "cairn/codec/error.hpp"
#include "cairn/codec/fields.hpp"
#include "cairn/codec/text.hpp"

#include <cereal/cereal.hpp>

#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace cairn::codec {

/// A bounded cereal input archive over a view that outlives it.
class BinaryReader : public cereal::InputArchive<BinaryReader, cereal::AllowEmptyClassElision> {
  public:
    explicit BinaryReader(ByteView input) : InputArchive{this}, input_{input} {}

    /// Remembers `error` if it is the first, and stops all further reading.
    void fail(DecodeError error) {
        if (!error_)
            error_ = error;
        position_ = input_.size();
    }

    [[nodiscard]] bool failed() const { return error_.has_value(); }

    [[nodiscard]] std::optional<DecodeError> error() const { return error_; }

    /// How many bytes have been read.
    [[nodiscard]] std::size_t position() const { return position_; }

    [[nodiscard]] std::size_t bytes_left() const { return input_.size() - position_; }

    /// The bytes from `from` (included) to the current position (not included).
    [[nodiscard]] ByteView read_since(std::size_t from) const {
        return from <= position_ ? input_.subspan(from, position_ - from) : ByteView{};
    }

    /// The next `size` bytes, viewed in the input; empty (and `truncated`) when there are fewer.
    [[nodiscard]] ByteView take(std::size_t size) {
        if (size > bytes_left()) {
            fail(DecodeError::truncated);
            return {};
        }
        const auto view = input_.subspan(position_, size);
        position_ += size;
        return view;
    }

    template <std::unsigned_integral Integer>
    [[nodiscard]] Integer take_fixed() {
        const auto view = take(sizeof(Integer));
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < view.size(); ++i)
            number |= std::uint64_t{view[i]} << (8 * i);
        return static_cast<Integer>(number);
    }

    /// A varint in its shortest form, at most 2^64-1.
    [[nodiscard]] std::uint64_t take_varint();

    /// A length or count: at most `max`, and no more than the bytes left can hold at
    /// `minimum_size` (at least 1) each. Errors: `over_max` as given, or `truncated`.
    [[nodiscard]] std::size_t take_count(
        std::size_t max, std::size_t minimum_size, DecodeError over_max
    );

  private:
    ByteView input_;
    std::size_t position_ = 0;
    std::optional<DecodeError> error_;
};

template <class T>
void CEREAL_LOAD_FUNCTION_NAME(BinaryReader& archive, cereal::NameValuePair<T>& pair) {
    archive(pair.value);
}

template <std::unsigned_integral Integer>

requires(!std::same_as<Integer, bool>) void CEREAL_LOAD_FUNCTION_NAME(
    BinaryReader& archive, Integer& number
) {
    number = archive.template take_fixed<Integer>();
}

template <std::same_as<bool> Boolean>
void CEREAL_LOAD_FUNCTION_NAME(BinaryReader& archive, Boolean& flag) {
    const auto byte = archive.template take_fixed<std::uint8_t>();
    if (byte > 1)
        archive.fail(DecodeError::unknown_tag);
    flag = byte == 1;
}

/// Stores `number` in an integer that must be able to hold it.
template <std::unsigned_integral Integer>
void store_number(BinaryReader& archive, std::uint64_t number, Integer& target) {
    if (number > std::uint64_t{static_cast<Integer>(~Integer{0})})
        archive.fail(DecodeError::number_too_large);
    target = static_cast<Integer>(number);
}

/// Stores `number` in a quantity, which ends at 2^53-1.
template <class Tag>
void store_number(BinaryReader& archive, std::uint64_t number, Quantity<Tag>& target) {
    if (number > quantity_max)
        archive.fail(DecodeError::number_too_large);
    target = Quantity<Tag>{number};
}

template <class T>
void CEREAL_LOAD_FUNCTION_NAME(BinaryReader& archive, Varint<T>& number) {
    store_number(archive, archive.take_varint(), number.value);
}

inline void CEREAL_LOAD_FUNCTION_NAME(BinaryReader& archive, Hex64& number) {
    number.value = archive.take_fixed<std::uint64_t>();
}

template <auto Last>
void CEREAL_LOAD_FUNCTION_NAME(BinaryReader& archive, Enumerator<Last>& enumeration) {
    const auto byte = archive.template take_fixed<std::uint8_t>();
    if (byte > static_cast<std::uint8_t>(Last))
        return archive.fail(DecodeError::unknown_tag);
    enumeration.value = static_cast<decltype(Last)>(byte);
}

template <std::size_t Max, std::size_t MinimumSize>
void CEREAL_LOAD_FUNCTION_NAME(BinaryReader& archive, Bounded<Max, MinimumSize, Bytes>& bytes) {
    const auto view = archive.take(archive.take_count(Max, 1, DecodeError::too_long));
    bytes.value.assign(view.begin(), view.end());
}

template <std::size_t Max, std::size_t MinimumSize>
void CEREAL_LOAD_FUNCTION_NAME(
    BinaryReader& archive, Bounded<Max, MinimumSize, std::string>& text
) {
    const auto view = archive.take(archive.take_count(Max, 1, DecodeError::too_long));
    if (!is_utf8(as_text(view)))
        archive.fail(DecodeError::bad_text);
    text.value.assign(as_text(view));
}

template <std::size_t Max, std::size_t MinimumSize, class T>
void CEREAL_LOAD_FUNCTION_NAME(
    BinaryReader& archive, Bounded<Max, MinimumSize, std::vector<T>>& list
) {
    const auto count = archive.take_count(Max, MinimumSize, DecodeError::too_many);
    list.value.clear();
    // A count is bounded by the bytes left, but an element in memory can be larger than its bytes;
    // the vector therefore grows with what has really been read.
    for (std::size_t i = 0; i < count && !archive.failed(); ++i)
        archive(list.value.emplace_back());
}

template <class T>
void CEREAL_LOAD_FUNCTION_NAME(BinaryReader& archive, std::optional<T>& value) {
    bool present = false;
    archive(present);
    value.reset();
    if (present && !archive.failed())
        archive(value.emplace());
}

template <class T>
void CEREAL_LOAD_FUNCTION_NAME(BinaryReader& archive, Defaulted<T>& field) {
    archive(field.value);
}

template <class T>
void CEREAL_LOAD_FUNCTION_NAME(BinaryReader& archive, Flat<T>& structure) {
    archive(structure.value);
}

template <std::size_t Max, std::size_t MinimumSize, class T>
void CEREAL_LOAD_FUNCTION_NAME(
    BinaryReader& archive, Bounded<Max, MinimumSize, std::optional<T>>& container
) {
    bool present = false;
    archive(present);
    container.value.reset();
    if (present && !archive.failed())
        archive(bounded<Max, MinimumSize>(container.value.emplace()));
}

}  // namespace cairn::codec

// cereal looks the functions below up beside the types, which are ours but stand one namespace up.
namespace cairn {

template <class Tag>
void CEREAL_LOAD_FUNCTION_NAME(codec::BinaryReader& archive, Quantity<Tag>& quantity) {
    codec::store_number(archive, archive.template take_fixed<std::uint64_t>(), quantity);
}

template <std::size_t Size, class Tag>
void CEREAL_LOAD_FUNCTION_NAME(codec::BinaryReader& archive, FixedBytes<Size, Tag>& value) {
    const auto view = archive.take(Size);
    if (!view.empty())
        std::memcpy(value.bytes.data(), view.data(), Size);
}

inline void CEREAL_LOAD_FUNCTION_NAME(codec::BinaryReader& archive, Uint256& number) {
    std::array<std::uint8_t, 32> bytes{};
    const auto view = archive.take(bytes.size());
    std::copy(view.begin(), view.end(), bytes.begin());
    number = Uint256::from_big_endian(bytes);
}

}  // namespace cairn
