// What waits for a block, by what it pays for its bytes.
import { learn_prefix } from "../account.js";
import { ask } from "../api.js";
import { bytes, coins, h, number, table, tiles } from "../dom.js";
import { size_of } from "../size.js";
import { transaction_table } from "./parts.js";

const entries_shown = 200;
// More would take long to fetch each time that something comes.
const entries_asked = 10_000;

/** `{pool, waiting}`: the first page of what waits, and all of it from the oldest on, `entries_asked` at most. */
async function read_pool(signal) {
  const pool = await ask("mempool", { count: entries_asked }, signal);
  const waiting = [...pool.transactions];
  // A page ends early where transactions are long.
  for (let { next } = pool; next && waiting.length < entries_asked;) {
    const from = new URL(next).searchParams.get("from");
    const page = await ask("mempool", { from, count: entries_asked - waiting.length }, signal);
    waiting.push(...page.transactions);
    next = page.next;
  }
  return { pool, waiting };
}

/** What is not in the table, in words; null when there is nothing. */
function say_rest(size, looked_at) {
  if (size <= entries_shown) return null;
  const rest = `${number(size - entries_shown)} more are not shown.`;
  return h("p", { class: "soft" }, size <= looked_at ? rest
    : `${rest} Only the ${number(looked_at)} that wait longest were compared.`);
}

export async function mempool({ signal }) {
  const { pool, waiting } = await read_pool(signal);
  await learn_prefix(signal);
  const fees = await ask("estimate_fee", {}, signal);
  const rates = new Map(waiting.map((one) => [one, one.fee * 1000 / size_of(one)]));
  const dearest = [...waiting].sort((left, right) => rates.get(right) - rates.get(left)).slice(0, entries_shown);
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
    h("h2", {}, "By fee for their bytes"),
    transaction_table(dearest, [["Fee for 1000 bytes#", (one) => coins(Math.round(rates.get(one)))]]),
    say_rest(pool.size, waiting.length),
  ].filter(Boolean);
}
mempool.is_live = true;
