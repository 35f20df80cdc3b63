/// The way of a transaction or block through a node, as log lines that one id finds.
///
/// Rules:
/// 1. Each line about a transaction has the field `transaction`, each about a block `block`: their
///    ids, written out. What a block's line says of its transactions is a line for each.
/// 2. Peers announce a transaction by its relay id (spec 04), which is all that is known of it
/// until
///    it has come: lines of before have the field `relay`, and `received` has both.
/// 3. Lines are of level debug, in the areas `transaction` and `block`. Without
///    `NodeConfig::traces` nothing is put together.
#pragma once

#include "cairn/node/context.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace cairn::node {

/// `step` (`announced`, `requested`) of a transaction that is not here yet, by `peer`.
void trace_relay(
    Context& context, std::string_view step, const wire::RelayId& relay, const Peer& peer
);
/// `step` (`sent`, `told`) of a transaction of ours with `peer`.
void trace_transaction(Context& context, std::string_view step, const TxId& id, const Peer& peer);
/// A transaction has come from `link`, or by command where there is none.
void trace_received(
    Context& context, const TxId& id, const wire::RelayId& relay, std::optional<LinkId> link
);
/// The pool has taken a transaction.
void trace_accepted(Context& context, const TxId& id, const mempool::Mempool::Added& added);
/// A transaction was refused by `rule`.
void trace_refused(Context& context, const TxId& id, std::string_view rule);
/// The pool has let go of these.
void trace_dropped(Context& context, const std::vector<mempool::Dropped>& dropped);

/// `step` (`announced`, `requested`, `received`) of a block with `peer`.
void trace_block(Context& context, std::string_view step, const BlockHash& hash, const Peer& peer);
/// A block was refused, or its header.
void trace_refused(Context& context, const BlockHash& hash, const chain::BlockError& error);
/// A block is kept on a branch that is not the heaviest.
void trace_stored(Context& context, const chain::CheckedBlock& block);
/// Blocks have left the active chain or joined it, and their transactions with them.
void trace_change(Context& context, const chain::ChainChange& change);

}  // namespace cairn::node
