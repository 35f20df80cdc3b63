// Speed of the crypto module as pairs: `limit_x` is the library called bare, `cairn_x` the same
// work through our interface. Judge by their ratio in one run, never by one figure.
#include "cairn/crypto/merkle.hpp"
#include "cairn/crypto/schnorr.hpp"
#include "cairn/crypto/sha256.hpp"

#include <benchmark/benchmark.h>
#include <cryptopp/sha.h>
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>

#include <string>
#include <vector>

namespace cairn::crypto {

namespace {

constexpr std::size_t signed_messages = 256;

struct SignedMessage {
    PublicKey key;
    Hash256 message;
    Signature signature;
};

/// Messages by as many different keys.
const std::vector<SignedMessage>& signed_by_many() {
    static const auto all = [] {
        std::vector<SignedMessage> made;
        for (std::size_t i = 0; i < signed_messages; ++i) {
            const Hash256 message = sha256(as_bytes(std::to_string(i)));
            const auto secret = SecretKey::from_bytes(sha256d(message.view()).view()).value();
            made.push_back({secret.public_key(), message, secret.sign(message)});
        }
        return made;
    }();
    return all;
}

void limit_schnorr_verify_parsed(benchmark::State& state) {
    const auto& messages = signed_by_many();
    const auto* const context = secp256k1_context_create(SECP256K1_CONTEXT_VERIFY);
    std::vector<secp256k1_xonly_pubkey> keys(messages.size());
    for (std::size_t i = 0; i < keys.size(); ++i)
        benchmark::DoNotOptimize(
            secp256k1_xonly_pubkey_parse(context, &keys[i], messages[i].key.bytes.data())
        );
    std::size_t i = 0;
    for (auto _ : state) {
        const auto& item = messages[i];
        const int answer = secp256k1_schnorrsig_verify(
            context, item.signature.bytes.data(), item.message.bytes.data(), 32, &keys[i]
        );
        if (answer != 1)
            state.SkipWithError("a valid signature was refused");
        i = (i + 1) % messages.size();
    }
    state.SetItemsProcessed(state.iterations());
}

void cairn_schnorr_verify_remembered(benchmark::State& state) {
    const auto& messages = signed_by_many();
    SignatureVerifier verifier{42};
    for (const auto& item : messages)
        benchmark::DoNotOptimize(verifier.verify(item.key, item.message, item.signature));
    std::size_t i = 0;
    for (auto _ : state) {
        const auto& item = messages[i];
        if (!verifier.verify(item.key, item.message, item.signature))
            state.SkipWithError("a valid signature was refused");
        i = (i + 1) % messages.size();
    }
    state.SetItemsProcessed(state.iterations());
}

void cairn_schnorr_verify_new_key(benchmark::State& state) {
    const auto& messages = signed_by_many();
    std::size_t i = 0;
    for (auto _ : state) {
        const auto& item = messages[i];
        benchmark::DoNotOptimize(verify(item.key, item.message, item.signature));
        i = (i + 1) % messages.size();
    }
    state.SetItemsProcessed(state.iterations());
}

void cairn_schnorr_sign(benchmark::State& state) {
    const auto secret = SecretKey::from_bytes(sha256({}).view()).value();
    const Hash256 message = sha256(as_bytes("message"));
    for (auto _ : state)
        benchmark::DoNotOptimize(secret.sign(message));
    state.SetItemsProcessed(state.iterations());
}

void limit_sha256(benchmark::State& state) {
    const Bytes message(static_cast<std::size_t>(state.range(0)), 0x5a);
    CryptoPP::SHA256 hasher;
    Hash256 hash;
    for (auto _ : state) {
        hasher.CalculateDigest(hash.bytes.data(), message.data(), message.size());
        benchmark::DoNotOptimize(hash);
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}

void cairn_sha256(benchmark::State& state) {
    const Bytes message(static_cast<std::size_t>(state.range(0)), 0x5a);
    for (auto _ : state)
        benchmark::DoNotOptimize(sha256(message));
    state.SetBytesProcessed(state.iterations() * state.range(0));
}

void cairn_tagged_hash(benchmark::State& state) {
    const Bytes message(static_cast<std::size_t>(state.range(0)), 0x5a);
    const TaggedHasher hasher{"cairn/tx"};
    for (auto _ : state)
        benchmark::DoNotOptimize(hasher.hash(message));
    state.SetBytesProcessed(state.iterations() * state.range(0));
}

void cairn_merkle_root(benchmark::State& state) {
    const std::vector<Hash256> leaves(static_cast<std::size_t>(state.range(0)), sha256({}));
    for (auto _ : state)
        benchmark::DoNotOptimize(merkle_root(leaves));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(limit_schnorr_verify_parsed);
BENCHMARK(cairn_schnorr_verify_remembered);
BENCHMARK(cairn_schnorr_verify_new_key);
BENCHMARK(cairn_schnorr_sign);
BENCHMARK(limit_sha256)->Arg(32)->Arg(150)->Arg(1 << 20);
BENCHMARK(cairn_sha256)->Arg(32)->Arg(150)->Arg(1 << 20);
BENCHMARK(cairn_tagged_hash)->Arg(150);
BENCHMARK(cairn_merkle_root)->Arg(4096);

}  // namespace

}  // namespace cairn::crypto
