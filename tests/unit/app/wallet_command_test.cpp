#include "src/app/recovery_words.hpp"
#include "src/app/wallet_commands.hpp"
#include "tests/unit/app/wallet_fixture.hpp"

#include "cairn/codec/json_text.hpp"
#include "cairn/ledger/account.hpp"
#include "cairn/ledger/chain_spec.hpp"
#include "cairn/wallet/message.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

namespace cairn::app {

namespace {

namespace fs = std::filesystem;

const std::string words_of_zeros =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

std::string text_of(const codec::Json& object, std::string_view name) {
    return *object.find(name)->if_text();
}

}  // namespace

TEST_CASE("Wallet: show gives one line of JSON", "[app]") {
    WalletFixture fixture;
    auto options = fixture.options("dev1");
    options.json = true;
    CHECK(run_wallet_show(options, fixture.out, fixture.errors) == 0);
    const auto account = codec::parse_json(fixture.out.str());
    REQUIRE(account.has_value());
    const auto key = ledger::development_key(1).public_key();
    const auto prefix = ledger::built_in_chain("dev")->prefix;
    CHECK(text_of(*account, "name") == "dev1");
    CHECK(text_of(*account, "address") == ledger::to_address(ledger::account_of(key), prefix));
    CHECK(text_of(*account, "public_key") == to_hex(key));
    CHECK(fixture.errors.str().empty());
}

TEST_CASE("Wallet: list names wallets, and development accounts where there are any", "[app]") {
    WalletFixture fixture;
    import_sample(fixture);
    auto options = fixture.options("");
    options.chain = "lab";
    CHECK(run_wallet_list(options, fixture.out, fixture.errors) == 0);
    auto text = fixture.take_out();
    CHECK(text.find("a  lab1") == 0);
    CHECK(text.find("dev0") != std::string::npos);
    CHECK(text.find("dev9") != std::string::npos);
    options.chain = "cairn";
    CHECK(run_wallet_list(options, fixture.out, fixture.errors) == 0);
    text = fixture.take_out();
    CHECK(text.find("a  crn1") == 0);
    CHECK(text.find("dev0") == std::string::npos);
}

TEST_CASE("Wallet: list says which file is bad and goes on", "[app][W3]") {
    WalletFixture fixture;
    import_sample(fixture);
    std::ofstream{directory_of_wallets(fixture) / "b.json"} << "{}\n";
    CHECK(run_wallet_list(fixture.options(""), fixture.out, fixture.errors) == 0);
    const auto text = fixture.take_out();
    CHECK(text.find("a  dev1") == 0);
    CHECK(text.find("not_a_wallet") != std::string::npos);
}

TEST_CASE("Wallet: unknown names and chains are refused", "[app]") {
    WalletFixture fixture;
    CHECK(run_wallet_show(fixture.options("dev10"), fixture.out, fixture.errors) == 64);
    CHECK(run_wallet_show(fixture.options("../a"), fixture.out, fixture.errors) == 64);
    auto options = fixture.options("dev1");
    options.chain = "deev";
    CHECK(run_wallet_show(options, fixture.out, fixture.errors) == 78);
    options.chain = "cairn";
    CHECK(run_wallet_show(options, fixture.out, fixture.errors) == 65);
    CHECK(fixture.out.str().empty());
}

TEST_CASE("Wallet: the words that new shows restore the same account", "[app][W7]") {
    WalletFixture fixture;
    for (const std::uint64_t count : {12U, 24U}) {
        auto options = fixture.options("a" + std::to_string(count), {"tea"});
        options.words = count;
        options.json = true;
        REQUIRE(run_wallet_new(options, fixture.out, fixture.errors) == 0);
        const auto made = codec::parse_json(fixture.take_out());
        REQUIRE(made.has_value());
        auto again = fixture.options("b" + std::to_string(count), {text_of(*made, "words"), "x"});
        again.json = true;
        REQUIRE(run_wallet_restore(again, fixture.out, fixture.errors) == 0);
        const auto restored = codec::parse_json(fixture.take_out());
        CHECK(text_of(*restored, "public_key") == text_of(*made, "public_key"));
        CHECK(text_of(*restored, "address") == text_of(*made, "address"));
        CHECK(restored->find("words") == nullptr);
    }
    auto options = fixture.options("c", {"tea"});
    options.words = 15;
    CHECK(run_wallet_new(options, fixture.out, fixture.errors) == 64);
}

TEST_CASE("Wallet: account and passphrase of the words choose other keys", "[app][W7]") {
    WalletFixture fixture;
    std::vector<std::string> keys;
    const auto restore = [&](WalletOptions options) {
        options.json = true;
        REQUIRE(run_wallet_restore(options, fixture.out, fixture.errors) == 0);
        keys.push_back(text_of(*codec::parse_json(fixture.take_out()), "public_key"));
    };
    restore(fixture.options("a", {words_of_zeros, "tea"}));
    auto other = fixture.options("b", {words_of_zeros, "tea"});
    other.index = 1;
    restore(other);
    auto guarded = fixture.options("c", {words_of_zeros, "TREZOR", "tea"});
    guarded.has_word_passphrase = true;
    restore(guarded);
    CHECK(keys[0] != keys[1]);
    CHECK(keys[0] != keys[2]);
    other = fixture.options("d", {words_of_zeros, "tea"});
    other.index = 0x80000000;
    CHECK(run_wallet_restore(other, fixture.out, fixture.errors) == 64);
    guarded = fixture.options("e", {words_of_zeros, "caf\xc3\xa9", "tea"});
    guarded.has_word_passphrase = true;
    CHECK(run_wallet_restore(guarded, fixture.out, fixture.errors) == 65);
    CHECK(fixture.take_errors().find("bad_passphrase") != std::string::npos);
}

TEST_CASE("Wallet: bad words are refused without repeating one", "[app][W5][W7]") {
    WalletFixture fixture;
    auto words = words_of_zeros;
    words.replace(words.rfind("about"), 5, "aboot");
    const auto options = fixture.options("a", {words, "tea"});
    CHECK(run_wallet_restore(options, fixture.out, fixture.errors) == 65);
    const auto text = fixture.take_errors();
    CHECK(text.find("word 12 ") != std::string::npos);
    CHECK(text.find("unknown_word") != std::string::npos);
    CHECK(text.find("aboot") == std::string::npos);
    CHECK(text.find("abandon") == std::string::npos);
}

TEST_CASE("Wallet: an exported key imports as the same account", "[app]") {
    WalletFixture fixture;
    import_sample(fixture);
    CHECK(run_wallet_export(fixture.options("a", {"tea"}), fixture.out, fixture.errors) == 0);
    CHECK(fixture.take_out() == sample_key + "\n");
    auto to_file = fixture.options("a", {"tea"});
    to_file.out = (fixture.directory.path() / "key").string();
    CHECK(run_wallet_export(to_file, fixture.out, fixture.errors) == 0);
    CHECK(fixture.take_out().empty());
    CHECK(content_of(to_file.out) == sample_key + "\n");
    CHECK(
        (fs::status(to_file.out).permissions() & fs::perms::mask) ==
        (fs::perms::owner_read | fs::perms::owner_write)
    );
    auto from_file = fixture.options("b", {"milk"});
    from_file.key_file = to_file.out;
    CHECK(run_wallet_import(from_file, fixture.out, fixture.errors) == 0);
    // An existing file is never overwritten.
    CHECK(run_wallet_export(to_file, fixture.out, fixture.errors) == 64);
    static_cast<void>(fixture.take_out());
    auto for_scripts = fixture.options("a", {"tea"});
    for_scripts.json = true;
    CHECK(run_wallet_export(for_scripts, fixture.out, fixture.errors) == 0);
    CHECK(fixture.take_out() == R"({"private_key":")" + sample_key + "\"}\n");
}

