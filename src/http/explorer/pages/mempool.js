// What waits for a block, by what it pays.
import { learn_prefix } from "../account.js";
import { ask } from "../api.js";
import { bytes, coins, h, number, table, tiles } from "../dom.js";
import { transaction_table } from "./parts.js";

const entries_shown = 200;

export async function mempool({ signal }) {
  const pool = await ask("mempool", { count: entries_shown }, signal);
  await learn_prefix(signal);
  const fees = await ask("estimate_fee", {}, signal);
  const waiting = [...pool.transactions].sort((a, b) => b.fee - a.fee);
  return [
    h("h1", {}, "Mempool"),
    tiles([
      ["Waiting", number(pool.size)],
      ["Memory", bytes(pool.bytes)],
      ["Least fee for 1000 bytes", coins(fees.minimum_rate)],
    ]),
    h("h2", {}, "Fee of a transfer"),
    table(["Within blocks#", "Fee#", "Chance#"],
      fees.estimates.map((one) => [number(one.blocks), coins(one.fee), `${one.chance_percent} %`]), "No estimates"),
    h("h2", {}, "By fee"),
    transaction_table(waiting),
    pool.size > waiting.length
      ? h("p", { class: "soft" }, `${number(pool.size - waiting.length)} more are not shown.`) : null,
  ].filter(Boolean);
}
mempool.is_live = true;
