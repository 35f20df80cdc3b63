#!/usr/bin/env bash
# Fails when clang-format 14 would change a file; --fix lets it change them.
# Exits with 77 (skipped, for ctest) where clang-format 14 is not installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode=(--dry-run --Werror)
case ${1:-} in
    '') ;;
    --fix) mode=(-i) ;;
    *) printf 'Usage: scripts/check_format.sh [--fix]\n' >&2 && exit 2 ;;
esac

if ! command -v clang-format-14 >/dev/null; then
    echo 'check_format: skipped, clang-format-14 is missing; scripts/setup.sh --dev installs it'
    exit 77
fi
mapfile -d '' files < <(find include src tests -name '*.[ch]pp' -print0 | sort -z)
printf '%s\0' "${files[@]}" | xargs -0 -n 8 -P 2 clang-format-14 --style=file "${mode[@]}" || {
    echo 'check_format: scripts/check_format.sh --fix formats the files named above' >&2
    exit 1
}
echo "check_format: ${#files[@]} files"
