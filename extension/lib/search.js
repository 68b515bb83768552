/**
 * Search as one types. The host answers in order, so what is typed while it works would wait behind
 * answers that nobody wants: those are cancelled, and dropped if they come all the same.
 */

import { LIMITS } from './protocol.js';

/** @typedef {import('./protocol.js').Results} Results */
/** @typedef {import('./protocol.js').Sort} Sort */
/** @typedef {(method: string, params: any, options: { signal: AbortSignal }) => Promise<any>} Request */

/** A pause in typing; below it most keystrokes would ask in vain. */
const PAUSE_MS = 70;

const PAGE_SIZE = 30;

export class Search {
  #request;
  #show;
  #fail;
  #extras;
  #query = '';
  /** Of what is found, and of everything. */
  #sorts = { found: /** @type {Sort} */ ('rank'), all: /** @type {Sort} */ ('newest') };
  #cursor = '';
  #shown = 0;
  /** @type {AbortController | null} */
  #asking = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Request} request
   * @param {(found: Results, more: boolean, kept: boolean) => void} show - `more`: these follow the
   *   ones before; `kept`: they are the ones before, asked for again
   * @param {(error: unknown) => void} fail
   * @param {object} [extras] - to be asked of the first results
   */
  constructor(request, show, fail, extras = {}) {
    this.#request = request;
    this.#show = show;
    this.#fail = fail;
    this.#extras = extras;
  }

  get query() {
    return this.#query;
  }

  /**
   * What stands in the field now. Asks after a pause.
   *
   * @param {string} query
   */
  type(query) {
    if (query.trim() === this.#query) {
      return;
    }
    this.#query = query.trim();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.run(), PAUSE_MS);
  }

  get sort() {
    return this.#sorts[this.#query ? 'found' : 'all'];
  }

  /** @param {Sort} sort */
  sortBy(sort) {
    this.#sorts[this.#query ? 'found' : 'all'] = sort;
    this.run();
  }

  /** Asks at once, from the first result. */
  async run() {
    clearTimeout(this.#timer);
    await this.#ask('', PAGE_SIZE, false);
  }

  /** Asks at once for what is shown, which has changed. */
  async again() {
    clearTimeout(this.#timer);
    await this.#ask('', Math.min(LIMITS.results, Math.max(PAGE_SIZE, this.#shown)), true);
  }

  /**
   * Results further down, for a list that goes anywhere.
   *
   * @param {number} skip
   * @param {number} limit
   * @param {AbortSignal} signal
   * @returns {Promise<Results>}
   */
  at(skip, limit, signal) {
    const params = { query: this.#query, sort: this.sort, limit, skip };
    return this.#request('pages.search', params, { signal });
  }

  /** Wants no answer any more. */
  stop() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = null;
    this.#cursor = '';
  }

  /** The next results, unless they are on their way or there are none. */
  async more() {
    if (this.#cursor && !this.#asking) {
      await this.#ask(this.#cursor, PAGE_SIZE, false);
    }
  }

  /**
   * @param {string} cursor
   * @param {number} limit
   * @param {boolean} kept
   */
  async #ask(cursor, limit, kept) {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const more = cursor !== '';
    const params = {
      query: this.#query,
      sort: this.sort,
      limit,
      cursor,
      ...(more ? {} : this.#extras),
    };
    try {
      const found = await this.#request('pages.search', params, { signal: asking.signal });
      if (this.#asking === asking) {
        this.#asking = null;
        this.#cursor = found.cursor;
        this.#shown = found.pages.length + (more ? this.#shown : 0);
        this.#show(found, more, kept);
      }
    } catch (error) {
      if (this.#asking === asking) {
        this.#asking = null;
        this.#fail(error);
      }
    }
  }
}
