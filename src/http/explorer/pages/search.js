// Finds what a word is the name of. Each way to look gives the address of a page, or nothing.
import { ask, Refusal } from "../api.js";
import { learn_prefix } from "../account.js";
import { h, link_to, number, region } from "../dom.js";
import { address_of_page } from "../place.js";

const hash_digits = 64;
const prefix_digits_min = 4;
const headers_looked_at = 2000;
const blocks_looked_at = 500;
const transactions_at_once = 10000;
const stream_bytes_max = 64;

/** The reply, or null where the node knows nothing of that kind. */
async function ask_or_null(path, query, signal) {
  try {
    return await ask(path, query, signal);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

async function find_hash(hash, signal) {
  if (await ask_or_null(`block_transactions/${hash}`, { count: 0 }, signal)) return address_of_page("block", hash);
  if (await ask_or_null(`transaction/${hash}`, {}, signal)) return address_of_page("transaction", hash);
  // Not whole here, but with a story: refused, let go, or a header alone.
  for (const kind of ["block", "transaction"])
    if (await ask_or_null("explain", { [kind]: hash }, signal)) return address_of_page(kind, hash);
  const account = await ask_or_null(`history/${hash}`, { count: 1 }, signal);
  return account?.transactions.length ? address_of_page("address", account.address) : null;
}

/** The ids of the transactions in the block at `height`, which may be larger than a reply. */
async function transactions_of(height, signal) {
  const ids = [];
  for (let total = 1; ids.length < total;) {
    const page = await ask(`block_transactions/${height}`, { from: ids.length, count: transactions_at_once }, signal);
    if (page.transactions.length === 0) break;
    ids.push(...page.transactions.map((one) => one.transaction));
    total = page.total;
  }
  return ids;
}

/** The ids of the transactions in the blocks from the height `from` to `tip`. */
async function transactions_from(from, tip, signal) {
  const ids = [];
  // A reply ends early where blocks are large.
  while (from <= tip) {
    try {
      const { chain } = await ask("chain", { from, count: blocks_looked_at }, signal);
      if (chain.length === 0) break;
      ids.push(...chain.flatMap((block) => block.data.map((one) => one.transaction)));
      from += chain.length;
    } catch (error) {
      if (error.code !== "too_large") throw error;
      ids.push(...await transactions_of(from, signal));
      from += 1;
    }
  }
  return ids;
}

/** Blocks and transactions of late whose hash begins with `digits`: pairs of a kind and a hash. */
async function find_prefix(digits, signal) {
  const { height } = await ask("status", {}, signal);
  const from = Math.max(0, height + 1 - headers_looked_at);
  const blocks_from = Math.max(0, height + 1 - blocks_looked_at);
  const [{ headers }, { branches }, confirmed, pool] = await Promise.all([
    ask("headers", { from, count: headers_looked_at }, signal), ask("branches", {}, signal),
    transactions_from(blocks_from, height, signal), ask("mempool", {}, signal)]);
  const blocks = [...headers, ...branches.flatMap((branch) => branch.blocks)].map((block) => block.hash);
  const transactions = [...confirmed, ...pool.transactions.map((one) => one.transaction)];
  const begin = (hash) => hash.startsWith(digits);
  return [...new Set(blocks.filter(begin))].map((hash) => ["block", hash])
    .concat([...new Set(transactions.filter(begin))].map((hash) => ["transaction", hash]));
}

function say_nothing(word, why) {
  return [h("h1", {}, "Nothing is called so"),
    h("p", { class: "card failure" }, "“", h("bdi", {}, word), `” ${why}`),
    h("p", {}, "What can be found: a height, the hash of a block or a transaction, or how it begins, an address, the " +
      "name of a stream of records, host:port of a peer, and the name of a rule.")];
}

function say_several(digits, found) {
  return [h("h1", {}, "Several begin so"), h("p", { class: "soft" }, `${number(found.length)} begin with ${digits}.`),
    region("Found", h("ul", { class: "found" }, found.map(([kind, hash]) => h("li", {}, `${kind} `, link_to(kind, hash)))))];
}

/** The page that `word` names by its form alone, or null. */
function by_form(word) {
  const height = /^#?((?:0|[1-9][0-9]{0,14})|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4})$/.exec(word);
  if (height) return address_of_page("block", height[1].replaceAll(",", ""));
  if (/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+):[0-9]{1,5}$/i.test(word)) return address_of_page("peers", word);
  return null;
}

export async function search({ words: [word], signal }) {
  const found = by_form(word) ?? await find_named(word, signal);
  if (typeof found !== "string") return found;
  // The reader who goes back is not led here again.
  location.replace(found);
  return [h("h1", {}, "Found")];
}

/** The address of what is called `word`, or nodes that tell why there is nothing. */
async function find_named(word, signal) {
  const digits = word.toLowerCase();
  const is_hex = /^[0-9a-f]+$/.test(digits);
  if (is_hex && digits.length === hash_digits)
    return await find_hash(digits, signal) ??
      say_nothing(word, "has 64 digits, but is no block, transaction or account that this node knows.");
  if (/^[a-z0-9_]+\.[a-z0-9_]+$/.test(word) && await ask_or_null("explain", { code: word }, signal))
    return address_of_page("rule", word);
  if (new TextEncoder().encode(word).length <= stream_bytes_max) {
    const stream = await ask_or_null("records", { stream: word, count: 1 }, signal);
    if (stream?.records.length) return address_of_page("stream", word);
  }
  if (digits.startsWith(`${await learn_prefix(signal)}1`)) return address_of_page("address", word);
  if (!is_hex || digits.length < prefix_digits_min || digits.length > hash_digits)
    return say_nothing(word, "is no height, hash, transaction, address, stream, peer or rule that this node knows.");
  const hashes = await find_prefix(digits, signal);
  if (hashes.length === 1) return address_of_page(...hashes[0]);
  return hashes.length > 1 ? say_several(digits, hashes) : say_nothing(word,
    `begins no hash of the last ${number(headers_looked_at)} blocks, of the transactions in the last ` +
    `${number(blocks_looked_at)}, or of those that wait. A whole hash, of 64 digits, is found everywhere.`);
}
