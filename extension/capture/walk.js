/**
 * The page walker: one document, from its root to its last text, as safe XML. Iterative, since a
 * page may be nested as deep as it likes.
 *
 * @typedef {object} Frame - an element that shows another document
 * @property {Window} window
 * @property {boolean} isWeb - it has an http(s) URL, which the host can fetch as well
 * @property {string} otherwise - stands in its tag when that document is not part of the capture
 *
 * @typedef {object} Walked
 * @property {(string | number)[]} pieces - text; a number is the place of `ls:frame` of that frame
 * @property {Frame[]} frames
 * @property {Map<string, HTMLImageElement | null>} blobs - blob: URLs that the document shows
 * @property {number} flattened - elements too deep to be nested; they stand after their parent
 *
 * @typedef {object} Level - where the walk goes on when the children of an element are done
 * @property {string} close
 * @property {Node | null} next
 * @property {string} namespace
 * @property {number} depth
 */
globalThis.linksnap.walk = (() => {
  const { attributes, nodes, styles, xml } = globalThis.linksnap;
  const { HTML, SVG, XLINK, WIRE, escapeText, escapeValue, isName, defaultNamespace } = xml;

  /** The host refuses elements nested deeper than 2000. */
  const DEEPEST = 1990;

  /** The host refuses a document of more bytes; a UTF-16 unit is at least one. */
  const LONGEST = 64 * 1024 * 1024;

  /** Text is gathered up to here before it becomes a piece. */
  const PIECE = 64 * 1024;

  const FRAMES = new Set(['iframe', 'frame', 'object', 'embed']);

  class Walker {
    /** @type {(string | number)[]} */
    #pieces = [];
    /** @type {Frame[]} */
    #frames = [];
    #finds;
    #document;
    #root;
    #sheets;
    #adoptedAt;
    #out = '';
    #length = 0;
    #flattened = 0;

    /** The next node to write and what stands around it. @type {Node | null} */
    #node = null;
    #namespace = '';
    #depth = 0;
    /** @type {Level[]} */
    #levels = [];

    /**
     * @param {Document} document
     * @param {(canvas: HTMLCanvasElement) => string} keepCanvas
     */
    constructor(document, keepCanvas) {
      this.#document = document;
      this.#root = nodes.rootOf(document);
      this.#sheets = styles.reader(document);
      this.#adoptedAt = nodes.placeOfAdopted(document);
      this.#finds = { blobs: new Map(), keepCanvas };
    }

    /** @returns {Walked} */
    run() {
      this.#node = this.#root;
      for (;;) {
        if (this.#out.length > PIECE) {
          this.#flush();
        }
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
            this.#out += escapeText(/** @type {Text} */ (node).data);
            break;
          default:
        }
      }
      this.#flush();
      return {
        pieces: this.#pieces,
        frames: this.#frames,
        blobs: this.#finds.blobs,
        flattened: this.#flattened,
      };
    }

    #flush() {
      this.#length += this.#out.length;
      if (this.#length > LONGEST) {
        throw new RangeError('the document is too large');
      }
      this.#pieces.push(this.#out);
      this.#out = '';
    }

    /** @param {Element} element */
    #enter(element) {
      const name = nodes.nameOf(element);
      const usable = isName(name);
      const namespace = usable ? defaultNamespace(nodes.namespaceOf(element)) : HTML;
      if (nodes.isLeftOut(element, namespace, name)) {
        return;
      }
      const tag = usable ? name : nodes.standIn(element);
      this.#open(element, namespace, tag, name);
      if (usable && this.#writeWhole(element, namespace, name)) {
        return;
      }
      if (namespace === HTML && FRAMES.has(tag)) {
        this.#writeFrame(element);
      } else {
        this.#out += attributes.serialize(element, this.#finds);
      }
      this.#descend(element, namespace, tag);
    }

    /**
     * The start tag up to the element's own attributes.
     *
     * @param {Element} element
     * @param {string} namespace
     * @param {string} tag
     * @param {string} name - other than `tag` where XML cannot write it
     */
    #open(element, namespace, tag, name) {
      this.#out += `<${tag}`;
      if (element === this.#root) {
        this.#out += ` xmlns="${escapeValue(namespace)}" xmlns:ls="${WIRE}" xmlns:xlink="${XLINK}"`;
      } else if (namespace !== this.#namespace) {
        this.#out += ` xmlns="${escapeValue(namespace)}"`;
      }
      if (tag !== name) {
        this.#out += ` ls:name="${escapeValue(name)}"`;
      }
    }

    /**
     * Writes an element whose text is not that of its children.
     *
     * @param {Element} element
     * @param {string} namespace
     * @param {string} name
     * @returns {boolean} whether it was one
     */
    #writeWhole(element, namespace, name) {
      if (name === 'style' && (namespace === HTML || namespace === SVG)) {
        const style = /** @type {HTMLStyleElement} */ (element);
        const { text, changed } = this.#sheets.ofElement(style);
        attributes.findBlobs(text, this.#finds);
        this.#out += changed ? ' ls:adopted=""' : '';
        this.#out += `${attributes.serialize(element, this.#finds)}>${escapeText(text)}</style>`;
        return true;
      }
      if (name === 'textarea' && namespace === HTML) {
        const { value } = /** @type {HTMLTextAreaElement} */ (element);
        this.#out += `${attributes.serialize(element, this.#finds)}>${escapeText(value)}</textarea>`;
        return true;
      }
      return false;
    }

    /** @param {Element} element */
    #writeFrame(element) {
      const { contentWindow: window, src, data } = /** @type {any} */ (element);
      if (!window) {
        this.#out += attributes.serialize(element, this.#finds);
        return;
      }
      this.#out += attributes.serialize(element, this.#finds, 'srcdoc');
      this.#flush();
      const srcdoc = nodes.attribute(element, 'srcdoc');
      const otherwise = srcdoc === null ? '' : ` srcdoc="${escapeValue(srcdoc)}"`;
      this.#pieces.push(this.#frames.length);
      this.#frames.push({ window, isWeb: /^https?:/.test(src ?? data), otherwise });
    }

    /**
     * Ends the start tag and goes down into what the element holds.
     *
     * @param {Element} element
     * @param {string} namespace
     * @param {string} tag
     */
    #descend(element, namespace, tag) {
      const isHtml = namespace === HTML;
      const first = nodes.firstOf(element, isHtml && tag === 'template');
      const shadow = isHtml && this.#depth < DEEPEST - 1 ? nodes.shadowOf(element, tag) : null;
      const end = element === this.#adoptedAt ? this.#adopted(this.#document, namespace) : '';
      if (!first && !shadow && !end) {
        this.#out += '/>';
        return;
      }
      const level = { next: this.#node, namespace: this.#namespace, depth: this.#depth };
      this.#node = first;
      if (this.#depth >= DEEPEST) {
        this.#out += `>${end}</${tag}>`;
        this.#levels.push({ close: '', ...level });
        this.#flattened++;
        return;
      }
      this.#out += '>';
      this.#levels.push({ close: `${end}</${tag}>`, ...level });
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
      this.#out += `<template ls:shadow="${shadow.mode}">`;
      this.#levels.push({
        close: `${this.#adopted(shadow, HTML)}</template>`,
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
      this.#out += level.close;
      this.#node = level.next;
      this.#namespace = level.namespace;
      this.#depth = level.depth;
      return true;
    }

    /**
     * @param {Document | ShadowRoot} scope
     * @param {string} namespace - of the element that it stands in
     */
    #adopted(scope, namespace) {
      let text = '';
      for (const sheet of this.#sheets.adopted(scope)) {
        attributes.findBlobs(sheet.text, this.#finds);
        const start = namespace === HTML ? '<style' : `<style xmlns="${HTML}"`;
        const media = sheet.media ? ` media="${escapeValue(sheet.media)}"` : '';
        text += `${start} ls:adopted=""${media}>${escapeText(sheet.text)}</style>`;
      }
      return text;
    }
  }

  /**
   * @param {Document} document
   * @param {(canvas: HTMLCanvasElement) => string} keepCanvas
   * @returns {Walked}
   */
  return (document, keepCanvas) => new Walker(document, keepCanvas).run();
})();
