/** What is shown of a snapshot: its file, with the words marked that are looked for. */
import { $ } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { showInCell } from './cell.js';

export class Screen {
  #find;
  /** @type {Blob | null} */
  #file = null;
  #isMade = false;
  #address = '';
  #shown = 0;

  /** @param {import('./find.js').Find} find */
  constructor(find) {
    this.#find = find;
  }

  /**
   * @param {Blob} file
   * @param {boolean} isMade - by the host, from a file that was no page
   */
  async show(file, isMade) {
    this.#file = file;
    this.#isMade = isMade;
    await this.again();
  }

  /** Something else has taken its place. */
  leave() {
    this.#shown++;
    this.#file = null;
    this.#find.hide();
  }

  /** Shows it once more: other words are looked for. */
  async again() {
    const file = this.#file;
    if (!file) {
      return;
    }
    const number = ++this.#shown;
    const marked = await this.#find.mark(file);
    if (number !== this.#shown) {
      return;
    }
    const previous = this.#address;
    this.#address = URL.createObjectURL(marked);
    if (previous) {
      URL.revokeObjectURL(previous);
    }
    const title = t('viewerFrame');
    const go = await showInCell($('#page'), marked, this.#address, title, this.#isMade);
    if (go && number === this.#shown) {
      this.#find.shown(go);
    }
  }
}
