// Routes, search, keys and live updates. A page is a function that gives its nodes, asked anew for
// every address and, when it wants that, after every event.
import { ask, follow, Refusal } from "./api.js";
import { counted, facts, h } from "./dom.js";
import { replace } from "./keep.js";
import { overview } from "./pages/overview.js";
import { block } from "./pages/block.js";
import { transaction } from "./pages/transaction.js";
import { address } from "./pages/address.js";
import { mempool } from "./pages/mempool.js";
import { peers } from "./pages/peers.js";
import { forks } from "./pages/forks.js";
import { charts, remember } from "./pages/charts.js";
import { wire } from "./pages/wire.js";

// The pages of the navigation first, in its order; keys 1 to 6 lead there.
const pages = { "": overview, mempool, peers, forks, charts, wire, block, transaction, address };
const numbered = ["", "mempool", "peers", "forks", "charts", "wire"];
// Events come in bursts during sync; the page follows them at most this often.
const update_interval_ms = 500;

const main = document.getElementById("main");
const live = document.getElementById("live");
let shown = { name: "", page: overview, words: [] };
let asking = null;
let update_timer = null;

function place() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...words] = path.split("/").map(decodeURIComponent);
  return { name, words, query: new URLSearchParams(query) };
}

function failure(error) {
  if (!(error instanceof Refusal))
    return [h("h1", {}, "No answer"), h("p", { class: "card failure" },
      `The node does not answer (${error.message}). The page goes on by itself once it is back.`)];
  const { rule, expected, actual, hint } = error.details;
  return [h("h1", {}, error.status === 404 ? "Not found" : "Refused"),
    h("p", { class: "card failure" }, error.message),
    facts([["Rule", rule], ["Expected", expected], ["Actual", actual], ["Hint", hint], ["Code", error.code]])];
}

async function show(is_new) {
  asking?.abort();
  const mine = (asking = new AbortController());
  const { page, words, query } = shown;
  let nodes;
  try {
    nodes = await page({ words, query, signal: mine.signal });
  } catch (error) {
    if (mine.signal.aborted) return;
    nodes = failure(error);
  }
  if (mine.signal.aborted) return;
  replace(main, nodes, is_new);
  const heading = main.querySelector("h1");
  document.title = heading && shown.name ? `${heading.textContent} · Cairn` : "Cairn explorer";
  if (is_new) main.focus({ preventScroll: true });
}

function navigate() {
  const { name, words, query } = place();
  const page = pages[name];
  shown = { name, words, query, page: page || (() => [h("h1", {}, "No such page")]) };
  for (const link of document.querySelectorAll("nav a")) {
    const is_here = link.getAttribute("href") === `#/${name}`;
    if (is_here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  window.scrollTo(0, 0);
  show(true);
}

async function say_status() {
  try {
    const status = await ask("status");
    live.dataset.state = "live";
    remember(status);
    const sync = status.syncing ? ", syncing" : "";
    live.textContent = `Height ${status.height}, tip ${status.tip.slice(0, 12)}…, ` +
      `${counted(status.peers, "peer")}, ${status.mempool} waiting${sync}`;
    document.getElementById("about").textContent = `Chain ${status.chain}, Cairn ${status.version}`;
  } catch {
    live.dataset.state = "lost";
    live.textContent = "The node does not answer.";
  }
}

function update() {
  if (update_timer) return;
  update_timer = setTimeout(() => {
    update_timer = null;
    say_status();
    if (shown.page.is_live) show(false);
  }, update_interval_ms);
}

/** Leads to whatever `text` is the name of. */
async function search(text) {
  const word = text.trim();
  if (!word) return;
  if (/^[0-9]{1,15}$/.test(word)) return void (location.hash = `#/block/${Number(word)}`);
  if (/^[0-9a-f]{64}$/i.test(word)) {
    const hash = word.toLowerCase();
    for (const kind of ["block", "transaction"]) {
      try {
        await ask(`${kind}/${hash}`);
        return void (location.hash = `#/${kind}/${hash}`);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    return void (location.hash = `#/address/${hash}`);
  }
  if (/^[0-9a-z]+$/i.test(word)) return void (location.hash = `#/address/${word}`);
  main.replaceChildren(h("h1", {}, "Nothing is called so"), h("p", { class: "card failure" },
    `"${word}" is no height, no hash, no transaction and no address.`));
}

document.getElementById("search").addEventListener("submit", (event) => {
  event.preventDefault();
  search(document.getElementById("query").value).catch((error) => main.replaceChildren(...failure(error)));
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA)$/.test(event.target.tagName)) return;
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("query").focus();
  } else if (numbered[Number(event.key) - 1] !== undefined) {
    location.hash = `#/${numbered[Number(event.key) - 1]}`;
  } else if (event.key === "j" || event.key === "k") {
    main.querySelector(event.key === "j" ? "[rel=prev]" : "[rel=next]")?.click();
  }
});

addEventListener("hashchange", navigate);
follow(["block", "reorganisation", "transaction", "peer", "reset"], update, (state) => {
  live.dataset.state = state;
  if (state === "live") update();
  else live.textContent = "The node does not answer; trying again.";
});
say_status();
navigate();
