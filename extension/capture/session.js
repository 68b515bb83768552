/**
 * The page walker: one capture in one frame. It answers what background/capture.js asks over a port,
 * one request at a time:
 *
 * - `isLazy`: whether pictures wait for a scroll; `scroll`: scrolls through the page.
 * - `walk`: reads the document, gives each frame element in it a token, and posts that token into the
 *   frame. The walker in there hears it and tells the background: so both ends of a frame are known,
 *   whatever the page does, and wherever in its shadow trees the element is.
 * - `shot`: a picture of the tab, for canvases that cannot be read; `walk` has said how many.
 * - `send`: which item each frame is; from now on the text is final.
 * - `missed`: how many resources could not be read, or were too many.
 * - `fetch`: from now on `next` gives what the host could not get (capture/supply.js).
 * - `next`: one part of the document, then of each resource; null at the end.
 */
(() => {
  const { faces, nodes, pieces, resources, scrolling, shots, supply, walk } = globalThis.linksnap;
  const { getter } = nodes;
  const scope = /** @type {any} */ (globalThis);
  const extension = scope.browser ?? scope.chrome;

  /** Bytes of all resources of one frame; the host takes 256 MiB of a capture. */
  const RESOURCES = 128 * 1024 * 1024;

  /** What a token looks like, and how many a frame may hear: a page can post whatever it likes. */
  const TOKEN = /^[0-9a-f]{32}$/;
  const TOKENS = 16;

  /** A canvas that WebGL drew can be read in the same frame only; a hidden page has no frames. */
  const FRAME_MS = 100;

  /** @type {(document: Document) => string} */
  const urlOf = getter(Document.prototype, 'URL');
  /** @type {(document: Document) => string} */
  const baseOf = getter(Node.prototype, 'baseURI');
  /** @type {(document: Document) => string} */
  const typeOf = getter(Document.prototype, 'contentType');
  /** @type {(document: Document) => string} */
  const modeOf = getter(Document.prototype, 'compatMode');
  /** @type {(document: Document) => DocumentType | null} */
  const doctypeOf = getter(Document.prototype, 'doctype');

  /**
   * The doctype that gives this document's rendering mode.
   *
   * @param {Document} document
   * @returns {string} '' for quirks mode without one
   */
  function writeDoctype(document) {
    const doctype = doctypeOf(document);
    if (!doctype) {
      return modeOf(document) === 'BackCompat' ? '' : '<!DOCTYPE html>';
    }
    const ids = [doctype.publicId, doctype.systemId].map((id) => id.replace(/["<>]/g, ''));
    const [publicId, systemId] = ids;
    const system = systemId ? ` "${systemId}"` : '';
    if (publicId) {
      return `<!DOCTYPE html PUBLIC "${publicId}"${system}>`;
    }
    return system ? `<!DOCTYPE html SYSTEM${system}>` : '<!DOCTYPE html>';
  }

  function nextFrame() {
    return new Promise((resolve) => {
      requestAnimationFrame(resolve);
      setTimeout(resolve, FRAME_MS);
    });
  }

  function token() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  /**
   * Most pages have nothing drawn, and need not wait for the next frame. What shadow roots hold is
   * known only when they were walked.
   *
   * @param {number} firstCanvas
   * @param {InstanceType<typeof shots.Shots>} fromTab
   */
  async function walkWithPixels(firstCanvas, fromTab) {
    const isInside = window.parent !== window;
    const [drawn] = nodes.all(document, 'canvas, video');
    if (!drawn) {
      let isAsked = false;
      const keep = () => {
        isAsked = true;
        return '';
      };
      const walked = walk(document, { keep, isFromTab: () => false }, isInside);
      if (!isAsked) {
        return { walked, kept: [], shot: [] };
      }
    }
    await nextFrame();
    const pixels = resources.pixelKeeper(firstCanvas, fromTab);
    const walked = walk(document, pixels, isInside);
    return { walked, kept: pixels.kept, shot: [...pixels.fromTab] };
  }

  class Session {
    /** @type {import('./walk.js').Walked | null} */
    #walked = null;
    /** @type {Promise<import('./resources.js').Resource | null>[]} */
    #resources = [];
    /** @type {Map<string, Promise<import('./resources.js').Resource | null>>} */
    #blobs = new Map();
    /** @type {AsyncGenerator<object> | null} */
    #parts = null;
    #missed = 0;
    #shots = new shots.Shots();

    /** @param {any} request */
    async handle(request) {
      switch (request?.ask) {
        case 'isLazy':
          return scrolling.isNeeded(document);
        case 'scroll':
          await scrolling.run(document);
          return {};
        case 'walk':
          return this.#walk(Number(request.firstCanvas));
        case 'shot':
          await this.#shots.take(String(request.picture));
          return {};
        case 'send':
          await this.#shots.take('');
          this.#parts = this.#read(request.items, new Set(request.skip));
          return {};
        case 'missed':
          return this.#missed;
        case 'fetch':
          this.#parts = supply.read(request.wanted, request.limits);
          return {};
        case 'next':
          return (await this.#parts?.next())?.value ?? null;
        default:
          throw new Error('unknown request');
      }
    }

    /** @param {number} firstCanvas */
    async #walk(firstCanvas) {
      const { walked, kept, shot } = await walkWithPixels(firstCanvas, this.#shots);
      this.#walked = walked;
      for (const [url, image] of walked.blobs) {
        this.#blobs.set(url, resources.readBlob(url, image));
      }
      this.#resources = [...kept, ...this.#blobs.values()];
      shot.forEach(([url, resource]) => this.#blobs.set(url, resource));
      const tokens = walked.frames.map(token);
      walked.frames.forEach(({ window }, i) => window.postMessage({ linksnap: tokens[i] }, '*'));
      return {
        url: urlOf(document),
        base: baseOf(document),
        type: typeOf(document),
        doctype: writeDoctype(document),
        flattened: walked.flattened,
        fonts: faces.usage(document),
        shots: this.#shots.count,
        frames: walked.frames.map(({ isWeb }, i) => ({ token: tokens[i], isWeb })),
      };
    }

    /**
     * @param {(number | null)[]} items - of the capture, for each frame
     * @param {Set<string>} skip - resources that another frame has sent
     */
    async *#read(items, skip) {
      const { pieces: written, frames } = /** @type {import('./walk.js').Walked} */ (this.#walked);
      yield* pieces.parts(written, {
        frame: (i) =>
          typeof items[i] === 'number' ? ` ls:frame="${items[i]}"` : frames[i].otherwise,
        blob: async (url) => resources.isStorable((await this.#blobs.get(url)) ?? null),
      });
      let left = RESOURCES;
      for (const promise of this.#resources) {
        const resource = await promise;
        if (
          !resources.isStorable(resource) ||
          skip.has(resource.url) ||
          resource.blob.size > left
        ) {
          this.#missed += resource && skip.has(resource.url) ? 0 : 1;
          continue;
        }
        left -= resource.blob.size;
        const media_type = resource.blob.type || 'application/octet-stream';
        let first = true;
        for await (const part of resources.parts(resource.blob)) {
          yield first ? { ...part, url: resource.url, media_type } : part;
          first = false;
        }
      }
    }
  }

  /** Opens the port to the background and answers until it is closed. */
  function start() {
    const session = new Session();
    const port = extension.runtime.connect({ name: 'capture' });

    let told = 0;

    /** @param {MessageEvent} event */
    function hear(event) {
      const heard = event.source === window.parent ? event.data?.linksnap : undefined;
      if (typeof heard === 'string' && TOKEN.test(heard) && told++ < TOKENS) {
        event.stopImmediatePropagation();
        port.postMessage({ heard });
      }
    }

    window.addEventListener('message', hear, true);
    port.onDisconnect.addListener(() => window.removeEventListener('message', hear, true));
    port.onMessage.addListener(async (/** @type {any} */ request) => {
      try {
        port.postMessage({ answer: await session.handle(request) });
      } catch (error) {
        port.postMessage({ error: String(error) });
      }
    });
  }

  start();
})();
