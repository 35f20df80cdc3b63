#!/usr/bin/env bash
# The one command that checks everything: installs what is missing, builds, and runs every check
# and test. Its last lines are the summary of ctest over the release build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/stages.sh
source scripts/stages.sh

usage() {
    cat <<'TEXT'
Usage: scripts/test.sh [--quick] [--no-setup]
  --quick     the release build with its checks and tests only: no sanitizers, no fuzzing
  --no-setup  install nothing
Environment: CAIRN_JOBS, how many compilers and tests run at once (default: one a processor).
TEXT
}

# Labels of tests that the sanitizer build leaves to the release build: real processes, figures of
# speed, checks of the sources; and the random batches that belong to nightly.sh.
readonly not_in_dev='^(functional|bench|check|nightly)$'
readonly not_in_release='^nightly$'

quick=false
setup=true
for argument in "$@"; do
    case $argument in
        --quick) quick=true ;;
        --no-setup) setup=false ;;
        -h | --help) usage && exit 0 ;;
        *) usage >&2 && exit 2 ;;
    esac
done

[[ $setup == false ]] || stage 'install packages' scripts/setup.sh --dev
stage 'configure release' cmake --preset release
stage 'check the sources' run_tests release --label-regex '^check$'
stage 'build release' build release
if [[ $quick == false ]]; then
    stage 'build dev (ASan, UBSan)' build dev
    stage 'test dev' run_tests dev --label-exclude "$not_in_dev"
    stage 'fuzz from the corpora' scripts/fuzz.sh --seconds 5 --seed 1
fi
print_stages
printf '\n==> test release\n'
run_tests release --label-exclude "$not_in_release"
