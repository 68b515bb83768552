/**
 * What the host could not get (`wanted` in its answers), fetched where the page's session is and
 * handed over in parts: by the walkers in the page, then by this worker where the person has allowed
 * the site. Cookies stay in the browser.
 *
 * Whatever goes wrong here, the snapshot is stored: the answer is then the one that was there before.
 */
import { api } from '../lib/api.js';
import { LIMITS } from '../lib/protocol.js';
import { clip } from '../lib/text.js';
import { wishes } from '../lib/wishes.js';
import { fetchHere, fetchInPage } from './fetches.js';
import { openWalkers } from './walkers.js';

/** @typedef {import('./walkers.js').Walker} Walker */
/** @typedef {import('../lib/host.js').Host} Host */
/** @typedef {import('../lib/protocol.js').SaveResult} SaveResult */
/** @typedef {import('../lib/protocol.js').Wanted} Wanted */
/** @typedef {import('./fetches.js').Found} Found */

/**
 * @typedef {object} Options
 * @property {(progress: import('../lib/saves.js').Progress) => void} [onProgress]
 * @property {AbortSignal} [signal]
 */

/** A style sheet names another, which names a font: what comes in now may want more. */
const ROUNDS = 3;

/** Bytes of all resources of one snapshot. */
const ALL = 128 * 1024 * 1024;

/** Milliseconds after which nothing more is asked for: a site that is gone refuses everything. */
const ALL_MS = 90_000;

/**
 * Hands over what can be had of that which a snapshot lacks.
 *
 * @param {Host} host
 * @param {SaveResult} result - of the capture or the retry
 * @param {string} page - its URL
 * @param {Walker[]} walkers - in the page, its own first; none when no tab shows it
 * @param {Options} [options]
 * @returns {Promise<SaveResult>} that of the last round
 */
export async function supply(host, result, page, walkers, options = {}) {
  let last = result;
  let left = ALL;
  const until = Date.now() + ALL_MS;
  for (let round = 0; round < ROUNDS && last.wanted?.length; round++) {
    if (options.signal?.aborted) {
      break;
    }
    const transfer = new Transfer(host, last.snapshot, page, left, options);
    try {
      await Promise.race([transfer.take(last.wanted, walkers, until), stopped(options.signal)]);
      const answer = await transfer.commit();
      if (!answer) {
        break;
      }
      left = transfer.left;
      last = joined(last, answer);
    } catch {
      // The host, or the person, has stopped it.
      await transfer.drop();
      break;
    }
  }
  return last;
}

/**
 * The same where no capture has the page open: a tab that shows it, when one may be read, helps.
 *
 * @param {Host} host
 * @param {SaveResult} result
 * @param {{ url: string, tabId?: number }} page
 * @param {Options} [options]
 * @returns {Promise<SaveResult>}
 */
export async function supplyLater(host, result, page, options = {}) {
  if (!result.wanted?.length) {
    return result;
  }
  const walkers = await walkersAt(page);
  try {
    return await supply(host, result, page.url, walkers, options);
  } finally {
    walkers.forEach((walker) => walker.close());
  }
}

/**
 * @param {{ url: string }} page
 * @returns {Promise<Walker[]>}
 */
async function walkersAt({ url }) {
  try {
    // Only tabs that the person has let the extension into show their addresses.
    const tabs = await api.tabs.query({});
    const tab = tabs.find((each) => each.url && bare(each.url) === bare(url));
    return tab?.id === undefined ? [] : await openWalkers(tab.id);
  } catch {
    return [];
  }
}

/** @param {string} url */
const bare = (url) => url.split('#')[0];

/**
 * What both answers say of the snapshot, and of the work that was done.
 *
 * @param {SaveResult} before
 * @param {SaveResult} after
 * @returns {SaveResult}
 */
function joined(before, after) {
  const assets = {
    ...after.assets,
    stored: before.assets.stored + after.assets.stored,
    reused: before.assets.reused + after.assets.reused,
  };
  return { ...after, assets, bytes: before.bytes + after.bytes, ms: before.ms + after.ms };
}

