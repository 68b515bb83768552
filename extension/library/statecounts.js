/** How many pages are in each state, beside its name: asked for when nothing else is to be done. */
import { STATES } from './facets.js';

/** After a change nobody needs them at once. */
const PAUSE_MS = 400;

export class StateCounts {
  #host;
  #facets;
  #isAsking = false;
  #isStale = true;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {{ request: import('../lib/host.js').Host['request'] }} host
   * @param {import('./facets.js').Facets} facets
   */
  constructor(host, facets) {
    this.#host = host;
    this.#facets = facets;
  }

  /** Pages were changed. */
  changed() {
    this.#isStale = true;
    this.#later();
  }

  /** The list was asked for anew. @param {string} query - they are those of the whole library */
  show(query) {
    this.#isStale ||= query === '';
    this.#later();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  async #ask() {
    if (this.#isAsking || !this.#isStale) {
      return;
    }
    this.#isAsking = true;
    this.#isStale = false;
    try {
      for (const [query] of STATES) {
        const { total } = await this.#host.request('pages.search', { query, limit: 1 });
        this.#facets.setState(query, total);
      }
    } catch {
      // The list says what is wrong.
    }
    this.#isAsking = false;
    if (this.#isStale) {
      this.#later();
    }
  }
}
