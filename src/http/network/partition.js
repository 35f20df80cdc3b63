// Cutting a network in two by dropping links, and dialling them again.
import { command, NodeError, read } from "./ask.js";

const not_found = 404;
const rounds_max = 10;

/** The port of a peer on this machine; 0 for others. */
function local_port(address) {
  const match = /^(?:localhost|127(?:\.\d+){3}|\[::1\]):(\d+)$/.exec(address);
  return match ? Number(match[1]) : 0;
}

/**
 * Pairs of nodes on two sides, each with the addresses by which the first knows the second, and those of them by which they
 * are linked.
 */
function crossing(views, side_of) {
  return views.flatMap((view) => views
    .filter((other) => side_of(other.port) !== side_of(view.port))
    .map((other) => {
      const links = view.peers.map((peer) => peer.address).filter((address) => local_port(address) === other.port);
      return { port: view.port, other: other.port, links, addresses: new Set([`127.0.0.1:${other.port}`, ...links]) };
    }));
}

/** Runs `step` for each of `items`, and gives the sum of what they return. */
async function total(items, step) {
  let sum = 0;
  for (const item of items) sum += await step(item);
  return sum;
}

/** Drops what leads across, at both ends, so that neither dials again; how many ends of links there were. */
function drop_once(views, side_of) {
  return total(crossing(views, side_of), ({ port, links, addresses }) => total(addresses, async (address) => {
    try {
      await command(port, "drop_peer", { address });
    } catch (error) {
      if (!(error instanceof NodeError) || error.status !== not_found) throw error;
      // Not even known. A node dials nobody whom it was told to drop, so it is told of the other first: else it
      // would dial as soon as gossip tells of it.
      await command(port, "add_peer", { address });
      await command(port, "drop_peer", { address });
    }
    return links.includes(address) ? 1 : 0;
  }));
}

/** True when some link leads across. */
export function is_leaking(views, side_of) {
  return views.some((view) => view.peers.some((peer) => {
    const port = local_port(peer.address);
    return views.some((other) => other.port === port && side_of(port) !== side_of(view.port));
  }));
}

/** `views` with their peers of now. */
function look_again(views) {
  return Promise.all(views.map(async ({ port }) => ({ port, peers: (await read(port, "peers")).peers })));
}

/** Drops all links across until there are none: a node may just be dialling. How many ends of links were dropped. */
export async function drop_links(views, side_of) {
  let ends = 0;
  for (let round = 0; round < rounds_max; ++round) {
    const now = await look_again(views);
    if (round > 0 && !is_leaking(now, side_of)) break;
    ends += await drop_once(now, side_of);
  }
  return ends;
}

/** Dials across, from the left to the right. */
export function add_links(views, side_of) {
  const pairs = crossing(views, side_of).filter(({ port }) => side_of(port) === "left");
  return total(pairs, async ({ port, other }) => {
    await command(port, "add_peer", { address: `127.0.0.1:${other}` });
    return 1;
  });
}
