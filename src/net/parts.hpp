/// The inside of `Shell`: its Asio objects, and `Driver`, which runs one node on them.
#pragma once

#include "src/net/commit_writer.hpp"
#include "src/net/connection.hpp"
#include "src/net/door_port.hpp"
#include "src/net/job_backlog.hpp"
#include "src/net/name_service.hpp"
#include "src/net/spare_time.hpp"
#include "src/net/worker_pool.hpp"

#include "cairn/net/shell.hpp"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cairn::net {

struct Shell::Parts {
    /// One thread: Asio then skips its own locks where it can.
    asio::io_context context{1};
    asio::ip::tcp::acceptor acceptor{context};
    NameService names{context};
};

/// Performs the driver's duties of `cairn/node/events.hpp` for one machine.
class Driver final : public ConnectionOwner, public DoorOwner {
  public:
    /// `parts` and everything in `driven` must outlive it.
    Driver(Shell::Parts& parts, Driven driven, ShellHooks hooks, WorkerPool::Options workers);
    ~Driver() override;
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;

    [[nodiscard]] RunEnd run();

    [[nodiscard]] Bytes& read_buffer() override { return read_buffer_; }

    void on_bytes(node::LinkId link, ByteView bytes) override;
    void on_end_of_input(node::LinkId link) override;
    void on_drained(node::LinkId link, std::size_t queued) override;
    void on_closed(node::LinkId link) override;

    void ask(const node::TextRequest& request) override;
    void forget(node::LinkId link) override;
    [[nodiscard]] bool is_busy() override;
    void on_door_idle() override;

  private:
    /// What the driver knows of one connection.
    struct Link {
        std::shared_ptr<Connection> connection;
        /// Text requests that the server has not answered.
        std::size_t texts_waiting = 0;
        bool has_input_ended = false;
    };

    /// Performs what is ready and waits for more, until there is nothing to wait for.
    void run_handlers();
    /// Tells the time to the machine, which has something to do.
    void read_clocks();
    /// Looks whether there is anything to do for the node that waits behind others.
    void look_for_input(Instant present);

    /// @name Inputs
    /// @{
    void deliver(node::Input input);
    void accept_next();
    void open_link(asio::ip::tcp::socket socket, node::Direction direction, node::Endpoint remote);
    void on_job(node::JobId id, node::JobResult result, Duration elapsed);
    void await_signal();
    void on_signal(int number);
    void on_wakeup();
    void tick();
    void check_health();
    /// Lets the node say goodbye, for `stop_time_max` at most.
    void ask_to_stop();
    /// @}

    /// @name Outputs
    /// @{
    /// Performs what the node and the server ask for until neither asks for more.
    void settle();
    void settle_once();
    void tell_doors(const rpc::Event& event);
    void perform(node::Output output);
    void perform(rpc::Action action);
    void start_dial(const node::Endpoint& endpoint);
    void start_resolve(const node::Endpoint& name);
    void start_job(node::Job job);
    void commit();
    void start_commit();
    /// Ends the run if a commit has failed.
    void check_commit(const Result<void, chain::StoreError>& done);
    void flush_links();
    void close_if_answered(node::LinkId link);
    /// Closes once everything has been sent; see rule 6 of the shell.
    void finish(node::LinkId link, Connection& connection);
    void arm_timer();
    /// Takes no more connections and ends `run` once the links have closed and the doors are idle.
    void begin_stop();
    void end_when_quiet();
    void end_cleanly();
    void end_run(StopReason reason, std::string message);
    /// @}

    Link* find(node::LinkId link);
    void log(
        node::LogEvent::Level level,
        std::string message,
        std::vector<std::pair<std::string_view, std::string>> fields
    );

    Shell::Parts& parts_;
    Driven driven_;
    ShellHooks hooks_;
    /// The clocks as the machine was last told.
    Time time_;
    /// Only where there is a chain to check and to commit.
    std::optional<WorkerPool> pool_;
    std::optional<CommitWriter> writer_;
    /// Jobs that are no searches: whoever mines has time.
    std::size_t unfinished_checks_ = 0;
    /// Whether the workers leave a core to this thread.
    bool has_own_core_ = false;
    /// Its work are unfinished checks, or where they have cores of their own, the thread's inputs.
    SpareTime spare_time_;
    /// The thread waits in `run_handlers`, or has done nothing since.
    bool is_idle_ = false;
    bool was_behind_ = false;
    /// When `look_for_input` looked.
    Instant looked_at_;
    asio::signal_set signals_;
    asio::steady_timer wakeup_timer_;
    asio::steady_timer accept_timer_;
    asio::steady_timer stop_timer_;
    asio::steady_timer tick_timer_;
    asio::steady_timer health_timer_;
    std::optional<Instant> armed_for_;
    Bytes read_buffer_;
    std::map<node::LinkId, Link> links_;
    /// What the links' input has started.
    JobBacklog backlog_;
    std::vector<std::unique_ptr<DoorPort>> doors_;
    /// True in `settle`: what a door asks meanwhile is performed there.
    bool is_settling_ = false;
    /// Links on their way to be closed, the one that was opened first in front.
    std::set<node::LinkId> closing_;
    /// Links with something new in their queue.
    std::vector<node::LinkId> unflushed_;
    /// The link whose input the node is handling.
    std::optional<node::LinkId> current_link_;
    std::uint64_t last_link_ = 0;
    bool is_asked_to_stop_ = false;
    /// Why `check_health` stopped the node.
    std::string complaint_;
    bool is_stopping_ = false;
    bool has_begun_stop_ = false;
    std::optional<RunEnd> end_;
};

}  // namespace cairn::net
