/**
 * The saved pages as popup and library show them: search, terms to filter by, and what was found.
 */
import { api } from './api.js';
import { $, el } from './dom.js';
import { asHostError } from './errors.js';
import { FilterChips } from './filterchips.js';
import { showFault, showHead, showNothing, showSpelling } from './listhead.js';
import { PageList } from './pagelist.js';
import { LIMITS } from './protocol.js';
import { fillQueryHelp } from './queryhelp.js';
import { retagPage, trashPage } from './rowedits.js';
import { Search } from './search.js';
import { loadColours } from './tagcolours.js';
import { clip, tagTerm, toggleTerm } from './text.js';
import { Titles } from './titles.js';
import { toast } from './toast.js';
import { viewerPath } from './viewerlink.js';
import { errorText } from './words.js';

/** @typedef {import('./protocol.js').Page} Page */
/** @typedef {import('./protocol.js').Sort} Sort */

/**
 * @typedef {object} Options
 * @property {import('./host.js').Host} host
 * @property {(path: string, inBackground: boolean) => void} open - a page of the extension
 * @property {(page: Page) => void} similar - shows those that are like one
 * @property {(part: string) => Promise<import('./protocol.js').Tag[]>} complete
 * @property {HTMLElement | null} scroller - what scrolls around the list; null: the window
 * @property {boolean} [chips] - tags to filter by stand above the list
 * @property {object} [extras] - to be asked of every search
 * @property {import('./selection.js').Selection} [selection] - rows can be selected
 * @property {(query: string) => void} onQuery - what stands in the field
 * @property {(found: import('./protocol.js').Results) => void} [onFound] - from the first result
 * @property {(query: string) => boolean} [onEnter] - whether it meant a link
 * @property {() => void} onChanged - pages were changed here
 * @property {(error: import('./errors.js').HostError) => void} onError
 */

