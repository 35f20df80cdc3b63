// One block, with what became of it.
import { learn_prefix } from "../account.js";
import { ask } from "../api.js";
import { bytes, counted, facts, h, json, link_to, moment, number, rounded } from "../dom.js";
import { states, story, transaction_table } from "./parts.js";

export async function block({ words, signal }) {
  const { block: shown, confirmations } = await ask(`block/${encodeURIComponent(words[0])}`, {}, signal);
  await learn_prefix(signal);
  const told = await ask("explain", { block: shown.hash }, signal);
  const is_active = confirmations > 0;
  const body = shown.data[0]?.body;
  return [
    h("h1", {}, `Block ${number(shown.index)}`),
    h("p", { class: "pages" },
      shown.index > 0 ? h("a", { rel: "prev", href: `#/block/${shown.prev_hash}` }, "← lower") : null,
      confirmations > 1 ? h("a", { rel: "next", href: `#/block/${shown.index + 1}` }, "higher →") : null),
    facts([
      ["State", h("span", { class: is_active ? "good" : "bad" },
        is_active ? `on the active chain, ${counted(confirmations, "confirmation")}` : states[told.status] ?? told.status)],
      ["Hash", h("span", { class: "hash" }, shown.hash)],
      ["Previous", shown.index > 0 ? link_to("block", shown.prev_hash) : "none: this is genesis"],
      ["Time", moment(shown.time)],
      ["Miner", link_to("address", shown.miner)],
      ["Transactions", number(shown.data.length)],
      ["Size", bytes(shown.size)],
      ["Difficulty", rounded(shown.difficulty)],
      ["Target", h("span", { class: "hash" }, shown.target)],
      ["Nonce", shown.nonce === null ? "none" : String(shown.nonce)],
      ["Transaction root", h("span", { class: "hash" }, shown.tx_root)],
      ["State root", h("span", { class: "hash" }, shown.state_root)],
    ]),
    ...story(told),
    h("h2", {}, "Transactions"),
    transaction_table(shown.data),
    ...(body === undefined ? [] : [h("h2", {}, "Data of the block"), json(body)]),
  ];
}
