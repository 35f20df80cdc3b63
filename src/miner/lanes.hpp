/// The double SHA-256 of many nonces side by side, one per lane of a vector.
///
/// `Vector` names the instruction set: a type `Word` of `lane_count` 32-bit lanes and the static
/// functions `add`, `rotate_right<n>`, `shift_right<n>`, `exclusive_or` (of three), `choose`,
/// `majority`, `broadcast`, `count_up`, `byteswap` and `lanes_at_most`. It must be local to the
/// including file (see kernel.hpp), and so are then all functions here. Everything is unrolled, so
/// that the whole state lives in registers; words are computed just before the round that eats
/// them, because compilers keep this order and registers are few.
#pragma once

#include "src/miner/kernel.hpp"

#include <cstdint>
#include <utility>

namespace cairn::miner {

template <class Vector>
struct Lanes {
    using Word = typename Vector::Word;

    /// The eight state words of every lane.
    struct State {
        Word a, b, c, d, e, f, g, h;
    };

    /// The last sixteen schedule words: word t stands at t mod 16.
    struct Schedule {
        // NOLINTNEXTLINE(modernize-avoid-c-arrays): kernel.hpp says why
        Word at[16];
    };

    [[gnu::always_inline]] static Word sum(Word x, Word y) { return Vector::add(x, y); }

    [[gnu::always_inline]] static Word sum(Word x, Word y, Word z) { return sum(sum(x, y), z); }

    [[gnu::always_inline]] static Word constant(std::uint32_t x) { return Vector::broadcast(x); }

    /// FIPS 180-4 (4.6).
    [[gnu::always_inline]] static Word sigma_0(Word x) {
        return Vector::exclusive_or(
            Vector::template rotate_right<7>(x),
            Vector::template rotate_right<18>(x),
            Vector::template shift_right<3>(x)
        );
    }

    /// FIPS 180-4 (4.7).
    [[gnu::always_inline]] static Word sigma_1(Word x) {
        return Vector::exclusive_or(
            Vector::template rotate_right<17>(x),
            Vector::template rotate_right<19>(x),
            Vector::template shift_right<10>(x)
        );
    }

    /// T2 of a round: what its a is more than T1.
    [[gnu::always_inline]] static Word second_term(const State& s) {
        const Word rotated = Vector::exclusive_or(
            Vector::template rotate_right<2>(s.a),
            Vector::template rotate_right<13>(s.a),
            Vector::template rotate_right<22>(s.a)
        );
        return sum(rotated, Vector::majority(s.a, s.b, s.c));
    }

    /// T1 of a round, where `addend` is h, the round constant and the schedule word together.
    [[gnu::always_inline]] static Word first_term(const State& s, Word addend) {
        const Word rotated = Vector::exclusive_or(
            Vector::template rotate_right<6>(s.e),
            Vector::template rotate_right<11>(s.e),
            Vector::template rotate_right<25>(s.e)
        );
        return sum(sum(addend, Vector::choose(s.e, s.f, s.g)), rotated);
    }

    /// One round, where `addend` is h, the round constant and the schedule word together.
    [[gnu::always_inline]] static void round_without_h(State& s, Word addend) {
        const Word first = first_term(s, addend);
        s = {sum(first, second_term(s)), s.a, s.b, s.c, sum(s.d, first), s.e, s.f, s.g};
    }

    /// Round t, where `word` is the schedule word.
    template <int t>
    [[gnu::always_inline]] static void round(State& s, Word word) {
        round_without_h(s, sum(sum(s.h, constant(round_constants[t])), word));
    }

    /// Round t, where the schedule word is `word` in all lanes.
    template <int t>
    [[gnu::always_inline]] static void round(State& s, std::uint32_t word) {
        round_without_h(s, sum(s.h, constant(round_constants[t] + word)));
    }

    /// Computes schedule word t in full.
    template <int t>
    [[gnu::always_inline]] static Word extend(Schedule& w) {
        return w.at[t % 16] =
                   sum(sum(sigma_1(w.at[(t - 2) % 16]), w.at[(t - 7) % 16]),
                       sum(sigma_0(w.at[(t - 15) % 16]), w.at[t % 16]));
    }

