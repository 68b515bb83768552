/** The links that were found in a text, to leave single ones out, and what was refused with the reason. */
import { el, icon, linkButton } from './dom.js';
import * as format from './format.js';
import { plural, t } from './i18n.js';
import { errorText } from './words.js';

/**
 * @typedef {import('./protocol.js').LinksFound['links'][0] & { title?: string }} Link
 * @typedef {Omit<import('./protocol.js').LinksFound, 'links'> & { links: Link[] }} LinksFound
 */

/** So many rows are there at first, and so many follow when their end comes near. */
const PIECE = 200;

export class LinkChoice {
  #onChange;
  /** @type {LinksFound | null} */
  #found = null;
  /** What was left out by hand. It stays so while the text is edited. @type {Set<string>} */
  #out = new Set();
  #summary = el('p', { class: 'found-summary', role: 'status' });
  #known = linkButton('', () => this.#toggleKnown());
  #more = el('p', { class: 'found-more', hidden: true }, t('linksMore'));
  #list = el('ul', { class: 'found', 'aria-label': t('linksListLabel') });
  #shown = 0;
  #end = new IntersectionObserver(
    (entries) => entries.some(({ isIntersecting }) => isIntersecting) && this.#showMore(),
    { root: this.#list, rootMargin: '400px' },
  );

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
    const head = el('div', { class: 'found-head' }, this.#summary, this.#known);
    this.root = el('div', { class: 'choice', hidden: true }, head, this.#more, this.#list);
  }

  /** The links to save. */
  get urls() {
    const links = this.#found?.links ?? [];
    return links.map(({ url }) => url).filter((url) => !this.#out.has(url));
  }

  /** All that was found, what was refused included. */
  get size() {
    return (this.#found?.links.length ?? 0) + (this.#found?.refused.length ?? 0);
  }

  /** @param {LinksFound | null} found */
  show(found) {
    this.#found = found;
    if (!found) {
      this.#out.clear();
    }
    this.root.hidden = this.size === 0;
    const { links = [], refused = [], more = false } = found ?? {};
    this.#more.hidden = !more;
    this.#summary.textContent = [
      links.length > 0 ? plural('linksFound', links.length) : t('linksNone'),
      this.#saved.length > 0 ? plural('linksKnown', this.#saved.length) : '',
      refused.length > 0 ? plural('linksRefused', refused.length) : '',
    ]
      .filter(Boolean)
      .join(' · ');
    this.#list.replaceChildren(...refused.map(refusedRow));
    this.#shown = 0;
    this.#showMore();
    // What scrolls must be reached with the keyboard.
    this.#list.tabIndex = links.length > 0 ? -1 : 0;
    this.#showKnown();
  }

  #showMore() {
    this.#end.disconnect();
    const links = this.#found?.links ?? [];
    const rows = links.slice(this.#shown, this.#shown + PIECE).map((link) => this.#row(link));
    this.#list.append(...rows);
    this.#shown += rows.length;
    const last = this.#shown < links.length ? rows.at(-1) : null;
    if (last) {
      this.#end.observe(last);
    }
  }

  get #saved() {
    return (this.#found?.links ?? []).filter(({ page }) => page !== null);
  }

  #showKnown() {
    this.#known.hidden = this.#saved.length === 0;
    const isAnyIn = this.#saved.some(({ url }) => !this.#out.has(url));
    this.#known.textContent = t(isAnyIn ? 'linksSkipKnown' : 'linksTakeKnown');
  }

  #toggleKnown() {
    const isAnyIn = this.#saved.some(({ url }) => !this.#out.has(url));
    for (const { url } of this.#saved) {
      this.#choose(url, !isAnyIn);
    }
    /** @type {NodeListOf<HTMLInputElement>} */
    const boxes = this.#list.querySelectorAll('input');
    boxes.forEach((box, i) => {
      box.checked = !this.#out.has(this.#found?.links[i].url ?? '');
    });
    this.#changed();
  }

  /**
   * @param {string} url
   * @param {boolean} isIn
   */
  #choose(url, isIn) {
    if (isIn) {
      this.#out.delete(url);
    } else {
      this.#out.add(url);
    }
  }

  #changed() {
    this.#showKnown();
    this.#onChange();
  }

  /** @param {Link} link */
  #row({ url, page, title }) {
    const box = /** @type {HTMLInputElement} */ (
      el('input', { type: 'checkbox', checked: !this.#out.has(url) })
    );
    box.addEventListener('change', () => {
      this.#choose(url, box.checked);
      this.#changed();
    });
    const address = el(
      'span',
      { class: 'found-url', dir: 'ltr', title: url },
      format.shortUrl(url),
    );
    const mark = page === null ? '' : el('span', { class: 'found-known' }, t('linksKnownMark'));
    const name = title ? el('span', { class: 'found-title', dir: 'auto', title }, title) : null;
    return el('li', {}, el('label', {}, box, name, address, mark));
  }
}

/** @param {import('./protocol.js').Refused} refused */
function refusedRow({ url, name }) {
  const address = el('span', { class: 'found-url', dir: 'ltr', title: url }, url);
  const why = el('span', { class: 'found-why' }, errorText({ name }));
  return el('li', { class: 'refused' }, icon('error'), address, why);
}
