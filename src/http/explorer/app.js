// Routes, search, keys and live updates. A page is a function that gives its nodes, asked anew for
// every address and, when it wants that, after every event, or after those whose types `is_live` lists.
import { ask, follow, Refusal, Silence } from "./api.js";
import { counted, facts, h, number, short, standing } from "./dom.js";
import { replace } from "./keep.js";
import { overview } from "./pages/overview.js";
import { block } from "./pages/block.js";
import { transaction } from "./pages/transaction.js";
import { address } from "./pages/address.js";
import { mempool } from "./pages/mempool.js";
import { peers } from "./pages/peers.js";
import { forks } from "./pages/forks.js";
import { charts, remember } from "./pages/charts.js";
import { rule } from "./pages/rule.js";
import { search } from "./pages/search.js";
import { stream } from "./pages/stream.js";
import { wire } from "./pages/wire.js";
import { address_of_page, go, place } from "./place.js";

// A map: what is no key of it is no page, whatever objects inherit. Those of `named` need a word: of what they tell.
const pages = new Map(Object.entries({ "": overview, mempool, peers, forks, charts, wire }));
const named = new Map(Object.entries({ block, transaction, address, stream, rule, search, peers }));
// In the order of the navigation; keys 1 to 6 lead there.
const numbered = ["", "mempool", "peers", "forks", "charts", "wire"];
// Events come in bursts during sync; the page follows them at most this often. One that takes long to ask for rests for
// so many times as long.
const update_interval_ms = 500;
const rest_factor = 3;

const main = document.getElementById("main");
const live = document.getElementById("live");
let shown = { name: "", page: overview, words: [], query: new URLSearchParams() };
let asking = null;
// Ends when the page that was asked for last stands there, or has been given up for another.
let showing = Promise.resolve();
let update_timer = null;
// Types of events that the page does not show yet.
let news = new Set();
let rest_ms = update_interval_ms;

/** The page for an address, as `place` reads it. */
function page_of(where) {
  if (!where || where.words.length > 1) return no_such_page;
  if (where.words.length === 0) return pages.get(where.name) ?? no_such_page;
  return where.words[0] ? named.get(where.name) ?? no_such_page : no_such_page;
}

function no_such_page() {
  return [h("h1", {}, "There is no such page"),
    h("p", { class: "card failure" }, h("bdi", {}, location.hash), " leads nowhere."),
    h("p", {}, h("a", { href: "#/" }, "Back to the overview"))];
}

function failure(error) {
  if (error instanceof Silence)
    return [h("h1", {}, "No answer"), h("p", { class: "card failure" },
      "The node does not answer. The page goes on by itself once it is back.")];
  if (!(error instanceof Refusal)) {
    console.error(error);
    return [h("h1", {}, "The page has failed"), h("p", { class: "card failure" },
      `This is a fault of the explorer: ${error.message}`)];
  }
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
  shown.is_silent = false;
  try {
    nodes = await page({ words, query, signal: mine.signal });
  } catch (error) {
    if (mine.signal.aborted) return;
    // Once the node answers again, a page that is not live is asked anew too.
    shown.is_silent = error instanceof Silence;
    nodes = failure(error);
  }
  if (mine.signal.aborted) return;
  replace(main, nodes, is_new);
  const heading = main.querySelector("h1");
  document.title = heading && shown.page !== overview ? `${heading.textContent} · Cairn` : "Cairn explorer";
  if (is_new) main.focus({ preventScroll: true });
}

function navigate() {
  const where = place();
  shown = { words: [], query: new URLSearchParams(), ...where, page: page_of(where) };
  for (const link of document.querySelectorAll("nav a")) {
    const is_here = link.getAttribute("href") === `#/${where?.name}`;
    if (is_here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  window.scrollTo(0, 0);
  showing = show(true);
}

function say_lost(reason) {
  live.dataset.state = "lost";
  live.textContent = reason instanceof Refusal ? "The node refuses to answer; trying again."
    : "The node does not answer; trying again.";
}

async function say_status() {
  try {
    const status = await ask("status");
    live.dataset.state = "live";
    remember(status);
    const sync = status.syncing ? `, ${standing(status)}` : "";
    // No line ends within the tip, as before its ellipsis.
    live.replaceChildren(`Height ${number(status.height)}, tip `, h("span", { class: "whole" }, `${short(status.tip)}…`),
      `, ${counted(status.peers, "peer")}, ${number(status.mempool)} waiting${sync}`);
    document.getElementById("about").textContent = `Chain ${status.chain}, Cairn ${status.version}`;
  } catch (error) {
    say_lost(error);
  }
}

/** Whether `page` changes by events of `types`. Of `reset` and `poll` nobody knows what they stand for. */
function is_concerned({ is_live }, types) {
  return Array.isArray(is_live) ? [...is_live, "reset", "poll"].some((type) => types.has(type)) : is_live;
}

/** Asks anew for what is new; never while the page is still asked for: under a flood of events it would never be there. */
async function update_now() {
  let seen;
  do await (seen = showing);
  while (seen !== showing);
  const began = performance.now();
  const types = news;
  news = new Set();
  say_status();
  if (is_concerned(shown.page, types) || shown.is_silent) await (showing = show(false));
  rest_ms = Math.max(update_interval_ms, rest_factor * (performance.now() - began));
}

function wait_to_update() {
  update_timer = setTimeout(async () => {
    try {
      await update_now();
    } finally {
      update_timer = null;
      if (news.size > 0) wait_to_update();
    }
  }, rest_ms);
}

function update(type) {
  news.add(type);
  if (!update_timer) wait_to_update();
}

document.getElementById("search").addEventListener("submit", (event) => {
  event.preventDefault();
  const word = document.getElementById("query").value.trim();
  if (word) go(address_of_page("search", word));
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
follow(["block", "reorganisation", "transaction", "peer", "reset"], update, (state, reason) => {
  live.dataset.state = state;
  if (state === "live") update("reset");
  else say_lost(reason);
});
say_status();
navigate();
