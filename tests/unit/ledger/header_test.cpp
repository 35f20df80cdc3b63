#include "cairn/ledger/header.hpp"

#include "tests/unit/ledger/samples.hpp"

#include "cairn/crypto/sha256.hpp"

#include <catch2/catch.hpp>

namespace cairn::ledger {

TEST_CASE("Header: each field stands at its fixed place", "[ledger]") {
    const auto header = sample_block().head.header;
    const auto hex = to_hex(encode_header(header));
    REQUIRE(hex.size() == 2 * header_bytes);
    CHECK(hex.substr(0, 8) == "01000000");
    CHECK(hex.substr(8, 16) == to_hex(sample_chain()).substr(0, 16));
    CHECK(hex.substr(24, 16) == "0700000000000000");
    CHECK(hex.substr(56, 8) == "00004020");
    CHECK(hex.substr(64, 64) == to_hex(header.previous));
    CHECK(hex.substr(128, 64) == to_hex(header.tx_root));
    CHECK(hex.substr(192, 64) == to_hex(header.state_root));
}

TEST_CASE("Header: the block hash is the double SHA-256 over header and seal", "[ledger]") {
    const auto head = sample_block().head;
    auto bytes = to_bytes(encode_header(head.header));
    bytes.insert(bytes.end(), head.seal.begin(), head.seal.end());
    CHECK(block_hash(head) == crypto::sha256d(bytes).as<BlockHash>());
}

TEST_CASE("Header: binary and JSON are round trips", "[ledger][C6]") {
    const auto head = sample_block().head;
    CHECK(codec::decode<SealedHeader>(codec::encode(head)) == head);
    CHECK(codec::from_json_text<SealedHeader>(codec::to_json(head)) == head);
}

TEST_CASE("Header: every prefix of a sealed header is refused", "[ledger][C1]") {
    const auto bytes = codec::encode(sample_block().head);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto result = codec::decode<SealedHeader>(ByteView{bytes}.first(size));
        REQUIRE(!result);
        CHECK(result.error() == codec::DecodeError::truncated);
    }
}

TEST_CASE("Header: the seal may have its maximum of bytes and not one more", "[ledger][C2]") {
    auto head = sample_block().head;
    head.seal.assign(seal_bytes_max, 1);
    CHECK(codec::encode(head).size() == sealed_header_bytes_max);
    CHECK(codec::decode<SealedHeader>(codec::encode(head)) == head);
    head.seal.push_back(1);
    CHECK(codec::decode<SealedHeader>(codec::encode(head)).error() == codec::DecodeError::too_long);
}

TEST_CASE("Header: a nonce fills a seal of exactly eight bytes", "[ledger]") {
    const auto seal = make_nonce_seal(0x0102030405060708);
    CHECK(to_hex(seal) == "0807060504030201");
    CHECK(nonce_of(seal) == 0x0102030405060708);
    CHECK(nonce_of(Bytes(7)) == std::nullopt);
    CHECK(nonce_of(Bytes(9)) == std::nullopt);
    CHECK(nonce_of({}) == std::nullopt);
}

}  // namespace cairn::ledger
