#include "src/app/amount.hpp"
#include "src/app/client_commands.hpp"
#include "src/app/development_accounts.hpp"
#include "src/app/signing.hpp"

#include "cairn/codec/text.hpp"
#include "cairn/ledger/account.hpp"

#include <ostream>

namespace cairn::app {

namespace {

/// The account that `text`, an address or a development account's name, means on `chain`.
Result<ledger::AccountId, Failure> find_recipient(
    const std::string& text, const ChainFacts& chain
) {
    if (text.starts_with("dev") && text.size() <= 5)
        return development_account(text).map([](const crypto::SecretKey& key) {
            return ledger::account_of(key.public_key());
        });
    const auto account = ledger::from_address(text, chain.prefix);
    if (account)
        return *account;
    const auto start = "--to '" + text + "' ";
    switch (account.error()) {
        case ledger::AddressError::mistyped:
            return tl::unexpected{
                Failure{ExitCode::data, start + "is mistyped: copy the whole address again"}};
        case ledger::AddressError::wrong_chain:
            return tl::unexpected{Failure{
                ExitCode::data,
                start + "is an address of another chain: those of chain " + chain.name +
                    " start with " + chain.prefix + "1"}};
        case ledger::AddressError::wrong_kind:
            return tl::unexpected{
                Failure{ExitCode::data, start + "names a contract: a transfer needs an account"}};
    }
    return tl::unexpected{Failure{ExitCode::data, start + "is not an address"}};
}

}  // namespace

int run_send(const SendOptions& options, std::ostream& out, std::ostream& errors) {
    const auto amount = parse_coins(options.amount);
    if (!amount)
        return report(
            {ExitCode::usage,
             "--amount '" + options.amount + "' " + std::string{explain(amount.error())}},
            errors
        );
    if (options.memo.size() > ledger::memo_bytes_max || !codec::is_utf8(options.memo))
        return report({ExitCode::usage, "--memo takes up to 256 bytes of UTF-8 text"}, errors);
    auto signer = open_signer(options.signing);
    if (!signer)
        return report(signer.error(), errors);
    const auto to = find_recipient(options.to, signer->chain);
    if (!to)
        return report(to.error(), errors);
    return submit(
        options.signing,
        *signer,
        ledger::Transfer{.to = *to, .amount = *amount, .memo = options.memo},
        out,
        errors
    );
}

}  // namespace cairn::app
