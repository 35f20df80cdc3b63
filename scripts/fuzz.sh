#!/usr/bin/env bash
# Builds every libFuzzer target (programs named fuzz_<name>) and runs each one: first over its
# committed corpus tests/fuzz/corpus/<name>, then for a while with new inputs, which are kept in
# build/fuzz/found/<name>. A crash leaves its input in build/fuzz/crashes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=5
seed=0
while [[ $# -gt 0 ]]; do
    case $1 in
        --seconds) seconds=${2:?--seconds needs a number} && shift 2 ;;
        --seed) seed=${2:?--seed needs a number} && shift 2 ;;
        *)
            echo 'Usage: scripts/fuzz.sh [--seconds PER_TARGET] [--seed NUMBER, 0 = random]' >&2
            exit 2
            ;;
    esac
done

if [[ ! -f tests/fuzz/CMakeLists.txt ]]; then
    echo 'fuzz.sh: there are no fuzz targets (tests/fuzz/CMakeLists.txt)'
    exit 0
fi

cmake --preset fuzz >/dev/null
mapfile -t programs < <(
    ninja -C build/fuzz -t targets all |
        sed -nE 's!^(([^ :]*/)?fuzz_[a-z0-9_]+): CXX_EXECUTABLE_LINKER.*!\1!p' | sort
)
if [[ ${#programs[@]} -eq 0 ]]; then
    echo 'fuzz.sh: the fuzz preset defines no program named fuzz_<name>' >&2
    exit 1
fi
ninja -C build/fuzz -j "${CAIRN_JOBS:-$(nproc)}" "${programs[@]}"

mkdir -p build/fuzz/crashes
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Runs a program quietly; prints what it said only when it fails.
run() {
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        echo "fuzz.sh: failed: $*" >&2
        return 1
    fi
}

for program in "${programs[@]}"; do
    name=$(basename "$program")
    name=${name#fuzz_}
    found=build/fuzz/found/$name
    corpus=tests/fuzz/corpus/$name
    mkdir -p "$found"
    # The entropic schedule spends six times a run of the whole node on its own bookkeeping.
    common=("build/fuzz/$program" -artifact_prefix="build/fuzz/crashes/$name-" -timeout=20
        -rss_limit_mb=2048 -entropic=0)
    inputs=0
    if [[ -d $corpus ]]; then
        inputs=$(find "$corpus" -type f | wc -l)
        run "${common[@]}" -runs=0 "$corpus"
        run "${common[@]}" -seed="$seed" -max_total_time="$seconds" "$found" "$corpus"
    else
        run "${common[@]}" -seed="$seed" -max_total_time="$seconds" "$found"
    fi
    runs=$(sed -nE 's/^Done ([0-9]+) runs.*/\1/p' "$log")
    printf '%-24s corpus %4d, %9d runs in %d s: ok\n' "$name" "$inputs" "${runs:-0}" "$seconds"
done
