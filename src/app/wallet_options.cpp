#include "src/app/wallet_options.hpp"

#include "src/app/client_commands.hpp"
#include "src/app/usage.hpp"
#include "src/app/wallet_commands.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <string_view>

namespace cairn::app {

namespace {

using Action = int (*)(const WalletOptions&, std::ostream&, std::ostream&);

struct NamedAction {
    std::string_view name;
    Action run;
};

constexpr std::array<NamedAction, 10> actions{{
    {"new", run_wallet_new},
    {"list", run_wallet_list},
    {"show", run_wallet_show},
    {"import", run_wallet_import},
    {"export", run_wallet_export},
    {"restore", run_wallet_restore},
    {"passphrase", run_wallet_passphrase},
    {"backup", run_wallet_backup},
    {"sign", run_wallet_sign},
    {"verify", run_wallet_verify},
}};

int run_action(const std::string& name, const WalletOptions& options) {
    for (const auto& action : actions) {
        if (action.name != name)
            continue;
        if (options.account.empty() != (action.run == run_wallet_list))
            break;
        return action.run(options, std::cout, std::cerr);
    }
    std::string names;
    for (const auto& action : actions)
        names += (names.empty() ? "" : ", ") + std::string{action.name};
    const bool is_known = std::any_of(actions.begin(), actions.end(), [&name](const auto& action) {
        return action.name == name;
    });
    // The words themselves are not shown: one may be a secret that stands in a wrong place.
    return usage(
        "write cairn wallet list, or cairn wallet ACTION NAME with one of " + names,
        name == "list" ? "no name behind list" : "an action, and the name of a wallet",
        options.json,
        name == "list"             ? "one"
        : is_known || name.empty() ? ""
                                   : "another first word"
    );
}

std::vector<Option> wallet_options(WalletOptions& options, std::string& action) {
    return {
        {"action",
         "new|list|show|import|export|restore|passphrase|backup|sign|verify",
         "What to do",
         &action},
        {"name", "NAME", "The wallet; show: also dev0 to dev9", &options.account},
        wallet_directory_option(options.access),
        password_file_option(options.access),
        {"--new-password-file",
         "FILE",
         "passphrase: the new one's file",
         &options.new_password_file},
        {"--chain", "NAME|FILE", "The chain whose addresses to show", &options.chain},
        {"--words", "12|24", "new: how many recovery words", &options.words, "", {}, true},
        {"--words-file", "FILE", "restore: the recovery words' file", &options.words_file},
        {"--word-passphrase",
         "",
         "new, restore: ask for a passphrase of the words too",
         &options.has_word_passphrase},
        {"--account",
         "N",
         "new, restore: which account of the words",
         &options.index,
         "",
         {},
         true},
        {"--backup", "FILE", "restore: from this copy instead of words", &options.backup},
        {"--key-file", "FILE", "import: the private key's file", &options.key_file},
        {"--out", "FILE", "export, backup: a new file to write", &options.out},
        {"--file", "FILE", "sign, verify: the message", &options.message_file},
        {"--text", "TEXT", "sign, verify: the message itself", &options.message},
        {"--signature", "HEX", "verify: the signature", &options.signature},
        {"--json", "", "One line of JSON for scripts", &options.json},
    };
}

}  // namespace

Option wallet_directory_option(WalletAccess& access) {
    return {"--wallet-dir", "DIR", "Where the wallets are", &access.directory};
}

Option password_file_option(WalletAccess& access) {
    return {
        "--password-file",
        "FILE",
        "The passphrase's file; else it is asked for",
        &access.password_file};
}

Command make_wallet_command() {
    auto options = std::make_shared<WalletOptions>();
    auto action = std::make_shared<std::string>();
    auto list = wallet_options(*options, *action);
    return {
        .name = "wallet",
        .help = "Make, show and use wallets",
        .options = std::move(list),
        .run =
            [options, action] {
                forbid_core_dumps();
                return run_action(*action, *options);
            },
        .is_configurable = true,
        .takes_secrets = true,
    };
}

}  // namespace cairn::app
