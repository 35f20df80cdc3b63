#!/usr/bin/env bash
# Installs what Cairn needs to build and run on Debian 12; with --dev also what its checks need.
# Asks nothing, and touches neither apt nor the network when everything is there already.
set -euo pipefail

readonly build_packages=(
    cmake ninja-build g++ ccache mold pkg-config python3 netcat-openbsd procps curl ca-certificates
    libasio-dev libcereal-dev libsecp256k1-dev libcrypto++-dev libcli11-dev catch2 liblmdb-dev
    libexpected-dev nlohmann-json3-dev libspdlog-dev libfmt-dev libabsl-dev libboost-dev
    librapidcheck-dev libbenchmark-dev librestinio-dev libhttp-parser-dev libjs-chart.js
    dpkg-dev file prometheus-cpp-dev
)
readonly dev_packages=(
    clang-14 clang-tidy clang-tidy-14 clang-format clang-format-14 lld libclang-rt-14-dev shellcheck
    zsh fish groff-base python3-jsonschema python3-yaml wrk debootstrap iproute2 python3-selenium
    chromium chromium-driver lintian
)

usage() {
    cat <<'TEXT'
Usage: scripts/setup.sh [--dev] [--list]
  --dev   also install clang 14, its tools, libFuzzer's runtime, shellcheck, shells, a browser
  --list  print the packages, one a line, and install nothing
TEXT
}

fail() {
    printf 'setup.sh: %s\n' "$*" >&2
    exit 1
}

# Prints those of the given packages that are not installed.
missing_packages() {
    local name status
    for name in "$@"; do
        status=$(dpkg-query --show --showformat='${db:Status-Status}' "$name" 2>/dev/null || true)
        [[ $status == installed ]] || printf '%s\n' "$name"
    done
}

# Runs a command as root: directly, or through a sudo that needs no password.
as_root() {
    if [[ $(id -u) -eq 0 ]]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

check_root_is_reachable() {
    [[ $(id -u) -eq 0 ]] && return
    local advice="run as root: apt-get install $*"
    command -v sudo >/dev/null || fail "neither root nor sudo is available; $advice"
    sudo -n true 2>/dev/null || fail "sudo would ask for a password; $advice"
}

# Names the packages that apt does not offer, which is the usual reason of a failed installation.
explain_failure() {
    local name unknown=()
    for name in "$@"; do
        apt-cache show "$name" >/dev/null 2>&1 || unknown+=("$name")
    done
    if [[ ${#unknown[@]} -gt 0 ]]; then
        fail "apt offers no package ${unknown[*]}; Cairn's package names are those of Debian 12"
    fi
    fail "apt-get could not install: $* (its reason stands above)"
}

install_packages() {
    local options=(-q -y --no-install-recommends
        -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
    echo "setup.sh: installing $# packages: $*"
    as_root apt-get -q -o Acquire::Retries=3 update ||
        fail "apt-get update failed; is there a network, and are the sources right?"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" install "$@" ||
        explain_failure "$@"
}

main() {
    local wanted=("${build_packages[@]}") list=false argument
    for argument in "$@"; do
        case $argument in
            --dev) wanted+=("${dev_packages[@]}") ;;
            --list) list=true ;;
            -h | --help) usage && exit 0 ;;
            *) usage >&2 && fail "unknown option $argument" ;;
        esac
    done
    if [[ $list == true ]]; then
        printf '%s\n' "${wanted[@]}"
        exit 0
    fi
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        fail "this system has no apt; install the equivalents of: ${wanted[*]}"
    fi

    local missing still_missing
    mapfile -t missing < <(missing_packages "${wanted[@]}")
    if [[ ${#missing[@]} -eq 0 ]]; then
        echo "setup.sh: all ${#wanted[@]} packages are installed"
        exit 0
    fi
    check_root_is_reachable "${missing[@]}"
    install_packages "${missing[@]}"
    mapfile -t still_missing < <(missing_packages "${wanted[@]}")
    [[ ${#still_missing[@]} -eq 0 ]] || fail "still missing: ${still_missing[*]}"
    echo "setup.sh: installed ${#missing[@]} packages"
}

main "$@"
