#include "src/app/signing.hpp"

#include "src/app/amount.hpp"
#include "src/app/development_accounts.hpp"

#include "cairn/ledger/account.hpp"

#include <ostream>
#include <utility>

namespace cairn::app {

namespace {

using codec::Json;
using std::chrono::seconds;

/// Pebbles a byte: above the floor of a mempool that is not full.
constexpr std::uint64_t auto_fee_rate = 1;

Failure refused(std::string message) {
    return {ExitCode::data, std::move(message)};
}

Json describe_transaction(
    const ledger::Transaction& transaction, const TxId& id, const Confirmation& confirmation
) {
    auto result = Json::object(
        {{"transaction", Json{to_hex(id)}},
         {"status", Json{confirmation.height ? "confirmed" : "pending"}},
         {"nonce", Json{transaction.nonce}},
         {"fee", Json{transaction.fee}},
         {"confirmations", Json{confirmation.confirmations}}}
    );
    if (confirmation.height)
        result.set("height", Json{*confirmation.height});
    if (confirmation.block)
        result.set("block", Json{*confirmation.block});
    return result;
}

void write_for_people(
    std::ostream& out,
    const ledger::Transaction& transaction,
    const TxId& id,
    const Confirmation& confirmation
) {
    out << "transaction    " << to_hex(id) << '\n'
        << "fee            " << to_coins(transaction.fee) << " CRN\n"
        << "confirmations  " << confirmation.confirmations << '\n';
    if (confirmation.height)
        out << "height         " << *confirmation.height << '\n';
    if (confirmation.block)
        out << "block          " << *confirmation.block << '\n';
}

/// Errors: `refused` when the sender cannot pay, before anything is sent.
Result<void, Failure> check_balance(
    const SigningOptions& options, const Signer& signer, const ledger::Transaction& transaction
) {
    const auto* transfer = std::get_if<ledger::Transfer>(&transaction.payload);
    const auto amount = transfer != nullptr ? transfer->amount : Amount{};
    const auto cost = checked_add(amount, transaction.fee);
    if (cost && *cost <= signer.balance)
        return {};
    return tl::unexpected{refused(
        options.from + " has " + to_coins(signer.balance) + " CRN, which does not pay " +
        to_coins(amount) + " and a fee of " + to_coins(transaction.fee) + " - send less"
    )};
}

}  // namespace

Result<Signer, Failure> open_signer(const SigningOptions& options) {
    const auto endpoint = parse_endpoint(options.node);
    if (!endpoint)
        return tl::unexpected{endpoint.error()};
    auto key = development_account(options.from);
    if (!key)
        return tl::unexpected{key.error()};
    auto session = NodeSession::open(*endpoint, seconds{options.timeout_seconds});
    if (!session)
        return tl::unexpected{session.error()};
    const auto chain = session->chain();
    if (!chain)
        return tl::unexpected{chain.error()};
    if (!options.chain.empty() && options.chain != chain->name)
        return tl::unexpected{refused(
            to_string(*endpoint) + " follows chain " + chain->name + ", not " + options.chain +
            " - choose another --node"
        )};
    if (!chain->is_development)
        return tl::unexpected{refused(
            to_string(*endpoint) + " follows chain " + chain->name +
            ", where development accounts have no coins - use a node of chain dev"
        )};
    const auto account = ledger::account_of(key->public_key());
    const auto balance = session->ask(Json::object(
        {{"type", Json{"balance"}},
         {"address", Json{ledger::to_address(account, chain->prefix)}},
         {"confirmations", Json{0}}}
    ));
    if (!balance)
        return tl::unexpected{balance.error()};
    const auto coins = number_field(*balance, "balance");
    const auto nonce = number_field(*balance, "nonce");
    if (!coins || !nonce)
        return tl::unexpected{
            refused(to_string(*endpoint) + " gave a balance without amount or nonce")};
    return Signer{std::move(*session), *chain, std::move(*key), Amount{*coins}, Nonce{*nonce}};
}

Result<Amount, Failure> choose_fee(const std::string& fee, const ledger::Transaction& transaction) {
    if (fee == "auto") {
        // The fee's own length counts: nine bytes hold any, where one byte stands now.
        const auto size = codec::encode(transaction).size() + 8;
        return Amount{size * auto_fee_rate};
    }
    const auto amount = parse_coins(fee);
    if (!amount)
        return tl::unexpected{Failure{
            ExitCode::usage,
            "--fee '" + fee + "' " + std::string{explain(amount.error())} + "; or auto"}};
    return *amount;
}

int submit(
    const SigningOptions& options,
    Signer& signer,
    ledger::Payload payload,
    std::ostream& out,
    std::ostream& errors
) {
    ledger::Transaction transaction{
        .from = {},
        .nonce = signer.nonce,
        .fee = {},
        .payload = std::move(payload),
        .signature = {}};
    const auto fee = choose_fee(options.fee, transaction);
    if (!fee)
        return report(fee.error(), errors);
    transaction.fee = *fee;
    if (const auto enough = check_balance(options, signer, transaction); !enough)
        return report(enough.error(), errors);
    ledger::sign_transaction(signer.key, signer.chain.id, transaction);
    const auto id = signer.session.push(signer.chain.id, transaction);
    if (!id)
        return report(id.error(), errors);
    Confirmation confirmation;
    if (options.wait > 0) {
        const auto waited =
            signer.session.wait_for(*id, options.wait, seconds{options.timeout_seconds});
        if (!waited)
            return report(
                {waited.error().code,
                 "transaction " + to_hex(*id) + " was accepted, but: " + waited.error().message},
                errors
            );
        confirmation = *waited;
    }
    if (options.json)
        out << codec::to_text(describe_transaction(transaction, *id, confirmation)) << '\n';
    else
        write_for_people(out, transaction, *id, confirmation);
    if (options.wait == 0 || confirmation.is_reached)
        return status_of(ExitCode::ok);
    return report(
        {ExitCode::timeout,
         "not confirmed in time, but accepted; do not send it again - ask later: cairn probe " +
             to_string(signer.session.endpoint()) + " confirmations transaction=" + to_hex(*id)},
        errors
    );
}

}  // namespace cairn::app
