/**
 * The saved pages as popup and library show them: search, terms to filter by, and what was found.
 */
import { api } from './api.js';
import { $ } from './dom.js';
import { asHostError } from './errors.js';
import { FilterChips } from './filterchips.js';
import { showFault, showHead, showNothing, showSpelling } from './listhead.js';
import { Opening } from './opening.js';
import { PageList, watchEnd } from './pagelist.js';
import { LIMITS } from './protocol.js';
import { fillQueryHelp } from './queryhelp.js';
import { retagPage, takeOut, trashPage } from './rowedits.js';
import { Search } from './search.js';
import { loadColours } from './tagcolours.js';
import { clip, tagTerm, toggleTerm } from './text.js';
import { Titles } from './titles.js';

/** @typedef {import('./protocol.js').Page} Page */
/** @typedef {import('./protocol.js').Sort} Sort */
/** @typedef {import('./pagelist.js').List} List */
/** @typedef {Search['at']} At */

/**
 * @typedef {object} Options
 * @property {import('./host.js').Host} host
 * @property {(path: string, inBackground: boolean) => void} open - a page of the extension
 * @property {(page: Page) => void} similar - shows those that are like one
 * @property {(part: string) => Promise<import('./protocol.js').Tag[]>} complete
 * @property {HTMLElement | null} scroller - what scrolls around the list; null: the window
 * @property {(root: HTMLElement, actions: import('./pagelist.js').Actions, at: At) => List} [list] -
 *   makes the list; otherwise it is one that grows as it is scrolled
 * @property {boolean} [chips] - tags to filter by stand above the list
 * @property {object} [extras] - to be asked of every search
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
  #opening;
  /** What the latest answer said of all. @type {{ total: number, hint: string }} */
  #found = { total: 0, hint: '' };
  /** Where what is shown was not searched for: asks for it again. @type {(() => unknown) | null} */
  #only = null;
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
    this.#opening = new Opening(options.host, options.open, () => this.#search.query);
    this.#list = this.#makeList();
    this.#titles = new Titles(this.#field, {
      ask: async (part, limit) =>
        (await this.#host.request('pages.titles', { part, limit })).titles,
      shown: () => new Set(this.#list.ids),
      open: ({ page }, inBackground) => this.#opening.byNumber(page, inBackground),
    });
    fillQueryHelp((example) => this.#put(`${this.#field.value.trim()} ${example}`.trim()));
    this.#listen();
  }

  /** @returns {List} */
  #makeList() {
    const options = this.#options;
    const changed = () => {
      this.#chips?.load();
      options.onChanged();
    };
    /** @type {import('./pagelist.js').Actions} */
    const actions = {
      address: (page) => api.runtime.getURL(this.#opening.pathOf(page)),
      open: (page, event) => this.#opening.click(page, event),
      openOriginal: (page) => api.tabs.create({ url: page.url }),
      similar: options.similar,
      trash: (page) => this.#trash(page),
      details: ({ page }) => api.runtime.getURL(`page/page.html?page=${page}`),
      retag: (page, tags) =>
        retagPage(this.#host, page, tags, { changed, undone: () => this.again() }),
      chooseTag: (tag) => this.toggle(tagTerm(tag)),
      complete: options.complete,
      leaveUp: () => this.focus(),
      fail: (error) => this.#fail(error),
    };
    return options.list
      ? options.list($('#results'), actions, (...where) => this.#search.at(...where))
      : new PageList($('#results'), actions);
  }

  #listen() {
    this.#field.addEventListener('input', () => this.#onInput());
    this.#field.addEventListener('keydown', (event) => this.#onKey(event));
    $('#clear').addEventListener('click', () => this.clear());
    this.#sort.addEventListener('change', () =>
      this.#search.sortBy(/** @type {Sort} */ (this.#sort.value)),
    );
    if (!this.#options.list) {
      watchEnd($('#results'), this.#options.scroller, () => this.#search.more());
    }
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

  /** How many are listed. */
  get size() {
    return this.#list.size;
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
    await (this.#only ? this.#only() : this.#search.again());
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
   * @param {() => unknown} again - shows them as they are then
   */
  showOnly(pages, again) {
    this.#search.stop();
    this.#list.show({ total: pages.length, pages }, false, this.#only !== null);
    this.#only = again;
    this.#found = { total: pages.length, hint: '' };
    this.#showHead();
    showSpelling('', () => {});
  }

  #onInput() {
    const query = clip(this.#field.value, LIMITS.searched);
    $('#clear').hidden = query === '';
    $('#slash').hidden = query !== '';
    this.#search.type(query);
    this.#chips?.show(query);
    this.#options.onQuery(query);
  }

  /** @param {string} query - to go on with */
  #put(query) {
    this.query = query;
    this.#field.focus();
    this.#field.setSelectionRange(query.length, query.length);
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
        this.#opening.open(first);
      }
    }
  }

  /**
   * @param {import('./protocol.js').Results} found
   * @param {boolean} more
   * @param {boolean} kept
   */
  #show(found, more, kept) {
    performance.mark('answer'); // this and the other marks: for tests/bench/{popup,library}.mjs
    this.#found = more ? this.#found : found;
    this.#only = null;
    this.#list.show(found, more, kept);
    if (!more && !kept) {
      (this.#options.scroller ?? document.documentElement).scrollTop = 0;
    }
    this.#showHead();
    if (!more) {
      showSpelling(found.spelling ?? '', (better) => this.#put(better));
      this.#options.onFound?.(found);
    }
    requestAnimationFrame(() => {
      performance.mark('list');
      setTimeout(() => performance.mark('painted'));
    });
  }

  #showHead() {
    const { query, sort } = this.#search;
    const { hint, total } = this.#found;
    showHead({ total, query, sort: this.#only ? null : sort, hint });
    showNothing(total > 0 ? null : this.#only ? ' ' : query);
  }

  /** @param {unknown} thrown */
  #fail(thrown) {
    const error = asHostError(thrown);
    this.#list.show({ total: 0, pages: [] }, false, false);
    showFault(error);
    this.#options.onError(error);
  }

  /** @param {Page} page */
  async #trash(page) {
    await trashPage(this.#host, page, this.#counted, () => this.#options.onChanged());
    if (this.#list.size === 0) {
      this.focus();
    }
  }

  /** The list, whose changes are counted above it. */
  get #counted() {
    const found = this.#found;
    const count = (/** @type {number} */ more) => {
      found.total += more;
      this.#showHead();
    };
    const again = () => found !== this.#found && (this.again(), true);
    return { remove: (/** @type {number} */ id) => takeOut(this.#list, id, count, again) };
  }
}
