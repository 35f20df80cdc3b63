#!/usr/bin/env bash
# Fails when shellcheck finds fault with a shell script, or when a script is not strict.
# Exits with 77 (skipped, for ctest) where shellcheck is not installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mapfile -d '' files < <(
    find .ci scripts tests -type f -print0 | xargs -0 grep -lZE '^#!.*\b(ba)?sh$' | sort -z
)
for file in "${files[@]}"; do
    if ! grep -q '^set -euo pipefail$' "$file"; then
        echo "$file: no line 'set -euo pipefail'" >&2
        exit 1
    fi
    [[ -x $file ]] || { echo "$file: not executable" >&2 && exit 1; }
done
if ! command -v shellcheck >/dev/null; then
    echo 'check_shell: skipped, shellcheck is missing; scripts/setup.sh --dev installs it'
    exit 77
fi
shellcheck --external-sources --source-path=SCRIPTDIR "${files[@]}"
echo "check_shell: ${#files[@]} scripts"
