/// Random transfers between a thousand accounts on four simulated nodes, with forks; afterwards the
/// agreed chain and the balances that the nodes keep, as lines of JSON for `tests/twins/ledger.py`.
/// Some accounts always spend all they have, or a pebble more.
///
///     ledger_export TRANSFERS SEED
#include "tests/support/chain_fixture.hpp"

#include "cairn/sim/simulation.hpp"
#include "cairn/state/view.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>
#include <vector>

namespace {

using namespace cairn;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t nodes = 4;
constexpr std::uint64_t founders = 4;
constexpr std::uint64_t accounts = 1'000;
constexpr std::uint64_t first_amount = 200'000;
/// The last accounts, which live from hand to mouth.
constexpr std::uint64_t spenders = 100;
constexpr std::uint64_t savers = accounts - spenders;
/// Of these, so many try to pay in a second.
constexpr std::uint64_t spendings_a_second = 20;
/// So small that a saver can pay whatever falls to it without what it is paid.
constexpr std::uint64_t amount_max = 500;
constexpr std::uint64_t fee_max = 20;
constexpr std::uint64_t transfers_a_second = 500;
/// The network is whole and split by turns.
constexpr std::uint64_t turn_seconds = 10;

sim::SimulationOptions make_options(std::uint64_t seed) {
    sim::SimulationOptions options;
    options.seed = seed;
    options.nodes = nodes;
    options.miners = nodes;
    options.spec = test::easy_work_spec();
    options.spec.engine.block_interval_ms = 8'000;
    for (auto& balance : options.spec.balances)
        balance.amount = Amount{first_amount * accounts};
    options.start = UnixMillis{options.spec.time.value + 86'400'000};
    return options;
}

class Export {
  public:
    explicit Export(std::uint64_t seed)
        : simulation_{make_options(seed)},
          random_{seed},
          chain_{simulation_.view(0).chain().id()},
          nonces_(accounts, 0) {
        for (std::uint64_t i = savers; i < accounts; ++i)
            spender_ids_.insert(test::account_number(i));
        simulation_.run_for(seconds{15});
    }

    /// Gives every account something to pay with.
    void fund() {
        for (std::uint64_t i = founders; i < accounts; ++i)
            send(i % founders, i, first_amount, fee_max);
        settle();
    }

    void send_random(std::uint64_t count) {
        for (std::uint64_t sent = 0, second = 0; sent < count; ++second) {
            if (second % turn_seconds == 0)
                simulation_.partition(
                    second / turn_seconds % 2 == 0 ? std::vector<std::size_t>{0, 0, 1, 1}
                                                   : std::vector<std::size_t>(nodes, 0)
                );
            for (std::uint64_t i = 0; i < transfers_a_second && sent < count; ++i, ++sent)
                send(
                    random_.below(savers),
                    random_.below(accounts),
                    1 + random_.below(amount_max),
                    1 + random_.below(fee_max)
                );
            spend_all();
            simulation_.run_for(seconds{1});
            check_spent();
        }
        simulation_.heal();
        settle();
    }

    /// Whether all went as it should; prints the chain and the balances.
    bool write() {
        for (const auto& violation : simulation_.violations())
            std::cerr << "node " << violation.node << ": " << violation.rule << '\n';
        const auto& chain = simulation_.view(0).chain();
        for (Height height{0}; height <= chain.tip().height(); height = height.next())
            write_block(chain, height);
        for (std::size_t i = 0; i < nodes; ++i)
            write_balances(i);
        return is_settled_ && simulation_.violations().empty();
    }

  private:
    void send(std::uint64_t from, std::uint64_t to, std::uint64_t amount, std::uint64_t fee) {
        const auto transfer = test::make_transfer(
            chain_, {.from = from, .to = to, .amount = amount, .fee = fee, .nonce = nonces_[from]++}
        );
        // An account speaks to one node, as people do, so that its nonces come in order.
        commands_.push_back(simulation_.command(from % nodes, node::PushTransaction{transfer}));
    }

    /// Lets some spenders without a waiting transfer pay what they have, or a pebble more than
    /// that.
    void spend_all() {
        for (std::uint64_t i = 0; i < spendings_a_second; ++i) {
            const auto from = savers + random_.below(spenders);
            const auto& view = simulation_.view(from % nodes);
            const auto id = test::account_number(from);
            const auto account = state::read_account(view.chain().state(), id);
            const bool is_waiting = view.pool().projected(id).nonce != account.nonce;
            if (is_waiting || account.balance.value <= fee_max || is_spending_[from - savers])
                continue;
            const auto fee = 1 + random_.below(fee_max);
            const auto transfer = test::make_transfer(
                chain_,
                {.from = from,
                 .to = random_.below(accounts),
                 .amount = account.balance.value - fee + random_.below(2),
                 .fee = fee,
                 .nonce = account.nonce.value}
            );
            is_spending_[from - savers] = true;
            spendings_.push_back(simulation_.command(from % nodes, node::PushTransaction{transfer})
            );
        }
    }

