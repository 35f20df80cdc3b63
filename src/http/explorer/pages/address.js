// One account: what it has and what concerns it.
import { ask } from "../api.js";
import { ago, coins, facts, h, link_to, link_to_height, number, table } from "../dom.js";
import { links_to_pages } from "./parts.js";

const entries_shown = 50;

export async function address({ words, query, signal }) {
  const asked = words[0];
  const path = encodeURIComponent(asked);
  const balance = await ask(`balance/${path}`, {}, signal);
  const pending = await ask(`balance/${path}`, { confirmations: 0 }, signal);
  const page = { count: entries_shown, newest_first: true };
  if (query.get("from")) page.from = query.get("from");
  const history = await ask(`history/${path}`, page, signal);
  return [
    h("h1", {}, "Address"),
    facts([
      ["Address", h("span", { class: "hash" }, balance.address ?? asked)],
      ["Balance", coins(balance.balance)],
      ["With what waits", pending.balance === balance.balance ? null : coins(pending.balance)],
      ["Next nonce", `${balance.nonce}${pending.nonce === balance.nonce ? "" : `, ${pending.nonce} with what waits`}`],
    ]),
    h("h2", {}, "History"),
    table(["Height#", "Time", "Transaction", "Kind", "Received#", "Spent#", "Confirmations#"],
      history.transactions.map((entry) => [
        link_to_height(entry.height),
        ago(entry.time),
        link_to("transaction", entry.transaction.transaction, 16),
        entry.transaction.kind,
        entry.received ? h("span", { class: "good" }, coins(entry.received)) : "",
        entry.spent ? h("span", { class: "bad" }, coins(entry.spent)) : "",
        number(entry.confirmations),
      ]), "No transactions"),
    links_to_pages(`#/address/${path}`, query, history.next, ["newest", "older"]),
  ];
}
address.is_live = true;
