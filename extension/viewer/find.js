/** Finds words in the snapshot that is shown: at first those of the search that led to it. */
import { $ } from '../lib/dom.js';
import { language, t } from '../lib/i18n.js';
import { termsOf } from '../lib/terms.js';
import { MOST, hitId, markHits } from './marking.js';

/** A pause in typing. */
const PAUSE_MS = 300;

const numbers = new Intl.NumberFormat(language);

export class Find {
  /** @type {HTMLInputElement} */
  #field = $('#find-words');
  #onWords;
  #first;
  #words;
  /** Those that were marked last. */
  #begun = '';
  #hits = 0;
  #at = 0;
  /** @type {((id: string) => void) | null} */
  #go = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {string} words - to begin with
   * @param {() => void} onWords - others are to be marked
   */
  constructor(words, onWords) {
    this.#first = words;
    this.#words = words;
    this.#onWords = onWords;
    this.#field.value = words;
    this.#field.addEventListener('input', (event) => {
      if (!(/** @type {InputEvent} */ (event).isComposing)) {
        this.#onInput();
      }
    });
    this.#field.addEventListener('compositionend', () => this.#onInput());
    this.#field.addEventListener('keydown', (event) => this.#onKey(event));
    $('#find-previous').addEventListener('click', () => this.#step(-1));
    $('#find-next').addEventListener('click', () => this.#step(1));
    document.addEventListener('keydown', (event) => {
      if (event.key === 'F3' && !$('#find').hidden) {
        event.preventDefault();
        this.#step(event.shiftKey ? -1 : 1);
      }
    });
  }

  /**
   * A page is about to be shown.
   *
   * @returns {import('../lib/terms.js').Term[]} what is to be marked in it
   */
  begin() {
    if (this.#begun !== this.#words) {
      this.#begun = this.#words;
      this.#at = 0;
    }
    this.#hits = 0;
    this.#go = null;
    return termsOf(this.#words);
  }

  /**
   * @param {Document} page - gets the marks
   * @returns {number} how many
   */
  mark(page) {
    const hits = markHits(page, termsOf(this.#words));
    this.count(hits);
    return hits;
  }

  /** @param {number} hits - that the page has */
  count(hits) {
    this.#hits = hits;
    this.#at = Math.min(this.#at, Math.max(0, hits - 1));
    $('#find').hidden = false;
    this.#show();
    // In the frame no key could be heard from here.
    if (hits > 0 && document.activeElement === document.body) {
      this.#field.focus();
    }
  }

  /**
   * What was marked is shown.
   *
   * @param {(id: string) => void} go - to a place in it
   * @returns {boolean} whether it went to one
   */
  shown(go) {
    this.#go = go;
    if (this.#hits > 0) {
      go(hitId(this.#at));
    }
    return this.#hits > 0;
  }

  /** Nothing can be found in what is shown. */
  hide() {
    $('#find').hidden = true;
  }

  #onInput() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#take(), PAUSE_MS);
  }

  /** @returns {boolean} whether the words are others than before */
  #take() {
    clearTimeout(this.#timer);
    const words = this.#field.value.trim();
    const isOther = words !== this.#words;
    if (isOther) {
      this.#words = words;
      this.#onWords();
    }
    return isOther;
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.isComposing || event.keyCode === 229) {
      return;
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      if (!this.#take()) {
        this.#step(event.shiftKey ? -1 : 1);
      }
    } else if (event.key === 'Escape' && this.#field.value !== this.#first) {
      event.preventDefault();
      event.stopPropagation();
      this.#field.value = this.#first;
      this.#take();
    }
  }

  /** @param {1 | -1} step */
  #step(step) {
    if (this.#hits > 0) {
      this.#at = (this.#at + step + this.#hits) % this.#hits;
      this.#go?.(hitId(this.#at));
      this.#show();
    }
  }

  #show() {
    const all = numbers.format(this.#hits) + (this.#hits === MOST ? '+' : '');
    const count = $('#find-count');
    count.textContent =
      termsOf(this.#words).length === 0
        ? ''
        : this.#hits > 0
          ? t('findCount', numbers.format(this.#at + 1), all)
          : t('findNone');
    for (const id of ['#find-previous', '#find-next']) {
      /** @type {HTMLButtonElement} */ ($(id)).disabled = this.#hits === 0;
    }
  }
}
