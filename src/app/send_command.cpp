#include "src/app/amount.hpp"
#include "src/app/client_commands.hpp"
#include "src/app/signing.hpp"
#include "src/app/wallet_report.hpp"

#include "cairn/codec/text.hpp"
#include "cairn/ledger/account.hpp"

#include <ostream>

namespace cairn::app {

int run_send(const SendOptions& options, std::ostream& out, std::ostream& errors) {
    const auto amount = parse_coins(options.amount);
    if (!amount)
        return report(
            bad_value(
                "--amount '" + options.amount + "' " + std::string{explain(amount.error())},
                "coins with up to 6 decimals, such as 1.5",
                options.amount
            ),
            options.signing.json,
            out,
            errors
        );
    if (options.memo.size() > ledger::memo_bytes_max || !codec::is_utf8(options.memo))
        return report(
            bad_value(
                "--memo takes up to 256 bytes of UTF-8 text",
                "up to 256 bytes of UTF-8",
                options.memo
            ),
            options.signing.json,
            out,
            errors
        );
    auto signer = open_signer(options.signing);
    if (!signer)
        return report(signer.error(), options.signing.json, out, errors);
    const auto& chain = signer->chain;
    const auto to =
        resolve_account(options.signing.wallets, "--to", options.to, {chain.name, chain.prefix});
    if (!to)
        return report(to.error(), options.signing.json, out, errors);
    return submit(
        options.signing,
        *signer,
        ledger::Transfer{.to = *to, .amount = *amount, .memo = options.memo},
        out,
        errors
    );
}

}  // namespace cairn::app
