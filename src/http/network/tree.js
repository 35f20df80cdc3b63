// The last blocks of all nodes as one picture: height goes to the right, each branch has a row.
import { svg } from "../explorer/dom.js";
import { ranges, tip_class } from "./model.js";

const heights_shown = 12;
const column = 112;
const row = 78;
const box = { width: 86, height: 36 };
const margin = 20;

/** Places each block once: the heaviest tip's branch first, so that it has the top row. */
function layout({ headers, tips }) {
  const lowest = Math.max(0, tips[0].height - heights_shown + 1);
  const places = new Map();
  let line = 0;
  for (const tip of tips) {
    let placed = false;
    for (let header = headers.get(tip.hash); header && header.index >= lowest && !places.has(header.hash);
      header = headers.get(header.prev_hash)) {
      places.set(header.hash, { header, letter: tip.letter, ports: [],
        x: margin + (header.index - lowest) * column, y: margin + line * row });
      placed = true;
    }
    if (placed) ++line;
    const place = places.get(tip.hash);
    if (place) place.ports = tip.ports;
  }
  return places;
}

function block(place) {
  const { header, ports, letter } = place;
  const standing = ports.length === 0 ? "" : ports.length > 2 ? `${ports.length} nodes` : ports.join(" ");
  const nodes = ports.length ? `, tip of ${ranges(ports)}` : "";
  const port = place.ports[0] ?? place.asked;
  return svg("a", { href: `node/${port}/#/block/${header.hash}`, class: `${tip_class(letter)}${ports.length ? " tip" : ""}` },
    svg("title", {}, `Block ${header.index}${nodes}: ${header.hash}`),
    svg("rect", { x: place.x, y: place.y, width: box.width, height: box.height, rx: 6 }),
    svg("text", { x: place.x + box.width / 2, y: place.y + 15 }, `#${header.index}`),
    svg("text", { x: place.x + box.width / 2, y: place.y + 30 }, header.hash.slice(-8)),
    svg("text", { class: "standing", x: place.x + box.width / 2, y: place.y + box.height + 15 }, standing));
}

/** The picture of one chain, as `chains_of` gives it. */
export function draw(chain) {
  const places = layout(chain);
  const all = [...places.values()];
  for (const place of all)
    place.asked = chain.views.find((view) => view.headers.some((header) => header.hash === place.header.hash)).port;
  const width = Math.max(...all.map((one) => one.x), 0) + box.width + margin;
  const height = Math.max(...all.map((one) => one.y), 0) + row;
  const edges = all.flatMap((one) => {
    const parent = places.get(one.header.prev_hash);
    return parent ? [svg("line", { x1: parent.x + box.width, y1: parent.y + box.height / 2,
      x2: one.x, y2: one.y + box.height / 2 })] : [];
  });
  return svg("svg", { class: "tree", width, height, viewBox: `0 0 ${width} ${height}`, role: "group",
    "aria-label": `Last blocks of chain ${chain.name}` }, edges, all.map(block));
}
