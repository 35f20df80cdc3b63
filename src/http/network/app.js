// The network view: all nodes of this machine side by side.
import { h, number, region, short } from "../explorer/dom.js";
import { replace } from "../explorer/keep.js";
import { command, NodeError, ports } from "./ask.js";
import { make_card } from "./cards.js";
import { chains_of, is_alive, ranges, verdict } from "./model.js";
import { add_links, drop_links, is_leaking } from "./partition.js";
import { draw } from "./tree.js";
import { watch } from "./watch.js";

const find = (id) => document.getElementById(id);
const views = [];
const cards = new Map();
// The side of each node, and whose side somebody chose.
const sides = new Map();
const chosen = new Set();
let is_held = false;
// When the last thing was done, by the page's clock: what was heard of peers before may no longer be so.
let done_at = 0;
// What the buttons asked for, one after the other.
let working = Promise.resolve();
let waiting = 0;
let drawn = "";
let update_timer = 0;

const side_of = (port) => sides.get(port);

function say(text) {
  find("live").textContent = text;
}

/** Does `work` when its turn has come, and tells what came of it, if there is anything to tell. */
function act(work) {
  ++waiting;
  working = working.then(work).then((text) => text && say(text), (error) =>
    say(error instanceof NodeError ? `${error.message} ${error.hint}` : "The gateway does not answer."))
    .finally(() => {
      --waiting;
      done_at = performance.now();
    });
}

const actions = {
  mine: (port) => act(async () => {
    const { blocks } = await command(port, "mine_block");
    return `Node ${port} has mined block ${number(blocks[0].height)}.`;
  }),
  stop: (port) => act(async () => {
    await command(port, "shutdown");
    return `Node ${port} is stopping.`;
  }),
  side: (port, name) => {
    chosen.add(port);
    sides.set(port, name);
  },
};

function open_views() {
  return views.filter((view) => is_alive(view) && view.is_open);
}

/** Links may come back by others' gossip: a partition is held by dropping them again. */
function hold_partition() {
  if (!is_held || waiting > 0 || open_views().some((view) => view.asked_at < done_at)) return;
  if (!is_leaking(open_views(), side_of)) return;
  act(async () => {
    const ends = await drop_links(open_views(), side_of);
    return ends ? `${number(ends)} ends of links that had come back are dropped.` : "";
  });
}

/** Nodes whose side nobody chose: the first half by port is left. What a partition has cut stays so. */
function assign_sides(shown) {
  shown.forEach(({ port }, place) => {
    if (!chosen.has(port) && !(is_held && sides.has(port))) sides.set(port, 2 * place < shown.length ? "left" : "right");
  });
}

function show_cards(chains) {
  const shown = views.filter((view) => view.status).sort((left, right) => left.port - right.port);
  assign_sides(shown);
  for (const [place, view] of shown.entries()) {
    if (!cards.has(view.port)) cards.set(view.port, make_card(view.port, actions));
    const { element, update } = cards.get(view.port);
    if (find("nodes").children[place] !== element) find("nodes").insertBefore(element, find("nodes").children[place] ?? null);
    update(view, chains.find((chain) => chain.views.includes(view)),
      open_views().length > 1 ? side_of(view.port) : "");
  }
  const missing = views.filter((view) => !view.status && view.state !== "unknown").map((view) => view.port);
  find("missing").textContent = missing.length === 0 ? ""
    : `No node on ${missing.length === 1 ? "port" : "ports"} ${ranges(missing)}. ` +
      `Start one with: cairn node ${missing[0]} --dev --open-control`;
}

function show_tree(chains) {
  const key = JSON.stringify(chains.map(({ id, tips, headers }) => [id, tips, [...headers.keys()].sort()]));
  find("forks").hidden = chains.length === 0;
  if (key === drawn) return;
  drawn = key;
  replace(find("tree"), chains.flatMap((chain) => {
    const { element, begin } = draw(chain);
    const picture = region(`Forks and tips of chain ${chain.name}, ${short(chain.id)}`, element);
    picture.dataset.begin = begin;
    return [chains.length > 1 ? h("p", { class: "soft" }, `Chain ${chain.name}, ${short(chain.id)}…`) : "", picture];
  }));
}

function show() {
  const chains = chains_of(views);
  const live = views.filter(is_alive);
  if (live.length > 0 || views.every((view) => view.state !== "unknown")) {
    const text = verdict(chains);
    if (find("verdict").textContent !== text) find("verdict").textContent = text;
  }
  const rates = live.map((view) => view.rate).filter((rate) => rate !== null);
  find("summary").textContent = live.length === 0 ? "" : `${live.length} ${live.length === 1 ? "node" : "nodes"} ` +
    `of ${chains.length === 1 ? `chain ${chains[0].name}` : `${chains.length} chains`}` +
    (rates.length ? `, ${rates.reduce((sum, rate) => sum + rate, 0).toFixed(1)} messages a second` : "");
  find("control").hidden = open_views().length < 2;
  show_cards(chains);
  show_tree(chains);
  hold_partition();
}

/** Answers come in bursts: the page follows once for all of them. */
function update() {
  if (update_timer) return;
  update_timer = requestAnimationFrame(() => {
    update_timer = 0;
    show();
  });
}

function hold(is_on) {
  is_held = is_on;
  find("partition").setAttribute("aria-pressed", is_on);
}

find("partition").addEventListener("click", () => act(async () => {
  hold(true);
  const ends = await drop_links(open_views(), side_of);
  return ends ? `Partitioned: ${number(ends)} ends of links dropped.` : "Nothing was linked across.";
}));

find("heal").addEventListener("click", () => act(async () => {
  hold(false);
  const count = await add_links(open_views(), side_of);
  return count ? `Healing: ${number(count)} links are dialled.` : "There is nobody on one of the sides.";
}));

async function start() {
  const told = await ports();
  find("about").textContent = `Cairn ${told.version}`;
  for (const port of told.ports) views.push(watch(port, update));
}

start().catch(() => {
  find("verdict").textContent = "The gateway does not answer";
});
