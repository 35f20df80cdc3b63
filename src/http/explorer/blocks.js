// The last blocks in a few words. Full ones make long replies: each is asked for once.
import { ask } from "./api.js";
import { counted, h } from "./dom.js";

// A page of the chain ends after 2,000,000 bytes (spec 02 §3), which may be a single block.
const pages_max = 4;
const kept_max = 1000;

// By hash, what replies have told of blocks.
const kept = new Map();

function keep({ hash, size, miner, data }) {
  kept.set(hash, { size, miner, transactions: data.length });
  if (kept.size > kept_max) kept.delete(kept.keys().next().value);
}

/**
 * The `count` blocks up to the height `tip`, lowest first: their headers with `size`, `miner` and the number of
 * `transactions`. Where blocks are so large that it takes too many pages, some lack these; who asks again gets more.
 */
export async function last_blocks(tip, count, signal) {
  const { headers } = await ask("headers", { before: tip + 1, count }, signal);
  let at_once = count;
  for (let page = 0; page < pages_max; ++page) {
    const missing = headers.filter(({ hash }) => !kept.has(hash));
    if (missing.length === 0) break;
    // Pages that end at a place hold the nearest blocks in front of it.
    const { index, hash } = missing.at(-1);
    try {
      const wanted = { before: index + 1, count: Math.min(at_once, index - missing[0].index + 1) };
      (await ask("chain", wanted, signal)).chain.forEach(keep);
    } catch (error) {
      // A full block behind others may be more than a reply holds, and some are by themselves.
      if (error.code !== "too_large") throw error;
      if (at_once === 1) kept.set(hash, {});
      at_once = 1;
    }
  }
  return headers.map((header) => ({ ...header, ...kept.get(header.hash) }));
}

/** How many of `blocks` have not been asked for whole, in words; null when there are none. */
export function say_missing(blocks) {
  const missing = blocks.filter(({ transactions }) => transactions === undefined).length;
  return missing === 0 ? null : h("p", { class: "soft" },
    `Large blocks take long to ask for: of ${counted(missing, "block")} the transactions are not counted.`);
}
