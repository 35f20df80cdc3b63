// Builds the page. What comes from the chain becomes text nodes and attributes, never markup.

/** An element; `attributes` may hold `class`, `href`, and functions as `onclick`; `children` are nodes or values. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  set(element, attributes);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined).map(node_of));
  return element;
}

/** The same for SVG. */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  set(element, attributes);
  element.append(...children.flat(Infinity).map(node_of));
  return element;
}

function node_of(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
}

const pebbles_per_coin = 1_000_000;

/** Pebbles as CRN, exactly. */
export function coins(pebbles) {
  const whole = Math.floor(pebbles / pebbles_per_coin).toLocaleString("en");
  const rest = String(pebbles % pebbles_per_coin).padStart(6, "0").replace(/0+$/, "");
  return rest ? `${whole}.${rest} CRN` : `${whole} CRN`;
}

export function number(value) {
  return Number(value).toLocaleString("en");
}

/** `count` things, such as "1 block" and "2 blocks". */
export function counted(count, thing) {
  return `${number(count)} ${thing}${count === 1 ? "" : "s"}`;
}

/** Where the node stands by its `status`: "in sync", or how far it has to go where that is known. */
export function standing({ syncing, height, best_height }) {
  if (!syncing) return "in sync";
  return best_height > height ? `syncing to ${number(best_height)}` : "syncing";
}

/** Large counts such as work, given in decimal text, rounded. */
export function rounded(decimal) {
  const text = String(decimal);
  return text.length <= 6 ? number(text) : `${text[0]}.${text.slice(1, 3)}e${text.length - 1}`;
}

export function bytes(count) {
  return count < 10_000 ? `${number(count)} B` : `${number(Math.round(count / 1000))} kB`;
}

/** How long ago `milliseconds` since 1970 was. */
export function ago(milliseconds) {
  const seconds = Math.round((Date.now() - milliseconds) / 1000);
  if (seconds < 0) return "soon";
  for (const [size, unit] of [[86400, "d"], [3600, "h"], [60, "min"]])
    if (seconds >= size) return `${Math.floor(seconds / size)} ${unit} ago`;
  return `${seconds} s ago`;
}

export function moment(milliseconds) {
  return h("time", { datetime: new Date(milliseconds).toISOString() },
    `${new Date(milliseconds).toISOString().replace("T", " ").slice(0, 19)} UTC (${ago(milliseconds)})`);
}

/**
 * A hash cut to `length` characters. Everywhere it is the first that are shown: a hash is searched for by them, and two are
 * compared from there. Under great difficulty many are zeros, so there are never less than twelve.
 */
export function short(hash, length = 12) {
  return hash.slice(0, length);
}

/** A link to a page of ours, cut to `length` characters where given. */
export function link_to(kind, id, length = 0) {
  const text = length && id.length > length ? `${short(id, length)}…` : id;
  return h("a", { class: "hash", href: `#/${kind}/${encodeURIComponent(id)}`, title: id }, text);
}

/** A link to the block of the active chain at `height`. */
export function link_to_height(height) {
  return h("a", { href: `#/block/${height}` }, number(height));
}

/** A list of facts: pairs of a name and a node or value; pairs without a value are left out. */
export function facts(pairs) {
  return h("dl", { class: "facts card" }, pairs
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

export function tiles(pairs) {
  return h("dl", { class: "tiles" },
    pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

/** What may be wider than the page: it scrolls by itself, also by keys. */
export function region(label, ...children) {
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, ...children);
}

/**
 * A table. `columns` are names, those that end in `#` hold numbers; `rows` are arrays of nodes or
 * values. `empty` is said when there are no rows.
 */
export function table(columns, rows, empty) {
  if (rows.length === 0) return h("p", { class: "empty card" }, empty);
  const numeric = columns.map((name) => name.endsWith("#"));
  const cell = (kind, value, i) =>
    h(kind, { class: numeric[i] ? "number" : null, scope: kind === "th" ? "col" : null }, value);
  return region(empty.replace(/^No /, ""), h("table", {},
    h("thead", {}, h("tr", {}, columns.map((name, i) => cell("th", name.replace(/#$/, ""), i)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((value, i) => cell("td", value, i)))))));
}

/** `text` with those characters written as escapes that would change the direction of what follows (UAX 9, 2). */
function visible(text) {
  return text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Text of somebody else's: it cannot reorder what stands around it. Nothing for an empty one. */
export function said(text) {
  return text ? h("bdi", {}, visible(text)) : null;
}

/** JSON as it may be read, in a box. */
export function json(value) {
  return h("pre", { class: "card", tabindex: 0 }, visible(JSON.stringify(value, null, 2)));
}
