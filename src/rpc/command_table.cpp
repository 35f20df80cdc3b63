#include "src/rpc/commands.hpp"

#include "cairn/rpc/shapes.hpp"

#include <algorithm>
#include <numeric>

namespace cairn::rpc {

namespace {

/// A request among its envelope's fields.
template <class Request>
struct Arguments {
    Request request;

    void load(codec::JsonReader& archive) {
        archive.begin_object();
        for (const auto* name : envelope_fields)
            archive.ignore_field(name);
        archive(codec::flat(request));
        archive.end_object();
    }
};

template <class Request, Outcome (*function)(const Call&, const Request&)>
Outcome run(const Call& call, const codec::Json& json) {
    const auto arguments = codec::from_json<Arguments<Request>>(json);
    if (!arguments)
        return bad_field(arguments.error());
    return function(call, arguments->request);
}

struct Row {
    std::string_view name;
    std::string_view alias;
    Access access = Access::read;
    std::string_view help;
};

template <class Request, Outcome (*function)(const Call&, const Request&)>
Command make_command(const Row& row) {
    return {
        .name = row.name,
        .alias = row.alias,
        .access = row.access,
        .changes = row.access == Access::control || std::is_same_v<Request, PushRequest>,
        .help = row.help,
        .reply = reply_shape(row.name),
        .arguments = describe_arguments<Request>(),
        .run = run<Request, function>,
    };
}

constexpr auto read = Access::read;
constexpr auto control = Access::control;

std::vector<Command> chain_rows() {
    return {
        make_command<NoArguments, ping>({"ping", "", read, "Answers, and does nothing else."}),
        make_command<HelpRequest, help>({"help", "", read, "Lists the commands, or tells of one."}),
        make_command<NoArguments, status>(
            {"status", "", read, "What this node is, where its chain stands, what it does."}
        ),
        make_command<ChainRequest, get_chain>(
            {"get_chain", "", read, "Blocks of the active chain from a height upwards."}
        ),
        make_command<BlockRequest, get_block>(
            {"get_block", "", read, "One block, by height or by hash."}
        ),
        make_command<BlockTransactionsRequest, block_transactions>(
            {"block_transactions",
             "",
             read,
             "Transactions of one block, by height or by hash, page by page."}
        ),
        make_command<HeadersRequest, get_headers>(
            {"get_headers", "", read, "Headers of the active chain from a height upwards."}
        ),
        make_command<BranchesRequest, branches>(
            {"branches", "", read, "The tips of all branches, with the blocks above their forks."}
        ),
        make_command<TransactionRequest, get_transaction>(
            {"get_transaction", "", read, "One transaction, on the chain or waiting."}
        ),
        make_command<TransactionRequest, confirmations>(
            {"confirmations", "", read, "How deep a transaction stands: 0 waiting, 1 in the tip."}
        ),
        make_command<BalanceRequest, balance>(
            {"balance", "", read, "What an account has, so many confirmations deep."}
        ),
        make_command<HistoryRequest, history>(
            {"history", "", read, "What concerns an account on the chain, page by page."}
        ),
        make_command<RecordsRequest, records>(
            {"records", "", read, "Records of a stream, or of one key in it, page by page."}
        ),
        make_command<TransactionRequest, get_proof>(
            {"get_proof", "", read, "A transaction's bytes and its path to the block's root."}
        ),
        make_command<NumberedPageRequest, mempool>(
            {"mempool", "unprocessed", read, "Transactions that wait for a block."}
        ),
    };
}

std::vector<Command> node_rows() {
    return {
        make_command<NoArguments, estimate_fee>(
            {"estimate_fee", "", read, "Fees that are enough for the next 1, 3 and 10 blocks."}
        ),
        make_command<PushRequest, push_transaction>(
            {"push_transaction", "", read, "Hands in a signed transaction."}
        ),
        make_command<NumberedPageRequest, peers>(
            {"peers", "", read, "The nodes we are linked with."}
        ),
        make_command<NumberedPageRequest, nodes>(
            {"nodes", "", read, "Addresses of nodes that were reached lately."}
        ),
        make_command<ValidateRequest, validate>(
            {"validate", "", read, "Checks every block again from disk."}
        ),
        make_command<WaitRequest, wait>(
            {"wait", "", read, "Answers when a height or a transaction's depth is reached."}
        ),
        make_command<ExplainRequest, explain>(
            {"explain", "", read, "What a code means, or what became of a transaction or block."}
        ),
        make_command<MineRequest, mine_block>(
            {"mine_block", "", control, "Mines blocks now, with data in the first's coinbase."}
        ),
        make_command<AddressRequest, add_peer>(
            {"add_peer", "", control, "Dials a node and keeps the link."}
        ),
        make_command<AddressRequest, drop_peer>(
            {"drop_peer", "", control, "Closes the link to a node."}
        ),
        make_command<InvalidateRequest, invalidate_block>(
            {"invalidate_block", "", control, "Leaves a block and all that rest on it."}
        ),
        make_command<NoArguments, shutdown>(
            {"shutdown", "", control, "Says goodbye, flushes and ends the node."}
        ),
    };
}

std::vector<Command> make_table() {
    auto table = chain_rows();
    auto rest = node_rows();
    std::move(rest.begin(), rest.end(), std::back_inserter(table));
    return table;
}

/// The least number of letters to put in, take out or change (Levenshtein 1965).
std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        auto diagonal = row.front();
        row.front() = i + 1;
        for (std::size_t j = 0; j < right.size(); ++j) {
            const auto changed = diagonal + (left[i] == right[j] ? 0U : 1U);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string_view to_string(Access access) {
    switch (access) {
        case Access::read:
            return "read";
        case Access::control:
            return "control";
    }
    return "control";
}

const std::vector<Command>& command_table() {
    static const auto table = make_table();
    return table;
}

const Command* find_command(std::string_view name) {
    const auto& table = command_table();
    const auto place = std::find_if(table.begin(), table.end(), [name](const Command& command) {
        return command.name == name || (!command.alias.empty() && command.alias == name);
    });
    return place == table.end() ? nullptr : &*place;
}

std::string_view most_similar(std::string_view word, std::span<const std::string_view> candidates) {
    // A long word is like none, and comparing it would cost its length each time.
    if (word.empty() || word.size() > 2 * echo_max)
        return {};
    std::string_view best;
    auto least = word.size() / 3 + 1;
    for (const auto candidate : candidates) {
        const auto distance = edit_distance(word, candidate);
        if (distance < least) {
            least = distance;
            best = candidate;
        }
    }
    return best;
}

std::string_view similar_command(std::string_view name) {
    std::vector<std::string_view> names;
    for (const auto& command : command_table()) {
        names.push_back(command.name);
        if (!command.alias.empty())
            names.push_back(command.alias);
    }
    return most_similar(name, names);
}

}  // namespace cairn::rpc
