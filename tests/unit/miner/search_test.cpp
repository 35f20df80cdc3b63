#include "cairn/miner/search.hpp"

#include "cairn/base/random.hpp"

#include <catch2/catch.hpp>
#include <cryptopp/sha.h>

#include <algorithm>
#include <vector>

namespace cairn::miner {

namespace {

constexpr std::uint64_t lower_halves = std::uint64_t{1} << 32U;

std::array<std::uint8_t, 128> random_header(Random& random) {
    std::array<std::uint8_t, 128> header{};
    for (auto& byte : header)
        byte = static_cast<std::uint8_t>(random.below(256));
    return header;
}

/// The block hash by another library, from the bytes that the specification names.
Uint256 plain_hash(const std::array<std::uint8_t, 128>& header, std::uint64_t nonce) {
    std::array<std::uint8_t, 136> sealed{};
    std::copy(header.begin(), header.end(), sealed.begin());
    for (std::size_t i = 0; i < 8; ++i)
        sealed[128 + i] = static_cast<std::uint8_t>(nonce >> (8 * i));
    std::array<std::uint8_t, 32> digest{};
    CryptoPP::SHA256{}.CalculateDigest(digest.data(), sealed.data(), sealed.size());
    CryptoPP::SHA256{}.CalculateDigest(digest.data(), digest.data(), digest.size());
    return Uint256::from_big_endian(digest);
}

SearchOutcome plain_search(const SearchRange& range) {
    for (std::uint64_t i = 0; i < range.count; ++i)
        if (plain_hash(range.header, range.first + i) <= range.target)
            return {.nonce = range.first + i, .tried = i + 1};
    return {.nonce = std::nullopt, .tried = range.count};
}

/// The number one less; `number` is not zero.
Uint256 one_below(const Uint256& number) {
    Uint256 result = number;
    for (std::size_t i = 4; i-- > 0;)
        if (result.limbs[i]-- != 0)
            break;
    return result;
}

/// About one hash in 2^bits is at most this.
Uint256 target_of_bits(unsigned bits) {
    Uint256 target = Uint256::max();
    target.limbs[0] >>= bits;
    return target;
}

std::vector<Kernel> supported_kernels() {
    std::vector<Kernel> kernels;
    for (const Kernel kernel : {Kernel::portable, Kernel::sha_ni, Kernel::avx512})
        if (is_supported(kernel))
            kernels.push_back(kernel);
    return kernels;
}

void check_all_kernels(const SearchRange& range) {
    const SearchOutcome expected = plain_search(range);
    for (const Kernel kernel : supported_kernels()) {
        INFO(to_string(kernel) << " from " << range.first << ", " << range.count << " nonces");
        const SearchOutcome outcome = search(range, kernel);
        CHECK(outcome.nonce == expected.nonce);
        CHECK(outcome.tried == expected.tried);
    }
}

}  // namespace

TEST_CASE("Search: kernels have names, and the best one is supported", "[miner]") {
    CHECK(to_string(Kernel::portable) == "portable");
    CHECK(to_string(Kernel::sha_ni) == "sha_ni");
    CHECK(to_string(Kernel::avx512) == "avx512");
    CHECK(is_supported(Kernel::portable));
    CHECK(is_supported(best_kernel()));
    CHECK(best_kernel() == supported_kernels().back());
}

TEST_CASE("Search: every kernel finds the lowest nonce, at any difficulty", "[miner]") {
    Random random{1};
    for (unsigned bits = 0; bits <= 12; ++bits)
        for (int repeat = 0; repeat < 4; ++repeat)
            check_all_kernels(
                {.header = random_header(random),
                 .target = target_of_bits(bits),
                 .first = random.below(std::uint64_t{1} << 53U),
                 .count = std::uint64_t{1} << bits}
            );
}

TEST_CASE("Search: a count that is no multiple of the lanes ends exactly there", "[miner]") {
    Random random{2};
    for (std::uint64_t count = 0; count <= 50; ++count)
        check_all_kernels(
            {.header = random_header(random),
             .target = target_of_bits(5),
             .first = random.next() / 2,
             .count = count}
        );
}

TEST_CASE("Search: a nonce just past the range is not found", "[miner]") {
    Random random{3};
    for (int repeat = 0; repeat < 40; ++repeat) {
        SearchRange range{
            .header = random_header(random),
            .target = target_of_bits(6),
            .first = random.below(1000),
            .count = 1000};
        const SearchOutcome whole = plain_search(range);
        REQUIRE(whole.nonce);
        range.count = whole.tried - 1;
        check_all_kernels(range);
        range.count = whole.tried;
        check_all_kernels(range);
    }
}

TEST_CASE("Search: the nonce carries from its lower into its upper half", "[miner]") {
    Random random{4};
    for (const std::uint64_t upper : {std::uint64_t{1}, std::uint64_t{0x12345}, lower_halves - 1})
        for (const std::uint64_t back : {1U, 2U, 3U, 15U, 16U, 17U, 31U, 33U})
            check_all_kernels(
                {.header = random_header(random),
                 .target = target_of_bits(6),
                 .first = upper * lower_halves - back,
                 .count = 80}
            );
}

TEST_CASE("Search: a range may end with the very last nonce of 64 bits", "[miner]") {
    Random random{5};
    for (const std::uint64_t count : {1U, 2U, 15U, 16U, 17U, 40U})
        check_all_kernels(
            {.header = random_header(random),
             .target = {},
             .first = ~std::uint64_t{0} - (count - 1),
             .count = count}
        );
}

TEST_CASE("Search: a hash equal to the target seals, one above it does not", "[miner]") {
    Random random{6};
    for (int repeat = 0; repeat < 20; ++repeat) {
        SearchRange range{.header = random_header(random), .first = random.below(99), .count = 37};
        std::uint64_t lowest = range.first;
        range.target = Uint256::max();
        for (std::uint64_t nonce = range.first; nonce < range.first + range.count; ++nonce)
            if (const auto hash = plain_hash(range.header, nonce); hash < range.target) {
                range.target = hash;
                lowest = nonce;
            }
        for (const Kernel kernel : supported_kernels())
            CHECK(search(range, kernel).nonce == lowest);
        // The top word still equals the target's, so that the words below it must decide.
        range.target = one_below(range.target);
        for (const Kernel kernel : supported_kernels())
            CHECK(search(range, kernel) == SearchOutcome{.nonce = std::nullopt, .tried = 37});
    }
}

TEST_CASE("Search: an empty range is tried at once, even at either end", "[miner]") {
    for (const Kernel kernel : supported_kernels())
        for (const std::uint64_t first : {std::uint64_t{0}, ~std::uint64_t{0}})
            CHECK(
                search({.target = Uint256::max(), .first = first, .count = 0}, kernel) ==
                SearchOutcome{}
            );
}

TEST_CASE("Search: the largest target takes the first nonce, zero takes none", "[miner]") {
    SearchRange range{.target = Uint256::max(), .first = 7, .count = 100};
    CHECK(search(range) == SearchOutcome{.nonce = 7, .tried = 1});
    range.target = {};
    CHECK(search(range) == SearchOutcome{.nonce = std::nullopt, .tried = 100});
}

}  // namespace cairn::miner
