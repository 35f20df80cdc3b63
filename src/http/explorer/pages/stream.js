// The records of one stream, the newest first.
import { link_to_account, learn_prefix } from "../account.js";
import { ask } from "../api.js";
import { ago, h, link_to, link_to_height, number, said, table } from "../dom.js";
import { address_of_page } from "../place.js";

const records_shown = 50;

export async function stream({ words: [name], query, signal }) {
  await learn_prefix(signal);
  const page = { stream: name, count: records_shown, newest_first: true };
  if (query.get("from")) page.from = query.get("from");
  const reply = await ask("records", page, signal);
  const next = new URL(reply.next ?? "", location.href).searchParams.get("from");
  const here = address_of_page("stream", name);
  return [
    h("h1", {}, "Stream ", said(name)),
    table(["Height#", "Time", "Key", "Record", "From", "Confirmations#"], reply.records.map((record) => [
      link_to_height(record.height),
      ago(record.time),
      said(record.transaction.key),
      link_to("transaction", record.transaction.transaction, 16),
      link_to_account(record.transaction.from, 18),
      number(record.confirmations),
    ]), "No records"),
    h("p", { class: "pages" },
      query.get("from") ? h("a", { href: here }, "newest") : null,
      next ? h("a", { href: `${here}?from=${encodeURIComponent(next)}` }, "older") : null),
  ];
}
stream.is_live = true;
