/**
 * The page walker: what only this page can read. Pixels of canvases and videos, and what stands behind blob: URLs
 * go to the host as bytes.
 *
 * @typedef {object} Resource
 * @property {string} url
 * @property {Blob} blob
 */
globalThis.linksnap.resources = (() => {
  /** The host stores no asset of more bytes. */
  const LARGEST = 50 * 1024 * 1024;

  const MOST_PIXELS = 1000;

  /** How long the page may take to hand out one blob. */
  const BLOB_MS = 10_000;

  /** Bytes of one part: a multiple of three, so that Base64 can be cut there. */
  const PART = 3 * 192 * 1024;

  const { draw } = globalThis.linksnap.pictures;

  /**
   * Reads canvases: their bitmap is taken at once, encoded later.
   *
   * @param {number} first - number of the first; a capture numbers all its canvases
   * @param {{ ask: (canvas: HTMLCanvasElement) => Promise<Blob | null> | null }} shots
   */
  function pixelKeeper(first, shots) {
    /** @type {Promise<Resource | null>[]} */
    const kept = [];

    /** Those that depend on a picture of the tab. @type {Map<string, Promise<Resource | null>>} */
    const fromTab = new Map();

    /** @type {import('./pictures.js').Keep} */
    function keep(canvas, type = 'image/png') {
      if (kept.length >= MOST_PIXELS || canvas.width === 0 || canvas.height === 0) {
        return '';
      }
      const url = `linksnap:canvas/${first + kept.length}`;
      /** @type {(blob: Blob | null) => void} */
      let encoded = () => {};
      /** @type {Promise<Resource | null>} */
      const resource = new Promise((resolve) => {
        encoded = (blob) => resolve(blob && { url, blob });
      });
      try {
        canvas.toBlob(encoded, type, 0.9);
      } catch {
        // The page itself may not read it.
        return '';
      }
      kept.push(resource);
      return url;
    }

    /** @type {import('./pictures.js').Keep} */
    function keepOrShoot(canvas, type) {
      const shot = type === undefined ? shots.ask(canvas) : null;
      if (!shot) {
        return keep(canvas, type);
      }
      const url = `linksnap:canvas/${first + kept.length}`;
      const resource = shot.then((blob) => blob && { url, blob });
      kept.push(resource);
      fromTab.set(url, resource);
      return url;
    }

    return {
      keep: keepOrShoot,
      kept,
      fromTab,
      isFromTab: (/** @type {string} */ url) => fromTab.has(url),
    };
  }

  /**
   * @param {string} url - blob:
   * @param {HTMLImageElement | null} image - one that shows it: pages give a URL up when it is shown
   * @returns {Promise<Resource | null>}
   */
  async function readBlob(url, image) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(BLOB_MS) });
      return { url, blob: await answer.blob() };
    } catch {
      const blob = await redraw(image).catch(() => null);
      return blob && { url, blob };
    }
  }

  /**
   * @param {HTMLImageElement | null} image
   * @returns {Promise<Blob | null>}
   */
  async function redraw(image) {
    if (!image?.naturalWidth) {
      return null;
    }
    const drawing = draw(image.ownerDocument, image, image.naturalWidth, image.naturalHeight);
    return new Promise((resolve) => {
      drawing.toBlob(resolve, 'image/png');
    });
  }

  /**
   * @param {Blob} blob
   * @returns {Promise<string>} Base64
   */
  function toBase64(blob) {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => {
        const url = String(reader.result);
        resolve(url.slice(url.indexOf(',') + 1));
      };
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(blob);
    });
  }

  /**
   * @param {Blob} blob
   * @returns {AsyncGenerator<{ data: string, last: boolean }>}
   */
  async function* parts(blob) {
    let offset = 0;
    do {
      const end = Math.min(offset + PART, blob.size);
      yield {
        data: await toBase64(blob.slice(offset, end)),
        last: end === blob.size,
      };
      offset = end;
    } while (offset < blob.size);
  }

  /**
   * @param {Resource | null} resource
   * @returns {resource is Resource}
   */
  const isStorable = (resource) =>
    resource !== null && resource.blob.size > 0 && resource.blob.size <= LARGEST;

  return { pixelKeeper, readBlob, parts, isStorable };
})();