    /// Rounds `from` and as many after it as `steps` counts, with the words that belong to them.
    template <int from, int... steps>
    [[gnu::always_inline]] static void
    full_rounds(State& s, Schedule& w, std::integer_sequence<int, steps...> /*steps*/) {
        (round<from + steps>(s, extend<from + steps>(w)), ...);
    }

    /// Rounds 0 to 15 of the third block of header and seal.
    [[gnu::always_inline]] static State start_seal(const Stretch& stretch, Word w0) {
        const auto& m = stretch.midstate;
        State s{
            sum(w0, constant(stretch.round_0_a)),
            constant(m[0]),
            constant(m[1]),
            constant(m[2]),
            sum(w0, constant(stretch.round_0_e)),
            constant(m[4]),
            constant(m[5]),
            constant(m[6])};
        round_without_h(s, constant(m[6] + round_constants[1] + stretch.w1));
        round_without_h(s, constant(m[5] + round_constants[2] + padding_word));
        round_without_h(s, constant(m[4] + round_constants[3]));
        round<4>(s, 0U);
        round<5>(s, 0U);
        round<6>(s, 0U);
        round<7>(s, 0U);
        round<8>(s, 0U);
        round<9>(s, 0U);
        round<10>(s, 0U);
        round<11>(s, 0U);
        round<12>(s, 0U);
        round<13>(s, 0U);
        round<14>(s, 0U);
        round<15>(s, sealed_header_bits);
        return s;
    }

    /// Rounds 16 to 31 of the third block, whose schedule words lack all terms that are zero and
    /// share those that no nonce changes.
    [[gnu::always_inline]] static void extend_seal(
        State& s, Schedule& schedule, const Stretch& stretch, Word w0
    ) {
        auto& w = schedule.at;
        round<16>(s, w[0] = sum(w0, constant(stretch.w16_part)));
        w[1] = constant(stretch.w17);
        round<17>(s, stretch.w17);
        round<18>(s, w[2] = sum(sigma_1(w[0]), constant(padding_word)));
        w[3] = constant(stretch.w19);
        round<19>(s, stretch.w19);
        round<20>(s, w[4] = sigma_1(w[2]));
        w[5] = constant(stretch.w21);
        round<21>(s, stretch.w21);
        round<22>(s, w[6] = sum(sigma_1(w[4]), constant(sealed_header_bits)));
        round<23>(s, w[7] = sum(w0, constant(stretch.w23_part)));
        round<24>(s, w[8] = sum(sigma_1(w[6]), w[1]));
        round<25>(s, w[9] = sum(sigma_1(w[7]), w[2]));
        round<26>(s, w[10] = sum(sigma_1(w[8]), w[3]));
        round<27>(s, w[11] = sum(sigma_1(w[9]), w[4]));
        round<28>(s, w[12] = sum(sigma_1(w[10]), w[5]));
        round<29>(s, w[13] = sum(sigma_1(w[11]), w[6]));
        const Word length = constant(sealed_header_bits);
        round<30>(s, w[14] = sum(sigma_1(w[12]), w[7], sigma_0(length)));
        round<31>(s, w[15] = sum(sum(sigma_1(w[13]), w[8]), sum(sigma_0(w[0]), length)));
    }

    /// The first hash: its eight words are the first eight of the next schedule.
    [[gnu::always_inline]] static void hash_seal(Schedule& w, const Stretch& stretch, Word w0) {
        State s = start_seal(stretch, w0);
        extend_seal(s, w, stretch, w0);
        full_rounds<32>(s, w, std::make_integer_sequence<int, 32>{});
        const auto& m = stretch.midstate;
        w.at[0] = sum(s.a, constant(m[0]));
        w.at[1] = sum(s.b, constant(m[1]));
        w.at[2] = sum(s.c, constant(m[2]));
        w.at[3] = sum(s.d, constant(m[3]));
        w.at[4] = sum(s.e, constant(m[4]));
        w.at[5] = sum(s.f, constant(m[5]));
        w.at[6] = sum(s.g, constant(m[6]));
        w.at[7] = sum(s.h, constant(m[7]));
    }

