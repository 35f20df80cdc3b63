#include "cairn/ledger/transaction.hpp"

#include "tests/unit/ledger/samples.hpp"

#include "cairn/base/random.hpp"
#include "cairn/crypto/sha256.hpp"

#include <catch2/catch.hpp>

namespace cairn::ledger {

TEST_CASE("Transaction: binary and JSON are round trips", "[ledger][C6]") {
    for (const auto& sample : valid_transactions()) {
        INFO(sample.name);
        const auto bytes = codec::encode(sample.transaction);
        const auto decoded = codec::decode<Transaction>(bytes);
        REQUIRE(decoded);
        CHECK(*decoded == sample.transaction);
        CHECK(codec::encode(*decoded) == bytes);

        const auto text = codec::to_json(*decoded);
        const auto parsed = codec::from_json_text<Transaction>(text);
        REQUIRE(parsed);
        CHECK(codec::encode(*parsed) == bytes);
        CHECK(codec::to_json(*parsed) == text);
    }
}

TEST_CASE("Transaction: every prefix of every kind is refused", "[ledger][C1]") {
    for (const auto& sample : valid_transactions()) {
        const auto bytes = codec::encode(sample.transaction);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const auto result = codec::decode<Transaction>(ByteView{bytes}.first(size));
            if (result || result.error() != codec::DecodeError::truncated)
                FAIL_CHECK(sample.name << " cut to " << size << " bytes");
        }
    }
}

TEST_CASE("Transaction: what decodes after random changes encodes to the same", "[ledger][C5]") {
    Random random{20'261'101};
    std::size_t decoded_count = 0;
    for (const auto& sample : valid_transactions()) {
        const auto original = codec::encode(sample.transaction);
        for (int round = 0; round < 2'000; ++round) {
            auto bytes = original;
            bytes[random.below(bytes.size())] ^= static_cast<std::uint8_t>(1 + random.below(255));
            if (const auto decoded = codec::decode<Transaction>(bytes)) {
                ++decoded_count;
                if (codec::encode(*decoded) != bytes)
                    FAIL_CHECK(to_hex(bytes));
            }
        }
    }
    CHECK(decoded_count > 1'000);
}

TEST_CASE("Transaction: a coinbase is its kind and payload alone", "[ledger]") {
    const auto coinbase = sample_coinbase("");
    CHECK(codec::encode(coinbase) == encode_unsigned(coinbase));
    CHECK(coinbase.is_coinbase());
    Transaction smallest;
    smallest.payload = Coinbase{};
    CHECK(codec::encode(smallest).size() == transaction_bytes_min);
}

TEST_CASE("Transaction: the id is the tagged hash of chain and unsigned bytes", "[ledger]") {
    const auto transfer = sample_transfer();
    auto message = to_bytes(sample_chain().view());
    const auto unsigned_bytes = encode_unsigned(transfer);
    message.insert(message.end(), unsigned_bytes.begin(), unsigned_bytes.end());
    const auto id = transaction_id(sample_chain(), transfer);
    CHECK(id == crypto::tagged_hash("cairn/tx", message).as<TxId>());
    CHECK(id == transaction_id(sample_chain(), unsigned_bytes));

    const auto bytes = codec::encode(transfer);
    const auto before_signature = ByteView{bytes}.first(bytes.size() - crypto::Signature::size);
    CHECK(to_hex(before_signature) == to_hex(unsigned_bytes));
}

TEST_CASE(
    "Transaction: a signature holds for its sender, content and chain alone", "[ledger][K1]"
) {
    const auto transfer = sample_transfer();
    const auto key = development_key(0).public_key();
    CHECK(transfer.from == account_of(key));
    const auto is_signed = [&](const ChainId& chain, const Transaction& transaction) {
        const auto id = transaction_id(chain, transaction);
        return crypto::verify(key, id.as<Hash256>(), transaction.signature);
    };
    CHECK(is_signed(sample_chain(), transfer));
    CHECK_FALSE(is_signed(ChainId{}, transfer));
    auto changed = transfer;
    changed.fee = changed.fee.next();
    CHECK_FALSE(is_signed(sample_chain(), changed));
}

TEST_CASE("Transaction: every text and body ends at its maximum", "[ledger][C2]") {
    const auto decoded = [](Payload payload) {
        Transaction transaction;
        transaction.payload = std::move(payload);
        return codec::decode<Transaction>(codec::encode(transaction));
    };
    const auto too_long = tl::unexpected{codec::DecodeError::too_long};
    const auto record = [](std::size_t stream, std::size_t key, std::size_t body) {
        return Record{
            std::string(stream, 's'), std::string(key, 'k'), RecordFormat::bytes, Bytes(body)};
    };
    CHECK(decoded(Transfer{{}, {}, std::string(memo_bytes_max, 'm')}));
    CHECK(decoded(Transfer{{}, {}, std::string(memo_bytes_max + 1, 'm')}) == too_long);
    CHECK(decoded(record(stream_bytes_max, key_bytes_max, body_bytes_max)));
    CHECK(decoded(record(stream_bytes_max + 1, 0, 0)) == too_long);
    CHECK(decoded(record(0, key_bytes_max + 1, 0)) == too_long);
    CHECK(decoded(record(0, 0, body_bytes_max + 1)) == too_long);
    CHECK(decoded(Coinbase{{}, {}, {}, Bytes(body_bytes_max)}));
    CHECK(decoded(Coinbase{{}, {}, {}, Bytes(body_bytes_max + 1)}) == too_long);
}

TEST_CASE("Transaction: each kind has its name", "[ledger]") {
    CHECK(to_string(sample_coinbase("").kind()) == "coinbase");
    CHECK(to_string(sample_transfer().kind()) == "transfer");
    CHECK(to_string(sample_record(RecordFormat::json, "1").kind()) == "record");
    CHECK(to_string(TransactionKind::participant) == "participant");
    CHECK(to_string(TransactionKind::deploy) == "deploy");
    CHECK(to_string(TransactionKind::call) == "call");
    CHECK(to_string(TransactionKind::anchor) == "anchor");
    CHECK(to_string(TransactionKind::chain) == "chain");
}

}  // namespace cairn::ledger
