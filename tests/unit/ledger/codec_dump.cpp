// Prints what the decoders make of each line `KIND CHAIN HEX` of the standard input: the hashes
// that the bytes give, or `refused`. tests/twins/codec.py decodes the same bytes and compares.
#include "cairn/codec/binary.hpp"
#include "cairn/ledger/block.hpp"

#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>

namespace cairn::ledger {

namespace {

constexpr const char* refused = "refused";

std::string transaction_line(const ChainId& chain, ByteView bytes) {
    const auto decoded = codec::decode<Transaction>(bytes);
    return decoded ? to_hex(transaction_id(chain, *decoded)) : refused;
}

std::string header_line(ByteView bytes) {
    const auto decoded = codec::decode<SealedHeader>(bytes);
    return decoded ? to_hex(block_hash(*decoded)) : refused;
}

std::string block_line(const ChainId& chain, ByteView bytes) {
    const auto decoded = decode_block(chain, bytes);
    if (!decoded)
        return refused;
    auto line = to_hex(decoded->hash) + ' ' + to_hex(decoded->tx_root);
    for (const auto& id : decoded->ids)
        line += ' ' + to_hex(id);
    return line;
}

/// The answer to one input line, or nothing when the line is not one.
std::string answer(const std::string& line) {
    std::istringstream words{line};
    std::string kind;
    std::string chain_hex;
    std::string hex;
    words >> kind >> chain_hex >> hex;
    const auto chain = fixed_from_hex<ChainId>(chain_hex);
    const auto bytes = from_hex(hex);
    if (!chain || !bytes)
        return {};
    if (kind == "transaction")
        return transaction_line(*chain, *bytes);
    if (kind == "header")
        return header_line(*bytes);
    return kind == "block" ? block_line(*chain, *bytes) : std::string{};
}

}  // namespace

}  // namespace cairn::ledger

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        const auto text = cairn::ledger::answer(line);
        if (text.empty()) {
            std::cerr << "not a line of KIND CHAIN HEX: " << line << '\n';
            return EXIT_FAILURE;
        }
        std::cout << text << '\n';
    }
    return EXIT_SUCCESS;
}
