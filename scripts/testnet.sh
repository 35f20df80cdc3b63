#!/usr/bin/env bash
# A local test network: real node processes on loopback ports, each with its own data directory.
# `scripts/testnet.sh help` lists the commands.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
home=${CAIRN_TESTNET_DIR:-.testnet}
binary=${CAIRN_BINARY:-$root/build/release/cairn}
# How long a node may take to say that it is ready, and the network to agree, in seconds.
ready_seconds_max=30
sync_seconds_max=60
# A node's HTTP port is its own port and this. The gateway's comes right before that of node 1.
http_port_offset=3000
# More processes than that are a typing error.
nodes_max=999
# As many as a gateway shows.
gateway_nodes_max=64

usage() {
    cat <<'TXT'
usage: scripts/testnet.sh COMMAND

  up [-n 4] [--mine 1] [--base-port 5001] [--chain dev] [--tracker]
                        build what is missing, start nodes, the first --mine of them mining, wait
                        until all are in sync, send a transfer and wait until all have it;
                        with --tracker the nodes know nothing but a tracker, on --base-port - 1;
                        each node's explorer is on the node's port + 3000, and a gateway that
                        shows all nodes side by side on --base-port + 2999
  status                one line a node, and whether they agree
  logs [N]              the log of node N, or of all
  send [OPTIONS]        cairn send through node 1; without options: 1.5 from dev0 to dev1
  kill N                kill -9 node N
  start N               start node N again
  down                  stop all nodes; their data stays

Data stands under ${CAIRN_TESTNET_DIR:-.testnet}; `down` and removing that folder starts afresh.
TXT
}

fail() {
    printf 'testnet: %s\n' "$*" >&2
    exit 1
}

build_if_missing() {
    if [ -x "$binary" ]; then
        return
    fi
    printf 'building cairn (once)\n'
    "$root/scripts/setup.sh"
    (cd "$root" && cmake --preset release >"$home/build.log" 2>&1 &&
        cmake --build --preset release --target cairn >>"$home/build.log" 2>&1) ||
        fail "the build failed; the last lines of $home/build.log: $(tail -n 5 "$home/build.log")"
}

node_dir() { printf '%s/node%s' "$home" "$1"; }
port_of() { cat "$(node_dir "$1")/port"; }
http_port_of() { printf '%s' $(($(port_of "$1") + http_port_offset)); }
pid_of() { cat "$(node_dir "$1")/pid" 2>/dev/null || true; }
nodes() { find "$home" -maxdepth 1 -name 'node*' -type d 2>/dev/null | sed 's/.*node//' | sort -n; }

