#!/usr/bin/env bash
# Makes the Debian packages and installs them in a clean Debian 12: the node runs there as its own
# user, and a project builds with the library. Needs root, for chroot and mount.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# systemd's own scale of exposure, times ten: 10 is well protected, 100 not at all.
readonly exposure_max=15

usage() {
    cat <<'TEXT'
Usage: scripts/check_package.sh [--no-library] [--no-service] [--mirror URL]
  --no-library  leave out libcairn-dev and the project that uses it
  --no-service  leave out the service, which needs a systemd in namespaces and so control groups
  --mirror URL  where debootstrap gets Debian (default: http://deb.debian.org/debian)
Needs root, debootstrap, lintian and a release build with all its libraries.
TEXT
}

fail() {
    printf 'check_package.sh: %s\n' "$*" >&2
    exit 1
}

library=true
service=true
mirror=http://deb.debian.org/debian
while [[ $# -gt 0 ]]; do
    case $1 in
        --no-library) library=false && shift ;;
        --no-service) service=false && shift ;;
        --mirror) mirror=${2:?--mirror needs a URL} && shift 2 ;;
        -h | --help) usage && exit 0 ;;
        *) usage >&2 && exit 64 ;;
    esac
done
[[ $(id -u) -eq 0 ]] || fail 'needs root: a clean Debian is entered with chroot'
for tool in debootstrap lintian; do
    command -v $tool >/dev/null || fail "$tool is missing; scripts/setup.sh --dev has it"
done

folder=$(mktemp -d -t cairn-package-XXXXXX)
clean=$folder/clean
node=
manager=

clean_up() {
    [[ -z $node ]] || kill "$node" 2>/dev/null || true
    [[ -z $manager ]] || kill -9 "$manager" 2>/dev/null || true
    ! mountpoint -q "$clean/proc" || umount "$clean/proc"
    rm -rf --one-file-system "$folder"
}
trap clean_up EXIT

step() { printf -- '-- %s\n' "$*"; }

