#include "src/net/worker_pool.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <thread>
#include <utility>

namespace cairn::net {

namespace {

/// Workers yield to the thread that owns the sockets when there are fewer cores than threads.
constexpr int worker_niceness = 5;

void lower_priority_of_this_thread() {
    // On Linux this concerns the calling thread alone. Failure costs nothing but latency.
    static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), worker_niceness));
}

}  // namespace

struct WorkerPool::Worker {
    Worker(const chain::Blockchain& chain, std::uint64_t salt)
        : runner{chain.id(), chain.spec(), chain.engine(), salt},
          guard{asio::make_work_guard(context)},
          thread{[this] {
              lower_priority_of_this_thread();
              context.run();
          }} {}

    ~Worker() {
        context.stop();
        thread.join();
    }

    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    node::JobRunner runner;
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> guard;
    std::thread thread;
};

WorkerPool::WorkerPool(
    asio::io_context& home, const chain::Blockchain& chain, Options options, Finished finished
)
    : home_{home}, finished_{std::move(finished)}, dispatcher_{options.workers} {
    for (std::size_t i = 0; i < options.workers; ++i)
        workers_.push_back(std::make_unique<Worker>(chain, options.salt + i));
}

WorkerPool::~WorkerPool() = default;

void WorkerPool::start(node::Job job) {
    dispatcher_.add(std::move(job));
    assign();
}

void WorkerPool::assign() {
    while (auto assignment = dispatcher_.next()) {
        Worker& worker = *workers_[assignment->worker];
        asio::post(
            worker.context,
            [this, &worker, index = assignment->worker, job = std::move(assignment->job)](
            ) mutable {
                const auto began = std::chrono::steady_clock::now();
                auto result = worker.runner.run(std::move(job.work));
                const auto elapsed =
                    std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
                asio::post(
                    home_,
                    [this, index, id = job.id, result = std::move(result), elapsed]() mutable {
                        on_done(index, id, std::move(result), elapsed);
                    }
                );
            }
        );
    }
}

void WorkerPool::on_done(
    std::size_t worker, node::JobId id, node::JobResult result, Duration elapsed
) {
    dispatcher_.on_finished(worker);
    assign();
    finished_(id, std::move(result), elapsed);
}

}  // namespace cairn::net
