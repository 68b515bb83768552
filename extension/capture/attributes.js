/**
 * The page walker: the attributes of one element, with what the page has made of it since: form
 * fields as they are filled in, what lies over the page, sheets that are switched off.
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
  const { nodes, pictures, scrolled, xml } = globalThis.linksnap;
  const { rootOf } = nodes;
  const { HTML, XLINK, XML, escapeValue, isName } = xml;

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
   * @param {HTMLLinkElement} link
   * @returns {Changes | null}
   */
  function ofLink(link) {
    if (!link.relList.contains('stylesheet')) {
      return null;
    }
    const changes = ofSheet(link);
    // An alternative sheet that a script switched on.
    return link.sheet && !link.sheet.disabled && link.relList.contains('alternate')
      ? { ...changes, rel: 'stylesheet', title: null }
      : changes;
  }

  /**
   * A sheet may be switched off, or for other media than its element says.
   *
   * @param {HTMLLinkElement | HTMLStyleElement | SVGStyleElement} owner
   * @returns {Changes | null}
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

  /** What lies over the page as a modal dialog, an open popover or in fullscreen does. */
  const TOP_LAYER =
    'inset margin width height max-width max-height transform box-sizing object-fit'.split(' ');

  /**
   * Margins by which a modal dialog stands in the middle; a browser tells how wide they are.
   *
   * @param {CSSStyleDeclaration} now
   */
  function centred({ marginTop, marginRight, marginBottom, marginLeft }) {
    /** @param {string} one @param {string} other */
    const isSame = (one, other) => Math.abs(Number.parseFloat(one) - Number.parseFloat(other)) < 2;
    const [right, left] = isSame(marginLeft, marginRight)
      ? ['auto', 'auto']
      : [marginRight, marginLeft];
    const [top, bottom] = isSame(marginTop, marginBottom)
      ? ['auto', 'auto']
      : [marginTop, marginBottom];
    return `${top} ${right} ${bottom} ${left}`;
  }

  /**
   * It lies there only because a script put it there. The colour that is between it and the page
   * becomes a shadow.
   *
   * @param {Element} element
   * @returns {Changes | null}
   */
  function ofTopLayer(element) {
    const now = getComputedStyle(element);
    const isFullscreen = nodes.isMatch(element, ':fullscreen');
    const looks = TOP_LAYER.filter((name) => isFullscreen || /^(inset|margin)$/.test(name)).map(
      (name) => `${name}: ${now.getPropertyValue(name)}`,
    );
    if (!isFullscreen && nodes.isMatch(element, ':modal') && /^0px( |$)/.test(now.inset)) {
      looks[1] = `margin: ${centred(now)}`;
    }
    const { backgroundColor, opacity, display } = getComputedStyle(element, '::backdrop');
    const isShaded = display !== 'none' && !/^rgba\(.*, 0\)$|^transparent$/.test(backgroundColor);
    if (isShaded && Number(opacity) > 0) {
      const shade =
        Number(opacity) < 1
          ? `color-mix(in srgb, ${backgroundColor} ${Number(opacity) * 100}%, transparent)`
          : backgroundColor;
      const own = now.boxShadow === 'none' ? '' : `${now.boxShadow}, `;
      looks.push(`box-shadow: ${own}0 0 0 200vmax ${shade}`);
    }
    const { display: shown, position } = now;
    return {
      style: joinStyle(
        nodes.attribute(element, 'style') ?? '',
        [`display: ${shown}; position: ${position}`, ...looks, 'z-index: 2147483647'].join('; '),
      ),
    };
  }

  /**
   * @param {string} own
   * @param {string} more
   */
  function joinStyle(own, more) {
    const first = own.trim().replace(/;$/, '');
    return first === '' ? more : `${first}; ${more}`;
  }

  const CHANGES = new Map(
    /** @type {[string, (element: any, finds: Finds) => Changes | null][]} */ ([
      ['input', ofInput],
      ['option', (option) => ({ selected: option.selected ? '' : null })],
      ['img', pictures.ofImage],
      ['canvas', (canvas, { keep }) => pictures.ofCanvas(canvas, keep)],
      ['video', (video, { keep }) => pictures.ofVideo(video, keep)],
      ['link', ofLink],
      ['style', ofSheet],
    ]),
  );

  const OVER_PAGE = /(^| )(modal|popover-open|fullscreen)( |$)/;

  /**
   * @param {Element} element
   * @param {Finds} finds
   * @returns {Changes | null}
   */
  function changesOf(element, finds) {
    const mark = finds.marks.of(element);
    const isHtml = nodes.namespaceOf(element) === HTML;
    const change = isHtml ? CHANGES.get(nodes.nameOf(element))?.(element, finds) : null;
    if (!mark) {
      return change ?? null;
    }
    const isOver =
      OVER_PAGE.test(mark.attributes['ls-is'] ?? '') && element !== rootOf(element.ownerDocument);
    const top = isOver ? ofTopLayer(element) : null;
    const changes = { ...change, ...top, ...mark.attributes };
    const moved = mark.animations.length > 0 ? scrolled.animation(element, mark.animations) : '';
    const style = mark.style + moved;
    if (style) {
      changes.style = joinStyle(changes.style ?? nodes.attribute(element, 'style') ?? '', style);
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
