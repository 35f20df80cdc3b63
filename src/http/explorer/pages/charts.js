// How the chain goes: interval, difficulty, hash rate and transactions of the last blocks.
/* global Chart */
import { ask } from "../api.js";
import { last_blocks, say_missing } from "../blocks.js";
import { counted, h, number } from "../dom.js";

const blocks_shown = 200;
const samples_max = 600;
// The page and the line above it both ask after an event: that is one sample.
const sample_interval_ms = 400;
// So few values have points: a line alone would not show a single one.
const values_with_points_max = 40;

// The node keeps no history of its pool: the page collects one while it is open.
const samples = [];

/** Keeps the size of the pool in `status` for the chart of it. */
export function remember(status) {
  const time = new Date();
  if (time - samples.at(-1)?.time < sample_interval_ms) samples.pop();
  samples.push({ time, size: status.mempool });
  if (samples.length > samples_max) samples.shift();
}

/** Ends the charts of a page that has been drawn anew; `Chart` would keep them for good. */
function forget_old() {
  for (const one of Object.values(Chart.instances)) if (!one.canvas.isConnected) one.destroy();
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function draw(canvas, labels, values) {
  forget_old();
  const is_short = values.filter((value) => value !== null).length <= values_with_points_max;
  return new Chart(canvas, {
    type: "line",
    data: { labels, datasets: [{ data: values, borderColor: colour("--accent"), backgroundColor: colour("--accent"),
      borderWidth: 1.5, pointRadius: is_short ? 2.5 : 0, spanGaps: true }] },
    options: {
      animation: false, maintainAspectRatio: false,
      plugins: { legend: { display: false } },
      interaction: { mode: "index", intersect: false },
      scales: {
        x: { ticks: { color: colour("--soft"), maxTicksLimit: 8 }, grid: { color: colour("--line") } },
        y: { beginAtZero: true, ticks: { color: colour("--soft") }, grid: { color: colour("--line") } },
      },
    },
  });
}

function chart(title, labels, values) {
  const canvas = h("canvas", { role: "img", "aria-label": title });
  // The element must be in the page before it has a size.
  requestAnimationFrame(() => canvas.isConnected && draw(canvas, labels, values));
  return h("section", { class: "card" }, h("h2", {}, title), h("div", {}, canvas));
}

/** The charts of `blocks`, at least three of them, lowest first. */
function charts_of(blocks) {
  // The genesis block's time is a constant, not a moment at which somebody mined.
  const pairs = blocks.slice(1).map((header, i) => ({ header, before: blocks[i] }))
    .filter(({ before }) => before.index > 0);
  const labels = pairs.map(({ header }) => number(header.index));
  const seconds = pairs.map(({ header, before }) => (header.time - before.time) / 1000);
  const difficulty = pairs.map(({ header }) => Number(header.difficulty));
  return [
    chart("Seconds between blocks", labels, seconds),
    chart("Difficulty (hashes a block)", labels, difficulty),
    chart("Hashes a second", labels, difficulty.map((hashes, i) => seconds[i] > 0 ? hashes / seconds[i] : null)),
    chart("Transactions a block", blocks.slice(1).map((block) => number(block.index)),
      blocks.slice(1).map((block) => block.transactions ?? null)),
  ];
}

export async function charts({ signal }) {
  const status = await ask("status", {}, signal);
  remember(status);
  const blocks = await last_blocks(status.height, blocks_shown + 1, signal);
  const is_long = blocks.length >= 3;
  return [
    h("h1", {}, "Charts"),
    is_long ? h("p", { class: "soft" }, `The last ${counted(blocks.length - 1, "block")}.`)
      : h("p", { class: "empty card" }, "Charts of blocks begin with the second block."),
    h("div", { class: "charts" }, is_long ? charts_of(blocks) : [],
      chart("Waiting transactions since this page was opened",
        samples.map(({ time }) => time.toLocaleTimeString("en-GB")), samples.map(({ size }) => size))),
    say_missing(blocks),
  ].filter(Boolean);
}
charts.is_live = true;
