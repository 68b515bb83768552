/**
 * A live page, from its tab to the host: walkers read its frames, the frames are joined, and what they
 * read goes to the host part by part, so that no message is large and nothing is held twice.
 */
import { HostError } from '../lib/errors.js';
import { LIMITS } from '../lib/protocol.js';
import { readSettings } from '../lib/settings.js';
import { clip } from '../lib/text.js';
import { wishes } from '../lib/wishes.js';
import { unusedFonts } from './fonts.js';
import { countForeign, join, tokensHeard } from './frames.js';
import { shoot } from './shots.js';
import { supply } from './supply.js';
import { keepThumbnail, photograph } from './thumbnail.js';
import { openWalkers } from './walkers.js';

/** @typedef {import('./walkers.js').Walker} Walker */
/** @typedef {import('../lib/host.js').Host} Host */

/**
 * One document of the capture.
 *
 * @typedef {object} Document
 * @property {Walker} walker
 * @property {string} url
 * @property {string} base
 * @property {string} doctype
 * @property {string} type
 * @property {number} flattened
 * @property {import('./fonts.js').Usage} fonts
 * @property {{ token: string, isWeb: boolean }[]} frames - the frame elements in it
 * @property {number} item
 * @property {number} depth - documents around it
 * @property {(number | null)[]} items - the item that each frame element shows
 */

/**
 * A part of a document or resource; the first of a resource says which.
 *
 * @typedef {{ data: string, last: boolean, url?: string, media_type?: string }} Part
 */

/** Canvases of one frame are numbered from a multiple of this on. */
const CANVASES = 1000;

/**
 * Captures a tab as it is now and stores it.
 *
 * @param {Host} host
 * @param {{ tabId: number, title?: string, tags?: string[], note?: string, again?: boolean, job?: number }}
 *   job - `again`: a new version even of what has not changed; `job`: of the queue, which it ends
 * @param {object} options
 * @param {(progress: import('../lib/saves.js').Progress) => void} [options.onProgress]
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<import('../lib/protocol.js').SaveResult>} rejects with a HostError:
 *   `tab_forbidden`, `tab_gone`, `cancelled`, `type`, or one of the host's
 */
export async function captureTab(host, job, { onProgress = () => {}, signal } = {}) {
  onProgress({ stage: 'read' });
  const greeting = host.hello(); // the page is read while it starts
  greeting.catch(() => {});
  const picture = photograph(job.tabId);
  let walkers = await openWalkers(job.tabId);
  try {
    if (await scrollThrough(walkers[0], [greeting, picture.taken], onProgress)) {
      // Frames may have come with the pictures.
      walkers.forEach((walker) => walker.close());
      walkers = await openWalkers(job.tabId);
    }
    const documents = await readDocuments(walkers, job.tabId);
    throwIfAborted(signal);
    await greeting;
    const stored = await sendCapture(host, job, documents, { onProgress, signal });
    const kept = keepThumbnail(host, stored.snapshot, picture.small);
    const result = await supply(host, stored, documents[0].url, walkers, {
      onProgress,
      signal,
    });
    await kept;
    return { ...result, foreign: countForeign(documents) };
  } finally {
    for (const walker of walkers) {
      walker.close();
    }
  }
}

/**
 * Brings the pictures that load only when they come into view.
 *
 * @param {Walker} top
 * @param {[Promise<unknown>, Promise<unknown>]} first - what is waited for before the page is moved: the
 *   host's greeting, without which none is, and the picture of it as it stood
 * @param {(progress: import('../lib/saves.js').Progress) => void} onProgress
 * @returns {Promise<boolean>} whether the page was scrolled
 */
async function scrollThrough(top, first, onProgress) {
  const [{ scroll }, isLazy] = await Promise.all([readSettings(), top.ask({ ask: 'isLazy' })]);
  if (!scroll || !isLazy) {
    return false;
  }
  await Promise.all(first);
  onProgress({ stage: 'scroll' });
  // What did not come is the host's to fetch.
  await top.ask({ ask: 'scroll' }).catch(() => {});
  onProgress({ stage: 'read' });
  return true;
}

/**
 * Walks all frames at once and joins them.
 *
 * @param {Walker[]} walkers
 * @param {number} tabId
 * @returns {Promise<Document[]>} those that the page shows, the page's own first
 */
async function readDocuments(walkers, tabId) {
  const answers = await Promise.allSettled(
    walkers.map((walker, i) => walker.ask({ ask: 'walk', firstCanvas: i * CANVASES + 1 })),
  );
  const [top] = answers;
  if (top.status === 'rejected') {
    throw top.reason;
  }
  if (top.value.type === 'application/pdf') {
    throw new HostError('type', 'the tab shows a PDF file');
  }
  const documents = walkers.flatMap((walker, i) => {
    const answer = answers[i];
    return answer.status === 'fulfilled'
      ? [{ ...answer.value, walker, item: 0, depth: 0, items: [] }]
      : [];
  });
  await Promise.all([tokensHeard(documents), top.value.shots > 0 && shoot(walkers[0], tabId)]);
  return join(documents);
}

