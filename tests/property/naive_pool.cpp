#include "tests/property/naive_pool.hpp"

#include <tuple>

namespace cairn::test {

using mempool::DropReason;
using std::chrono::hours;

namespace {

using Blocks = std::vector<std::shared_ptr<const chain::CheckedBlock>>;

std::vector<TxId> ids_of(const Blocks& blocks) {
    std::vector<TxId> ids;
    for (const auto& block : blocks)
        ids.insert(ids.end(), block->ids().begin(), block->ids().end());
    return ids;
}

bool is_among(const std::vector<TxId>& ids, const TxId& id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// Whoever pays or is paid in `blocks`.
std::set<ledger::AccountId> named_in(const Blocks& blocks) {
    std::set<ledger::AccountId> named;
    for (const auto& block : blocks)
        for (const auto& transaction : block->block().transactions) {
            named.insert(transaction.from);
            if (const auto* transfer = std::get_if<ledger::Transfer>(&transaction.payload))
                named.insert(transfer->to);
            if (const auto* coinbase = std::get_if<ledger::Coinbase>(&transaction.payload))
                named.insert(coinbase->to);
        }
    return named;
}

}  // namespace

std::size_t NaivePool::charge(const Entries& entries) {
    std::size_t sum = 0;
    for (const auto& entry : entries)
        sum += entry.charge();
    return sum;
}

std::uint64_t NaivePool::cost(const Entries& entries) {
    std::uint64_t sum = 0;
    for (const auto& entry : entries)
        sum += entry.cost();
    return sum;
}

state::AccountState NaivePool::account(const ledger::AccountId& id) const {
    const auto known = accounts_.find(id);
    return known == accounts_.end() ? state::read_account(chain_.state(), id) : known->second;
}

std::set<ledger::AccountId> NaivePool::senders() const {
    std::set<ledger::AccountId> found;
    for (const auto& entry : entries_)
        found.insert(entry.sender());
    return found;
}

NaivePool::Entries NaivePool::of(const ledger::AccountId& sender) const {
    Entries found;
    for (const auto& entry : entries_)
        if (entry.sender() == sender)
            found.push_back(entry);
    std::sort(found.begin(), found.end(), [](const Entry& one, const Entry& other) {
        return one.nonce() < other.nonce();
    });
    return found;
}

NaivePool::Entries NaivePool::pending(const ledger::AccountId& sender) const {
    Entries run;
    const auto first = account(sender).nonce.value;
    for (const auto& entry : of(sender))
        if (entry.nonce() == first + run.size() && run.size() < limits_.pending_per_sender_max)
            run.push_back(entry);
    return run;
}

NaivePool::Entries NaivePool::future(const ledger::AccountId& sender) const {
    auto rest = of(sender);
    const auto run = pending(sender).size();
    rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(run));
    return rest;
}

NaivePool::Entries NaivePool::newest_future() const {
    Entries found;
    for (const auto& sender : senders())
        for (const auto& entry : future(sender))
            found.push_back(entry);
    std::sort(found.begin(), found.end(), [](const Entry& one, const Entry& other) {
        return one.arrival > other.arrival;
    });
    return found;
}

std::optional<NaivePool::Entry> NaivePool::worst_tail(
    std::uint64_t rate, const std::optional<ledger::AccountId>& spared
) const {
    std::optional<Entry> worst;
    // Beyond the guaranteed number before all others; then the lowest rate, then the last to come.
    const auto badness = [this](const Entry& tail) {
        const bool is_guaranteed = pending(tail.sender()).size() <= limits_.pending_guaranteed;
        return std::tuple{is_guaranteed, tail.rate(), ~tail.arrival};
    };
    for (const auto& entry : entries_) {
        const auto run = pending(entry.sender());
        const bool is_tail = !run.empty() && run.back().arrival == entry.arrival;
        if (is_tail && entry.rate() < rate && entry.sender() != spared &&
            (!worst || badness(entry) < badness(*worst)))
            worst = entry;
    }
    return worst;
}

void NaivePool::remove(const Entry& entry) {
    std::erase_if(entries_, [&](const Entry& one) { return one.arrival == entry.arrival; });
}

void NaivePool::let_go(const Entry& entry, DropReason reason, Left& left) {
    left.emplace_back(entry.transaction->id(), reason);
    remove(entry);
}

void NaivePool::evict_pending(const Entry& entry, Time now, Left& left) {
    floor_ = std::max(floor_fee(now), entry.rate() + 1);
    floor_raised_ = now.steady;
    let_go(entry, DropReason::evicted, left);
}

std::uint64_t NaivePool::floor_fee(Time now) const {
    const auto half_life = hours{12} / std::chrono::seconds{1};
    auto passed = (now.steady - floor_raised_) / std::chrono::seconds{1};
    auto floor = floor_;
    for (; passed >= half_life && floor > 0; passed -= half_life)
        floor /= 2;
    if (passed > 0 && floor > 0)
        floor -= floor * static_cast<std::uint64_t>(passed) /
                 (2 * static_cast<std::uint64_t>(half_life));
    return std::max(floor, limits_.fee_rate_min);
}

void NaivePool::restore_floor(std::uint64_t rate, Duration age, Time now) {
    NaivePool before{chain_, limits_};
    before.floor_ = rate;
    before.floor_raised_ = Instant{now.steady.since_start - age};
    const auto present = floor_fee(now);
    const bool is_higher = before.floor_fee(now) > present;
    floor_ = is_higher ? rate : present;
    floor_raised_ = is_higher ? before.floor_raised_ : now.steady;
}

NaivePool::Outcome NaivePool::add(
    const mempool::TransactionPointer& transaction, Time now, Duration waited
) {
    for (const auto& entry : entries_)
        if (entry.transaction->id() == transaction->id())
            return {"known", {}};
    Entry entry{transaction, 0, Instant{now.steady.since_start - waited}};
    const auto first = account(entry.sender()).nonce.value;
    if (entry.nonce() < first)
        return {"nonce_too_low", {}};
    if (entry.nonce() - first >= limits_.pending_per_sender_max + limits_.future_per_sender_max)
        return {"nonce_too_far", {}};
    if (entry.rate() < floor_fee(now))
        return {"fee_too_low", {}};
    entry.arrival = ++arrivals_;
    accounts_[entry.sender()] = account(entry.sender());
    for (const auto& other : of(entry.sender()))
        if (other.nonce() == entry.nonce())
            return replace(entry, now);
    const auto next = first + pending(entry.sender()).size();
    return entry.nonce() == next ? append(entry, now) : add_future(entry);
}

bool NaivePool::make_room(const Entry& entry, std::size_t taken, Time now, Left& left) {
    const auto before = *this;
    const auto is_over = [&] { return bytes() + taken > limits_.bytes_max; };
    for (const auto& newest : newest_future())
        if (is_over() && newest.sender() != entry.sender())
            let_go(newest, DropReason::evicted, left);
    while (is_over()) {
        const auto worst = worst_tail(entry.rate(), entry.sender());
        if (!worst) {
            entries_ = before.entries_;
            floor_ = before.floor_;
            floor_raised_ = before.floor_raised_;
            left.clear();
            return false;
        }
        evict_pending(*worst, now, left);
    }
    return true;
}

NaivePool::Outcome NaivePool::append(const Entry& entry, Time now) {
    const auto balance = account(entry.sender()).balance.value;
    const auto run = pending(entry.sender());
    if (run.size() >= limits_.pending_per_sender_max)
        return {"sender_full", {}};
    if (cost(run) + entry.cost() > balance)
        return {"insufficient_balance", {}};
    Outcome outcome{"pending", {}};
    if (!make_room(entry, entry.charge(), now, outcome.left))
        return {"pool_full", {}};
    while (cost(of(entry.sender())) + entry.cost() > balance)
        let_go(future(entry.sender()).back(), DropReason::unpayable, outcome.left);
    entries_.push_back(entry);
    return outcome;
}

bool NaivePool::has_future_room(const Entry& entry) const {
    const auto waiting = newest_future();
    return waiting.size() < limits_.future_total_max &&
           charge(waiting) + entry.charge() <= limits_.future_bytes_max;
}

NaivePool::Outcome NaivePool::add_future(const Entry& entry) {
    if (future(entry.sender()).size() >= limits_.future_per_sender_max)
        return {"sender_full", {}};
    if (cost(of(entry.sender())) + entry.cost() > account(entry.sender()).balance.value)
        return {"insufficient_balance", {}};
    if (!has_future_room(entry) || bytes() + entry.charge() > limits_.bytes_max)
        return {"pool_full", {}};
    entries_.push_back(entry);
    return {"future", {}};
}

NaivePool::Outcome NaivePool::replace(const Entry& newer, Time now) {
    const auto run = pending(newer.sender());
    const auto everything = of(newer.sender());
    const auto older = *std::find_if(everything.begin(), everything.end(), [&](const Entry& one) {
        return one.nonce() == newer.nonce();
    });
    const bool is_pending = newer.nonce() < account(newer.sender()).nonce.value + run.size();
    if (newer.fee() <= older.fee() || newer.fee() * 10 < older.fee() * 11 ||
        newer.rate() < older.rate())
        return {"replacement_fee_too_low", {}};
    Entries before;
    for (const auto& one : run)
        if (one.nonce() < newer.nonce())
            before.push_back(one);
    const auto balance = account(newer.sender()).balance.value;
    if (cost(before) + newer.cost() > balance)
        return {"insufficient_balance", {}};
    if (cost(everything) - older.cost() + newer.cost() > balance)
        return {"replacement_breaks_later", {}};
    const auto growth = std::max(newer.charge(), older.charge()) - older.charge();
    Outcome outcome{is_pending ? "pending" : "future", {}};
    const bool has_room = is_pending
                              ? make_room(newer, growth, now, outcome.left)
                              : charge(newest_future()) + growth <= limits_.future_bytes_max &&
                                    bytes() + growth <= limits_.bytes_max;
    if (!has_room)
        return {"pool_full", {}};
    let_go(older, DropReason::replaced, outcome.left);
    entries_.push_back(newer);
    return outcome;
}

NaivePool::Left NaivePool::expire(Time now) {
    Left left;
    const auto is_over = [&](const Entry& entry, Duration most) {
        return now.steady - entry.since >= most;
    };
    for (const auto& entry : newest_future())
        if (is_over(entry, hours{3}))
            let_go(entry, DropReason::expired, left);
    for (const auto& sender : senders()) {
        bool is_cut = false;
        for (const auto& entry : pending(sender)) {
            is_cut = is_cut || is_over(entry, hours{72});
            if (is_cut)
                let_go(entry, DropReason::expired, left);
        }
    }
    return left;
}

NaivePool::Left NaivePool::follow(const chain::ChainChange& change, Time now) {
    Left left;
    const auto mined = ids_of(change.connected);
    std::map<ledger::AccountId, Entries> returned;
    for (auto block = change.disconnected.rbegin(); block != change.disconnected.rend(); ++block)
        for (std::size_t i = 1; i < (*block)->ids().size(); ++i) {
            const auto& id = (*block)->ids()[i];
            if (is_among(mined, id))
                continue;
            const auto& transaction = (*block)->block().transactions[i];
            returned[transaction.from].push_back(
                {std::make_shared<const execution::CheckedTransaction>(
                     execution::CheckedTransaction::from_checked_block(transaction, id)
                 ),
                 ++arrivals_,
                 now.steady}
            );
        }
    auto named = named_in(change.disconnected);
    named.merge(named_in(change.connected));
    for (const auto& id : named)
        rebuild(id, returned[id], mined, left);
    for (const auto& newest : newest_future())
        if (bytes() > limits_.bytes_max)
            let_go(newest, DropReason::evicted, left);
    while (bytes() > limits_.bytes_max)
        evict_pending(*worst_tail(quantity_max, std::nullopt), now, left);
    return left;
}

void NaivePool::rebuild(
    const ledger::AccountId& sender,
    const Entries& returned,
    const std::vector<TxId>& mined,
    Left& left
) {
    auto waiting = of(sender);
    std::erase_if(entries_, [&](const Entry& entry) { return entry.sender() == sender; });
    waiting.insert(waiting.end(), returned.begin(), returned.end());
    std::stable_sort(waiting.begin(), waiting.end(), [](const Entry& one, const Entry& other) {
        return one.nonce() < other.nonce();
    });
    const auto now = state::read_account(chain_.state(), sender);
    accounts_[sender] = now;
    for (const auto& entry : waiting) {
        const auto id = entry.transaction->id();
        const auto run = pending(sender).size();
        const bool is_next =
            entry.nonce() == now.nonce.value + run && run < limits_.pending_per_sender_max;
        const bool has_place = future(sender).size() < limits_.future_per_sender_max;
        if (entry.nonce() < now.nonce.value) {
            if (!is_among(mined, id))
                left.emplace_back(id, DropReason::nonce_used);
        } else if (cost(of(sender)) + entry.cost() > now.balance.value) {
            left.emplace_back(id, DropReason::unpayable);
        } else if (is_next || (has_place && has_future_room(entry))) {
            entries_.push_back(entry);
        } else {
            left.emplace_back(id, DropReason::evicted);
        }
    }
}

}  // namespace cairn::test
