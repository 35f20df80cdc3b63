// How the chain goes: interval, difficulty, hash rate and transactions of the last blocks.
/* global Chart */
import { ask } from "../api.js";
import { last_blocks, say_missing } from "../blocks.js";
import { h, number } from "../dom.js";

const blocks_shown = 200;
const samples_max = 600;

// The node keeps no history of its pool: the page collects one while it is open.
const samples = [];

/** Keeps the size of the pool in `status` for the chart of it. */
export function remember(status) {
  samples.push({ time: new Date(), size: status.mempool });
  if (samples.length > samples_max) samples.shift();
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function chart(title, labels, values) {
  const canvas = h("canvas", { role: "img", "aria-label": `${title}, block by block` });
  // The element must be in the page before it has a size.
  requestAnimationFrame(() => canvas.isConnected && new Chart(canvas, {
    type: "line",
    data: { labels, datasets: [{ data: values, borderColor: colour("--accent"), borderWidth: 1.5, pointRadius: 0,
      spanGaps: true }] },
    options: {
      animation: false, maintainAspectRatio: false,
      plugins: { legend: { display: false } },
      interaction: { mode: "index", intersect: false },
      scales: {
        x: { ticks: { color: colour("--soft"), maxTicksLimit: 8 }, grid: { color: colour("--line") } },
        y: { beginAtZero: true, ticks: { color: colour("--soft") }, grid: { color: colour("--line") } },
      },
    },
  }));
  return h("section", { class: "card" }, h("h2", {}, title), h("div", {}, canvas));
}

export async function charts({ signal }) {
  const status = await ask("status", {}, signal);
  const blocks = await last_blocks(status.height, blocks_shown + 1, signal);
  if (blocks.length < 3)
    return [h("h1", {}, "Charts"), h("p", { class: "empty card" }, "Charts begin with the second block.")];
  // The genesis block's time is a constant, not a moment at which somebody mined.
  const pairs = blocks.slice(1).map((header, i) => ({ header, before: blocks[i] }))
    .filter(({ before }) => before.index > 0);
  const labels = pairs.map(({ header }) => number(header.index));
  const seconds = pairs.map(({ header, before }) => (header.time - before.time) / 1000);
  const difficulty = pairs.map(({ header }) => Number(header.difficulty));
  return [
    h("h1", {}, "Charts"),
    h("p", { class: "soft" }, `The last ${pairs.length} blocks.`),
    h("div", { class: "charts" },
      chart("Seconds between blocks", labels, seconds),
      chart("Difficulty (hashes a block)", labels, difficulty),
      chart("Hashes a second", labels, difficulty.map((hashes, i) => seconds[i] > 0 ? hashes / seconds[i] : null)),
      chart("Transactions a block", blocks.slice(1).map((block) => number(block.index)),
        blocks.slice(1).map((block) => block.transactions ?? null)),
      chart("Waiting transactions since this page was opened",
        samples.map(({ time }) => time.toLocaleTimeString("en-GB")), samples.map(({ size }) => size))),
    say_missing(blocks),
  ].filter(Boolean);
}
