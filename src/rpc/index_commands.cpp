// What the indexes of accounts and records answer, and proofs that a transaction is in its block.
#include "src/rpc/chain_reading.hpp"
#include "src/rpc/commands.hpp"

#include "cairn/codec/binary.hpp"
#include "cairn/crypto/merkle.hpp"

#include <charconv>

namespace cairn::rpc {

namespace {

/// The number that `text` writes in plain digits, at most `max`.
std::optional<std::uint64_t> read_digits(std::string_view text, std::uint64_t max) {
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    const bool is_padded = text.size() > 1 && text.front() == '0';
    if (text.empty() || error != std::errc{} || stop != end || is_padded || number > max)
        return std::nullopt;
    return number;
}

std::optional<chain::TransactionPlace> parse_place(std::string_view text) {
    const auto point = text.find('.');
    if (point == std::string_view::npos)
        return std::nullopt;
    const auto height = read_digits(text.substr(0, point), quantity_max);
    const auto index = read_digits(text.substr(point + 1), chain::last_place.index);
    if (!height || !index)
        return std::nullopt;
    return chain::TransactionPlace{
        .height = Height{*height}, .index = static_cast<std::uint32_t>(*index)};
}

/// What a transaction has brought to an account and taken from it, in pebbles.
struct Movement {
    std::uint64_t received = 0;
    std::uint64_t spent = 0;
};

Movement movement_of(
    const ledger::ChainSpec& spec,
    const ledger::Transaction& transaction,
    Height height,
    const ledger::AccountId& account
) {
    Movement movement;
    if (const auto* coinbase = std::get_if<ledger::Coinbase>(&transaction.payload)) {
        if (height == Height{0})
            for (const auto& balance : spec.balances)
                movement.received += balance.account == account ? balance.amount.value : 0;
        else
            movement.received = coinbase->amount.value;
        return movement;
    }
    const auto* transfer = std::get_if<ledger::Transfer>(&transaction.payload);
    const auto amount = transfer != nullptr ? transfer->amount.value : 0;
    if (transfer != nullptr && transfer->to == account)
        movement.received = amount;
    if (transaction.from == account)
        movement.spent = amount + transaction.fee.value;
    return movement;
}

/// One page of an index.
struct Page {
    std::string_view name;
    chain::Subject subject;
    chain::PlaceRange range;
};

chain::PlaceRange range_of(
    const std::optional<PlaceArgument>& from, std::uint64_t count, std::optional<bool> newest_first
) {
    const bool is_downwards = newest_first.value_or(false);
    chain::PlaceRange range{
        .from = is_downwards ? chain::last_place : chain::TransactionPlace{},
        .order = is_downwards ? chain::PlaceOrder::newest_first : chain::PlaceOrder::oldest_first,
        .count = count + 1};
    if (!from)
        return range;
    range.from = from->value;
    if (is_downwards && from->is_height)
        range.from.index = chain::last_place.index;
    return range;
}

/// Writes the entries of `page` and where the next one begins. One place more than the page's count
/// was asked for, so that the next page's beginning is known.
Outcome write_page(const Call& call, const Page& page) {
    const auto& chain = call.view.chain();
    const auto places = chain.find_places(page.subject, page.range);
    if (!places)
        return unreadable();
    auto& reply = call.reply;
    reply.write_name(page.name);
    reply.begin_array();
    BlockReader reader{chain};
    std::size_t written = 0;
    for (; written < places->size() && written + 1 < page.range.count; ++written) {
        if (reply.text().size() > list_bytes_max || reader.bytes_read() > page_block_bytes_max)
            break;
        const auto& place = (*places)[written];
        const auto block = reader.at(place.height);
        if (!block)
            return block.error();
        const auto& entry = *chain.at(place.height);
        const auto& transaction = (*block)->transactions.at(place.index);
        reply.begin_object();
        reply(
            codec::field("height", place.height),
            codec::field("index", place.index),
            codec::field("block", entry.hash),
            codec::field("time", entry.head.header.time)
        );
        reply.write_name("confirmations");
        reply.write_number(confirmations_of(chain, entry));
        if (const auto* account = std::get_if<ledger::AccountId>(&page.subject)) {
            const auto movement = movement_of(chain.spec(), transaction, place.height, *account);
            reply.write_name("received");
            reply.write_number(movement.received);
            reply.write_name("spent");
            reply.write_number(movement.spent);
        }
        reply.write_raw_field("transaction", ledger::to_json(chain.id(), transaction));
        reply.end_object();
    }
    reply.end_array();
    // A page of nothing leads nowhere: who follows it would ask for it again.
    if (written > 0 && written < places->size()) {
        reply.write_name("next");
        reply.write_text(to_text((*places)[written]));
    }
    return Done{};
}

}  // namespace

void PlaceArgument::load(codec::JsonReader& archive) {
    constexpr std::size_t place_bytes_max = 32;
    if (archive.current().if_text() == nullptr) {
        is_height = true;
        value = {.height = Height{archive.take_number(quantity_max)}, .index = 0};
        return;
    }
    const auto text = archive.take_text(place_bytes_max);
    if (archive.failed())
        return;
    const auto place = parse_place(text);
    if (!place)
        return archive.fail(
            codec::DecodeError::bad_text, "a height, or height.index as next gives it", "other text"
        );
    value = *place;
}

std::string to_text(const chain::TransactionPlace& place) {
    return std::to_string(place.height.value) + '.' + std::to_string(place.index);
}

Outcome history(const Call& call, const HistoryRequest& request) {
    const auto account = read_address(call.view.chain(), request.address);
    if (!account)
        return account.error();
    write_address(call.reply, call.view.chain(), *account);
    const auto range = range_of(request.from, request.count.value, request.newest_first);
    return write_page(call, {.name = "transactions", .subject = *account, .range = range});
}

Outcome records(const Call& call, const RecordsRequest& request) {
    const chain::RecordSubject subject{.stream = request.stream, .key = request.key};
    const auto range = range_of(request.from, request.count.value, request.newest_first);
    return write_page(call, {.name = "records", .subject = subject, .range = range});
}

Outcome get_proof(const Call& call, const TransactionRequest& request) {
    const auto& chain = call.view.chain();
    const auto status = find_transaction(chain, call.view.pool(), request.transaction);
    if (!status)
        return status.error();
    if (!status->place)
        return Error{
            .code = ErrorCode::not_found,
            .message = status->is_pending ? "This transaction still waits for a block."
                                          : "This transaction is not on the chain.",
            .expected = "a transaction of the chain",
            .actual = to_hex(request.transaction),
            .hint = "wait tells when it is."};
    BlockReader reader{chain};
    const auto block = reader.at(status->place->height);
    if (!block)
        return block.error();
    std::vector<Hash256> leaves;
    for (const auto& transaction : (*block)->transactions)
        leaves.push_back(crypto::leaf_hash(codec::encode(transaction)));
    auto& reply = call.reply;
    reply(
        codec::field("transaction", request.transaction),
        codec::field("block", chain.at(status->place->height)->hash),
        codec::field("height", status->place->height),
        codec::field("index", status->place->index)
    );
    reply.write_name("count");
    reply.write_number(leaves.size());
    reply.write_name("bytes");
    reply.write_hex(codec::encode((*block)->transactions.at(status->place->index)));
    reply.write_name("path");
    reply.begin_array();
    for (const auto& hash : crypto::merkle_path(leaves, status->place->index))
        reply.write_hex(hash.view());
    reply.end_array();
    return Done{};
}

}  // namespace cairn::rpc
