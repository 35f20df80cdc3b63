#include "src/app/file.hpp"
#include "src/app/node_session.hpp"
#include "src/app/receipt_command.hpp"

#include "cairn/crypto/sha256.hpp"
#include "cairn/receipt/receipt.hpp"
#include "cairn/rpc/rules.hpp"

#include <algorithm>
#include <charconv>
#include <ostream>

namespace cairn::app {

namespace {

using codec::Json;
using std::chrono::seconds;

/// What one request may ask for (spec 02 §4).
constexpr std::uint64_t page_headers_max = 2'000;
/// How often a receipt is put together again when the chain reorganises meanwhile.
constexpr int attempts_max = 3;

/// The height at which the receipt begins: so far below the checkpoint that the time rule of its
/// child can be checked.
Result<Height, Failure> first_height(const std::string& checkpoint) {
    if (checkpoint.empty())
        return Height{1};
    std::uint64_t height = 0;
    const auto* end = checkpoint.data() + checkpoint.size();
    const auto [stop, error] = std::from_chars(checkpoint.data(), end, height);
    if (error != std::errc{} || stop != end || height > quantity_max)
        return tl::unexpected{
            bad_value("--checkpoint takes the height of a block", "a height", checkpoint)};
    const auto below = receipt::checkpoint_headers - 1;
    return Height{height > below ? height - below : 1};
}

/// Puts a receipt together out of a node's answers.
class Collector {
  public:
    Collector(NodeSession& session, std::string transaction)
        : session_{session}, transaction_{std::move(transaction)} {}

    [[nodiscard]] Result<receipt::Receipt, Failure> collect(Height first) {
        receipt::Receipt receipt;
        for (const auto step : {&Collector::read_genesis, &Collector::read_proof}) {
            if (const auto done = (this->*step)(receipt); !done)
                return tl::unexpected{done.error()};
        }
        if (receipt.height < first)
            return tl::unexpected{Failure{
                .code = ExitCode::data,
                .message = "the record stands below the headers of that checkpoint",
                .rule =
                    "receipt." + std::string{to_string(receipt::ReceiptError::wrong_checkpoint)},
                .expected = "a record at height " + std::to_string(first.value) + " or above",
                .actual = "height " + std::to_string(receipt.height.value),
                .hint = "choose an earlier --checkpoint"}};
        if (const auto done = read_headers(first, receipt); !done)
            return tl::unexpected{done.error()};
        return receipt;
    }

  private:
    using Step = Result<void, Failure>;

    /// Id, spec and first header of the chain.
    [[nodiscard]] Step read_genesis(receipt::Receipt& receipt) {
        const auto chain = session_.chain();
        if (!chain)
            return tl::unexpected{chain.error()};
        receipt.chain = chain->id;
        const auto block =
            session_.ask(Json::object({{"type", Json{"get_block"}}, {"height", Json{0}}}));
        if (!block)
            return tl::unexpected{block.error()};
        const auto* fields = block->find("block");
        const auto* data = fields != nullptr ? fields->find("data") : nullptr;
        if (data == nullptr || data->if_array() == nullptr || data->if_array()->empty())
            return not_understood();
        const auto* spec = data->if_array()->front().find("body");
        if (spec == nullptr)
            return not_understood();
        receipt.spec.value = *spec;
        std::vector<receipt::RawHeader> genesis;
        if (const auto read = read_page(Height{0}, 1, genesis); !read)
            return tl::unexpected{read.error()};
        if (genesis.empty())
            return not_understood();
        receipt.genesis = genesis.front();
        return {};
    }

