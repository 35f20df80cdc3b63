#include "cairn/wallet/message.hpp"

#include "tests/unit/wallet/samples.hpp"

#include "cairn/ledger/transaction.hpp"

#include <catch2/catch.hpp>

namespace cairn::wallet {

TEST_CASE("Message: signatures agree with the vectors of spec 08", "[wallet][W5]") {
    const auto file = load_vectors("messages.json");
    for (const auto& row : file.at("messages")) {
        const auto key = crypto::SecretKey::from_bytes(bytes_of(row.at("secret_key"))).value();
        const auto message = bytes_of(row.at("message"));
        CHECK(to_hex(message_hash(message)) == row.at("hash"));
        const auto signature = sign_message(key, message);
        CHECK(to_hex(signature) == row.at("signature"));
        CHECK(verify_message(key.public_key(), message, signature));
    }
}

TEST_CASE("Message: another message, key or signature does not verify", "[wallet]") {
    const auto key = key_of(1);
    const Bytes message{1, 2, 3};
    const auto signature = sign_message(key, message);
    CHECK(verify_message(key.public_key(), message, signature));
    CHECK_FALSE(verify_message(key.public_key(), Bytes{1, 2}, signature));
    CHECK_FALSE(verify_message(key_of(2).public_key(), message, signature));
    for (std::size_t i = 0; i < crypto::Signature::size; ++i) {
        auto changed = signature;
        changed.bytes[i] ^= 1U;
        CHECK_FALSE(verify_message(key.public_key(), message, changed));
    }
}

TEST_CASE("Message: one transaction signed twice is the same bytes", "[wallet][W5]") {
    const auto key = key_of(3);
    ledger::Transaction first;
    first.payload = ledger::Transfer{.to = {}, .amount = Amount{5}, .memo = "tea"};
    auto second = first;
    ledger::sign_transaction(key, {}, first);
    ledger::sign_transaction(key, {}, second);
    CHECK(codec::encode(first) == codec::encode(second));
}

TEST_CASE("Message: a signature under a message is none under a transaction", "[wallet]") {
    const auto key = key_of(4);
    ledger::Transaction transaction;
    transaction.payload = ledger::Transfer{};
    ledger::sign_transaction(key, {}, transaction);
    // The message that a transaction signs, handed over as a message of a person.
    auto message = Bytes(ChainId::size, 0);
    const auto unsigned_bytes = ledger::encode_unsigned(transaction);
    message.insert(message.end(), unsigned_bytes.begin(), unsigned_bytes.end());
    CHECK_FALSE(verify_message(key.public_key(), message, transaction.signature));
}

}  // namespace cairn::wallet
