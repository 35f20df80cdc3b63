#include "cairn/wallet/derivation.hpp"

#include "tests/unit/wallet/samples.hpp"

#include "cairn/wallet/mnemonic.hpp"

#include <catch2/catch.hpp>

#include <sstream>

namespace cairn::wallet {

using crypto::Secret;

namespace {

/// The node at `path`, such as `m/0'/1`, below the root of `seed`.
ExtendedKey node_at(const Secret& seed, const std::string& path) {
    auto node = ExtendedKey::from_seed(seed).value();
    std::istringstream steps{path.substr(1)};
    char slash = '\0';
    std::uint32_t index = 0;
    while (steps >> slash >> index) {
        const bool is_hardened = steps.peek() == '\'';
        if (is_hardened)
            steps.ignore();
        node = node.child(is_hardened ? index + hardened : index).value();
    }
    return node;
}

}  // namespace

TEST_CASE("Derivation: keys agree with the vectors of BIP32", "[wallet][W7]") {
    const auto file = load_vectors("bip32.json");
    REQUIRE(file.at("vectors").size() == 4);
    for (const auto& vector : file.at("vectors")) {
        const auto seed = Secret::copy_of(bytes_of(vector.at("seed")));
        for (const auto& row : vector.at("nodes")) {
            INFO(vector.at("name") << " " << row.at("path"));
            const auto node = node_at(seed, row.at("path"));
            CHECK(to_hex(node.key().view()) == row.at("secret_key"));
            CHECK(to_hex(node.chain_code().view()) == row.at("chain_code"));
            CHECK(to_hex(node.public_point()) == row.at("public_point"));
        }
    }
}

TEST_CASE("Derivation: accounts agree with the vectors of spec 08", "[wallet][W7]") {
    const auto file = load_vectors("accounts.json");
    for (const auto& row : file.at("accounts")) {
        const auto seed =
            seed_of(row.at("words").get<std::string>(), row.at("passphrase").get<std::string>());
        REQUIRE(seed.has_value());
        const std::uint32_t account = row.at("account");
        CHECK(derivation_path(account) == row.at("path"));
        const auto key = derive_account(*seed, account);
        REQUIRE(key.has_value());
        CHECK(to_hex(key->to_bytes().view()) == row.at("secret_key"));
        CHECK(to_hex(key->public_key()) == row.at("public_key"));
    }
}

TEST_CASE("Derivation: the path's coin type spells crn", "[wallet]") {
    CHECK(coin_type == ('c' << 16U | 'r' << 8U | 'n'));
    CHECK(derivation_path(0) == "m/44'/6517358'/0'/0/0");
}

}  // namespace cairn::wallet
