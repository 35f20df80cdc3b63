#include "cairn/wallet/keystore.hpp"

#include "tests/unit/wallet/samples.hpp"

#include <catch2/catch.hpp>

#include <chrono>

namespace cairn::wallet {

using crypto::Secret;

namespace {

const Secret passphrase = Secret::copy_of("correct horse");

std::string sample_file() {
    return seal_key(key_of(5), passphrase, counting(), cheap).value();
}

}  // namespace

TEST_CASE("Keystore: a sealed key opens with its passphrase alone", "[wallet][W2][W3]") {
    const auto keystore = parse_keystore(sample_file());
    REQUIRE(keystore.has_value());
    CHECK(keystore->public_key == key_of(5).public_key());
    CHECK(keystore->scrypt == cheap);
    const auto key = open_keystore(*keystore, passphrase);
    REQUIRE(key.has_value());
    CHECK(is_same(key->to_bytes(), key_of(5).to_bytes()));
    for (const auto* other : {"", "correct hors", "correct horse ", "Correct horse"}) {
        const auto opened = open_keystore(*keystore, Secret::copy_of(std::string_view{other}));
        REQUIRE_FALSE(opened.has_value());
        CHECK(opened.error() == KeystoreError::wrong_passphrase);
    }
}

TEST_CASE("Keystore: files agree with the vectors of spec 08", "[wallet][W2][W3]") {
    const auto file = load_vectors("keystore.json");
    for (const auto& row : file.at("valid")) {
        INFO(row.at("why"));
        const auto keystore = parse_keystore(row.at("file").get<std::string>());
        REQUIRE(keystore.has_value());
        CHECK(to_hex(keystore->public_key) == row.at("public_key"));
        const auto key =
            open_keystore(*keystore, Secret::copy_of(row.at("passphrase").get<std::string>()));
        REQUIRE(key.has_value());
        CHECK(to_hex(key->to_bytes().view()) == row.at("secret_key"));
    }
    for (const auto& row : file.at("invalid")) {
        INFO(row.at("why"));
        const auto keystore = parse_keystore(row.at("file").get<std::string>());
        REQUIRE_FALSE(keystore.has_value());
        CHECK(to_string(keystore.error()) == row.at("error").get<std::string>());
    }
    for (const auto& row : file.at("not_opening")) {
        INFO(row.at("why"));
        const auto keystore = parse_keystore(row.at("file").get<std::string>());
        REQUIRE(keystore.has_value());
        const auto key =
            open_keystore(*keystore, Secret::copy_of(row.at("passphrase").get<std::string>()));
        REQUIRE_FALSE(key.has_value());
        CHECK(to_string(key.error()) == row.at("error").get<std::string>());
    }
}

TEST_CASE("Keystore: sealing writes what the vectors of spec 08 hold", "[wallet][W2]") {
    const auto file = load_vectors("keystore.json");
    const auto& row = file.at("valid").at(0);
    const auto key = crypto::SecretKey::from_bytes(bytes_of(row.at("secret_key"))).value();
    const auto secret = Secret::copy_of(row.at("passphrase").get<std::string>());
    CHECK(seal_key(key, secret, counting(), cheap).value() == row.at("file").get<std::string>());
}

TEST_CASE("Keystore: no flipped bit is taken for a wrong passphrase", "[wallet][W3]") {
    const auto file = sample_file();
    for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
        auto changed = file;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        INFO("bit " << bit);
        const auto keystore = parse_keystore(changed);
        REQUIRE_FALSE(keystore.has_value());
        // Without its line feed a file cannot be told from one that was cut and grew.
        const bool is_last = bit / 8 == file.size() - 1;
        REQUIRE(keystore.error() == (is_last ? KeystoreError::truncated : KeystoreError::damaged));
    }
}

TEST_CASE("Keystore: a cut file is truncated, one without its line feed whole", "[wallet][W3]") {
    const auto file = sample_file();
    for (std::size_t size = 0; size + 1 < file.size(); ++size) {
        const auto keystore = parse_keystore(std::string_view{file}.substr(0, size));
        REQUIRE_FALSE(keystore.has_value());
        REQUIRE(keystore.error() == KeystoreError::truncated);
    }
    CHECK(parse_keystore(std::string_view{file}.substr(0, file.size() - 1)).has_value());
}

TEST_CASE("Keystore: a file is bounded", "[wallet]") {
    auto file = sample_file();
    file.insert(file.size() - 1, keystore_bytes_max - file.size(), ' ');
    REQUIRE(file.size() == keystore_bytes_max);
    CHECK(parse_keystore(file).has_value());
    file.insert(file.size() - 1, 1, ' ');
    const auto keystore = parse_keystore(file);
    REQUIRE_FALSE(keystore.has_value());
    CHECK(keystore.error() == KeystoreError::not_a_wallet);
}

TEST_CASE("Keystore: without randomness nothing is sealed", "[wallet][W1]") {
    const auto refuse = [](std::span<std::uint8_t>) { return false; };
    const auto file = seal_key(key_of(5), passphrase, refuse, cheap);
    REQUIRE_FALSE(file.has_value());
    CHECK(file.error() == KeystoreError::no_randomness);
}

TEST_CASE("Keystore: every sealing draws a salt and a nonce of its own", "[wallet][W1]") {
    auto random = counting();
    const auto first = parse_keystore(seal_key(key_of(5), passphrase, random, cheap).value());
    const auto second = parse_keystore(seal_key(key_of(5), passphrase, random, cheap).value());
    CHECK(first->salt != second->salt);
    CHECK(first->nonce != second->nonce);
    CHECK(first->sealed != second->sealed);
}

TEST_CASE("Keystore: a guess at the default cost takes 100 ms or more", "[wallet][W3]") {
    const auto file = seal_key(key_of(5), passphrase, counting());
    const auto keystore = parse_keystore(file.value());
    const auto begin = std::chrono::steady_clock::now();
    CHECK_FALSE(open_keystore(*keystore, Secret::copy_of("guess")).has_value());
    CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds{100});
}

TEST_CASE("Keystore: every error has a name and words", "[wallet]") {
    for (unsigned i = 0; i <= static_cast<unsigned>(KeystoreError::no_randomness); ++i) {
        const auto error = static_cast<KeystoreError>(i);
        CHECK(to_string(error) != "unknown");
        CHECK_FALSE(explain(error).empty());
    }
}

}  // namespace cairn::wallet
