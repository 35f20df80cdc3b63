/// What the client commands ask of a node, in JSON.
#pragma once

#include "src/app/text_client.hpp"

#include "cairn/codec/json_text.hpp"
#include "cairn/ledger/transaction.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::app {

/// The JSON of a node's reply. Replies may be larger than requests. Errors: `bad_json` and others.
[[nodiscard]] Result<codec::Json, codec::JsonError> parse_reply(std::string_view text);
/// True for `{"type":"error",...}`.
[[nodiscard]] bool is_error(const codec::Json& reply);
/// The text field `name` of `object`; nothing when it is missing or of another type.
[[nodiscard]] std::optional<std::string> text_field(
    const codec::Json& object, std::string_view name
);
/// The number field `name` of `object`; nothing when it is missing or of another type.
[[nodiscard]] std::optional<std::uint64_t> number_field(
    const codec::Json& object, std::string_view name
);

/// What transactions need to know of the chain that a node follows.
struct ChainFacts {
    std::string name;
    ChainId id;
    /// Of addresses.
    std::string prefix;
    /// True when the development accounts have coins there.
    bool is_development = false;
};

/// How deep a transaction has come.
struct Confirmation {
    bool is_reached = false;
    std::uint64_t confirmations = 0;
    /// Of its block; nothing while it waits.
    std::optional<std::uint64_t> height;
    std::optional<std::string> block;
};

/// One connection to one node. Every failure names the node and what to do.
class NodeSession {
  public:
    using Duration = TextClient::Duration;

    /// Errors: statuses `unavailable`, `timeout`, `refused` of `describe`.
    [[nodiscard]] static Result<NodeSession, Failure> open(
        const Endpoint& endpoint, Duration timeout
    );

    /// The reply to `request`. Errors: those of `open`; `refused` for an error reply.
    [[nodiscard]] Result<codec::Json, Failure> ask(const codec::Json& request);
    /// From `status`; prefix and kind from the genesis block where the chain is not built in.
    [[nodiscard]] Result<ChainFacts, Failure> chain();
    /// Hands in `transaction` of `chain` and returns its id.
    [[nodiscard]] Result<TxId, Failure> push(
        const ChainId& chain, const ledger::Transaction& transaction
    );
    /// Waits until the transaction has `confirmations`, or `patience` is over, which is no error,
    /// and tells where it is then.
    [[nodiscard]] Result<Confirmation, Failure> wait_for(
        const TxId& id, std::uint64_t confirmations, Duration patience
    );

    /// That an answer of the node lacks `what` was asked for, by rule `app.bad_answer`.
    [[nodiscard]] Failure not_understood(std::string_view what) const;

    [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }

  private:
    NodeSession(TextClient client, Endpoint endpoint, Duration timeout);

    [[nodiscard]] Result<codec::Json, Failure> ask_within(
        const codec::Json& request, Duration timeout
    );

    TextClient client_;
    Endpoint endpoint_;
    Duration timeout_;
};

/// A session with the node that `node` writes, as `parse_endpoint` takes it. Errors: those of both.
[[nodiscard]] Result<NodeSession, Failure> open_session(
    const std::string& node, std::uint64_t timeout_seconds
);

}  // namespace cairn::app
