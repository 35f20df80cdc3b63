/// Random transfers between a thousand accounts on four simulated nodes, with forks; afterwards the
/// agreed chain and the balances that the nodes keep, as lines of JSON for `tests/twins/ledger.py`.
///
///     ledger_export TRANSFERS SEED
#include "tests/support/chain_fixture.hpp"

#include "cairn/sim/simulation.hpp"
#include "cairn/state/view.hpp"

#include <cstdlib>
#include <iostream>
#include <vector>

namespace {

using namespace cairn;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t nodes = 4;
constexpr std::uint64_t founders = 4;
constexpr std::uint64_t accounts = 1'000;
constexpr std::uint64_t first_amount = 200'000;
/// So small that an account can pay whatever falls to it without what it is paid.
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
                    random_.below(accounts),
                    random_.below(accounts),
                    1 + random_.below(amount_max),
                    1 + random_.below(fee_max)
                );
            simulation_.run_for(seconds{1});
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

    /// Waits until everything is mined and all agree.
    void settle() {
        simulation_.run_for(seconds{1});
        for (const auto command : commands_)
            check_taken(command);
        is_settled_ &= simulation_.run_until(
            [&] {
                if (!simulation_.is_agreed())
                    return false;
                for (std::size_t i = 0; i < nodes; ++i)
                    if (simulation_.view(i).pool().size() > 0)
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
        std::cout << "{\"node\":" << index << ",\"sent\":" << commands_.size()
                  << ",\"forks\":" << left << ",\"accounts\":{";
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