is_running() {
    local pid
    pid=$(pid_of "$1")
    [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null
}

# running_pid N: the process of node N, or a dash where it does not run.
running_pid() { if is_running "$1"; then pid_of "$1"; else printf -- '-'; fi; }

# require_number OPTION TEXT LEAST MOST: ends with a sentence where TEXT is no number between them.
require_number() {
    if ! [[ $2 =~ ^(0|[1-9][0-9]{0,4})$ ]] || [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
        fail "$1 takes a whole number from $3 to $4, not '$2'"
    fi
}

# field NAME: the value of a top-level field of the one-line JSON object on standard input.
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }

ask() {
    local node=$1
    shift
    "$binary" probe --json "127.0.0.1:$(port_of "$node")" "$@"
}

# start FOLDER ARGUMENTS...: starts cairn with its output and pid in FOLDER; waits for `ready`.
start() {
    local dir=$1 pid
    shift
    mkdir -p "$dir"
    : >"$dir/output"
    "$binary" "$@" >>"$dir/output" 2>&1 </dev/null &
    pid=$!
    printf '%s\n' "$pid" >"$dir/pid"
    # tail ends when the process does, so one that dies at once is noticed at once.
    if ! timeout "$ready_seconds_max" grep -q -m1 '^ready' \
        <(tail -n +1 -f --pid="$pid" -s 0.05 "$dir/output" 2>/dev/null); then
        printf 'testnet: the %s did not become ready; it said:\n' "${dir##*/}" >&2
        tail -n 10 "$dir/output" >&2
        return 1
    fi
}

# stop FOLDER: asks what `start` started there to end and waits; forces it when it does not.
stop() {
    local pid
    pid=$(cat "$1/pid" 2>/dev/null || true)
    if [ -n "$pid" ] && kill -TERM "$pid" 2>/dev/null; then
        timeout "$ready_seconds_max" tail -f --pid="$pid" -s 0.05 /dev/null || kill -KILL "$pid"
    fi
    rm -f "$1/pid"
}

# start_node N: starts node N with the arguments that `up` wrote down, and waits until it is ready.
start_node() {
    mapfile -t arguments <"$(node_dir "$1")/arguments"
    start "$(node_dir "$1")" node "${arguments[@]}"
}

# start_gateway BASE_PORT COUNT: a page that shows the nodes side by side.
start_gateway() {
    local shown=$(($2 < gateway_nodes_max ? $2 : gateway_nodes_max))
    gateway_port=$(($1 - 1 + http_port_offset))
    start "$home/gateway" gateway --http "$gateway_port" --nodes "$1-$(($1 + shown - 1))"
}

# statuses: `N height tip peers` of each running node.
statuses() {
    local node status
    for node in $(nodes); do
        if is_running "$node" && status=$(ask "$node" status 2>/dev/null); then
            printf '%s %s %s %s\n' "$node" "$(field height <<<"$status")" \
                "$(field tip <<<"$status")" "$(field peers <<<"$status")"
        else
            printf '%s - - -\n' "$node"
        fi
    done
}

print_table() {
    local table=$1 node height tip peers
    local row='%-7s %-6s %-8s %-7s %-17s %-6s %-23s %s\n'
    # shellcheck disable=SC2059 # one format for the head and the rows
    printf "$row" name port pid height tip peers explorer log
    while read -r node height tip peers; do
        # shellcheck disable=SC2059
        printf "$row" "node$node" "$(port_of "$node")" "$(running_pid "$node")" "$height" \
            "${tip:0:16}" "$peers" "http://127.0.0.1:$(http_port_of "$node")/" \
            "$(node_dir "$node")/output"
    done <<<"$table"
}

# agreed TABLE: whether all nodes of the table have one tip.
agreed() { [ "$(awk '{print $3}' <<<"$1" | sort -u | wc -l)" = 1 ] && ! grep -q ' - ' <<<"$1"; }

# wait_for_sync HEIGHT: waits until all nodes agree at HEIGHT or above; leaves the table in $table.
wait_for_sync() {
    local height=$1 deadline=$((SECONDS + sync_seconds_max)) last
    last=$(nodes | tail -n 1)
    for node in $(nodes); do
        ask "$node" wait height="$height" timeout_ms=$((sync_seconds_max * 1000)) >/dev/null
    done
    while table=$(statuses) && ! agreed "$table"; do
        if [ "$SECONDS" -ge "$deadline" ]; then
            print_table "$table" >&2
            fail "the nodes do not agree after $sync_seconds_max s"
        fi
        # The next block, or a moment, whichever comes first.
        ask "$last" wait height=$(($(ask "$last" status | field height) + 1)) timeout_ms=100 \
            >/dev/null
    done
}

send_transfer() {
    local output transaction node
    output=$("$binary" send --json --from dev0 --to "$1" --amount 1.5 \
        --node "127.0.0.1:$(port_of 1)" --wait 1) || fail "the transfer failed: $output"
    transaction=$(field transaction <<<"$output")
    for node in $(nodes); do
        ask "$node" wait transaction="$transaction" confirmations=1 \
            timeout_ms=$((sync_seconds_max * 1000)) | grep -q '"reached":true' ||
            fail "node $node does not have transaction $transaction after $sync_seconds_max s"
    done
    printf 'transaction %s confirmed on all nodes\n' "$transaction"
}

up() {
    local count=4 miners=1 base_port=5001 chain=dev tracker='' node others other
    while [ $# -gt 0 ]; do
        case $1 in
            --tracker)
                tracker=1
                shift
                continue
                ;;
            -n | --mine | --base-port | --chain) [ $# -ge 2 ] || fail "$1 needs a value" ;;
            *) fail "unknown option $1; see scripts/testnet.sh help" ;;
        esac
        case $1 in
            -n) count=$2 ;;
            --mine) miners=$2 ;;
            --base-port) base_port=$2 ;;
            --chain) chain=$2 ;;
        esac
        shift 2
    done
    require_number -n "$count" 1 "$nodes_max"
    require_number --mine "$miners" 0 "$nodes_max"
    # The tracker's port is one below, and those for HTTP of the nodes lie above.
    require_number --base-port "$base_port" 2 $((65535 - http_port_offset - count))
    mkdir -p "$home"
    home=$(cd "$home" && pwd)
    for node in $(nodes); do
        if is_running "$node"; then
            fail "a network is running already; stop it with: scripts/testnet.sh down"
        fi
    done
    build_if_missing
    local began=$SECONDS
    if [ -n "$tracker" ]; then
        tracker=127.0.0.1:$((base_port - 1))
        start "$home/tracker" tracker $((base_port - 1)) || exit 1
    fi
    for ((node = 1; node <= count; ++node)); do
        others=
        for ((other = 1; other <= count; ++other)); do
            if [ "$other" != "$node" ]; then
                others+=${others:+,}127.0.0.1:$((base_port + other - 1))
            fi
        done
        mkdir -p "$(node_dir "$node")"
        printf '%s\n' $((base_port + node - 1)) >"$(node_dir "$node")/port"
        {
            printf '%s\n' $((base_port + node - 1)) --chain "$chain" --datadir
            printf '%s\n' "$(node_dir "$node")/data" --open-control
            printf '%s\n' --http "$(http_port_of "$node")"
            if [ -n "$tracker" ]; then
                printf '%s\n' --tracker "$tracker"
            elif [ -n "$others" ]; then
                printf '%s\n' --bootstrap "$others"
            fi
            if [ "$node" -le "$miners" ]; then printf '%s\n' --mine=1; fi
        } >"$(node_dir "$node")/arguments"
    done
    for ((node = 1; node <= count; ++node)); do
        start_node "$node" || { down; exit 1; }
    done
    start_gateway "$base_port" "$count" || { down; exit 1; }
    if [ "$miners" = 0 ]; then
        ask 1 mine_block >/dev/null
    fi
    wait_for_sync 1
    if [ "$miners" -gt 0 ] && "$binary" wallet show dev1 --chain "$chain" >/dev/null 2>&1; then
        send_transfer "$("$binary" wallet show dev1 --chain "$chain" --json | field address)"
        wait_for_sync 1
    fi
    print_table "$table"
    printf 'all nodes side by side: http://127.0.0.1:%s/\n' "$gateway_port"
    printf '%s/%s nodes in sync at height %s (%s s)\n' "$count" "$count" \
        "$(awk 'NR==1{print $2}' <<<"$table")" $((SECONDS - began))
}

