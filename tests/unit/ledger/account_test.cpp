#include "cairn/ledger/account.hpp"

#include "tests/unit/ledger/samples.hpp"

#include "cairn/crypto/bech32m.hpp"

#include <catch2/catch.hpp>

namespace cairn::ledger {

namespace {

AccountId dev0() {
    return account_of(development_key(0).public_key());
}

}  // namespace

TEST_CASE("Address: an account survives the way to text and back", "[ledger][W6]") {
    for (const std::string_view prefix : {"crn", "lab", "dev", "a234567890"}) {
        const auto text = to_address(dev0(), prefix);
        CHECK(text.substr(0, prefix.size() + 1) == std::string{prefix} + "1");
        CHECK(from_address(text, prefix) == dev0());
    }
    const auto contract = to_address(dev0(), "crn", AccountKind::contract);
    CHECK(from_address(contract, "crn", AccountKind::contract) == dev0());
}

TEST_CASE("Address: every wrong character is found", "[ledger][W6]") {
    const auto address = to_address(dev0(), "crn");
    std::size_t tried = 0;
    for (std::size_t i = 0; i < address.size(); ++i) {
        for (char character = '!'; character <= '~'; ++character) {
            if (character == address[i])
                continue;
            auto typo = address;
            typo[i] = character;
            if (from_address(typo, "crn") != tl::unexpected{AddressError::mistyped})
                FAIL_CHECK(typo);
            ++tried;
        }
    }
    CHECK(tried == address.size() * 93);
}

TEST_CASE("Address: a missing, doubled or swapped character is found", "[ledger][W6]") {
    const auto address = to_address(dev0(), "crn");
    const auto mistyped = tl::unexpected{AddressError::mistyped};
    for (std::size_t i = 0; i < address.size(); ++i) {
        auto shorter = address;
        shorter.erase(i, 1);
        CHECK(from_address(shorter, "crn") == mistyped);
        auto longer = address;
        longer.insert(i, 1, address[i]);
        CHECK(from_address(longer, "crn") == mistyped);
        if (i > 0 && address[i] != address[i - 1]) {
            auto swapped = address;
            std::swap(swapped[i], swapped[i - 1]);
            CHECK(from_address(swapped, "crn") == mistyped);
        }
    }
    CHECK(from_address("", "crn") == mistyped);
}

TEST_CASE("Address: other chain and other kind are told apart", "[ledger][W6]") {
    const auto contract = to_address(dev0(), "crn", AccountKind::contract);
    CHECK(from_address(to_address(dev0(), "lab"), "crn").error() == AddressError::wrong_chain);
    CHECK(from_address(contract, "crn").error() == AddressError::wrong_kind);
    // A contract of another chain: the chain is looked at first.
    CHECK(from_address(contract, "lab").error() == AddressError::wrong_chain);
}

TEST_CASE("Address: a payload of another length is no address", "[ledger][W6]") {
    for (const std::size_t size : {0U, 1U, 32U, 34U}) {
        const auto text = crypto::bech32m_encode("crn", Bytes(size));
        REQUIRE(text);
        CHECK(from_address(*text, "crn").error() == AddressError::mistyped);
    }
}

TEST_CASE("Address: each error has its name", "[ledger]") {
    CHECK(to_string(AddressError::mistyped) == "mistyped");
    CHECK(to_string(AddressError::wrong_chain) == "wrong_chain");
    CHECK(to_string(AddressError::wrong_kind) == "wrong_kind");
}

}  // namespace cairn::ledger
