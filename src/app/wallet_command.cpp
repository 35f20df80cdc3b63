// What needs no passphrase: list, show, verify; and the development accounts.
#include "src/app/client_commands.hpp"
#include "src/app/development_accounts.hpp"
#include "src/app/node_options.hpp"
#include "src/app/wallet_commands.hpp"
#include "src/app/wallet_report.hpp"

#include "cairn/ledger/account.hpp"
#include "cairn/wallet/message.hpp"

#include <ostream>

namespace cairn::app {

using codec::Json;

namespace {

std::string name_of(std::size_t index) {
    return "dev" + std::to_string(index);
}

/// The wallets of the folder, each with its address or with what is wrong with it.
Result<Json, Failure> describe_wallets(const WalletAccess& access, std::string_view prefix) {
    const auto folder = open_folder(access);
    if (!folder)
        return tl::unexpected{folder.error()};
    const auto names = folder->list();
    if (!names)
        return tl::unexpected{describe(names.error())};
    auto wallets = Json::array();
    for (const auto& name : *names) {
        const auto file = read_wallet(access, name);
        if (file)
            wallets.push_back(describe_account(name, file->keystore.public_key, prefix));
        else
            wallets.push_back(Json::object(
                {{"name", Json{name}},
                 {"error", Json{file.error().message}},
                 {"rule", Json{file.error().rule}}}
            ));
    }
    return wallets;
}

void write_accounts(std::ostream& out, const Json& accounts) {
    for (const auto& account : *accounts.if_array()) {
        out << *account.find("name")->if_text() << "  ";
        if (const auto* address = account.find("address"))
            out << *address->if_text() << '\n';
        else
            out << *account.find("error")->if_text() << " (" << *account.find("rule")->if_text()
                << ")\n";
    }
}

/// The key that `text` means: an account's name, a public key, or an address of `chain`.
Result<crypto::PublicKey, Failure> find_signer(
    const WalletAccess& access, const std::string& text, const ledger::ChainSpec& chain
) {
    if (const auto key = fixed_from_hex<crypto::PublicKey>(text))
        return *key;
    return resolve_account(access, "account", text, {chain.name, chain.prefix})
        .map([](const ledger::AccountId& account) { return account.as<crypto::PublicKey>(); });
}

}  // namespace

Result<crypto::SecretKey, Failure> development_account(std::string_view name) {
    for (std::size_t index = 0; index < ledger::development_accounts; ++index)
        if (name == name_of(index))
            return ledger::development_key(index);
    return tl::unexpected{bad_value(
        "no account '" + std::string{name} + "' - there are the development accounts dev0 to dev9",
        "dev0 to dev9",
        name
    )};
}

Failure no_development_accounts(const std::string& chain, std::string hint) {
    return data_failure(
        rpc::UsageRule::no_development_accounts,
        "chain " + chain + " has no development accounts: everybody knows their keys",
        "a chain with development accounts",
        "chain " + chain,
        std::move(hint)
    );
}

Result<ledger::ChainSpec, Failure> find_chain(const std::string& name) {
    try {
        return read_chain(name);
    } catch (const UsageError& error) {
        return tl::unexpected{error.failure()};
    }
}

int run_wallet_list(const WalletOptions& options, std::ostream& out, std::ostream& errors) {
    const auto spec = find_chain(options.chain);
    if (!spec)
        return report(spec.error(), options.json, out, errors);
    const auto wallets = describe_wallets(options.access, spec->prefix);
    if (!wallets)
        return report(wallets.error(), options.json, out, errors);
    auto accounts = Json::array();
    for (std::size_t index = 0; spec->development && index < ledger::development_accounts; ++index)
        accounts.push_back(describe_account(
            name_of(index), ledger::development_key(index).public_key(), spec->prefix
        ));
    if (options.json) {
        out << codec::to_text(Json::object(
                   {{"chain", Json{spec->name}},
                    {"wallets", *wallets},
                    {"accounts", std::move(accounts)}}
               ))
            << '\n';
        return status_of(ExitCode::ok);
    }
    write_accounts(out, *wallets);
    if (wallets->if_array()->empty())
        out << "No wallets yet; make one with: cairn wallet new NAME\n";
    if (spec->development)
        out << "Development accounts of chain " << spec->name
            << ". Everybody knows their keys: never use them for anything of worth.\n";
    write_accounts(out, accounts);
    return status_of(ExitCode::ok);
}

int run_wallet_show(const WalletOptions& options, std::ostream& out, std::ostream& errors) {
    const auto spec = find_chain(options.chain);
    if (!spec)
        return report(spec.error(), options.json, out, errors);
    if (is_development_account(options.account) && !spec->development)
        return report(
            no_development_accounts(spec->name, "use --chain dev, or a wallet"),
            options.json,
            out,
            errors
        );
    const auto key = find_account(options.access, options.account);
    if (!key)
        return report(key.error(), options.json, out, errors);
    write_account(options, *spec, *key, out);
    return status_of(ExitCode::ok);
}

int run_wallet_verify(const WalletOptions& options, std::ostream& out, std::ostream& errors) {
    const auto spec = find_chain(options.chain);
    if (!spec)
        return report(spec.error(), options.json, out, errors);
    const auto signature = fixed_from_hex<crypto::Signature>(options.signature);
    if (!signature)
        return report(
            bad_value(
                "--signature takes the 128 hexadecimal digits of a signature",
                "128 hexadecimal digits",
                options.signature
            ),
            options.json,
            out,
            errors
        );
    const auto key = find_signer(options.access, options.account, *spec);
    if (!key)
        return report(key.error(), options.json, out, errors);
    const auto message = read_message(options);
    if (!message)
        return report(message.error(), options.json, out, errors);
    const bool is_valid = wallet::verify_message(*key, *message, *signature);
    if (options.json)
        out << codec::to_text(Json::object({{"valid", Json{is_valid}}})) << '\n';
    else if (is_valid)
        out << "valid\n";
    if (is_valid)
        return status_of(ExitCode::ok);
    return report(
        data_failure(
            rpc::UsageRule::bad_signature,
            "the signature is not that account's over this message",
            "the account's signature over this message",
            "another account's, or over another message",
            "compare each letter of the message, blanks and line ends too, and the account"
        ),
        errors
    );
}

}  // namespace cairn::app
