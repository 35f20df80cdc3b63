/// Which worker does which job next: decided in one place, without threads.
///
/// Rules:
/// 1. Checks go before searches: verification progresses even when every core mines, because a
///    search job is a slice of about 20 ms.
/// 2. A check goes to the worker with the fewest jobs. A worker holds at most two: the second is at
///    hand when the first ends, so that it need not wait for the owner's thread.
/// 3. A search goes to a worker without any job.
#pragma once

#include "cairn/node/job.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

namespace cairn::net {

inline constexpr std::size_t jobs_per_worker_max = 2;

class Dispatcher {
  public:
    /// `workers` must be positive.
    explicit Dispatcher(std::size_t workers);

    struct Assignment {
        std::size_t worker = 0;
        node::Job job;
    };

    /// Queues a job.
    void add(node::Job job);
    /// The next job that can start now, with its worker; nothing when all must wait.
    [[nodiscard]] std::optional<Assignment> next();
    /// A job of `worker` has ended.
    void on_finished(std::size_t worker);

  private:
    std::vector<std::size_t> loads_;
    std::deque<node::Job> checks_;
    std::deque<node::Job> searches_;
};

}  // namespace cairn::net
