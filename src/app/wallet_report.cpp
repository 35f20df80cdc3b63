#include "src/app/wallet_report.hpp"

#include "cairn/wallet/message.hpp"

#include <ostream>

namespace cairn::app {

using codec::Json;

Json describe_account(
    const std::string& name, const crypto::PublicKey& key, std::string_view prefix
) {
    return Json::object(
        {{"name", Json{name}},
         {"address", Json{ledger::to_address(ledger::account_of(key), prefix)}},
         {"public_key", Json{to_hex(key)}}}
    );
}

void write_account(
    const WalletOptions& options,
    const ledger::ChainSpec& chain,
    const crypto::PublicKey& key,
    std::ostream& out
) {
    const auto account = describe_account(options.account, key, chain.prefix);
    if (options.json)
        out << codec::to_text(account) << '\n';
    else
        out << "name        " << options.account << '\n'
            << "address     " << *account.find("address")->if_text() << '\n'
            << "public key  " << *account.find("public_key")->if_text() << '\n';
}

Result<ledger::AccountId, Failure> resolve_account(
    const WalletAccess& access,
    const std::string& what,
    const std::string& text,
    const AddressChain& chain
) {
    const bool is_name = wallet::is_wallet_name(text);
    if (is_name) {
        const auto key = find_account(access, text);
        // A usage error says that there is none of this name.
        if (key || key.error().code != ExitCode::usage)
            return key.map(ledger::account_of);
    }
    const auto account = ledger::from_address(text, chain.prefix);
    if (account)
        return *account;
    auto failure = describe_address(account.error(), what, text, chain);
    if (is_name) {
        failure.message = what + " '" + text + "' is neither an account's name nor an address";
        failure.hint = "cairn wallet list tells the names; an address is to be copied whole";
    }
    return tl::unexpected{std::move(failure)};
}

Failure describe_address(
    ledger::AddressError error,
    const std::string& what,
    const std::string& text,
    const AddressChain& chain
) {
    Failure failure{.code = ExitCode::data, .message = what + " '" + text + "' "};
    failure.rule = "ledger." + std::string{to_string(error)};
    failure.expected = "an address of chain " + chain.name + ", like " + chain.prefix + "1...";
    switch (error) {
        case ledger::AddressError::mistyped:
            failure.message += "is no address";
            failure.actual = "letters whose checksum does not fit";
            failure.hint = "copy the whole address again; never correct one by guessing";
            break;
        case ledger::AddressError::wrong_chain:
            failure.message += "is an address of another chain";
            failure.actual = "one like " + text.substr(0, text.rfind('1') + 1) + "...";
            failure.hint = "ask for the address on this chain, or choose a --node of that one";
            break;
        case ledger::AddressError::wrong_kind:
            failure.message += "names a contract";
            failure.actual = "a contract's address";
            failure.hint = "an account is needed";
            break;
    }
    return failure;
}

Result<std::string, Failure> find_address(
    const WalletAccess& access, const std::string& text, NodeSession& session
) {
    const auto chain = session.chain();
    if (!chain)
        return tl::unexpected{chain.error()};
    // What replies call an account may be asked for as it is.
    if (const auto account = fixed_from_hex<ledger::AccountId>(text))
        return ledger::to_address(*account, chain->prefix);
    return resolve_account(access, "account", text, {chain->name, chain->prefix})
        .map([&](const ledger::AccountId& account) {
            return ledger::to_address(account, chain->prefix);
        });
}

Result<Bytes, Failure> read_message(const WalletOptions& options) {
    if (options.message_file.empty() == options.message.empty())
        return tl::unexpected{bad_value(
            "give the message either as --file F or as --text TEXT",
            "one of --file and --text",
            options.message.empty() ? "neither" : "both"
        )};
    if (options.message_file.empty())
        return to_bytes(options.message);
    const auto text = wallet::read_file(options.message_file, wallet::message_bytes_max);
    if (!text)
        return tl::unexpected{describe(text.error())};
    if (text->size() > wallet::message_bytes_max)
        return tl::unexpected{bad_value(
            options.message_file + " is longer than the " +
                std::to_string(wallet::message_bytes_max) + " bytes of a message",
            "at most " + std::to_string(wallet::message_bytes_max) + " bytes",
            "more",
            "sign its digest instead"
        )};
    return to_bytes(*text);
}

}  // namespace cairn::app