export class Library {
  #options;
  #host;
  #list;
  #search;
  #chips;
  #titles;
  /** @type {HTMLInputElement} */
  #field = $('#query');
  /** @type {HTMLSelectElement} */
  #sort = $('#sort');

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    this.#host = options.host;
    this.#field.maxLength = LIMITS.searched / 4;
    this.#search = new Search(
      (method, params, more) => this.#host.request(method, params, more),
      (found, more, kept) => this.#show(found, more, kept),
      (error) => this.#fail(error),
      { spelling: true, ...options.extras },
    );
    this.#chips = options.chips ? new FilterChips(options.host, (term) => this.toggle(term)) : null;
    this.#list = new PageList($('#results'), {
      address: (page) => api.runtime.getURL(this.#pathOf(page)),
      open: (page, event) => this.#open(page, event),
      openOriginal: (page) => api.tabs.create({ url: page.url }),
      similar: options.similar,
      trash: (page) => this.#trash(page),
      retag: (page, tags) => retagPage(this.#host, page, tags, () => this.#onRetagged()),
      chooseTag: (tag) => this.toggle(tagTerm(tag)),
      complete: options.complete,
      leaveUp: () => this.focus(),
      selection: options.selection,
    });
    this.#titles = new Titles(this.#field, {
      ask: async (part, limit) =>
        (await this.#host.request('pages.titles', { part, limit })).titles,
      shown: () => new Set(this.#list.ids),
      open: ({ page }, inBackground) => this.#openPage(page, inBackground),
    });
    fillQueryHelp((example) => this.#tryOut(example));
    this.#listen();
  }

  #listen() {
    this.#field.addEventListener('input', () => this.#onInput());
    this.#field.addEventListener('keydown', (event) => this.#onKey(event));
    $('#clear').addEventListener('click', () => this.clear());
    this.#sort.addEventListener('change', () =>
      this.#search.sortBy(/** @type {Sort} */ (this.#sort.value)),
    );
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

  /** The query that the list answers. */
  get asked() {
    return this.#search.query;
  }

  /** The pages that are shown. */
  get pages() {
    return this.#list.pages;
  }

  focus() {
    this.#field.focus();
    this.#field.select();
  }

  focusList() {
    if (!this.#list.focusOn('li.current')) {
      this.focus();
    }
  }

  clear() {
    this.#titles.close();
    this.query = '';
    this.#field.focus();
  }

  /** Puts a term into the query, or takes it out. @param {string} term */
  toggle(term) {
    this.query = toggleTerm(this.query, term);
  }

  /** Asks again: the library has changed. */
  async refresh() {
    await Promise.all([this.#search.run(), this.#chips?.load()]);
    await loadColours(this.#host);
  }

  /** Asks again, and whoever reads or works in the list stays where they are. */
  async again() {
    await this.#search.again();
    await loadColours(this.#host);
  }

  /** Asks again unless somebody reads further down or works in the list. */
  async follow() {
    const list = $('#results');
    const isAtTop = (this.#options.scroller ?? document.documentElement).scrollTop === 0;
    if (isAtTop && !list.contains(document.activeElement) && !list.matches(':hover')) {
      await this.refresh();
    }
  }

  /**
   * Shows pages that were not searched for.
   *
   * @param {Page[]} pages
   */
  showOnly(pages) {
    this.#search.stop();
    this.#list.show(pages, false);
    showHead({ total: pages.length, query: '', sort: null });
    showSpelling('', () => {});
    showNothing(pages.length ? null : ' ');
  }

  #onInput() {
    const query = clip(this.#field.value, LIMITS.searched);
    $('#clear').hidden = query === '';
    $('#slash').hidden = query !== '';
    this.#search.type(query);
    this.#chips?.show(query);
    this.#options.onQuery(query);
  }

  /** @param {string} example - of the help: it follows what is there */
  #tryOut(example) {
    this.query = `${this.#field.value.trim()} ${example}`.trim();
    this.#field.focus();
    this.#field.setSelectionRange(this.#field.value.length, this.#field.value.length);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.isComposing || event.keyCode === 229 || this.#titles.onKey(event)) {
      return;
    }
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      this.#list.focusOn();
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      if (this.#options.onEnter?.(this.#field.value)) {
        return;
      }
      const first = this.#list.first;
      if (first && this.#field.value.trim()) {
        event.preventDefault();
        this.#options.open(this.#pathOf(first), false);
      }
    }
  }

  /**
   * @param {import('./protocol.js').Results} found
   * @param {boolean} more
   * @param {boolean} kept
   */
  #show(found, more, kept) {
    const { hint, pages, spelling, total } = found;
    const { query } = this.#search;
    this.#list.show(pages, more, kept);
    if (!more && !kept) {
      (this.#options.scroller ?? document.documentElement).scrollTop = 0;
    }
    showHead({ total, query, sort: this.#search.sort, hint });
    if (!more) {
      showSpelling(spelling ?? '', (better) => {
        this.query = better;
        this.#field.focus();
      });
      this.#options.onFound?.(found);
    }
    requestAnimationFrame(() => performance.mark('list')); // tests/bench/popup.mjs reads it
    showNothing(total === 0 ? query : null);
  }

  /** @param {unknown} thrown */
  #fail(thrown) {
    const error = asHostError(thrown);
    this.#list.show([], false);
    showFault(error);
    this.#options.onError(error);
  }

  /** @param {Page} page */
  #pathOf(page) {
    return viewerPath(page.snapshot, this.#search.query);
  }

  /**
   * @param {Page} page
   * @param {MouseEvent} event
   */
  #open(page, event) {
    if (!event.shiftKey) {
      event.preventDefault();
      this.#options.open(this.#pathOf(page), event.ctrlKey || event.metaKey);
    }
  }

  /**
   * @param {number} id
   * @param {boolean} inBackground
   */
  async #openPage(id, inBackground) {
    try {
      const page = await this.#host.request('pages.get', { page: id });
      this.#options.open(viewerPath(page.snapshot), inBackground);
    } catch (error) {
      toast(errorText(asHostError(error)));
    }
  }

  /** @param {Page} page */
  async #trash(page) {
    const onChanged = () => this.#options.onChanged();
    await trashPage(this.#host, page, this.#list, onChanged);
    if (this.#list.size === 0) {
      this.focus();
    }
  }

  #onRetagged() {
    this.#chips?.load();
    this.#options.onChanged();
  }
}
