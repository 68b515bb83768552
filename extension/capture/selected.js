/**
 * The links in what a person has selected, in one frame: the value of this script. `texts` are their
 * words, which may look like other addresses than those that they lead to.
 */
(() => {
  const MOST = 2000;

  /** @type {Set<string>} */
  const links = new Set();
  /** @type {Set<string>} */
  const texts = new Set();
  const selection = getSelection();
  const ranges = Array.from({ length: selection?.rangeCount ?? 0 }, (_, i) =>
    /** @type {Selection} */ (selection).getRangeAt(i),
  );
  for (const range of ranges) {
    const { commonAncestorContainer: around } = range;
    const element = around instanceof Element ? around : around.parentElement;
    // A selection may lie inside a link.
    const outer = element?.closest('a[href], area[href]');
    const inner = element?.querySelectorAll('a[href], area[href]') ?? [];
    for (const link of outer ? [outer, ...inner] : inner) {
      const { href, protocol } = /** @type {HTMLAnchorElement} */ (link);
      const isWeb = protocol === 'http:' || protocol === 'https:';
      if (isWeb && !range.collapsed && range.intersectsNode(link) && links.size < MOST) {
        links.add(href);
        texts.add((link.textContent ?? '').trim());
      }
    }
  }
  return { page: location.href, links: [...links], texts: [...texts] };
})();
