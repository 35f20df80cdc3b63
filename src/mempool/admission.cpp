// How a transaction comes in: behind the sender's last, above a gap, or in place of another.
#include "src/mempool/parts.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/ledger/amount_text.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace cairn::mempool {

namespace {

using ledger::pebbles_text;

tl::unexpected<Refusal> refused(
    MempoolError rule, std::string expected, std::string actual, std::string hint
) {
    return tl::unexpected{Refusal{
        .rule = rule,
        .expected = std::move(expected),
        .actual = std::move(actual),
        .hint = std::move(hint)}};
}

std::string nonce_text(std::uint64_t nonce) {
    return "nonce " + std::to_string(nonce);
}

/// The least fee of `size` bytes that pays `rate`.
std::uint64_t fee_for(std::size_t size, std::uint64_t rate) {
    // Divided first, so that no product overflows; a rate may be anything.
    return rate / 1'000 * size + (rate % 1'000 * size + 999) / 1'000;
}

/// The least fee that outbids `older` with `size` bytes: a tenth more, and no less per byte. A
/// larger transaction would else take the place of a better one.
std::uint64_t outbidding_fee(const Entry& older, std::size_t size) {
    const auto before = older.transaction->transaction().fee.value;
    // A fee is below 2^53, so the product fits.
    const auto tenth_more = std::max(before + 1, (before * 11 + 9) / 10);
    return std::max(tenth_more, fee_for(size, older.rate));
}

tl::unexpected<Refusal> refused_balance(std::uint64_t left, std::uint64_t cost) {
    return refused(
        MempoolError::insufficient_balance,
        "a cost of at most " + pebbles_text(left),
        "a cost of " + pebbles_text(cost),
        "what the sender's waiting transactions cost is set aside; send less, or wait for a block"
    );
}

tl::unexpected<Refusal> refused_full_sender(std::size_t most, std::string_view area) {
    return refused(
        MempoolError::sender_full,
        "fewer than " + std::to_string(most) + " " + std::string{area} + " transactions",
        std::to_string(most),
        "wait until some are mined"
    );
}

tl::unexpected<Refusal> refused_full_pool(const Entry& entry) {
    return refused(
        MempoolError::pool_full,
        "a higher fee per byte than the transactions that would have to leave",
        pebbles_text(entry.rate) + " per 1000 bytes",
        "pay more, or wait; estimate_fee tells what is enough"
    );
}

tl::unexpected<Refusal> refused_taken_nonce(const Account& account, Nonce nonce) {
    return refused(
        MempoolError::nonce_taken,
        "a nonce with which none waits, such as " + std::to_string(account.next().value),
        nonce_text(nonce.value),
        "use that nonce; or hand it in without replace=false, to take the other one's place"
    );
}

/// What the pending transactions of `account` before `nonce` cost.
std::uint64_t cost_before(const Account& account, Nonce nonce) {
    std::uint64_t cost = 0;
    for (const auto& entry : account.pending)
        if (entry.nonce() < nonce)
            cost += entry.cost.value;
    return cost;
}

}  // namespace

Result<Mempool::Added, Refusal> Mempool::Parts::add(
    TransactionPointer transaction, Time now, const AddOptions& options
) {
    if (known.contains(transaction->id()))
        return refused(
            MempoolError::known,
            "a transaction that does not wait here",
            "one that does",
            "there is nothing to do; wait for a block"
        );
    const auto nonce = transaction->transaction().nonce;
    // The account is made for a look and forgotten again when nothing comes of it.
    auto& account = open_account(transaction->transaction().from);
    auto result = [&]() -> Result<Added, Refusal> {
        if (auto wrong = check_nonce(account, nonce))
            return tl::unexpected{std::move(*wrong)};
        const bool is_taken = nonce < account.next() || account.future.contains(nonce);
        if (is_taken && !options.may_replace)
            return refused_taken_nonce(account, nonce);
        const Instant since{now.steady.since_start - options.waited};
        auto entry = make_entry(std::move(transaction), now, since);
        const auto size = entry.transaction->size();
        if (const auto least = floor_fee(now); entry.rate < least)
            return refused(
                MempoolError::fee_too_low,
                "a fee of at least " + pebbles_text(fee_for(size, least)),
                pebbles_text(entry.transaction->transaction().fee.value),
                "the least fee is now " + pebbles_text(least) + " for each 1000 bytes; " +
                    "estimate_fee tells what is enough"
            );
        if (nonce < account.next())
            return replace(account, Area::pending, std::move(entry), now);
        if (account.future.contains(nonce))
            return replace(account, Area::future, std::move(entry), now);
        if (nonce == account.next())
            return append(account, std::move(entry), now);
        return add_future(account, std::move(entry));
    }();
    release(account);
    return result;
}

