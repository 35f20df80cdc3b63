// What the answers of several nodes say together: which tips there are, and who stands where.
// Functions of their arguments; a view is what was last heard of one node.

/** Is there an answer of the node to show, and is it fresh? */
export function is_alive(view) {
  return view.state === "live";
}

/** Hashes a second that the node spends on the next block. */
export function mining_power(view) {
  return view.status.mining ? view.status.hashrate : 0;
}

/** All headers that the nodes of one chain have shown, by hash. */
function known_headers(views) {
  return new Map(views.flatMap((view) => view.headers).map((header) => [header.hash, header]));
}

/** Compares decimal counts of any size. */
function by_work(left, right) {
  const difference = BigInt(right.work) - BigInt(left.work);
  return difference > 0n ? 1 : difference < 0n ? -1 : left.hash < right.hash ? -1 : 1;
}

/** The hashes from `hash` down as far as headers are known, `hash` first. */
function ancestry(headers, hash) {
  const hashes = [];
  for (let header = headers.get(hash); header; header = headers.get(header.prev_hash)) hashes.push(header.hash);
  return hashes;
}

/**
 * The tips that nodes stand on, by work, the heaviest first: `{hash, height, work, ports, behind, since}`.
 * `behind` is how many blocks a tip that is no branch of its own is below the first, else 0; `since` is the height
 * of the last common block of a branch, null where it is further down than headers were asked for.
 */
function tips_of(views, headers) {
  const tips = new Map();
  for (const { port, status } of views) {
    const tip = tips.get(status.tip) ?? { hash: status.tip, height: status.height, work: status.work, ports: [] };
    tip.ports.push(port);
    tips.set(status.tip, tip);
  }
  const sorted = [...tips.values()].sort(by_work);
  const main = ancestry(headers, sorted[0]?.hash);
  const lowest = headers.get(main.at(-1))?.index ?? sorted[0]?.height;
  return sorted.map((tip, place) => {
    if (place === 0) return { ...tip, behind: 0, since: null, is_branch: false };
    // Further down than headers were asked for, a lower tip is taken for an older one.
    const is_below = main.includes(tip.hash) || tip.height < lowest;
    const common = ancestry(headers, tip.hash).find((hash) => main.includes(hash));
    return { ...tip, is_branch: !is_below, behind: is_below ? sorted[0].height - tip.height : 0,
      since: is_below || !common ? null : headers.get(common).index };
  });
}

/** The chains that live nodes keep: `{id, name, views, headers, tips, power}`, tips with a `letter` for each branch. */
export function chains_of(views) {
  const chains = new Map();
  for (const view of views.filter(is_alive)) {
    const id = view.status.chain_id;
    if (!chains.has(id)) chains.set(id, { id, name: view.status.chain, views: [] });
    chains.get(id).views.push(view);
  }
  return [...chains.values()].map((chain) => {
    const headers = known_headers(chain.views);
    let branches = 0;
    const tips = tips_of(chain.views, headers).map((tip, place) => {
      if (place > 0 && tip.is_branch) ++branches;
      return { ...tip, branch: tip.is_branch ? branches : 0, letter: letter_of(tip.is_branch ? branches : 0) };
    });
    const power = chain.views.reduce((sum, view) => sum + mining_power(view), 0);
    return { ...chain, headers, tips, power };
  });
}

function letter_of(branch) {
  return String.fromCharCode("A".charCodeAt(0) + Math.min(branch, 25));
}

/** The class that colours the branch called `letter`. */
export function tip_class(letter) {
  return `tip-${letter > "D" ? "d" : letter.toLowerCase()}`;
}

/** One sentence on how far the nodes agree. */
export function verdict(chains) {
  if (chains.length === 0) return "No node answers";
  if (chains.length > 1) return `Nodes keep ${chains.length} chains: ${chains.map((chain) => chain.name).join(", ")}`;
  const { tips, views } = chains[0];
  const branches = tips.filter((tip) => tip.is_branch).length;
  if (branches > 0) return `A fork: ${branches + 1} branches`;
  const behind = tips.slice(1).reduce((sum, tip) => sum + tip.ports.length, 0);
  if (behind > 0) return behind === 1 ? "One node is behind" : `${behind} nodes are behind`;
  return views.length === 1 ? `One node, at height ${tips[0].height}` : `All ${views.length} nodes agree on height ${tips[0].height}`;
}

/** `5001, 5002, 5003, 5007` as `5001–5003, 5007`. */
export function ranges(ports) {
  const parts = [];
  for (const port of [...ports].sort((left, right) => left - right)) {
    const last = parts.at(-1);
    if (last && last.end + 1 === port) last.end = port;
    else parts.push({ start: port, end: port });
  }
  return parts.map(({ start, end }) => (start === end ? `${start}` : `${start}–${end}`)).join(", ");
}
