/**
 * The page walker: what a server gives to this page alone (a login, a cookie, a link from here), asked
 * for after the capture: from the browser's cache where it is still there, as the page itself may ask
 * elsewhere, at last drawn anew from a picture that shows it. Not read by background/capture.js as
 * part of the page: only the URLs that the host could not get.
 *
 * @typedef {{ url: string, kind: string }} Wanted
 * @typedef {{ most: number, all: number, ms: number, idleMs: number, allMs: number, atOnce: number }} Limits
 *   bytes of each and of all, milliseconds of each, without a byte of any, and until nothing more is begun
 * @typedef {{ data: string, last: boolean, url?: string, base?: string, media_type?: string }} Part
 */
globalThis.linksnap.supply = (() => {
  const { resources } = globalThis.linksnap;
  const { createElement, getElementsByTagName } = Document.prototype;

  /** Ends requests by whose servers nothing is sent any more. */
  class Patience {
    #controller = new AbortController();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #timer;
    #ms;
    #all;

    /** @param {Limits} limits */
    constructor({ ms, idleMs }) {
      this.#ms = idleMs;
      this.#all = setTimeout(() => this.#controller.abort(), ms);
      this.renew();
    }

    get signal() {
      return this.#controller.signal;
    }

    /** Something has come. */
    renew() {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#controller.abort(), this.#ms);
    }

    end() {
      clearTimeout(this.#timer);
      clearTimeout(this.#all);
    }
  }

  /**
   * @param {Response} answer
   * @param {number} most
   * @param {Patience} patience
   * @returns {Promise<Blob | null>} null when there are more bytes
   */
  async function readBody(answer, most, patience) {
    const reader = answer.body?.getReader();
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const chunks = [];
    let size = 0;
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
      patience.renew();
      size += read.value.length;
      if (size > most) {
        await reader?.cancel();
        return null;
      }
      chunks.push(read.value);
    }
    return new Blob(chunks, { type: answer.headers.get('content-type') ?? '' });
  }

  /**
   * @param {string} url
   * @param {Limits} limits
   * @param {{ count: number }} silences - servers that stopped sending
   * @returns {Promise<{ blob: Blob, base: string } | null>}
   */
  async function ask(url, limits, silences) {
    const patience = new Patience(limits);
    try {
      return await askWith(url, limits.most, patience);
    } finally {
      silences.count += patience.signal.aborted ? 1 : 0;
      patience.end();
    }
  }

  /**
   * @param {string} url
   * @param {number} most
   * @param {Patience} patience
   * @returns {Promise<{ blob: Blob, base: string } | null>}
   */
  async function askWith(url, most, patience) {
    const { signal } = patience;
    let answer = await fetch(url, {
      credentials: 'same-origin',
      cache: 'force-cache',
      signal,
    });
    if (!answer.ok) {
      // What the cache remembers may be an error of long ago.
      await answer.body?.cancel();
      answer = await fetch(url, {
        credentials: 'same-origin',
        cache: 'reload',
        signal,
      });
    }
    if (!answer.ok || Number(answer.headers.get('content-length')) > most) {
      await answer.body?.cancel();
      return null;
    }
    patience.renew();
    const blob = await readBody(answer, most, patience);
    return blob && { blob, base: answer.url };
  }

  /**
   * @param {string} url
   * @returns {Promise<{ blob: Blob, base: string } | null>}
   */
  async function redraw(url) {
    const images = /** @type {HTMLImageElement[]} */ ([
      ...getElementsByTagName.call(document, 'img'),
    ]);
    const image = images.find((each) => each.currentSrc.split('#')[0] === url);
    if (!image?.complete || !image.naturalWidth) {
      return null;
    }
    const canvas = /** @type {HTMLCanvasElement} */ (createElement.call(document, 'canvas'));
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    canvas.getContext('2d')?.drawImage(image, 0, 0);
    /** @type {Blob | null} */
    const blob = await new Promise((resolve) => {
      canvas.toBlob(resolve, 'image/png');
    });
    return blob && { blob, base: url };
  }

  /**
   * @param {Wanted} wanted
   * @param {Limits} limits
   * @param {{ count: number }} silences
   */
  async function get({ url, kind }, limits, silences) {
    const asked = await ask(url, limits, silences).catch(() => null);
    const isShown = kind === 'image' || kind === 'icon';
    return asked ?? (isShown ? await redraw(url).catch(() => null) : null);
  }

  /**
   * @param {Wanted[]} wanted
   * @param {Limits} limits
   * @returns {AsyncGenerator<Part>} parts of those that could be had; a first part says of which
   */
  async function* read(wanted, limits) {
    let left = limits.all;
    const deadline = Date.now() + limits.allMs;
    const silences = { count: 0 };
    const ahead = wanted.slice(0, limits.atOnce).map((each) => get(each, limits, silences));
    for (const [i, { url }] of wanted.entries()) {
      const found = await ahead[i];
      delete ahead[i];
      const next = i + limits.atOnce;
      // Servers that say nothing are not waited for again and again.
      const isQuiet = silences.count >= limits.atOnce;
      if (next < wanted.length && Date.now() < deadline && !isQuiet) {
        ahead[next] = get(wanted[next], limits, silences);
      }
      if (found && found.blob.size > 0 && found.blob.size <= left) {
        const { blob, base } = found;
        left -= blob.size;
        let head = { url, base, media_type: blob.type };
        for await (const part of resources.parts(blob)) {
          yield { ...part, ...head };
          head = /** @type {any} */ ({});
        }
      }
    }
  }

  return { read };
})();
