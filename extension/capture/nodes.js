/**
 * The page walker: what it needs to know of single nodes.
 *
 * `<input name="firstChild">` makes `form.firstChild` that input, and the same goes for names in the
 * document (HTML §7.3.3 and §4.10.3, [LegacyOverrideBuiltIns]). So whatever may be a form or the
 * document is asked through the getters and methods of its prototype, which no page can change here.
 */
globalThis.linksnap.nodes = (() => {
  const { HTML, SVG } = globalThis.linksnap.xml;

  /**
   * @param {object} prototype
   * @param {string} name
   * @returns {(object: any) => any}
   */
  function getter(prototype, name) {
    const get = Object.getOwnPropertyDescriptor(prototype, name)?.get;
    return (object) => get?.call(object);
  }

  /** @type {(node: Node) => number} */
  const typeOf = getter(Node.prototype, 'nodeType');
  /** @type {(node: Node) => Node | null} */
  const nextOf = getter(Node.prototype, 'nextSibling');
  /** @type {(node: Node) => Node | null} */
  const firstChildOf = getter(Node.prototype, 'firstChild');
  /** @type {(node: Node) => string | null} */
  const textOf = getter(Node.prototype, 'textContent');
  /** @type {(element: Element) => string} */
  const nameOf = getter(Element.prototype, 'localName');
  /** @type {(element: Element) => string | null} */
  const namespaceOf = getter(Element.prototype, 'namespaceURI');
  /** @type {(document: Document) => Element | null} */
  const rootOf = getter(Document.prototype, 'documentElement');
  /** @type {(document: Document) => HTMLElement | null} */
  const headOf = getter(Document.prototype, 'head');
  /** @type {(document: Document) => HTMLElement | null} */
  const bodyOf = getter(Document.prototype, 'body');

  /** @type {(element: Element) => Iterable<Element>} */
  const childrenOf = getter(Element.prototype, 'children');

  const { getAttributeNames, getAttribute, getAttributeNS, matches } = Element.prototype;
  const allInDocument = Document.prototype.querySelectorAll;

  /**
   * @param {Element} element
   * @returns {string[]}
   */
  const attributeNames = (element) => getAttributeNames.call(element);

  /**
   * @param {Element} element
   * @param {string} name
   * @returns {string | null}
   */
  const attribute = (element, name) => getAttribute.call(element, name);

  /**
   * @param {Element} element
   * @param {string} namespace
   * @param {string} name
   * @returns {string | null}
   */
  const attributeNS = (element, namespace, name) => getAttributeNS.call(element, namespace, name);

  /**
   * @param {Element} element
   * @param {string} selector
   * @returns {boolean}
   */
  const isMatch = (element, selector) => matches.call(element, selector);

  /**
   * @param {Document | ShadowRoot} scope
   * @param {string} selector
   * @returns {Iterable<Element>}
   */
  const all = (scope, selector) =>
    typeOf(scope) === 9
      ? allInDocument.call(scope, selector)
      : /** @type {ShadowRoot} */ (scope).querySelectorAll(selector);

  const atInDocument = Document.prototype.elementFromPoint;

  /**
   * @param {Document | ShadowRoot} scope
   * @param {number} x
   * @param {number} y
   * @returns {Element | null} the topmost element there
   */
  const at = (scope, x, y) =>
    typeOf(scope) === 9
      ? atInDocument.call(scope, x, y)
      : /** @type {ShadowRoot} */ (scope).elementFromPoint(x, y);

  const { getRootNode } = Node.prototype;

  /**
   * @param {Node} node
   * @returns {Node} its document or shadow root
   */
  const scopeOf = (node) => getRootNode.call(node);

  /** Elements that can have a shadow root, besides those with a hyphen (DOM §4.8). */
  const HOSTS = new Set(
    'article aside blockquote body div footer h1 h2 h3 h4 h5 h6 header main nav p section span'.split(
      ' ',
    ),
  );

  /** Chromium has a function of the extension's own for closed roots, Firefox a property. */
  const scope = /** @type {any} */ (globalThis);
  const chromium = (scope.browser ?? scope.chrome)?.dom;

  /**
   * @param {any} element - of HTML
   * @param {string} name
   * @returns {ShadowRoot | null} a closed one too
   */
  function shadowOf(element, name) {
    if (!HOSTS.has(name) && !name.includes('-')) {
      return null;
    }
    return (
      element.shadowRoot ??
      element.openOrClosedShadowRoot ??
      chromium?.openOrClosedShadowRoot(element) ??
      null
    );
  }

  /**
   * @param {any} element
   * @param {boolean} isTemplate - whose content is a document of its own
   * @returns {Node | null}
   */
  function firstOf(element, isTemplate) {
    return isTemplate && element.content ? element.content.firstChild : firstChildOf(element);
  }

  /**
   * @param {string} namespace
   * @param {string} name
   * @returns {boolean}
   */
  function isLeftOut(namespace, name) {
    switch (name) {
      case 'script':
        return namespace === HTML || namespace === SVG;
      case 'noscript':
        return namespace === HTML;
      default:
        return false;
    }
  }

  /**
   * The tag that stands for an element whose name XML cannot write.
   *
   * @param {Element} element
   * @returns {'div' | 'span'}
   */
  function standIn(element) {
    const { display } = getComputedStyle(element);
    return /^(block|flow-root|flex|grid|table|list-item)/.test(display) ? 'div' : 'span';
  }

  /**
   * The element at whose end adopted sheets are written: they come after all others, so after those
   * in the body where there are any.
   *
   * @param {Document} document
   * @returns {Element | null}
   */
  function placeOfAdopted(document) {
    const body = bodyOf(document);
    const late = body?.querySelector('style, link[rel~="stylesheet" i]');
    return (late ? body : headOf(document)) ?? rootOf(document);
  }

  return {
    getter,
    typeOf,
    nextOf,
    textOf,
    firstOf,
    nameOf,
    namespaceOf,
    rootOf,
    headOf,
    childrenOf,
    attributeNames,
    attribute,
    attributeNS,
    isMatch,
    all,
    at,
    scopeOf,
    shadowOf,
    isLeftOut,
    standIn,
    placeOfAdopted,
  };
})();
