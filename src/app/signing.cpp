#include "src/app/signing.hpp"

#include "src/app/amount.hpp"
#include "src/app/development_accounts.hpp"

#include "cairn/ledger/account.hpp"
#include "cairn/mempool/mempool.hpp"
#include "cairn/rpc/error.hpp"

#include <ostream>
#include <utility>

namespace cairn::app {

namespace {

using codec::Json;
using std::chrono::seconds;

/// Pebbles for 1000 bytes where the node advises nothing: above the floor of a mempool that is not
/// full.
constexpr std::uint64_t default_rate = 1'000;
/// The blocks in one of which a transaction with an automatic fee should be.
constexpr std::uint64_t patience_blocks = 3;

Failure refused(std::string message) {
    return {ExitCode::data, std::move(message)};
}

std::string_view status_word(const Confirmation& confirmation) {
    return confirmation.height ? "confirmed" : "pending";
}

Json describe_transaction(
    const ledger::Transaction& transaction,
    const TxId& id,
    const Confirmation& confirmation,
    std::uint64_t wanted
) {
    auto result = Json::object(
        {{"transaction", Json{to_hex(id)}},
         {"status", Json{status_word(confirmation)}},
         {"nonce", Json{transaction.nonce}},
         {"fee", Json{transaction.fee}},
         {"confirmations", Json{confirmation.confirmations}}}
    );
    if (wanted > 0)
        result.set("confirmations_wanted", Json{wanted});
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
    const Confirmation& confirmation,
    std::uint64_t wanted
) {
    out << "transaction    " << to_hex(id) << '\n'
        << "fee            " << to_coins(transaction.fee) << " CRN\n"
        << "status         " << status_word(confirmation) << '\n'
        << "confirmations  " << confirmation.confirmations;
    if (wanted > confirmation.confirmations)
        out << " of " << wanted;
    out << '\n';
    if (confirmation.height)
        out << "height         " << *confirmation.height << '\n';
    if (confirmation.block)
        out << "block          " << *confirmation.block << '\n';
}

/// What to do about a transaction that has not come as deep in time as it should.
Failure not_deep_enough(
    const SigningOptions& options,
    const Endpoint& endpoint,
    const TxId& id,
    const Confirmation& confirmation
) {
    const auto so_far = confirmation.height
                            ? "confirmed in block " + std::to_string(*confirmation.height) +
                                  ", but with " + std::to_string(confirmation.confirmations) +
                                  " of " + std::to_string(options.wait) + " confirmations in time"
                            : "not confirmed in time, but accepted";
    return {
        ExitCode::timeout,
        so_far + "; do not send it again - ask later: cairn transaction " + to_hex(id) +
            " --node " + to_string(endpoint)};
}

/// The sender's state with all that waits in the node's mempool.
struct Account {
    Amount balance;
    Nonce nonce;
};

Result<Account, Failure> ask_account(Signer& signer) {
    const auto account = ledger::account_of(signer.key.public_key());
    const auto reply = signer.session.ask(Json::object(
        {{"type", Json{"balance"}},
         {"address", Json{ledger::to_address(account, signer.chain.prefix)}},
         {"confirmations", Json{0}}}
    ));
    if (!reply)
        return tl::unexpected{reply.error()};
    const auto coins = number_field(*reply, "balance");
    const auto nonce = number_field(*reply, "nonce");
    if (!coins || !nonce)
        return tl::unexpected{signer.session.not_understood("amount and nonce")};
    return Account{Amount{*coins}, Nonce{*nonce}};
}

/// Errors: `data` when the sender cannot pay, before anything is sent.
Result<void, Failure> check_balance(
    const SigningOptions& options, Amount balance, const ledger::Transaction& transaction
) {
    const auto* transfer = std::get_if<ledger::Transfer>(&transaction.payload);
    const auto amount = transfer != nullptr ? transfer->amount : Amount{};
    const auto cost = checked_add(amount, transaction.fee);
    if (cost && *cost <= balance)
        return {};
    auto failure =
        refused(options.from + " cannot pay this together with its waiting transactions");
    failure.rule = "mempool." + std::string{to_string(mempool::MempoolError::insufficient_balance)};
    failure.expected = "a cost of at most " + to_coins(balance) + " CRN";
    failure.actual = to_coins(amount) + " CRN and a fee of " + to_coins(transaction.fee) + " CRN";
    failure.hint = "send less, or wait for a block";
    return tl::unexpected{std::move(failure)};
}

/// Whether a node refuses by `rule` because the nonce is taken: by a transaction of the chain, or
/// by a waiting one, which this one must not replace.
bool is_nonce_taken(const std::string& rule) {
    return rule == "mempool.nonce_too_low" || rule == "mempool.nonce_taken";
}

/// Completes, signs and hands in `transaction`, again while its nonce is taken. Errors: a
/// `Failure`.
Result<TxId, Failure> hand_in(
    const SigningOptions& options, Signer& signer, ledger::Transaction& transaction
) {
    for (int attempt = 1;; ++attempt) {
        const auto account = ask_account(signer);
        if (!account)
            return tl::unexpected{account.error()};
        transaction.nonce = account->nonce;
        if (const auto enough = check_balance(options, account->balance, transaction); !enough)
            return tl::unexpected{enough.error()};
        ledger::sign_transaction(signer.key, signer.chain.id, transaction);
        auto id = signer.session.push(signer.chain.id, transaction);
        if (id || attempt == sending_attempts_max || !is_nonce_taken(id.error().rule))
            return id;
    }
}

}  // namespace

Result<Signer, Failure> open_signer(const SigningOptions& options) {
    const auto endpoint = parse_endpoint(options.node);
    if (!endpoint)
        return tl::unexpected{endpoint.error()};
    // A mistyped name shows before anybody is asked for a passphrase.
    if (const auto account = find_account(options.wallets, options.from); !account)
        return tl::unexpected{account.error()};
    auto session = NodeSession::open(*endpoint, seconds{options.timeout_seconds});
    if (!session)
        return tl::unexpected{session.error()};
    const auto chain = session->chain();
    if (!chain)
        return tl::unexpected{chain.error()};
    if (!options.chain.empty() && options.chain != chain->name) {
        auto failure = refused(to_string(*endpoint) + " follows another chain");
        failure.rule = "rpc." + std::string{to_string(rpc::ErrorCode::wrong_chain)};
        failure.expected = "a node of chain " + options.chain;
        failure.actual = "one of chain " + chain->name;
        failure.hint = "choose another --node";
        return tl::unexpected{std::move(failure)};
    }
    if (is_development_account(options.from) && !chain->is_development)
        return tl::unexpected{no_development_accounts(
            chain->name, "choose a --node of chain dev, or a wallet of your own as --from"
        )};
    auto key = unlock_account(options.wallets, options.from);
    if (!key)
        return tl::unexpected{key.error()};
    return Signer{std::move(*session), *chain, std::move(*key)};
}

std::optional<std::uint64_t> advised_rate(const Json& reply) {
    const auto* estimates = reply.find("estimates");
    if (estimates == nullptr || estimates->if_array() == nullptr)
        return std::nullopt;
    for (const auto& estimate : *estimates->if_array())
        if (number_field(estimate, "blocks") == patience_blocks)
            return number_field(estimate, "rate");
    return std::nullopt;
}

Result<Amount, Failure> choose_fee(
    const std::string& fee, const ledger::Transaction& transaction, NodeSession& session
) {
    if (fee == "auto") {
        const auto reply = session.ask(Json::object({{"type", Json{"estimate_fee"}}}));
        if (!reply && reply.error().error_code.empty())
            return tl::unexpected{reply.error()};
        const auto rate = reply ? advised_rate(*reply).value_or(default_rate) : default_rate;
        // Nonce and fee count as well: eight bytes more hold any, where one byte stands now.
        const auto size = codec::encode(transaction).size() + 2 * 8;
        if (rate > quantity_max / ledger::transaction_bytes_max)
            return tl::unexpected{data_failure(
                rpc::UsageRule::bad_answer,
                "the node advises a fee that nobody can pay",
                "at most " + std::to_string(quantity_max / ledger::transaction_bytes_max) +
                    " pebbles for 1000 bytes",
                std::to_string(rate),
                "say the fee yourself, such as --fee 0.01, or ask another --node"
            )};
        return Amount{(size * rate + 999) / 1'000};
    }
    const auto amount = parse_coins(fee);
    if (!amount)
        return tl::unexpected{bad_value(
            "--fee '" + fee + "' " + std::string{explain(amount.error())} + "; or auto",
            "coins with up to 6 decimals, such as 0.01, or auto",
            fee
        )};
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
        .from = {}, .nonce = {}, .fee = {}, .payload = std::move(payload), .signature = {}};
    const auto fee = choose_fee(options.fee, transaction, signer.session);
    if (!fee)
        return report(fee.error(), options.json, out, errors);
    transaction.fee = *fee;
    const auto id = hand_in(options, signer, transaction);
    if (!id)
        return report(id.error(), options.json, out, errors);
    Confirmation confirmation;
    if (options.wait > 0) {
        const auto waited =
            signer.session.wait_for(*id, options.wait, seconds{options.timeout_seconds});
        if (!waited) {
            auto failure = waited.error();
            failure.message.insert(0, "transaction " + to_hex(*id) + " was accepted, but: ");
            return report(failure, options.json, out, errors);
        }
        confirmation = *waited;
    }
    if (options.json)
        out << codec::to_text(describe_transaction(transaction, *id, confirmation, options.wait))
            << '\n';
    else
        write_for_people(out, transaction, *id, confirmation, options.wait);
    if (options.wait == 0 || confirmation.is_reached)
        return status_of(ExitCode::ok);
    return report(not_deep_enough(options, signer.session.endpoint(), *id, confirmation), errors);
}

}  // namespace cairn::app
