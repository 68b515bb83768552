/** The tags of the most pages as chips above the list: each filters by its tag. */
import { $, el } from './dom.js';
import { t } from './i18n.js';
import { tagDot } from './tagcolours.js';
import { hasTerm, tagTerm } from './text.js';

const SHOWN = 12;

export class FilterChips {
  #root = $('#filters');
  #host;
  #onToggle;
  #query = '';
  /** @type {import('./protocol.js').Tag[]} */
  #tags = [];

  /**
   * @param {import('./host.js').Host} host
   * @param {(term: string) => void} onToggle
   */
  constructor(host, onToggle) {
    this.#host = host;
    this.#onToggle = onToggle;
    this.#root.setAttribute('aria-label', t('tagsFilterLabel'));
    this.#root.addEventListener('focusin', ({ target }) =>
      /** @type {Element} */ (target).scrollIntoView({ block: 'nearest', inline: 'nearest' }),
    );
  }

  async load() {
    try {
      const { tags } = await this.#host.request('tags.list', { limit: SHOWN });
      this.#tags = tags;
      this.show(this.#query);
    } catch {
      // The search says what is wrong.
    }
  }

  /** @param {string} query */
  show(query) {
    this.#query = query;
    const chips = this.#tags.map(({ name, pages }) => this.#chip(name, pages));
    const focused = [...this.#root.children].indexOf(
      /** @type {Element} */ (document.activeElement),
    );
    this.#root.replaceChildren(...chips);
    this.#root.hidden = chips.length === 0;
    chips[focused]?.focus();
  }

  /**
   * @param {string} name
   * @param {number} pages
   */
  #chip(name, pages) {
    const term = tagTerm(name);
    const pressed = String(hasTerm(this.#query, term));
    const attributes = { type: 'button', class: 'chip', 'aria-pressed': pressed };
    const text = el('span', { class: 'chip-text', dir: 'auto' }, name);
    const count = el('span', { class: 'chip-count' }, String(pages));
    const onclick = () => this.#onToggle(term);
    return el('button', { ...attributes, onclick }, tagDot(name), text, count);
  }
}