    /// A block may have come between the look and the transfer, so either answer may be right; but
    /// a refusal has one reason alone.
    void check_spent() {
        for (const auto command : std::exchange(spendings_, {})) {
            const auto* reply = simulation_.reply(command);
            if (reply != nullptr && reply->has_value()) {
                ++spent_;
            } else if (reply != nullptr && reply->error().rule == "mempool.insufficient_balance") {
                ++overspent_;
            } else {
                is_settled_ = false;
                std::cerr << "a spending is refused: "
                          << (reply == nullptr ? "no reply" : reply->error().rule) << '\n';
            }
        }
        is_spending_.assign(spenders, false);
    }

    /// What a spender paid on a branch that lost may be out of reach on the other, and what it paid
    /// after that waits for it.
    bool is_saver_waiting(const mempool::Mempool& pool) const {
        constexpr std::size_t left_max = 10 * spenders;
        const auto left = pool.size() <= left_max ? pool.list(left_max) : pool.list(0);
        return pool.size() > left.size() ||
               std::any_of(left.begin(), left.end(), [this](const auto& transaction) {
                   return !spender_ids_.contains(transaction->transaction().from);
               });
    }

    /// Waits until everything of savers is mined and all agree.
    void settle() {
        simulation_.run_for(seconds{1});
        for (const auto command : commands_)
            check_taken(command);
        is_settled_ &= simulation_.run_until(
            [&] {
                if (!simulation_.is_agreed())
                    return false;
                for (std::size_t i = 0; i < nodes; ++i)
                    if (is_saver_waiting(simulation_.view(i).pool()))
                        return false;
                return true;
            },
            minutes{60}
        );
    }

    void check_taken(node::CommandId command) {
        const auto* reply = simulation_.reply(command);
        if (reply != nullptr && reply->has_value())
            return;
        is_settled_ = false;
        std::cerr << "a transfer is refused: "
                  << (reply == nullptr ? "no reply" : reply->error().rule) << '\n';
    }

    void write_block(const chain::Blockchain& chain, Height height) const {
        const auto bytes = chain.read_body(chain.at(height)->hash).value().value();
        const auto decoded = ledger::decode_block(chain_, bytes);
        std::cout << "{\"height\":" << height.value << ",\"transfers\":[";
        const auto* separator = "";
        for (const auto& transaction : decoded->block.transactions) {
            if (const auto* coinbase = std::get_if<ledger::Coinbase>(&transaction.payload)) {
                std::cout << "[null,\"" << to_hex(coinbase->to) << "\"," << coinbase->amount.value
                          << ",0,0]";
            } else if (const auto* paid = std::get_if<ledger::Transfer>(&transaction.payload)) {
                std::cout << separator << "[\"" << to_hex(transaction.from) << "\",\""
                          << to_hex(paid->to) << "\"," << paid->amount.value << ','
                          << transaction.fee.value << ',' << transaction.nonce.value << ']';
            }
            separator = ",";
        }
        std::cout << "]";
        if (height.value == 0)
            write_genesis(chain.spec());
        std::cout << "}\n";
    }

    static void write_genesis(const ledger::ChainSpec& spec) {
        std::cout << ",\"subsidy\":" << spec.rewards.subsidy.value << ",\"balances\":{";
        const auto* separator = "";
        for (const auto& balance : spec.balances) {
            std::cout << separator << '"' << to_hex(balance.account)
                      << "\":" << balance.amount.value;
            separator = ",";
        }
        std::cout << '}';
    }

    void write_balances(std::size_t index) const {
        const auto& chain = simulation_.view(index).chain();
        std::uint64_t left = 0;
        for (const auto* tip : chain.branch_tips())
            left += tip->hash == chain.tip().hash ? 0 : 1;
        std::cout << "{\"node\":" << index << ",\"spenders\":" << spenders
                  << ",\"sent\":" << commands_.size() << ",\"spent\":" << spent_
                  << ",\"overspent\":" << overspent_ << ",\"forks\":" << left << ",\"accounts\":{";
        for (std::uint64_t i = 0; i < accounts; ++i) {
            const auto id = test::account_number(i);
            const auto account = state::read_account(chain.state(), id);
            std::cout << (i == 0 ? "" : ",") << '"' << to_hex(id) << "\":[" << account.balance.value
                      << ',' << account.nonce.value << ']';
        }
        std::cout << "}}\n";
    }

    sim::Simulation simulation_;
    Random random_;
    ChainId chain_;
    std::vector<std::uint64_t> nonces_;
    std::vector<node::CommandId> commands_;
    std::set<ledger::AccountId> spender_ids_;
    std::vector<node::CommandId> spendings_;
    /// By number above the savers: has tried in this second.
    std::vector<bool> is_spending_ = std::vector<bool>(spenders, false);
    std::uint64_t spent_ = 0;
    std::uint64_t overspent_ = 0;
    bool is_settled_ = true;
};

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) {
        std::cerr << "usage: ledger_export TRANSFERS SEED\n";
        return 64;
    }
    Export all{std::strtoull(arguments[2], nullptr, 10)};
    all.fund();
    all.send_random(std::strtoull(arguments[1], nullptr, 10));
    return all.write() ? 0 : 1;
}