status() {
    [ -n "$(nodes)" ] || fail "there is no network under $home; start one: scripts/testnet.sh up"
    local table
    table=$(statuses)
    print_table "$table"
    if agreed "$table"; then
        printf 'all nodes agree at height %s\n' "$(awk 'NR==1{print $2}' <<<"$table")"
    else
        printf 'the nodes do not agree\n'
        return 1
    fi
}

require_node() {
    if [ $# != 1 ] || [ ! -d "$(node_dir "$1")" ]; then
        fail "which node? there are: $(nodes | xargs)"
    fi
}

down() {
    local node
    stop "$home/gateway"
    # All at once, then one after the other.
    for node in $(nodes); do
        if is_running "$node"; then kill -TERM "$(pid_of "$node")"; fi
    done
    for node in $(nodes); do
        stop "$(node_dir "$node")"
    done
    stop "$home/tracker"
    printf 'stopped; the data stays under %s\n' "$home"
}

command=${1:-help}
[ $# -gt 0 ] && shift
if [ -d "$home" ]; then home=$(cd "$home" && pwd); fi
case $command in
    up) up "$@" ;;
    status) status ;;
    logs)
        if [ $# -gt 0 ]; then
            require_node "$1"
            cat "$(node_dir "$1")/output"
        else
            tail -n +1 "$home"/node*/output
        fi
        ;;
    send)
        if [ $# = 0 ]; then
            receiver=$("$binary" wallet show dev1 --json | field address)
            set -- --from dev0 --to "$receiver" --amount 1.5
        fi
        "$binary" send --node "127.0.0.1:$(port_of 1)" "$@"
        ;;
    kill)
        require_node "$@"
        is_running "$1" || fail "node $1 is not running"
        kill -KILL "$(pid_of "$1")"
        tail -f --pid="$(pid_of "$1")" -s 0.05 /dev/null
        printf 'killed node %s\n' "$1"
        ;;
    start)
        require_node "$@"
        if is_running "$1"; then fail "node $1 is running already"; fi
        start_node "$1" || exit 1
        printf 'node %s is ready on port %s\n' "$1" "$(port_of "$1")"
        ;;
    down) down ;;
    help | --help | -h) usage ;;
    *)
        usage >&2
        exit 64
        ;;
esac
