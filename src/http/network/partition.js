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

/** Tells the node at `port` never to be linked with `address`. */
async function drop(port, address) {
  try {
    await command(port, "drop_peer", { address });
  } catch (error) {
    if (!(error instanceof NodeError) || error.status !== not_found) throw error;
    // Not even known. A node dials nobody whom it was told to drop, so it is told of the other first: else it
    // would dial as soon as gossip tells of it.
    await command(port, "add_peer", { address });
    await command(port, "drop_peer", { address });
  }
}

/** Drops what leads across, at both ends, so that neither dials again, and adds the ends of links to the set `ends`. */
async function drop_once(views, side_of, ends) {
  for (const { port, links, addresses } of crossing(views, side_of)) {
    for (const address of addresses) await drop(port, address);
    for (const address of links) ends.add(`${port} ${address}`);
  }
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

/**
 * Drops all links across until there are none: a node may just be dialling, or dial again before it is told, too. How many
 * ends of links were dropped; one that was there twice counts once.
 */
export async function drop_links(views, side_of) {
  const ends = new Set();
  for (let round = 0; round < rounds_max; ++round) {
    const now = await look_again(views);
    if (round > 0 && !is_leaking(now, side_of)) break;
    await drop_once(now, side_of, ends);
  }
  return ends.size;
}

/** Dials across, from the left to the right. */
export async function add_links(views, side_of) {
  const pairs = crossing(views, side_of).filter(({ port }) => side_of(port) === "left");
  for (const { port, other } of pairs) await command(port, "add_peer", { address: `127.0.0.1:${other}` });
  return pairs.length;
}