std::optional<Refusal> Mempool::Parts::check_nonce(const Account& account, Nonce nonce) const {
    const auto first = account.chain.nonce;
    const auto hint = "the sender's next free nonce is " + std::to_string(account.next().value);
    if (nonce < first)
        return Refusal{
            .rule = MempoolError::nonce_too_low,
            .expected = nonce_text(first.value) + " or higher",
            .actual = nonce_text(nonce.value),
            .hint = hint};
    const auto ahead_max = limits.pending_per_sender_max + limits.future_per_sender_max;
    // The last nonce has no successor, so it can never be executed.
    const auto last = std::min(first.value + ahead_max, quantity_max) - 1;
    if (nonce.value > last)
        return Refusal{
            .rule = MempoolError::nonce_too_far,
            .expected = nonce_text(last) + " or lower",
            .actual = nonce_text(nonce.value),
            .hint = hint};
    return std::nullopt;
}

Result<Mempool::Added, Refusal> Mempool::Parts::append(Account& account, Entry entry, Time now) {
    if (account.pending.size() >= limits.pending_per_sender_max)
        return refused_full_sender(limits.pending_per_sender_max, "pending");
    const auto balance = account.chain.balance.value;
    if (account.pending_cost + entry.cost.value > balance)
        return refused_balance(balance - account.pending_cost, entry.cost.value);
    auto room = make_room(excess(charge_of(*entry.transaction)), entry.rate, account, now);
    if (!room)
        return refused_full_pool(entry);

    Added added{.pending = true, .dropped = std::move(*room)};
    // What can be mined goes before what waits for a gap: the furthest leave.
    while (account.total_cost() + entry.cost.value > balance)
        drop_future(
            {.account = &account, .nonce = account.future.rbegin()->first},
            DropReason::unpayable,
            added.dropped
        );
    push_pending(account, std::move(entry));
    promote(account);
    return added;
}

Result<Mempool::Added, Refusal> Mempool::Parts::add_future(Account& account, Entry entry) {
    if (account.future.size() >= limits.future_per_sender_max)
        return refused_full_sender(limits.future_per_sender_max, "future");
    const auto balance = account.chain.balance.value;
    if (account.total_cost() + entry.cost.value > balance)
        return refused_balance(balance - account.total_cost(), entry.cost.value);
    const auto charge = charge_of(*entry.transaction);
    const bool is_full = future_arrivals.size() >= limits.future_total_max ||
                         future_bytes + charge > limits.future_bytes_max || excess(charge) > 0;
    if (is_full)
        return refused(
            MempoolError::pool_full,
            "a transaction without a gap before it",
            nonce_text(entry.nonce().value) + " while " + nonce_text(account.next().value) +
                " is missing",
            "there is no room left for transactions that wait for a nonce; send that one first"
        );
    insert_future(account, std::move(entry));
    return Added{.pending = false, .dropped = {}};
}

Result<Mempool::Added, Refusal> Mempool::Parts::replace(
    Account& account, Area area, Entry entry, Time now
) {
    const auto nonce = entry.nonce();
    const auto& kept = entry_at({.account = &account, .nonce = nonce});
    const auto fee = entry.transaction->transaction().fee.value;
    if (const auto least = outbidding_fee(kept, entry.transaction->size()); fee < least)
        return refused(
            MempoolError::replacement_fee_too_low,
            "a fee of at least " + pebbles_text(least),
            pebbles_text(fee),
            "a transaction with this nonce waits: replace it for a tenth more, or use nonce " +
                std::to_string(account.next().value)
        );
    const auto balance = account.chain.balance.value;
    if (const auto before = cost_before(account, nonce); before + entry.cost.value > balance)
        return refused_balance(balance - before, entry.cost.value);
    const auto others = account.total_cost() - kept.cost.value;
    if (others + entry.cost.value > balance)
        return refused(
            MempoolError::replacement_breaks_later,
            "a cost of at most " + pebbles_text(balance - others),
            "a cost of " + pebbles_text(entry.cost.value),
            "the sender's later transactions could not be paid any more; send less"
        );

    const auto charge = charge_of(*entry.transaction);
    const auto freed = charge_of(*kept.transaction);
    const auto growth = charge > freed ? charge - freed : 0;
    const Dropped replaced{.id = kept.transaction->id(), .reason = DropReason::replaced};
    if (area == Area::future) {
        if (future_bytes + growth > limits.future_bytes_max || excess(growth) > 0)
            return refused_full_pool(entry);
        static_cast<void>(take_future(account, nonce));
        insert_future(account, std::move(entry));
        return Added{.pending = false, .dropped = {replaced}};
    }
    auto room = make_room(excess(growth), entry.rate, account, now);
    if (!room)
        return refused_full_pool(entry);
    Added added{.pending = true, .dropped = std::move(*room)};
    swap_pending(account, entry);
    added.dropped.push_back(replaced);
    return added;
}

void Mempool::Parts::promote(Account& account) {
    while (account.pending.size() < limits.pending_per_sender_max &&
           account.future.contains(account.next()))
        push_pending(account, take_future(account, account.next()));
}

}  // namespace cairn::mempool
