// The nodes that this one is linked with.
import { ask } from "../api.js";
import { bytes, h, number, table } from "../dom.js";

export async function peers({ signal }) {
  const { peers: links } = await ask("peers", {}, signal);
  const { nodes } = await ask("nodes", {}, signal);
  return [
    h("h1", {}, "Peers"),
    table(["Address", "Direction", "Program", "Height#", "Latency#", "Connected#", "Received#", "Sent#"],
      links.map((peer) => [
        peer.address, peer.direction, peer.user_agent, number(peer.height),
        peer.latency_ms === undefined ? "" : `${number(peer.latency_ms)} ms`,
        `${number(Math.round(peer.connected_ms / 1000))} s`,
        bytes(peer.bytes_received), bytes(peer.bytes_sent),
      ]), "No peers"),
    h("h2", {}, "Nodes reached lately"),
    table(["Address"], nodes.map((address) => [h("span", { class: "mono" }, address)]), "No nodes"),
  ];
}
peers.is_live = true;