TEST_CASE("Wallet: names that are taken are refused before anything is asked", "[app][W2]") {
    WalletFixture fixture;
    import_sample(fixture);
    const auto before = content_of(directory_of_wallets(fixture) / "a.json");
    for (const auto* name : {"a", "dev0", "dev9", "a/b", ""}) {
        INFO(name);
        auto options = fixture.options(name);
        const ScriptedAnswers answers{{"tea"}};
        options.access.ask = answers.reader();
        CHECK(run_wallet_new(options, fixture.out, fixture.errors) == 64);
        CHECK(run_wallet_import(options, fixture.out, fixture.errors) == 64);
        CHECK(run_wallet_restore(options, fixture.out, fixture.errors) == 64);
        CHECK(answers.asked().empty());
    }
    CHECK(content_of(directory_of_wallets(fixture) / "a.json") == before);
}

TEST_CASE("Wallet: a passphrase can be changed by who knows it", "[app][W2][W3]") {
    WalletFixture fixture;
    import_sample(fixture);
    const auto file = directory_of_wallets(fixture) / "a.json";
    const auto before = content_of(file);
    auto options = fixture.options("a", {"coffee", "milk"});
    CHECK(run_wallet_passphrase(options, fixture.out, fixture.errors) == 65);
    CHECK(fixture.take_errors().find("\n  rule: wallet.wrong_passphrase\n") != std::string::npos);
    CHECK(
        run_wallet_passphrase(fixture.options("a", {"tea", ""}), fixture.out, fixture.errors) == 64
    );
    CHECK(content_of(file) == before);
    CHECK(
        run_wallet_passphrase(fixture.options("a", {"tea", "milk"}), fixture.out, fixture.errors) ==
        0
    );
    static_cast<void>(fixture.take_out());
    CHECK(content_of(file) != before);
    CHECK(run_wallet_export(fixture.options("a", {"tea"}), fixture.out, fixture.errors) == 65);
    CHECK(run_wallet_export(fixture.options("a", {"milk"}), fixture.out, fixture.errors) == 0);
    CHECK(fixture.take_out() == sample_key + "\n");
}

