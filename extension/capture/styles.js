/**
 * The page walker: style sheets as the page has them now, which is not always as they were written.
 *
 * What the source says is kept where it can be: a browser's own text of a rule lacks what it does not
 * understand, and another browser may show the snapshot.
 *
 * @typedef {object} Difference - of the rules that a sheet has from those of its source
 * @property {string} before - rules that a script put before those of the source
 * @property {string} after
 * @property {boolean} replaced - the source does not hold any more: all rules are in `before`
 */
globalThis.linksnap.styles = (() => {
  const { nodes, xml } = globalThis.linksnap;
  const { HTML, escapeText, escapeValue } = xml;
  /** @type {(document: Document) => DOMImplementation} */
  const implementationOf = nodes.getter(Document.prototype, 'implementation');
  /** @type {(document: Document) => string} */
  const urlOf = nodes.getter(Document.prototype, 'URL');
  /** @type {(document: Document) => Iterable<CSSStyleSheet>} */
  const sheetsOf = nodes.getter(Document.prototype, 'styleSheets');
  /** @type {(document: Document) => Iterable<CSSStyleSheet> | undefined} */
  const adoptedByDocument = nodes.getter(Document.prototype, 'adoptedStyleSheets');

  /** Rules of a linked sheet whose selectors are looked at. */
  const MOST_RULES = 20_000;
  const STATE = /:(?:state\(|--)/;

  /** Characters of adopted sheets: they are written in each root, and the host takes 64 MiB. */
  const MOST_ADOPTED = 40 * 1024 * 1024;

  /** In `<?xml-stylesheet?>`. */
  const ALTERNATE = /\balternate\s*=\s*["']yes["']/;

  /** Comparing the rules of more text one by one would be felt; of these a few are compared. */
  const COMPARED = 256 * 1024;

  /**
   * @param {CSSStyleSheet | null | undefined} sheet
   * @returns {CSSRuleList | null} null when the browser keeps them from the page
   */
  function rulesOf(sheet) {
    try {
      return sheet?.cssRules ?? null;
    } catch {
      return null;
    }
  }

  /**
   * @param {ArrayLike<CSSRule>} rules
   * @param {number} [from]
   * @param {number} [to]
   */
  function write(rules, from = 0, to = rules.length) {
    const texts = [];
    for (let i = from; i < to; i++) {
      texts.push(rules[i].cssText);
    }
    return texts.join('\n');
  }

  /**
   * Whether rules stand in others from a place on.
   *
   * @param {ArrayLike<CSSRule>} now
   * @param {number} at
   * @param {ArrayLike<CSSRule>} written
   * @param {boolean} closely
   */
  function holds(now, at, written, closely) {
    const { length } = written;
    const step = closely ? 1 : Math.max(1, Math.floor(length / 64));
    for (let i = 0; i < length; i += step) {
      if (now[at + i].cssText !== written[i].cssText) {
        return false;
      }
    }
    return length === 0 || now[at + length - 1].cssText === written[length - 1].cssText;
  }

  /**
   * @param {ArrayLike<CSSRule>} now
   * @param {ArrayLike<CSSRule>} written
   * @param {number} length - of the source
   * @returns {Difference | null} null when there is none
   */
  function compare(now, written, length) {
    const closely = length <= COMPARED;
    const added = now.length - written.length;
    if (added === 0 && holds(now, 0, written, closely)) {
      return null;
    }
    if (added > 0 && holds(now, 0, written, closely)) {
      return { before: '', after: write(now, written.length), replaced: false };
    }
    // Before @import and @namespace no other rule may stand.
    const isFree = !/^@(import|namespace)/i.test(written[0]?.cssText ?? '');
    if (added > 0 && isFree && holds(now, added, written, closely)) {
      return { before: write(now, 0, added), after: '', replaced: false };
    }
    return { before: write(now), after: '', replaced: true };
  }

  /** @param {CSSStyleSheet} sheet */
  const writeAll = (sheet) => write(rulesOf(sheet) ?? []);

  /**
   * The sheets of `<?xml-stylesheet?>` that are applied.
   *
   * @param {Document} document
   * @returns {(CSSStyleSheet & { href: string })[]}
   */
  function instructed(document) {
    return /** @type {any} */ (
      [...sheetsOf(document)].filter(
        ({ ownerNode, href, disabled }) =>
          ownerNode &&
          nodes.typeOf(ownerNode) === 7 &&
          href &&
          href.split('#')[0] !== urlOf(document) &&
          !disabled &&
          !ALTERNATE.test(/** @type {ProcessingInstruction} */ (ownerNode).data),
      )
    );
  }

  /**
   * A `<style>` of the wire document.
   *
   * @param {string} text
   * @param {string} attributes
   */
  function element(text, attributes) {
    return `<style xmlns="${HTML}" ls:adopted=""${attributes}>${escapeText(text)}</style>`;
  }

  /**
   * @param {string} media
   * @returns {string} as an attribute, '' for all media
   */
  const mediaAttribute = (media) => (media ? ` media="${escapeValue(media)}"` : '');

  /**
   * @param {CSSStyleSheet} sheet
   * @returns {string} its selectors that ask for states of custom elements
   */
  function statesIn(sheet) {
    const found = [];
    /** @type {any[]} */
    const waiting = [sheet];
    let left = MOST_RULES;
    for (let each = waiting.pop(); each && left > 0; each = waiting.pop()) {
      for (const rule of rulesOf(each) ?? []) {
        const { selectorText = '', styleSheet, cssRules } = /** @type {any} */ (rule);
        if (STATE.test(selectorText)) {
          found.push(selectorText);
        }
        if (styleSheet || cssRules?.length > 0) {
          waiting.push(styleSheet ?? rule);
        }
        left--;
      }
    }
    return found.join(' ');
  }

  /**
   * Reads the sheets of one document.
   *
   * @param {Document} document
   */
  function reader(document) {
    /** @type {Document | null} */
    let inert = null;
    /** One sheet is often adopted by hundreds of roots. @type {Map<CSSStyleSheet, string>} */
    const texts = new Map();
    /** @type {Map<Node, { text: string, media: string }[]>} */
    const byRoot = new Map();
    let left = MOST_ADOPTED;
    /** Of linked sheets, by URL. @type {Map<string, string>} */
    const selectors = new Map();

    /**
     * The rules that a text gives by itself, in a document that loads nothing.
     *
     * @param {string} text
     * @returns {CSSRuleList | null}
     */
    function parse(text) {
      inert ??= implementationOf(document).createHTMLDocument('');
      const style = inert.createElement('style');
      style.textContent = text;
      inert.head.append(style);
      const rules = rulesOf(style.sheet);
      style.remove();
      return rules;
    }

    /**
     * The text of a `<style>`; `changed` when scripts made its rules others than it says.
     *
     * @param {HTMLStyleElement | SVGStyleElement} style
     * @returns {{ text: string, changed: boolean }}
     */
    function ofElement(style) {
      const text = style.textContent ?? '';
      const rules = rulesOf(style.sheet);
      if (!rules || (rules.length === 0 && text.trim() === '')) {
        return { text, changed: false };
      }
      const written = parse(text);
      const difference = written && compare(rules, written, text.length);
      if (!difference) {
        return { text, changed: false };
      }
      const { before, after, replaced } = difference;
      const joined = replaced ? before : `${before}\n${text}\n${after}`;
      // A source that leaves a block open would swallow what comes after it.
      return replaced || parse(joined)?.length === rules.length
        ? { text: joined, changed: true }
        : { text: write(rules), changed: true };
    }

    /**
     * The sheets that a document or shadow root adopted, in their order.
     *
     * @param {Document | ShadowRoot} root
     * @returns {{ text: string, media: string }[]}
     */
    function adopted(root) {
      const known = byRoot.get(root);
      if (known) {
        return known;
      }
      /** @type {{ text: string, media: string }[]} */
      const sheets = [];
      byRoot.set(root, sheets);
      const list = root === document ? adoptedByDocument(root) : root.adoptedStyleSheets;
      for (const sheet of list ?? []) {
        const rules = sheet.disabled ? null : rulesOf(sheet);
        if (rules?.length) {
          const text = texts.get(sheet) ?? write(rules);
          texts.set(sheet, text);
          left -= text.length;
          if (left < 0) {
            break;
          }
          sheets.push({ text, media: sheet.media.mediaText });
        }
      }
      return sheets;
    }

    /**
     * What the sheets in a document or shadow root say, as far as their selectors matter.
     *
     * @param {Document | ShadowRoot} root
     * @returns {string[]}
     */
    function textsIn(root) {
      const own = [...nodes.all(root, 'style')].map(({ textContent }) => textContent ?? '');
      const linked = [...nodes.all(root, 'link[rel~="stylesheet" i]')].map((link) => {
        const { sheet, href } = /** @type {HTMLLinkElement} */ (link);
        const text = selectors.get(href) ?? (sheet ? statesIn(sheet) : '');
        selectors.set(href, text);
        return text;
      });
      return [...own, ...linked, ...adopted(root).map(({ text }) => text)];
    }

    return { ofElement, adopted, textsIn, parse };
  }

  return {
    reader,
    rulesOf,
    instructed,
    compare,
    write,
    writeAll,
    element,
    mediaAttribute,
  };
})();
