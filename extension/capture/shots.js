/**
 * The page walker: canvases that cannot be read: a WebGL one shows its picture when its buffer is
 * long gone, and another site's pixels are kept from the page. What the browser shows of them is cut
 * out of a picture of the tab, unless something lies over them.
 *
 * @typedef {object} Shot
 * @property {DOMRect} rect
 * @property {(blob: Blob | null) => void} taken
 */
globalThis.linksnap.shots = (() => {
  const { nodes, pictures } = globalThis.linksnap;

  const MOST = 20;

  /** A smaller canvas is part of a trick rather than a picture. */
  const SMALLEST = 32;

  /** Points of a canvas that are looked at, in each direction, and the share of them that is free. */
  const GRID = 6;
  const FREE = 0.6;

  /** Pixels, in each direction, that are read to see whether there are any. */
  const SAMPLE = 16;

  /**
   * @param {HTMLCanvasElement} canvas
   * @returns {boolean} whether it can be read and has pixels
   */
  function isReadable(canvas) {
    try {
      const sample = pictures.draw(canvas.ownerDocument, canvas, SAMPLE, SAMPLE);
      const pixels = sample.getContext('2d')?.getImageData(0, 0, SAMPLE, SAMPLE).data ?? [];
      return pixels.some((value, i) => i % 4 === 3 && value > 0);
    } catch {
      return false;
    }
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {DOMRect} rect
   */
  function isFree(canvas, rect) {
    const scope = /** @type {Document | ShadowRoot} */ (nodes.scopeOf(canvas));
    let free = 0;
    for (let i = 0; i < GRID * GRID; i++) {
      const x = rect.left + (((i % GRID) + 0.5) / GRID) * rect.width;
      const y = rect.top + ((Math.floor(i / GRID) + 0.5) / GRID) * rect.height;
      free += nodes.at(scope, x, y) === canvas ? 1 : 0;
    }
    return free >= GRID * GRID * FREE;
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @returns {DOMRect} without border and padding
   */
  function contentOf(canvas) {
    const rect = canvas.getBoundingClientRect();
    const now = getComputedStyle(canvas);
    /** @param {string} side */
    const edge = (side) =>
      Number.parseFloat(now.getPropertyValue(`padding-${side}`)) +
      Number.parseFloat(now.getPropertyValue(`border-${side}-width`));
    const [top, right, bottom, left] = ['top', 'right', 'bottom', 'left'].map(edge);
    return new DOMRect(
      rect.left + left,
      rect.top + top,
      rect.width - left - right,
      rect.height - top - bottom,
    );
  }

  class Shots {
    /** @type {Shot[]} */
    #shots = [];

    /** Of the page's own frame alone it is known where it is in the tab. */
    #isInside = window.parent !== window;

    /**
     * Asks for a picture of a canvas that cannot be read.
     *
     * @param {HTMLCanvasElement} canvas
     * @returns {Promise<Blob | null> | null} null when none is needed, or none can be had
     */
    ask(canvas) {
      if (this.#isInside || this.#shots.length >= MOST) {
        return null;
      }
      const rect = contentOf(canvas);
      const isSeen =
        Math.min(rect.width, rect.height) >= SMALLEST &&
        rect.bottom > 0 &&
        rect.right > 0 &&
        rect.top < innerHeight &&
        rect.left < innerWidth;
      if (!isSeen || isReadable(canvas) || !isFree(canvas, rect)) {
        return null;
      }
      return new Promise((taken) => {
        this.#shots.push({ rect, taken });
      });
    }

    get count() {
      return this.#shots.length;
    }

    /**
     * @param {string} picture - of the tab, a PNG in Base64; '' when there is none
     */
    async take(picture) {
      const bytes = Uint8Array.from(atob(picture), (unit) => unit.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' })).catch(
        () => null,
      );
      for (const { rect, taken } of this.#shots) {
        taken(bitmap && (await cut(bitmap, rect)));
      }
    }
  }

  /**
   * @param {ImageBitmap} bitmap
   * @param {DOMRect} rect
   * @returns {Promise<Blob>}
   */
  function cut(bitmap, rect) {
    const scale = bitmap.width / innerWidth;
    // Browsers put edges on whole pixels of the screen.
    const [left, top, right, bottom] = [rect.left, rect.top, rect.right, rect.bottom].map((edge) =>
      Math.round(edge * scale),
    );
    const canvas = new OffscreenCanvas(Math.max(1, right - left), Math.max(1, bottom - top));
    canvas.getContext('2d')?.drawImage(bitmap, -left, -top);
    return canvas.convertToBlob({ type: 'image/png' });
  }

  return { Shots };
})();
