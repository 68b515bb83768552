/**
 * The page walker: one document, from its root to its last text, as safe XML. Iterative, since a
 * page may be nested as deep as it likes.
 *
 * @typedef {object} Walked
 * @property {import('./pieces.js').Piece[]} pieces
 * @property {import('./framed.js').Frame[]} frames
 * @property {Map<string, HTMLImageElement | null>} blobs - blob: URLs that the document shows
 * @property {number} flattened - elements too deep to be nested; they stand after their parent
 *
 * @typedef {object} Level - where the walk goes on when the children of an element are done
 * @property {string} close
 * @property {Node | null} next
 * @property {string} namespace
 * @property {number} depth
 * @property {Document | ShadowRoot | null} [rules] - whose rules for marks stand at its end
 */
globalThis.linksnap.walk = (() => {
  const { elements, marks, nodes, scrolled, styles, xml } = globalThis.linksnap;
  const { HTML, isName, defaultNamespace } = xml;

  /** The host refuses elements nested deeper than 2000. */
  const DEEPEST = 1990;

  /** What is never scrolled, or by itself; asking all elements of a large page would be felt. */
  const UNSCROLLED = new Set(
    (
      'a abbr b br cite dt em embed font frame h1 h2 h3 h4 h5 h6 hr i iframe img input kbd label link ' +
      'mark meta object option p s select small strong style sub sup tbody td textarea tfoot th thead ' +
      'time title tr u wbr'
    ).split(' '),
  );

  /** What is scrolled only when much is in it. */
  const SELDOM = new Set(['li', 'span', 'button', 'dd']);
  const SHORT = 40;

  /** @type {(element: Element) => Element | null} */
  const firstElementOf = nodes.getter(Element.prototype, 'firstElementChild');
  /** @type {(element: Element) => Element | null} */
  const lastElementOf = nodes.getter(Element.prototype, 'lastElementChild');

  /**
   * Whether an element is worth to be asked where it is scrolled to.
   *
   * @param {Element} element
   * @param {string} tag
   */
  function mayScroll(element, tag) {
    if (UNSCROLLED.has(tag)) {
      return false;
    }
    const first = firstElementOf(element);
    if (first) {
      return !SELDOM.has(tag) || first !== lastElementOf(element);
    }
    return (nodes.textOf(element) ?? '').length > SHORT;
  }

  /** @type {(element: Element) => number} */
  const topOf = nodes.getter(Element.prototype, 'scrollTop');
  /** @type {(element: Element) => number} */
  const leftOf = nodes.getter(Element.prototype, 'scrollLeft');
  /** @type {(document: Document) => Element | null} */
  const scrollingOf = nodes.getter(Document.prototype, 'scrollingElement');

  class Walker {
    #writer;
    #finds;
    #document;
    #root;
    #instructedAt;
    #adoptedAt;
    #viewport;
    #isInside;
    #flattened = 0;

    /** Where the rules that marks need stand, by scope. @type {Map<Node, { text: string }>} */
    #rules = new Map();

    /** The next node to write and what stands around it. @type {Node | null} */
    #node = null;
    #namespace = '';
    #depth = 0;
    /** @type {Level[]} */
    #levels = [];

    /**
     * @param {Document} document
     * @param {Pick<import('./attributes.js').Finds, 'keep' | 'isFromTab'>} pixels
     * @param {boolean} isInside - a frame of the page
     */
    constructor(document, pixels, isInside) {
      this.#document = document;
      this.#root = nodes.rootOf(document);
      this.#instructedAt = nodes.headOf(document) ?? this.#root;
      this.#adoptedAt = nodes.placeOfAdopted(document);
      this.#viewport = scrollingOf(document);
      this.#isInside = isInside;
      this.#finds = {
        ...pixels,
        blobs: new Map(),
        marks: new marks.Gathered(),
      };
      this.#writer = new elements.Writer(document, this.#finds);
    }

    /** @returns {Walked} */
    run() {
      this.#node = this.#root;
      this.#gather(this.#document);
      for (;;) {
        this.#writer.settle();
        const node = this.#node;
        if (node === null) {
          if (!this.#ascend()) {
            break;
          }
          continue;
        }
        // What stands beside the root is the doctype and comments.
        this.#node = node === this.#root ? null : nodes.nextOf(node);
        switch (nodes.typeOf(node)) {
          case 1: // ELEMENT_NODE
            this.#enter(/** @type {Element} */ (node));
            break;
          case 3: // TEXT_NODE
          case 4: // CDATA_SECTION_NODE
            this.#writer.text(/** @type {Text} */ (node));
            break;
          default:
        }
      }
      for (const scope of this.#finds.marks.moved) {
        const place = this.#rules.get(scope);
        if (place) {
          place.text = styles.element(scrolled.RULES, '');
        }
      }
      return {
        pieces: this.#writer.finish(),
        frames: this.#writer.frames,
        blobs: this.#finds.blobs,
        flattened: this.#flattened,
      };
    }

    /** @param {Document | ShadowRoot} scope */
    #gather(scope) {
      this.#finds.marks.gather(scope, this.#writer.textsIn(scope));
    }

    /** @param {Element} element */
    #enter(element) {
      const name = nodes.nameOf(element);
      const usable = isName(name);
      const namespace = usable ? defaultNamespace(nodes.namespaceOf(element)) : HTML;
      if (nodes.isLeftOut(namespace, name)) {
        return;
      }
      const tag = usable ? name : nodes.standIn(element);
      const isHost = namespace === HTML && this.#depth < DEEPEST - 1;
      const shadow = isHost ? nodes.shadowOf(element, tag) : null;
      if (shadow) {
        this.#gather(shadow);
      }
      if (namespace === HTML) {
        if (shadow || mayScroll(element, tag)) {
          this.#hold(element);
        }
      }
      if (this.#writer.start(element, namespace, this.#namespace, tag, name)) {
        this.#descend(element, namespace, tag, shadow);
      }
    }

    /**
     * A snapshot opens at its top; boxes in it, and its frames, are where they were.
     *
     * @param {Element} element
     */
    #hold(element) {
      if (topOf(element) === 0 && leftOf(element) === 0) {
        return;
      }
      const isViewport = element === this.#viewport;
      if (!isViewport || this.#isInside) {
        scrolled.hold(element, isViewport, this.#finds.marks);
      }
    }

    /**
     * Ends the start tag and goes down into what the element holds.
     *
     * @param {Element} element
     * @param {string} namespace
     * @param {string} tag
     * @param {ShadowRoot | null} shadow
     */
    #descend(element, namespace, tag, shadow) {
      const first = nodes.firstOf(element, namespace === HTML && tag === 'template');
      const isFirst = element === this.#instructedAt;
      const isLast = element === this.#adoptedAt;
      const end = isLast ? this.#writer.adopted(this.#document, namespace) : '';
      if (!first && !shadow && !isFirst && !isLast) {
        this.#writer.add('/>');
        return;
      }
      const level = {
        next: this.#node,
        namespace: this.#namespace,
        depth: this.#depth,
      };
      this.#node = first;
      if (this.#depth >= DEEPEST) {
        this.#writer.add(`>${end}</${tag}>`);
        this.#levels.push({ close: '', ...level });
        this.#flattened++;
        return;
      }
      const rules = isLast ? this.#document : null;
      const isHtml = namespace === HTML;
      const [before, after] = isHtml ? this.#writer.inside(element, tag) : ['', ''];
      this.#writer.add(`>${before}`);
      if (isFirst) {
        this.#writer.instructed(namespace);
      }
      this.#levels.push({ close: `${after}${end}</${tag}>`, rules, ...level });
      this.#namespace = namespace;
      this.#depth++;
      if (shadow) {
        this.#descendShadow(shadow);
      }
    }

    /**
     * A shadow root comes first, then its host's children.
     *
     * @param {ShadowRoot} shadow
     */
    #descendShadow(shadow) {
      this.#writer.add(`<template ls:shadow="${shadow.mode}">`);
      this.#levels.push({
        close: `${this.#writer.adopted(shadow, HTML)}</template>`,
        rules: shadow,
        next: this.#node,
        namespace: HTML,
        depth: this.#depth,
      });
      this.#node = shadow.firstChild;
      this.#depth++;
    }

    /** @returns {boolean} false at the end of the document */
    #ascend() {
      const level = this.#levels.pop();
      if (!level) {
        return false;
      }
      if (level.rules) {
        this.#rules.set(level.rules, this.#writer.reserve());
      }
      this.#writer.add(level.close);
      this.#node = level.next;
      this.#namespace = level.namespace;
      this.#depth = level.depth;
      return true;
    }
  }

  /**
   * @param {Document} document
   * @param {Pick<import('./attributes.js').Finds, 'keep' | 'isFromTab'>} pixels
   * @param {boolean} isInside - a frame of the page
   * @returns {Walked}
   */
  return (document, pixels, isInside) => new Walker(document, pixels, isInside).run();
})();
