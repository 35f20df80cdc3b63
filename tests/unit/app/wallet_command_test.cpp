#include "src/app/client_commands.hpp"

#include "cairn/codec/json_text.hpp"
#include "cairn/ledger/chain_spec.hpp"

#include <catch2/catch.hpp>

#include <sstream>

namespace cairn::app {

TEST_CASE("Wallet: show gives one line of JSON", "[app]") {
    std::ostringstream out;
    std::ostringstream errors;
    CHECK(run_wallet_show({.account = "dev1", .json = true}, out, errors) == 0);
    const auto account = codec::parse_json(out.str());
    REQUIRE(account.has_value());
    const auto key = ledger::development_key(1).public_key();
    const auto prefix = ledger::built_in_chain("dev")->prefix;
    const auto address = ledger::to_address(ledger::account_of(key), prefix);
    CHECK(*account->find("name")->if_text() == "dev1");
    CHECK(*account->find("address")->if_text() == address);
    CHECK(*account->find("public_key")->if_text() == to_hex(key));
    CHECK(errors.str().empty());
}

TEST_CASE("Wallet: list names all accounts", "[app]") {
    std::ostringstream out;
    std::ostringstream errors;
    CHECK(run_wallet_list({.chain = "lab"}, out, errors) == 0);
    CHECK(out.str().find("dev0") != std::string::npos);
    CHECK(out.str().find("dev9") != std::string::npos);
}

TEST_CASE("Wallet: unknown names and chains of worth are refused", "[app]") {
    std::ostringstream out;
    std::ostringstream errors;
    CHECK(run_wallet_show({.account = "dev10"}, out, errors) == 64);
    CHECK(run_wallet_show({.chain = "deev", .account = "dev1"}, out, errors) == 64);
    CHECK(run_wallet_list({.chain = "cairn"}, out, errors) == 65);
    CHECK(out.str().empty());
}

}  // namespace cairn::app