    /// The transaction and its path.
    [[nodiscard]] Step read_proof(receipt::Receipt& receipt) {
        const auto proof = session_.ask(
            Json::object({{"type", Json{"get_proof"}}, {"transaction", Json{transaction_}}})
        );
        if (!proof)
            return tl::unexpected{proof.error()};
        const auto id = fixed_from_hex<TxId>(transaction_);
        const auto bytes = from_hex(text_field(*proof, "bytes").value_or(""));
        const auto* path = proof->find("path");
        if (!id || !bytes || path == nullptr || path->if_array() == nullptr)
            return not_understood();
        for (const auto& node : *path->if_array()) {
            const auto* digits = node.if_text();
            const auto hash =
                digits != nullptr ? fixed_from_hex<Hash256>(*digits) : std::optional<Hash256>{};
            if (!hash)
                return not_understood();
            receipt.path.push_back(*hash);
        }
        receipt.height = Height{number_field(*proof, "height").value_or(0)};
        receipt.index = number_field(*proof, "index").value_or(0);
        receipt.count = number_field(*proof, "count").value_or(0);
        receipt.transaction = *id;
        receipt.bytes = *bytes;
        const auto transaction = codec::decode<ledger::Transaction>(*bytes);
        const auto* record =
            transaction ? std::get_if<ledger::Record>(&transaction->payload) : nullptr;
        if (record == nullptr)
            return tl::unexpected{not_a_record(transaction_)};
        receipt.digest = crypto::sha256(record->body);
        return {};
    }

    /// All headers from `first` to the tip.
    [[nodiscard]] Step read_headers(Height first, receipt::Receipt& receipt) {
        const auto* engine = receipt.spec.value.find("engine");
        const auto* retarget = engine != nullptr ? engine->find("retarget") : nullptr;
        const bool has_clock = first > Height{1} && retarget != nullptr &&
                               retarget->if_bool() != nullptr && *retarget->if_bool();
        for (std::size_t before = 0;; before = receipt.headers.size()) {
            const Height from{first.value + before};
            const auto clock = read_page(from, page_headers_max, receipt.headers);
            if (!clock)
                return tl::unexpected{clock.error()};
            if (before == 0 && has_clock)
                receipt.clock = *clock;
            if (receipt.headers.size() > receipt::headers_max)
                return tl::unexpected{Failure{
                    .code = ExitCode::data,
                    .message = "a receipt cannot hold that many headers",
                    .rule = "codec." + std::string{to_string(codec::DecodeError::too_many)},
                    .expected = "at most " + std::to_string(receipt::headers_max) + " headers",
                    .actual = "more",
                    .hint = "begin later: --checkpoint HEIGHT"}};
            if (receipt.headers.size() < before + page_headers_max)
                return {};
        }
    }

    /// Appends at most `count` headers from `from`; the clock of the first.
    [[nodiscard]] Result<std::string, Failure> read_page(
        Height from, std::uint64_t count, std::vector<receipt::RawHeader>& headers
    ) {
        const auto page = session_.ask(Json::object(
            {{"type", Json{"get_headers"}},
             {"from", Json{from}},
             {"count", Json{count}},
             {"raw", Json{true}}}
        ));
        if (!page)
            return tl::unexpected{page.error()};
        const auto* list = page->find("headers");
        if (list == nullptr || list->if_array() == nullptr)
            return not_understood();
        for (const auto& header : *list->if_array()) {
            const auto* digits = header.if_text();
            auto bytes = digits != nullptr ? from_hex(*digits) : std::optional<Bytes>{};
            if (!bytes)
                return not_understood();
            headers.push_back({std::move(*bytes)});
        }
        return text_field(*page, "clock").value_or("");
    }

    [[nodiscard]] tl::unexpected<Failure> not_understood() const {
        return tl::unexpected{session_.not_understood("what a receipt needs")};
    }

