#include "tests/fuzz/node_world.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/chain/blockchain.hpp"
#include "cairn/crypto/sha256.hpp"
#include "cairn/mempool/mempool.hpp"
#include "cairn/sim/memory_store.hpp"

#include <algorithm>
#include <deque>
#include <string>

namespace cairn::fuzz {
namespace {

constexpr std::uint64_t accounts = 2;
constexpr std::uint64_t transactions_each = 3;

crypto::SecretKey key(std::uint64_t number) {
    const auto secret = crypto::sha256(as_bytes("fuzz key " + std::to_string(number)));
    return crypto::SecretKey::from_bytes(secret.view()).value();
}

ledger::ChainSpec make_spec() {
    ledger::ChainSpec spec;
    spec.name = "fuzz";
    spec.prefix = "fuz";
    spec.engine.kind = ledger::EngineKind::instant_seal;
    spec.engine.retarget = false;
    spec.engine.target_limit = 0;
    spec.engine.block_interval_ms = 1'000;
    spec.rewards = {.subsidy = Amount{50}, .halving_interval = 0};
    for (std::uint64_t i = 0; i < accounts; ++i)
        spec.balances.push_back(
            {.account = ledger::account_of(key(i).public_key()), .amount = Amount{1'000}}
        );
    spec.time = UnixMillis{1'700'000'000'000};
    return spec;
}

std::vector<ledger::Transaction> make_transactions(const ChainId& chain) {
    std::vector<ledger::Transaction> made;
    for (std::uint64_t i = 0; i < accounts * transactions_each; ++i) {
        const auto to = ledger::account_of(key((i + 1) % accounts).public_key());
        ledger::Transaction transaction;
        transaction.nonce = Nonce{i / accounts};
        transaction.fee = Amount{i + 1};
        transaction.payload = ledger::Transfer{to, Amount{10}, {}};
        ledger::sign_transaction(key(i % accounts), chain, transaction);
        made.push_back(std::move(transaction));
    }
    return made;
}

/// A node that mines alone.
class Miner {
  public:
    Miner(const ledger::ChainSpec& spec, std::uint64_t account)
        : engine_{consensus::make_engine(spec.engine)},
          chain_{std::move(*chain::Blockchain::open(spec, *engine_, store_, 1))},
          pool_{*chain_, {}, 1},
          node_{
              {.coinbase = ledger::account_of(key(account).public_key())},
              *chain_,
              pool_,
              Random{1}},
          runner_{chain_->id(), spec, *engine_, 1} {
        now_.wall = UnixMillis{spec.time.value + 10'000};
    }

    void order(node::CommandRequest request) {
        feed(node::CommandReceived{node::CommandId{1}, std::move(request)});
        while (!jobs_.empty()) {
            auto job = std::move(jobs_.front());
            jobs_.pop_front();
            feed(node::JobFinished{job.id, runner_.run(std::move(job.work))});
        }
    }

    [[nodiscard]] Branch branch() const {
        Branch made;
        for (Height height{1}; const auto* entry = chain_->at(height); height = height.next())
            made.push_back(
                {.hash = entry->hash,
                 .head = entry->head,
                 .bytes = chain_->read_body(entry->hash).value().value()}
            );
        return made;
    }

    [[nodiscard]] const ChainId& id() const { return chain_->id(); }

  private:
    void feed(node::Input input) {
        node_.handle(now_, std::move(input));
        for (auto& output : node_.take_outputs()) {
            if (auto* start = std::get_if<node::StartJob>(&output))
                jobs_.push_back(std::move(start->job));
            if (std::holds_alternative<node::CommitStore>(output))
                CAIRN_ASSERT(chain_->commit().has_value());
            // One that mines alone never syncs.
            CAIRN_ASSERT(!std::holds_alternative<node::StartCommit>(output));
        }
    }

    std::unique_ptr<consensus::Engine> engine_;
    sim::MemoryStore store_;
    std::unique_ptr<chain::Blockchain> chain_;
    mempool::Mempool pool_;
    node::Node node_;
    node::JobRunner runner_;
    Time now_;
    std::deque<node::Job> jobs_;
};

World make_world() {
    World made;
    made.spec = make_spec();
    Miner shorter{made.spec, 0};
    made.chain = shorter.id();
    made.transactions = make_transactions(made.chain);
    shorter.order(node::MineBlocks{.count = 3, .body = {}});
    made.branches.push_back(shorter.branch());
    Miner longer{made.spec, 1};
    for (const auto& transaction : made.transactions)
        longer.order(node::PushTransaction{transaction});
    longer.order(node::MineBlocks{.count = 5, .body = {}});
    made.branches.push_back(longer.branch());
    CAIRN_ASSERT(made.branches[0].size() == 3 && made.branches[1].size() == 5);
    return made;
}

wire::Message answer_headers(const Branch& branch, const wire::GetHeaders& request) {
    auto first = branch.begin();
    for (const auto& hash : request.locator) {
        const auto known = std::find_if(branch.begin(), branch.end(), [&](const auto& block) {
            return block.hash == hash;
        });
        if (known != branch.end()) {
            first = known + 1;
            break;
        }
    }
    wire::Headers headers;
    for (; first != branch.end(); ++first)
        headers.headers.push_back(first->head);
    return headers;
}

wire::Message answer_block(const wire::GetBlock& request) {
    for (const auto& branch : world().branches)
        for (const auto& block : branch)
            if (block.hash == request.hash)
                return wire::BlockMessage{block.bytes};
    return wire::NotFound{.transactions = {}, .blocks = {request.hash}};
}

wire::Message answer_transactions(const wire::GetTransactions& request) {
    wire::Transactions found;
    wire::NotFound missing;
    for (const auto& id : request.ids) {
        const auto& known = world().transactions;
        const auto place = std::find_if(known.begin(), known.end(), [&](const auto& transaction) {
            return wire::relay_id(raw(transaction).bytes) == id;
        });
        if (place == known.end())
            missing.transactions.push_back(id);
        else
            found.transactions.push_back(raw(*place));
    }
    if (found.transactions.empty())
        return missing;
    return found;
}

wire::Message answer_addresses() {
    wire::Addresses found;
    for (std::uint16_t i = 1; i <= 3; ++i)
        found.addresses.push_back(
            {.time = world().spec.time,
             .services = wire::service_full_blocks,
             .host = "192.0.2." + std::to_string(i),
             .port = i}
        );
    return found;
}

}  // namespace

const World& world() {
    static const World only = make_world();
    return only;
}

std::optional<wire::Message> answer(const Branch& branch, const wire::Message& request) {
    if (const auto* headers = std::get_if<wire::GetHeaders>(&request))
        return answer_headers(branch, *headers);
    if (const auto* block = std::get_if<wire::GetBlock>(&request))
        return answer_block(*block);
    if (const auto* transactions = std::get_if<wire::GetTransactions>(&request))
        return answer_transactions(*transactions);
    if (std::holds_alternative<wire::GetAddresses>(request))
        return answer_addresses();
    if (const auto* ping = std::get_if<wire::Ping>(&request))
        return wire::Pong{ping->nonce};
    return std::nullopt;
}

wire::RawTransaction raw(const ledger::Transaction& transaction) {
    return {codec::encode(transaction)};
}

}  // namespace cairn::fuzz
