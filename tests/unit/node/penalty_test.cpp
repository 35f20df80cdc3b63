#include "cairn/node/penalty.hpp"

#include <catch2/catch.hpp>

using namespace cairn;
using namespace cairn::node;
using Action = Verdict::Action;

TEST_CASE("Penalty: each fault has its verdict", "[node]") {
    struct Row {
        Fault fault;
        Action action;
        std::uint32_t points;
    };

    const auto row = GENERATE(
        Row{Fault::bad_frame, Action::disconnect, 0},
        Row{Fault::bad_message, Action::disconnect, 0},
        Row{Fault::wrong_order, Action::disconnect, 0},
        Row{Fault::timeout, Action::disconnect, 0},
        Row{Fault::stalled, Action::disconnect, 0},
        Row{Fault::too_many_requests, Action::annoy, 10},
        Row{Fault::unrequested, Action::annoy, 1},
        Row{Fault::late_handshake_message, Action::annoy, 10},
        Row{Fault::frequent_ping, Action::annoy, 5},
        Row{Fault::invalid_header, Action::discourage, 0},
        Row{Fault::invalid_block, Action::discourage, 0},
        Row{Fault::mutated_block, Action::discourage, 0},
        Row{Fault::bad_signature, Action::annoy, 10},
        Row{Fault::malformed_transaction, Action::disconnect, 0},
        Row{Fault::slow_reader, Action::disconnect, 0}
    );
    CAPTURE(to_string(row.fault));
    CHECK(judge(row.fault).action == row.action);
    CHECK(judge(row.fault).points == row.points);
}

TEST_CASE("Penalty: nobody is blamed for what an honest node may send", "[node]") {
    using chain::BlockRule;
    const auto rule = GENERATE(
        BlockRule::unknown_parent,
        BlockRule::known,
        BlockRule::known_invalid,
        BlockRule::invalid_parent,
        BlockRule::unreadable
    );
    CHECK_FALSE(fault_of(chain::BlockError{.rule = rule}).has_value());
    const chain::BlockError early{
        .rule = BlockRule::header, .header = consensus::HeaderError::too_early};
    CHECK_FALSE(fault_of(early).has_value());
    CHECK(fault_of(chain::BlockError{.rule = BlockRule::wrong_tx_root}) == Fault::mutated_block);
    CHECK(fault_of(chain::BlockError{.rule = BlockRule::execution}) == Fault::invalid_block);
    CHECK_FALSE(fault_of(execution::TransactionError::nonce_too_high).has_value());
    CHECK(fault_of(execution::TransactionError::bad_signature) == Fault::bad_signature);
    CHECK(fault_of(execution::TransactionError::wrong_chain) == Fault::bad_signature);
}
