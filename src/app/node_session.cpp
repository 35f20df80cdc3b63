#include "src/app/node_session.hpp"

#include "cairn/ledger/chain_spec.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::app {

namespace {

using codec::Json;

/// A node keeps no `wait` open for longer.
constexpr std::chrono::milliseconds wait_max{60'000};

/// What the genesis block's coinbase, which carries the chain spec, says of the chain.
void read_spec(const Json& reply, ChainFacts& facts) {
    const auto* block = reply.find("block");
    const auto* transactions = block != nullptr ? block->find("data") : nullptr;
    if (transactions == nullptr || transactions->if_array() == nullptr ||
        transactions->if_array()->empty())
        return;
    const auto* spec = transactions->if_array()->front().find("body");
    if (spec == nullptr)
        return;
    facts.prefix = text_field(*spec, "prefix").value_or("");
    const auto* development = spec->find("development");
    facts.is_development =
        development != nullptr && development->if_bool() != nullptr && *development->if_bool();
}

/// `hint` with the commands of the text protocol as a shell takes them.
std::string as_commands(std::string hint, const Endpoint& endpoint) {
    const auto probe = "cairn probe " + to_string(endpoint) + " ";
    const std::array<std::pair<std::string_view, std::string>, 6> commands{
        {{"help command=", probe + "help command="},
         {"help lists", probe + "help lists"},
         {"status tells", probe + "status tells"},
         {"explain block=", "cairn explain "},
         {"explain tells", "cairn explain ID tells"},
         {"estimate_fee tells", "cairn estimate-fee tells"}}};
    for (const auto& [asked, typed] : commands) {
        const auto place = hint.find(asked);
        if (place != std::string::npos)
            return hint.replace(place, asked.size(), typed);
    }
    return hint;
}

}  // namespace

Result<Json, codec::JsonError> parse_reply(std::string_view text) {
    // A page of blocks holds more values than a request may; each takes at least two bytes.
    return codec::parse_json(text, {.bytes = 10'000'000, .values = 5'000'000});
}

bool is_error(const Json& reply) {
    return text_field(reply, "type") == "error";
}

std::optional<std::string> text_field(const Json& object, std::string_view name) {
    const auto* field = object.find(name);
    if (field == nullptr || field->if_text() == nullptr)
        return std::nullopt;
    return *field->if_text();
}

std::optional<std::uint64_t> number_field(const Json& object, std::string_view name) {
    const auto* field = object.find(name);
    if (field == nullptr || field->if_unsigned() == nullptr)
        return std::nullopt;
    return *field->if_unsigned();
}

NodeSession::NodeSession(TextClient client, Endpoint endpoint, Duration timeout)
    : client_{std::move(client)}, endpoint_{std::move(endpoint)}, timeout_{timeout} {}

Result<NodeSession, Failure> NodeSession::open(const Endpoint& endpoint, Duration timeout) {
    auto client = TextClient::connect(endpoint, timeout);
    if (!client)
        return tl::unexpected{describe(client.error(), endpoint)};
    return NodeSession{std::move(*client), endpoint, timeout};
}

Failure NodeSession::not_understood(std::string_view what) const {
    return data_failure(
        rpc::UsageRule::bad_answer,
        to_string(endpoint_) + " gave an answer without " + std::string{what},
        "an answer with " + std::string{what},
        "one without",
        "it is no Cairn node, or of another version; see: cairn probe " +
            std::to_string(endpoint_.port) + " status"
    );
}

Result<Json, Failure> NodeSession::ask(const Json& request) {
    return ask_within(request, timeout_);
}

Result<Json, Failure> NodeSession::ask_within(const Json& request, Duration timeout) {
    const auto text = client_.exchange(codec::to_text(request), timeout);
    if (!text)
        return tl::unexpected{describe(text.error(), endpoint_)};
    auto reply = parse_reply(*text);
    if (!reply)
        return tl::unexpected{not_understood("JSON")};
    if (is_error(*reply)) {
        auto failure = failure_of(*reply);
        failure.message.insert(0, to_string(endpoint_) + " refused: ");
        failure.hint = as_commands(std::move(failure.hint), endpoint_);
        return tl::unexpected{std::move(failure)};
    }
    return std::move(*reply);
}

Result<ChainFacts, Failure> NodeSession::chain() {
    const auto status = ask(Json::object({{"type", Json{"status"}}}));
    if (!status)
        return tl::unexpected{status.error()};
    const auto id = fixed_from_hex<ChainId>(text_field(*status, "chain_id").value_or(""));
    if (!id)
        return tl::unexpected{not_understood("a chain_id")};
    ChainFacts facts{.name = text_field(*status, "chain").value_or(""), .id = *id};
    if (const auto spec = ledger::built_in_chain(facts.name)) {
        facts.prefix = spec->prefix;
        facts.is_development = spec->development;
    } else {
        const auto genesis = ask(Json::object({{"type", Json{"get_block"}}, {"height", Json{0}}}));
        if (!genesis)
            return tl::unexpected{genesis.error()};
        read_spec(*genesis, facts);
    }
    if (const auto prefix = text_field(*status, "prefix"))
        facts.prefix = *prefix;
    if (facts.prefix.empty())
        return tl::unexpected{not_understood("an address prefix")};
    return facts;
}

Result<TxId, Failure> NodeSession::push(
    const ChainId& chain, const ledger::Transaction& transaction
) {
    const auto reply = ask(Json::object(
        {{"type", Json{"push_transaction"}},
         {"hex", Json{to_hex(codec::encode(transaction))}},
         {"replace", Json{false}}}
    ));
    if (!reply)
        return tl::unexpected{reply.error()};
    const auto id = ledger::transaction_id(chain, transaction);
    if (text_field(*reply, "transaction") != to_hex(id))
        return tl::unexpected{not_understood("the transaction's id")};
    return id;
}

Result<Confirmation, Failure> NodeSession::wait_for(
    const TxId& id, std::uint64_t confirmations, Duration patience
) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    Confirmation result;
    while (!result.is_reached) {
        const auto left =
            std::chrono::duration_cast<Duration>(deadline - std::chrono::steady_clock::now());
        if (left <= Duration::zero())
            break;
        const auto step = std::min(left, wait_max);
        const auto reply = ask_within(
            Json::object(
                {{"type", Json{"wait"}},
                 {"transaction", Json{to_hex(id)}},
                 {"confirmations", Json{confirmations}},
                 {"timeout_ms", Json{step.count()}}}
            ),
            step + timeout_
        );
        if (!reply)
            return tl::unexpected{reply.error()};
        const auto* reached = reply->find("reached");
        if (reached == nullptr || reached->if_bool() == nullptr)
            return tl::unexpected{not_understood("reached")};
        result.is_reached = *reached->if_bool();
        result.confirmations = number_field(*reply, "confirmations").value_or(0);
    }
    const auto place =
        ask(Json::object({{"type", Json{"get_transaction"}}, {"transaction", Json{to_hex(id)}}}));
    if (!place)
        return tl::unexpected{place.error()};
    // The chain may have gone on since the last answer.
    result.confirmations = number_field(*place, "confirmations").value_or(result.confirmations);
    result.height = number_field(*place, "height");
    result.block = text_field(*place, "block");
    return result;
}

Result<NodeSession, Failure> open_session(const std::string& node, std::uint64_t timeout_seconds) {
    const auto endpoint = parse_endpoint(node);
    if (!endpoint)
        return tl::unexpected{endpoint.error()};
    return NodeSession::open(*endpoint, std::chrono::seconds{timeout_seconds});
}

}  // namespace cairn::app
