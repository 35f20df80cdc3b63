#include "cairn/node/block_download.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/node/limits.hpp"
#include "cairn/node/trace.hpp"

#include <algorithm>
#include <utility>

namespace cairn::node {

void BlockDownload::on_peer_gone(LinkId link) {
    release(link);
    peers_.erase(link);
}

void BlockDownload::release(LinkId link) {
    if (const auto found = peers_.find(link); found != peers_.end()) {
        in_flight_ -= found->second.in_flight.size();
        found->second.in_flight.clear();
    }
    for (auto& slot : window_)
        if (slot.state == SlotState::requested && slot.link == link)
            clear(slot);
}

void BlockDownload::clear(Slot& slot) {
    buffered_bytes_ -= slot.bytes;
    slot = Slot{.avoid = slot.avoid};
}

void BlockDownload::pop_front() {
    if (!window_.empty()) {
        buffered_bytes_ -= window_.front().bytes;
        heights_.erase(branch_.front());
        window_.pop_front();
    }
    branch_.pop_front();
    base_ = base_.next();
}

void BlockDownload::truncate(std::size_t size) {
    while (window_.size() > size) {
        buffered_bytes_ -= window_.back().bytes;
        heights_.erase(branch_[window_.size() - 1]);
        window_.pop_back();
    }
    branch_.resize(size);
}

void BlockDownload::follow(const chain::Blockchain& chain) {
    const auto is_missing = [](const chain::BlockEntry* entry) {
        return entry != nullptr && entry->status == chain::BlockStatus::header_only;
    };
    while (!branch_.empty() && !is_missing(chain.find(branch_.front())))
        pop_front();
    std::vector<BlockHash> above;
    const auto* entry = &chain.best_header();
    for (; is_missing(entry); entry = chain.find(entry->head.header.previous)) {
        const auto height = entry->height();
        const bool joins = height >= base_ && height.value - base_.value < branch_.size() &&
                           branch_[height.value - base_.value] == entry->hash;
        if (joins)
            break;
        above.push_back(entry->hash);
    }
    if (is_missing(entry)) {
        truncate(entry->height().value - base_.value + 1);
    } else {
        truncate(0);
        base_ = entry == nullptr ? Height{} : entry->height().next();
    }
    if (entry != nullptr)
        branch_.insert(branch_.end(), above.rbegin(), above.rend());
    while (window_.size() < std::min(branch_.size(), download_window)) {
        heights_.emplace(branch_[window_.size()], Height{base_.value + window_.size()});
        window_.emplace_back();
    }
}

BlockDownload::Slot* BlockDownload::find_slot(const BlockHash& hash) {
    const auto found = heights_.find(hash);
    return found == heights_.end() ? nullptr : &window_[found->second.value - base_.value];
}

BlockDownload::Receipt BlockDownload::on_block(
    const Time& now, LinkId link, const BlockHash& hash, std::size_t bytes
) {
    const auto peer = peers_.find(link);
    if (peer == peers_.end() || peer->second.in_flight.erase(hash) == 0)
        return Receipt::unrequested;
    --in_flight_;
    peer->second.progress_at = now.steady;
    peer->second.measured_bytes += bytes;
    expected_bytes_ =
        bytes > expected_bytes_ ? bytes : expected_bytes_ - (expected_bytes_ - bytes) / 16;

    auto* slot = find_slot(hash);
    if (slot == nullptr || slot->state == SlotState::checking || slot->state == SlotState::ready)
        return Receipt::unneeded;
    // Rule 3. The first block is what all others wait for.
    if (slot != &window_.front() && buffered_bytes_ + bytes > download_buffer_bytes_max) {
        clear(*slot);
        return Receipt::unneeded;
    }
    slot->state = SlotState::checking;
    slot->link = link;
    slot->bytes = bytes;
    buffered_bytes_ += bytes;
    return Receipt::wanted;
}

void BlockDownload::on_checked(CheckedBlockPointer block, LinkId from) {
    auto* slot = find_slot(block->hash());
    if (slot == nullptr || slot->state != SlotState::checking)
        return;
    slot->state = SlotState::ready;
    slot->link = from;
    slot->block = std::move(block);
}

void BlockDownload::on_refused(const BlockHash& hash) {
    if (auto* slot = find_slot(hash); slot != nullptr && slot->state == SlotState::checking)
        clear(*slot);
}

bool BlockDownload::on_not_found(const Time& now, LinkId link, const BlockHash& hash) {
    const auto peer = peers_.find(link);
    if (peer == peers_.end() || peer->second.in_flight.erase(hash) == 0)
        return false;
    --in_flight_;
    peer->second.progress_at = now.steady;
    if (auto* slot = find_slot(hash);
        slot != nullptr && slot->state == SlotState::requested && slot->link == link)
        clear(*slot);
    return true;
}

std::optional<OrderedBlock> BlockDownload::take_next(const Time& now) {
    if (window_.empty() || window_.front().state != SlotState::ready)
        return std::nullopt;
    OrderedBlock next{std::move(window_.front().block), window_.front().link};
    pop_front();
    if (window_.size() < std::min(branch_.size(), download_window)) {
        heights_.emplace(branch_[window_.size()], Height{base_.value + window_.size()});
        window_.emplace_back();
    }
    front_since_ = now.steady;
    stall_time_ = std::max(stall_time_default, stall_time_ * 85 / 100);
    return next;
}

std::size_t BlockDownload::in_flight_per_peer() const {
    return std::clamp(
        small_blocks_in_flight_bytes / std::max<std::size_t>(expected_bytes_, 1),
        blocks_in_flight_per_peer_max,
        small_blocks_in_flight_per_peer_max
    );
}

std::optional<Height> BlockDownload::serves_until(
    const chain::Blockchain& chain, const ProvenTip* tip
) const {
    if (tip == nullptr || tip->work <= chain.tip().work || tip->height < base_ ||
        tip->height.value - base_.value >= branch_.size() ||
        branch_[tip->height.value - base_.value] != tip->hash)
        return std::nullopt;
    return tip->height;
}

std::vector<BlockDownload::Server> BlockDownload::servers_with_room(
    Context& context, const HeaderSync& headers
) {
    std::vector<Server> servers;
    const auto share = in_flight_per_peer();
    for (const auto& [link, peer] : context.peers) {
        const auto until = serves_until(context.chain, headers.proven_tip(link));
        if (!until)
            continue;
        auto& state = peers_[link];
        if (state.in_flight.size() <= share / 2)
            servers.push_back(
                {.peer = &peer,
                 .state = &state,
                 .until = *until,
                 .room = share - state.in_flight.size(),
                 .requests = {}}
            );
    }
    return servers;
}

void BlockDownload::request(Context& context, const HeaderSync& headers) {
    if (window_.empty())
        return;
    auto servers = servers_with_room(context, headers);
    std::size_t room = 0;
    for (const auto& server : servers)
        room += server.room;
    for (std::size_t i = 0; i < window_.size() && room > 0; ++i) {
        auto& slot = window_[i];
        if (slot.state != SlotState::missing)
            continue;
        const auto in_flight_bytes = (in_flight_ + 1) * expected_bytes_;
        if (i > 0 && buffered_bytes_ + in_flight_bytes > download_buffer_bytes_max)
            break;
        Server* best = nullptr;
        for (auto& server : servers) {
            const bool is_able = server.room > 0 && server.until.value >= base_.value + i &&
                                 slot.avoid != server.peer->link &&
                                 !server.state->in_flight.contains(branch_[i]);
            if (is_able && (best == nullptr || server.room > best->room))
                best = &server;
        }
        if (best == nullptr) {
            // Asked in vain of the only one: it may be asked once more.
            slot.avoid.reset();
            continue;
        }
        ask(context, *best, branch_[i], slot);
        --room;
    }
    for (auto& server : servers)
        if (!server.requests.empty())
            context.outbox.send_raw(
                server.peer->link, std::make_shared<const Bytes>(std::move(server.requests))
            );
}

void BlockDownload::ask(Context& context, Server& server, const BlockHash& hash, Slot& slot) {
    const auto frame = wire::encode_message(
        wire::GetBlock{.hash = hash}, {.chain = server.peer->our_alias, .request = 0}
    );
    server.requests.insert(server.requests.end(), frame.begin(), frame.end());
    trace_block(context, "requested", hash, *server.peer);
    --server.room;
    if (server.state->in_flight.empty())
        server.state->progress_at = context.now.steady;
    server.state->in_flight.insert(hash);
    ++in_flight_;
    slot.state = SlotState::requested;
    slot.link = server.peer->link;
    slot.asked_at = context.now.steady;
}

void BlockDownload::wake_at(Instant at) {
    wakeup_ = wakeup_ ? std::min(*wakeup_, at) : at;
}

bool BlockDownload::is_too_slow(Instant now, PeerState& state) {
    if (state.in_flight.size() * expected_bytes_ < download_bytes_per_second_min) {
        state.measured_since.reset();
        return false;
    }
    if (!state.measured_since) {
        state.measured_since = now;
        state.measured_bytes = 0;
    }
    if (now < *state.measured_since + download_rate_time) {
        wake_at(*state.measured_since + download_rate_time);
        return false;
    }
    const auto passed = static_cast<std::size_t>((now - *state.measured_since) / milliseconds{1});
    const bool is_slow = state.measured_bytes + expected_bytes_ <
                         download_bytes_per_second_min * passed / (seconds{1} / milliseconds{1});
    state.measured_since.reset();
    return is_slow;
}

bool BlockDownload::has_other_server(const Context& context, const HeaderSync& headers, LinkId link)
    const {
    return std::any_of(context.peers.begin(), context.peers.end(), [&](const auto& peer) {
        return peer.first != link && serves_until(context.chain, headers.proven_tip(peer.first));
    });
}

void BlockDownload::give_up(Context& context, HeaderSync& headers, LinkId link, Fault fault) {
    release(link);
    headers.forget_tip(link);
    context.outbox.blame(link, fault);
}

void BlockDownload::check_progress(Context& context, HeaderSync& headers, Phase phase) {
    wakeup_.reset();
    const auto now = context.now.steady;
    const auto downloading = std::count_if(peers_.begin(), peers_.end(), [](const auto& peer) {
        return !peer.second.in_flight.empty();
    });
    for (auto& [link, state] : peers_) {
        const bool is_slow = is_too_slow(now, state);
        if (state.in_flight.empty())
            continue;
        const auto deadline =
            state.progress_at + block_time_max + block_time_per_peer * (downloading - 1);
        if (now >= deadline)
            give_up(context, headers, link, Fault::timeout);
        else if (is_slow && has_other_server(context, headers, link))
            give_up(context, headers, link, Fault::stalled);
        else
            wake_at(deadline);
    }
    check_front(context, headers, phase);
}

void BlockDownload::check_front(Context& context, HeaderSync& headers, Phase phase) {
    if (window_.empty() || window_.front().state != SlotState::requested)
        return;
    auto& front = window_.front();
    const bool is_other_idle =
        std::any_of(context.peers.begin(), context.peers.end(), [&](const auto& peer) {
            const auto state = peers_.find(peer.first);
            return peer.first != front.link &&
                   serves_until(context.chain, headers.proven_tip(peer.first)) &&
                   (state == peers_.end() || state->second.in_flight.empty());
        });
    if (!is_other_idle)
        return;
    const auto& holder = peers_.at(front.link);
    const auto since = std::max({front.asked_at, front_since_, holder.progress_at});
    if (context.now.steady < since + stall_time_) {
        wake_at(since + stall_time_);
        return;
    }
    const auto link = front.link;
    front.avoid = link;
    if (phase == Phase::following) {
        clear(front);
        return;
    }
    stall_time_ = std::min<Duration>(stall_time_ * 2, stall_time_max);
    give_up(context, headers, link, Fault::stalled);
}

}  // namespace cairn::node
