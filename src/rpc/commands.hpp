/// The functions behind the rows of the command table, by topic. Each reads its request and either
/// writes the reply's fields or says what must happen first.
#pragma once

#include "cairn/rpc/command.hpp"

namespace cairn::rpc {

// help_commands.cpp
[[nodiscard]] Outcome ping(const Call& call, const NoArguments& request);
/// Errors: `not_found`.
[[nodiscard]] Outcome help(const Call& call, const HelpRequest& request);
/// Errors: `not_found`, `bad_field` unless exactly one argument is given.
[[nodiscard]] Outcome explain(const Call& call, const ExplainRequest& request);

// chain_commands.cpp
/// Errors: `internal`, `too_large`.
[[nodiscard]] Outcome get_chain(const Call& call, const ChainRequest& request);
/// Errors: `not_found`, `internal`, `too_large`, `bad_field` unless one argument is given.
[[nodiscard]] Outcome get_block(const Call& call, const BlockRequest& request);
/// Errors: as of `get_block`, save `too_large`.
[[nodiscard]] Outcome block_transactions(const Call& call, const BlockTransactionsRequest& request);
[[nodiscard]] Outcome get_headers(const Call& call, const HeadersRequest& request);
[[nodiscard]] Outcome validate(const Call& call, const ValidateRequest& request);
/// Errors: `bad_field` without a goal.
[[nodiscard]] Outcome wait(const Call& call, const WaitRequest& request);

// branch_command.cpp
[[nodiscard]] Outcome branches(const Call& call, const BranchesRequest& request);

// transaction_commands.cpp
/// Errors: `not_found`, `internal`.
[[nodiscard]] Outcome get_transaction(const Call& call, const TransactionRequest& request);
/// Errors: `not_found`, `internal`.
[[nodiscard]] Outcome confirmations(const Call& call, const TransactionRequest& request);
/// Errors: `bad_field` (the address), `internal`, `too_large`.
[[nodiscard]] Outcome balance(const Call& call, const BalanceRequest& request);
[[nodiscard]] Outcome mempool(const Call& call, const NumberedPageRequest& request);
[[nodiscard]] Outcome estimate_fee(const Call& call, const NoArguments& request);
/// Errors: `bad_field`; those of the node.
[[nodiscard]] Outcome push_transaction(const Call& call, const PushRequest& request);

// index_commands.cpp
/// Errors: `bad_field` (the address), `internal`.
[[nodiscard]] Outcome history(const Call& call, const HistoryRequest& request);
/// Errors: `internal`.
[[nodiscard]] Outcome records(const Call& call, const RecordsRequest& request);
/// Errors: `not_found`, `internal`.
[[nodiscard]] Outcome get_proof(const Call& call, const TransactionRequest& request);

// node_commands.cpp
[[nodiscard]] Outcome status(const Call& call, const NoArguments& request);
[[nodiscard]] Outcome peers(const Call& call, const NumberedPageRequest& request);
[[nodiscard]] Outcome nodes(const Call& call, const NumberedPageRequest& request);

// control_commands.cpp
/// Errors: `bad_field`; those of the node.
[[nodiscard]] Outcome mine_block(const Call& call, const MineRequest& request);
[[nodiscard]] Outcome add_peer(const Call& call, const AddressRequest& request);
[[nodiscard]] Outcome drop_peer(const Call& call, const AddressRequest& request);
[[nodiscard]] Outcome invalidate_block(const Call& call, const InvalidateRequest& request);
[[nodiscard]] Outcome shutdown(const Call& call, const NoArguments& request);

}  // namespace cairn::rpc
