// One card a node. Its elements stay, so that a button keeps its focus while the figures change.
import { h, number, short } from "../explorer/dom.js";
import { is_alive, mining_power, tip_class } from "./model.js";

function fact(name) {
  const value = h("dd", {}, "–");
  return { value, nodes: [h("dt", {}, name), value] };
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function standing(tip) {
  if (!tip) return "";
  if (tip.is_branch) return tip.since === null ? "fork" : `fork since #${tip.since}`;
  return tip.behind ? `${number(tip.behind)} behind` : "at the tip";
}

function hash_rate(rate) {
  for (const [size, unit] of [[1e9, "GH/s"], [1e6, "MH/s"], [1e3, "kH/s"]])
    if (rate >= size) return `${(rate / size).toFixed(1)} ${unit}`;
  return `${number(rate)} H/s`;
}

const states = { silent: "silent", away: "stopped", unknown: "" };

// How long a first press of a button that asks for a second one counts.
const second_press_ms = 5000;

/** A button that does `work` when it is pressed twice. */
function make_careful_button(name, work) {
  let timer = 0;
  const forget = () => {
    clearTimeout(timer);
    timer = 0;
    say(button, name);
  };
  const button = h("button", { type: "button", class: "quiet", "aria-live": "polite", onclick: () => {
    const is_second = timer !== 0;
    forget();
    if (is_second) return work();
    say(button, `${name}? Press again`);
    timer = setTimeout(forget, second_press_ms);
  } }, name);
  return button;
}

/** The choice of a side; `on_side` is told `left` or `right`. */
function make_sides(port, on_side) {
  return h("fieldset", { "aria-label": `Side of node ${port}` }, ["left", "right"].map((name) =>
    h("label", {}, h("input", { type: "radio", name: `side-${port}`, value: name,
      onchange: () => on_side(name) }), name)));
}

/** `{element, update(view, chain, side)}`, `side` empty where there are none; `actions` has `mine`, `stop` and `side`. */
export function make_card(port, actions) {
  const sides = make_sides(port, (name) => actions.side(port, name));
  const state = h("span", { class: "state soft" });
  const letter = h("span", { class: "letter" }, "");
  const hash = h("span", { class: "hash" }, "");
  const tip = h("dd", {}, letter, " ", hash);
  const [height, peers, mempool, power, messages] = ["Height", "Peers", "Waiting", "Hash power", "Messages"].map(fact);
  const share = h("meter", { min: 0, max: 1, value: 0, "aria-label": "Share of the hash power" });
  const controls = h("div", { class: "line", hidden: "" },
    h("button", { type: "button", onclick: () => actions.mine(port) }, "Mine"),
    make_careful_button("Stop", () => actions.stop(port)),
    sides);
  const closed = h("p", { class: "soft", hidden: "" }, "Read only: no --open-control.");
  const element = h("article", { class: "card node", "aria-label": `Node ${port}` },
    h("h2", {}, h("a", { href: `node/${port}/` }, `Node ${port}`), state),
    h("dl", {}, h("dt", {}, "Tip"), tip, height.nodes, peers.nodes, mempool.nodes, power.nodes, messages.nodes),
    share, closed, controls);

  function update(view, chain, side) {
    const is_live = is_alive(view);
    const own = chain?.tips.find((one) => one.ports.includes(port));
    element.dataset.state = view.state;
    element.className = `card node${own ? ` ${tip_class(own.letter)}` : ""}`;
    say(state, is_live ? standing(own) : states[view.state]);
    state.classList.toggle("bad", !is_live || Boolean(own?.is_branch));
    controls.hidden = !is_live || !view.is_open;
    sides.hidden = side === "";
    for (const choice of sides.querySelectorAll("input")) choice.checked = choice.value === side;
    closed.hidden = !is_live || view.is_open;
    if (!view.status) return;
    const { status } = view;
    say(letter, own?.letter ?? "–");
    say(hash, `${short(status.tip)}…`);
    hash.title = status.tip;
    say(height.value, number(status.height));
    // Of a node that does not answer, what was last heard of its chain stays; the rest is no more.
    say(peers.value, is_live ? number(status.peers) : "–");
    say(mempool.value, is_live ? number(status.mempool) : "–");
    const part = chain && chain.power > 0 ? mining_power(view) / chain.power : 0;
    const percent = part > 0 && part < 1 ? `, ${Math.round(part * 100)} %` : "";
    say(power.value, !is_live ? "–" : status.mining ? `${hash_rate(status.hashrate)}${percent}` : "not mining");
    say(messages.value, is_live && view.rate !== null ? `${view.rate.toFixed(1)} a second` : "–");
    share.value = part;
    share.hidden = !chain || chain.power === 0;
  }

  return { element, update };
}
