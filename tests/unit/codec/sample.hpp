/// A structure with every kind of field that the archives know, for tests of both forms.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/quantity.hpp"
#include "cairn/base/uint256.hpp"
#include "cairn/codec/fields.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::codec {

enum class Colour : std::uint8_t { red, green };

struct Inner {
    Nonce nonce;
    std::string name;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(field("nonce", varint(nonce)), field("name", bounded<8>(name)));
    }

    friend bool operator==(const Inner&, const Inner&) = default;
};

struct Tail {
    std::uint64_t seal = 0;
    Colour colour = Colour::red;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(field("seal", hex64(seal)), field("colour", enumerator<Colour::green>(colour)));
    }

    friend bool operator==(const Tail&, const Tail&) = default;
};

struct Nothing {
    friend bool operator==(const Nothing&, const Nothing&) = default;
};

struct Sample {
    std::uint8_t small = 0;
    std::uint32_t number = 0;
    Amount amount;
    FixedBytes<4, struct SampleTag> key;
    Bytes bytes;
    std::vector<Inner> list;
    std::optional<std::uint16_t> maybe;
    std::optional<std::string> note;
    bool flag = false;
    Uint256 work;
    std::uint64_t count = 100;
    Nothing nothing;
    Tail tail;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            field("small", small),
            field("number", number),
            field("amount", amount),
            field("key", key),
            field("bytes", bounded<4>(bytes)),
            field("list", bounded<3, 2>(list)),
            field("maybe", maybe),
            field("note", bounded<4>(note)),
            field("flag", flag),
            field("work", work),
            field("count", defaulted(varint(count))),
            field("nothing", nothing),
            flat(tail)
        );
    }

    friend bool operator==(const Sample&, const Sample&) = default;
};

}  // namespace cairn::codec
