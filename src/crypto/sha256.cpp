#include "cairn/crypto/sha256.hpp"

#include <cryptopp/sha.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <initializer_list>
#include <type_traits>

namespace cairn::crypto {

namespace {

constexpr std::size_t word_size = sizeof(std::uint32_t);
constexpr std::size_t length_size = sizeof(std::uint64_t);

static_assert(std::is_same_v<CryptoPP::word32, std::uint32_t>);
static_assert(
    std::endian::native == std::endian::little, "words are swapped between little and big endian"
);

std::uint32_t swap_bytes(std::uint32_t word) {
    return __builtin_bswap32(word);
}

/// Folds the `Sha256::block_size` bytes at `block` into `state`.
void compress(std::uint32_t* state, const std::uint8_t* block) {
    alignas(16) std::array<std::uint32_t, Sha256::block_size / word_size> words;
    std::memcpy(words.data(), block, Sha256::block_size);
    for (auto& word : words)
        word = swap_bytes(word);
    CryptoPP::SHA256::Transform(state, words.data());
}

/// The digest that `state` stands for once all blocks are folded in.
template <class State>
Hash256 digest_of(const State& state) {
    Hash256 result;
    for (std::size_t i = 0; i < state.size(); ++i) {
        const std::uint32_t word = swap_bytes(state[i]);
        std::memcpy(result.bytes.data() + i * word_size, &word, word_size);
    }
    return result;
}

/// Bytes of a message that fills two blocks together with its padding.
constexpr std::size_t short_message_max = 2 * Sha256::block_size - length_size - 1;

/// The hash of a message whose parts have at most `short_message_max` bytes: the nodes of trees
/// and the keys and values of the state, by the hundred thousand in a block. Laid out with its
/// padding at once instead of through the hasher's buffer.
Hash256 hash_short(std::initializer_list<ByteView> parts) {
    std::array<std::uint8_t, 2 * Sha256::block_size> blocks;
    std::size_t size = 0;
    for (const auto& part : parts) {
        if (part.empty())
            continue;
        std::memcpy(blocks.data() + size, part.data(), part.size());
        size += part.size();
    }
    blocks[size] = 0x80;
    const std::size_t end =
        size + length_size < Sha256::block_size ? Sha256::block_size : 2 * Sha256::block_size;
    std::memset(blocks.data() + size + 1, 0, end - length_size - size - 1);
    const std::uint64_t bits = __builtin_bswap64(size * 8);
    std::memcpy(blocks.data() + end - length_size, &bits, length_size);
    alignas(16) std::array<std::uint32_t, Hash256::size / word_size> state;
    CryptoPP::SHA256::InitState(state.data());
    for (std::size_t place = 0; place < end; place += Sha256::block_size)
        compress(state.data(), blocks.data() + place);
    return digest_of(state);
}

}  // namespace

Sha256::Sha256() {
    CryptoPP::SHA256::InitState(state_.data());
}

void Sha256::update(ByteView bytes) {
    // A null pointer, which an empty view may have, must not reach memcpy.
    if (bytes.empty())
        return;
    const std::size_t buffered = length_ % block_size;
    length_ += bytes.size();
    if (buffered != 0) {
        const std::size_t taken = std::min(block_size - buffered, bytes.size());
        std::memcpy(buffer_.data() + buffered, bytes.data(), taken);
        if (buffered + taken < block_size)
            return;
        compress(state_.data(), buffer_.data());
        bytes = bytes.subspan(taken);
    }
    for (; bytes.size() >= block_size; bytes = bytes.subspan(block_size))
        compress(state_.data(), bytes.data());
    if (!bytes.empty())
        std::memcpy(buffer_.data(), bytes.data(), bytes.size());
}

Hash256 Sha256::finish() const {
    alignas(16) auto state = state_;
    // Padding (FIPS 180-4 §5.1.1): a one bit, zeros, and the length in bits at a block's end.
    std::array<std::uint8_t, block_size> block{};
    const std::size_t buffered = length_ % block_size;
    std::memcpy(block.data(), buffer_.data(), buffered);
    block[buffered] = 0x80;
    if (buffered >= block_size - length_size) {
        compress(state.data(), block.data());
        block = {};
    }
    const std::uint64_t bits = __builtin_bswap64(length_ * 8);
    std::memcpy(block.data() + block_size - length_size, &bits, length_size);
    compress(state.data(), block.data());

    return digest_of(state);
}

Hash256 sha256(ByteView bytes) {
    if (bytes.size() <= short_message_max)
        return hash_short({bytes});
    Sha256 hasher;
    hasher.update(bytes);
    return hasher.finish();
}

Hash256 sha256(ByteView first, ByteView second) {
    return sha256(first, second, {});
}

Hash256 sha256(ByteView first, ByteView second, ByteView third) {
    if (first.size() + second.size() + third.size() <= short_message_max)
        return hash_short({first, second, third});
    Sha256 hasher;
    hasher.update(first);
    hasher.update(second);
    hasher.update(third);
    return hasher.finish();
}

Hash256 sha256d(ByteView bytes) {
    return sha256(sha256(bytes).view());
}

TaggedHasher::TaggedHasher(std::string_view tag) {
    const Hash256 tag_hash = sha256(as_bytes(tag));
    prefixed_.update(tag_hash.view());
    prefixed_.update(tag_hash.view());
}

Hash256 TaggedHasher::hash(ByteView message) const {
    Sha256 hasher = prefixed_;
    hasher.update(message);
    return hasher.finish();
}

Hash256 tagged_hash(std::string_view tag, ByteView message) {
    return TaggedHasher{tag}.hash(message);
}

}  // namespace cairn::crypto
