/// What a type's `serialize(Archive&)` may say about its fields. The archives know each of these;
/// a bare container is refused at compile time, because it has no maximum.
///
///     template <class Archive>
///     void serialize(Archive& archive) {
///         archive(field("to", to), field("amount", varint(amount)),
///                 field("memo", bounded<memo_bytes_max>(memo)));
///     }
#pragma once

#include <cereal/cereal.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace cairn::codec {

/// A field with its JSON name; the binary form ignores the name.
template <class T>
[[nodiscard]] auto field(const char* name, T&& value) {
    return cereal::make_nvp(name, std::forward<T>(value));
}

/// An integer or quantity written as an LEB128 varint in binary (spec 03 §2), a number in JSON.
template <class T>
struct Varint {
    T& value;
};

template <class T>
[[nodiscard]] Varint<T> varint(T& value) {
    return {value};
}

/// Bytes, text or a list of at most `Max` elements, or an optional one of these. `MinimumSize` is
/// the least number of bytes that one element takes in binary: a claimed count is refused when the
/// input cannot hold it.
template <std::size_t Max, std::size_t MinimumSize, class Container>
struct Bounded {
    static constexpr std::size_t max = Max;
    static constexpr std::size_t minimum_size = MinimumSize;
    Container& value;
};

template <std::size_t Max, std::size_t MinimumSize = 1, class Container>
[[nodiscard]] Bounded<Max, MinimumSize, Container> bounded(Container& value) {
    return {value};
}

/// A full 64-bit number: eight bytes in binary, sixteen hexadecimal digits in JSON, where a number
/// above 2^53-1 would not survive every reader.
struct Hex64 {
    std::uint64_t& value;
};

[[nodiscard]] inline Hex64 hex64(std::uint64_t& value) {
    return {value};
}

/// An enumeration of consecutive values from 0 to `Last`, one byte in binary. In JSON it is the
/// number too, unless the type's own `serialize` says otherwise.
template <auto Last>
struct Enumerator {
    decltype(Last)& value;
};

template <auto Last>
[[nodiscard]] Enumerator<Last> enumerator(decltype(Last)& value) {
    return {value};
}

/// A field that JSON may leave out, in which case the value stays as it was before the reading; in
/// binary it always stands there. `value` may be another wrapper: `defaulted(varint(count))`.
template <class T>
struct Defaulted {
    T value;
};

template <class T>
[[nodiscard]] Defaulted<T> defaulted(T&& value) {
    return {std::forward<T>(value)};
}

/// A structure whose fields stand among those of the one around it in JSON; in binary it simply
/// follows. The two must not share a field name.
template <class T>
struct Flat {
    T& value;
};

template <class T>
[[nodiscard]] Flat<T> flat(T& value) {
    return {value};
}

/// Serialisation functions are found with a non-const object even when writing; cereal promises
/// that they do not change it.
template <class T>
[[nodiscard]] T& writable(const T& value) {
    return const_cast<T&>(value);
}

}  // namespace cairn::codec
