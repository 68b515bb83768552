/**
 * The page walker: style sheets that are switched off or on, or for other media than their elements
 * say.
 */
globalThis.linksnap.switched = (() => {
  const { nodes } = globalThis.linksnap;

  /** A property that no page has: where it is set, the sheet of its rule is applied. */
  const PROBE = '--ls-probe';

  /**
   * @param {HTMLLinkElement} link
   * @returns {import('./attributes.js').Changes | null}
   */
  function ofLink(link) {
    if (!link.relList.contains('stylesheet')) {
      return null;
    }
    const { sheet } = link;
    const changes = ofSheet(link);
    // An alternative sheet that a script switched on.
    return sheet && !sheet.disabled && link.relList.contains('alternate') && isApplied(link, sheet)
      ? { ...changes, rel: 'stylesheet', title: null }
      : changes;
  }

  /**
   * A sheet may be switched off, or for other media than its element says.
   *
   * @param {HTMLLinkElement | HTMLStyleElement | SVGStyleElement} owner
   * @returns {import('./attributes.js').Changes | null}
   */
  function ofSheet(owner) {
    const { sheet } = owner;
    if (sheet?.disabled || /** @type {any} */ (owner).disabled === true) {
      return { media: 'not all' };
    }
    const media = sheet?.media.mediaText ?? '';
    const written = nodes.attribute(owner, 'media') ?? '';
    const isSame = media.replace(/\s+/g, '') === written.replace(/\s+/g, '').toLowerCase();
    return sheet && !isSame ? { media } : null;
  }

  /**
   * Whether an alternative sheet counts. In Chromium one of a set that nobody chose is not disabled:
   * only its rules can tell.
   *
   * @param {HTMLLinkElement} link
   * @param {CSSStyleSheet} sheet
   * @returns {boolean}
   */
  function isApplied(link, sheet) {
    const scope = nodes.scopeOf(link);
    const element =
      /** @type {ShadowRoot} */ (scope).host ?? nodes.rootOf(/** @type {Document} */ (scope));
    try {
      const at = sheet.cssRules.length;
      sheet.insertRule(`*|*:root, *|*:host { ${PROBE}: 1 }`, at);
      const value = getComputedStyle(element).getPropertyValue(PROBE);
      sheet.deleteRule(at);
      return value !== '';
    } catch {
      // Of another site: it counts when it belongs to the set that the page prefers.
      return link.title !== '' && link.title === preferredOf(link.ownerDocument);
    }
  }

  /**
   * @param {Document} document
   * @returns {string} the title of the first sheet that has one and is no alternative (CSSOM §6.2)
   */
  function preferredOf(document) {
    const [first] = nodes.all(
      document,
      'link[rel~="stylesheet" i][title]:not([rel~="alternate" i], [title=""]), style[title]:not([title=""])',
    );
    return (first && nodes.attribute(first, 'title')) ?? '';
  }

  return { ofLink, ofSheet };
})();
