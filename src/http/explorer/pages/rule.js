// What a rule says, as nodes name it when they refuse something.
import { ask } from "../api.js";
import { facts, h } from "../dom.js";

export async function rule({ words: [name], signal }) {
  const { rules } = await ask("explain", { code: name }, signal);
  return [
    h("h1", {}, `Rule ${name}`),
    ...rules.map((one) => facts([["Rule", `${one.module}.${one.rule}`], ["Meaning", one.meaning]])),
  ];
}
