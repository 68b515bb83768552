/**
 * The page walker: the attributes of one element, with what the page has made of it since: form
 * fields as they are filled in, the picture that was chosen.
 *
 * @typedef {object} Finds - what the walk meets and the document alone cannot carry
 * @property {Map<string, HTMLImageElement | null>} blobs - blob: URLs that the page shows
 * @property {import('./pictures.js').Keep} keep - takes pixels
 * @property {(url: string) => boolean} isFromTab - whether they may yet be missing
 * @property {import('./marks.js').Marks} marks
 *
 * @typedef {Record<string, string | null>} Changes - null: the attribute is left out
 */
globalThis.linksnap.attributes = (() => {
  const { framed, nodes, overlaid, pictures, scrolled, switched, xml } = globalThis.linksnap;
  const { HTML, SVG, XLINK, XML, escapeValue, isName } = xml;

  /** The host refuses an element with more than 1000; this leaves room for those of the walker. */
  const MOST = 950;

  /** Attributes whose `blob:` URL is a resource, but on these elements, where it is a link or a frame. */
  const SHOWN = new Set(['src', 'href', 'poster', 'data', 'background', 'xlink:href']);
  const ELSEWHERE = new Set(['a', 'area', 'iframe', 'frame']);
  const BLOB_IN_CSS = /blob:[^\s"'()\\<>]+/g;

  /**
   * @param {string} url
   * @param {HTMLImageElement | null} image
   * @param {Finds} finds
   */
  function findBlob(url, image, finds) {
    finds.blobs.set(url, finds.blobs.get(url) ?? image);
  }

  /**
   * @param {string} css
   * @param {Finds} finds
   */
  function findBlobs(css, finds) {
    if (css.includes('blob:')) {
      for (const url of css.match(BLOB_IN_CSS) ?? []) {
        findBlob(url, null, finds);
      }
    }
  }

  /**
   * @param {HTMLInputElement} input
   * @returns {Changes | null}
   */
  function ofInput(input) {
    switch (input.type) {
      case 'checkbox':
      case 'radio':
        return { checked: input.checked ? '' : null };
      case 'password':
      case 'file':
        return { value: null };
      default:
        return input.value === (input.getAttribute('value') ?? '') ? null : { value: input.value };
    }
  }

  /**
   * A drawing in an object has a size of its own; the frame that stands for it has none. An object
   * that shows what it holds names nothing any more.
   *
   * @param {HTMLObjectElement | HTMLEmbedElement} element
   * @returns {Changes | null}
   */
  function ofPlugin(element) {
    if (framed.isInstead(element)) {
      return { data: null, type: null };
    }
    const root = element.getSVGDocument?.()?.documentElement;
    if (!root || nodes.namespaceOf(root) !== SVG) {
      return null;
    }
    const { width, height } = getComputedStyle(element);
    const own = nodes.attribute(element, 'style') ?? '';
    return { style: overlaid.joinStyle(own, `width: ${width}; height: ${height}`) };
  }

  /**
   * A drawing fills the object that it stands in, whatever size it gives itself.
   *
   * @param {Element} root
   * @returns {Changes | null}
   */
  function ofDrawing(root) {
    const frame = framed.elementOf(root.ownerDocument.defaultView ?? window);
    return frame && nodes.isMatch(frame, 'object, embed')
      ? { width: '100%', height: '100%' }
      : null;
  }

  const CHANGES = new Map(
    /** @type {[string, (element: any, finds: Finds) => Changes | null][]} */ ([
      ['input', ofInput],
      ['option', (option) => ({ selected: option.selected ? '' : null })],
      ['img', pictures.ofImage],
      ['canvas', (canvas, { keep }) => pictures.ofCanvas(canvas, keep)],
      ['object', ofPlugin],
      ['embed', ofPlugin],
      ['video', (video, { keep }) => pictures.ofVideo(video, keep)],
      ['link', switched.ofLink],
      ['source', pictures.ofSource],
      ['style', switched.ofSheet],
    ]),
  );

  /**
   * @param {Element} element
   * @param {Finds} finds
   * @returns {Changes | null}
   */
  function changesOf(element, finds) {
    const mark = finds.marks.of(element);
    const namespace = nodes.namespaceOf(element);
    const isDrawing = namespace === SVG && element === nodes.rootOf(element.ownerDocument);
    const write = isDrawing ? ofDrawing : CHANGES.get(nodes.nameOf(element));
    const change = write && (isDrawing || namespace === HTML) ? write(element, finds) : null;
    if (!mark) {
      return change;
    }
    const changes = { ...change, ...overlaid.ofElement(element, mark), ...mark.attributes };
    const moved = mark.animations.length > 0 ? scrolled.animation(element, mark.animations) : '';
    const style = mark.style + moved;
    if (style) {
      changes.style = overlaid.joinStyle(
        changes.style ?? nodes.attribute(element, 'style') ?? '',
        style,
      );
    }
    return changes;
  }

  /**
   * The value of an attribute, null when XML has no way to write it.
   *
   * @param {Element} element
   * @param {string} name
   * @returns {string | null}
   */
  function valueOf(element, name) {
    switch (name) {
      case 'xmlns':
        return null;
      case 'xlink:href':
        return nodes.attributeNS(element, XLINK, 'href');
      case 'xml:lang':
        return nodes.attributeNS(element, XML, 'lang');
      case 'xml:space':
        return nodes.attributeNS(element, XML, 'space');
      default:
        return isName(name) ? nodes.attribute(element, name) : null;
    }
  }

  /**
   * ` name="value"` for each attribute.
   *
   * @param {Element} element
   * @param {Finds} finds
   * @param {string | null} without - one attribute to leave out
   * @returns {string}
   */
  function serialize(element, finds, without = null) {
    const names = nodes.attributeNames(element);
    const changes = changesOf(element, finds);
    let text = '';
    let written = 0;
    for (let i = 0; i < names.length && written < MOST; i++) {
      const name = names[i];
      const changed = changes !== null && Object.hasOwn(changes, name);
      if (name === without || changed || names.indexOf(name) !== i) {
        continue;
      }
      const value = valueOf(element, name);
      if (value !== null) {
        text += ` ${name}="${escapeValue(value)}"`;
        written++;
        look(element, name, value, finds);
      }
    }
    return changes ? text + serializeChanges(element, changes, finds) : text;
  }

  /**
   * @param {Element} element
   * @param {Changes} changes
   * @param {Finds} finds
   */
  function serializeChanges(element, changes, finds) {
    let text = '';
    for (const [name, value] of Object.entries(changes)) {
      if (value !== null) {
        text += ` ${name}="${escapeValue(value)}"`;
        look(element, name, value, finds);
      }
    }
    return text;
  }

  /**
   * @param {Element} element
   * @param {string} name
   * @param {string} value
   * @param {Finds} finds
   */
  function look(element, name, value, finds) {
    if (name === 'style') {
      findBlobs(value, finds);
    } else if (value.startsWith('blob:') && SHOWN.has(name)) {
      const tag = nodes.nameOf(element);
      if (!ELSEWHERE.has(tag)) {
        findBlob(value, tag === 'img' ? /** @type {HTMLImageElement} */ (element) : null, finds);
      }
    }
  }

  return { serialize, findBlobs };
})();
