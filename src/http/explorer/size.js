// How many bytes a transaction has, told from its JSON (spec 05 §3).

const kind_bytes = 1;
const account_bytes = 32;
const format_bytes = 1;
const signature_bytes = 64;
const encoder = new TextEncoder();

/** The bytes of a number: seven bits in each. */
function varint_size(number) {
  let size = 1;
  for (let rest = number; rest > 127; rest = Math.floor(rest / 128)) ++size;
  return size;
}

/** Of so many bytes with their count before them. */
function counted_size(size) {
  return varint_size(size) + size;
}

function text_size(text) {
  return counted_size(encoder.encode(text).length);
}

/** A document has its canonical text, which is as long as any without spaces; other bodies are told in hexadecimal. */
function body_size({ body, body_hex }) {
  return body_hex === undefined ? text_size(JSON.stringify(body)) : counted_size(body_hex.length / 2);
}

/** The bytes of `transaction`, a transfer or a record. */
export function size_of(transaction) {
  const signed = kind_bytes + account_bytes + varint_size(transaction.nonce) + varint_size(transaction.fee) +
    signature_bytes;
  if (transaction.kind === "transfer")
    return signed + account_bytes + varint_size(transaction.amount) + text_size(transaction.memo ?? "");
  return signed + text_size(transaction.stream) + text_size(transaction.key) + format_bytes + body_size(transaction);
}
