/** What can be done to the pages that are selected: a bar above the list while there are some. */
import { el, icon, iconButton } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import { plural, t } from '../lib/i18n.js';
import { runQueue } from '../lib/queue.js';
import { TagInput } from '../lib/taginput.js';
import { foldTag, hasTerm } from '../lib/text.js';
import { toast } from '../lib/toast.js';
import { tellChange } from '../lib/undo.js';
import { faultText } from '../lib/words.js';
import { numbersOf, sendChecks } from './numbers.js';

/**
 * @typedef {object} Options
 * @property {import('../lib/host.js').Host} host
 * @property {import('../lib/selection.js').Selection} selection
 * @property {import('../lib/library.js').Library} library
 * @property {() => number} total - pages that the query finds
 * @property {(part: string) => Promise<import('../lib/protocol.js').Tag[]>} complete
 * @property {() => void} onQueued
 * @property {() => void} leave - the focus has nowhere to be
 */

export class BulkBar {
  #options;
  #count = el('p', { class: 'bulk-count', role: 'status' });
  #all = el('button', { type: 'button', class: 'link-button' });
  #add = this.#button(icon('tag'), 'bulkAdd', () => this.#edit('add'));
  #remove = this.#button(icon('untag'), 'bulkRemove', () => this.#edit('remove'));
  #check = this.#button(icon('pulse'), 'libraryCheck', () => this.#checkLinks());
  #trash = this.#button(icon('trash'), 'moveToTrash', () => this.#move(true));
  #restore = this.#button(icon('restore'), 'restore', () => this.#move(false));
  #form = /** @type {HTMLFormElement} */ (el('form', { class: 'bulk-tags', hidden: true }));
  #isBusy = false;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    const { selection } = options;
    this.#all.addEventListener('click', () => selection.takeAll());
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
        ...[this.#add, this.#remove, this.#check, this.#trash, this.#restore],
      ),
      this.#form,
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
    for (const button of [this.#add, this.#remove, this.#check, this.#trash, this.#restore]) {
      button.disabled = readonly;
    }
  }

  /** The selection, or what is found, has changed. */
  show() {
    const { library, selection, total } = this.#options;
    const count = selection.isAll ? total() : selection.ids.length;
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
    this.#all.hidden =
      selection.isAll || total() <= library.pages.length || count < library.pages.length;
    this.#all.textContent = plural('bulkAll', total());
    const isTrash = hasTerm(library.asked, 'is:trashed');
    this.#trash.hidden = isTrash;
    this.#restore.hidden = !isTrash;
    if (hadFocus && !document.activeElement?.checkVisibility()) {
      this.#add.focus();
    }
  }

  #clear() {
    this.#options.selection.clear();
  }

  /** The pages, as pages.edit wants them. */
  get #which() {
    const { library, selection } = this.#options;
    return selection.isAll ? { query: library.asked } : { pages: selection.ids };
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

  /** @param {boolean} trash */
  #move(trash) {
    this.#change({ trash });
  }

  /** @param {object} what */
  async #change(what) {
    const { host, library } = this.#options;
    if (this.#isBusy) {
      return;
    }
    this.#setBusy(true);
    try {
      const { changed, step } = await host.request('pages.edit', { ...this.#which, ...what });
      this.#closeForm();
      await library.again();
      const words = changed > 0 ? plural('bulkChanged', changed) : t('bulkUnchanged');
      tellChange(host, words, step, () => library.again());
    } catch (error) {
      toast(faultText(asHostError(error)));
    }
    this.#setBusy(false);
    this.show();
  }

  async #checkLinks() {
    const { host, onQueued } = this.#options;
    if (this.#isBusy) {
      return;
    }
    this.#setBusy(true);
    try {
      const which = this.#which;
      const pages = which.pages ?? (await numbersOf(host, which.query ?? ''));
      const added = await sendChecks(host, pages);
      toast(plural('libraryChecking', added));
      await runQueue();
      onQueued();
    } catch (error) {
      toast(faultText(asHostError(error)));
    }
    this.#setBusy(false);
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