/** One transfer for a stored snapshot. It is begun with the first resource that there is. */
class Transfer {
  #host;
  #snapshot;
  #page;
  #options;
  #capture = '';
  #item = 0;
  #total = 0;
  /** Of the URLs wanted, those that the host has. @type {Set<string>} */
  #sent = new Set();

  /**
   * @param {Host} host
   * @param {number} snapshot
   * @param {string} page
   * @param {number} left - bytes that may be handed over
   * @param {Options} options
   */
  constructor(host, snapshot, page, left, options) {
    this.#host = host;
    this.#snapshot = snapshot;
    this.#page = page;
    this.left = left;
    this.#options = options;
  }

  /**
   * @param {Wanted[]} wanted
   * @param {Walker[]} walkers
   * @param {number} until - Date.now() when nothing more is begun
   */
  async take(wanted, walkers, until) {
    this.#total = wanted.length;
    for (const [walker, list] of shares(wanted, walkers)) {
      await this.#takeAll(fetchInPage(walker, list, { bytes: this.left, until }));
    }
    const rest = wanted.filter(({ url }) => !this.#sent.has(url));
    const allowance = { bytes: this.left, until };
    await this.#takeAll(fetchHere(rest, this.#page, allowance, this.#options.signal));
  }

  /** @returns {Promise<SaveResult | null>} null when nothing could be had */
  async commit() {
    const capture = this.#capture;
    return capture ? this.#host.request('capture.commit', { capture }, this.#options) : null;
  }

  /** Forgets what was not committed. */
  async drop() {
    const capture = this.#capture;
    if (capture) {
      await this.#host.request('capture.cancel', { capture }).catch(() => {});
    }
  }

  /** @param {AsyncIterable<Found>} found */
  async #takeAll(found) {
    for await (const each of found) {
      if (!this.#sent.has(each.url) && each.size <= this.left) {
        await this.#send(each);
      }
    }
  }

  /** @param {Found} found */
  async #send({ url, base, media_type, size, parts }) {
    const { signal, onProgress } = this.#options;
    signal?.throwIfAborted();
    if (!this.#capture) {
      const params = { snapshot: this.#snapshot, ...(await wishes()) };
      this.#capture = (await this.#host.request('capture.begin', params)).capture;
    }
    const isType = media_type !== '' && fits(media_type, LIMITS.mediaType);
    const head = {
      kind: 'resource',
      url,
      ...(base && fits(base, LIMITS.url) ? { base } : {}),
      media_type: isType ? media_type : 'application/octet-stream',
    };
    const place = { capture: this.#capture, item: this.#item++ };
    for (const [seq, data] of parts.entries()) {
      signal?.throwIfAborted();
      const last = seq === parts.length - 1;
      const params = { ...place, seq, ...(seq === 0 ? head : {}), data, last };
      await this.#host.request('capture.add', params);
    }
    this.left -= size;
    this.#sent.add(url);
    onProgress?.({ stage: 'assets', done: this.#sent.size, total: this.#total });
  }
}

/**
 * Each URL goes to a walker of its own origin, or to the page's own.
 *
 * @param {Wanted[]} wanted
 * @param {Walker[]} walkers
 * @returns {Map<Walker, Wanted[]>}
 */
function shares(wanted, walkers) {
  /** @type {Map<Walker, Wanted[]>} */
  const lists = new Map();
  for (const each of wanted) {
    const { origin } = new URL(each.url);
    const walker = walkers.find(({ url }) => url.startsWith(`${origin}/`)) ?? walkers[0];
    if (walker) {
      lists.set(walker, [...(lists.get(walker) ?? []), each]);
    }
  }
  return lists;
}

/**
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<never>} rejects when the person stops it
 */
function stopped(signal) {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/**
 * What a server says of itself may be of any length.
 *
 * @param {string} text
 * @param {number} limit - bytes of UTF-8
 */
const fits = (text, limit) => clip(text, limit) === text;