/**
 * @param {Host} host
 * @param {{ title?: string, tags?: string[], note?: string, again?: boolean, job?: number }} wanted
 * @param {Document[]} documents
 * @param {{ onProgress: (progress: any) => void, signal: AbortSignal | undefined }} options
 */
async function sendCapture(host, wanted, documents, options) {
  const { title, tags = [], note, again, job } = wanted;
  const { capture } = await host.request('capture.begin', {
    url: documents[0].url,
    tags,
    ...(title ? { title: clip(title, LIMITS.title) } : {}),
    ...(note ? { note: clip(note, LIMITS.note) } : {}),
    ...(again ? { again } : {}),
    ...(job === undefined ? {} : { job }),
    ...(await wishes()),
  });
  try {
    const sender = new Sender(host, capture, documents.length, options);
    for (const document of documents) {
      await sender.send(document);
    }
    const notes = {
      frames_unread: countForeign(documents),
      flattened: documents.reduce((sum, { flattened }) => sum + flattened, 0),
      resources_unread: sender.missed,
      unused_fonts: unusedFonts(documents.map(({ fonts }) => fonts)),
    };
    return await host.request('capture.commit', { capture, ...notes }, options);
  } catch (error) {
    await host.request('capture.cancel', { capture }).catch(() => {});
    throw error;
  }
}

/** Passes parts on: while the host takes one, the walker makes the next. */
class Sender {
  #host;
  #capture;
  #nextItem;
  #options;
  /** Bytes that the host has of this capture. */
  #received = 0;
  /** Resources that walkers could not read. */
  missed = 0;
  /** URLs of resources that the host has. @type {Set<string>} */
  #sent = new Set();

  /**
   * @param {Host} host
   * @param {string} capture
   * @param {number} firstItem - for resources
   * @param {{ onProgress: (progress: any) => void, signal: AbortSignal | undefined }} options
   */
  constructor(host, capture, firstItem, options) {
    this.#host = host;
    this.#capture = capture;
    this.#nextItem = firstItem;
    this.#options = options;
  }

  /**
   * Sends a document and the resources that its walker has. A frame that goes away meanwhile is left
   * out; without the page's own document there is no capture.
   *
   * @param {Document} document
   */
  async send({ walker, item, url, base, doctype, items }) {
    const first = {
      kind: 'document',
      url: clip(url, LIMITS.url),
      ...(fits(base, LIMITS.url) ? { base } : {}),
      doctype: fits(doctype, LIMITS.doctype) ? doctype : '<!DOCTYPE html>',
    };
    /** @type {{ item: number, seq: number } | null} */
    let open = { item, seq: 0 };
    for await (const part of readParts(walker, { items, skip: [...this.#sent] }, item === 0)) {
      open ??= { item: this.#nextItem++, seq: 0 };
      if (open.item >= LIMITS.items || this.#received > LIMITS.capture - LIMITS.part) {
        this.missed += 1;
        return;
      }
      const head = open.item === item ? first : this.#resource(part);
      await this.#add(open, open.seq === 0 ? head : {}, part);
      open = part.last ? null : { ...open, seq: open.seq + 1 };
    }
    this.missed += await walker.ask({ ask: 'missed' }).catch(() => 0);
  }

  /** @param {Part} part */
  #resource({ url = '', media_type = '' }) {
    this.#sent.add(url);
    const isType = fits(media_type, LIMITS.mediaType);
    return { kind: 'resource', url, media_type: isType ? media_type : 'application/octet-stream' };
  }

  /**
   * @param {{ item: number, seq: number }} place
   * @param {Record<string, unknown>} head - of an item's first part
   * @param {Part} part
   */
  async #add({ item, seq }, head, { data, last }) {
    const { onProgress, signal } = this.#options;
    throwIfAborted(signal);
    const params = { capture: this.#capture, item, seq, ...head, data, last };
    const { received } = await this.#host.request('capture.add', params);
    this.#received = received;
    onProgress({ stage: 'send', bytes: received });
  }
}

/**
 * What one walker has read: its document, then its resources.
 *
 * @param {Walker} walker
 * @param {{ items: (number | null)[], skip: string[] }} request
 * @param {boolean} needed - a failure is the capture's; otherwise the item is cut short: then it is no
 *   document, and the host leaves it out
 * @returns {AsyncGenerator<Part>}
 */
async function* readParts(walker, request, needed) {
  let isOpen = false;
  try {
    await walker.ask({ ask: 'send', ...request });
    let next = walker.ask({ ask: 'next' });
    for (let part = await next; part; part = await next) {
      next = walker.ask({ ask: 'next' });
      // Whoever awaits it handles it; until then it counts as handled.
      next.catch(() => {});
      isOpen = !part.last;
      yield part;
    }
  } catch (error) {
    if (needed) {
      throw error;
    }
    if (isOpen) {
      yield { data: '', last: true };
    }
  }
}

/**
 * What a page says of itself may be of any length.
 *
 * @param {string} text
 * @param {number} limit - bytes of UTF-8
 */
function fits(text, limit) {
  return clip(text, limit) === text;
}

/** @param {AbortSignal | undefined} signal */
function throwIfAborted(signal) {
  if (signal?.aborted) {
    throw new HostError('cancelled', 'cancelled while the page was read');
  }
}
