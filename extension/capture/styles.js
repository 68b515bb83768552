/**
 * The page walker: style sheets as the page has them now, which is not always as they were written.
 */
globalThis.linksnap.styles = (() => {
  const { getter } = globalThis.linksnap.nodes;
  /** @type {(document: Document) => DOMImplementation} */
  const implementationOf = getter(Document.prototype, 'implementation');
  /** @type {(document: Document) => Iterable<CSSStyleSheet> | undefined} */
  const adoptedByDocument = getter(Document.prototype, 'adoptedStyleSheets');
  /** Comparing the rules of a longer sheet one by one would be felt; their number is compared. */
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

  /** @param {CSSRuleList} rules */
  function write(rules) {
    const texts = [];
    for (let i = 0; i < rules.length; i++) {
      texts.push(rules[i].cssText);
    }
    return texts.join('\n');
  }

  /**
   * The rules that a text gives by itself, in a document that loads nothing.
   *
   * @param {string} text
   * @param {Document} inert
   * @returns {CSSRuleList | null}
   */
  function parse(text, inert) {
    const style = inert.createElement('style');
    style.textContent = text;
    inert.head.append(style);
    const rules = rulesOf(style.sheet);
    style.remove();
    return rules;
  }

  /**
   * @param {CSSRuleList} now
   * @param {CSSRuleList} written
   * @param {boolean} closely
   */
  function differ(now, written, closely) {
    if (now.length !== written.length) {
      return true;
    }
    return closely && [...now].some((rule, i) => rule.cssText !== written[i].cssText);
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
      inert ??= implementationOf(document).createHTMLDocument('');
      const written = parse(text, inert);
      return written && differ(rules, written, text.length <= COMPARED)
        ? { text: write(rules), changed: true }
        : { text, changed: false };
    }

    /**
     * The sheets that a document or shadow root adopted, in their order.
     *
     * @param {Document | ShadowRoot} root
     * @returns {{ text: string, media: string }[]}
     */
    function adopted(root) {
      const sheets = [];
      const list = root === document ? adoptedByDocument(root) : root.adoptedStyleSheets;
      for (const sheet of list ?? []) {
        const rules = sheet.disabled ? null : rulesOf(sheet);
        if (rules?.length) {
          const text = texts.get(sheet) ?? write(rules);
          texts.set(sheet, text);
          sheets.push({ text, media: sheet.media.mediaText });
        }
      }
      return sheets;
    }

    return { ofElement, adopted };
  }

  return { reader };
})();
