/// What a node and its text server ask for, performed.
#include "src/net/dial.hpp"
#include "src/net/parts.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>

namespace cairn::net {

namespace {

/// What a job counts for in its link's backlog. Searches are nobody's fault.
std::size_t backlog_bytes(const node::JobWork& work) {
    constexpr std::size_t bytes_per_transaction = 256;
    return std::visit(
        overloaded{
            [](const node::CheckBlockJob& job) { return job.bytes.size(); },
            [](const node::CheckTransactionsJob& job) {
                return job.transactions.size() * bytes_per_transaction;
            },
            [](const node::SearchJob&) { return std::size_t{0}; },
        },
        work
    );
}

}  // namespace

void Driver::settle() {
    // A door asks from within its own reply: the loop below will come to that.
    if (is_settling_)
        return;
    is_settling_ = true;
    settle_once();
    is_settling_ = false;
}

void Driver::settle_once() {
    while (!end_) {
        auto outputs = driven_.machine.take_outputs();
        std::vector<rpc::Action> actions;
        if (driven_.server != nullptr)
            actions = driven_.server->take_actions();
        if (outputs.empty() && actions.empty())
            break;
        for (auto& output : outputs) {
            if (!end_)
                perform(std::move(output));
        }
        for (auto& action : actions) {
            if (!end_)
                perform(std::move(action));
        }
    }
    flush_links();
    // Only now: the reply to the command that stopped the node has been queued.
    if (is_stopping_)
        begin_stop();
    if (!end_)
        arm_timer();
    const bool is_behind = driven_.server != nullptr && driven_.server->is_catching_up();
    // What was put by before blocks were missing is not theirs to give.
    if (!std::exchange(was_behind_, is_behind) && is_behind)
        spare_time_.reset(time_.steady);
}

void Driver::perform(node::Output output) {
    std::visit(
        overloaded{
            [this](node::SendBytes& send) {
                if (Link* link = find(send.link)) {
                    link->connection->send(std::move(send.bytes));
                    unflushed_.push_back(send.link);
                }
            },
            [this](const node::Dial& request) { start_dial(request.endpoint); },
            [this](const node::ResolveName& request) { start_resolve(request.name); },
            [this](const node::CloseLink& close) {
                Link* link = find(close.link);
                if (link != nullptr && close.ending == node::Ending::at_once)
                    link->connection->close();
                else if (link != nullptr)
                    finish(close.link, *link->connection);
            },
            [this](node::StartJob& start) { start_job(std::move(start.job)); },
            [this](const node::CommitStore&) { commit(); },
            [this](const node::StartCommit&) { start_commit(); },
            [this](const node::Reply& reply) {
                if (driven_.server != nullptr)
                    driven_.server->on_reply(time_, reply.id, reply.reply);
            },
            [this](const node::TextRequest& request) {
                Link* link = find(request.link);
                if (link != nullptr && driven_.server != nullptr) {
                    ++link->texts_waiting;
                    driven_.server->on_text(time_, request);
                }
            },
            [this](const node::ChainEvent& happened) {
                if (driven_.server != nullptr)
                    driven_.server->on_chain_event(time_);
                if (!doors_.empty())
                    for (const auto& event : rpc::to_events(happened))
                        tell_doors(event);
            },
            [this](const node::PoolEvent& happened) {
                if (!doors_.empty())
                    tell_doors(rpc::to_event(happened));
            },
            [this](const node::PeerEvent& happened) {
                if (!doors_.empty())
                    tell_doors(rpc::to_event(happened));
            },
            [this](const node::LogEvent& event) {
                if (hooks_.log)
                    hooks_.log(event);
            },
            [this](const node::SavePeers& save) {
                if (hooks_.save_peers)
                    hooks_.save_peers(*save.peers);
            },
            [this](const node::Stopped&) { is_stopping_ = true; },
        },
        output
    );
}

void Driver::perform(rpc::Action action) {
    std::visit(
        overloaded{
            [&](rpc::SendText& send) {
                if (send.link.value >= door_link_first) {
                    for (auto& door : doors_)
                        door->take_reply(send);
                    return;
                }
                Link* link = find(send.link);
                if (link == nullptr)
                    return;
                if (link->texts_waiting > 0)
                    --link->texts_waiting;
                const node::LinkId id = send.link;
                // The clock has just been read; a reply needs no newer time.
                driven_.machine.handle(
                    time_, node::TextReply{.link = id, .text = std::move(send.text)}
                );
            },
            [&](rpc::RunCommand& command) {
                driven_.machine.handle(
                    time_,
                    node::CommandReceived{.id = command.id, .request = std::move(command.request)}
                );
            },
        },
        action
    );
}

void Driver::start_dial(const node::Endpoint& endpoint) {
    const auto done = [this, endpoint](std::optional<asio::ip::tcp::socket> socket) {
        if (socket && !is_stopping_)
            open_link(std::move(*socket), node::Direction::outbound, endpoint);
        else
            deliver(node::DialFailed{endpoint});
    };
    dial(parts_.context, parts_.names, endpoint, done);
}

void Driver::start_resolve(const node::Endpoint& name) {
    parts_.names.resolve(name.host, [this, name](std::vector<std::string> hosts) {
        deliver(node::NameResolved{.name = name, .hosts = std::move(hosts)});
    });
}

void Driver::start_job(node::Job job) {
    const std::size_t bytes = backlog_bytes(job.work);
    Link* link = current_link_ && bytes > 0 ? find(*current_link_) : nullptr;
    if (link != nullptr && !backlog_.start(job.id, *current_link_, bytes))
        link->connection->pause();
    const bool is_search = std::holds_alternative<node::SearchJob>(job.work);
    if (!is_search && unfinished_checks_++ == 0 && !has_own_core_)
        spare_time_.on_work(time_.steady);
    pool_->start(std::move(job));
}

void Driver::commit() {
    // What was sent before the commit leaves before it: relay never waits for the disk.
    flush_links();
    writer_->wait();
    if (!end_)
        check_commit(driven_.chain->commit());
}

void Driver::start_commit() {
    auto begun = driven_.chain->begin_commit();
    if (begun)
        writer_->start(std::move(*begun));
    else
        check_commit(tl::unexpected{begun.error()});
}

void Driver::check_commit(const Result<void, chain::StoreError>& done) {
    if (done)
        return;
    // Whatever else has ended the run says less.
    end_.reset();
    end_run(StopReason::store_failed, std::string{to_string(done.error())});
}

void Driver::flush_links() {
    for (const node::LinkId id : unflushed_) {
        if (Link* link = find(id))
            link->connection->flush();
    }
    unflushed_.clear();
}

void Driver::close_if_answered(node::LinkId link) {
    const Link* found = find(link);
    if (found != nullptr && found->has_input_ended && found->texts_waiting == 0 &&
        found->connection->queued_bytes() == 0)
        finish(link, *found->connection);
}

void Driver::finish(node::LinkId link, Connection& connection) {
    connection.finish();
    closing_.insert(link);
    if (closing_.size() <= closing_links_max)
        return;
    const node::LinkId first = *closing_.begin();
    closing_.erase(closing_.begin());
    if (Link* found = find(first))
        found->connection->close();
}

void Driver::arm_timer() {
    auto next = driven_.machine.next_wakeup();
    if (driven_.server != nullptr) {
        const auto other = driven_.server->next_wakeup();
        if (other && (!next || *other < *next))
            next = other;
    }
    if (next == armed_for_)
        return;
    armed_for_ = next;
    if (!next) {
        wakeup_timer_.cancel();
        return;
    }
    wakeup_timer_.expires_at(std::chrono::steady_clock::time_point{next->since_start});
    wakeup_timer_.async_wait([this](const std::error_code& cancelled) {
        if (cancelled || end_)
            return;
        armed_for_.reset();
        on_wakeup();
    });
}

void Driver::tell_doors(const rpc::Event& event) {
    for (const auto& door : doors_)
        door->door().on_event(event);
}

void Driver::begin_stop() {
    if (has_begun_stop_)
        return;
    has_begun_stop_ = true;
    std::error_code ignored;
    parts_.acceptor.close(ignored);
    for (auto& [id, link] : links_)
        link.connection->finish();
    for (const auto& door : doors_)
        door->door().stop();
    // A connection ends by itself after that time; a door's client must not hold us up either.
    stop_timer_.expires_after(close_time_max);
    stop_timer_.async_wait([this](const std::error_code& cancelled) {
        if (!cancelled)
            end_cleanly();
    });
    end_when_quiet();
}

void Driver::end_when_quiet() {
    const bool is_quiet = has_begun_stop_ && links_.empty() &&
                          std::all_of(doors_.begin(), doors_.end(), [](const auto& door) {
                              return door->door().is_idle();
                          });
    if (is_quiet)
        end_cleanly();
}

void Driver::end_cleanly() {
    end_run(complaint_.empty() ? StopReason::clean : StopReason::unhealthy, complaint_);
}

void Driver::end_run(StopReason reason, std::string message) {
    if (end_)
        return;
    end_ = RunEnd{.reason = reason, .message = std::move(message)};
    parts_.context.stop();
}

Driver::Link* Driver::find(node::LinkId link) {
    const auto found = links_.find(link);
    return found == links_.end() ? nullptr : &found->second;
}

void Driver::log(
    node::LogEvent::Level level,
    std::string message,
    std::vector<std::pair<std::string_view, std::string>> fields
) {
    if (hooks_.log) {
        hooks_.log(
            {.level = level,
             .area = "net",
             .message = std::move(message),
             .fields = std::move(fields)}
        );
    }
}

}  // namespace cairn::net
