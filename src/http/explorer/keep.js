// What a reader has done to a page that is drawn anew: how far regions are scrolled, and where the focus is.

/** The names of `elements`, by which the same ones are found in the page drawn anew. */
function named(elements) {
  const counts = new Map();
  return [...elements].map((element) => {
    const name = [element.tagName, element.getAttribute("href"), element.getAttribute("aria-label"),
      element.getAttribute("id"), element.getAttribute("name")].join("|");
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return [`${name}|${count}`, element];
  });
}

const regions = (root) => named(root.querySelectorAll("[tabindex]"));
const focusable = (root) => named(root.querySelectorAll("a[href], button, input, [tabindex]"));

/**
 * Puts `nodes` in the place of what `root` holds. What is scrolled stays so, and what has the focus keeps it. A region
 * that is new, and each where `is_new`, begins where its `data-begin` says, in pixels.
 */
export function replace(root, nodes, is_new = false) {
  const kept = new Map(is_new ? [] : regions(root).map(([name, { scrollLeft, scrollTop }]) =>
    [name, { scrollLeft, scrollTop }]));
  const [focused] = is_new ? [] : focusable(root).find(([, element]) => element === document.activeElement) ?? [];
  const seen = { left: window.scrollX, top: window.scrollY };
  root.replaceChildren(...nodes);
  for (const [name, element] of regions(root))
    if (kept.has(name)) Object.assign(element, kept.get(name));
    else if (element.dataset.begin) element.scrollLeft = Number(element.dataset.begin);
  if (focused) focusable(root).find(([name]) => name === focused)?.[1].focus({ preventScroll: true });
  if (!is_new) window.scrollTo(seen);
}
