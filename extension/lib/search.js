/**
 * Search as one types. The host answers in order, so what is typed while it works would wait behind
 * answers that nobody wants: those are cancelled, and dropped if they come all the same.
 */

/** @typedef {import('./protocol.js').Page} Page */
/** @typedef {{ total: number, cursor: string, hint: string, pages: Page[] }} Found */
/** @typedef {(method: string, params: any, options: { signal: AbortSignal }) => Promise<any>} Request */

/** A pause in typing; below it most keystrokes would ask in vain. */
const PAUSE_MS = 70;

const PAGE_SIZE = 30;

export class Search {
  #request;
  #show;
  #fail;
  #query = '';
  #sort = 'rank';
  #cursor = '';
  /** @type {AbortController | null} */
  #asking = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Request} request
   * @param {(found: Found, more: boolean) => void} show - `more`: these follow the ones before
   * @param {(error: unknown) => void} fail
   */
  constructor(request, show, fail) {
    this.#request = request;
    this.#show = show;
    this.#fail = fail;
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

  /** @param {'rank' | 'newest'} sort */
  sortBy(sort) {
    this.#sort = sort;
    this.run();
  }

  /** Asks at once, from the first result. */
  async run() {
    clearTimeout(this.#timer);
    await this.#ask('');
  }

  /** The next results, unless they are on their way or there are none. */
  async more() {
    if (this.#cursor && !this.#asking) {
      await this.#ask(this.#cursor);
    }
  }

  /** @param {string} cursor */
  async #ask(cursor) {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const params = {
      query: this.#query,
      sort: this.#query ? this.#sort : 'newest',
      limit: PAGE_SIZE,
      cursor,
    };
    try {
      const found = await this.#request('pages.search', params, { signal: asking.signal });
      if (this.#asking === asking) {
        this.#asking = null;
        this.#cursor = found.cursor;
        this.#show(found, cursor !== '');
      }
    } catch (error) {
      if (this.#asking === asking) {
        this.#asking = null;
        this.#fail(error);
      }
    }
  }
}
