// A tree of blocks as a picture: height goes to the right, each branch has a row. Where nothing branches, long runs of
// blocks are left out, so that a picture of a long chain has a few columns around each fork and each tip.
import { counted, short, svg } from "./dom.js";

const box = { width: 98, height: 36 };
const column = box.width + 16;
const gap_width = 124;
const row_height = 64;
const margin = 20;
// Blocks drawn below a tip that is the only one, below each of several, and of each branch behind its fork.
const near_only_tip = 8;
const near_tip = 3;
const near_fork = 1;
// A gap of so few blocks would take the place of the blocks themselves.
const gap_min = 3;
// A picture of so few heights leaves nothing out.
const heights_always = 8;

/** The heights that are drawn, lowest first. */
function drawn_heights(rows, forks) {
  const kept = new Set();
  const keep = (from, to) => {
    for (let height = from; height <= to; ++height) kept.add(height);
  };
  for (const [i, blocks] of rows.entries()) {
    const tip = blocks.at(-1).index;
    const begin = i === 0 ? 0 : forks[i]?.index ?? blocks[0].index;
    keep(Math.max(begin, tip - (rows.length === 1 ? near_only_tip : near_tip)), tip);
    if (i > 0) keep(begin, begin);
    if (i > 0) keep(blocks[0].index, blocks[0].index + near_fork);
    for (const block of blocks) if (block.below) keep(block.index, block.index);
  }
  const known = [...new Set(rows.flat().map((block) => block.index))].sort((left, right) => left - right);
  if (known.length <= heights_always) return known;
  let last = -Infinity;
  for (const height of known.filter((one) => kept.has(one))) {
    if (height - last <= gap_min) keep(last, height);
    last = height;
  }
  return known.filter((height) => kept.has(height));
}

/** Where each drawn height stands: pixels from the left; a gap is wider. */
function columns_of(heights) {
  const columns = new Map();
  let x = margin;
  heights.forEach((height, i) => {
    if (i > 0) x += column + (height - heights[i - 1] > 1 ? gap_width : 0);
    columns.set(height, x);
  });
  return columns;
}

/** The line from `parent` to `child`, dashed where blocks between them are left out, and how many these are. */
function edge(parent, child) {
  const middle = child.y + box.height / 2;
  if (!parent)
    return [svg("line", { class: "gap", x1: child.x - margin, y1: middle, x2: child.x, y2: middle })];
  const missing = child.block.index - parent.block.index - 1;
  const from = { x: parent.x + box.width, y: parent.y + box.height / 2 };
  if (missing === 0) return [svg("line", { x1: from.x, y1: from.y, x2: child.x, y2: middle })];
  // Down at once, then along the row: so the count stands on the line.
  const points = `${from.x},${from.y} ${from.x + (column - box.width)},${middle} ${child.x},${middle}`;
  return [svg("polyline", { class: "gap", points }),
    svg("text", { class: "gap", x: child.x - (gap_width + column - box.width) / 2, y: middle - 6 },
      `… ${counted(missing, "block")}`)];
}

function draw_block({ block, x, y }) {
  const middle = x + box.width / 2;
  return svg("a", { href: block.href, class: block.class },
    svg("title", {}, `${block.title}: ${block.hash}`),
    svg("rect", { x, y, width: box.width, height: box.height, rx: 6 }),
    svg("text", { x: middle, y: y + 15 }, `#${block.index}`),
    svg("text", { x: middle, y: y + 30 }, short(block.hash)),
    block.below ? svg("text", { class: "standing", x: middle, y: y + box.height + 15 }, block.below) : []);
}

/**
 * The picture of `rows`, lists of blocks that follow each other, with gaps or not, lowest first; the first list is that
 * of the main branch. A block is `{hash, prev_hash, index, href, title, class, below?, fork?}`; `fork`, of the first block of
 * a branch whose lower blocks are not here, is the hash of the block where it leaves. `label` tells what it shows.
 * `{element, begin}`: `begin` is how far to scroll to see the latest fork, or the tip where there is none.
 */
export function draw_tree(rows, label) {
  const by_hash = new Map(rows.flat().map((block) => [block.hash, block]));
  const forks = rows.map((blocks, i) => (i === 0 ? null : by_hash.get(blocks[0].fork ?? blocks[0].prev_hash) ?? null));
  const columns = columns_of(drawn_heights(rows, forks));
  const places = new Map();
  const drawn = rows.map((blocks, line) => blocks.filter((block) => columns.has(block.index)).map((block) => {
    const place = { block, x: columns.get(block.index), y: margin + line * row_height };
    places.set(block.hash, place);
    return place;
  }));
  const edges = drawn.flatMap((row, line) => row.flatMap((place, i) => {
    const parent = i > 0 ? row[i - 1] : places.get(forks[line]?.hash);
    return parent || place.block.index > 0 ? edge(parent, place) : [];
  }));
  const all = [...places.values()];
  const width = Math.max(...all.map((one) => one.x), 0) + box.width + margin;
  const height = drawn.length * row_height + margin;
  const element = svg("svg", { class: "tree", width, height, viewBox: `0 0 ${width} ${height}`, role: "group",
    "aria-label": label }, edges, all.map(draw_block));
  const latest = Math.max(...forks.map((fork) => fork?.index ?? -1));
  return { element, begin: latest < 0 ? width : Math.max(0, columns.get(latest) - margin) };
}
