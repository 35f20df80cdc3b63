/// What the outside world does to a node: connections, bytes, jobs, signals, time.
#include "src/net/parts.hpp"

#include "cairn/net/address.hpp"

#include <asio/error.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <limits>
#include <thread>
#include <utility>

namespace cairn::net {

using asio::ip::tcp;

namespace {

/// The shutdown command of a signal; the server numbers its own commands upwards from 0.
constexpr node::CommandId signal_command{std::numeric_limits<std::uint64_t>::max()};
/// When the process is out of descriptors, accepting is tried again after this long.
constexpr Duration accept_retry_time = std::chrono::milliseconds{100};
/// How often a thread that does something else is asked for what waits behind that.
constexpr Duration input_look_interval = std::chrono::milliseconds{1};

Time now() {
    using std::chrono::duration_cast;
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    const auto wall_ms = duration_cast<std::chrono::milliseconds>(wall).count();
    return {
        .steady = {duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())},
        .wall = UnixMillis{wall_ms > 0 ? static_cast<std::uint64_t>(wall_ms) : 0},
    };
}

}  // namespace

Driver::Driver(Shell::Parts& parts, Driven driven, ShellHooks hooks, WorkerPool::Options workers)
    : parts_{parts},
      driven_{std::move(driven)},
      hooks_{std::move(hooks)},
      has_own_core_{workers.workers < std::thread::hardware_concurrency()},
      signals_{parts.context, SIGINT, SIGTERM, SIGHUP},
      wakeup_timer_{parts.context},
      accept_timer_{parts.context},
      stop_timer_{parts.context},
      tick_timer_{parts.context},
      health_timer_{parts.context},
      read_buffer_(read_bytes_max) {
    if (driven_.chain != nullptr) {
        pool_.emplace(
            parts.context,
            *driven_.chain,
            workers,
            [this](node::JobId id, node::JobResult result, Duration elapsed) {
                on_job(id, std::move(result), elapsed);
            }
        );
        writer_.emplace(
            parts.context,
            CommitWriter::Hooks{
                .written = [this](const auto& written
                           ) { check_commit(driven_.chain->end_commit(written)); },
                .finished = [this] { deliver(node::CommitFinished{}); }}
        );
    }
}

Driver::~Driver() = default;

RunEnd Driver::run() {
    signals_.add(SIGUSR1);
    await_signal();
    if (parts_.acceptor.is_open())
        accept_next();
    if (hooks_.started)
        hooks_.started();
    if (hooks_.tick)
        tick();
    if (hooks_.check_health)
        check_health();
    for (Door* door : driven_.doors) {
        const auto first = door_link_first + doors_.size() * door_links_max;
        doors_.push_back(std::make_unique<DoorPort>(*this, *door, first));
        door->start(*doors_.back());
    }
    deliver(node::TimerFired{});
    run_handlers();
    // Whoever has the chain next may commit it.
    if (writer_)
        writer_->wait();
    return end_.value_or(RunEnd{.reason = StopReason::forced, .message = {}});
}

void Driver::run_handlers() {
    auto& context = parts_.context;
    bool is_running = true;
    do {
        // All that is ready; only then the thread waits.
        context.poll();
        spare_time_.on_wait(now().steady);
        is_idle_ = true;
        is_running = context.run_one() != 0;
        // It was no input of the node's that ended the wait.
        if (std::exchange(is_idle_, false))
            spare_time_.on_wait(now().steady);
    } while (is_running);
}

void Driver::read_clocks() {
    time_ = now();
    if (std::exchange(is_idle_, false))
        spare_time_.on_wake(time_.steady);
    else
        spare_time_.on_late_wake(time_.steady);
}

void Driver::deliver(node::Input input) {
    if (end_)
        return;
    read_clocks();
    if (has_own_core_)
        spare_time_.on_work(time_.steady);
    driven_.machine.handle(time_, std::move(input));
    settle();
    if (has_own_core_)
        spare_time_.on_work_done(now().steady);
}

void Driver::accept_next() {
    parts_.acceptor.async_accept([this](const std::error_code& error, tcp::socket socket) {
        if (error == asio::error::operation_aborted || is_stopping_)
            return;
        if (error == asio::error::no_descriptors || error == asio::error::no_memory ||
            error == std::errc::too_many_files_open_in_system) {
            accept_timer_.expires_after(accept_retry_time);
            accept_timer_.async_wait([this](const std::error_code& cancelled) {
                if (!cancelled)
                    accept_next();
            });
            return;
        }
        std::error_code gone;
        const auto remote = error ? tcp::endpoint{} : socket.remote_endpoint(gone);
        if (!error && !gone) {
            open_link(
                std::move(socket),
                node::Direction::inbound,
                {.host = unmapped(remote.address()).to_string(), .port = remote.port()}
            );
        }
        accept_next();
    });
}

