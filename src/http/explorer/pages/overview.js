// Where the chain stands and its last blocks.
import { ask } from "../api.js";
import { last_blocks, say_missing } from "../blocks.js";
import { ago, bytes, h, link_to, link_to_height, number, rounded, standing, table, tiles } from "../dom.js";

const blocks_shown = 15;

/** Rows of a table of blocks, the highest first; of a large one, more may not be known than its header. */
function block_rows(blocks) {
  return [...blocks].reverse().map((block) => [
    link_to_height(block.index),
    link_to("block", block.hash, 16),
    ago(block.time),
    ...(block.transactions === undefined ? ["", "", ""]
      : [number(block.transactions), bytes(block.size), link_to("address", block.miner, 18)]),
  ]);
}

const block_columns = ["Height#", "Hash", "Time", "Transactions#", "Size#", "Miner"];

export async function overview({ signal }) {
  const status = await ask("status", {}, signal);
  const blocks = await last_blocks(status.height, blocks_shown, signal);
  return [
    h("h1", {}, `Chain ${status.chain}`),
    tiles([
      ["Height", number(status.height)],
      ["Tip", link_to("block", status.tip, 12)],
      ["Work", rounded(status.work)],
      ["Difficulty", rounded(status.difficulty)],
      ["Peers", number(status.peers)],
      ["Waiting", number(status.mempool)],
      ["Hash rate", status.mining ? `${number(status.hashrate)} H/s` : "not mining"],
      ["State", standing(status)],
    ]),
    h("h2", {}, "Last blocks"),
    table(block_columns, block_rows(blocks), "No blocks"),
    say_missing(blocks),
  ].filter(Boolean);
}
overview.is_live = true;
