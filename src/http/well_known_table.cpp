#include "src/http/well_known.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/rpc/command.hpp"

namespace cairn::http {

namespace {

using Kind = WellKnownKind;

constexpr std::string_view all_blocks =
    "{type: 'get_chain', length: number, from: number, chain: [Block], "
    "next?: number, previous?: number}";

constexpr std::array<WellKnownParameter, 2> page{
    WellKnownParameter{.name = "from", .argument = "from"},
    WellKnownParameter{.name = "count", .argument = "count"}};

constexpr std::array rows{
    WellKnown{
        .method = "GET",
        .path = "/running",
        .command = "ping",
        .summary = "The word running.",
        .kind = Kind::running,
        .reply = "text"},
    WellKnown{
        .method = "GET",
        .path = "/nodes",
        .command = "nodes",
        .summary = "Addresses of nodes that were reached lately.",
        .part = "nodes",
        .reply = "[text]"},
    WellKnown{
        .method = "GET",
        .path = "/register",
        .command = "add_peer",
        .summary = "Dials the node at url and keeps the link.",
        .parameters = {WellKnownParameter{
            .name = "url", .argument = "address", .is_required = true}}},
    WellKnown{
        .method = "GET",
        .path = "/block",
        .command = "get_block",
        .summary = "One block, by its height.",
        .parameters = {WellKnownParameter{
            .name = "index", .argument = "height", .is_required = true}},
        .part = "block",
        .reply = "Block"},
    WellKnown{
        .method = "GET",
        .path = "/blockchain",
        .command = "get_chain",
        .summary = "All blocks as a list, or a part of them.",
        .kind = Kind::blocks,
        .parameters = page,
        .part = "chain",
        .reply = "[Block]"},
    WellKnown{
        .method = "GET",
        .path = "/chainlength",
        .command = "get_chain",
        .summary = "The number of blocks, genesis included.",
        .part = "length",
        .reply = "number"},
    WellKnown{
        .method = "PUT",
        .path = "/pushtx",
        .command = "push_transaction",
        .summary = "Hands in a signed transaction.",
        .kind = Kind::body},
    WellKnown{
        .method = "POST",
        .path = "/pushtx",
        .command = "push_transaction",
        .summary = "Hands in a signed transaction.",
        .kind = Kind::body},
    WellKnown{
        .method = "GET",
        .path = "/unprocessed",
        .command = "mempool",
        .summary = "Transactions that wait for a block, the oldest first.",
        .part = "transactions",
        .reply = "[Transaction]"},
    WellKnown{
        .method = "GET",
        .path = "/balance",
        .command = "balance",
        .summary = "What an account has, in pebbles.",
        .parameters =
            {WellKnownParameter{.name = "address", .argument = "address", .is_required = true},
             WellKnownParameter{.name = "confirmations", .argument = "confirmations"}},
        .part = "balance",
        .reply = "number"},
    WellKnown{
        .method = "GET",
        .path = "/confirmations",
        .command = "confirmations",
        .summary = "How deep a transaction stands.",
        .parameters = {WellKnownParameter{
            .name = "transaction_id", .argument = "transaction", .is_required = true}},
        .part = "confirmations",
        .reply = "number"},
    WellKnown{
        .method = "POST",
        .path = "/inject",
        .command = "push_transaction",
        .summary = "Hands in a signed transaction.",
        .kind = Kind::body},
    WellKnown{
        .method = "GET",
        .path = "/leap",
        .command = "mine_block",
        .summary = "Mines a block and gives it.",
        .kind = Kind::mined,
        .reply = "Block"},
    WellKnown{
        .method = "GET",
        .path = "/chain",
        .command = "get_chain",
        .summary = "All blocks and their number, or a part of them.",
        .kind = Kind::chain,
        .parameters = page,
        .reply = all_blocks},
    WellKnown{
        .method = "GET",
        .path = "/discover",
        .command = "nodes",
        .summary = "Addresses of nodes that were reached lately."},
    WellKnown{
        .method = "POST",
        .path = "/discover",
        .command = "add_peer",
        .summary = "Dials the nodes of the body and keeps the links.",
        .kind = Kind::peers,
        .reply = "{accepted: boolean, nodes: [text]}"},
    WellKnown{
        .method = "POST",
        .path = "/mine_block/*",
        .command = "mine_block",
        .summary = "Mines a block whose data is the body.",
        .kind = Kind::block_of,
        .is_of_gateway = true},
    WellKnown{
        .method = "GET",
        .path = "/get_chain/*",
        .command = "get_chain",
        .summary = "All blocks and their number, or a part of them.",
        .kind = Kind::chain,
        .parameters = page,
        .reply = all_blocks,
        .is_of_gateway = true},
    WellKnown{
        .method = "GET",
        .path = "/validate/*",
        .command = "validate",
        .summary = "Checks every block again from disk.",
        .is_of_gateway = true},
    WellKnown{
        .method = "GET",
        .path = "/shutdown/*",
        .command = "shutdown",
        .summary = "Ends the node.",
        .is_of_gateway = true},
};

}  // namespace

bool WellKnown::changes_by_get() const {
    const auto* served = rpc::find_command(command);
    CAIRN_ASSERT(served != nullptr);
    return method == "GET" && served->changes;
}

std::span<const WellKnown> well_known_table() {
    return rows;
}

}  // namespace cairn::http
