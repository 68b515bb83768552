/**
 * A list of saved pages: the rows of a search, with the keyboard moving through them. One row at a
 * time can be reached with Tab; the arrows go from row to row.
 */
import { el } from './dom.js';
import { pageRow } from './pagerow.js';
import { editTags } from './rowtags.js';

/**
 * @typedef {import('./protocol.js').Page} Page
 *
 * @typedef {Omit<import('./pagerow.js').RowActions, 'edit'> & {
 *   retag: (page: Page, tags: string[]) => Promise<Page>,
 *   complete: (part: string) => Promise<import('./protocol.js').Tag[]>,
 *   leaveUp: () => void,
 *   fail: (error: unknown) => void,
 * }} Actions - `leaveUp`: ArrowUp in the first row; `fail`: more of the list cannot be had
 *
 * @typedef {object} List - what a Library shows its pages in
 * @property {(found: { total: number, pages: Page[] }, more: boolean, kept: boolean) => void} show -
 *   `more`: add to those that are shown; `kept`: who works in a row stays there
 * @property {readonly Page[]} pages - that it holds, in their order
 * @property {number[]} ids - their numbers
 * @property {Page | null} first
 * @property {number} size - how many it lists
 * @property {(which?: string) => boolean} focusOn
 * @property {(id: number) => () => void} remove
 */

/** @implements {List} */
export class PageList {
  #root;
  #actions;
  /** @type {Map<HTMLElement, Page>} */
  #pages = new Map();

  /**
   * @param {HTMLElement} root - the <ul>
   * @param {Actions} actions
   */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
    root.addEventListener('keydown', (event) => this.#onKey(event));
    root.addEventListener('focusin', (event) => {
      const row = /** @type {Element} */ (event.target).closest('li');
      if (row) {
        this.#makeCurrent(row);
      }
    });
  }

  /** @type {List['show']} */
  show({ pages }, more, kept) {
    const hadFocus = !more && this.#root.contains(document.activeElement);
    const active = kept ? document.activeElement?.closest('li') : null;
    const held = active && this.#pages.get(/** @type {HTMLElement} */ (active))?.page;
    const rows = pages.map((page) => this.#row(page));
    if (more) {
      this.#root.append(...rows);
    } else {
      this.#pages = new Map();
      this.#root.replaceChildren(...rows);
    }
    rows.forEach((row, i) => this.#pages.set(row, pages[i]));
    const again = held ? rows[pages.findIndex(({ page }) => page === held)] : undefined;
    if (!more && rows.length) {
      this.#makeCurrent(again ?? rows[0]);
    }
    if (again ?? (hadFocus && rows.length)) {
      this.#focus(again ?? rows[0]);
    } else if (hadFocus) {
      this.#actions.leaveUp();
    }
  }

  /** The pages that are shown, in their order. */
  get pages() {
    return [...this.#root.children].flatMap(
      (row) => this.#pages.get(/** @type {HTMLElement} */ (row)) ?? [],
    );
  }

  get ids() {
    return this.pages.map(({ page }) => page);
  }

  get first() {
    return this.pages[0] ?? null;
  }

  get size() {
    return this.#pages.size;
  }

  /**
   * @param {string} [which] - the first row
   * @returns {boolean} whether there was a row to go to
   */
  focusOn(which = 'li') {
    const row = this.#root.querySelector(which) ?? this.#root.querySelector('li');
    this.#focus(row);
    return row !== null;
  }

  /**
   * Takes a page out; the focus goes to its neighbour.
   *
   * @param {number} id
   * @returns {() => void} puts it back where it was
   */
  remove(id) {
    const row = [...this.#pages].find(([, page]) => page.page === id)?.[0];
    const page = row && this.#pages.get(row);
    if (!row || !page) {
      return () => {};
    }
    const next = row.nextElementSibling;
    const neighbour = next ?? row.previousElementSibling;
    const hadFocus = row.contains(document.activeElement);
    row.remove();
    this.#pages.delete(row);
    if (hadFocus) {
      this.#focus(neighbour);
    }
    return () => {
      this.#root.insertBefore(row, next?.parentNode === this.#root ? next : null);
      this.#pages.set(row, page);
      this.#focus(row);
    };
  }

  /** @param {Page} page */
  #row(page) {
    const row = pageRow(page, { ...this.#actions, edit: (of) => this.#edit(page, of) });
    for (const target of targets(row)) {
      target.tabIndex = -1;
    }
    return row;
  }

  /**
   * @param {Page} page
   * @param {HTMLElement} row
   */
  #edit(page, row) {
    const meta = row.querySelector('.row-meta');
    if (meta) {
      const { complete, retag } = this.#actions;
      const done = (/** @type {Page} */ now, /** @type {boolean} */ hadFocus) => {
        const fresh = this.#row(now);
        this.#pages.delete(row);
        this.#pages.set(fresh, now);
        row.replaceWith(fresh);
        this.#makeCurrent(fresh);
        if (hadFocus) {
          this.#focus(fresh);
        }
      };
      editTags(row, meta, page, { complete, retag, done });
    }
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const target = /** @type {Element} */ (event.target);
    const row = target.closest('li');
    const page = row && this.#pages.get(row);
    if (!row || !page || target.matches('input[type=text]') || event.isComposing || event.altKey) {
      return;
    }
    const moves = /** @type {Record<string, () => Element | null>} */ ({
      ArrowDown: () => row.nextElementSibling,
      ArrowUp: () => row.previousElementSibling,
      Home: () => this.#root.firstElementChild,
      End: () => this.#root.lastElementChild,
    });
    if (moves[event.key]) {
      event.preventDefault();
      const to = moves[event.key]();
      if (to) {
        this.#focus(to);
      } else if (event.key === 'ArrowUp') {
        this.#actions.leaveUp();
      }
    } else if (event.key === 'Delete') {
      event.preventDefault();
      this.#actions.trash(page);
    }
  }

  /** @param {Element | null} row */
  #focus(row) {
    /** @type {HTMLElement | null | undefined} */ (row?.querySelector('.row-title'))?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  }

  /** @param {HTMLElement} row */
  #makeCurrent(row) {
    for (const other of this.#root.querySelectorAll('li.current')) {
      other.classList.remove('current');
      for (const target of targets(other)) {
        target.tabIndex = -1;
      }
    }
    row.classList.add('current');
    for (const target of targets(row)) {
      target.tabIndex = 0;
    }
  }
}

/**
 * @param {Element} row
 * @returns {NodeListOf<HTMLElement>}
 */
function targets(row) {
  return row.querySelectorAll('a, button:not(.tag-input *)');
}

/**
 * Asks for more where the end of a list comes near.
 *
 * @param {HTMLElement} list
 * @param {HTMLElement | null} scroller - null: the window
 * @param {() => void} more
 */
export function watchEnd(list, scroller, more) {
  const end = el('div', { class: 'end' });
  list.after(end);
  const watch = new IntersectionObserver(
    (entries) => entries.some(({ isIntersecting }) => isIntersecting) && more(),
    { root: scroller, rootMargin: '200px' },
  );
  watch.observe(end);
}
