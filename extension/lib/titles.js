/**
 * Titles proposed under the search field while a word is typed, by its pinyin as well. They come after
 * the results, and only those that the list does not show already.
 */
import { Choices, spansOf } from './choices.js';
import { el, marked } from './dom.js';
import { t } from './i18n.js';
import { wordOf } from './terms.js';

/** @typedef {import('./protocol.js').Title} Title */

/** Later than the search, whose answer comes first then. */
const PAUSE_MS = 120;

const SHOWN = 5;

export class Titles {
  #input;
  #options;
  #list;
  /** @type {Title[]} */
  #titles = [];
  #asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {HTMLInputElement} input - inside a `.field`
   * @param {object} options
   * @param {(part: string, limit: number) => Promise<Title[]>} options.ask
   * @param {() => Set<number>} options.shown - pages that need no proposal
   * @param {(title: Title, inBackground: boolean) => void} options.open
   */
  constructor(input, options) {
    this.#input = input;
    this.#options = options;
    this.#list = new Choices(input, {
      label: t('titleChoices'),
      onChoose: (index, event) => {
        const { ctrlKey, metaKey } = /** @type {MouseEvent} */ (event);
        this.#open(index, ctrlKey || metaKey);
      },
    });
    input.after(this.#list.root);
    input.addEventListener('input', (event) => {
      if (!(/** @type {InputEvent} */ (event).isComposing)) {
        this.#onText();
      }
    });
    input.addEventListener('compositionend', () => this.#onText());
    input.addEventListener('blur', () => this.close());
  }

  close() {
    this.#asked++;
    clearTimeout(this.#timer);
    this.#titles = [];
    if (this.#list.isOpen) {
      this.#list.close();
    }
  }

  #onText() {
    clearTimeout(this.#timer);
    const part = wordOf(this.#input.value);
    if (part) {
      this.#timer = setTimeout(() => this.#ask(part), PAUSE_MS);
    } else {
      this.close();
    }
  }

  /** @param {string} part */
  async #ask(part) {
    const asked = ++this.#asked;
    /** @type {Title[]} */
    let found = [];
    try {
      found = await this.#options.ask(part, 2 * SHOWN);
    } catch {
      // The search says what is wrong.
    }
    if (asked !== this.#asked || document.activeElement !== this.#input) {
      return;
    }
    const shown = this.#options.shown();
    this.#titles = found.filter(({ page }) => !shown.has(page)).slice(0, SHOWN);
    this.#list.show(
      this.#titles.map(({ title, site }) => [
        el('span', { class: 'choice-title', dir: 'auto' }, ...marked(spansOf(title, part))),
        el('span', { class: 'choice-count', dir: 'ltr' }, site),
      ]),
    );
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether it was meant for the list
   */
  onKey(event) {
    if (!this.#list.isOpen) {
      return false;
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      this.#list.move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter' && this.#list.active >= 0) {
      this.#open(this.#list.active, event.ctrlKey || event.metaKey);
    } else if (event.key === 'Escape') {
      this.close();
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /**
   * @param {number} index
   * @param {boolean} inBackground
   */
  #open(index, inBackground) {
    const title = this.#titles[index];
    this.close();
    this.#options.open(title, inBackground);
  }
}
