// The addresses of pages, which stand behind `#/`.

/** Where the reader is: `{name, words, query}`; null where the address cannot be read. */
export function place() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  try {
    const [name, ...words] = path.split("/").map(decodeURIComponent);
    return { name, words, query: new URLSearchParams(query) };
  } catch {
    // A `%` that escapes nothing.
    return null;
  }
}

/** The address of the page `name` with `words`. */
export function address_of_page(name, ...words) {
  return ["#", name, ...words.map(encodeURIComponent)].join("/");
}

/** Leads to `address`; also where the reader is there already: then it is asked anew. */
export function go(address) {
  if (location.hash === address) dispatchEvent(new Event("hashchange"));
  else location.hash = address;
}
