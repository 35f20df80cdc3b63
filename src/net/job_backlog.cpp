#include "src/net/job_backlog.hpp"

#include "cairn/net/shell.hpp"

namespace cairn::net {

bool JobBacklog::start(node::JobId job, node::LinkId link, std::size_t bytes) {
    charges_[job] = {.link = link, .bytes = bytes};
    auto& all = bytes_[link];
    all += bytes;
    return all <= link_backlog_bytes_max;
}

std::optional<node::LinkId> JobBacklog::finish(node::JobId job) {
    const auto charge = charges_.find(job);
    if (charge == charges_.end())
        return std::nullopt;
    const auto [link, bytes] = charge->second;
    charges_.erase(charge);
    const auto all = bytes_.find(link);
    if (all == bytes_.end())
        return std::nullopt;
    all->second -= bytes;
    if (all->second > link_backlog_bytes_max)
        return std::nullopt;
    if (all->second == 0)
        bytes_.erase(all);
    return link;
}

void JobBacklog::forget(node::LinkId link) {
    bytes_.erase(link);
}

std::size_t JobBacklog::bytes(node::LinkId link) const {
    const auto all = bytes_.find(link);
    return all == bytes_.end() ? 0 : all->second;
}

}  // namespace cairn::net