void Driver::open_link(tcp::socket socket, node::Direction direction, node::Endpoint remote) {
    std::error_code gone;
    const auto endpoint = socket.remote_endpoint(gone);
    const node::LinkId link{++last_link_};
    auto connection = std::make_shared<Connection>(std::move(socket), link, *this);
    links_[link].connection = connection;
    deliver(node::LinkOpened{
        .link = link,
        .direction = direction,
        .remote = std::move(remote),
        .is_loopback = !gone && unmapped(endpoint.address()).is_loopback(),
    });
    connection->start();
}

void Driver::on_bytes(node::LinkId link, ByteView bytes) {
    current_link_ = link;
    deliver(node::BytesReceived{.link = link, .bytes = to_bytes(bytes)});
    current_link_.reset();
}

void Driver::on_end_of_input(node::LinkId link) {
    if (Link* found = find(link))
        found->has_input_ended = true;
    close_if_answered(link);
}

void Driver::on_drained(node::LinkId link, std::size_t queued) {
    deliver(node::BytesSent{.link = link, .queued = queued});
    close_if_answered(link);
}

void Driver::on_closed(node::LinkId link) {
    links_.erase(link);
    closing_.erase(link);
    backlog_.forget(link);
    if (driven_.server != nullptr)
        driven_.server->on_link_closed(link);
    deliver(node::LinkClosed{link});
    end_when_quiet();
}

void Driver::ask(const node::TextRequest& request) {
    if (end_)
        return;
    time_ = now();
    driven_.server->on_text(time_, request);
    settle();
}

void Driver::forget(node::LinkId link) {
    driven_.server->on_link_closed(link);
}

void Driver::look_for_input(Instant present) {
    if (present - looked_at_ < input_look_interval)
        return;
    looked_at_ = present;
    is_idle_ = false;
    const bool has_input = std::any_of(links_.begin(), links_.end(), [](const auto& link) {
        return link.second.connection->has_unread();
    });
    // The result of a check may wait here too. Where checks are the work, they count anyway.
    if (has_input || unfinished_checks_ > 0)
        spare_time_.on_late_wake(present);
    else
        spare_time_.on_wait(present);
}

bool Driver::is_busy() {
    if (!driven_.server->is_catching_up())
        return false;
    const auto present = now().steady;
    look_for_input(present);
    return !spare_time_.is_left(present);
}

void Driver::on_door_idle() {
    end_when_quiet();
}

void Driver::on_job(node::JobId id, node::JobResult result, Duration elapsed) {
    if (hooks_.job_done)
        hooks_.job_done(result, elapsed);
    if (const auto resumed = backlog_.finish(id)) {
        if (Link* link = find(*resumed))
            link->connection->resume();
    }
    const bool is_search = std::holds_alternative<miner::SearchOutcome>(result);
    deliver(node::JobFinished{.id = id, .result = std::move(result)});
    // Counted last: a result that starts the next job leaves no pause.
    if (!is_search && --unfinished_checks_ == 0 && !has_own_core_)
        spare_time_.on_work_done(now().steady);
}

void Driver::await_signal() {
    signals_.async_wait([this](const std::error_code& error, int number) {
        if (error)
            return;
        await_signal();
        on_signal(number);
    });
}

void Driver::on_signal(int number) {
    if (number == SIGHUP) {
        if (hooks_.reopen_log)
            hooks_.reopen_log();
        return;
    }
    if (number == SIGUSR1) {
        if (hooks_.dump_status)
            hooks_.dump_status();
        return;
    }
    if (is_asked_to_stop_) {
        end_run(StopReason::forced, {});
        return;
    }
    log(node::LogEvent::Level::info, "stopping", {{"signal", std::to_string(number)}});
    ask_to_stop();
}

void Driver::ask_to_stop() {
    is_asked_to_stop_ = true;
    stop_timer_.expires_after(stop_time_max);
    stop_timer_.async_wait([this](const std::error_code& cancelled) {
        if (!cancelled)
            end_run(StopReason::forced, {});
    });
    deliver(node::CommandReceived{.id = signal_command, .request = node::Shutdown{}});
}

void Driver::check_health() {
    if (is_asked_to_stop_)
        return;
    if (auto complaint = hooks_.check_health()) {
        log(node::LogEvent::Level::error, "stopping", {{"reason", *complaint}});
        complaint_ = std::move(*complaint);
        ask_to_stop();
        return;
    }
    health_timer_.expires_after(hooks_.health_interval);
    health_timer_.async_wait([this](const std::error_code& cancelled) {
        if (!cancelled)
            check_health();
    });
}

void Driver::on_wakeup() {
    time_ = now();
    if (driven_.server != nullptr) {
        const auto due = driven_.server->next_wakeup();
        if (due && *due <= time_.steady)
            driven_.server->on_time(time_);
    }
    if (const auto due = driven_.machine.next_wakeup(); due && *due <= time_.steady)
        deliver(node::TimerFired{});
    else
        settle();
}

void Driver::tick() {
    hooks_.tick();
    tick_timer_.expires_after(hooks_.tick_interval);
    tick_timer_.async_wait([this](const std::error_code& cancelled) {
        if (!cancelled)
            tick();
    });
}

}  // namespace cairn::net
