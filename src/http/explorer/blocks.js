// The last blocks in a few words. The node reads each whole for that: it is asked for once.
import { ask } from "./api.js";
import { counted, h } from "./dom.js";

const questions_max = 6;
// A page of the chain ends after 2,000,000 bytes of JSON (spec 02 §3): those of a few blocks of this size.
const large_bytes = 200_000;
const kept_max = 1000;

// By hash, what replies have told of blocks.
const kept = new Map();

function keep({ hash, size, miner }, transactions) {
  kept.set(hash, { size, miner, transactions });
  if (kept.size > kept_max) kept.delete(kept.keys().next().value);
}

/** Keeps the blocks of a page of the chain; whether there were several. Throws like `ask`. */
async function keep_page(wanted, signal) {
  try {
    const { chain } = await ask("chain", wanted, signal);
    for (const block of chain) keep(block, block.data.length);
    return chain.length > 1;
  } catch (error) {
    if (error.code !== "too_large") throw error;
    return false;
  }
}

/**
 * The `count` blocks up to the height `tip`, lowest first: their headers with `size`, `miner` and the number of
 * `transactions`. Where blocks are so large that it takes too many questions, some lack these; who asks again gets more.
 */
export async function last_blocks(tip, count, signal) {
  const { headers } = await ask("headers", { before: tip + 1, count }, signal);
  let are_small = true;
  for (let question = 0; question < questions_max; ++question) {
    const missing = headers.filter(({ hash }) => !kept.has(hash));
    if (missing.length === 0) break;
    const { index, hash } = missing.at(-1);
    if (are_small && missing.length > 1) {
      // Pages that end at a place hold the nearest blocks in front of it, and end early where those are large.
      are_small = await keep_page({ before: index + 1, count: index - missing[0].index + 1 }, signal);
    } else {
      const { block, total } = await ask(`block_transactions/${hash}`, { count: 0 }, signal);
      keep(block, total);
      are_small = block.size < large_bytes;
    }
  }
  return headers.map((header) => ({ ...header, ...kept.get(header.hash) }));
}

/** Of how many of `blocks` the node has not been asked, in words; null when there are none. */
export function say_missing(blocks) {
  const missing = blocks.filter(({ transactions }) => transactions === undefined).length;
  return missing === 0 ? null : h("p", { class: "soft" },
    `Large blocks take long to ask for: of ${counted(missing, "block")} the transactions are not counted.`);
}
