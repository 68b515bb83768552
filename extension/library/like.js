/** The pages that are most like one, in place of what is searched for. */
import { $, el, iconButton } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import { t } from '../lib/i18n.js';
import { loadColours } from '../lib/tagcolours.js';
import { toast } from '../lib/toast.js';
import { errorText } from '../lib/words.js';

const WANTED = 20;

export class Like {
  #root = $('#like');
  #host;
  #library;
  #onLeave;
  /** An answer counts only if it is that of the latest question. */
  #asked = 0;

  /**
   * @param {import('../lib/host.js').Host} host
   * @param {import('../lib/library.js').Library} library
   * @param {() => void} onLeave
   */
  constructor(host, library, onLeave) {
    this.#host = host;
    this.#library = library;
    this.#onLeave = onLeave;
  }

  get isShown() {
    return !this.#root.hidden;
  }

  /**
   * @param {number} id
   * @returns {Promise<string>} what stands above the list; empty where that failed, or another list
   *   was asked for meanwhile
   */
  async show(id) {
    const asked = ++this.#asked;
    try {
      const page = await this.#host.request('pages.get', { page: id });
      const { pages } = await this.#host.request('pages.similar', { page: id, limit: WANTED });
      if (asked !== this.#asked) {
        return '';
      }
      const words = t('similarTo', page.title || page.url);
      this.#root.replaceChildren(
        el('p', { dir: 'auto' }, words),
        iconButton('close', t('similarLeave'), this.#onLeave),
      );
      this.#root.hidden = false;
      this.#library.showOnly(pages, () => this.show(id));
      await loadColours(this.#host);
      return words;
    } catch (error) {
      if (asked === this.#asked) {
        toast(errorText(asHostError(error)));
      }
      return '';
    }
  }

  hide() {
    this.#asked++;
    this.#root.hidden = true;
  }
}
