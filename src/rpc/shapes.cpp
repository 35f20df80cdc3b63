#include "cairn/rpc/shapes.hpp"

#include <algorithm>

namespace cairn::rpc {

namespace {

const std::vector<NamedShape>& reply_rows() {
    static const std::vector<NamedShape> rows{
        {"ping", "{pong: boolean}"},
        {"help", "{commands: [Command]}"},
        {"status",
         "{version: text, chain: text, chain_id: hash, height: number, tip: hash, work: text, "
         "difficulty: text, best_height: number, peers: number, mempool: number, syncing: boolean, "
         "mining: boolean, hashrate: number, port: number, uptime_ms: number, "
         "messages_received: number, messages_sent: number, bytes_received: number, "
         "bytes_sent: number}"},
        {"get_chain",
         "{length: number, from: number, chain: [Block], next?: number, previous?: number}"},
        {"get_block", "{block: Block, confirmations: number}"},
        {"block_transactions",
         "{block: BlockSummary, confirmations: number, total: number, transactions: [Transaction], "
         "next?: number, previous?: number}"},
        {"get_headers", "{clock?: text, headers: [Header|hex], next?: number, previous?: number}"},
        {"branches", "{total: number, branches: [Branch], next?: number, previous?: number}"},
        {"get_transaction",
         "{transaction: Transaction, status: 'pending'|'confirmed', block?: hash, height?: number, "
         "index?: number, time?: number, confirmations: number}"},
        {"confirmations", "{confirmations: number}"},
        {"balance", "{address: text, balance: number, nonce: number, tip: hash}"},
        {"history", "{address: text, transactions: [Entry], next?: text, previous?: text}"},
        {"records", "{records: [Entry], next?: text, previous?: text}"},
        {"get_proof",
         "{transaction: hash, block: hash, height: number, index: number, count: number, "
         "bytes: hex, path: [hash]}"},
        {"mempool",
         "{size: number, bytes: number, transactions: [Transaction], next?: number, "
         "previous?: number}"},
        {"estimate_fee",
         "{estimates: [Estimate], minimum: number, minimum_rate: number, transfer_bytes: number}"},
        {"push_transaction", "{transaction: hash, status: 'accepted'|'known'}"},
        {"peers", "{peers: [Peer], next?: number, previous?: number}"},
        {"nodes", "{nodes: [text], next?: number, previous?: number}"},
        {"validate", "{valid: boolean, checked: number, reason?: text}"},
        {"wait", "{reached: boolean, height: number, confirmations?: number}"},
        {"explain",
         "{code?: text, rules?: [Rule], transaction?: hash, block?: hash, status?: text, "
         "height?: number, confirmations?: number, work?: text, tip_work?: text, reason?: text, "
         "refusal?: Refusal, story?: [text]}"},
        {"mine_block", "{blocks: [{height: number, hash: hash, prev_hash: hash}]}"},
        {"add_peer", "{accepted: boolean}"},
        {"drop_peer", "{accepted: boolean}"},
        {"invalidate_block", "{accepted: boolean}"},
        {"shutdown", "{stopping: boolean}"},
    };
    return rows;
}

}  // namespace

std::string_view reply_shape(std::string_view command) {
    const auto& rows = reply_rows();
    const auto place = std::find_if(rows.begin(), rows.end(), [command](const auto& row) {
        return row.name == command;
    });
    return place == rows.end() ? std::string_view{} : place->shape;
}

const std::vector<NamedShape>& named_shapes() {
    static const std::vector<NamedShape> shapes{
        {"Block",
         "{index: number, hash: hash, prev_hash: hash, timestamp: text, time: number, "
         "nonce: number|null, target: hex, difficulty: text, tx_root: hash, state_root: hash, "
         "size: number, miner: text|null, data: [Transaction]}"},
        {"BlockSummary",
         "{index: number, hash: hash, prev_hash: hash, timestamp: text, time: number, "
         "nonce: number|null, target: hex, difficulty: text, tx_root: hash, state_root: hash, "
         "size: number, miner: text|null}"},
        {"Header",
         "{index: number, hash: hash, prev_hash: hash, timestamp: text, time: number, "
         "nonce: number|null, target: hex, difficulty: text, tx_root: hash, state_root: hash}"},
        {"Branch",
         "{status: 'active'|'stored'|'header_only'|'invalid', height: number, hash: hash, work: "
         "text, "
         "fork: number, blocks: [Header]}"},
        {"Transaction",
         "{transaction: hash, kind: 'coinbase'|'transfer'|'record', from?: hash, nonce?: number, "
         "fee?: number, height?: number, to?: hash, amount?: number, memo?: text, stream?: text, "
         "key?: text, format?: 'json'|'bytes', body?: json, body_hex?: hex, signature?: hex}"},
        {"Entry",
         "{height: number, index: number, block: hash, time: number, confirmations: number, "
         "received?: number, spent?: number, transaction: Transaction}"},
        {"Peer",
         "{address: text, direction: 'inbound'|'outbound', version: number, user_agent: text, "
         "height: number, latency_ms?: number, connected_ms: number, bytes_received: number, "
         "bytes_sent: number, annoyance: number}"},
        {"Estimate", "{blocks: number, fee: number, rate: number, chance_percent: number}"},
        {"Rule", "{rule: text, module: text, meaning: text}"},
        {"Refusal",
         "{code: text, message: text, rule: text, expected: text, actual: text, hint?: text, "
         "height?: number}"},
        {"Argument",
         "{name: text, type: text, required: boolean, default?: number, min?: number, "
         "max?: number}"},
        {"Command",
         "{name: text, alias?: text, arguments: [Argument], help: text, "
         "access: 'read'|'control'}"},
        {"Error",
         "{type: 'error', code: text, message: text, data: {field?: text, rule: text, "
         "expected?: text, actual?: text, hint?: text}, id?: json}"},
    };
    return shapes;
}

}  // namespace cairn::rpc
