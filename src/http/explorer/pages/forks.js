// The tips of all branches: a picture of where they leave each other, and a table.
import { ask } from "../api.js";
import { h, link_to, number, region, rounded, table } from "../dom.js";
import { draw_tree } from "../tree.js";
import { links_to_pages, states } from "./parts.js";

const blocks_asked = 20;
// What is read of the active chain beside each branch: so many blocks from its fork on, and up to its tip's height.
const blocks_beside = 3;
// Two such parts with so few blocks between them are read as one.
const blocks_between_max = 10;

/** Ranges of heights, `[first, last]`, joined where they meet or nearly do. */
function join(ranges) {
  const joined = [];
  for (const [first, last] of [...ranges].sort((left, right) => left[0] - right[0])) {
    const before = joined.at(-1);
    if (before && first - before[1] <= blocks_between_max) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

/**
 * The active chain's blocks at its tip, and beside the branches. Without `active`, where all tips have headers above that
 * of the active chain, the highest fork is its tip.
 */
async function main_row(active, others, signal) {
  const lowest = active?.blocks[0].index ?? Infinity;
  const ranges = join(others.filter((branch) => branch.fork < lowest).flatMap(({ fork, height }) => [
    [active ? fork : Math.max(0, fork - blocks_beside), fork + blocks_beside],
    [Math.max(fork, height - blocks_beside), height]]));
  const parts = await Promise.all(ranges.map(async ([first, last]) =>
    (await ask("headers", { from: first, count: last - first + 1 }, signal)).headers));
  const blocks = new Map([...parts.flat().filter((block) => block.index < lowest), ...(active?.blocks ?? [])]
    .map((block) => [block.index, block]));
  return [...blocks.values()].sort((left, right) => left.index - right.index);
}

/** What `draw_tree` draws of a branch: those of `blocks` that no heavier branch has shown. */
function row_of(branch, blocks, seen) {
  const own = blocks.filter((block) => !seen.has(block.hash));
  for (const block of own) seen.add(block.hash);
  return own.map((block) => ({ ...block, href: `#/block/${block.hash}`,
    title: `Block ${block.index}, ${states[branch.status]}`,
    class: `${branch.status}${block.hash === branch.hash ? " tip" : ""}` }));
}

/** `drawn` are the branches in the picture, of `total`. */
function say_disagreement(total, drawn) {
  const disagreement = total === 1 ? "Nobody disagrees: there is one branch."
    : `${number(total)} branches. The one with the most work is active.`;
  const is_dashed = drawn.some((branch) => branch.status === "header_only");
  return is_dashed ? `${disagreement} Of dashed blocks only the headers are here.` : disagreement;
}

/** Where the branches leave each other, of the first page of `branches`. */
async function draw(branches, signal) {
  const active = branches.find((branch) => branch.status === "active");
  const others = branches.filter((branch) => branch !== active);
  const seen = new Set();
  const main = await main_row(active, others, signal);
  const lowest_of = ({ fork, blocks: [lowest] }) =>
    lowest.index > fork + 1 ? { ...lowest, fork: main.find((block) => block.index === fork)?.hash } : lowest;
  const rows = [row_of(active ?? { status: "active", hash: main.at(-1).hash }, main, seen), ...others.map((branch) =>
    row_of(branch, [lowest_of(branch), ...branch.blocks.slice(1)], seen))].filter((row) => row.length > 0);
  const label = "Tree of the forks and tips";
  const { element, begin } = draw_tree(rows, label);
  const picture = region(label, element);
  picture.dataset.begin = begin;
  return picture;
}

export async function forks({ query, signal }) {
  const from = query.get("from");
  const { total, branches, next } = await ask("branches", { count: blocks_asked, ...(from ? { from } : {}) }, signal);
  return [
    h("h1", {}, "Forks"),
    from ? null : await draw(branches, signal),
    h("p", { class: "soft" }, say_disagreement(total, from ? [] : branches)),
    h("h2", {}, "Branches by work"),
    table(["State", "Height#", "Tip", "Work#", "Leaves at#", "Blocks of its own#"], branches.map((branch) => [
      states[branch.status], number(branch.height), link_to("block", branch.hash, 16), rounded(branch.work),
      branch.status === "active" ? "" : number(branch.fork),
      branch.status === "active" ? "" : number(branch.height - branch.fork),
    ]), "No branches"),
    links_to_pages("#/forks", query, next, ["heaviest", "lighter"]),
  ].filter(Boolean);
}
forks.is_live = true;