inside() { chroot "$clean" env LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"; }

# install_packages <name or file>...: as a person would, into the clean Debian.
install_packages() {
    inside apt-get -q -y --no-install-recommends install "$@" >>"$folder/apt.log" 2>&1 ||
        fail "apt-get install $* failed: $(tail -n 20 "$folder/apt.log")"
}

make_packages() {
    step 'make the packages'
    (cd build/release && cpack -B "$folder/packages" >"$folder/cpack.log") ||
        fail "cpack failed: $(tail -n 20 "$folder/cpack.log")"
    sha256sum "$folder"/packages/*.deb | sed "s|$folder/packages/||"
}

check_policy() {
    step 'hold the packages against the Debian Policy'
    lintian --allow-root --fail-on error,warning "$folder"/packages/*.deb
}

make_clean_debian() {
    step 'make a clean Debian 12'
    debootstrap --variant=minbase bookworm "$clean" "$mirror" >"$folder/debootstrap.log" 2>&1 ||
        fail "debootstrap failed: $(tail -n 20 "$folder/debootstrap.log")"
    mountpoint -q "$clean/proc" || mount -t proc proc "$clean/proc"
    inside apt-get -q update >"$folder/apt.log" 2>&1 ||
        fail "apt-get update failed: $(tail -n 20 "$folder/apt.log")"
    cp "$folder"/packages/*.deb "$clean/tmp/"
}

check_unit() {
    if ! command -v systemd-analyze >/dev/null; then
        step 'the unit is not checked: systemd-analyze is missing'
        return
    fi
    step 'check the unit, with the systemd of Debian 12 beside it'
    install_packages systemd
    systemd-analyze --root="$clean" --man=no verify cairn.service
    systemd-analyze --root="$clean" --offline=true --threshold="$exposure_max" \
        security cairn.service >"$folder/security.log" ||
        fail "the unit is too exposed: $(cat "$folder/security.log")"
    tail -n 1 "$folder/security.log"
}

check_files() {
    local file
    for file in usr/share/man/man1/cairn.1.gz usr/share/bash-completion/completions/cairn \
        usr/share/zsh/vendor-completions/_cairn usr/share/fish/vendor_completions.d/cairn.fish \
        lib/systemd/system/cairn.service etc/cairn/node.toml etc/logrotate.d/cairn \
        usr/share/doc/cairn/copyright \
        usr/share/doc/cairn/CHANGELOG.md.gz usr/share/cairn/grafana/cairn.json; do
        [[ -s $clean/$file ]] || fail "$file is missing"
    done
    [[ ! -e $clean/etc/systemd/system/multi-user.target.wants/cairn.service ]] ||
        fail 'the service is enabled before anybody asked'
}

# The service's own command line, as its user; port 0 because others may use 5001 on this machine.
run_node() {
    local ready port
    step 'run a node as the user cairn'
    inside install -d -o cairn -g cairn -m 0750 /var/lib/cairn
    mkfifo "$folder/output"
    chroot --userspec=cairn:cairn "$clean" /usr/bin/cairn node --config /etc/cairn/node.toml \
        --datadir /var/lib/cairn --port 0 >"$folder/output" 2>"$folder/node.log" &
    node=$!
    read -r -t 60 ready <"$folder/output" ||
        fail "the node did not start: $(cat "$folder/node.log")"
    echo "$ready"
    port=${ready#* port=}
    inside cairn probe --json "127.0.0.1:${port%% *}" status
    kill "$node"
    wait "$node" || fail "the node ended with $?: $(cat "$folder/node.log")"
    node=
    [[ $(stat -c %u "$clean/var/lib/cairn/node.log") == "$(inside id -u cairn)" ]] ||
        fail 'the log does not belong to the user cairn'
}

# Starts systemd as the first process of namespaces whose root is the clean Debian; its number there
# is 1, and $init outside. Not a chroot: PrivateUsers= of the unit cannot be had in one.
start_systemd() {
    local deadline=$((SECONDS + 60))
    # shellcheck disable=SC2016  # the shell inside expands it
    unshare --mount --pid --fork --kill-child --cgroup --ipc --uts --net bash -euc '
        ip link set lo up
        mount --make-rprivate /
        mount --bind "$1" "$1"
        cd "$1"
        mount -t proc proc proc
        mount -t tmpfs tmpfs run
        mount --rbind /sys sys
        mkdir -p mnt/old
        pivot_root . mnt/old
        exec chroot . sh -c "umount -l /mnt/old; exec env container=check \
            /lib/systemd/systemd --log-target=console --show-status=no --unit=basic.target"
    ' bash "$clean" >"$folder/systemd.log" 2>&1 &
    manager=$!
    until init=$(pgrep --parent "$manager") &&
        managed systemctl -q is-active basic.target 2>/dev/null; do
        if ! kill -0 "$manager" 2>/dev/null || ((SECONDS > deadline)); then
            fail "systemd does not start: $(tail -n 20 "$folder/systemd.log")"
        fi
    done
}

# managed <command>...: beside that systemd.
managed() { nsenter --target "$init" --mount --pid --cgroup --ipc --uts --net "$@"; }

# What an administrator does with the service, under all of its restrictions.
run_service() {
    step 'run the service'
    start_systemd
    printf 'chain = "dev"\nport = 5001\nmine = 1\n' >"$clean/etc/cairn/node.toml"
    managed systemctl start cairn || fail "no start: $(managed journalctl --no-pager -u cairn)"
    managed cairn probe --json 5001 wait height=3 timeout_ms=60000
    managed systemctl show cairn --property=StatusText
    mv "$clean/var/lib/cairn/node.log" "$clean/var/lib/cairn/node.log.1"
    managed systemctl reload cairn
    managed cairn probe --json 5001 wait height=6 timeout_ms=60000
    [[ -s $clean/var/lib/cairn/node.log ]] || fail 'a reload does not open the log anew'
    managed systemctl restart cairn
    managed systemctl stop cairn
    [[ $(managed systemctl show cairn --property=Result --value) == success ]] ||
        fail "no clean stop: $(managed journalctl --no-pager -u cairn)"
    kill -9 "$manager"
    wait "$manager" 2>/dev/null || true
    manager=
}

build_with_library() {
    step 'build a project with libcairn-dev'
    cp -r tests/packages/consumer proto_spec/vectors/receipt/receipts.json "$clean/tmp/"
    install_packages "$(inside sh -c 'echo /tmp/libcairn-dev_*.deb')" cmake g++ make
    inside sh -c 'cmake -S /tmp/consumer -B /tmp/build && cmake --build /tmp/build' \
        >"$folder/consumer.log" 2>&1 ||
        fail "the project does not build: $(tail -n 20 "$folder/consumer.log")"
    mkdir "$clean/tmp/store"
    inside /tmp/build/consumer /tmp/receipts.json /tmp/store
}

remove_package() {
    local path
    step 'purge it'
    inside apt-get -q -y purge cairn >>"$folder/apt.log" 2>&1 ||
        fail "apt-get purge failed: $(tail -n 20 "$folder/apt.log")"
    for path in usr/bin/cairn etc/cairn etc/logrotate.d/cairn var/lib/cairn \
        lib/systemd/system/cairn.service; do
        [[ ! -e $clean/$path ]] || fail "$path is left"
    done
}

make_packages
check_policy
make_clean_debian
step 'install the package'
# shellcheck disable=SC2016  # the shell inside expands it
install_packages "$(inside sh -c 'echo /tmp/cairn_*.deb')"
inside cairn --version
check_files
check_unit
run_node
[[ $library == false ]] || build_with_library
# Last: a systemd that starts empties /tmp, where the packages are.
[[ $service == false ]] || run_service
remove_package
echo 'check_package.sh: the packages install, run, build and go'
