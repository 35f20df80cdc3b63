// What several pages show of transactions.
import { link_to_account } from "../account.js";
import { coins, h, link_to, said, table } from "../dom.js";
import { address_of_page } from "../place.js";

/** What a branch or a block off the active chain is, in words. */
export const states = { active: "active", stored: "stored", side: "off the active chain", header_only: "headers only",
  invalid: "invalid", refused: "refused" };

/** In a few words, what a transaction does. Here and below, after `learn_prefix`. */
export function summary(transaction) {
  switch (transaction.kind) {
    case "coinbase":
      return [`${coins(transaction.amount)} to `, link_to_account(transaction.to, 18)];
    case "transfer":
      return [`${coins(transaction.amount)} to `, link_to_account(transaction.to, 18)];
    case "record":
      return [h("a", { href: address_of_page("stream", transaction.stream) }, said(transaction.stream)), " / ",
        said(transaction.key)];
    default:
      return [""];
  }
}

/** A table of transactions; `more` are pairs of a further column's name and a function from a transaction to its cell. */
export function transaction_table(transactions, more = []) {
  const columns = ["Transaction", "Kind", "From", "What", "Fee#", ...more.map(([name]) => name)];
  return table(columns, transactions.map((one) => [
    link_to("transaction", one.transaction, 16),
    one.kind,
    one.from ? link_to_account(one.from, 18) : "",
    h("span", {}, summary(one)),
    one.fee === undefined ? "" : coins(one.fee),
    ...more.map(([, cell]) => cell(one)),
  ]), "No transactions");
}

/**
 * Links of a list's page, whose own query is `query`, to the first and to the following one: `here` leads to the first, and
 * the reply's `next` to what follows. `first` and `following` are what they are called.
 */
export function links_to_pages(here, query, next, [first, following]) {
  const from = next && new URL(next).searchParams.get("from");
  return h("p", { class: "pages" },
    query.get("from") ? h("a", { href: here }, first) : null,
    from ? h("a", { href: `${here}?from=${encodeURIComponent(from)}` }, following) : null);
}

/** Why the node refused, or let go, what `explain` has `told` of: pairs for `facts`. */
export function reasons({ refusal = {}, reason, rules: [meant] = [] }) {
  const { rule, message, expected, actual, hint } = refusal;
  return [
    ["Rule", rule ? h("a", { href: address_of_page("rule", rule) }, rule) : null], ["Why", message],
    ["Reason", reason], ["Meaning", meant?.meaning === message ? null : meant?.meaning],
    ["Expected", expected], ["Actual", actual], ["Hint", hint],
  ];
}

/** What `explain` tells of reorganisations; nothing when there is nothing to tell. */
export function story(told) {
  if (!told.story?.length) return [];
  return [h("h2", {}, "Story"),
    h("ol", { class: "story card" }, told.story.map((sentence) => h("li", {}, sentence)))];
}