namespace {

constexpr std::string_view eleven =
    "abandon abandon abandon  abandon abandon abandon abandon abandon abandon abandon abandon";
// 24 words whose first half is a set with a fitting checksum, too.
const std::string first_half = std::string{eleven} + " about";
const std::string second_half = std::string{eleven} + " almost";

enum class Typist : std::uint8_t { person, script };

/// What comes of restoring from `lines`: the public key, or why there is none.
std::string restored(
    Typist typist, std::deque<std::string> lines, bool has_word_passphrase = false
) {
    WalletFixture fixture;
    auto options = fixture.options("a", std::move(lines));
    options.access.is_typed = typist == Typist::person;
    options.has_word_passphrase = has_word_passphrase;
    options.json = true;
    static_cast<void>(run_wallet_restore(options, fixture.out, fixture.errors));
    const auto told = codec::parse_json(fixture.take_out());
    const auto* data = told->find("data");
    return data == nullptr ? text_of(*told, "public_key")
                           : text_of(*data, "rule") + ": " + text_of(*data, "actual");
}

}  // namespace

TEST_CASE("Wallet: recovery words may stand on several lines", "[app][W7]") {
    const auto key_12 = restored(Typist::script, {first_half, "tea"});
    const auto key_24 = restored(Typist::script, {first_half + " " + second_half, "tea"});
    REQUIRE(key_12.size() == 64);
    REQUIRE(key_24.size() == 64);
    REQUIRE(key_12 != key_24);
    std::deque<std::string> one_a_line(11, "abandon");
    one_a_line.insert(one_a_line.end(), {"about", "", "tea"});
    for (const auto typist : {Typist::person, Typist::script}) {
        CHECK(restored(typist, {std::string{eleven}, " about", "", "tea"}) == key_12);
        CHECK(restored(typist, {first_half, " ", "tea"}) == key_12);
        CHECK(restored(typist, one_a_line) == key_12);
        // Half of them is no set to stop at.
        CHECK(restored(typist, {first_half, second_half, "tea"}) == key_24);
        CHECK(restored(typist, {first_half + " " + second_half, "tea"}) == key_24);
    }
    // Words as a passphrase are one: a script's last lines are what is asked for last.
    CHECK(restored(Typist::script, {first_half, "abandon"}) == key_12);
    const auto guarded = restored(Typist::script, {first_half, "abandon", "about"}, true);
    CHECK(guarded.size() == 64);
    CHECK(guarded != key_12);
    CHECK(restored(Typist::person, {first_half, "", "abandon", "about"}, true) == guarded);
}

