// The records of one stream, the newest first.
import { link_to_account, learn_prefix } from "../account.js";
import { ask } from "../api.js";
import { ago, h, link_to, link_to_height, number, said, table } from "../dom.js";
import { address_of_page } from "../place.js";
import { links_to_pages } from "./parts.js";

const records_shown = 50;

export async function stream({ words: [name], query, signal }) {
  await learn_prefix(signal);
  const page = { stream: name, count: records_shown, newest_first: true };
  if (query.get("from")) page.from = query.get("from");
  const reply = await ask("records", page, signal);
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
    links_to_pages(address_of_page("stream", name), query, reply.next, ["newest", "older"]),
  ];
}
stream.is_live = true;
