/**
 * The page walker: what lies over the page as a modal dialog, an open popover or in fullscreen does.
 */
globalThis.linksnap.overlaid = (() => {
  const { nodes } = globalThis.linksnap;
  const { rootOf } = nodes;

  const OVER_PAGE = /(^| )(modal|popover-open|fullscreen)( |$)/;

  /** What says where it lies. */
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
   * @returns {import('./attributes.js').Changes}
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

  /**
   * @param {Element} element
   * @param {import('./marks.js').Mark} mark
   * @returns {import('./attributes.js').Changes | null}
   */
  function ofElement(element, mark) {
    const isOver =
      OVER_PAGE.test(mark.attributes['ls-is'] ?? '') && element !== rootOf(element.ownerDocument);
    return isOver ? ofTopLayer(element) : null;
  }

  return { ofElement, joinStyle };
})();
