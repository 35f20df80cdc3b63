// One transaction, waiting or on the chain, with what became of it.
import { learn_prefix, link_to_account } from "../account.js";
import { ask } from "../api.js";
import { coins, counted, facts, h, json, link_to, moment, number, said } from "../dom.js";
import { address_of_page } from "../place.js";
import { reasons, story } from "./parts.js";

export async function transaction({ words, signal }) {
  const id = encodeURIComponent(words[0]);
  let found;
  try {
    found = await ask(`transaction/${id}`, {}, signal);
  } catch (error) {
    if (error.status !== 404) throw error;
    // Refused or dropped, perhaps: then there is a story all the same.
    const told = await ask("explain", { transaction: words[0] }, signal);
    return [h("h1", {}, "Transaction"), facts([
      ["Id", h("span", { class: "hash" }, words[0])], ["State", h("span", { class: "bad" }, told.status)],
      ...reasons(told)]), ...story(told)];
  }
  const told = await ask("explain", { transaction: words[0] }, signal);
  await learn_prefix(signal);
  const shown = found.transaction;
  const is_confirmed = found.status === "confirmed";
  return [
    h("h1", {}, `Transaction: ${shown.kind}`),
    facts([
      ["Id", h("span", { class: "hash" }, shown.transaction)],
      ["State", h("span", { class: is_confirmed ? "good" : "soft" },
        is_confirmed ? counted(found.confirmations, "confirmation") : "waiting for a block")],
      ["Block", is_confirmed ? link_to("block", found.block) : null],
      ["Height", is_confirmed ? number(found.height) : null],
      ["Time", is_confirmed ? moment(found.time) : null],
      ["From", shown.from ? link_to_account(shown.from) : null],
      ["To", shown.to ? link_to_account(shown.to) : null],
      ["Amount", shown.amount === undefined ? null : coins(shown.amount)],
      ["Fee", shown.fee === undefined ? null : coins(shown.fee)],
      ["Nonce", shown.nonce === undefined ? null : String(shown.nonce)],
      ["Memo", said(shown.memo)],
      ["Stream", shown.stream ? h("a", { href: address_of_page("stream", shown.stream) }, said(shown.stream)) : null],
      ["Key", said(shown.key)],
      ["Signature", shown.signature ? h("span", { class: "hash" }, shown.signature) : null],
    ]),
    ...story(told),
    ...(shown.body === undefined ? [] : [h("h2", {}, shown.kind === "record" ? "Record" : "Data"), json(shown.body)]),
    ...(shown.body_hex === undefined ? [] : [h("h2", {}, `Record of ${counted(shown.body_hex.length / 2, "byte")}`),
      h("pre", { class: "card", tabindex: 0 }, shown.body_hex)]),
  ];
}
transaction.is_live = true;
