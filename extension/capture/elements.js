/**
 * The page walker: how single elements are written: their start tags, and the whole of those that
 * are more than their attributes and children.
 */
globalThis.linksnap.elements = (() => {
  const { attributes, faces, framed, nodes, pieces, sheets, styles, xml } = globalThis.linksnap;
  const { HTML, SVG, XLINK, WIRE, escapeText, escapeValue } = xml;

  /** Their `blob:` URL may stand for a stream that nobody can read. */
  const MEDIA = new Set(['video', 'audio', 'source']);

  /** @type {[string, string]} */
  const NOTHING = ['', ''];

  /** @param {HTMLSelectElement} select */
  const isUnchosen = ({ selectedIndex, multiple, size, length }) =>
    selectedIndex === -1 && !multiple && size <= 1 && length > 0;

  class Writer {
    /** @type {import('./framed.js').Frame[]} */
    frames = [];
    #pieces = new pieces.Pieces();
    #document;
    #finds;
    #sheets;
    #loaded;
    #windowOf;

    /**
     * @param {Document} document
     * @param {import('./attributes.js').Finds} finds
     */
    constructor(document, finds) {
      this.#document = document;
      this.#finds = finds;
      this.#sheets = styles.reader(document);
      this.#loaded = sheets.comparer(this.#sheets.parse);
      this.#windowOf = framed.finder(document);
    }

    /** @param {string} text - safe XML */
    add(text) {
      this.#pieces.add(text);
    }

    /** Between elements. */
    settle() {
      this.#pieces.settle();
    }

    /** @returns {{ text: string }} to be filled in later */
    reserve() {
      const place = { text: '' };
      this.#pieces.place(place);
      return place;
    }

    finish() {
      return this.#pieces.finish();
    }

    /** @param {Text} node */
    text(node) {
      const slot = this.#finds.marks.slotOf(node);
      const text = escapeText(node.data);
      this.add(slot ? `<span slot="${slot}" style="display: contents">${text}</span>` : text);
    }

    /**
     * The start tag without its end.
     *
     * @param {Element} element
     * @param {string} namespace
     * @param {string} around - the namespace that it stands in, '' for the root
     * @param {string} tag
     * @param {string} name - other than `tag` where XML cannot write it
     * @returns {boolean} false when the whole element is written
     */
    start(element, namespace, around, tag, name) {
      let start = `<${tag}`;
      if (around === '' && element === nodes.rootOf(this.#document)) {
        start += ` xmlns="${escapeValue(namespace)}" xmlns:ls="${WIRE}" xmlns:xlink="${XLINK}"`;
      } else if (namespace !== around) {
        start += ` xmlns="${escapeValue(namespace)}"`;
      }
      if (tag !== name) {
        start += ` ls:name="${escapeValue(name)}"`;
      }
      const mark = this.#pieces.mark();
      this.add(start);
      if (tag === 'style' && (namespace === HTML || namespace === SVG)) {
        this.#style(/** @type {HTMLStyleElement} */ (element));
        return false;
      }
      return namespace === HTML ? this.#html(element, tag, mark) : this.#plain(element);
    }

    /**
     * @param {Element} element
     * @param {string | null} [without] - an attribute
     */
    #plain(element, without = null) {
      this.add(attributes.serialize(element, this.#finds, without));
      return true;
    }

    /**
     * @param {Element} element
     * @param {string} tag
     * @param {number} mark - where its start tag begins
     */
    #html(element, tag, mark) {
      switch (tag) {
        case 'textarea': {
          const { value } = /** @type {HTMLTextAreaElement} */ (element);
          this.#plain(element);
          this.add(`>${escapeText(value)}</textarea>`);
          return false;
        }
        case 'canvas':
          return this.#canvas(element);
        case 'link':
          this.#plain(element);
          return this.#link(/** @type {HTMLLinkElement} */ (element), mark);
        default:
          if (framed.FRAMES.has(tag)) {
            return this.#frame(element);
          }
          return MEDIA.has(tag) ? this.#media(element) : this.#plain(element);
      }
    }

    /** @param {HTMLStyleElement} style */
    #style(style) {
      const { text, changed } = this.#sheets.ofElement(style);
      attributes.findBlobs(text, this.#finds);
      this.add(changed ? ' ls:adopted=""' : '');
      this.#plain(style);
      this.add(`>${escapeText(text)}</style>`);
    }

    /**
     * @param {HTMLLinkElement} link
     * @param {number} mark
     */
    #link(link, mark) {
      const { sheet } = link;
      if (!sheet || sheet.disabled || link.firstChild) {
        return true;
      }
      this.add('/>');
      const tag = this.#pieces.take(mark);
      this.#pieces.place({ text: this.#loaded.ofLink(link, tag) });
      return false;
    }

    /** @param {Element} canvas */
    #canvas(canvas) {
      const mark = this.#pieces.mark();
      this.#plain(canvas);
      const text = this.#pieces.take(mark);
      const pixels = /background-image: url\((linksnap:canvas\/\d+)\);/.exec(text);
      if (pixels && this.#finds.isFromTab(pixels[1])) {
        const otherwise = text.replace(pixels[0], '');
        this.#pieces.place({ blob: pixels[1], text, otherwise });
      } else {
        this.add(text);
      }
      return true;
    }

    /** @param {Element} element */
    #frame(element) {
      const window = this.#windowOf(element);
      if (!window) {
        return this.#plain(element);
      }
      this.#plain(element, 'srcdoc');
      const { src, data } = /** @type {any} */ (element);
      const srcdoc = nodes.attribute(element, 'srcdoc');
      const otherwise = srcdoc === null ? '' : ` srcdoc="${escapeValue(srcdoc)}"`;
      this.#pieces.place(this.frames.length);
      this.frames.push({
        window,
        isWeb: /^https?:/.test(src ?? data),
        otherwise,
      });
      return true;
    }

    /** @param {Element} element */
    #media(element) {
      const src = nodes.attribute(element, 'src');
      if (!src?.startsWith('blob:')) {
        return this.#plain(element);
      }
      this.#finds.blobs.set(src, null);
      this.#plain(element, 'src');
      this.#pieces.place({ blob: src, text: ` src="${escapeValue(src)}"` });
      return true;
    }

    /**
     * What stands in an element besides its children: a select of which nothing is chosen would show
     * its first option; the text of a scrolled box needs one that it can snap to.
     *
     * @param {Element} element - of HTML
     * @param {string} tag
     * @returns {[before: string, after: string]}
     */
    inside(element, tag) {
      const around = this.#finds.marks.of(element)?.around;
      if (around) {
        return [`<span style="${around}">`, '</span>'];
      }
      return tag === 'select' && isUnchosen(/** @type {HTMLSelectElement} */ (element))
        ? ['<option selected="" hidden=""></option>', '']
        : NOTHING;
    }

    /**
     * Writes the sheets that `<?xml-stylesheet?>` names: they come before all others.
     *
     * @param {string} namespace - of the element that they stand in
     */
    instructed(namespace) {
      for (const sheet of styles.instructed(this.#document)) {
        const media = styles.mediaAttribute(sheet.media.mediaText);
        const href = escapeValue(sheet.href);
        const text =
          namespace === HTML
            ? this.#loaded.ofSheet(sheet, `<link rel="stylesheet" href="${href}"${media}/>`)
            : styles.element(styles.writeAll(sheet), ` ls:base="${href}"${media}`);
        this.#pieces.place({ text });
      }
    }

    /**
     * @param {Document | ShadowRoot} scope
     * @param {string} namespace - of the element that it stands in
     * @returns {string} the sheets that it adopted, and fonts that scripts added
     */
    adopted(scope, namespace) {
      const fonts = scope === this.#document ? faces.rules(this.#document) : '';
      let text = fonts && styles.element(fonts, '');
      for (const sheet of this.#sheets.adopted(scope)) {
        attributes.findBlobs(sheet.text, this.#finds);
        const start = namespace === HTML ? '<style' : `<style xmlns="${HTML}"`;
        const media = styles.mediaAttribute(sheet.media);
        text += `${start} ls:adopted=""${media}>${escapeText(sheet.text)}</style>`;
      }
      return text;
    }

    /** @param {Document | ShadowRoot} scope */
    textsIn(scope) {
      return this.#sheets.textsIn(scope);
    }
  }

  return { Writer };
})();
