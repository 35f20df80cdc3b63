#include "cairn/metrics/exposition.hpp"

#include "src/metrics/families.hpp"
#include "src/metrics/process.hpp"

#include "cairn/consensus/target.hpp"
#include "cairn/execution/execute.hpp"
#include "cairn/http/error_reply.hpp"
#include "cairn/wire/envelope.hpp"

#include <prometheus/text_serializer.h>

#include <cstdlib>
#include <utility>

namespace cairn::metrics {

namespace {

using prometheus::MetricType;

constexpr double microseconds_per_second = 1e6;
constexpr double milliseconds_per_second = 1e3;

double to_double(std::uint64_t number) {
    return static_cast<double>(number);
}

void add_chain(Families& families, const node::NodeView& view) {
    const auto& chain = view.chain();
    const auto& tip = chain.tip();
    families.add_gauge(
        "cairn_chain_height", "Height of the active chain's tip.", to_double(tip.height().value)
    );
    families.add_gauge(
        "cairn_chain_header_height",
        "Height of the best header, whose blocks may still be missing.",
        to_double(chain.best_header().height().value)
    );
    // Decimal, because it may exceed 64 bits; a sample holds its first 15 digits.
    const auto difficulty = consensus::to_decimal(chain.engine().work_of(tip.head.header));
    families.add_gauge(
        "cairn_difficulty",
        "Hashes that the tip is expected to have cost.",
        std::strtod(difficulty.c_str(), nullptr)
    );
    families.add_gauge(
        "cairn_syncing",
        "1 while the node catches up with its peers, else 0.",
        view.is_syncing() ? 1.0 : 0.0
    );
    const auto& counts = view.chain_counts();
    families.begin(
        "cairn_block_interval_seconds",
        "Time between a block that joined the active chain and its parent, by their headers.",
        MetricType::Histogram
    );
    families.add_histogram({}, counts.intervals_ms(), milliseconds_per_second);
    families.add_counter(
        "cairn_reorgs_total",
        "Reorganisations of the active chain.",
        to_double(counts.depths().count())
    );
    families.begin(
        "cairn_reorg_depth", "Blocks that a reorganisation left.", MetricType::Histogram
    );
    families.add_histogram({}, counts.depths(), 1);
}

void add_validation(Families& families, const ValidationTimes& times) {
    families.begin(
        "cairn_block_validation_seconds",
        "Time to validate a block: stage check on a worker, stage connect on the chain.",
        MetricType::Histogram
    );
    families.add_histogram({{"stage", "check"}}, times.check, microseconds_per_second);
    families.add_histogram({{"stage", "connect"}}, times.connect, microseconds_per_second);
}

void add_pool(Families& families, const node::NodeView& view) {
    families.add_gauge(
        "cairn_mempool_txs", "Transactions that wait in the mempool.", to_double(view.pool().size())
    );
    families.add_gauge(
        "cairn_mempool_bytes",
        "Size of the transactions that wait in the mempool.",
        to_double(view.pool().bytes())
    );
}

void add_peers(Families& families, const node::NodeView& view) {
    std::uint64_t inbound = 0;
    std::uint64_t outbound = 0;
    for (const auto& peer : view.peers())
        ++(peer.direction == node::Direction::inbound ? inbound : outbound);
    families.begin("cairn_peers", "Peers by who dialled.", MetricType::Gauge);
    families.add_sample({{"direction", "inbound"}}, to_double(inbound));
    families.add_sample({{"direction", "outbound"}}, to_double(outbound));
    const std::pair<std::string, const node::MessageCounts*> ways[] = {
        {"in", &view.received()}, {"out", &view.sent()}};
    families.begin(
        "cairn_p2p_messages_total",
        "Messages exchanged with peers and trackers.",
        MetricType::Counter
    );
    for (const auto& [way, counts] : ways) {
        for (const auto type : wire::all_message_types())
            families.add_sample(
                {{"type", std::string{wire::to_string(type)}}, {"dir", way}},
                to_double(counts->of(type).messages)
            );
        families.add_sample(
            {{"type", "unknown"}, {"dir", way}}, to_double(counts->unknown().messages)
        );
    }
    families.begin(
        "cairn_p2p_bytes_total",
        "Bytes of the frames exchanged with peers and trackers.",
        MetricType::Counter
    );
    for (const auto& [way, counts] : ways)
        families.add_sample({{"dir", way}}, to_double(counts->total().bytes));
}

/// Adds the names of an enumeration, which ends with `last`, so that each rule is there from the
/// start: a rate needs a sample before the first refusal.
template <class Enumeration>
void add_rules(node::RuleCounts& counts, const std::string& module, Enumeration last) {
    for (std::uint8_t number = 0; number <= static_cast<std::uint8_t>(last); ++number)
        counts.try_emplace(
            module + "." + std::string{to_string(static_cast<Enumeration>(number))}, 0
        );
}

void add_refusals(Families& families, const node::NodeView& view) {
    auto counts = view.refused();
    add_rules(counts, "chain", chain::BlockRule::unreadable);
    add_rules(counts, "consensus", consensus::HeaderError::not_enough_work);
    add_rules(counts, "execution", execution::ExecutionRule::fee_overflow);
    add_rules(counts, "execution", execution::TransactionError::balance_overflow);
    add_rules(counts, "mempool", mempool::MempoolError::pool_full);
    add_rules(counts, "transaction", execution::TransactionError::balance_overflow);
    families.begin(
        "cairn_rejected_total",
        "Transactions and blocks refused, by the rule as explain tells it.",
        MetricType::Counter
    );
    for (const auto& [rule, count] : counts)
        families.add_sample({{"rule", rule}}, to_double(count));
}

void add_mining(Families& families, const node::NodeView& view) {
    const auto mining = view.mining();
    families.add_counter(
        "cairn_hashes_total", "Nonces tried by this node's miner.", to_double(mining.hashes)
    );
    families.add_counter(
        "cairn_blocks_mined_total",
        "Blocks found by this node's miner.",
        to_double(mining.blocks_found)
    );
}

void add_process(Families& families, double started) {
    const auto facts = read_process();
    families.add_counter(
        "process_cpu_seconds_total",
        "Processor time of all threads, user and system.",
        facts.processor_seconds
    );
    families.add_gauge(
        "process_resident_memory_bytes",
        "Memory of the process that is in RAM.",
        to_double(facts.resident_bytes)
    );
    families.add_gauge(
        "process_virtual_memory_bytes",
        "Address space of the process.",
        to_double(facts.virtual_bytes)
    );
    families.add_gauge(
        "process_open_fds", "Open file descriptors.", to_double(facts.open_descriptors)
    );
    families.add_gauge(
        "process_max_fds", "Most file descriptors at once.", to_double(facts.descriptors_max)
    );
    families.add_gauge(
        "process_start_time_seconds", "Start of the process since 1970, in seconds.", started
    );
}

}  // namespace

Exposition::Exposition(const node::NodeView& view, const ValidationTimes& times, Build build)
    : view_{view}, times_{times}, build_{std::move(build)}, started_{process_start_seconds()} {}

std::string Exposition::text() const {
    Families families{view_.chain().spec().name};
    add_chain(families, view_);
    add_validation(families, times_);
    add_pool(families, view_);
    add_peers(families, view_);
    add_refusals(families, view_);
    add_mining(families, view_);
    families.begin("cairn_build_info", "Which program this is; always 1.", MetricType::Gauge);
    families.add_sample({{"version", build_.version}, {"commit", build_.commit}}, 1);
    add_process(families, started_);
    return prometheus::TextSerializer{}.Serialize(families.all());
}

http::Route make_route(const Exposition& exposition, bool open_probe) {
    const auto decide = [&exposition, open_probe](
                            const http::HttpRequest& request, std::string_view
                        ) -> http::Decision {
        if (!request.is_loopback && !open_probe)
            return http::error_reply(http::stranger(
                "Metrics are served to this machine alone.",
                "Start the node with --open-probe to let others read."
            ));
        return http::HttpReply{
            .content_type = std::string{content_type}, .body = exposition.text()};
    };
    return {.method = "GET", .path = "/metrics", .decide = decide};
}

}  // namespace cairn::metrics
