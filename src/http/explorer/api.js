// Asks the node. An answer is the command's reply; an error reply is thrown with the same fields.

export class Refusal extends Error {
  constructor(status, reply) {
    super(reply.message || `The node answered with status ${status}.`);
    this.status = status;
    this.code = reply.code || "";
    this.details = reply.data || {};
  }
}

/** The text of the answer to `GET api/v1/<path>`. Throws `Refusal`, and TypeError when no node answers. */
export async function read(path, signal) {
  const answer = await fetch(`api/v1/${path}`, { signal, headers: { Accept: "application/json" } });
  const text = await answer.text();
  if (answer.ok) return text;
  let reply = {};
  try {
    reply = JSON.parse(text);
  } catch {
    // Not from the command table; the status says enough.
  }
  throw new Refusal(answer.status, reply);
}

/** The reply to `GET api/v1/<path>` with the query `query`. Throws like `read`. */
export async function ask(path, query = {}, signal) {
  const words = new URLSearchParams(query).toString();
  return JSON.parse(await read(words ? `${path}?${words}` : path, signal));
}

/** Follows the node's events; calls `on_event(type, data)` and `on_state("live" | "lost")`. */
export function follow(types, on_event, on_state) {
  const source = new EventSource("events");
  source.onopen = () => on_state("live");
  source.onerror = () => on_state("lost");
  for (const type of types)
    source.addEventListener(type, (event) => on_event(type, event.data ? JSON.parse(event.data) : {}));
  return source;
}
