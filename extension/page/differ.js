/** The page's end of diffworker.js. */

/** @typedef {import('./diffworker.js').ShownBlock} Block */

export class Differ {
  #worker = new Worker(new URL('diffworker.js', import.meta.url), { type: 'module' });
  /** @type {Map<number, { resolve: (answer: any) => void, reject: (error: unknown) => void }>} */
  #asked = new Map();
  #next = 1;

  constructor() {
    this.#worker.addEventListener('message', ({ data: { id, answer } }) => {
      this.#asked.get(id)?.resolve(answer);
      this.#asked.delete(id);
    });
    this.#worker.addEventListener('error', ({ message }) => {
      this.#asked.forEach(({ reject }) => reject(new Error(message)));
      this.#asked.clear();
    });
  }

  /**
   * @param {string} from
   * @param {string} to
   * @returns {Promise<import('./diffworker.js').Overview>}
   */
  compare(from, to) {
    return this.#ask({ ask: 'compare', from, to });
  }

  /**
   * @param {number} at
   * @param {number} count
   * @returns {Promise<Block[]>}
   */
  blocks(at, count) {
    return this.#ask({ ask: 'blocks', at, count });
  }

  /**
   * Lines that are the same in both texts.
   *
   * @param {number} at - in the second one
   * @param {number} count
   * @returns {Promise<string[]>}
   */
  lines(at, count) {
    return this.#ask({ ask: 'lines', at, count });
  }

  /** What is under way is never answered. */
  close() {
    this.#worker.terminate();
  }

  /** @param {object} message */
  #ask(message) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...message });
    });
  }
}
