// Asks one node through the gateway, by its port.

export class NodeError extends Error {
  constructor(status, reply) {
    super(reply.message || `Status ${status}.`);
    this.status = status;
    this.hint = reply.data?.hint ?? "";
  }
}

async function fetch_json(path, options) {
  const answer = await fetch(path, options);
  const reply = await answer.json();
  if (!answer.ok) throw new NodeError(answer.status, reply);
  return reply;
}

/** The ports that the gateway shows, and its version. */
export function ports() {
  return fetch_json("ports");
}

/** The reply to `GET api/v1/<path>` of the node at `port`. Throws `NodeError`, and TypeError without a gateway. */
export function read(port, path) {
  return fetch_json(`node/${port}/api/v1/${path}`);
}

/** The reply to the command `name` with `fields`. Throws as `read` does. */
export function command(port, name, fields = {}) {
  return fetch_json(`node/${port}/api/v1/${name}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fields),
  });
}

const unauthorized = 401;
const forbidden = 403;

/** True when the node at `port` takes control commands from this page: it is asked to drop no peer at all. */
export async function is_open(port) {
  try {
    await command(port, "drop_peer", { address: "" });
    return true;
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    return error.status !== unauthorized && error.status !== forbidden;
  }
}
