// One block, with what became of it; also one that was refused, or of which the header alone is here.
import { learn_prefix } from "../account.js";
import { ask } from "../api.js";
import { bytes, counted, facts, h, json, link_to, moment, number, rounded } from "../dom.js";
import { reasons, states, story, transaction_table } from "./parts.js";

const branch_blocks_max = 100;

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

// The block that was read last: it may be large, and of its page nothing but what is told of it changes.
let kept = null;

/** `{shown, told}`: the block that `word` names by its hash or height, and what `explain` tells. Throws like `ask`. */
async function read(word, signal) {
  if (kept?.hash === word || String(kept?.index) === word) {
    const told = await ask("explain", kept.hash === word ? { block: word } : { height: word }, signal);
    if (told.block === kept.hash) return { shown: kept, told };
  }
  const { block: shown } = await ask(`block/${encodeURIComponent(word)}`, {}, signal);
  kept = shown;
  return { shown, told: await ask("explain", { block: shown.hash }, signal) };
}

export async function block({ words: [word], signal }) {
  let found;
  try {
    found = await read(word, signal);
  } catch (error) {
    if (error.status !== 404 || !/^[0-9a-f]{64}$/.test(word)) throw error;
    // Refused, or a header alone, perhaps: then there is a story all the same.
    return without_body(await ask("explain", { block: word }, signal), signal);
  }
  const { shown, told } = found;
  const confirmations = told.confirmations ?? 0;
  await learn_prefix(signal);
  const body = shown.data[0]?.body;
  return [
    h("h1", {}, `Block ${number(shown.index)}`),
    neighbours(shown.index > 0 ? shown.prev_hash : null, confirmations > 1 ? shown.index + 1 : null),
    facts([
      ["State", state_of(told, confirmations)],
      ...reasons(told),
      ...header_pairs(shown, [
        ["Miner", link_to("address", shown.miner)],
        ["Transactions", number(shown.data.length)],
        ["Size", bytes(shown.size)],
      ]),
    ]),
    ...story(told),
    h("h2", {}, "Transactions"),
    transaction_table(shown.data),
    ...(body === undefined ? [] : [h("h2", {}, "Data of the block"), json(body)]),
  ];
}
block.is_live = ["block", "reorganisation"];
