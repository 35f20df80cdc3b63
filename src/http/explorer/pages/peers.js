// The nodes that this one is linked with.
import { ask } from "../api.js";
import { bytes, facts, h, number, said, table } from "../dom.js";
import { address_of_page } from "../place.js";

// More than a node has of either.
const count_max = 10_000;

/** What is known of the node at `address`, which the reader asked for. */
function about(address, links, nodes) {
  const peer = links.find((link) => link.address === address);
  const state = peer ? "linked with this node"
    : nodes.includes(address) ? "known to this node, but not linked with it" : "not known to this node";
  return facts([
    ["Address", h("span", { class: "mono" }, said(address))], ["State", h("span", { class: peer ? "good" : "bad" }, state)],
    ["Direction", peer?.direction], ["Program", peer ? h("bdi", {}, peer.user_agent) : null],
    ["Height", peer ? number(peer.height) : null], ["Version", peer?.version], ["Annoyance", peer?.annoyance],
  ]);
}

export async function peers({ words: [asked], signal }) {
  const all = { count: count_max };
  const [{ peers: links }, { nodes }] = await Promise.all([ask("peers", all, signal), ask("nodes", all, signal)]);
  const link = (address) => h("a", { class: "mono", href: address_of_page("peers", address) }, address);
  return [
    h("h1", {}, "Peers"),
    ...(asked ? [about(asked, links, nodes), h("h2", {}, "All peers")] : []),
    table(["Address", "Direction", "Program", "Height#", "Latency#", "Connected#", "Received#", "Sent#"],
      links.map((peer) => [
        link(peer.address), peer.direction, h("bdi", {}, peer.user_agent), number(peer.height),
        peer.latency_ms === undefined ? "" : `${number(peer.latency_ms)} ms`,
        `${number(Math.round(peer.connected_ms / 1000))} s`,
        bytes(peer.bytes_received), bytes(peer.bytes_sent),
      ]), "No peers"),
    h("h2", {}, "Nodes reached lately"),
    table(["Address"], nodes.map((address) => [link(address)]), "No nodes"),
  ];
}
peers.is_live = true;
