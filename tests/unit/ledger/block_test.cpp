#include "cairn/ledger/block.hpp"

#include "tests/unit/ledger/samples.hpp"

#include "cairn/crypto/merkle.hpp"

#include <catch2/catch.hpp>

namespace cairn::ledger {

namespace {

BlockJsonContext sample_context(const SealedHeader& head) {
    return {.chain = sample_chain(), .prefix = "crn", .hash = block_hash(head), .difficulty = "4"};
}

}  // namespace

TEST_CASE("Block: decoding tells ids, root, hash and size of the bytes", "[ledger][C6]") {
    const auto block = sample_block();
    const auto bytes = codec::encode(block);
    const auto decoded = decode_block(sample_chain(), bytes);
    REQUIRE(decoded);
    CHECK(decoded->block == block);
    CHECK(decoded->hash == block_hash(block.head));
    CHECK(decoded->tx_root == block.head.header.tx_root);
    CHECK(decoded->size == bytes.size());
    REQUIRE(decoded->ids.size() == block.transactions.size());
    for (std::size_t i = 0; i < decoded->ids.size(); ++i)
        CHECK(decoded->ids[i] == transaction_id(sample_chain(), block.transactions[i]));
    CHECK(codec::encode(decoded->block) == bytes);
    CHECK(codec::decode<Block>(bytes) == block);
    CHECK(codec::from_json_text<Block>(codec::to_json(block)) == block);
}

TEST_CASE("Block: the root is the Merkle root over whole transactions", "[ledger][K6]") {
    auto transactions = sample_block().transactions;
    std::vector<Hash256> leaves;
    for (const auto& transaction : transactions)
        leaves.push_back(crypto::leaf_hash(codec::encode(transaction)));
    const auto root = tx_root(transactions);
    CHECK(root == crypto::merkle_root(leaves).as<TxRoot>());

    std::swap(transactions[1], transactions[2]);
    CHECK(tx_root(transactions) != root);
    std::swap(transactions[1], transactions[2]);
    transactions.push_back(transactions.back());
    CHECK(tx_root(transactions) != root);
    transactions.pop_back();
    transactions.back().signature.bytes[0] ^= 1U;
    CHECK(tx_root(transactions) != root);
    CHECK(tx_root({}) == crypto::merkle_root({}).as<TxRoot>());
}

TEST_CASE("Block: every prefix is refused", "[ledger][C1]") {
    const auto bytes = codec::encode(sample_block());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto result = decode_block(sample_chain(), ByteView{bytes}.first(size));
        if (result || result.error() != codec::DecodeError::truncated)
            FAIL_CHECK("cut to " << size << " bytes");
    }
}

TEST_CASE("Block: each mistake has its error in both decoders", "[ledger][C2][C4]") {
    for (const auto& sample : invalid_blocks()) {
        INFO(sample.name);
        const auto bytes = from_hex(sample.input);
        REQUIRE(bytes);
        const auto result = decode_block(sample_chain(), *bytes);
        REQUIRE_FALSE(result);
        CHECK(to_string(result.error()) == to_string(sample.error));
        CHECK(codec::decode<Block>(*bytes).error() == sample.error);
    }
}

TEST_CASE("Block: it may have its maximum of bytes and not one more", "[ledger][K8]") {
    auto block = sample_block();
    Transaction filler;
    filler.payload = Coinbase{{}, {}, {}, Bytes(body_bytes_max)};
    const auto filler_size = codec::encode(filler).size();
    while (codec::encode(block).size() + 2 * filler_size < block_bytes_max)
        block.transactions.push_back(filler);
    // Two more exceed the limit; the body of the last one gives way.
    block.transactions.push_back(filler);
    auto& last = std::get<Coinbase>(block.transactions.emplace_back(filler).payload).body;
    const auto excess = codec::encode(block).size() - block_bytes_max;
    last.resize(last.size() - excess);

    auto bytes = codec::encode(block);
    REQUIRE(bytes.size() == block_bytes_max);
    CHECK(decode_block(sample_chain(), bytes));
    bytes.push_back(0);
    CHECK(decode_block(sample_chain(), bytes).error() == codec::DecodeError::too_long);
}

TEST_CASE("Block: the most transactions that its bytes can hold are read", "[ledger][C2]") {
    Block block;
    Transaction smallest;
    smallest.payload = Coinbase{};
    const auto count = (block_bytes_max - sealed_header_bytes_min - 3) / transaction_bytes_min;
    block.transactions.assign(count, smallest);
    const auto decoded = decode_block(sample_chain(), codec::encode(block));
    REQUIRE(decoded);
    CHECK(decoded->ids.size() == count);
}

TEST_CASE("Block JSON: the fields stand in their order", "[ledger]") {
    const auto block = sample_block();
    const auto context = sample_context(block.head);
    const auto document = codec::parse_json(to_json(context, block));
    REQUIRE(document);
    std::vector<std::string> names;
    for (const auto& member : *document->if_object())
        names.push_back(member.first);
    CHECK(
        names ==
        std::vector<std::string>{
            "index",
            "hash",
            "prev_hash",
            "timestamp",
            "time",
            "nonce",
            "target",
            "difficulty",
            "tx_root",
            "state_root",
            "size",
            "miner",
            "data"}
    );
    CHECK(*document->find("timestamp")->if_text() == "01/11/2026, 00:00:05");
    CHECK(*document->find("nonce")->if_unsigned() == 0x0001020304050607);
    CHECK(*document->find("time")->if_unsigned() == 1'793'491'205'678);
    CHECK(*document->find("target")->if_text() == "20400000");
    CHECK(*document->find("difficulty")->if_text() == "4");
    CHECK(*document->find("size")->if_unsigned() == codec::encode(block).size());
    const auto miner = from_address(*document->find("miner")->if_text(), "crn");
    CHECK(miner == account_of(development_key(2).public_key()));
}

TEST_CASE("Block JSON: its transactions can be read back", "[ledger][C6]") {
    const auto block = sample_block();
    const auto document = codec::parse_json(to_json(sample_context(block.head), block));
    REQUIRE(document);
    const auto& data = *document->find("data")->if_array();
    REQUIRE(data.size() == block.transactions.size());
    for (std::size_t i = 0; i < data.size(); ++i)
        CHECK(transaction_from_json(sample_chain(), data[i]) == block.transactions[i]);
}

TEST_CASE("Block JSON: a header alone tells no size, miner and data", "[ledger]") {
    const auto block = sample_block();
    const auto context = sample_context(block.head);
    auto whole = to_json(context, block);
    CHECK(to_json(context, block.head) == whole.substr(0, whole.find(R"(,"size")")) + "}");
}

TEST_CASE("Block JSON: without nonce and coinbase there is null", "[ledger]") {
    Block block;
    block.head.seal = GENERATE(Bytes{}, make_nonce_seal(quantity_max + 1));
    const auto document = codec::parse_json(to_json(sample_context(block.head), block));
    REQUIRE(document);
    CHECK(document->find("nonce")->is_null());
    CHECK(document->find("miner")->is_null());
    CHECK(document->find("data")->if_array()->empty());
}

}  // namespace cairn::ledger
