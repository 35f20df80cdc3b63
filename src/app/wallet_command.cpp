#include "src/app/client_commands.hpp"
#include "src/app/development_accounts.hpp"

#include "cairn/codec/json_text.hpp"
#include "cairn/ledger/account.hpp"

#include <ostream>

namespace cairn::app {

namespace {

using codec::Json;

Json describe_account(const std::string& name, std::size_t index, std::string_view prefix) {
    const auto key = ledger::development_key(index).public_key();
    return Json::object(
        {{"name", Json{name}},
         {"address", Json{ledger::to_address(ledger::account_of(key), prefix)}},
         {"public_key", Json{to_hex(key)}}}
    );
}

std::string name_of(std::size_t index) {
    return "dev" + std::to_string(index);
}

/// `dev0` to `dev9` as an index.
Result<std::size_t, Failure> index_of(std::string_view name) {
    for (std::size_t index = 0; index < ledger::development_accounts; ++index)
        if (name == name_of(index))
            return index;
    return tl::unexpected{Failure{
        ExitCode::usage,
        "no account '" + std::string{name} +
            "' - there are the development accounts dev0 to dev9"}};
}

/// Errors: that of `find_chain`; `refused` where the accounts would be worth something.
Result<ledger::ChainSpec, Failure> development_chain(std::string_view name) {
    auto spec = find_chain(name);
    if (spec && !spec->development)
        return tl::unexpected{Failure{
            ExitCode::data,
            "chain " + spec->name +
                " has no development accounts: everybody knows their keys - use --chain dev"}};
    return spec;
}

}  // namespace

Result<crypto::SecretKey, Failure> development_account(std::string_view name) {
    return index_of(name).map(ledger::development_key);
}

Result<ledger::ChainSpec, Failure> find_chain(std::string_view name) {
    if (auto spec = ledger::built_in_chain(name))
        return std::move(*spec);
    std::string names;
    for (const auto known : ledger::built_in_chain_names())
        names += (names.empty() ? "" : ", ") + std::string{known};
    return tl::unexpected{Failure{
        ExitCode::usage, "no chain '" + std::string{name} + "' is built in - there are " + names}};
}

int run_wallet_list(const WalletOptions& options, std::ostream& out, std::ostream& errors) {
    const auto spec = development_chain(options.chain);
    if (!spec)
        return report(spec.error(), errors);
    auto accounts = Json::array();
    for (std::size_t index = 0; index < ledger::development_accounts; ++index)
        accounts.push_back(describe_account(name_of(index), index, spec->prefix));
    if (options.json) {
        out << codec::to_text(
                   Json::object({{"chain", Json{spec->name}}, {"accounts", std::move(accounts)}})
               )
            << '\n';
        return status_of(ExitCode::ok);
    }
    out << "Development accounts of chain " << spec->name
        << ". Everybody knows their keys: never use them for anything of worth.\n";
    for (const auto& account : *accounts.if_array())
        out << *account.find("name")->if_text() << "  " << *account.find("address")->if_text()
            << '\n';
    return status_of(ExitCode::ok);
}

int run_wallet_show(const WalletOptions& options, std::ostream& out, std::ostream& errors) {
    const auto spec = development_chain(options.chain);
    if (!spec)
        return report(spec.error(), errors);
    const auto index = index_of(options.account);
    if (!index)
        return report(index.error(), errors);
    const auto account = describe_account(options.account, *index, spec->prefix);
    if (options.json)
        out << codec::to_text(account) << '\n';
    else
        out << "name        " << options.account << '\n'
            << "address     " << *account.find("address")->if_text() << '\n'
            << "public key  " << *account.find("public_key")->if_text() << '\n';
    return status_of(ExitCode::ok);
}

}  // namespace cairn::app
