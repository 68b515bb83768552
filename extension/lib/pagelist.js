/**
 * A list of saved pages: the rows of a search, with the keyboard moving through them. One row at a
 * time can be reached with Tab; the arrows go from row to row.
 */
import { pageRow } from './pagerow.js';
import { select, selectByKey, showSelection } from './rowselect.js';
import { TagInput } from './taginput.js';
import { sameTags } from './text.js';

/**
 * @typedef {import('./protocol.js').Page} Page
 *
 * @typedef {Pick<import('./pagerow.js').RowActions, 'address' | 'open' | 'openOriginal' | 'similar' |
 *   'trash' | 'chooseTag'> & {
 *   retag: (page: Page, tags: string[]) => Promise<Page>,
 *   complete: (part: string) => Promise<import('./protocol.js').Tag[]>,
 *   leaveUp: () => void,
 *   selection?: import('./selection.js').Selection,
 * }} Actions - `leaveUp`: ArrowUp in the first row; `selection`: rows can be selected
 */

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
    actions.selection?.watch(() => this.#showSelection());
    root.addEventListener('keydown', (event) => this.#onKey(event));
    root.addEventListener('focusin', (event) => {
      const row = /** @type {Element} */ (event.target).closest('li');
      if (row) {
        this.#makeCurrent(row);
      }
    });
  }

  /**
   * @param {Page[]} pages
   * @param {boolean} more - add to those that are shown
   * @param {boolean} [kept] - who works in a row stays there
   */
  show(pages, more, kept = false) {
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
    if (again) {
      this.#focus(again);
    }
    if (!more) {
      this.#actions.selection?.keep(this.ids);
    }
    this.#showSelection();
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
    const { selection, ...actions } = this.#actions;
    const onCheck = (/** @type {MouseEvent} */ event) => this.#select(page.page, event.shiftKey);
    const row = pageRow(page, {
      ...actions,
      edit: (of) => this.#edit(page, of),
      open: (of, event) => this.#open(of, event),
      check: selection ? { isOn: selection.has(page.page), onCheck } : null,
    });
    for (const target of targets(row)) {
      target.tabIndex = -1;
    }
    return row;
  }

  /**
   * In a list whose rows can be selected, Ctrl and Shift do that.
   *
   * @param {Page} page
   * @param {MouseEvent} event
   */
  #open(page, event) {
    if (this.#actions.selection && (event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      this.#select(page.page, event.shiftKey);
    } else {
      this.#actions.selection?.from(page.page);
      this.#actions.open(page, event);
    }
  }

  /** @param {number} id @param {boolean} isRange */
  #select(id, isRange) {
    const { selection } = this.#actions;
    if (selection) {
      select(selection, id, this.ids, isRange);
    }
  }

  #showSelection() {
    const { selection } = this.#actions;
    if (selection) {
      showSelection(this.#root, this.#pages, selection);
    }
  }

  /**
   * Tags are edited in the row itself. Leaving the field keeps them; Escape does not.
   *
   * @param {Page} page
   * @param {HTMLElement} row
   */
  #edit(page, row) {
    const meta = row.querySelector('.row-meta');
    if (!meta) {
      return;
    }
    let open = true;
    /** @param {boolean} keep */
    const finish = async (keep) => {
      if (!open) {
        return;
      }
      open = false;
      const hadFocus = input.root.contains(document.activeElement);
      const changed = keep && !sameTags(input.tags, page.tags);
      const updated = changed ? await this.#actions.retag(page, input.tags) : page;
      const fresh = this.#row({ ...page, tags: updated.tags });
      this.#pages.delete(row);
      this.#pages.set(fresh, { ...page, tags: updated.tags });
      row.replaceWith(fresh);
      this.#makeCurrent(fresh);
      this.#showSelection();
      if (hadFocus) {
        this.#focus(fresh);
      }
    };
    const input = new TagInput({
      complete: this.#actions.complete,
      onEnter: () => finish(true),
      onEscape: () => finish(false),
    });
    input.tags = page.tags;
    input.root.addEventListener('focusout', (event) => {
      if (!input.root.contains(/** @type {Node | null} */ (event.relatedTarget))) {
        finish(true);
      }
    });
    row.classList.add('editing');
    meta.replaceWith(input.root);
    input.focus();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const target = /** @type {Element} */ (event.target);
    const row = target.closest('li');
    const page = row && this.#pages.get(row);
    if (!row || !page || target.matches('input[type=text]') || event.isComposing) {
      return;
    }
    if (this.#onSelectKey(event, page)) {
      event.preventDefault();
      event.stopPropagation();
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

  /**
   * @param {KeyboardEvent} event
   * @param {Page} page
   * @returns {boolean} whether it was one that selects
   */
  #onSelectKey(event, { page }) {
    const { selection } = this.#actions;
    const used = selection ? selectByKey(selection, event, { page, ids: this.ids }) : false;
    if (typeof used === 'number') {
      this.#focus([...this.#pages].find(([, one]) => one.page === used)?.[0] ?? null);
    }
    return used !== false;
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
  return row.querySelectorAll('a, button:not(.tag-input *), .row-check input');
}
