// Looks at one node again and again, and keeps what was last heard of it.
import { is_open, NodeError, read } from "./ask.js";

const look_interval_ms = 1000;
// A port where no node was is looked at less often.
const away_interval_ms = 5000;
// After this long without an answer a node is shown as silent; nothing more is asked of it until it has answered.
const patience_ms = 3000;
// How far down a fork can be seen.
const headers_asked = 64;

/** Messages a second between two looks; null where they cannot be told. */
function message_rate(before, status, seconds) {
  const total = (one) => (one?.messages_received ?? NaN) + (one?.messages_sent ?? NaN);
  const rate = (total(status) - total(before)) / seconds;
  return Number.isFinite(rate) && rate >= 0 ? rate : null;
}

/**
 * A view of the node at `port`: `{port, state, status, headers, peers, asked_at, rate, is_open}`, with `state` one of
 * `unknown`, `live`, `silent` and `away`. `peers` are those of `asked_at` or later, by the page's clock in milliseconds.
 * `on_change` is called whenever something of it is new.
 */
export function watch(port, on_change) {
  const view = { port, state: "unknown", status: null, headers: [], peers: [], asked_at: 0, rate: null, is_open: false };
  let looked_at = 0;
  let timer = 0;

  function say(state) {
    view.state = state;
    on_change();
  }

  async function look() {
    const silence = setTimeout(() => say("silent"), patience_ms);
    try {
      const status = await read(port, "status");
      const now = performance.now();
      const is_same = view.status && status.uptime_ms > view.status.uptime_ms;
      const { peers } = await read(port, "peers");
      if (!is_same || view.headers.at(-1)?.hash !== status.tip) {
        const from = Math.max(0, status.height - headers_asked + 1);
        view.headers = (await read(port, `headers?from=${from}&count=${headers_asked}`)).headers;
      }
      if (!is_same || view.state !== "live") view.is_open = await is_open(port);
      view.rate = is_same ? message_rate(view.status, status, (now - looked_at) / 1000) : null;
      Object.assign(view, { status, peers, asked_at: now, state: "live" });
      looked_at = now;
    } catch (error) {
      view.state = error instanceof NodeError && error.status === 404 ? "away" : "silent";
    }
    clearTimeout(silence);
    clearTimeout(timer);
    timer = setTimeout(look, view.state === "away" ? away_interval_ms : look_interval_ms);
    on_change();
  }

  look();
  return view;
}
