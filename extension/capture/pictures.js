/**
 * The page walker: pictures that a page has and no markup says: the one that was chosen of several,
 * the pixels of a canvas, the frame that a video shows.
 *
 * @typedef {(canvas: HTMLCanvasElement, type?: string) => string} Keep - its URL, '' when it cannot
 *   be read
 */
globalThis.linksnap.pictures = (() => {
  const { nodes } = globalThis.linksnap;
  const { createElement } = Document.prototype;

  /** More pixels than this a canvas has only by mistake; encoding them takes seconds. */
  const PIXELS = 4096 * 4096;

  /** A frame of a video is kept no wider. */
  const WIDEST_FRAME = 1920;

  /**
   * @param {Document} document
   * @param {CanvasImageSource} source
   * @param {number} width
   * @param {number} height
   * @returns {HTMLCanvasElement} with the source drawn to that size
   */
  function draw(document, source, width, height) {
    const canvas = /** @type {HTMLCanvasElement} */ (createElement.call(document, 'canvas'));
    canvas.width = Math.max(1, Math.round(width));
    canvas.height = Math.max(1, Math.round(height));
    canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  /**
   * The picture that was chosen, alone; an empty `srcset` still meets the rules that ask for one. It
   * may have more pixels than the page counts for it ("2x"): where they decide how large it is shown,
   * that becomes its width.
   *
   * @param {HTMLImageElement} img
   * @returns {import('./attributes.js').Changes | null}
   */
  function ofImage(img) {
    const chosen = img.currentSrc;
    const isChoice = img.hasAttribute('srcset') || img.parentElement?.localName === 'picture';
    if (!chosen || !isChoice) {
      return null;
    }
    const isSized = img.hasAttribute('width') || img.hasAttribute('height');
    const isNatural = img.naturalWidth > 0 && img.width === img.naturalWidth;
    /** @type {import('./attributes.js').Changes} */
    const changes = { src: chosen };
    if (img.hasAttribute('srcset')) {
      changes.srcset = '';
    }
    return !isSized && isNatural ? { ...changes, width: String(img.naturalWidth) } : changes;
  }

  /**
   * Of the choices for a picture nothing is left but the elements.
   *
   * @param {HTMLSourceElement} source
   * @returns {import('./attributes.js').Changes | null}
   */
  function ofSource({ parentElement }) {
    const isChosen =
      parentElement?.localName === 'picture' &&
      Boolean(parentElement.querySelector('img')?.currentSrc);
    return isChosen ? { src: null, srcset: null } : null;
  }

  /**
   * A snapshot shows the pixels of a canvas in an image; the host makes rules for `canvas` meet it.
   *
   * @param {HTMLCanvasElement} canvas
   * @param {Keep} keep
   * @returns {import('./attributes.js').Changes | null}
   */
  function ofCanvas(canvas, keep) {
    const { width, height } = canvas;
    const scale = Math.sqrt(PIXELS / (width * height));
    const shown =
      scale < 1 ? draw(canvas.ownerDocument, canvas, width * scale, height * scale) : canvas;
    const url = keep(shown);
    if (!url) {
      return null;
    }
    const now = getComputedStyle(canvas);
    const own = (nodes.attribute(canvas, 'style') ?? '').trim().replace(/;$/, '');
    const size = [
      now.width === `${shown.width}px` ? '' : `width: ${now.width}`,
      now.height === `${shown.height}px` ? '' : `height: ${now.height}`,
    ];
    const pixels = `background-image: url(${url}); background-size: 100% 100%`;
    return { style: [...size, own, pixels].filter(Boolean).join('; ') };
  }

  /**
   * The frame that a video shows becomes its poster, unless it shows a poster now.
   *
   * @param {HTMLVideoElement} video
   * @param {Keep} keep
   * @returns {import('./attributes.js').Changes | null}
   */
  function ofVideo(video, keep) {
    const { videoWidth, videoHeight, readyState, currentTime, played, paused } = video;
    const isStarted = currentTime > 0 || played.length > 0 || !paused;
    if (videoWidth === 0 || readyState < 2 || (video.hasAttribute('poster') && !isStarted)) {
      return null;
    }
    const scale = Math.min(1, WIDEST_FRAME / videoWidth);
    const url = keep(
      draw(video.ownerDocument, video, videoWidth * scale, videoHeight * scale),
      'image/webp',
    );
    return url ? { poster: url } : null;
  }

  return { draw, ofImage, ofSource, ofCanvas, ofVideo };
})();
