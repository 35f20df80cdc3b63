/// The contract between a node and what drives it: everything that the outside world can tell it,
/// and everything that it can ask for. The Asio shell and the simulator are two drivers of one
/// contract.
///
/// The driver's duties:
/// 1. One thread; times that never go back.
/// 2. After each `handle`, perform `take_outputs()` in their order. The order carries meaning: a
/// block
///    is relayed before `CommitStore`, and acknowledged (`Reply`, `ChainEvent`) after it, or after
///    `CommitFinished`.
/// 3. When `next_wakeup()` has come, send `TimerFired`.
/// 4. A `Dial` ends in `LinkOpened` or `DialFailed`; a `ResolveName` in `NameResolved`; a
///    `StartJob` in `JobFinished`; a `StartCommit` in `CommitFinished`; a link that was opened in
///    `LinkClosed`, also after `CloseLink`.
/// 5. A side that has shut down its sending half still gets its replies: `LinkClosed` comes when
///    both directions are done, which on a text link is when each `TextRequest` has its
///    `TextReply`.
/// 6. `CommitStore` waits for a commit that has been started and calls `Blockchain::commit()`;
///    `StartCommit` begins one, which the driver writes while it goes on, and ends. If either
///    fails, the driver stops the process: the store's error is final, and nothing after the last
///    commit was acknowledged.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/quantity.hpp"
#include "cairn/base/result.hpp"
#include "cairn/chain/blockchain.hpp"
#include "cairn/mempool/mempool.hpp"
#include "cairn/mempool/saved_pool.hpp"
#include "cairn/node/job.hpp"
#include "cairn/node/saved_peers.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cairn::node {

/// One TCP connection, named by the driver, never reused.
using LinkId = Quantity<struct LinkIdTag>;
/// Names a command until its reply.
using CommandId = Quantity<struct CommandIdTag>;

enum class Direction : std::uint8_t { inbound, outbound };

/// @name Commands: what an operator or a text session may ask the node to do. Each gets one
/// `Reply`.
/// @{
struct MineBlocks {
    std::uint64_t count = 1;
    /// The coinbase's body: canonical JSON or empty.
    Bytes body;
};

struct PushTransaction {
    ledger::Transaction transaction;
    /// False: it is refused rather than taken in place of one that waits with its nonce.
    bool may_replace = true;
};

/// Gives the pool back what it held before a restart. Everything is checked like what strangers
/// send, because a file is not to be believed, in small portions beside the other work. The floor
/// fee comes last.
struct RestorePool {
    mempool::SavedPool saved;
};

struct AddPeer {
    Endpoint endpoint;
};

struct DropPeer {
    Endpoint endpoint;
};

/// Tells the peers `bye`, flushes, and asks the driver to stop.
struct Shutdown {};

struct Invalidate {
    BlockHash hash;
};

using CommandRequest =
    std::variant<MineBlocks, PushTransaction, RestorePool, AddPeer, DropPeer, Shutdown, Invalidate>;

/// @}

/// Why a command was refused, ready to be shown.
struct CommandError {
    /// `snake_case`, from the error table of spec 02.
    std::string code;
    std::string message;
    std::string rule;
    std::string expected;
    std::string actual;
    /// What may be done about it; empty when nothing comes to mind.
    std::string hint;
    /// Of a refused block.
    std::optional<Height> height;
};

struct MinedBlock {
    Height height;
    BlockHash hash;
    BlockHash previous;
};

struct MinedBlocks {
    std::vector<MinedBlock> blocks;
};

struct PushedTransaction {
    TxId id;
    bool was_known = false;
};

struct Accepted {};

using CommandReply = Result<std::variant<MinedBlocks, PushedTransaction, Accepted>, CommandError>;

/// @name Inputs
/// @{
/// A link is up: one we dialled, or one that came to us.
struct LinkOpened {
    LinkId link;
    Direction direction = Direction::inbound;
    /// The other side's address; for an outbound link the endpoint that was dialled.
    Endpoint remote;
    bool is_loopback = false;
};

