/// A whole node fed by bytes: three links that speak, stay silent, close and reopen, jobs that
/// finish late, and time that jumps. Nothing may assert, and what a link can make the node hold is
/// bounded.
///
/// Input: a run of steps. The low three bits of a step's first byte choose it, the next two a link;
/// a payload step is followed by two bytes of length and the payload.
#include "cairn/base/assert.hpp"
#include "cairn/chain/blockchain.hpp"
#include "cairn/node/limits.hpp"
#include "cairn/node/node.hpp"
#include "cairn/sim/memory_store.hpp"
#include "cairn/wire/messages.hpp"

#include <deque>

namespace {

using namespace cairn;

ledger::ChainSpec fuzz_spec() {
    ledger::ChainSpec spec;
    spec.name = "fuzz";
    spec.prefix = "fuz";
    spec.engine.kind = ledger::EngineKind::instant_seal;
    spec.engine.retarget = false;
    spec.engine.target_limit = 0;
    spec.engine.block_interval_ms = 1'000;
    spec.rewards = {.subsidy = Amount{50}, .halving_interval = 0};
    spec.time = UnixMillis{1'700'000'000'000};
    return spec;
}

class Driver {
  public:
    Driver()
        : engine_{consensus::make_engine(spec_.engine)},
          chain_{std::move(*chain::Blockchain::open(spec_, *engine_, store_, 1))},
          pool_{*chain_, {}, 1},
          node_{{}, *chain_, pool_, Random{1}},
          runner_{chain_->id(), spec_, *engine_, 1} {
        now_.wall = UnixMillis{spec_.time.value + 1'000'000};
        feed(node::TimerFired{});
    }

    void run(ByteView input) {
        codec::BinaryReader reader{input};
        while (reader.bytes_left() > 0)
            step(reader);
    }

  private:
    struct Link {
        node::LinkId id;
        bool is_open = false;
        std::size_t unread = 0;
    };

    void step(codec::BinaryReader& reader) {
        const auto code = reader.take_fixed<std::uint8_t>();
        auto& link = links_[(code >> 3U) % links_.size()];
        switch (code & 7U) {
            case 0:
                return open(link, node::Direction::inbound);
            case 1:
                return open(link, node::Direction::outbound);
            case 2:
                return close(link);
            case 3:
                return finish_job();
            case 4:
                return pass(reader.take_fixed<std::uint16_t>());
            case 5:
                link.unread = 0;
                return link.is_open ? feed(node::BytesSent{link.id, 0}) : void();
            case 6:
                return receive(link, take(reader));
            default:
                return receive(link, framed(take(reader)));
        }
    }

    static Bytes take(codec::BinaryReader& reader) {
        const std::size_t size = reader.take_fixed<std::uint16_t>();
        return to_bytes(reader.take(std::min(size, reader.bytes_left())));
    }

    static Bytes framed(const Bytes& payload) {
        return payload.empty() ? payload : wire::make_frame(payload);
    }

    void open(Link& link, node::Direction direction) {
        if (link.is_open)
            return;
        link = {.id = node::LinkId{++opened_}, .is_open = true, .unread = 0};
        feed(node::LinkOpened{link.id, direction, {"192.0.2.1", 5001}, false});
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
                count(sent->link, sent->bytes->size());
            if (std::holds_alternative<node::CommitStore>(output))
                CAIRN_ASSERT(chain_->commit().has_value());
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
    void count(node::LinkId id, std::size_t bytes) {
        for (auto& link : links_)
            if (link.id == id)
                link.unread += bytes;
        for (const auto& link : links_)
            CAIRN_ASSERT(link.unread <= node::send_queue_bytes_max + wire::payload_bytes_max);
    }

    ledger::ChainSpec spec_ = fuzz_spec();
    std::unique_ptr<consensus::Engine> engine_;
    sim::MemoryStore store_;
    std::unique_ptr<chain::Blockchain> chain_;
    mempool::Mempool pool_;
    node::Node node_;
    node::JobRunner runner_;
    Time now_;
    std::array<Link, 3> links_;
    std::uint64_t opened_ = 0;
    std::deque<node::Job> jobs_;
    std::deque<node::LinkId> texts_;
    std::deque<node::LinkId> closing_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    Driver driver;
    driver.run({bytes, size});
    return 0;
}