    /// Rounds 0 to 15 of the second hash, which starts from constants: round 0 is two sums.
    [[gnu::always_inline]] static State start_digest(const Schedule& schedule) {
        const auto& w = schedule.at;
        const auto& i = initial_state;
        State s{
            sum(w[0], constant(digest_round_0_a)),
            constant(i[0]),
            constant(i[1]),
            constant(i[2]),
            sum(w[0], constant(digest_round_0_e)),
            constant(i[4]),
            constant(i[5]),
            constant(i[6])};
        round_without_h(s, sum(w[1], constant(i[6] + round_constants[1])));
        round_without_h(s, sum(w[2], constant(i[5] + round_constants[2])));
        round_without_h(s, sum(w[3], constant(i[4] + round_constants[3])));
        round<4>(s, w[4]);
        round<5>(s, w[5]);
        round<6>(s, w[6]);
        round<7>(s, w[7]);
        round<8>(s, padding_word);
        round<9>(s, 0U);
        round<10>(s, 0U);
        round<11>(s, 0U);
        round<12>(s, 0U);
        round<13>(s, 0U);
        round<14>(s, 0U);
        round<15>(s, digest_bits);
        return s;
    }

    /// Rounds 16 to 31 of the second hash, whose schedule words lack all terms that are zero.
    [[gnu::always_inline]] static void extend_digest(State& s, Schedule& schedule) {
        auto& w = schedule.at;
        const Word padding = constant(padding_word);
        const Word length = constant(digest_bits);
        round<16>(s, w[0] = sum(w[0], sigma_0(w[1])));
        round<17>(s, w[1] = sum(w[1], sigma_0(w[2]), sigma_1(length)));
        round<18>(s, w[2] = sum(w[2], sigma_0(w[3]), sigma_1(w[0])));
        round<19>(s, w[3] = sum(w[3], sigma_0(w[4]), sigma_1(w[1])));
        round<20>(s, w[4] = sum(w[4], sigma_0(w[5]), sigma_1(w[2])));
        round<21>(s, w[5] = sum(w[5], sigma_0(w[6]), sigma_1(w[3])));
        round<22>(s, w[6] = sum(sum(w[6], sigma_0(w[7])), sum(sigma_1(w[4]), length)));
        round<23>(s, w[7] = sum(sum(w[7], sigma_0(padding)), sum(sigma_1(w[5]), w[0])));
        round<24>(s, w[8] = sum(padding, sigma_1(w[6]), w[1]));
        round<25>(s, w[9] = sum(sigma_1(w[7]), w[2]));
        round<26>(s, w[10] = sum(sigma_1(w[8]), w[3]));
        round<27>(s, w[11] = sum(sigma_1(w[9]), w[4]));
        round<28>(s, w[12] = sum(sigma_1(w[10]), w[5]));
        round<29>(s, w[13] = sum(sigma_1(w[11]), w[6]));
        round<30>(s, w[14] = sum(sigma_1(w[12]), w[7], sigma_0(length)));
        round<31>(s, w[15] = sum(sum(sigma_1(w[13]), w[8]), sum(sigma_0(w[0]), length)));
    }

    /// The top word of the block hash. It is the a of the very last round, so that all 64 are
    /// needed; only the sums that make the other seven words are spared.
    [[gnu::always_inline]] static Word hash_digest(Schedule& w) {
        State s = start_digest(w);
        extend_digest(s, w);
        full_rounds<32>(s, w, std::make_integer_sequence<int, 31>{});
        const Word added = constant(round_constants[63] + initial_state[0]);
        const Word first = first_term(s, sum(s.h, added, extend<63>(w)));
        return sum(first, second_term(s));
    }

    /// As kernel.hpp says of every kernel. Lanes past the end are computed and not looked at.
    [[gnu::always_inline]] static std::uint64_t find_candidate(const Stretch& stretch) {
        for (std::uint64_t offset = 0; offset < stretch.count; offset += Vector::lane_count) {
            const auto low = stretch.low + static_cast<std::uint32_t>(offset);
            Schedule w;
            hash_seal(w, stretch, Vector::byteswap(Vector::count_up(low)));
            const unsigned hits = Vector::lanes_at_most(hash_digest(w), stretch.target_top);
            if (hits != 0) {
                const std::uint64_t found = offset + static_cast<unsigned>(__builtin_ctz(hits));
                return found < stretch.count ? found : stretch.count;
            }
        }
        return stretch.count;
    }
};

}  // namespace cairn::miner
