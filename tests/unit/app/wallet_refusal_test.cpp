// What wallets refuse: by which rule, with which words, and with no secret among them.
#include "src/app/wallet_commands.hpp"
#include "tests/unit/app/wallet_fixture.hpp"

#include "cairn/codec/json_text.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <set>

namespace cairn::app {

namespace {

namespace fs = std::filesystem;

using Action = int (*)(const WalletOptions&, std::ostream&, std::ostream&);

/// The content of the wallet file of spec 08's vectors that is refused as `why` says.
std::string vector_file(std::string_view why) {
    const auto vectors = codec::parse_json(content_of(CAIRN_VECTORS_DIR "/wallet/keystore.json"));
    for (const auto& vector : *vectors->find("invalid")->if_array())
        if (*vector.find("why")->if_text() == why)
            return *vector.find("file")->if_text();
    FAIL("no such vector");
    return {};
}

/// The lines of a refusal from its rule on, which must be all four.
std::string rule_told(const std::string& errors) {
    INFO(errors);
    for (const auto* name : {"expected", "actual", "hint"})
        CHECK(errors.find("\n  " + std::string{name} + ": ") != std::string::npos);
    constexpr std::string_view head = "\n  rule: ";
    const auto start = errors.find(head);
    REQUIRE(start != std::string::npos);
    const auto rule = errors.substr(start + head.size());
    return rule.substr(0, rule.find('\n'));
}

}  // namespace

TEST_CASE("Wallet: bad files get four different errors and stay untouched", "[app][W3]") {
    WalletFixture fixture;
    import_sample(fixture);
    const auto file = directory_of_wallets(fixture) / "a.json";
    const auto whole = content_of(file);
    auto flipped = whole;
    flipped[flipped.find("sealed") + 12] ^= 1;

    struct Case {
        std::string content;
        std::string passphrase;
        std::string rule;
    };

    std::set<std::string> rules;
    std::set<std::string> sentences;
    for (const auto& each : std::vector<Case>{
             {whole, "coffee", "wallet.wrong_passphrase"},
             {flipped, "tea", "wallet.damaged"},
             {vector_file("version 2"), "tea", "wallet.unsupported_version"},
             {vector_file("version 2 with other fields"), "tea", "wallet.unsupported_version"},
             {whole.substr(0, whole.size() / 2), "tea", "wallet.truncated"},
             {"", "tea", "wallet.truncated"}}) {
        std::ofstream{file, std::ios::trunc} << each.content;
        for (const Action action : {run_wallet_export, run_wallet_passphrase}) {
            const auto options = fixture.options("a", {each.passphrase, "x"});
            CHECK(action(options, fixture.out, fixture.errors) == 65);
            const auto told = fixture.take_errors();
            CHECK(rule_told(told) == each.rule);
            CHECK(fixture.take_out().empty());
            CHECK(content_of(file) == each.content);
            sentences.insert(told.substr(0, told.find('\n')));
        }
        rules.insert(each.rule);
    }
    CHECK(rules.size() == 4);
    CHECK(sentences.size() == 4);
}

TEST_CASE("Wallet: what is no key is refused without repeating it", "[app][W5]") {
    WalletFixture fixture;
    for (const auto& key :
         {std::string(64, '0'),
          std::string(64, 'f'),
          std::string(63, '7'),
          std::string(64, 'g'),
          std::string{}}) {
        const auto options = fixture.options("a", {key, "tea"});
        CHECK(run_wallet_import(options, fixture.out, fixture.errors) == 65);
        const auto text = fixture.take_errors();
        CHECK(rule_told(text) == "app.bad_key");
        CHECK((key.empty() || text.find(key) == std::string::npos));
    }
    CHECK_FALSE(fs::exists(directory_of_wallets(fixture)));
}

TEST_CASE("Wallet: a key in the place of a name or a file is not repeated", "[app][W5]") {
    WalletFixture fixture;
    for (const Action action : {run_wallet_import, run_wallet_restore, run_wallet_export}) {
        CHECK(action(fixture.options(sample_key, {"tea"}), fixture.out, fixture.errors) == 64);
        const auto text = fixture.take_errors();
        CHECK(rule_told(text) == "wallet.bad_name");
        CHECK(text.find(sample_key) == std::string::npos);
    }
    auto options = fixture.options("a", {"tea"});
    options.key_file = sample_key;
    options.words_file = sample_key;
    for (const Action action : {run_wallet_import, run_wallet_restore}) {
        CHECK(action(options, fixture.out, fixture.errors) == 74);
        const auto text = fixture.take_errors();
        CHECK(rule_told(text) == "wallet.unreadable");
        CHECK(text.find(sample_key) == std::string::npos);
    }
}

TEST_CASE("Wallet: a signature that is not the account's is refused by a rule", "[app]") {
    WalletFixture fixture;
    auto options = fixture.options("dev0");
    options.message = "I own this account.";
    options.signature = std::string(128, '1');
    CHECK(run_wallet_verify(options, fixture.out, fixture.errors) == 65);
    CHECK(rule_told(fixture.take_errors()) == "app.bad_signature");
    CHECK(fixture.take_out().empty());
    options.json = true;
    CHECK(run_wallet_verify(options, fixture.out, fixture.errors) == 65);
    CHECK(fixture.take_out() == "{\"valid\":false}\n");
}

TEST_CASE("Wallet: development accounts are not shown for another chain", "[app]") {
    WalletFixture fixture;
    auto options = fixture.options("dev1");
    options.chain = "cairn";
    CHECK(run_wallet_show(options, fixture.out, fixture.errors) == 65);
    CHECK(rule_told(fixture.take_errors()) == "app.no_development_accounts");
    CHECK(fixture.take_out().empty());
}

}  // namespace cairn::app
