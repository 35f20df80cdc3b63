// Asks the node. An answer is the command's reply; an error reply is thrown with the same fields.

export class Refusal extends Error {
  constructor(status, reply) {
    super(reply.message || `The node answered with status ${status}.`);
    this.status = status;
    this.code = reply.code || "";
    this.details = reply.data || {};
  }
}

/** Nobody answers. */
export class Silence extends Error {}

/** The status and text that are answered at `path`. Throws `Silence`, and what an abort throws. */
async function fetch_text(path, options) {
  try {
    const answer = await fetch(path, options);
    return [answer, await answer.text()];
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Silence(error.message);
  }
}

/** The JSON that is answered at `path`. Throws `Refusal`, and `Silence` when no node answers. */
async function fetch_json(path, options) {
  const [answer, text] = await fetch_text(path, options);
  if (answer.ok) return JSON.parse(text);
  let reply = {};
  try {
    reply = JSON.parse(text);
  } catch {
    // Not from the command table; the status says enough.
  }
  throw new Refusal(answer.status, reply);
}

/** The reply to `GET api/v1/<path>` with the query `query`. Throws `Refusal` and `Silence`. */
export async function ask(path, query = {}, signal) {
  const words = new URLSearchParams(query).toString();
  return fetch_json(`api/v1/${words ? `${path}?${words}` : path}`, { signal, headers: { Accept: "application/json" } });
}

/** The frames of the text request `text` and of its reply: `{request: {header, payload}, reply}`. Throws like `ask`. */
export function frames(text, signal) {
  return fetch_json("frames", { method: "POST", signal, headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ request: text }) });
}

// How often a node without events, one behind a gateway, is asked whether something is new.
const poll_interval_ms = 2000;

/** Asks again and again; calls `on_event("poll", {})` when something is new. */
function poll(on_event, on_state) {
  let state = "";
  let seen = "";
  const look = async () => {
    let now = "live";
    let reason = null;
    try {
      const { tip, mempool, peers } = await ask("status");
      const next = `${tip} ${mempool} ${peers}`;
      if (seen && next !== seen) on_event("poll", {});
      seen = next;
    } catch (error) {
      now = "lost";
      reason = error;
    }
    if (now !== state) on_state((state = now), reason);
    setTimeout(look, poll_interval_ms);
  };
  look();
}

/**
 * Follows the node's events; calls `on_event(type, data)` and `on_state("live" | "lost", reason)`, where `reason`
 * is what was thrown, if anything was. Where there are no events, the node is polled, and the type of what is new
 * is `poll`.
 */
export function follow(types, on_event, on_state) {
  const source = new EventSource("events");
  source.onopen = () => on_state("live");
  source.onerror = () => {
    // Closed for good: the answer was no stream. Otherwise the browser tries again by itself.
    if (source.readyState === EventSource.CLOSED) poll(on_event, on_state);
    else on_state("lost");
  };
  for (const type of types)
    source.addEventListener(type, (event) => on_event(type, event.data ? JSON.parse(event.data) : {}));
  return source;
}
