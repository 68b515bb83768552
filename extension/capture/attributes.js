/**
 * The page walker: the attributes of one element, with what the page has made of it since: form
 * fields as they are filled in, the picture that the browser chose, sheets that are switched off.
 *
 * @typedef {object} Finds - what the walk meets and the document alone cannot carry
 * @property {Map<string, HTMLImageElement | null>} blobs - blob: URLs that the page shows
 * @property {(canvas: HTMLCanvasElement) => string} keepCanvas - its URL, '' when it cannot be read
 *
 * @typedef {Record<string, string | null>} Changes - null: the attribute is left out
 */
globalThis.linksnap.attributes = (() => {
  const { nodes, xml } = globalThis.linksnap;
  const { HTML, XLINK, XML, escapeValue, isName } = xml;

  /** The host refuses an element with more than 1000; this leaves room for those of the walker. */
  const MOST = 950;

  /** Attributes whose `blob:` URL is a resource, but on these elements, where it is a link or a frame. */
  const SHOWN = new Set(['src', 'href', 'poster', 'data', 'background', 'xlink:href']);
  const ELSEWHERE = new Set(['a', 'area', 'iframe', 'frame']);
  const BLOB_IN_CSS = /blob:[^\s"'()\\<>]+/g;

  /** How a canvas looks without any rule. */
  const PLAIN_CANVAS = {
    display: 'inline',
    position: 'static',
    top: 'auto',
    left: 'auto',
    'z-index': 'auto',
    float: 'none',
    'box-sizing': 'content-box',
    margin: '0px',
    padding: '0px',
    'border-top': '0px',
    'border-right': '0px',
    'border-bottom': '0px',
    'border-left': '0px',
    'border-radius': '0px',
    'background-color': 'rgba(0, 0, 0, 0)',
    opacity: '1',
    transform: 'none',
    visibility: 'visible',
    'vertical-align': 'baseline',
  };

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
   * The picture that was chosen, alone. It may have more pixels than the page counts for it ("2x"):
   * where they decide how large it is shown, that becomes its width.
   *
   * @param {HTMLImageElement} img
   * @returns {Changes | null}
   */
  function ofImage(img) {
    const chosen = img.currentSrc;
    const isChoice = img.hasAttribute('srcset') || img.parentElement?.localName === 'picture';
    if (!chosen || !isChoice) {
      return null;
    }
    const isSized = img.hasAttribute('width') || img.hasAttribute('height');
    const isNatural = img.naturalWidth > 0 && img.width === img.naturalWidth;
    /** @type {Changes} */
    const changes = { src: chosen, srcset: null, sizes: null };
    return !isSized && isNatural ? { ...changes, width: String(img.naturalWidth) } : changes;
  }

  /**
   * A snapshot shows the pixels of a canvas in another element, which rules for `canvas` do not meet.
   * So what they do goes into its style.
   *
   * @param {HTMLCanvasElement} canvas
   * @param {Finds} finds
   * @returns {Changes | null}
   */
  function ofCanvas(canvas, finds) {
    const url = finds.keepCanvas(canvas);
    if (!url) {
      return null;
    }
    const now = getComputedStyle(canvas);
    const { width, height } = canvas;
    const plain = { ...PLAIN_CANVAS, width: `${width}px`, height: `${height}px` };
    const looks = Object.entries(plain)
      .map(([name, usual]) => [name, usual, now.getPropertyValue(name)])
      .filter(
        ([, usual, value]) => value !== usual && !(usual === '0px' && value.startsWith('0px ')),
      )
      .map(([name, , value]) => `${name}: ${value}`);
    const own = nodes.attribute(canvas, 'style') ?? '';
    const pixels = `background-image: url(${url}); background-size: 100% 100%`;
    return { style: [...looks, own.trim().replace(/;$/, ''), pixels].filter(Boolean).join('; ') };
  }

  /**
   * @param {HTMLLinkElement} link
   * @returns {Changes | null}
   */
  function ofLink(link) {
    if (!link.relList.contains('stylesheet')) {
      return null;
    }
    if (link.disabled || link.sheet?.disabled) {
      return { media: 'not all' };
    }
    // An alternative sheet that a script switched on.
    return link.sheet && link.relList.contains('alternate')
      ? { rel: 'stylesheet', title: null }
      : null;
  }

  /**
   * A modal dialog or open popover lies over the page only because a script opened it so.
   *
   * @param {Element} element
   * @returns {Changes | null}
   */
  function ofTopLayer(element) {
    if (!nodes.isMatch(element, ':modal, :popover-open')) {
      return null;
    }
    const { display, position, inset, margin } = getComputedStyle(element);
    return {
      style: joinStyle(
        element,
        `display: ${display}; position: ${position}; inset: ${inset}; margin: ${margin}; ` +
          'z-index: 2147483647',
      ),
    };
  }

  /**
   * @param {Element} element
   * @param {string} more
   */
  function joinStyle(element, more) {
    const own = (nodes.attribute(element, 'style') ?? '').trim();
    return own === '' ? more : `${own.replace(/;$/, '')}; ${more}`;
  }

  const CHANGES = new Map(
    /** @type {[string, (element: any, finds: Finds) => Changes | null][]} */ ([
      ['input', ofInput],
      ['option', (option) => ({ selected: option.selected ? '' : null })],
      ['img', ofImage],
      ['canvas', ofCanvas],
      ['link', ofLink],
      ['style', (style) => (style.sheet?.disabled ? { media: 'not all' } : null)],
      ['dialog', ofTopLayer],
    ]),
  );

  /**
   * @param {Element} element
   * @param {string[]} names - of its attributes
   * @param {Finds} finds
   * @returns {Changes | null}
   */
  function changesOf(element, names, finds) {
    if (nodes.namespaceOf(element) !== HTML) {
      return null;
    }
    const change = CHANGES.get(nodes.nameOf(element));
    if (change) {
      return change(element, finds);
    }
    return names.includes('popover') ? ofTopLayer(element) : null;
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
    const changes = changesOf(element, names, finds);
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
    for (const [name, value] of Object.entries(changes ?? {})) {
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
