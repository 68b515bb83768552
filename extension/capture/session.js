/**
 * The page walker: one capture in one frame. It answers what background/capture.js asks over a port,
 * one request at a time:
 *
 * - `walk`: reads the document, gives each frame element in it a token, and posts that token into the
 *   frame. The walker in there hears it and tells the background: so both ends of a frame are known,
 *   whatever the page does, and wherever in its shadow trees the element is.
 * - `send`: which item each frame is; from now on the text is final.
 * - `next`: one part of the document, then of each resource; null at the end.
 */
(() => {
  const { nodes, resources, walk } = globalThis.linksnap;
  const { getter } = nodes;
  const scope = /** @type {any} */ (globalThis);
  const extension = scope.browser ?? scope.chrome;

  /** UTF-16 units of one part; three bytes each at most, well under a mebibyte. */
  const PART = 256 * 1024;

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

  class Session {
    /** @type {import('./walk.js').Walked | null} */
    #walked = null;
    /** @type {Promise<import('./resources.js').Resource | null>[]} */
    #resources = [];
    /** @type {AsyncGenerator<object> | null} */
    #parts = null;

    /** @param {any} request */
    async handle(request) {
      switch (request?.ask) {
        case 'walk':
          return this.#walk(Number(request.firstCanvas));
        case 'send':
          this.#parts = this.#read(request.items, new Set(request.skip));
          return {};
        case 'next':
          return (await this.#parts?.next())?.value ?? null;
        default:
          throw new Error('unknown request');
      }
    }

    /** @param {number} firstCanvas */
    async #walk(firstCanvas) {
      await nextFrame();
      const canvases = resources.canvasKeeper(firstCanvas);
      const walked = walk(document, canvases.keep);
      this.#walked = walked;
      const blobs = [...walked.blobs].map(([url, image]) => resources.readBlob(url, image));
      this.#resources = [...canvases.kept, ...blobs];
      const tokens = walked.frames.map(token);
      walked.frames.forEach(({ window }, i) => window.postMessage({ linksnap: tokens[i] }, '*'));
      return {
        url: urlOf(document),
        base: baseOf(document),
        type: typeOf(document),
        doctype: writeDoctype(document),
        flattened: walked.flattened,
        frames: walked.frames.map(({ isWeb }, i) => ({ token: tokens[i], isWeb })),
      };
    }

    /**
     * @param {(number | null)[]} items - of the capture, for each frame
     * @param {Set<string>} skip - resources that another frame has sent
     */
    async *#read(items, skip) {
      yield* documentParts(this.#walked, items);
      let left = RESOURCES;
      for (const promise of this.#resources) {
        const resource = await promise;
        if (
          !resources.isStorable(resource) ||
          skip.has(resource.url) ||
          resource.blob.size > left
        ) {
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

  /**
   * @param {import('./walk.js').Walked | null} walked
   * @param {(number | null)[]} items
   */
  function* documentParts(walked, items) {
    let text = '';
    for (const piece of walked?.pieces ?? []) {
      if (typeof piece === 'string') {
        text += piece;
      } else {
        const item = items[piece];
        text += typeof item === 'number' ? ` ls:frame="${item}"` : walked?.frames[piece].otherwise;
      }
      while (text.length > PART) {
        const end = cutBefore(text, PART);
        yield { data: text.slice(0, end), last: false };
        text = text.slice(end);
      }
    }
    yield { data: text, last: true };
  }

  /**
   * @param {string} text
   * @param {number} end
   * @returns {number} `end`, or one less where a surrogate pair would be cut
   */
  function cutBefore(text, end) {
    const unit = text.charCodeAt(end - 1);
    return unit >= 0xd800 && unit <= 0xdbff ? end - 1 : end;
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
