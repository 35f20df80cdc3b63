// The tree of blocks near the tip as a picture: time goes to the right, each branch has a row.
import { ask } from "../api.js";
import { h, number, rounded, svg, table, link_to } from "../dom.js";

const blocks_shown = 20;
const column = 110;
const row = 64;
const box = { width: 84, height: 34 };
const margin = 20;

/** Places every block: its height gives the column, its branch the row. */
function layout(branches) {
  const active = branches.find((branch) => branch.status === "active");
  const rows = [active, ...branches.filter((branch) => branch !== active)];
  const lowest = Math.min(...rows.flatMap((branch) => branch.blocks.map((block) => block.index)));
  const places = new Map();
  rows.forEach((branch, line) => branch.blocks.forEach((block, i) => {
    places.set(block.hash, {
      block, status: branch.status, is_tip: i + 1 === branch.blocks.length,
      x: margin + (block.index - lowest) * column, y: margin + line * row,
    });
  }));
  return places;
}

function draw(places) {
  const all = [...places.values()];
  const width = Math.max(...all.map((one) => one.x)) + box.width + margin;
  const height = Math.max(...all.map((one) => one.y)) + box.height + margin;
  const edges = all.flatMap((one) => {
    const parent = places.get(one.block.prev_hash);
    return parent ? [svg("line", { x1: parent.x + box.width, y1: parent.y + box.height / 2,
      x2: one.x, y2: one.y + box.height / 2 })] : [];
  });
  const boxes = all.map((one) => svg("a", { href: `#/block/${one.block.hash}`,
    class: `${one.status}${one.is_tip ? " tip" : ""}` },
    svg("title", {}, `Block ${one.block.index}, ${one.status}: ${one.block.hash}`),
    svg("rect", { x: one.x, y: one.y, width: box.width, height: box.height, rx: 6 }),
    svg("text", { x: one.x + box.width / 2, y: one.y + 15 }, `#${one.block.index}`),
    svg("text", { x: one.x + box.width / 2, y: one.y + 29 }, one.block.hash.slice(-8))));
  return svg("svg", { class: "tree", width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": "Tree of the last blocks" }, edges, boxes);
}

export async function forks({ signal }) {
  const { total, branches } = await ask("branches", { count: blocks_shown }, signal);
  const picture = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Tree of the last blocks" },
    draw(layout(branches)));
  // The tips are at the right end.
  requestAnimationFrame(() => (picture.scrollLeft = picture.scrollWidth));
  return [
    h("h1", {}, "Forks"),
    picture,
    h("p", { class: "soft" }, total === 1 ? "Nobody disagrees: there is one branch."
      : `${number(total)} branches. The one with the most work is active; dashed ones have headers only.`),
    h("h2", {}, "Branches by work"),
    table(["State", "Height#", "Tip", "Work#", "Leaves at#", "Blocks of its own#"], branches.map((branch) => [
      branch.status, number(branch.height), link_to("block", branch.hash, 16), rounded(branch.work),
      branch.status === "active" ? "" : number(branch.fork),
      branch.status === "active" ? "" : number(branch.height - branch.fork),
    ]), "No branches"),
  ];
}
forks.is_live = true;
