// One block, with what became of it; also one that was refused, or of which the header alone is here.
import { learn_prefix } from "../account.js";
import { ask } from "../api.js";
import { bytes, counted, facts, h, json, link_to, moment, number, rounded } from "../dom.js";
import { links_to_pages, reasons, states, story, transaction_table } from "./parts.js";

const branch_blocks_max = 100;
const transactions_shown = 100;

/** The block's state, in words. */
function state_of(told, confirmations) {
  const is_active = confirmations > 0;
  return h("span", { class: is_active ? "good" : "bad" },
    is_active ? `on the active chain, ${counted(confirmations, "confirmation")}` : states[told.status] ?? told.status);
}

/** What a header tells: pairs for `facts`. `between` are those of the body. */
function header_pairs(header, between = []) {
  return [
    ["Hash", h("span", { class: "hash" }, header.hash)],
    ["Previous", header.index > 0 ? link_to("block", header.prev_hash) : "none: this is genesis"],
    ["Time", moment(header.time)],
    ...between,
    ["Difficulty", rounded(header.difficulty)],
    ["Target", h("span", { class: "hash" }, header.target)],
    ["Nonce", header.nonce === null ? "none" : String(header.nonce)],
    ["Transaction root", h("span", { class: "hash" }, header.tx_root)],
    ["State root", h("span", { class: "hash" }, header.state_root)],
  ];
}

/** Links to the neighbours; `lower` and `higher` are a hash and a height, or nothing. */
function neighbours(lower, higher) {
  return h("p", { class: "pages" },
    lower ? h("a", { rel: "prev", href: `#/block/${lower}` }, "← lower") : null,
    higher ? h("a", { rel: "next", href: `#/block/${higher}` }, "higher →") : null);
}

/** The page of a block whose body is not here, of which the node has `told`. */
async function without_body(told, signal) {
  const { branches } = await ask("branches", { count: branch_blocks_max }, signal);
  const header = branches.flatMap((branch) => branch.blocks).find(({ hash }) => hash === told.block);
  const height = told.height ?? told.refusal?.height;
  return [
    h("h1", {}, height === undefined ? "Block" : `Block ${number(height)}`),
    ...(header ? [neighbours(header.prev_hash)] : []),
    facts([["State", state_of(told, 0)], ...reasons(told),
      ...(header ? header_pairs(header) : [["Hash", h("span", { class: "hash" }, told.block)]])]),
    ...story(told),
  ];
}

// The page that was read last: for one the node reads the whole block, and only what is told of it changes.
let kept = null;

/** `{shown, told}`: a page of the block that `word` names by its hash or height, and what `explain` tells. Throws like `ask`. */
async function read(word, from, signal) {
  const is_kept = kept?.from === from && (kept.shown.block.hash === word || String(kept.shown.block.index) === word);
  if (is_kept) {
    const { hash } = kept.shown.block;
    const told = await ask("explain", hash === word ? { block: word } : { height: word }, signal);
    if (told.block === hash) return { shown: kept.shown, told };
  }
  const page = { count: transactions_shown, ...(from ? { from } : {}) };
  const shown = await ask(`block_transactions/${encodeURIComponent(word)}`, page, signal);
  kept = { from, shown };
  return { shown, told: await ask("explain", { block: shown.block.hash }, signal) };
}

/** Which of a block's transactions `count` of them from the index `from` on are, in words. */
function place_of_page(from, count, total) {
  return count === 0 || count === total ? "Transactions" :
    `Transactions ${number(from + 1)} to ${number(from + count)} of ${number(total)}`;
}

export async function block({ words: [word], query, signal }) {
  let found;
  try {
    found = await read(word, query.get("from"), signal);
  } catch (error) {
    if (error.status !== 404 || !/^[0-9a-f]{64}$/.test(word)) throw error;
    // Refused, or a header alone, perhaps: then there is a story all the same.
    return without_body(await ask("explain", { block: word }, signal), signal);
  }
  const { shown: { block: summary, total, transactions, next }, told } = found;
  const confirmations = told.confirmations ?? 0;
  await learn_prefix(signal);
  // The coinbase's, which is the first of all.
  const body = transactions[0]?.kind === "coinbase" ? transactions[0].body : undefined;
  return [
    h("h1", {}, `Block ${number(summary.index)}`),
    neighbours(summary.index > 0 ? summary.prev_hash : null, confirmations > 1 ? summary.index + 1 : null),
    facts([
      ["State", state_of(told, confirmations)],
      ...reasons(told),
      ...header_pairs(summary, [
        ["Miner", link_to("address", summary.miner)],
        ["Transactions", number(total)],
        ["Size", bytes(summary.size)],
      ]),
    ]),
    ...story(told),
    h("h2", {}, place_of_page(Number(query.get("from")), transactions.length, total)),
    transaction_table(transactions),
    // By its hash: at its height another block may stand when the reader goes on.
    links_to_pages(`#/block/${summary.hash}`, query, next, ["first", "further"]),
    ...(body === undefined ? [] : [h("h2", {}, "Data of the block"), json(body)]),
  ];
}
block.is_live = ["block", "reorganisation"];
