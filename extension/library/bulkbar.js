/** What can be done to the pages that are selected: a bar above the list while there are some. */
import { el, icon, iconButton } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import { plural, t } from '../lib/i18n.js';
import { TagInput } from '../lib/taginput.js';
import { foldTag, hasTerm } from '../lib/text.js';
import { toast } from '../lib/toast.js';
import { faultText } from '../lib/words.js';
import { changeAll, checkAll, exportAll, saveAllAgain } from './bulkacts.js';
import { menuOf } from './menu.js';

/**
 * @typedef {object} Options
 * @property {import('../lib/host.js').Host} host
 * @property {import('./selection.js').Selection} selection
 * @property {import('../lib/library.js').Library} library
 * @property {import('../lib/work.js').Work} work
 * @property {() => number} total - pages that the query finds
 * @property {(part: string) => Promise<import('../lib/protocol.js').Tag[]>} complete
 * @property {() => void} onQueued
 * @property {() => void} onChanged - pages were changed
 * @property {() => void} all - selects all that is found
 * @property {() => void} leave - the focus has nowhere to be
 */

export class BulkBar {
  #options;
  #count = el('p', { class: 'bulk-count', role: 'status' });
  #all = el('button', { type: 'button', class: 'link-button' });
  #add = this.#button(icon('tag'), 'bulkAdd', () => this.#edit('add'));
  #remove = this.#button(icon('untag'), 'bulkRemove', () => this.#edit('remove'));
  #again = this.#button(icon('camera'), 'bulkAgain', () => this.#while(saveAllAgain));
  #check = this.#button(icon('pulse'), 'libraryCheck', () => this.#while(checkAll));
  #export = this.#button(icon('download'), 'bulkExport', () => {});
  #trash = this.#button(icon('trash'), 'moveToTrash', () => this.#change({ trash: true }));
  #restore = this.#button(icon('restore'), 'restore', () => this.#change({ trash: false }));
  #form = /** @type {HTMLFormElement} */ (el('form', { class: 'bulk-tags', hidden: true }));
  #isBusy = false;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    const { selection } = options;
    this.#all.addEventListener('click', () => options.all());
    const choices = menuOf(this.#export, [
      {
        drawing: 'library',
        words: t('exportPages'),
        text: t('exportPagesText'),
        act: () => this.#while(exportAll, 'pages'),
      },
      {
        drawing: 'link',
        words: t('exportBookmarks'),
        text: t('exportBookmarksText'),
        act: () => this.#while(exportAll, 'bookmarks'),
      },
    ]);
    this.root = el(
      'div',
      { class: 'bulk', role: 'group', 'aria-label': t('bulkLabel'), hidden: true },
      el(
        'div',
        { class: 'bulk-line' },
        iconButton('close', t('bulkClear'), () => this.#clear()),
        this.#count,
        this.#all,
        el('span', { class: 'space' }),
        ...[this.#add, this.#remove, this.#again, this.#check, this.#export],
        ...[this.#trash, this.#restore],
      ),
      this.#form,
      choices,
    );
    this.root.addEventListener('keydown', (event) => this.#onKey(event));
    selection.watch(() => this.show());
  }

  /**
   * @param {SVGElement} drawing
   * @param {string} key
   * @param {() => void} onclick
   */
  #button(drawing, key, onclick) {
    const attributes = { type: 'button', class: 'button', title: t(key), onclick };
    return /** @type {HTMLButtonElement} */ (
      el('button', attributes, drawing, el('span', {}, t(key)))
    );
  }

  /** Nothing can be changed. */
  set readonly(/** @type {boolean} */ readonly) {
    const changing = [
      this.#add,
      this.#remove,
      this.#again,
      this.#check,
      this.#trash,
      this.#restore,
    ];
    for (const button of changing) {
      button.disabled = readonly;
    }
  }

  /** The selection, or what is found, has changed. */
  show() {
    const { library, selection, total } = this.#options;
    const count = selection.count(total());
    const hadFocus = this.root.contains(document.activeElement);
    this.root.hidden = selection.isEmpty;
    document.body.classList.toggle('bulk-open', !selection.isEmpty);
    if (selection.isEmpty) {
      this.#closeForm();
      if (hadFocus) {
        this.#options.leave();
      }
      return;
    }
    this.#count.textContent = plural('bulkCount', count);
    this.#all.hidden = count >= total();
    this.#all.textContent = plural('bulkAll', total());
    const isTrash = hasTerm(library.asked, 'is:trashed');
    this.#trash.hidden = isTrash;
    this.#restore.hidden = !isTrash;
    this.#again.hidden = isTrash;
    this.#check.hidden = isTrash;
    if (hadFocus && !document.activeElement?.checkVisibility()) {
      this.#add.focus();
    }
  }

  #clear() {
    this.#options.selection.clear();
  }

  /** @returns {import('./numbers.js').Which} */
  get #which() {
    const { library, selection } = this.#options;
    return { query: selection.isAll ? library.asked : null, numbers: selection.numbers };
  }

  /** To the trash, or out of it. */
  trash() {
    (this.#trash.hidden ? this.#restore : this.#trash).click();
  }

  /** @param {'add' | 'remove'} how */
  #edit(how) {
    const button = how === 'add' ? this.#add : this.#remove;
    if (button.getAttribute('aria-expanded') === 'true') {
      this.#closeForm();
      button.focus();
      return;
    }
    this.#closeForm();
    button.setAttribute('aria-expanded', 'true');
    const label = t(how === 'add' ? 'bulkAdd' : 'bulkRemove');
    const input = new TagInput({
      label,
      complete: how === 'add' ? this.#options.complete : (part) => this.#tagsOf(part),
      onEnter: () => this.#form.requestSubmit(),
      onEscape: () => {
        this.#closeForm();
        button.focus();
      },
    });
    const submit = el('button', { type: 'submit', class: 'button primary' }, label);
    this.#form.replaceChildren(input.root, submit);
    this.#form.onsubmit = (event) => {
      event.preventDefault();
      const { tags } = input;
      if (tags.length) {
        this.#change({ [how]: tags });
      } else {
        input.focus();
      }
    };
    this.#form.hidden = false;
    input.focus();
  }

  #closeForm() {
    this.#form.hidden = true;
    this.#form.replaceChildren();
    this.#add.setAttribute('aria-expanded', 'false');
    this.#remove.setAttribute('aria-expanded', 'false');
  }

  /**
   * Tags that pages of the selection have; of all that is found, those of the library.
   *
   * @param {string} part
   */
  async #tagsOf(part) {
    const { complete, library, selection } = this.#options;
    if (selection.isAll) {
      return complete(part);
    }
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const { page, tags } of library.pages) {
      for (const tag of selection.has(page) ? tags : []) {
        counts.set(tag, (counts.get(tag) ?? 0) + 1);
      }
    }
    return [...counts]
      .filter(([name]) => foldTag(name).includes(foldTag(part)))
      .sort(([, a], [, b]) => b - a)
      .map(([name, pages]) => ({ name, pages }));
  }

  /** @param {{ add?: string[], remove?: string[], trash?: boolean }} what */
  async #change(what) {
    const { library, selection } = this.#options;
    await this.#while(async (options, which) => {
      if (await changeAll(options, which, what)) {
        this.#closeForm();
        if (what.trash !== undefined) {
          selection.clear();
        } else if (!selection.isAll && library.pages.length === library.size) {
          selection.keep(library.pages.map(({ page }) => page));
        }
      }
    });
  }

  /**
   * One thing at a time.
   *
   * @template T
   * @param {(options: Options, which: import('./numbers.js').Which, more: T) => Promise<void>} act
   * @param {T} [more]
   */
  async #while(act, more) {
    if (!this.#isBusy) {
      this.#setBusy(true);
      try {
        await act(this.#options, this.#which, /** @type {T} */ (more));
      } catch (error) {
        toast(faultText(asHostError(error)));
      }
      this.#setBusy(false);
      this.show();
    }
  }

  /** @param {boolean} isBusy */
  #setBusy(isBusy) {
    this.#isBusy = isBusy;
    this.root.setAttribute('aria-busy', String(isBusy));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === 'Escape' && !event.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      this.#clear();
    }
  }
}
