#include "src/app/status_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace cairn::app {

namespace {

constexpr std::size_t bar_width = 24;
constexpr std::size_t tip_digits = 12;

std::string progress_bar(std::uint64_t done, std::uint64_t total) {
    const std::size_t filled =
        total == 0 ? bar_width : std::min<std::size_t>(bar_width, done * bar_width / total);
    return "[" + std::string(filled, '#') + std::string(bar_width - filled, '-') + "]";
}

std::string to_time(std::uint64_t total) {
    constexpr std::uint64_t minute = 60;
    constexpr std::uint64_t hour = 3600;
    if (total < minute)
        return fmt::format("{}s", total);
    if (total < hour)
        return fmt::format("{}m{:02}s", total / minute, total % minute);
    return fmt::format("{}h{:02}m", total / hour, total % hour / minute);
}

}  // namespace

StatusFacts gather_status(const node::NodeView& view) {
    const auto mining = view.mining();
    return {
        .height = view.chain().tip().height().value,
        .best_height = view.chain().best_header().height().value,
        .tip = to_hex(view.chain().tip().hash),
        .peers = view.peers().size(),
        .pending = view.pool().size(),
        .hashrate = mining.hashrate,
        .is_syncing = view.is_syncing(),
        .is_mining = mining.is_mining,
    };
}

std::string to_hashrate(std::uint64_t hashes_per_second) {
    constexpr std::array<std::string_view, 5> units{"H/s", "kH/s", "MH/s", "GH/s", "TH/s"};
    constexpr std::uint64_t thousand = 1000;
    if (hashes_per_second < thousand)
        return fmt::format("{} {}", hashes_per_second, units[0]);
    std::size_t unit = 0;
    std::uint64_t tenths = hashes_per_second * 10;
    for (; tenths >= thousand * 10 && unit + 1 < units.size(); ++unit)
        tenths /= thousand;
    return fmt::format("{}.{} {}", tenths / 10, tenths % 10, units[unit]);
}

std::string StatusLine::update(const StatusFacts& facts, Instant now) {
    std::string line = fmt::format("height {}", facts.height);
    if (facts.is_syncing && facts.best_height > facts.height) {
        if (!sync_)
            sync_ = SyncStart{.time = now, .height = facts.height};
        line += fmt::format(
            "/{} {} {}%",
            facts.best_height,
            progress_bar(facts.height, facts.best_height),
            facts.height * 100 / facts.best_height
        );
        const std::uint64_t done = facts.height - std::min(facts.height, sync_->height);
        const auto elapsed_ms = static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::milliseconds>(now - sync_->time).count()
        );
        if (done > 0)
            line +=
                " eta " + to_time(elapsed_ms * (facts.best_height - facts.height) / done / 1000);
    } else {
        sync_.reset();
    }
    line += fmt::format(
        " | tip {} | {} peers | {} pending",
        facts.tip.substr(0, tip_digits),
        facts.peers,
        facts.pending
    );
    if (facts.is_mining)
        line += " | " + to_hashrate(facts.hashrate);
    return line;
}

}  // namespace cairn::app
