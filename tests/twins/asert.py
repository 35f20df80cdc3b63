#!/usr/bin/env python3
"""A second implementation of compact targets, work and the difficulty rule (spec 06 §2, §3).

Written from the specification, on Python's unbounded integers, so that it shares no code and no
overflow with the C++ one. Standard library only.

    asert.py write FILE      write the test vectors
    asert.py check FILE      fail when FILE is not what `write` would write
    asert.py compare DUMP    fail when the program DUMP computes one line of the seeded sequence
                             differently
"""

import json
import subprocess
import sys

TARGET_MAX = 2**256 - 1
CLOCK_MAX = 2**62
SEQUENCE_LENGTH = 100_000
SEQUENCE_SEED = 20_201_115


def target_from_compact(compact):
    """The number that `compact` writes, or None."""
    length, mantissa = compact >> 24, compact & 0x7FFFFF
    if compact & 0x800000:
        return None
    target = mantissa * 256 ** (length - 3) if length >= 3 else mantissa // 256 ** (3 - length)
    if target == 0 or target > TARGET_MAX or compact_from_target(target) != compact:
        return None
    return target


def compact_from_target(target):
    """The compact form of a positive number, rounded down."""
    # One byte more than needed where the highest bit would be taken for a sign.
    length = target.bit_length() // 8 + 1
    mantissa = target * 256**3 // 256**length
    return length << 24 | mantissa


