/** The highlights of a page, in the order of the text. */
import { $ } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { toast } from '../lib/toast.js';
import { markRow } from '../lib/markrow.js';
import { changeMark, readMarks, removeMark } from '../lib/markstore.js';
import { marksAsMarkdown } from '../lib/marktext.js';

/** @typedef {import('../lib/inks.js').Highlight} Highlight */

export class PageMarks {
  #host;
  #page = 0;
  #isReadonly = false;
  /** @type {Highlight[]} */
  #marks = [];

  /** @param {import('../lib/host.js').Host} host */
  constructor(host) {
    this.#host = host;
    $('#marks-copy').addEventListener('click', () => this.#copy());
  }

  /**
   * @param {number} page
   * @param {boolean} isReadonly
   */
  async load(page, isReadonly) {
    this.#page = page;
    this.#isReadonly = isReadonly;
    /** @type {Highlight[]} */
    const marks = [];
    for await (const part of readMarks(this.#host, { page })) {
      marks.push(...part);
    }
    this.#marks = marks;
    const actions = isReadonly ? null : this.#actions();
    $('#marks-list').replaceChildren(...marks.map((one) => markRow(one, actions)));
    $('#marks-none').hidden = marks.length > 0;
    $('#marks-copy').hidden = marks.length === 0;
  }

  /** @returns {import('../lib/markrow.js').Actions} */
  #actions() {
    const again = () => this.load(this.#page, this.#isReadonly);
    return {
      change: (one, changes) => {
        // The row shows its own change; undoing one is shown by all of them anew.
        let isOwn = true;
        return changeMark(this.#host, one, changes, (now) => {
          this.#marks = this.#marks.map((each) => (each.highlight === now.highlight ? now : each));
          if (!isOwn) {
            again();
          }
          isOwn = false;
        });
      },
      remove: async (one) => {
        await removeMark(this.#host, one, again);
        /** @type {HTMLElement | null} */ (document.querySelector('#marks-list a'))?.focus();
      },
    };
  }

  async #copy() {
    const { title, url } = await this.#host.request('pages.get', { page: this.#page });
    await navigator.clipboard.writeText(marksAsMarkdown([{ title, url, marks: this.#marks }]));
    toast(t('marksCopied'));
  }
}
