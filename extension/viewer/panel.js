/** The highlights of the page, beside it. */
import { $, el, iconButton } from '../lib/dom.js';
import { language, plural, t } from '../lib/i18n.js';
import { groundOf, inkName } from '../lib/inks.js';
import * as format from '../lib/format.js';

/** @typedef {import('../lib/inks.js').Highlight} Highlight */

export class Panel {
  #root = $('#panel');
  #button = $('#marks-open');
  #marks;
  #options;

  /**
   * @param {import('./marks.js').Marks} marks
   * @param {object} options
   * @param {() => number} options.shown - snapshot
   * @param {(highlight: number) => void} options.onGo
   * @param {(highlight: Highlight) => void} options.onRemove
   * @param {(highlight: Highlight, note: string) => void} options.onNote
   */
  constructor(marks, options) {
    this.#marks = marks;
    this.#options = options;
    this.#button.addEventListener('click', () => this.toggle());
    $('#panel-close').addEventListener('click', () => this.toggle(false));
    this.#root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.isComposing && !event.defaultPrevented) {
        event.preventDefault();
        event.stopPropagation();
        this.toggle(false);
      }
    });
  }

  /** @param {boolean} [open] */
  toggle(open = this.#root.hidden) {
    const hadFocus = this.#root.contains(document.activeElement);
    this.#root.hidden = !open;
    this.#button.setAttribute('aria-expanded', String(open));
    if (open) {
      this.#root.focus();
    } else if (hadFocus) {
      this.#button.focus();
    }
  }

  show() {
    const { list, ordered } = this.#marks;
    const isHere = (/** @type {Highlight} */ one) => Boolean(this.#marks.placeOf(one.highlight));
    const lost = ordered.filter((one) => !isHere(one));
    $('#marks-count').textContent = list.length
      ? new Intl.NumberFormat(language).format(list.length)
      : '';
    this.#button.title = list.length ? plural('highlightCount', list.length) : t('highlightsTitle');
    this.#button.setAttribute('aria-label', this.#button.title);
    const focused = /** @type {HTMLElement | null} */ (
      document.activeElement?.closest('#panel li') ?? null
    );
    $('#panel-list').replaceChildren(...ordered.filter(isHere).map((one) => this.#row(one, true)));
    $('#panel-lost-list').replaceChildren(...lost.map((one) => this.#row(one, false)));
    $('#panel-lost').hidden = lost.length === 0;
    $('#panel-none').hidden = list.length > 0;
    if (focused) {
      /** @type {HTMLElement | null} */
      const same = document.querySelector(
        `#panel li[data-highlight="${focused.dataset.highlight}"] button`,
      );
      (same ?? this.#root).focus();
    }
  }

  /**
   * @param {Highlight} one
   * @param {boolean} isHere
   */
  #row(one, isHere) {
    const when = format.ago(one.made, Date.now(), language, t('justNow'));
    const isOther = one.snapshot !== this.#options.shown();
    const about = isOther ? `${when} · ${t('highlightOfVersion', one.version)}` : when;
    const quote = isHere
      ? el(
          'button',
          {
            type: 'button',
            class: 'quote',
            dir: 'auto',
            onclick: () => this.#options.onGo(one.highlight),
          },
          one.quote,
        )
      : el('p', { class: 'quote', dir: 'auto' }, one.quote);
    const row = el(
      'li',
      { 'data-highlight': one.highlight },
      el('span', { class: 'visually-hidden' }, inkName(one.colour)),
      quote,
      one.note ? el('p', { class: 'panel-note', dir: 'auto' }, one.note) : null,
      el(
        'div',
        { class: 'panel-foot' },
        el('span', {}, about),
        iconButton('edit', t('penNote'), () => this.#write(row, one)),
        iconButton('trash', t('penDelete'), () => this.#options.onRemove(one)),
      ),
    );
    row.style.setProperty('--ink', groundOf(one.colour));
    return row;
  }

  /**
   * @param {HTMLElement} row
   * @param {Highlight} one
   */
  #write(row, one) {
    const field = /** @type {HTMLTextAreaElement} */ (
      el('textarea', { rows: 3, 'aria-label': t('penNote'), dir: 'auto' })
    );
    field.value = one.note;
    const end = (/** @type {boolean} */ keep) => {
      if (keep && field.value !== one.note) {
        this.#options.onNote(one, field.value);
      } else {
        this.show();
      }
    };
    const done = el(
      'button',
      { type: 'button', class: 'button', onclick: () => end(true) },
      t('done'),
    );
    const cancel = el(
      'button',
      { type: 'button', class: 'button quiet', onclick: () => end(false) },
      t('cancel'),
    );
    field.addEventListener('keydown', (event) => {
      if (event.isComposing || event.keyCode === 229) {
        return;
      }
      if (event.key === 'Escape') {
        event.preventDefault();
        event.stopPropagation();
        end(false);
      } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        end(true);
      }
    });
    const form = el(
      'div',
      { class: 'panel-form' },
      el('div', { class: 'field' }, field),
      done,
      cancel,
    );
    row.querySelector('.panel-note')?.remove();
    $('.panel-foot', row).replaceWith(form);
    field.focus();
  }
}
