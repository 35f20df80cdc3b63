// Transactions, pending ones, and balances.
#include "src/rpc/chain_reading.hpp"
#include "src/rpc/commands.hpp"
#include "src/rpc/page.hpp"

#include "cairn/codec/binary.hpp"
#include "cairn/node/node.hpp"
#include "cairn/state/view.hpp"

#include <algorithm>

namespace cairn::rpc {

namespace {

Error transaction_not_found(const TxId& id) {
    return {
        .code = ErrorCode::not_found,
        .message = "This transaction is neither on the chain nor waiting.",
        .expected = "a transaction of the chain or the mempool",
        .actual = to_hex(id),
        .hint = "explain tells whether it was refused."};
}

/// Takes what `transaction` did to `account` out of `state`. Sums may pass through zero on the way,
/// because a block's order is not kept; modulo 2^64 the end is right nevertheless.
void take_back(
    const ledger::Transaction& transaction,
    const ledger::AccountId& account,
    state::AccountState& state
) {
    auto& balance = state.balance.value;
    if (const auto* coinbase = std::get_if<ledger::Coinbase>(&transaction.payload)) {
        if (coinbase->to == account)
            balance -= coinbase->amount.value;
        return;
    }
    const auto* transfer = std::get_if<ledger::Transfer>(&transaction.payload);
    if (transaction.from == account) {
        balance += transaction.fee.value + (transfer != nullptr ? transfer->amount.value : 0);
        --state.nonce.value;
    }
    if (transfer != nullptr && transfer->to == account)
        balance -= transfer->amount.value;
}

/// What `request` wants of the pool, in the direction of reading.
mempool::ArrivalRange range_of(const NumberedPageRequest& request) {
    using mempool::ArrivalOrder;
    if (!request.before)
        return {.from = request.from ? request.from->value : 0, .count = request.count.value};
    // Nothing has the number 0.
    return {
        .from = std::max<std::uint64_t>(request.before->value, 1) - 1,
        .order = ArrivalOrder::newest_first,
        .count = request.count.value};
}

/// The neighbours of the page that `request` asks for: it has the first `told` of `found`, which
/// was read in the page's direction.
PageLinks<std::uint64_t> links_of(
    const mempool::Mempool& pool,
    const NumberedPageRequest& request,
    const std::vector<mempool::Arrival>& found,
    std::size_t told
) {
    using mempool::ArrivalOrder;
    PageLinks<std::uint64_t> links;
    // A page of nothing, asked for as such, leads nowhere: who follows it would get it again.
    if (request.count.value == 0)
        return links;
    if (request.before) {
        const auto behind = pool.list({.from = request.before->value, .count = 1});
        if (!behind.empty())
            links.next = behind.front().number;
        if (told < found.size())
            links.previous = found[told - 1].number;
        return links;
    }
    if (told < found.size())
        links.next = found[told].number;
    const auto first = request.from ? request.from->value : 0;
    if (first > 0 &&
        !pool.list({.from = first - 1, .order = ArrivalOrder::newest_first, .count = 1}).empty())
        links.previous = first;
    return links;
}

/// Places of one step back through an account's history.
constexpr std::size_t places_of_a_step = 1'000;

Error too_deep(std::uint64_t confirmations, std::uint64_t most) {
    return {
        .code = ErrorCode::too_large,
        .message = "Too much has become of this account since to look through it.",
        .expected = "at most " + std::to_string(most) + " confirmations",
        .actual = std::to_string(confirmations),
        .hint = "Ask for fewer confirmations.",
    };
}

/// The account as it was `blocks` blocks ago: the index leads to the blocks that concern it.
/// Errors: `internal`, `too_large`.
Result<state::AccountState, Error> account_before(
    const chain::Blockchain& chain, const ledger::AccountId& account, std::uint64_t blocks
) {
    const auto tip = chain.tip().height().value;
    if (blocks > tip)
        return state::AccountState{};
    auto state = state::read_account(chain.state(), account);
    BlockReader reader{chain};
    chain::PlaceRange range{
        .from = chain::last_place,
        .order = chain::PlaceOrder::newest_first,
        .count = places_of_a_step};
    while (blocks > 0) {
        const auto places = chain.find_places(account, range);
        if (!places)
            return tl::unexpected{unreadable()};
        for (const auto& place : *places) {
            if (place.height.value <= tip - blocks)
                return state;
            const auto block = reader.at(place.height);
            if (!block)
                return tl::unexpected{block.error()};
            take_back((*block)->transactions.at(place.index), account, state);
            if (reader.transactions_read() > balance_transactions_max ||
                reader.blocks_read() > balance_blocks_max)
                return tl::unexpected{too_deep(blocks + 1, tip - place.height.value + 1)};
        }
        if (places->size() < range.count)
            break;
        const auto next = chain::place_before(places->back());
        if (!next)
            break;
        range.from = *next;
    }
    return state;
}

/// What is wrong with `size` bytes that are no transaction, with the limit that they break.
codec::JsonError no_transaction(
    codec::DecodeError error, std::string_view field, std::size_t size
) {
    using codec::DecodeError;
    codec::JsonError result{
        error,
        std::string{field},
        "a transaction's bytes",
        std::to_string(size) + (size == 1 ? " byte" : " bytes")};
    if (error == DecodeError::number_too_large) {
        result.expected = "numbers of at most " + std::to_string(quantity_max);
        result.actual = "a larger amount, fee or nonce";
    } else if (error == DecodeError::too_long) {
        result.expected = "a memo or key of at most " + std::to_string(ledger::memo_bytes_max) +
                          " bytes, a stream of " + std::to_string(ledger::stream_bytes_max) +
                          ", a body of " + std::to_string(ledger::body_bytes_max);
        result.actual = "a longer one";
    } else if (error == DecodeError::truncated) {
        result.actual = "only the beginning of one in " + result.actual;
    } else if (error == DecodeError::trailing_bytes) {
        result.actual = "more than one holds in " + result.actual;
    }
    return result;
}

static_assert(ledger::memo_bytes_max == ledger::key_bytes_max);

Result<ledger::Transaction, Error> decode_hex(std::string_view field, ByteView bytes) {
    auto transaction = codec::decode<ledger::Transaction>(bytes);
    if (!transaction)
        return tl::unexpected{bad_field(no_transaction(transaction.error(), field, bytes.size()))};
    return std::move(*transaction);
}

/// Reads a transaction's object. Its id may be the one on another chain that the node knows: then
/// the node says what is wrong with it.
Result<ledger::Transaction, codec::JsonError> read_document(
    const node::NodeView& view, const codec::Json& document
) {
    auto transaction = ledger::transaction_from_json(view.chain().id(), document);
    if (transaction || transaction.error().where != "transaction")
        return transaction;
    for (const auto& chain : node::tried_chains(view.config()))
        if (auto foreign = ledger::transaction_from_json(chain.id, document))
            return foreign;
    return transaction;
}

Result<ledger::Transaction, Error> read_pushed(
    const node::NodeView& view, const PushRequest& request
) {
    if (request.hex.has_value() == request.transaction.has_value())
        return tl::unexpected{bad_field(
            "transaction", "either transaction or hex", request.hex ? "both" : "neither"
        )};
    if (request.hex)
        return decode_hex("hex", *request.hex);
    const auto& document = request.transaction->value;
    if (const auto* text = document.if_text()) {
        const auto bytes = from_hex(*text);
        if (!bytes)
            return tl::unexpected{
                bad_field("transaction", "an object, or hexadecimal", "other text")};
        return decode_hex("transaction", *bytes);
    }
    auto transaction = read_document(view, document);
    if (!transaction) {
        auto error = transaction.error();
        error.where = error.where.empty() ? "transaction" : "transaction." + error.where;
        return tl::unexpected{bad_field(error)};
    }
    return std::move(*transaction);
}

}  // namespace

Outcome get_transaction(const Call& call, const TransactionRequest& request) {
    const auto& chain = call.view.chain();
    const auto status = find_transaction(chain, call.view.pool(), request.transaction);
    if (!status)
        return status.error();
    auto& reply = call.reply;
    if (status->place) {
        const auto& entry = *chain.at(status->place->height);
        const auto block = read_block(chain, entry);
        if (!block)
            return block.error();
        const auto& transaction = block->transactions.at(status->place->index);
        reply.write_raw_field("transaction", ledger::to_json(chain.id(), transaction));
        reply.write_name("status");
        reply.write_text("confirmed");
        reply(
            codec::field("block", entry.hash),
            codec::field("height", status->place->height),
            codec::field("index", status->place->index),
            codec::field("time", entry.head.header.time)
        );
    } else if (const auto pending = call.view.pool().find(request.transaction)) {
        reply.write_raw_field("transaction", ledger::to_json(chain.id(), pending->transaction()));
        reply.write_name("status");
        reply.write_text("pending");
    } else {
        return transaction_not_found(request.transaction);
    }
    reply.write_name("confirmations");
    reply.write_number(status->confirmations);
    return Done{};
}

Outcome confirmations(const Call& call, const TransactionRequest& request) {
    const auto status = find_transaction(call.view.chain(), call.view.pool(), request.transaction);
    if (!status)
        return status.error();
    if (!status->place && !status->is_pending)
        return transaction_not_found(request.transaction);
    call.reply.write_name("confirmations");
    call.reply.write_number(status->confirmations);
    return Done{};
}

Outcome balance(const Call& call, const BalanceRequest& request) {
    const auto& chain = call.view.chain();
    const auto account = read_address(chain, request.address);
    if (!account)
        return account.error();
    state::AccountState state;
    if (request.confirmations.value == 0) {
        state = call.view.pool().projected(*account);
    } else {
        const auto before = account_before(chain, *account, request.confirmations.value - 1);
        if (!before)
            return before.error();
        state = *before;
    }
    write_address(call.reply, chain, *account);
    call.reply(
        codec::field("balance", state.balance),
        codec::field("nonce", state.nonce),
        codec::field("tip", chain.tip().hash)
    );
    return Done{};
}

Outcome mempool(const Call& call, const NumberedPageRequest& request) {
    if (request.from && request.before)
        return two_ends();
    const auto& pool = call.view.pool();
    // One more than the page holds, so that it is known whether more follow.
    auto range = range_of(request);
    ++range.count;
    const auto found = pool.list(range);
    Page page{
        request.before ? PageDirection::backwards : PageDirection::onwards, request.count.value};
    while (!page.is_full() && page.size() < found.size())
        page.add(
            ledger::to_json(call.view.chain().id(), found[page.size()].transaction->transaction())
        );
    const auto links = links_of(pool, request, found, page.size());
    auto& reply = call.reply;
    reply.write_name("size");
    reply.write_number(pool.size());
    reply.write_name("bytes");
    reply.write_number(pool.bytes());
    page.write(reply, "transactions");
    write_links(reply, links);
    return Done{};
}

Outcome estimate_fee(const Call& call, const NoArguments&) {
    const auto& pool = call.view.pool();
    auto& reply = call.reply;
    const auto write = [&reply](std::string_view name, std::uint64_t number) {
        reply.write_name(name);
        // A full pool may ask for more than anybody has; JSON holds no larger numbers.
        reply.write_number(std::min(number, quantity_max));
    };
    const auto fee_at = [](std::uint64_t rate) {
        constexpr std::uint64_t unit = 1'000;
        return rate / unit * typical_transfer_bytes +
               (rate % unit * typical_transfer_bytes + unit - 1) / unit;
    };
    reply.write_name("estimates");
    reply.begin_array();
    for (const std::uint64_t blocks : {1U, 3U, 10U}) {
        const auto estimate = pool.estimate_fee(blocks, call.now);
        reply.begin_object();
        write("blocks", blocks);
        write("fee", fee_at(estimate.rate));
        write("rate", estimate.rate);
        write("chance_percent", estimate.chance_percent);
        reply.end_object();
    }
    reply.end_array();
    const auto least = pool.floor_fee(call.now);
    write("minimum", fee_at(least));
    write("minimum_rate", least);
    write("transfer_bytes", typical_transfer_bytes);
    return Done{};
}

Outcome push_transaction(const Call& call, const PushRequest& request) {
    auto transaction = read_pushed(call.view, request);
    if (!transaction)
        return transaction.error();
    return Forward{
        .request = node::PushTransaction{
            .transaction = std::move(*transaction), .may_replace = request.replace.value_or(true)}};
}

}  // namespace cairn::rpc
