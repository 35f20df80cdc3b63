#include "cairn/node/upload_budget.hpp"

#include <algorithm>

namespace cairn::node {
namespace {

TokenBucket make_bucket(std::uint64_t bytes_per_second) {
    return TokenBucket{
        {.per_second = bytes_per_second, .burst = bytes_per_second * upload_burst_seconds}};
}

}  // namespace

std::optional<UploadBudget::Buckets> UploadBudget::make_buckets(std::uint64_t bytes_per_second) {
    if (bytes_per_second == 0)
        return std::nullopt;
    const auto of_history =
        std::max<std::uint64_t>(bytes_per_second * upload_history_percent / 100, 1);
    return Buckets{.all = make_bucket(bytes_per_second), .history = make_bucket(of_history)};
}

UploadBudget::UploadBudget(std::uint64_t bytes_per_second)
    : buckets_{make_buckets(bytes_per_second)} {}

void UploadBudget::refill(Instant now) {
    if (!buckets_)
        return;
    buckets_->all.refill(now);
    buckets_->history.refill(now);
}

void UploadBudget::spend(std::uint64_t bytes) {
    if (buckets_)
        buckets_->all.take(bytes);
}

void UploadBudget::spend_history(std::uint64_t bytes) {
    if (buckets_)
        buckets_->history.take(bytes);
}

bool UploadBudget::has_room() const {
    return !buckets_ || buckets_->all.has_tokens();
}

bool UploadBudget::has_history_room() const {
    return !buckets_ || (buckets_->all.has_tokens() && buckets_->history.has_tokens());
}

Instant UploadBudget::room_at() const {
    return buckets_ ? buckets_->all.ready_at(upload_portion_bytes) : Instant{};
}

Instant UploadBudget::history_room_at() const {
    return buckets_ ? std::max(room_at(), buckets_->history.ready_at(upload_portion_bytes))
                    : Instant{};
}

}  // namespace cairn::node
