/**
 * The saved pages as popup and library show them: search, terms to filter by, and what was found.
 */
import { api } from './api.js';
import { $, el, icon } from './dom.js';
import { asHostError } from './errors.js';
import { plural, t } from './i18n.js';
import { PageList } from './pagelist.js';
import { LIMITS } from './protocol.js';
import { Search } from './search.js';
import { clip, hasTerm, tagTerm, toggleTerm } from './text.js';
import { errorText, remedyText } from './words.js';
import { toast } from './toast.js';

/** @typedef {import('./protocol.js').Page} Page */
/** @typedef {import('./protocol.js').Tag} Tag */

const SHOWN_FILTERS = 12;

export class Library {
  #options;
  #host;
  #list;
  #search;
  /** @type {HTMLInputElement} */
  #field;
  #sort = /** @type {'rank' | 'newest'} */ ('rank');
  /** @type {Tag[]} */
  #tags = [];

  /**
   * @param {object} options
   * @param {import('./host.js').Host} options.host
   * @param {(snapshot: number, inBackground: boolean) => void} options.view
   * @param {(part: string) => Promise<Tag[]>} options.complete
   * @param {HTMLElement | null} options.scroller - what scrolls around the list; null: the window
   * @param {number} [options.filters] - tags that are offered
   * @param {{ term: string, label: string }[]} [options.terms] - offered in front of the tags
   * @param {(query: string) => void} options.onQuery - what stands in the field
   * @param {(query: string) => boolean} [options.onEnter] - whether it meant a link
   * @param {() => void} options.onChanged - pages were changed here
   * @param {(error: import('./errors.js').HostError) => void} options.onError
   */
  constructor(options) {
    this.#options = options;
    this.#host = options.host;
    this.#field = $('#query');
    this.#field.maxLength = LIMITS.query / 4;
    this.#search = new Search(
      (method, params, more) => this.#host.request(method, params, more),
      (found, more) => this.#show(found, more),
      (error) => this.#fail(error),
    );
    this.#list = new PageList($('#results'), {
      address: (page) => api.runtime.getURL(`viewer/viewer.html?snapshot=${page.snapshot}`),
      open: (page, event) => this.#open(page, /** @type {MouseEvent} */ (event)),
      openOriginal: (page) => api.tabs.create({ url: page.url }),
      trash: (page) => this.#trash(page),
      retag: (page, tags) => this.#retag(page, tags),
      chooseTag: (tag) => this.#toggle(tagTerm(tag)),
      complete: options.complete,
      leaveUp: () => this.focus(),
    });
    this.#listen();
  }

  #listen() {
    this.#field.addEventListener('input', () => this.#onInput());
    this.#field.addEventListener('keydown', (event) => this.#onKey(event));
    $('#clear').addEventListener('click', () => this.clear());
    $('#sort').addEventListener('click', () => {
      this.#sort = this.#sort === 'rank' ? 'newest' : 'rank';
      this.#search.sortBy(this.#sort);
    });
    const end = el('div', { class: 'end' });
    $('#results').after(end);
    const watch = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && this.#search.more(),
      { root: this.#options.scroller, rootMargin: '200px' },
    );
    watch.observe(end);
  }

  get query() {
    return this.#field.value;
  }

  set query(query) {
    this.#field.value = query;
    this.#onInput();
  }

  focus() {
    this.#field.focus();
    this.#field.select();
  }

  clear() {
    this.query = '';
    this.#field.focus();
  }

  /** Asks again: the library has changed. */
  async refresh() {
    await Promise.all([this.#search.run(), this.#loadFilters()]);
  }

  /** Asks again unless somebody reads further down or works in the list. */
  async follow() {
    const list = $('#results');
    const isAtTop = (this.#options.scroller ?? document.documentElement).scrollTop === 0;
    if (isAtTop && !list.contains(document.activeElement) && !list.matches(':hover')) {
      await this.refresh();
    }
  }

  async #loadFilters() {
    try {
      const { filters = SHOWN_FILTERS } = this.#options;
      const { tags } = await this.#host.request('tags.list', { limit: filters });
      this.#tags = tags;
      this.#showFilters();
    } catch {
      // The search says what is wrong.
    }
  }

  #showFilters() {
    const { terms = [] } = this.#options;
    const chips = [
      ...terms.map(({ term, label }) => this.#chip(term, label, '')),
      ...this.#tags.map(({ name, pages }) => this.#chip(tagTerm(name), name, String(pages))),
    ];
    const focused = [...$('#filters').children].indexOf(
      /** @type {Element} */ (document.activeElement),
    );
    $('#filters').replaceChildren(...chips);
    $('#filters').hidden = chips.length === 0;
    chips[focused]?.focus();
  }

  /**
   * @param {string} term
   * @param {string} label
   * @param {string} count
   */
  #chip(term, label, count) {
    const pressed = String(hasTerm(this.#field.value, term));
    const attributes = { type: 'button', class: 'chip', 'aria-pressed': pressed };
    const text = el('span', { class: 'chip-text', dir: 'auto' }, label);
    const more = count ? el('span', { class: 'chip-count' }, count) : null;
    return el('button', { ...attributes, onclick: () => this.#toggle(term) }, text, more);
  }

  /** @param {string} term */
  #toggle(term) {
    this.query = toggleTerm(this.query, term);
  }

  #onInput() {
    const query = clip(this.#field.value, LIMITS.query);
    $('#clear').hidden = query === '';
    $('#slash').hidden = query !== '';
    this.#search.type(query);
    this.#showFilters();
    this.#options.onQuery(query);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.isComposing || event.keyCode === 229) {
      return;
    }
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      this.#list.focusFirst();
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      if (this.#options.onEnter?.(this.#field.value)) {
        return;
      }
      const first = this.#list.first;
      if (first && this.#field.value.trim()) {
        event.preventDefault();
        this.#options.view(first.snapshot, false);
      }
    }
  }

  /**
   * @param {import('./search.js').Found} found
   * @param {boolean} more
   */
  #show({ hint, pages, total }, more) {
    const { query } = this.#search;
    this.#list.show(pages, more);
    if (!more) {
      (this.#options.scroller ?? document.documentElement).scrollTop = 0;
    }
    $('#count').textContent = query ? plural('foundTotal', total) : plural('pageTotal', total);
    $('#count').hidden = total === 0;
    $('#sort').hidden = query === '' || total < 2;
    $('#sort').textContent = t(this.#sort === 'rank' ? 'sortRank' : 'sortNewest');
    $('#sort').title = t(this.#sort === 'rank' ? 'sortToNewest' : 'sortToRank');
    $('#hint').hidden = hint === '';
    $('#hint').textContent = hint ? t('searchHint', hint) : '';
    requestAnimationFrame(() => performance.mark('list')); // tests/bench/popup.mjs reads it
    this.#showNothing(total === 0 ? query : null);
  }

  /** @param {string | null} query - null: there is something to see */
  #showNothing(query) {
    const nothing = $('#nothing');
    nothing.hidden = query === null;
    if (query) {
      nothing.replaceChildren(
        el('p', { class: 'lead' }, t('foundNothing')),
        el('p', {}, t('foundNothingText')),
      );
    } else if (query === '') {
      nothing.replaceChildren(
        el('img', { src: '/icons/icon.svg', alt: '', width: 44, height: 44 }),
        el('p', { class: 'lead' }, t('emptyLead')),
        el('p', {}, t('emptyText')),
      );
    }
  }

  /** @param {unknown} thrown */
  #fail(thrown) {
    const error = asHostError(thrown);
    this.#list.show([], false);
    $('#count').hidden = true;
    $('#sort').hidden = true;
    $('#hint').hidden = true;
    const nothing = $('#nothing');
    nothing.hidden = false;
    nothing.replaceChildren(
      el('p', { class: 'lead' }, icon('error'), errorText(error)),
      el('p', {}, remedyText(error)),
    );
    this.#options.onError(error);
  }

  /**
   * @param {Page} page
   * @param {MouseEvent} event
   */
  #open(page, event) {
    if (!event.shiftKey) {
      event.preventDefault();
      this.#options.view(page.snapshot, event.ctrlKey || event.metaKey);
    }
  }

  /** @param {Page} page */
  async #trash(page) {
    const putBack = this.#list.remove(page.page);
    try {
      await this.#host.request('pages.trash', { page: page.page });
    } catch (error) {
      putBack();
      toast(errorText(asHostError(error)));
      return;
    }
    if (this.#list.size === 0) {
      this.focus();
    }
    this.#options.onChanged();
    const act = async () => {
      try {
        await this.#host.request('pages.restore', { page: page.page });
        putBack();
        this.#options.onChanged();
      } catch (error) {
        toast(errorText(asHostError(error)));
      }
    };
    toast(t('trashed'), { label: t('undo'), act });
  }

  /**
   * @param {Page} page
   * @param {string[]} tags
   * @returns {Promise<Page>}
   */
  async #retag(page, tags) {
    try {
      const updated = await this.#host.request('pages.update', { page: page.page, tags });
      this.#loadFilters();
      this.#options.onChanged();
      return updated;
    } catch (error) {
      toast(errorText(asHostError(error)));
      return page;
    }
  }
}
