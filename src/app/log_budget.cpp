#include "src/app/log_budget.hpp"

namespace cairn::app {

LogBudget::Ruling LogBudget::admit(std::string_view site, std::size_t bytes, Instant now) {
    auto found = sites_.find(site);
    if (found == sites_.end()) {
        const bool is_full = sites_.size() >= log_sites_max;
        found = sites_.try_emplace(is_full ? std::string{} : std::string{site}, Site{.since = now})
                    .first;
    }
    Site& budget = found->second;
    if (now - budget.since >= log_site_period)
        budget = {.since = now};
    if (budget.is_over)
        return Ruling::drop;
    budget.is_over = budget.bytes + bytes > log_site_bytes_max;
    if (budget.is_over)
        return Ruling::last;
    budget.bytes += bytes;
    return Ruling::write;
}

}  // namespace cairn::app