TEST_CASE("Wallet: words are never taken for a passphrase", "[app][W7]") {
    const std::string refused = "app.bad_value: 12 words, and ";
    const std::string& half = first_half;
    CHECK(restored(Typist::script, {half, second_half}) == refused + "12 more");
    CHECK(restored(Typist::script, {half, second_half, "tea"}, true) == refused + "12 more");
    // Misplaced words make no set, but are more likely words than a passphrase.
    CHECK(restored(Typist::script, {half, std::string{eleven} + " zoo"}) == refused + "12 more");
    CHECK(restored(Typist::script, {half, "zoo zoo zoo"}) == refused + "3 more");
    CHECK(restored(Typist::script, {half, " zoo ZOO", "zoo"}, true) == refused + "3 more");
    // What is no set without the last line is one with it.
    CHECK(
        restored(Typist::script, {std::string{eleven}, "about"}) ==
        "app.bad_value: 11 words, and 1 more"
    );
    // Other words, and other numbers of them, can be no recovery words.
    for (const auto* passphrase : {"zoo zoo", "zoo zoo tea", "zoo zoo zoo zoo"})
        CHECK(restored(Typist::script, {half, passphrase}).size() == 64);
    CHECK(restored(Typist::script, {half + " " + second_half, half}).size() == 64);
    CHECK(restored(Typist::script, {half, second_half, half}).size() == 64);
    CHECK(restored(Typist::person, {half, "", second_half}).size() == 64);
}

TEST_CASE("Wallet: words given by a file leave any passphrase to the input", "[app][W7]") {
    WalletFixture fixture;
    auto options = fixture.options("a", {second_half});
    options.words_file = (fixture.directory.path() / "words").string();
    std::ofstream{options.words_file} << first_half << '\n';
    CHECK(run_wallet_restore(options, fixture.out, fixture.errors) == 0);
}

TEST_CASE("Wallet: words on several lines are refused as a whole", "[app][W7]") {
    const std::string few{eleven};
    CHECK(restored(Typist::person, {few, ""}) == "wallet.wrong_count: 11 words");
    CHECK(restored(Typist::person, {""}) == "wallet.wrong_count: 0 words");
    CHECK(restored(Typist::person, {first_half, "abandon", ""}) == "wallet.wrong_count: 13 words");
    CHECK(
        restored(Typist::person, {few, few + " about about about"}) ==
        "wallet.wrong_count: 25 words"
    );
    CHECK(restored(Typist::person, {few + " abandon", ""}).starts_with("wallet.wrong_checksum"));
    // What can be no word ends them at once.
    CHECK(restored(Typist::person, {few + " abuot"}).starts_with("wallet.unknown_word"));
    CHECK(restored(Typist::person, {first_half, "tea", ""}) == "wallet.wrong_count: 13 words");
    CHECK(restored(Typist::person, {std::string(1025, 'x')}) == "wallet.wrong_count: 1 word");
    CHECK(restored(Typist::person, {few}).starts_with("app.missing_value"));
    CHECK(restored(Typist::script, {few, "tea"}) == "wallet.wrong_count: 11 words");
    CHECK(restored(Typist::script, {first_half}).starts_with("app.missing_value"));
    CHECK(restored(Typist::script, {first_half, "x"}, true).starts_with("app.missing_value"));
    CHECK(restored(Typist::script, {first_half, "x", "tea"}) == "wallet.wrong_count: 13 words");
}

TEST_CASE("Wallet: words and what follows them are bounded", "[app][W7]") {
    const auto input = [](std::size_t bytes) {
        const auto rest = bytes - first_half.size() - 1;
        return std::deque<std::string>{first_half, std::string(rest - 1, 'x')};
    };
    CHECK(restored(Typist::script, input(words_input_bytes_max)).size() == 64);
    CHECK(restored(Typist::script, input(words_input_bytes_max + 1)) == "app.bad_value: more");
}

TEST_CASE("Wallet: a file of recovery words is read to its end", "[app][W7]") {
    WalletFixture fixture;
    auto options = fixture.options("a", {"tea"});
    options.words_file = (fixture.directory.path() / "words").string();
    std::ofstream{options.words_file} << "abandon abandon abandon abandon abandon abandon\n"
                                         "abandon abandon abandon abandon abandon about\n";
    CHECK(run_wallet_restore(options, fixture.out, fixture.errors) == 0);
}

TEST_CASE("Wallet: a bad name is told by what is wrong in it", "[app]") {
    const std::vector<std::pair<std::string, std::string>> rows{
        {"", "no letter at all"},
        {"a.b", "'.' as character 2"},
        {"-a", "'-' as the first"},
        {"_", "'_' as the first"},
        {"a\xc3\xa9", "character 2, which is no printable ASCII"},
        {std::string(33, 'a'), "33 letters"}};
    for (const auto& [name, actual] : rows)
        CHECK(
            describe(wallet::FolderFault{wallet::FolderError::bad_name, name, {}}).actual == actual
        );
}

