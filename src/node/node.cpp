#include "cairn/node/node.hpp"

#include "src/node/node_parts.hpp"

namespace cairn::node {

namespace {

/// Why the operator's `invalidate_block` of `hash` is refused by `error`.
CommandError not_invalidated(const chain::BlockError& error, const BlockHash& hash) {
    const bool is_unreadable = error.rule == chain::BlockRule::unreadable;
    return {
        .code = is_unreadable ? "internal" : "not_found",
        .message = is_unreadable ? "The node cannot read its own disk."
                                 : "This block cannot be invalidated.",
        .rule = is_unreadable ? "chain.unreadable" : "rpc.not_found",
        .expected = is_unreadable ? "a block on the disk" : "a known block above genesis",
        .actual = to_hex(hash),
        .hint = is_unreadable ? "Look into the node's log."
                              : "get_block tells the hash of the block at a height.",
    };
}

}  // namespace

Node::Parts::Parts(
    NodeConfig node_config,
    chain::Blockchain& node_chain,
    mempool::Mempool& node_pool,
    Random node_random
)
    : settings{std::move(node_config)},
      blockchain{node_chain},
      mempool{node_pool},
      random{node_random},
      outbox{settings.allowances.upload_bytes_per_second},
      links{settings, random.next(), random.next()},
      trackers{settings.trackers, random.next()},
      seeds{settings.seeds},
      addresses{settings, links.discouraged(), random.next()},
      blocks{node_chain, random.next()},
      transactions{
          random.next(),
          settings.allowances,
          settings.tx_privacy ? AnnounceTiming::delayed : AnnounceTiming::prompt},
      miner{[this](Context& context, const std::shared_ptr<const chain::CheckedBlock>& block) {
          return blocks.accept_block(context, block, std::nullopt);
      }} {}

Context Node::Parts::context() {
    return {
        .now = time,
        .chain = blockchain,
        .pool = mempool,
        .config = settings,
        .peers = links.peers(),
        .outbox = outbox,
        .random = random,
        .chronicle = told,
        .received = messages_received};
}

void Node::Parts::route(Context& context, Input input) {
    std::visit(
        overloaded{
            [&](LinkOpened& opened) {
                if (!trackers.on_opened(context, opened))
                    links.on_opened(context, opened, addresses.kind_of(opened.remote));
            },
            [&](LinkClosed& closed) {
                // At most one of them has it.
                trackers.on_closed(context, closed.link);
                links.on_closed(context, closed.link);
            },
            [&](BytesReceived& received) {
                if (trackers.owns(received.link)) {
                    trackers.on_bytes(context, received);
                    return;
                }
                links.on_bytes(context, received);
                pump(context, received.link);
            },
            [&](BytesSent& sent) {
                links.on_sent(context, sent);
                pump(context, sent.link);
            },
            [&](DialFailed& failed) {
                if (!trackers.on_dial_failed(context, failed.endpoint))
                    addresses.on_dial_failed(context, failed.endpoint);
            },
            [&](const NameResolved& resolved) { seeds.on_resolved(context, resolved); },
            [&](JobFinished& finished) {
                // Asked in turn; a result that nobody waits for any more is dropped.
                if (!blocks.on_job(context, finished.id, finished.result) &&
                    !transactions.on_job(context, finished.id, finished.result))
                    static_cast<void>(miner.on_job(context, finished.id, finished.result));
            },
            [&](const CommitFinished&) { blocks.on_commit_finished(context); },
            [&](CommandReceived& command) { on_command(context, std::move(command)); },
            [&](TextReply& reply) { links.on_text_reply(context, reply); },
            [&](TimerFired&) { on_time(context); },
        },
        input
    );
}

void Node::Parts::pump(Context& context, LinkId link) {
    while (auto delivery = links.next(context, link)) {
        std::visit(
            overloaded{
                [&](const PeerReady& ready) { on_ready(context, ready.link); },
                [&](PeerMessage& message) { on_peer_message(context, std::move(message)); },
            },
            *delivery
        );
        // Before the next message: a link may have to be closed for this one.
        settle_links(context);
    }
}

void Node::Parts::on_ready(Context& context, LinkId link) {
    const Peer& peer = links.peers().at(link);
    // A feeler ends at once.
    if (peer.kind != LinkKind::feeler) {
        blocks.on_peer_ready(context, peer);
        transactions.on_peer_ready(context, peer);
    }
    addresses.on_peer_ready(context, peer);
    seeds.on_peers_changed(context);
}

void Node::Parts::on_peer_message(Context& context, PeerMessage message) {
    const Peer& peer = links.peers().at(message.link);
    const std::uint32_t request = message.decoded.envelope.request;
    std::visit(
        overloaded{
            [&](const wire::GetHeaders& body) { blocks.on_message(context, peer, body, request); },
            [&](const wire::Headers& body) { blocks.on_message(context, peer, body, request); },
            [&](const wire::GetBlock& body) { blocks.on_message(context, peer, body, request); },
            [&](wire::BlockMessage& body) {
                blocks.on_message(context, peer, std::move(body), request);
            },
            [&](const wire::Inventory& body) {
                blocks.on_message(context, peer, body, request);
                transactions.on_message(context, peer, body, request);
            },
            [&](const wire::NotFound& body) {
                blocks.on_message(context, peer, body, request);
                transactions.on_message(context, peer, body, request);
            },
            [&](const wire::GetTransactions& body) {
                transactions.on_message(context, peer, body, request);
            },
            [&](const wire::Transactions& body) {
                outbox.credit(message.link, Merit::transaction);
                transactions.on_message(context, peer, body, request);
            },
            [&](const wire::FeeFilter& body) {
                transactions.on_message(context, peer, body, request);
            },
            [&](const wire::GetAddresses& body) {
                addresses.on_message(context, peer, body, request);
            },
            [&](const wire::Addresses& body) {
                addresses.on_message(context, peer, body, request);
            },
            // Of trackers, who are no peers: ignored like a type that is not spoken.
            [](const wire::RegisterNode&) {},
            [](const wire::UnregisterNode&) {},
            [](const wire::GetNodes&) {},
            [](const wire::Registered&) {},
            [](const wire::Unregistered&) {},
            [](const wire::Nodes&) {},
            [](const wire::GetRegistration&) {},
            [](const wire::Registration&) {},
            // `Links` keeps these to itself.
            [](const wire::Hello&) {},
            [](const wire::Feature&) {},
            [](const wire::HelloAck&) {},
            [](const wire::Ping&) {},
            [](const wire::Pong&) {},
            [](const wire::ErrorMessage&) {},
            [](const wire::Bye&) {},
        },
        message.decoded.message
    );
}

void Node::Parts::refuse(CommandId id, CommandError error) {
    outbox.push(Reply{id, tl::unexpected{std::move(error)}});
}

void Node::Parts::on_command(Context& context, CommandReceived input) {
    const CommandId id = input.id;
    if (is_stopping) {
        refuse(
            id,
            {.code = "busy",
             .message = "The node is stopping.",
             .rule = "rpc.busy",
             .expected = "a node that runs",
             .actual = "one that stops",
             .hint = "Ask again when it has been started again."}
        );
        return;
    }
    std::visit(
        overloaded{
            [&](MineBlocks& order) { miner.on_command(context, id, std::move(order)); },
            [&](PushTransaction& push) { transactions.on_command(context, id, std::move(push)); },
            [&](RestorePool& saved) { transactions.on_command(context, id, std::move(saved)); },
            [&](const AddPeer& add) {
                addresses.add_peer(context, add.endpoint);
                outbox.push(Reply{id, Accepted{}});
            },
            [&](const DropPeer& dropped) {
                bool is_known = addresses.drop_peer(dropped.endpoint);
                std::vector<LinkId> leaving;
                for (const auto& [link, peer] : links.peers()) {
                    if (peer.remote == dropped.endpoint || peer.listening == dropped.endpoint)
                        leaving.push_back(link);
                }
                for (const LinkId link : leaving) {
                    links.close(context, link, wire::ByeCode::replaced);
                    is_known = true;
                }
                if (is_known)
                    outbox.push(Reply{id, Accepted{}});
                else
                    refuse(
                        id,
                        {.code = "not_found",
                         .message = "There is no such peer.",
                         .rule = "rpc.not_found",
                         .expected = "the address of a peer",
                         .actual = to_string(dropped.endpoint),
                         .hint = "peers lists those that are connected."}
                    );
            },
            [&](const Shutdown&) { on_shutdown(context, id); },
            [&](const Invalidate& order) {
                const auto done = blocks.set_aside(context, order.hash);
                if (done)
                    outbox.push(Reply{id, Accepted{}});
                else
                    refuse(id, not_invalidated(done.error(), order.hash));
            },
        },
        input.request
    );
}

void Node::Parts::on_shutdown(Context& context, CommandId command) {
    is_stopping = true;
    addresses.stop(context);
    trackers.stop(context);
    links.stop(context);
    outbox.push(CommitStore{});
    outbox.push(Reply{command, Accepted{}});
    outbox.log(LogEvent::Level::info, "node", "stopping");
    outbox.push(Stopped{});
}

void Node::Parts::on_time(Context& context) {
    links.on_time(context);
    settle_links(context);
    for (const LinkId link : links.resume(context))
        pump(context, link);
    blocks.on_time(context);
    settle_chain(context);
    watch.on_time(context, blocks, addresses);
    addresses.set_extra(watch.wants_extra());
    transactions.on_time(context);
    trackers.on_time(context);
    seeds.on_time(context);
    addresses.on_time(context);
    miner.on_time(context);
}

void Node::Parts::settle_links(Context& context) {
    for (bool is_settled = false; !is_settled;) {
        links.judge_faults(context);
        const auto gone = links.take_gone();
        is_settled = gone.empty();
        for (const auto& link : gone) {
            if (link.was_ready) {
                blocks.on_peer_gone(context, link.link);
                transactions.on_peer_gone(context, link.link);
                addresses.on_peer_gone(context, link.link);
                watch.on_peer_gone(link.link);
                seeds.on_peers_changed(context);
            }
        }
        // A link is identified before it goes.
        for (const auto& identified : links.take_identified())
            addresses.on_identified(identified);
        for (const auto& link : gone)
            addresses.on_link_gone(context, link);
    }
}

void Node::Parts::settle_chain(Context& context) {
    // A new tip may complete a block of ours at once, which moves the tip again.
    for (auto changes = blocks.take_changes(); !changes.empty(); changes = blocks.take_changes()) {
        transactions.on_chain_change(context, changes);
        if (!is_stopping)
            miner.on_chain_change(context, changes);
    }
}

void Node::Parts::settle(Context& context) {
    settle_links(context);
    settle_chain(context);
    blocks.finish(context);
    transactions.set_syncing(context, blocks.is_syncing());
    if (!is_stopping)
        miner.set_syncing(context, blocks.is_syncing());
    settle_chain(context);
    settle_links(context);
    for (const auto& list : trackers.take_lists())
        addresses.on_list(context, list);
    for (const auto& list : seeds.take_lists())
        addresses.on_list(context, list);
    addresses.dial(context);
    for (const LinkId link : addresses.take_leaving())
        links.close(context, link, wire::ByeCode::replaced);
    for (const LinkId link : watch.take_leaving())
        links.close(context, link, wire::ByeCode::replaced);
    settle_links(context);
}

Node::Node(NodeConfig config, chain::Blockchain& chain, mempool::Mempool& pool, Random random)
    : parts_{std::make_unique<Parts>(std::move(config), chain, pool, random)} {}

Node::~Node() = default;

void Node::handle(Time now, Input input) {
    Parts& parts = *parts_;
    parts.time = now;
    parts.outbox.upload().refill(now.steady);
    Context context = parts.context();
    if (!parts.started) {
        parts.started = now.steady;
        parts.addresses.start(context);
        parts.seeds.on_peers_changed(context);
        parts.watch.on_time(context, parts.blocks, parts.addresses);
        parts.links.set_registration(parts.trackers.nonce());
        parts.miner.start(context);
    }
    parts.route(context, std::move(input));
    parts.settle(context);
}

std::vector<Output> Node::take_outputs() {
    return parts_->outbox.take_outputs();
}

std::optional<Instant> Node::next_wakeup() const {
    // Before the first input there is one thing to do: to begin.
    if (!parts_->started)
        return Instant{};
    std::optional<Instant> next = parts_->links.next_wakeup();
    if (parts_->is_stopping)
        return next;
    const std::optional<Instant> others[] = {
        parts_->blocks.next_wakeup(),
        parts_->transactions.next_wakeup(),
        parts_->trackers.next_wakeup(),
        parts_->seeds.next_wakeup(),
        parts_->watch.next_wakeup(),
        parts_->addresses.next_wakeup(),
        parts_->miner.next_wakeup()};
    for (const auto& other : others) {
        if (other && (!next || *other < *next))
            next = other;
    }
    return next;
}

const NodeView& Node::view() const {
    return *parts_;
}

}  // namespace cairn::node