struct LinkClosed {
    LinkId link;
};

struct BytesReceived {
    LinkId link;
    Bytes bytes;
};

/// How many bytes still wait in the driver's send queue of a link; sent whenever it has drained
/// below half of its largest size since the last report, and when it is empty. Between reports the
/// node counts what it sends, and drops a link whose count exceeds `send_queue_bytes_max`.
struct BytesSent {
    LinkId link;
    std::size_t queued = 0;
};

struct DialFailed {
    Endpoint endpoint;
};

/// What the name service tells of a name; no hosts when it knows none or cannot be reached.
struct NameResolved {
    Endpoint name;
    /// Address literals.
    std::vector<std::string> hosts;
};

struct JobFinished {
    JobId id;
    JobResult result;
};

/// What the last `StartCommit` began is durable.
struct CommitFinished {};

struct CommandReceived {
    CommandId id;
    CommandRequest request;
};

/// A text session's reply, framed by the node: keeps all bytes of a link in one order.
struct TextReply {
    LinkId link;
    std::string text;
};

struct TimerFired {};

using Input = std::variant<
    LinkOpened,
    LinkClosed,
    BytesReceived,
    BytesSent,
    DialFailed,
    NameResolved,
    JobFinished,
    CommitFinished,
    CommandReceived,
    TextReply,
    TimerFired>;

/// @}

/// @name Outputs
/// @{
struct SendBytes {
    LinkId link;
    /// Shared, so that one announcement to many links is encoded once.
    std::shared_ptr<const Bytes> bytes;
};

struct Dial {
    Endpoint endpoint;
};

/// Which addresses has the host of `name`?
struct ResolveName {
    Endpoint name;
};

/// How a link ends.
enum class Ending : std::uint8_t {
    sent,     ///< once everything sent before has left, but after a second at the latest
    at_once,  ///< what waits to be sent is dropped: its memory is needed, or nobody reads it
};

struct CloseLink {
    LinkId link;
    Ending ending = Ending::sent;
};

struct StartJob {
    Job job;
};

/// Make the chain's batch durable before anything else.
struct CommitStore {};

/// Make the chain's batch durable meanwhile. The next comes after `CommitFinished`.
struct StartCommit {};

struct Reply {
    CommandId id;
    CommandReply reply;
};

/// A text request came on a link (JSON or a command line); `rpc` answers with `TextReply`.
struct TextRequest {
    LinkId link;
    std::string text;
    bool is_loopback = false;
};

/// The active chain moved, and the move is durable.
struct ChainEvent {
    std::shared_ptr<const chain::ChainChange> change;
};

/// A transaction has been added to the pool, where it waits for a block or for others before it.
struct PoolEvent {
    mempool::TransactionPointer transaction;
};

/// A peer has completed its handshake, or one that had is gone.
struct PeerEvent {
    Endpoint address;
    Direction direction = Direction::inbound;
    bool is_ready = false;
};

/// A line for the log, as data: `level area message key=value`.
struct LogEvent {
    enum class Level : std::uint8_t { debug, info, warning, error };
    Level level = Level::info;
    std::string_view area;
    std::string message;
    std::vector<std::pair<std::string_view, std::string>> fields;
};

/// The node has said goodbye and flushed: the process may end.
struct Stopped {};

/// Keep this for the next start: addresses, and whom to dial first. Comes every five minutes, when
/// the node stops, and soon after the anchors have changed.
struct SavePeers {
    std::shared_ptr<const SavedPeers> peers;
};

using Output = std::variant<
    SendBytes,
    Dial,
    ResolveName,
    CloseLink,
    StartJob,
    CommitStore,
    StartCommit,
    Reply,
    TextRequest,
    ChainEvent,
    PoolEvent,
    PeerEvent,
    LogEvent,
    SavePeers,
    Stopped>;
/// @}

}  // namespace cairn::node
