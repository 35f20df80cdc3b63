// What several pages show of transactions.
import { coins, h, link_to, table } from "../dom.js";

/** In a few words, what a transaction does. */
export function summary(transaction) {
  switch (transaction.kind) {
    case "coinbase":
      return [`${coins(transaction.amount)} to `, link_to("address", transaction.to, 18)];
    case "transfer":
      return [`${coins(transaction.amount)} to `, link_to("address", transaction.to, 18)];
    case "record":
      return [`${transaction.stream} / ${transaction.key}`];
    default:
      return [""];
  }
}

export function transaction_table(transactions) {
  return table(["Transaction", "Kind", "From", "What", "Fee#"], transactions.map((one) => [
    link_to("transaction", one.transaction, 16),
    one.kind,
    one.from ? link_to("address", one.from, 18) : "",
    h("span", {}, summary(one)),
    one.fee === undefined ? "" : coins(one.fee),
  ]), "No transactions");
}

/** What `explain` tells of reorganisations; nothing when there is nothing to tell. */
export function story(told) {
  if (!told.story?.length) return [];
  return [h("h2", {}, "Story"),
    h("ol", { class: "story card" }, told.story.map((sentence) => h("li", {}, sentence)))];
}
