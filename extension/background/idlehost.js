/** A host for short questions: closed when nobody has asked for a while, opened again when asked. */
import { Host } from '../lib/host.js';

export class IdleHost {
  #host = new Host();
  #ms;
  #asking = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {number} ms - how long it stays open */
  constructor(ms) {
    this.#ms = ms;
  }

  /**
   * @param {string} method
   * @param {Record<string, unknown>} params
   * @returns {Promise<any>} as Host's request
   */
  async request(method, params) {
    clearTimeout(this.#timer);
    this.#asking += 1;
    try {
      return await this.#host.request(method, params);
    } finally {
      this.#asking -= 1;
      if (this.#asking === 0) {
        this.#timer = setTimeout(() => this.#host.close(), this.#ms);
      }
    }
  }
}