def work_of_target(target):
    """The expected number of hashes."""
    return min(2**256 // (target + 1), TARGET_MAX)


def divide_towards_zero(numerator, denominator):
    quotient = abs(numerator) // denominator
    return quotient if numerator >= 0 else -quotient


def asert_target(interval, half_life, limit, height, clock):
    """The target of the child of a block at `height` with the capped clock `clock`."""
    exponent = divide_towards_zero((clock - interval * height) * 65536, half_life)
    shift, fraction = divmod(exponent, 65536)
    cubic = 195766423245049 * fraction + 971821376 * fraction**2 + 5127 * fraction**3 + 2**47
    factor = 65536 + (cubic >> 48)
    # Far outside of 256 bits the exact power is of no interest, and would be long.
    shift = max(-600, min(600, shift)) - 16
    target = limit * factor << shift if shift >= 0 else limit * factor >> -shift
    return max(1, min(limit, target))


def advance_clock(half_life, parent_clock, elapsed):
    """The capped clock of a block that comes `elapsed` milliseconds after its parent."""
    return max(-CLOCK_MAX, min(CLOCK_MAX, parent_clock + min(elapsed, half_life)))


class Random:
    """xoshiro256** seeded through SplitMix64: the sequence that the C++ side draws from too."""

    MASK = 2**64 - 1

    def __init__(self, seed):
        self.state = []
        for _ in range(4):
            seed = seed + 0x9E3779B97F4A7C15 & self.MASK
            mixed = (seed ^ seed >> 30) * 0xBF58476D1CE4E5B9 & self.MASK
            mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & self.MASK
            self.state.append(mixed ^ mixed >> 31)

    def rotate(self, word, bits):
        return (word << bits | word >> 64 - bits) & self.MASK

    def next(self):
        a, b, c, d = self.state
        result = self.rotate(b * 5 & self.MASK, 7) * 9 & self.MASK
        c, d = c ^ a, d ^ b
        self.state = [a ^ d, b ^ c, c ^ b << 17 & self.MASK, self.rotate(d, 45)]
        return result


INTERVALS = (1, 250, 1_000, 2_000, 15_000, 600_000, 31_536_000_000)
LIMITS = (0x1D00FFFF, 0x207FFFFF, 0x2100FFFF, 0x1F00FFFF, 0x200FFFFF, 0x01010000, 0x03123456)


def signed(word, bits):
    """The lowest `bits` bits of `word` as a number around zero."""
    return word % 2**bits - 2 ** (bits - 1)


def sequence_line(random):
    """One line of the sequence: what the seeded inputs give."""
    interval = INTERVALS[random.next() % len(INTERVALS)]
    half_life = 60 * interval
    limit = target_from_compact(LIMITS[random.next() % len(LIMITS)])
    height = random.next() >> (11 + random.next() % 53)
    # How far the clock is from the schedule: mostly a few half-lives, at times anything.
    width = 1 + random.next() % 63
    offset = signed(random.next(), width)
    if random.next() % 4 != 0:
        offset = offset % (80 * half_life) - 60 * half_life
    clock = max(-CLOCK_MAX, min(CLOCK_MAX, interval * height + offset))
    target = asert_target(interval, half_life, limit, height, clock)
    elapsed = signed(random.next(), 1 + random.next() % 64)
    later = advance_clock(half_life, clock, elapsed)
    compact = random.next() % 2**32
    if random.next() % 2 == 0:
        compact = compact % 2**24 | (compact >> 24) % 36 << 24
    read = target_from_compact(compact)
    return " ".join(
        (
            f"{target:064x}",
            f"{compact_from_target(target):08x}",
            str(work_of_target(target)),
            str(later),
            f"{compact:08x}",
            "-" if read is None else f"{read:x}",
        )
    )


def target_vector(name, why, interval, limit, height, clock):
    target = asert_target(interval, 60 * interval, target_from_compact(limit), height, clock)
    return {
        "name": name,
        "why": why,
        "block_interval_ms": interval,
        "target_limit": f"{limit:08x}",
        "height": height,
        "clock_ms": clock,
        "target": f"{target:064x}",
        "compact": f"{compact_from_target(target):08x}",
        "work": str(work_of_target(target)),
    }


def target_vectors():
    """Targets around the schedule, at both ends of the range, on every kind of limit."""
    interval, limit = 15_000, 0x1F00FFFF
    named = (
        ("genesis", "The first block after genesis carries the limit.", 0, 0),
        ("on_schedule", "A chain on schedule stays at the limit.", 1_000, 15_000_000),
        ("late", "A chain behind its schedule cannot go above the limit.", 10, 900_000),
        ("early_by_one_ms", "The exponent rounds towards zero.", 1_000, 14_999_999),
        ("early_by_14_ms", "The first step of 2^-16 below the limit.", 1_000, 14_999_986),
        ("early_by_half_life", "Exactly one halving.", 60, 0),
        ("early_by_two_half_lives", "Exactly two halvings.", 120, 0),
        ("early_by_half_a_half_life", "The cubic in the middle of its range.", 30, 0),
        ("last_before_one", "One halving before only the target 1 is left.", 60 * 239, 0),
        ("one", "Lower than 1 no target goes.", 60 * 240, 0),
        ("far_below_one", "The shift exceeds all bits of the target.", 60 * 1_000, 0),
        ("greatest_height", "Height 2^53-1 overflows nothing.", 2**53 - 1, 0),
        ("clock_far_back", "A clock of -(2^53-1).", 1, 1 - 2**53),
        ("clock_far_ahead", "A clock of 2^53-1.", 1, 2**53 - 1),
    )
    vectors = [target_vector(n, w, interval, limit, h, c) for n, w, h, c in named]
    for step in range(-64, 8):
        clock = 1_000 * interval + step * 112_500
        why = f"{step} eighths of a half-life from the schedule."
        vectors.append(target_vector(f"eighths_{step}", why, interval, limit, 1_000, clock))
    for other in LIMITS:
        for height in (1, 59, 60, 61, 600, 6_000):
            why = "All blocks at genesis time, on another limit."
            name = f"limit_{other:08x}_height_{height}"
            vectors.append(target_vector(name, why, 2_000, other, height, 0))
    return vectors


def clock_vectors():
    """Chains of header times and the capped clock after each."""
    half_life = 900_000
    chains = (
        ("steady", "One block an interval.", [15_000 * i for i in range(6)]),
        ("pause", "A pause counts one half-life.", [0, 15_000, 600_015_000, 600_030_000]),
        ("genesis_1970", "A dummy genesis time does not fill the clock.", [0, 1_788_000_000_000]),
        ("cap", "Up to the half-life, and one more.", [0, 900_000, 1_800_001, 2_700_001]),
        ("backwards", "Steps back count in full.", [5_000_000, 4_999_000, 5_500_000, 0]),
        ("range", "The widest steps that headers can state.", [0, 2**53 - 1, 0, 2**53 - 1]),
    )
    vectors = []
    for name, why, times in chains:
        clocks = [0]
        for parent, time in zip(times, times[1:]):
            clocks.append(advance_clock(half_life, clocks[-1], time - parent))
        vector = {"name": name, "why": why, "block_interval_ms": half_life // 60}
        vectors.append(vector | {"times": times, "clocks": clocks})
    return vectors


def compact_vectors():
    """Compact forms, valid ones with the number that they write and the work behind it."""
    forms = (
        ("one", "The lowest target.", 0x01010000),
        ("one_byte_max", "The highest target of one byte.", 0x017F0000),
        ("two_bytes", "A byte with its highest bit set takes a zero before it.", 0x02008000),
        ("three_bytes", "A number as long as the mantissa.", 0x03123456),
        ("four_bytes", "The first number that is rounded.", 0x04123456),
        ("bitcoin", "Bitcoin's limit.", 0x1D00FFFF),
        ("near_2_255", "The easiest target of 32 bytes.", 0x207FFFFF),
        ("near_2_256", "The easiest target of all.", 0x2100FFFF),
        ("zero", "Zero is no target.", 0x00000000),
        ("zero_mantissa", "Zero with a length is no target.", 0x1D000000),
        ("shifted_out", "All bits of the mantissa fall off.", 0x00123456),
        ("bits_cut", "Bits of the mantissa fall off: not the only form.", 0x01012345),
        ("negative", "The sign bit is set.", 0x04923456),
        ("negative_zero", "The sign bit alone.", 0x1D800000),
        ("leading_zero_byte", "A shorter form exists.", 0x1E00007F),
        ("leading_zero_bytes", "A shorter form exists by two bytes.", 0x20000012),
        ("overflow", "2^256 needs 257 bits.", 0x21010000),
        ("overflow_34", "A length of 34 with a mantissa of two bytes.", 0x22000100),
        ("not_minimal_34", "Fits, but a shorter form exists.", 0x220000FF),
        ("overflow_255", "The greatest length.", 0xFF7FFFFF),
        ("negative_overflow", "Both faults.", 0xFFFFFFFF),
    )
    vectors = []
    for name, why, compact in forms:
        target = target_from_compact(compact)
        vector = {"name": name, "why": why, "compact": f"{compact:08x}"}
        vector["target"] = None if target is None else f"{target:064x}"
        vector["work"] = None if target is None else str(work_of_target(target))
        vectors.append(vector)
    return vectors


def vectors_text():
    """The whole file: JSON with one vector a line."""
    about = "Spec 06, sections 2 and 3. Written by tests/twins/asert.py; H is 60 intervals."
    suites = {"compact": compact_vectors(), "clock": clock_vectors(), "target": target_vectors()}
    lines = [f'"about": {json.dumps(about)}']
    for name, vectors in suites.items():
        rows = ",\n".join(json.dumps(vector) for vector in vectors)
        lines.append(f'"{name}": [\n{rows}\n]')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def compare(program):
    """Compares the program's lines with ours; the number of lines and seed are its arguments."""
    arguments = [program, str(SEQUENCE_SEED), str(SEQUENCE_LENGTH)]
    run = subprocess.run(arguments, check=True, capture_output=True, text=True)
    theirs = run.stdout.split("\n")
    if len(theirs) != SEQUENCE_LENGTH + 1:
        return f"{SEQUENCE_LENGTH} lines expected, {len(theirs) - 1} came"
    random = Random(SEQUENCE_SEED)
    for index in range(SEQUENCE_LENGTH):
        ours = sequence_line(random)
        if ours != theirs[index]:
            return f"line {index} differs\n  C++    {theirs[index]}\n  Python {ours}"
    return None


def main(arguments):
    command, path = arguments
    if command == "write":
        with open(path, "w", encoding="ascii") as file:
            file.write(vectors_text())
        return None
    if command == "check":
        with open(path, encoding="ascii") as file:
            same = file.read() == vectors_text()
        return None if same else f"{path} is stale: run tests/twins/asert.py write {path}"
    if command == "compare":
        return compare(path)
    return __doc__


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if len(sys.argv) == 3 else __doc__)
