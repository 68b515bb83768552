/** The ways from a list to the snapshots of its pages. */
import { asHostError } from './errors.js';
import { toast } from './toast.js';
import { viewerPath } from './viewerlink.js';
import { errorText } from './words.js';

/** @typedef {import('./protocol.js').Page} Page */

export class Opening {
  #host;
  #show;
  #query;

  /**
   * @param {import('./host.js').Host} host
   * @param {(path: string, inBackground: boolean) => void} show - a page of the extension
   * @param {() => string} query - that the list answers: its words are marked
   */
  constructor(host, show, query) {
    this.#host = host;
    this.#show = show;
    this.#query = query;
  }

  /** @param {Page} page */
  pathOf(page) {
    return viewerPath(page.snapshot, this.#query());
  }

  /** @param {Page} page */
  open(page) {
    this.#show(this.pathOf(page), false);
  }

  /**
   * @param {Page} page
   * @param {MouseEvent} event
   */
  click(page, event) {
    if (!event.shiftKey) {
      event.preventDefault();
      this.#show(this.pathOf(page), event.ctrlKey || event.metaKey);
    }
  }

  /**
   * A page of which nothing else is known.
   *
   * @param {number} id
   * @param {boolean} inBackground
   */
  async byNumber(id, inBackground) {
    try {
      const page = await this.#host.request('pages.get', { page: id });
      this.#show(viewerPath(page.snapshot), inBackground);
    } catch (error) {
      toast(errorText(asHostError(error)));
    }
  }
}
