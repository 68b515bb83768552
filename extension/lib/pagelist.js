/**
 * A list of saved pages: the rows of a search, with the keyboard moving through them. One row at a
 * time can be reached with Tab; the arrows go from row to row.
 */
import { avatar } from './avatar.js';
import { el, icon, iconButton, marked } from './dom.js';
import * as format from './format.js';
import { brokenLine, healthMark } from './healthline.js';
import { language, plural, t } from './i18n.js';
import { docText } from './jobwords.js';
import { TagInput } from './taginput.js';
import { sameTags } from './text.js';

/** @typedef {import('./protocol.js').Page} Page */

/**
 * @typedef {object} Actions
 * @property {(page: Page) => string} address - of the snapshot in the viewer
 * @property {(page: Page, event: Event) => void} open
 * @property {(page: Page) => void} openOriginal
 * @property {(page: Page) => void} trash
 * @property {(page: Page, tags: string[]) => Promise<Page>} retag
 * @property {(tag: string) => void} chooseTag
 * @property {(part: string) => Promise<import('./protocol.js').Tag[]>} complete
 * @property {() => void} leaveUp - ArrowUp in the first row
 */

const SHOWN_TAGS = 3;

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

  /**
   * @param {Page[]} pages
   * @param {boolean} more - add to those that are shown
   */
  show(pages, more) {
    const rows = pages.map((page) => this.#row(page));
    if (more) {
      this.#root.append(...rows);
    } else {
      this.#pages = new Map();
      this.#root.replaceChildren(...rows);
    }
    rows.forEach((row, i) => this.#pages.set(row, pages[i]));
    if (!more && rows.length) {
      this.#makeCurrent(rows[0]);
    }
  }

  get first() {
    return this.#pages.values().next().value ?? null;
  }

  get size() {
    return this.#pages.size;
  }

  /** @returns {boolean} whether there was a row to go to */
  focusFirst() {
    const row = this.#root.querySelector('li');
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
    const title = page.title || page.url;
    const address = this.#actions.address(page);
    const link = el('a', { class: 'row-title', href: address, dir: 'auto', title });
    link.append(...marked(page.title_spans?.length && page.title ? page.title_spans : [title]));
    link.addEventListener('click', (event) => this.#actions.open(page, event));

    const kind = docText(page.kind);
    const mark = kind ? el('span', { class: 'row-kind' }, kind) : null;
    const main = el('div', { class: 'row-main' }, el('div', { class: 'row-head' }, link, mark));
    if (page.snippet?.some((text) => text.trim())) {
      main.append(el('p', { class: 'snippet', dir: 'auto' }, ...marked(page.snippet)));
    }
    main.append(this.#meta(page));
    const broken = brokenLine(page, address, (event) => this.#actions.open(page, event));
    if (broken) {
      main.append(broken);
    }
    const row = el('li', { class: 'row' }, avatar(page.site, page.icon), main);
    row.append(this.#buttons(page, row));
    for (const target of targets(row)) {
      target.tabIndex = -1;
    }
    return row;
  }

  /** @param {Page} page */
  #meta(page) {
    const when = format.ago(page.saved, Date.now(), language, t('justNow'));
    const meta = el(
      'p',
      { class: 'row-meta' },
      el('span', { class: 'row-site', dir: 'ltr', title: page.url }, page.site),
      el('time', { title: format.moment(page.saved, language) }, when),
    );
    if (page.versions > 1) {
      meta.append(el('span', {}, plural('versionCount', page.versions)));
    }
    if (page.state !== 'complete') {
      const missing = page.failed > 0 ? plural('missingCount', page.failed) : t('pendingBadge');
      meta.append(el('span', { class: 'row-missing' }, icon('warn'), missing));
    }
    const health = healthMark(page);
    if (health) {
      meta.append(health);
    }
    if (page.tags.length) {
      meta.append(this.#tags(page.tags));
    }
    return meta;
  }

  /** @param {string[]} tags */
  #tags(tags) {
    const group = el('span', { class: 'row-tags' });
    for (const tag of tags.slice(0, SHOWN_TAGS)) {
      const attributes = { type: 'button', class: 'chip', title: t('tagFilter', tag) };
      const text = el('span', { class: 'chip-text', dir: 'auto' }, tag);
      group.append(
        el('button', { ...attributes, onclick: () => this.#actions.chooseTag(tag) }, text),
      );
    }
    if (tags.length > SHOWN_TAGS) {
      group.append(el('span', {}, `+${tags.length - SHOWN_TAGS}`));
    }
    return group;
  }

  /**
   * @param {Page} page
   * @param {HTMLElement} row
   */
  #buttons(page, row) {
    return el(
      'div',
      { class: 'row-actions' },
      iconButton('external', t('openOriginal'), () => this.#actions.openOriginal(page)),
      iconButton('tag', t('editTags'), () => this.#edit(page, row)),
      iconButton('trash', t('moveToTrash'), () => this.#actions.trash(page)),
    );
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
    if (!row || !page || target.tagName === 'INPUT' || event.isComposing) {
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