TEST_CASE("Wallet: words and a backup at once are refused", "[app][W7]") {
    WalletFixture fixture;
    auto options = fixture.options("a", {"tea"});
    options.backup = "copy";
    options.words_file = "words";
    CHECK(run_wallet_restore(options, fixture.out, fixture.errors) == 64);
    const auto text = fixture.take_errors();
    CHECK(text.find("app.bad_value") != std::string::npos);
    CHECK(text.find("one of --backup and --words-file") != std::string::npos);
}

TEST_CASE("Wallet: a backup restores as it is, with its own passphrase", "[app][W7]") {
    WalletFixture fixture;
    import_sample(fixture);
    auto options = fixture.options("a");
    CHECK(run_wallet_backup(options, fixture.out, fixture.errors) == 64);
    options.out = (fixture.directory.path() / "copy.json").string();
    REQUIRE(run_wallet_backup(options, fixture.out, fixture.errors) == 0);
    CHECK(run_wallet_backup(options, fixture.out, fixture.errors) == 64);
    auto restored = fixture.options("b", {"coffee"});
    restored.backup = options.out;
    CHECK(run_wallet_restore(restored, fixture.out, fixture.errors) == 65);
    restored = fixture.options("b", {"tea"});
    restored.backup = options.out;
    REQUIRE(run_wallet_restore(restored, fixture.out, fixture.errors) == 0);
    CHECK(content_of(directory_of_wallets(fixture) / "b.json") == content_of(options.out));
}

TEST_CASE("Wallet: a signed message is verified by name, key and address", "[app]") {
    WalletFixture fixture;
    import_sample(fixture);
    auto options = fixture.options("a", {"tea"});
    options.message = "I own this account.";
    options.json = true;
    REQUIRE(run_wallet_sign(options, fixture.out, fixture.errors) == 0);
    const auto signed_message = *codec::parse_json(fixture.take_out());
    for (const auto& account :
         {std::string{"a"},
          text_of(signed_message, "public_key"),
          text_of(signed_message, "address")}) {
        auto check = fixture.options(account);
        check.message = options.message;
        check.signature = text_of(signed_message, "signature");
        CHECK(run_wallet_verify(check, fixture.out, fixture.errors) == 0);
        check.message += " ";
        CHECK(run_wallet_verify(check, fixture.out, fixture.errors) == 65);
    }
    auto check = fixture.options("dev0");
    check.message = options.message;
    check.signature = text_of(signed_message, "signature");
    CHECK(run_wallet_verify(check, fixture.out, fixture.errors) == 65);
    check.signature.pop_back();
    CHECK(run_wallet_verify(check, fixture.out, fixture.errors) == 64);
}

TEST_CASE("Wallet: a message is one of file and text, and bounded", "[app]") {
    WalletFixture fixture;
    auto options = fixture.options("dev0");
    CHECK(run_wallet_sign(options, fixture.out, fixture.errors) == 64);
    options.message_file = (fixture.directory.path() / "message").string();
    CHECK(run_wallet_sign(options, fixture.out, fixture.errors) == 64);
    std::ofstream{options.message_file} << std::string(wallet::message_bytes_max, 'x');
    CHECK(run_wallet_sign(options, fixture.out, fixture.errors) == 0);
    std::ofstream{options.message_file} << std::string(wallet::message_bytes_max + 1, 'x');
    CHECK(run_wallet_sign(options, fixture.out, fixture.errors) == 64);
    options.message = "both";
    CHECK(run_wallet_sign(options, fixture.out, fixture.errors) == 64);
}

TEST_CASE("Wallet: without randomness nothing is made", "[app][W1]") {
    WalletFixture fixture;
    auto options = fixture.options("a", {sample_key, "tea"});
    options.access.random = [](std::span<std::uint8_t>) { return false; };
    CHECK(run_wallet_new(options, fixture.out, fixture.errors) == 74);
    CHECK(run_wallet_import(options, fixture.out, fixture.errors) == 74);
    CHECK(fixture.take_errors().find("no_randomness") != std::string::npos);
    CHECK_FALSE(fs::exists(directory_of_wallets(fixture)));
}

}  // namespace cairn::app
