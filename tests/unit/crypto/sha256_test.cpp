#include "cairn/crypto/sha256.hpp"

#include "tests/unit/crypto/vector_file.hpp"

#include <catch2/catch.hpp>
#include <cryptopp/sha.h>

namespace cairn::crypto {

namespace {

/// `length` bytes, each different from its neighbours.
Bytes pattern(std::size_t length) {
    Bytes bytes(length);
    for (std::size_t i = 0; i < length; ++i)
        bytes[i] = static_cast<std::uint8_t>(i * 7 + 3);
    return bytes;
}

}  // namespace

TEST_CASE("SHA-256: the published vectors hold", "[crypto]") {
    for (const auto& row : load_cases("sha256.json", "plain")) {
        INFO(row.at("why"));
        Sha256 hasher;
        const auto text = row.at("text").get<std::string>();
        for (int i = 0; i < row.at("repeat").get<int>(); ++i)
            hasher.update(as_bytes(text));
        CHECK(to_hex(hasher.finish()) == row.at("hash"));
    }
}

TEST_CASE("SHA-256: every length up to four blocks agrees with Crypto++", "[crypto]") {
    for (std::size_t length = 0; length <= 4 * Sha256::block_size; ++length) {
        const Bytes message = pattern(length);
        Hash256 expected;
        CryptoPP::SHA256{}.CalculateDigest(expected.bytes.data(), message.data(), message.size());
        REQUIRE(sha256(message) == expected);
    }
}

TEST_CASE("SHA-256: a message may come in any two pieces", "[crypto]") {
    const Bytes message = pattern(3 * Sha256::block_size + 1);
    const ByteView view{message};
    const Hash256 expected = sha256(view);
    for (std::size_t cut = 0; cut <= message.size(); ++cut)
        REQUIRE(sha256(view.first(cut), view.subspan(cut)) == expected);
}

TEST_CASE("SHA-256: a hasher and three pieces agree with the whole", "[crypto]") {
    for (std::size_t length = 0; length <= 3 * Sha256::block_size; ++length) {
        const Bytes message = pattern(length);
        const ByteView view{message};
        Sha256 hasher;
        hasher.update(view);
        const auto third = length / 3;
        REQUIRE(hasher.finish() == sha256(view));
        REQUIRE(
            sha256(view.first(third), view.subspan(third, third), view.subspan(2 * third)) ==
            sha256(view)
        );
    }
}

TEST_CASE("SHA-256: a copy is a midstate and finishing changes nothing", "[crypto]") {
    Sha256 original;
    original.update(as_bytes("header without "));
    Sha256 copy = original;
    CHECK(original.finish() == sha256(as_bytes("header without ")));
    original.update(as_bytes("nonce 1"));
    copy.update(as_bytes("nonce 2"));
    CHECK(original.finish() == sha256(as_bytes("header without nonce 1")));
    CHECK(copy.finish() == sha256(as_bytes("header without nonce 2")));
}

TEST_CASE("SHA-256: the double hash is the hash of the hash", "[crypto]") {
    // The well-known double hash of "hello".
    CHECK(
        to_hex(sha256d(as_bytes("hello"))) ==
        "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50"
    );
}

TEST_CASE("Tagged hash: the published vectors hold and a hasher is reusable", "[crypto]") {
    for (const auto& row : load_cases("sha256.json", "tagged")) {
        const auto tag = row.at("tag").get<std::string>();
        const Bytes message = bytes_of(row.at("message"));
        CHECK(to_hex(tagged_hash(tag, message)) == row.at("hash"));
        const TaggedHasher hasher{tag};
        for (int use = 0; use < 2; ++use) {
            Sha256 begun = hasher.begin();
            begun.update(message);
            CHECK(to_hex(begun.finish()) == row.at("hash"));
            CHECK(to_hex(hasher.hash(message)) == row.at("hash"));
        }
    }
}

}  // namespace cairn::crypto
