/**
 * The page walker: elements that show another document.
 *
 * @typedef {object} Frame
 * @property {Window} window
 * @property {boolean} isWeb - it has an http(s) URL, which the host can fetch as well
 * @property {string} otherwise - stands in its tag when that document is not part of the capture
 */
globalThis.linksnap.framed = (() => {
  const { nodes } = globalThis.linksnap;
  /** Frames of one document that are looked through. */
  const MOST = 1000;

  const FRAMES = new Set(['iframe', 'frame', 'object', 'embed']);

  /** Pictures in objects are documents to Firefox. */
  const PICTURE = /^image\/(?!svg)/;

  /** @param {any} element */
  function ownWindow(element) {
    try {
      const inner = element.contentDocument ?? element.getSVGDocument?.();
      if (PICTURE.test(inner?.contentType)) {
        return null;
      }
      return /** @type {Window | null} */ (element.contentWindow ?? inner?.defaultView ?? null);
    } catch {
      return null;
    }
  }

  /** @param {Window} window */
  function elementOf(window) {
    try {
      return window.frameElement;
    } catch {
      return null;
    }
  }

  /**
   * An `<embed>` does not tell its window, but a window of the same site tells its element. What is
   * left of both belongs together in its order.
   *
   * @param {Document} document
   * @returns {Map<Element, Window>}
   */
  function windowsOfEmbeds(document) {
    const { defaultView } = /** @type {{ defaultView: Window | null }} */ (document);
    const others = [...nodes.all(document, 'iframe, frame, object, embed')];
    const known = new Set(others.map(ownWindow));
    /** @type {Map<Element, Window>} */
    const found = new Map();
    /** @type {Window[]} */
    const windows = [];
    const count = Math.min(defaultView?.length ?? 0, MOST);
    for (let i = 0; i < count; i++) {
      const window = /** @type {any} */ (defaultView)[i];
      const element = known.has(window) ? null : elementOf(window);
      if (element) {
        if (!PICTURE.test(window.document.contentType)) {
          found.set(element, window);
        }
      } else if (!known.has(window)) {
        windows.push(window);
      }
    }
    const embeds = [...nodes.all(document, 'embed')].filter(
      (embed) => !found.has(embed) && !ownWindow(embed) && isElsewhere(embed),
    );
    if (windows.length === embeds.length) {
      embeds.forEach((embed, i) => found.set(embed, windows[i]));
    }
    return found;
  }

  /** @param {any} embed */
  function isElsewhere({ src }) {
    return /^https?:/.test(src) && new URL(src).origin !== location.origin;
  }

  /**
   * @param {Document} document
   */
  function finder(document) {
    /** @type {Map<Element, Window> | null} */
    let embeds = null;

    /**
     * @param {Element} element
     * @returns {Window | null} what it shows
     */
    function windowOf(element) {
      const own = ownWindow(element);
      if (own || nodes.nameOf(element) !== 'embed') {
        return own;
      }
      embeds ??= windowsOfEmbeds(document);
      return embeds.get(element) ?? null;
    }

    return windowOf;
  }

  /**
   * Whether an `<object>` shows what it holds, since what it names cannot be had.
   *
   * @param {Element} element
   */
  function isInstead(element) {
    if (nodes.nameOf(element) !== 'object' || !nodes.firstOf(element, false)) {
      return false;
    }
    const inside = element.ownerDocument.createRange();
    inside.selectNodeContents(element);
    return inside.getClientRects().length > 0;
  }

  return { FRAMES, finder, elementOf, isInstead };
})();
