#include "src/net/dispatcher.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace cairn::net {

Dispatcher::Dispatcher(std::size_t workers) : loads_(workers, 0) {
    CAIRN_ASSERT(workers > 0);
}

void Dispatcher::add(node::Job job) {
    auto& queue = std::holds_alternative<node::SearchJob>(job.work) ? searches_ : checks_;
    queue.push_back(std::move(job));
}

std::optional<Dispatcher::Assignment> Dispatcher::next() {
    const auto least = std::min_element(loads_.begin(), loads_.end());
    const bool takes_check = !checks_.empty() && *least < jobs_per_worker_max;
    const bool takes_search = checks_.empty() && !searches_.empty() && *least == 0;
    if (!takes_check && !takes_search)
        return std::nullopt;
    auto& queue = takes_check ? checks_ : searches_;
    Assignment assignment{
        .worker = static_cast<std::size_t>(least - loads_.begin()),
        .job = std::move(queue.front()),
    };
    queue.pop_front();
    ++*least;
    return assignment;
}

void Dispatcher::on_finished(std::size_t worker) {
    CAIRN_ASSERT(worker < loads_.size() && loads_[worker] > 0);
    --loads_[worker];
}

}  // namespace cairn::net
