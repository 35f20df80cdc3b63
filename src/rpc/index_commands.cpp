// What the indexes of accounts and records answer, and proofs that a transaction is in its block.
#include "src/rpc/chain_reading.hpp"
#include "src/rpc/commands.hpp"
#include "src/rpc/page.hpp"

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

/// A list from an index, and the page of it that is asked for.
struct IndexQuestion {
    chain::Subject subject;
    chain::PlaceOrder order = chain::PlaceOrder::oldest_first;
    std::uint64_t count = 0;
    std::optional<PlaceArgument> from;
    std::optional<PlaceArgument> before;
};

template <class Request>
IndexQuestion question_of(chain::Subject subject, const Request& request) {
    const bool is_downwards = request.newest_first.value_or(false);
    return {
        .subject = std::move(subject),
        .order = is_downwards ? chain::PlaceOrder::newest_first : chain::PlaceOrder::oldest_first,
        .count = request.count.value,
        .from = request.from,
        .before = request.before};
}

using Places = std::vector<chain::TransactionPlace>;

/// A list cut in two in front of a place: what begins there, and what ends before it.
class CutList {
  public:
    /// Cut in front of `place`, of a height in front of all its places; of nothing, at its begin.
    CutList(
        const chain::Blockchain& chain,
        const IndexQuestion& question,
        const std::optional<PlaceArgument>& place
    )
        : chain_{chain}, question_{question}, is_up_{question.order == Order::oldest_first} {
        cut_ = is_up_ ? chain::TransactionPlace{} : chain::last_place;
        if (place)
            cut_ = place->value;
        if (place && place->is_height && !is_up_)
            cut_.index = chain::last_place.index;
    }

    [[nodiscard]] const chain::TransactionPlace& cut() const { return cut_; }

    /// The first `count` places from the cut on. Errors: `internal`.
    [[nodiscard]] Result<Places, Error> onwards(std::size_t count) const {
        return read(cut_, question_.order, count);
    }

    /// The last `count` places in front of the cut, the nearest first. Errors: `internal`.
    [[nodiscard]] Result<Places, Error> backwards(std::size_t count) const {
        const auto nearest = is_up_ ? chain::place_before(cut_) : chain::place_after(cut_);
        if (!nearest)
            return Places{};
        return read(*nearest, is_up_ ? Order::newest_first : Order::oldest_first, count);
    }

  private:
    using Order = chain::PlaceOrder;

    [[nodiscard]] Result<Places, Error> read(
        const chain::TransactionPlace& from, Order order, std::size_t count
    ) const {
        return chain_.find_places(question_.subject, {.from = from, .order = order, .count = count})
            .map_error([](chain::StoreError) { return unreadable(); });
    }

    const chain::Blockchain& chain_;
    const IndexQuestion& question_;
    bool is_up_;
    chain::TransactionPlace cut_;
};

/// The entry of a list about the transaction at `place`, as JSON. Errors: `internal`.
Result<std::string, Error> entry_json(
    const chain::Blockchain& chain,
    const chain::Subject& subject,
    const chain::TransactionPlace& place,
    BlockReader& reader
) {
    const auto block = reader.at(place.height);
    if (!block)
        return tl::unexpected{block.error()};
    const auto& entry = *chain.at(place.height);
    const auto& transaction = (*block)->transactions.at(place.index);
    codec::JsonWriter json;
    json.begin_object();
    json(
        codec::field("height", place.height),
        codec::field("index", place.index),
        codec::field("block", entry.hash),
        codec::field("time", entry.head.header.time)
    );
    json.write_name("confirmations");
    json.write_number(confirmations_of(chain, entry));
    if (const auto* account = std::get_if<ledger::AccountId>(&subject)) {
        const auto movement = movement_of(chain.spec(), transaction, place.height, *account);
        json.write_name("received");
        json.write_number(movement.received);
        json.write_name("spent");
        json.write_number(movement.spent);
    }
    json.write_raw_field("transaction", ledger::to_json(chain.id(), transaction));
    json.end_object();
    return json.take();
}

/// Writes the page that `question` asks for as `name`, and the links to its neighbours.
Outcome write_page(const Call& call, std::string_view name, const IndexQuestion& question) {
    if (question.from && question.before)
        return two_ends();
    const auto& chain = call.view.chain();
    const bool is_back = question.before.has_value();
    const CutList list{chain, question, is_back ? question.before : question.from};
    // One more than the page holds, so that it is known whether more follow.
    const auto wanted = question.count + 1;
    const auto places = is_back ? list.backwards(wanted) : list.onwards(wanted);
    const auto other = is_back ? list.onwards(1) : list.backwards(1);
    if (!places || !other)
        return unreadable();
    Page page{is_back ? PageDirection::backwards : PageDirection::onwards, question.count};
    BlockReader reader{chain};
    while (!page.is_full() && page.size() < places->size() &&
           reader.bytes_read() <= page_block_bytes_max) {
        auto entry = entry_json(chain, question.subject, (*places)[page.size()], reader);
        if (!entry)
            return entry.error();
        page.add(std::move(*entry));
    }
    page.write(call.reply, name);

    // A page of nothing, asked for as such, leads nowhere: who follows it would get it again.
    if (question.count == 0)
        return Done{};
    PageLinks<std::string> links;
    const bool has_more = page.size() < places->size();
    if (is_back) {
        if (!other->empty())
            links.next = to_text(other->front());
        if (has_more)
            links.previous = to_text((*places)[page.size() - 1]);
    } else {
        if (has_more)
            links.next = to_text((*places)[page.size()]);
        if (!other->empty())
            links.previous = to_text(places->empty() ? list.cut() : places->front());
    }
    write_links(call.reply, links);
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
    return write_page(call, "transactions", question_of(*account, request));
}

Outcome records(const Call& call, const RecordsRequest& request) {
    const chain::RecordSubject subject{.stream = request.stream, .key = request.key};
    return write_page(call, "records", question_of(subject, request));
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