    NodeSession& session_;
    std::string transaction_;
};

/// What the reader will know of the receipt's checkpoint, if it has one.
std::optional<receipt::Checkpoint> checkpoint_of(const receipt::Receipt& receipt, Height first) {
    const auto trusted = receipt::checkpoint_headers - 1;
    if (first == Height{1} || receipt.headers.size() <= trusted)
        return std::nullopt;
    const auto hash = crypto::sha256d(receipt.headers[trusted].bytes).as<BlockHash>();
    return receipt::Checkpoint{.height = Height{first.value + trusted}, .hash = hash};
}

/// A receipt that its own rules accept: the chain may have changed between the answers.
Result<receipt::Receipt, Failure> collect_sound(
    NodeSession& session, const std::string& transaction, Height first
) {
    std::string rule;
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
        auto receipt = Collector{session, transaction}.collect(first);
        if (!receipt)
            return receipt;
        const receipt::Expectation expected{
            .chain = receipt->chain,
            .checkpoint = checkpoint_of(*receipt, first),
            .confirmations = 1,
            .document = {}};
        const auto proven = receipt::verify(*receipt, expected);
        if (proven)
            return receipt;
        rule = "receipt." + std::string{receipt::to_string(proven.error())};
    }
    const std::string meaning{rpc::find_rules(rule).front().meaning};
    return tl::unexpected{Failure{
        .code = ExitCode::data,
        .message = "the node's answers do not fit together: " + meaning,
        .rule = rule,
        .expected = "answers that make a sound receipt",
        .actual = "others, " + std::to_string(attempts_max) + " times",
        .hint = "try again, or ask another --node"}};
}

/// Errors: `timeout` while the record waits for a block.
Result<void, Failure> check_confirmed(NodeSession& session, const std::string& transaction) {
    const auto reply = session.ask(
        Json::object({{"type", Json{"get_transaction"}}, {"transaction", Json{transaction}}})
    );
    if (!reply)
        return tl::unexpected{reply.error()};
    if (text_field(*reply, "status") == "pending")
        return failed(ExitCode::timeout, "the record still waits for a block - try again later");
    return {};
}

/// Tells what stands in the file `name`.
void write_summary(
    const std::string& name,
    const receipt::Receipt& receipt,
    Height first,
    const ReceiptGetOptions& options,
    std::ostream& out
) {
    const auto confirmations = first.value + receipt.headers.size() - receipt.height.value;
    std::string trusted;
    if (const auto checkpoint = checkpoint_of(receipt, first))
        trusted = std::to_string(checkpoint->height.value) + ":" + to_hex(checkpoint->hash);
    if (options.json) {
        auto summary = Json::object(
            {{"receipt", Json{name}},
             {"transaction", Json{options.transaction}},
             {"digest", Json{to_hex(receipt.digest)}},
             {"chain", Json{to_hex(receipt.chain)}},
             {"confirmations", Json{confirmations}}}
        );
        if (!trusted.empty())
            summary.set("checkpoint", Json{trusted});
        out << codec::to_text(summary) << '\n';
        return;
    }
    out << "receipt        " << name << '\n'
        << "digest         " << to_hex(receipt.digest) << '\n'
        << "chain          " << to_hex(receipt.chain) << '\n'
        << "confirmations  " << confirmations << '\n';
    if (!trusted.empty())
        out << "checkpoint     " << trusted << '\n';
}

}  // namespace

int run_receipt_get(const ReceiptGetOptions& options, std::ostream& out, std::ostream& errors) {
    const auto fail = [&](const Failure& failure) {
        return report(failure, options.json, out, errors);
    };
    if (const auto checked = check_transaction_id(options.transaction); !checked)
        return fail(checked.error());
    const auto endpoint = parse_endpoint(options.node);
    if (!endpoint)
        return fail(endpoint.error());
    const auto name = options.output.empty()
                          ? "receipt-" + options.transaction.substr(0, 16) + ".json"
                          : options.output;
    if (const auto is_new = check_new_file(name); !is_new)
        return fail(is_new.error());
    const auto first = first_height(options.checkpoint);
    if (!first)
        return fail(first.error());
    auto session = NodeSession::open(*endpoint, seconds{options.timeout_seconds});
    if (!session)
        return fail(session.error());
    if (const auto confirmed = check_confirmed(*session, options.transaction); !confirmed)
        return fail(confirmed.error());
    const auto receipt = collect_sound(*session, options.transaction, *first);
    if (!receipt)
        return fail(receipt.error());
    if (const auto written = write_new_file(name, receipt::to_text(*receipt)); !written)
        return fail(written.error());
    if (name != "-")
        write_summary(name, *receipt, *first, options, out);
    return status_of(ExitCode::ok);
}

}  // namespace cairn::app
