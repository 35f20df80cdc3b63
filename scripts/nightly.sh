#!/usr/bin/env bash
# What takes too long for every change: repeated tests, random simulations, long fuzzing, speed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/stages.sh
source scripts/stages.sh

usage() {
    cat <<'TEXT'
Usage: scripts/nightly.sh [--fuzz-seconds N] [--repeat N] [--seed N]
  --fuzz-seconds N  time for each fuzz target (default 600)
  --repeat N        how often each test must pass in a row (default 20)
  --seed N          seed of the random simulations (default: the day's date, as YYYYMMDD)
TEXT
}

fuzz_seconds=600
repeat=20
seed=$(date -u +%Y%m%d)
while [[ $# -gt 0 ]]; do
    case $1 in
        --fuzz-seconds) fuzz_seconds=${2:?--fuzz-seconds needs a number} && shift 2 ;;
        --repeat) repeat=${2:?--repeat needs a number} && shift 2 ;;
        --seed) seed=${2:?--seed needs a number} && shift 2 ;;
        -h | --help) usage && exit 0 ;;
        *) usage >&2 && exit 2 ;;
    esac
done

# Tests with the label `nightly` draw their simulations from this seed.
run_random_simulations() {
    CAIRN_SEED=$seed ctest --preset release --parallel "$CAIRN_JOBS" --label-regex '^nightly$'
}

# Case C5 in full: a million random bit flips for each message type under the sanitizers.
run_bit_flips() {
    build dev test_wire
    CAIRN_FLIPS=1000000 build/dev/tests/unit/wire/test_wire '[C5]'
}

# The packages in a clean Debian, and the services of compose.yaml in network namespaces.
run_package_checks() {
    if [[ $(id -u) -ne 0 ]]; then
        echo 'skipped: scripts/check_package.sh and tests/packages/compose_check.py need root'
        return
    fi
    scripts/check_package.sh
    CAIRN_BINARY=build/release/cairn python3 -B tests/packages/compose_check.py
}

run_benchmarks() {
    local program count=0
    mkdir -p build/release/bench
    while IFS= read -r program; do
        "$program" --benchmark_out_format=json \
            --benchmark_out="build/release/bench/$(basename "$program").json"
        count=$((count + 1))
    done < <(find build/release -type f -name 'bench_*' -executable | sort)
    echo "$count benchmark programs; their figures are in build/release/bench"
}

echo "nightly.sh: seed $seed; the same seed repeats the random simulations"
stage 'install packages' scripts/setup.sh --dev
stage 'build release' build release
stage 'packages in a clean Debian' run_package_checks
stage "every test $repeat times" run_tests release --label-exclude '^(nightly|check|bench)$' \
    --repeat "until-fail:$repeat"
stage 'a million bit flips a message type' run_bit_flips
stage "random simulations, seed $seed" run_random_simulations
stage "fuzz, $fuzz_seconds s a target" scripts/fuzz.sh --seconds "$fuzz_seconds"
stage 'clang-tidy on the core' python3 -B scripts/tidy.py --jobs "$CAIRN_JOBS"
stage 'comparing a cookie takes one time' build/release/tests/bench/secret_timing
stage 'benchmarks' run_benchmarks
print_stages
