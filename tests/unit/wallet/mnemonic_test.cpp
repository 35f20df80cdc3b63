#include "cairn/wallet/mnemonic.hpp"

#include "src/wallet/word_list.hpp"
#include "tests/unit/wallet/samples.hpp"

#include "cairn/crypto/sha256.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace cairn::wallet {

using crypto::Secret;

TEST_CASE("Mnemonic: the word list is the official one", "[wallet]") {
    std::string text;
    for (const auto word : english_words)
        text += std::string{word} + "\n";
    CHECK(
        to_hex(crypto::sha256(as_bytes(text))) ==
        "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"
    );
    CHECK(std::is_sorted(english_words.begin(), english_words.end()));
}

TEST_CASE("Mnemonic: words and seeds agree with the vectors of BIP39", "[wallet][W7]") {
    const auto file = load_vectors("bip39.json");
    const auto passphrase = file.at("passphrase").get<std::string>();
    for (const auto& row : file.at("valid")) {
        const auto entropy = Secret::copy_of(bytes_of(row.at("entropy")));
        const auto words = words_of(entropy);
        CHECK(words.text() == row.at("words").get<std::string>());
        const auto back = entropy_of(words.text());
        REQUIRE(back.has_value());
        CHECK(is_same(*back, entropy));
        const auto seed = seed_of(words.text(), passphrase);
        REQUIRE(seed.has_value());
        CHECK(to_hex(seed->view()) == row.at("seed"));
    }
}

TEST_CASE("Mnemonic: what is no set of words is refused by name", "[wallet]") {
    const auto vectors = load_vectors("bip39.json");
    for (const auto& row : vectors.at("invalid")) {
        INFO(row.at("why"));
        const auto words = row.at("words").get<std::string>();
        const auto entropy = entropy_of(words);
        REQUIRE_FALSE(entropy.has_value());
        CHECK(to_string(entropy.error().error) == row.at("error").get<std::string>());
        const auto seed = seed_of(words, "");
        REQUIRE_FALSE(seed.has_value());
        CHECK(seed.error() == entropy.error());
    }
}

TEST_CASE("Mnemonic: an unknown word is named by its place, not by itself", "[wallet][W5]") {
    const auto seed = seed_of("zoo zoo zoo zooo zoo zoo zoo zoo zoo zoo zoo wrong", "");
    REQUIRE_FALSE(seed.has_value());
    CHECK(seed.error() == MnemonicFault{MnemonicError::unknown_word, 4});
}

TEST_CASE("Mnemonic: case and blanks do not matter", "[wallet]") {
    const auto plain = seed_of("zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong", "");
    const auto untidy = seed_of("\n ZOO zoo\tzoo Zoo  zoo zoo zoo\r\nzoo zoo zoo zoo wrong \n", "");
    REQUIRE(plain.has_value());
    REQUIRE(untidy.has_value());
    CHECK(is_same(*plain, *untidy));
}

TEST_CASE("Mnemonic: each of the words guards against a change of one", "[wallet]") {
    // Four checksum bits let one change of sixteen pass; no more than that.
    std::size_t accepted = 0;
    for (const auto word : english_words) {
        const auto words = std::string{word} + " zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong";
        accepted += entropy_of(words).has_value() ? 1 : 0;
    }
    CHECK(accepted > 2048 / 32);
    CHECK(accepted < 2048 / 8);
}

TEST_CASE("Mnemonic: text is bounded, and a passphrase is printable ASCII", "[wallet]") {
    const std::string words = "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong";
    CHECK(seed_of(words + std::string(words_bytes_max - words.size(), ' '), "").has_value());
    const auto longer = seed_of(words + std::string(words_bytes_max + 1 - words.size(), ' '), "");
    REQUIRE_FALSE(longer.has_value());
    CHECK(longer.error().error == MnemonicError::wrong_count);
    CHECK_FALSE(entropy_of(std::string(words_bytes_max + 1, ' ')).has_value());
    CHECK(seed_of(words, " ~").has_value());
    for (const auto* passphrase : {"caf\xc3\xa9", "\x7f", "a\nb"}) {
        const auto seed = seed_of(words, passphrase);
        REQUIRE_FALSE(seed.has_value());
        CHECK(seed.error().error == MnemonicError::bad_passphrase);
        CHECK(to_string(seed.error().error) == "bad_passphrase");
    }
}

}  // namespace cairn::wallet
