// Case C2: what a claimed count makes a decoder allocate, measured. A program of its own, because
// it replaces the global operator new.
#include "tests/unit/wire/samples.hpp"

#include "cairn/ledger/block.hpp"
#include "cairn/wire/messages.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <new>

namespace {

std::size_t allocated_bytes = 0;

}  // namespace

// Not inlined: the compiler would take `free` for a mismatch of the usual operator new.
[[gnu::noinline]] void* operator new(std::size_t size) {
    allocated_bytes += size;
    void* memory = std::malloc(size);
    if (memory == nullptr)
        throw std::bad_alloc{};
    return memory;
}

[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}

[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace cairn::wire {

namespace {

constexpr std::size_t allocated_bytes_max = 64U * 1024;

/// 2^32-1, 2^63-1, 2^63 and 2^64-1.
constexpr std::array bombs{
    "ffffffff0f", "ffffffffffffffff7f", "80808080808080808001", "ffffffffffffffffff01"};

/// Puts a huge count behind every prefix of `good`, so that it meets every container in it, and
/// tells the most that one decoding allocated.
template <class Decode>
std::size_t most_allocated(const Bytes& good, std::size_t from, const Decode& decode) {
    std::size_t most = 0;
    for (const auto* const hex : bombs) {
        const auto bomb = from_hex(hex).value();
        for (std::size_t size = from; size <= good.size(); ++size) {
            Bytes bytes{good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)};
            bytes.insert(bytes.end(), bomb.begin(), bomb.end());
            const auto before = allocated_bytes;
            decode(bytes);
            most = std::max(most, allocated_bytes - before);
        }
    }
    return most;
}

ledger::Block sample_block() {
    ledger::Block block;
    block.head = sample_header();
    ledger::Transaction coinbase;
    coinbase.payload = ledger::Coinbase{};
    ledger::Transaction transfer;
    transfer.payload = ledger::Transfer{{}, Amount{5}, {'m', 'e', 'm', 'o'}};
    block.transactions = {coinbase, transfer};
    return block;
}

}  // namespace

TEST_CASE("Allocation: the counter counts", "[wire][C2]") {
    const auto before = allocated_bytes;
    const Bytes bytes(allocated_bytes_max);
    CHECK(allocated_bytes - before >= allocated_bytes_max);
}

TEST_CASE("Allocation: no count in a message allocates 64 KiB", "[wire][C2]") {
    for (const auto& message : sample_messages()) {
        const auto most =
            most_allocated(payload_of(message), envelope_bytes, [](const Bytes& bytes) {
                static_cast<void>(decode_message(bytes));
            });
        CHECK(most < allocated_bytes_max);
    }
}

TEST_CASE("Allocation: no count in a block allocates 64 KiB", "[wire][C2]") {
    const auto most = most_allocated(codec::encode(sample_block()), 0, [](const Bytes& bytes) {
        static_cast<void>(ledger::decode_block(ChainId{}, bytes));
    });
    CHECK(most < allocated_bytes_max);
}

TEST_CASE("Allocation: no claimed length of a frame allocates 64 KiB", "[wire][C2][F3]") {
    for (const auto* header :
         {"9999999999", "4000001   ", "3999999   ", "2000000   \x01\x01\x13"}) {
        FrameDecoder decoder{ready_limits};
        const auto before = allocated_bytes;
        decoder.feed(as_bytes(header));
        static_cast<void>(decoder.next());
        CHECK(allocated_bytes - before < allocated_bytes_max);
    }
}

}  // namespace cairn::wire
