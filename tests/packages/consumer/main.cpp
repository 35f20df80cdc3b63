/// Uses the installed library for what a program might want of it: verifies the first receipt of a
/// file of vectors, makes a chain with two nodes, and opens a store in the folder that it is given.
#include "cairn/codec/json.hpp"
#include "cairn/ledger/chain_spec.hpp"
#include "cairn/receipt/receipt.hpp"
#include "cairn/sim/simulation.hpp"
#include "cairn/storage/lmdb_store.hpp"

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

using namespace cairn;

bool verifies(const std::string& vectors) {
    std::ifstream stream{vectors};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    const auto document = codec::parse_json(text);
    if (!document || document->if_array() == nullptr)
        return false;
    const auto& first = document->if_array()->front();
    const auto receipt = receipt::parse_receipt(*first.find("text")->if_text());
    const auto chain = fixed_from_hex<ChainId>(*first.find("chain")->if_text());
    if (!receipt || !chain)
        return false;
    const auto proven = receipt::verify(*receipt, {.chain = *chain});
    if (proven)
        std::cout << "record of stream " << proven->record.stream << " is proven\n";
    return proven.has_value();
}

bool makes_a_chain() {
    sim::SimulationOptions options;
    options.seed = 7;
    options.nodes = 2;
    options.spec = ledger::built_in_chain("dev").value();
    options.start = UnixMillis{options.spec.time.value + 86'400'000};
    sim::Simulation simulation{options};
    const auto height = [&simulation] { return simulation.view(0).chain().tip().height().value; };
    const bool is_made = simulation.run_until(
        [&] { return simulation.is_agreed() && height() >= 5; }, std::chrono::minutes{5}
    );
    std::cout << "two nodes agree at height " << height() << '\n';
    return is_made;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: consumer RECEIPTS FOLDER\n";
        return 64;
    }
    std::string detail;
    const auto store = storage::LmdbStore::open(argv[2], &detail);
    return verifies(argv[1]) && makes_a_chain() && store ? 0 : 1;
}
