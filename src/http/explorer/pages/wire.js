// The frames of a request: what netcat would send to the node's TCP port, and what it would get.
import { read, Refusal } from "../api.js";
import { facts, h } from "../dom.js";

// The read commands that the field offers.
const examples = ["status", "block/0", "headers?from=0&count=1", "peers", "mempool", "help"];
const shown_max = 4000;

/** A frame: ten characters that tell the payload's length in bytes, then the payload. */
function frame(payload) {
  const length = String(new TextEncoder().encode(payload).length).padEnd(10, " ");
  const text = payload.length > shown_max ? `${payload.slice(0, shown_max)}…` : payload;
  return h("pre", { class: "frame card", tabindex: 0 }, h("mark", { title: "the header" }, length), text);
}

/** `block/7?x=1` as the command line that asks the same. */
function command_line(path) {
  const [place, query = ""] = path.split("?");
  const [name, value] = place.split("/");
  const of = { block: "get_block", chain: "get_chain", headers: "get_headers", transaction: "get_transaction", proof: "get_proof" };
  const primary = { block: /^[0-9]+$/.test(value ?? "") ? "height" : "hash", transaction: "transaction",
    proof: "transaction", confirmations: "transaction", balance: "address", history: "address", records: "stream" };
  const words = [of[name] ?? name];
  if (value) words.push(`${primary[name] ?? "value"}=${value}`);
  for (const [key, word] of new URLSearchParams(query)) words.push(`${key}=${word}`);
  return words.join(" ");
}

async function answer(path) {
  let payload;
  try {
    payload = (await read(path)).trimEnd();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    payload = JSON.stringify({ type: "error", code: error.code, message: error.message, data: error.details });
  }
  const line = command_line(path);
  return [
    h("h2", {}, "Request"), frame(line),
    h("h2", {}, "Reply"), frame(payload),
    facts([
      ["By hand", h("span", { class: "mono" },
        `printf '%-10s%s' ${new TextEncoder().encode(line).length} '${line}' | nc -q1 127.0.0.1 PORT`)],
      ["Header", "ten ASCII characters: the payload's length in bytes, then spaces"],
    ]),
  ];
}

export async function wire({ query }) {
  const input = h("input", { "aria-label": "What to ask", value: query.get("ask") ?? examples[0],
    list: "examples", spellcheck: "false", autocomplete: "off" });
  const form = h("form", { class: "line", onsubmit: (event) => {
    event.preventDefault();
    location.hash = `#/wire?ask=${encodeURIComponent(input.value.trim())}`;
  } }, input, h("datalist", { id: "examples" }, examples.map((value) => h("option", { value }))),
  h("button", {}, "Ask"));
  return [
    h("h1", {}, "Wire"),
    h("p", {}, "Every request is one frame and so is its reply; netcat is enough to speak with a node. " +
      "The marked part is the header. Ask with a path below api/v1."),
    form,
    ...(await answer(query.get("ask") || examples[0])),
  ];
}
