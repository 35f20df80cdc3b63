// The frames of a request as they go over TCP: what netcat would send to the node's port, and what it would get.
import { ask, frames } from "../api.js";
import { facts, h, number } from "../dom.js";
import { go } from "../place.js";

const examples = ["status", "get_headers from=0 count=1", "get_block height=0", "peers", "mempool",
  '{"type":"estimate_fee"}', "help command=get_block", "explain code=mempool.fee_too_low"];
const shown_max = 4000;

// What the reader has pressed the button for. An address alone, which may be a link on somebody's page, asks nothing but
// the examples, which change nothing.
let pressed = "";

/** A frame with its header marked. */
function frame(name, { header, payload }) {
  const cut = payload.length - shown_max;
  return [
    h("h2", {}, name),
    h("pre", { class: "frame card", tabindex: 0, "aria-label": name },
      h("mark", { title: "the header" }, header), h("bdi", {}, payload.slice(0, shown_max)),
      cut > 0 ? h("span", { class: "soft" }, `… and ${number(cut)} more bytes`) : null),
  ];
}

/** `text` as one word of a POSIX shell. */
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

async function answer(text, signal) {
  // Asked first: afterwards the node may be gone, where it is told to stop.
  const { port } = await ask("status", {}, signal);
  const { request, reply } = await frames(text, signal);
  return [
    ...frame("Request", request),
    ...frame("Reply", reply),
    h("h2", {}, "By hand"),
    facts([
      ["Command", h("code", { class: "mono", id: "by-hand" },
        "printf %s ", h("bdi", {}, quoted(request.header + request.payload)), ` | nc -q1 127.0.0.1 ${port}`)],
      ["Port", "the node's own, not that of this page"],
      ["Header", "ten ASCII characters: the payload's length in bytes, then spaces"],
    ]),
  ];
}

export async function wire({ query, signal }) {
  const text = query.get("ask") || examples[0];
  const is_asked = text === pressed || examples.includes(text);
  pressed = "";
  const input = h("input", { "aria-label": "What to ask", value: text, list: "examples", spellcheck: "false",
    autocomplete: "off" });
  const form = h("form", { class: "line", onsubmit: (event) => {
    event.preventDefault();
    pressed = input.value.trim();
    go(`#/wire?ask=${encodeURIComponent(pressed)}`);
  } }, input, h("datalist", { id: "examples" }, examples.map((value) => h("option", { value }))),
  h("button", {}, "Ask"));
  return [
    h("h1", {}, "Wire"),
    h("p", {}, "Every request is one frame and so is its reply; netcat is enough to speak with a node. These are the " +
      "bytes of both, the header marked. Ask with a command line, as help tells them, or with a JSON object."),
    form,
    ...(is_asked ? await answer(text, signal) : [h("p", { class: "soft" }, "Press Ask to send this to the node.")]),
  ];
}
