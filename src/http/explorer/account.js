// Accounts as people read them: addresses (spec 05 §1), made of the digits by which transactions name an account.
import { ask } from "./api.js";
import { link_to } from "./dom.js";

// BIP173 and BIP350.
const letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const bech32m = 0x2bc830a3;
const checksum_letters = 6;
const key_kind = "00";

function polynomial(values) {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    generator.forEach((one, i) => (sum ^= (top >>> i) & 1 ? one : 0));
  }
  return sum;
}

/** The bytes that `digits` write as groups of five bits, the last one filled up with zeros. */
function groups_of(digits) {
  const bits = [...digits].map((digit) => parseInt(digit, 16).toString(2).padStart(4, "0")).join("");
  return bits.match(/.{1,5}/g).map((group) => parseInt(group.padEnd(5, "0"), 2));
}

/** The address of the account whose key is `digits`, 64 of them, on a chain whose addresses begin with `prefix`. */
export function address_text(prefix, digits) {
  const codes = [...prefix].map((letter) => letter.charCodeAt(0));
  const data = groups_of(key_kind + digits);
  const expanded = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
  const sum = polynomial([...expanded, ...data, ...Array(checksum_letters).fill(0)]) ^ bech32m;
  const checksum = Array.from({ length: checksum_letters }, (_, i) => (sum >>> (5 * (checksum_letters - 1 - i))) & 31);
  return `${prefix}1${[...data, ...checksum].map((value) => letters[value]).join("")}`;
}

/** What the chain's addresses begin with, as that of the first miner does. */
let prefix = "";

/** Learns from the node what addresses begin with, once. Throws like `ask`. */
export async function learn_prefix(signal) {
  if (prefix) return prefix;
  const { miner } = (await ask("block_transactions/0", { count: 0 }, signal)).block;
  return (prefix = miner.slice(0, miner.lastIndexOf("1")));
}

/** A link to the account with the key `digits`, after `learn_prefix`. */
export function link_to_account(digits, length = 0) {
  return link_to("address", address_text(prefix, digits), length);
}
