#!/usr/bin/env bash
# Sourced by test.sh and nightly.sh: runs named stages, timed, and stops at the first that fails.
set -euo pipefail

# The number of compilers and tests that run at once.
CAIRN_JOBS=${CAIRN_JOBS:-$(nproc)}
stage_lines=()

# stage <name> <command>...: runs the command; on failure names the stage and exits with its code.
stage() {
    local name=$1 start=$SECONDS code line
    shift
    printf '\n==> %s\n' "$name"
    # Not `"$@" || code=$?`, which would make bash ignore -e within the command.
    set +e
    (
        set -e
        "$@"
    )
    code=$?
    set -e
    line=$(printf '==> %s: %s, %d s' "$name" "$([[ $code -eq 0 ]] && echo ok || echo FAILED)" \
        $((SECONDS - start)))
    stage_lines+=("$line")
    printf '%s\n' "$line"
    if [[ $code -ne 0 ]]; then
        printf '%s: stage "%s" failed with code %d; the cause stands above. It ran: %s\n' \
            "$(basename "$0")" "$name" "$code" "$*" >&2
        exit "$code"
    fi
}

# Prints the lines of all stages so far.
print_stages() {
    printf '\n==> Stages so far, %d s in all\n' "$SECONDS"
    printf '%s\n' "${stage_lines[@]#==> }"
}

# build <preset> [<target>...]: configures and builds; without targets, everything.
build() {
    local preset=$1
    shift
    cmake --preset "$preset"
    cmake --build --preset "$preset" --parallel "$CAIRN_JOBS" ${1:+--target "$@"}
}

# run_tests <preset> <ctest option>...: in parallel; no test at all is a failure.
run_tests() {
    local preset=$1
    shift
    ctest --preset "$preset" --parallel "$CAIRN_JOBS" --no-tests=error "$@"
}
