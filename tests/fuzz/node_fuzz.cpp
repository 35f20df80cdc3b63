/// A whole node fed by bytes: three links whose far ends may be true peers, liars or silent, jobs
/// that finish late, commands, and time that jumps. Nothing may assert, what a link can make the
/// node hold is bounded, and the invariants of the simulator hold at the end.
///
/// Input: a run of steps. The low four bits of a step's first byte choose it, the next two a link,
/// the last two a variant; what follows is named at `Driver::step`.
#include "tests/fuzz/node_world.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/chain/blockchain.hpp"
#include "cairn/node/limits.hpp"
#include "cairn/node/node.hpp"
#include "cairn/node/outbox.hpp"
#include "cairn/sim/delayed_commit.hpp"
#include "cairn/sim/invariants.hpp"
#include "cairn/sim/memory_store.hpp"
#include "cairn/wire/messages.hpp"

#include <algorithm>
#include <array>
#include <deque>

namespace {

using namespace cairn;

/// The alias by which the strangers name the chain.
constexpr std::uint8_t their_alias = 1;
/// Requests of the node that a stranger remembers.
constexpr std::size_t asked_max = 64;

node::NodeConfig make_config() {
    node::NodeConfig config;
    config.listen_port = 5'001;
    config.bootstrap = {{"192.0.2.9", 5'001}};
    config.coinbase = ledger::account_of(ledger::development_key(0).public_key());
    return config;
}

class Driver {
  public:
    Driver()
        : engine_{consensus::make_engine(spec_.engine)},
          chain_{std::move(*chain::Blockchain::open(spec_, *engine_, store_, 1))},
          pool_{*chain_, {}, 1},
          node_{make_config(), *chain_, pool_, Random{1}},
          runner_{chain_->id(), spec_, *engine_, 1} {
        now_.wall = UnixMillis{spec_.time.value + 1'000'000};
        feed(node::TimerFired{});
    }

    void run(ByteView input) {
        codec::BinaryReader reader{input};
        while (reader.bytes_left() > 0 && !is_stopped_)
            step(reader);
        CAIRN_ASSERT(!sim::check_supply(*chain_));
        CAIRN_ASSERT(!sim::check_disjoint(node_.view()));
        CAIRN_ASSERT(!sim::check_heaviest(*chain_));
    }

  private:
    struct Link {
        node::LinkId id;
        bool is_open = false;
        std::size_t unread = 0;
        /// What the node has asked, oldest first.
        std::deque<wire::Decoded> asked;
    };

    void step(codec::BinaryReader& reader) {
        const auto code = reader.take_fixed<std::uint8_t>();
        const auto place = (code >> 4U) % links_.size();
        auto& link = links_[place];
        const auto variant = static_cast<std::uint8_t>(code >> 6U);
        switch (code & 15U) {
            case 0:
                return open(link, node::Direction::inbound, {"192.0.2.1", 5001});
            case 1:
                return dial(link);
            case 2:
                return close(link);
            case 3:
                return variant == 1 ? finish_commit() : finish_job();
            case 4:  // milliseconds u16
                return pass(reader.take_fixed<std::uint16_t>());
            case 5:
                link.unread = 0;
                return link.is_open ? feed(node::BytesSent{link.id, 0}) : void();
            case 6:  // size u16, bytes
                return receive(link, take(reader));
            case 7:  // size u16, payload
                return receive(link, framed(take(reader)));
            case 8:
                return greet(link, variant == 3 ? 0 : place);
            case 9:  // type u8, size u16, body
                return speak(link, variant, reader);
            case 10:  // with variant 3: position u8, difference u8
                return answer(link, variant, reader);
            case 11:  // which u8
                return announce(link, reader.take_fixed<std::uint8_t>());
            case 12:  // which u8
                return push(link, variant, reader.take_fixed<std::uint8_t>());
            case 13:  // which u8
                return command(variant, reader.take_fixed<std::uint8_t>());
            case 14:
                return fail_dial();
            default:  // seconds u8
                return wait(reader.take_fixed<std::uint8_t>());
        }
    }

    static Bytes take(codec::BinaryReader& reader) {
        const std::size_t size = reader.take_fixed<std::uint16_t>();
        return to_bytes(reader.take(std::min(size, reader.bytes_left())));
    }

    static Bytes framed(const Bytes& payload) {
        return payload.empty() ? payload : wire::make_frame(payload);
    }

    void open(Link& link, node::Direction direction, node::Endpoint remote) {
        if (link.is_open)
            return;
        link = {.id = node::LinkId{++opened_}, .is_open = true, .unread = 0, .asked = {}};
        feed(node::LinkOpened{link.id, direction, std::move(remote), false});
    }

    /// Only what the node has dialled opens outwards.
    void dial(Link& link) {
        if (link.is_open || dials_.empty())
            return;
        auto remote = std::move(dials_.front());
        dials_.pop_front();
        open(link, node::Direction::outbound, std::move(remote));
    }

    void fail_dial() {
        if (dials_.empty())
            return;
        auto remote = std::move(dials_.front());
        dials_.pop_front();
        feed(node::DialFailed{std::move(remote)});
    }

    void close(Link& link) {
        if (!link.is_open)
            return;
        link.is_open = false;
        feed(node::LinkClosed{link.id});
    }

    void receive(Link& link, Bytes bytes) {
        if (link.is_open)
            feed(node::BytesReceived{link.id, std::move(bytes)});
    }

    void tell(Link& link, const wire::Message& message, std::uint32_t request = 0) {
        receive(link, wire::encode_message(message, {.chain = alias(message), .request = request}));
    }

    static std::uint8_t alias(const wire::Message& message) {
        return node::is_link_scoped(wire::type_of(message)) ? std::uint8_t{0} : their_alias;
    }

    /// A whole handshake from the node that `number` names.
    void greet(Link& link, std::size_t number) {
        wire::Hello hello;
        hello.nonce = 100 + number;
        hello.listen_port = 5'001;
        hello.user_agent = "fuzz";
        hello.chains.push_back({.genesis = chain_->id(), .alias = their_alias});
        hello.chains.front().tip = branch_of(link).back().hash;
        tell(link, hello);
        wire::HelloAck ack;
        ack.aliases.push_back({.genesis = chain_->id(), .alias = 1});
        tell(link, ack);
    }

    /// A message whose body the input writes; with variant 1 in answer to what was asked last.
    void speak(Link& link, std::uint8_t variant, codec::BinaryReader& reader) {
        const auto type = reader.take_fixed<std::uint8_t>();
        const bool is_answer = variant == 1 && !link.asked.empty();
        Bytes payload{wire::binary_marker, wire::envelope_version, type, their_alias, 0, 0, 0, 0};
        if (is_answer)
            payload[4] = static_cast<std::uint8_t>(link.asked.back().envelope.request);
        const auto body = take(reader);
        payload.insert(payload.end(), body.begin(), body.end());
        receive(link, wire::make_frame(payload));
    }

    /// The oldest question answered: truly, or with variant 3 with one byte changed.
    void answer(Link& link, std::uint8_t variant, codec::BinaryReader& reader) {
        if (link.asked.empty())
            return;
        const auto question = std::move(link.asked.front());
        link.asked.pop_front();
        const auto message = fuzz::answer(branch_of(link), question.message);
        if (!message)
            return;
        const auto request = question.envelope.request;
        auto frame = wire::encode_message(*message, {.chain = alias(*message), .request = request});
        if (variant == 3) {
            const auto body = wire::frame_header_bytes + wire::envelope_bytes;
            const auto place = body + reader.take_fixed<std::uint8_t>();
            frame[std::min(place, frame.size() - 1)] ^= reader.take_fixed<std::uint8_t>();
        }
        receive(link, std::move(frame));
    }

    void announce(Link& link, std::uint8_t which) {
        wire::Inventory inventory;
        if ((which & 1U) == 0) {
            inventory.blocks.push_back(block_of(link, which / 2U).hash);
        } else {
            const auto raw = fuzz::raw(transaction(which / 2U));
            inventory.transactions.push_back(
                {.id = wire::relay_id(raw.bytes),
                 .size = static_cast<std::uint32_t>(raw.bytes.size())}
            );
        }
        tell(link, inventory);
    }

    /// What nobody asked for.
    void push(Link& link, std::uint8_t variant, std::uint8_t which) {
        switch (variant) {
            case 0:
                return tell(link, wire::Headers{{block_of(link, which).head}});
            case 1:
                return tell(link, wire::BlockMessage{block_of(link, which).bytes});
            case 2:
                return tell(link, wire::Transactions{{fuzz::raw(transaction(which))}});
            default:
                return tell(link, wire::GetBlock{block_of(link, which).hash});
        }
    }

    void command(std::uint8_t variant, std::uint8_t which) {
        const node::Endpoint endpoint{"192.0.2." + std::to_string(which), 5'001};
        switch (variant) {
            case 0:
                return order(node::MineBlocks{.count = which % 4U, .body = {}});
            case 1:
                return order(node::PushTransaction{transaction(which)});
            case 2:
                return order(node::Invalidate{block_of(links_[which % 3U], which / 3U).hash});
            default:
                break;
        }
        if (which == 0)
            return order(node::Shutdown{});
        if (which % 2U == 1)
            return order(node::AddPeer{endpoint});
        order(node::DropPeer{endpoint});
    }

    void order(node::CommandRequest request) {
        feed(node::CommandReceived{node::CommandId{++commands_}, std::move(request)});
    }

    [[nodiscard]] const fuzz::Branch& branch_of(const Link& link) const {
        return world_.branches[static_cast<std::size_t>(&link - links_.data()) % 2];
    }

    [[nodiscard]] const fuzz::MadeBlock& block_of(const Link& link, std::size_t which) const {
        const auto& branch = branch_of(link);
        return branch[which % branch.size()];
    }

    [[nodiscard]] const ledger::Transaction& transaction(std::size_t which) const {
        return world_.transactions[which % world_.transactions.size()];
    }

    void finish_commit() {
        if (!std::exchange(is_committing_, false))
            return;
        CAIRN_ASSERT(commits_.finish(*chain_).has_value());
        feed(node::CommitFinished{});
    }

    void finish_job() {
        if (jobs_.empty())
            return;
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        feed(node::JobFinished{job.id, runner_.run(std::move(job.work))});
    }

    void pass(std::uint16_t milliseconds) {
        now_.steady = now_.steady + std::chrono::milliseconds{milliseconds};
        now_.wall.value += milliseconds;
        if (const auto next = node_.next_wakeup(); next && *next <= now_.steady)
            feed(node::TimerFired{});
    }

    /// Time as a true driver lets it pass: each wakeup at its moment.
    void wait(std::uint8_t duration) {
        const auto end = now_.steady + std::chrono::seconds{duration};
        for (auto next = node_.next_wakeup(); next && *next <= end && !is_stopped_;
             next = node_.next_wakeup()) {
            advance(std::max(*next, now_.steady));
            feed(node::TimerFired{});
        }
        advance(end);
    }

    void advance(Instant to) {
        now_.wall.value +=
            static_cast<std::uint64_t>((to - now_.steady) / std::chrono::milliseconds{1});
        now_.steady = to;
    }

    void feed(node::Input input) {
        node_.handle(now_, std::move(input));
        for (auto& output : node_.take_outputs()) {
            if (auto* job = std::get_if<node::StartJob>(&output))
                jobs_.push_back(std::move(job->job));
            if (const auto* request = std::get_if<node::TextRequest>(&output))
                texts_.push_back(request->link);
            if (const auto* action = std::get_if<node::CloseLink>(&output))
                closing_.push_back(action->link);
            if (const auto* sent = std::get_if<node::SendBytes>(&output))
                note(*sent);
            if (auto* started = std::get_if<node::Dial>(&output))
                dials_.push_back(std::move(started->endpoint));
            if (std::holds_alternative<node::Stopped>(output))
                is_stopped_ = true;
            if (std::holds_alternative<node::CommitStore>(output))
                CAIRN_ASSERT(commits_.commit(*chain_).has_value());
            if (std::holds_alternative<node::StartCommit>(output)) {
                CAIRN_ASSERT(commits_.start(*chain_).has_value());
                is_committing_ = true;
            }
        }
        while (!texts_.empty()) {
            const auto link = texts_.front();
            texts_.pop_front();
            feed(node::TextReply{link, "{}"});
        }
        while (!closing_.empty()) {
            const auto id = closing_.front();
            closing_.pop_front();
            for (auto& link : links_)
                if (link.is_open && link.id == id)
                    close(link);
        }
    }

    /// A link that nobody reads may hold the named maximum and the message that went over it.
    void note(const node::SendBytes& sent) {
        const auto place = std::find_if(links_.begin(), links_.end(), [&](const auto& link) {
            return link.id == sent.link;
        });
        if (place == links_.end())
            return;
        place->unread += sent.bytes->size();
        CAIRN_ASSERT(place->unread <= node::send_queue_bytes_max + wire::payload_bytes_max);
        wire::FrameDecoder decoder{wire::ready_limits};
        decoder.feed(*sent.bytes);
        while (const auto payload = decoder.next())
            remember(*place, *payload);
        // Whatever the node sends at once is whole.
        CAIRN_ASSERT(!decoder.error() && decoder.bytes_buffered() == 0);
    }

    void remember(Link& link, ByteView payload) {
        if (wire::payload_form(payload) != wire::PayloadForm::binary)
            return;
        auto decoded = wire::decode_message(payload);
        CAIRN_ASSERT(decoded.has_value());
        if (link.asked.size() < asked_max && fuzz::answer(branch_of(link), decoded->message))
            link.asked.push_back(std::move(*decoded));
    }

    const fuzz::World& world_ = fuzz::world();
    const ledger::ChainSpec& spec_ = world_.spec;
    std::unique_ptr<consensus::Engine> engine_;
    sim::MemoryStore store_;
    std::unique_ptr<chain::Blockchain> chain_;
    mempool::Mempool pool_;
    node::Node node_;
    node::JobRunner runner_;
    Time now_;
    std::array<Link, 3> links_;
    std::uint64_t opened_ = 0;
    std::uint64_t commands_ = 0;
    bool is_stopped_ = false;
    std::deque<node::Endpoint> dials_;
    std::deque<node::Job> jobs_;
    sim::DelayedCommit commits_;
    bool is_committing_ = false;
    std::deque<node::LinkId> texts_;
    std::deque<node::LinkId> closing_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    Driver driver;
    driver.run({bytes, size});
    return 0;
}
