/**
 * Tags of one's own that fit a page, as chips under the field for tags. The line is there from the
 * start, so that nothing moves when they come.
 */
import { el, icon } from './dom.js';
import { t } from './i18n.js';
import { tagDot } from './tagcolours.js';
import { foldTag } from './text.js';

export class TagSuggest {
  #onChoose;
  #onLeave;
  /** @type {import('./protocol.js').Tag[]} */
  #tags = [];
  #chips = el('div', { class: 'suggest-chips', role: 'group', 'aria-label': t('tagsSuggested') });
  #lead = el('span', { class: 'suggest-lead' });
  /** @type {Set<string>} */
  #had = new Set();

  /**
   * @param {object} options
   * @param {(tag: string) => void} options.onChoose
   * @param {() => void} options.onLeave - back to the field
   */
  constructor({ onChoose, onLeave }) {
    this.#onChoose = onChoose;
    this.#onLeave = onLeave;
    this.root = el('div', { class: 'suggest' }, this.#lead, this.#chips);
    this.#chips.addEventListener('keydown', (event) => this.#onKey(event));
    this.#show();
  }

  /** @param {import('./protocol.js').Tag[]} tags */
  show(tags) {
    this.#tags = tags;
    this.#show();
  }

  /** @param {string[]} tags - that the page has: they are not proposed */
  without(tags) {
    this.#had = new Set(tags.map(foldTag));
    this.#show();
  }

  /** @returns {boolean} whether there was a chip to go to */
  focus() {
    const chip = /** @type {HTMLElement | null} */ (this.#chips.firstElementChild);
    if (!chip || this.root.hidden) {
      return false;
    }
    chip.focus();
    return true;
  }

  #show() {
    const left = this.#tags.filter(({ name }) => !this.#had.has(foldTag(name)));
    this.#lead.textContent = left.length ? t('tagsSuggestedLead') : t('tagsHint');
    this.#chips.hidden = left.length === 0;
    this.#chips.replaceChildren(...left.map(({ name }) => this.#chip(name)));
  }

  /** @param {string} name */
  #chip(name) {
    const label = t('tagAdd', name);
    const attributes = { type: 'button', class: 'chip ghost', title: label, 'aria-label': label };
    const text = el('span', { class: 'chip-text', dir: 'auto' }, name);
    return el(
      'button',
      { ...attributes, onclick: () => this.#choose(name) },
      icon('plus'),
      tagDot(name),
      text,
    );
  }

  /** @param {string} name */
  #choose(name) {
    const hadFocus = this.#chips.contains(document.activeElement);
    const at = [...this.#chips.children].indexOf(/** @type {Element} */ (document.activeElement));
    this.#onChoose(name);
    const next = this.#chips.children[Math.min(at, this.#chips.children.length - 1)];
    if (hadFocus) {
      /** @type {HTMLElement | undefined} */ (next)?.focus();
      if (!next) {
        this.#onLeave();
      }
    }
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const here = /** @type {Element} */ (event.target);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const to = step > 0 ? here.nextElementSibling : here.previousElementSibling;
      if (to) {
        /** @type {HTMLElement} */ (to).focus();
      } else if (step < 0) {
        this.#onLeave();
      }
    } else if (event.key === 'ArrowUp' || event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.#onLeave();
    }
  }
}
