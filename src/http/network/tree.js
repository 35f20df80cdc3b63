// The forks and tips of all nodes as one picture.
import { draw_tree } from "../explorer/tree.js";
import { ranges, tip_class } from "./model.js";

const names_max = 2;

/** What stands under a block whose nodes are at `ports`. */
function standing(ports) {
  if (ports.length === 0) return "";
  return ports.length > names_max ? `${ports.length} nodes` : ports.join(" ");
}

/** The rows of the picture: the heaviest tip's branch first, each block in one of them. */
function rows_of({ headers, tips, views }) {
  const ports = new Map(tips.map((tip) => [tip.hash, tip.ports]));
  const seen = new Set();
  const rows = [];
  // A tip that is just behind stands on the first row.
  for (const tip of tips.filter((one, place) => place === 0 || one.is_branch)) {
    const row = [];
    for (let header = headers.get(tip.hash); header && !seen.has(header.hash); header = headers.get(header.prev_hash)) {
      seen.add(header.hash);
      const here = ports.get(header.hash) ?? [];
      const asked = here[0] ?? views.find((view) => view.headers.some((one) => one.hash === header.hash)).port;
      row.unshift({ hash: header.hash, prev_hash: header.prev_hash, index: header.index,
        href: `node/${asked}/#/block/${header.hash}`,
        title: `Block ${header.index}${here.length ? `, tip of ${ranges(here)}` : ""}`,
        class: `${tip_class(tip.letter)}${here.length ? " tip" : ""}`, below: standing(here) });
    }
    if (row.length > 0) rows.push(row);
  }
  return rows;
}

/** The picture of one chain, as `chains_of` gives it; `draw_tree` tells of the result. */
export function draw(chain) {
  return draw_tree(rows_of(chain), `Forks and tips of chain ${chain.name}`);
}
