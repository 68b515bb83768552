/** What a SaveCard looks like: its fields, and how each of its states is shown. */
import { avatar } from '../lib/avatar.js';
import { $, clone, el, icon, linkButton, setBar } from '../lib/dom.js';
import * as format from '../lib/format.js';
import { language, plural, t } from '../lib/i18n.js';
import { TagInput } from '../lib/taginput.js';
import { TagSuggest } from '../lib/tagsuggest.js';
import { progressText } from '../lib/words.js';
import { doneStrip, failedStrip, missingStrip } from './outcome.js';

/** @typedef {import('../lib/protocol.js').Page} Page */
/** @typedef {import('../lib/saves.js').SaveRecord} SaveRecord */

/**
 * @typedef {object} Options
 * @property {boolean} isLink
 * @property {chrome.tabs.Tab} tab
 * @property {(part: string) => Promise<import('../lib/protocol.js').Tag[]>} complete
 * @property {() => void} onInput
 * @property {() => void} onPrimary
 * @property {() => void} onEnter - Enter in the empty field for tags
 * @property {() => void} onAgain
 * @property {() => void} onAnyway - a version even though nothing has changed
 * @property {() => void} onCancel
 * @property {(snapshot: number) => void} onRetry
 * @property {(snapshot: number) => void} onReport
 * @property {() => void} onAllow - the capture may look into frames of other sites
 * @property {() => void} onAsLink
 * @property {(page: number) => void} onPage - shows all that is kept of it
 * @property {() => void} onSettings
 * @property {() => void} [onClose]
 */

/**
 * @typedef {object} State
 * @property {string} url
 * @property {Page | null} page
 * @property {import('../lib/protocol.js').Snapshot | null} missing
 * @property {SaveRecord | null} record
 * @property {import('../lib/saves.js').Fault | null} fault
 * @property {boolean} isDirty
 * @property {boolean} isReadonly
 */

export class CardView {
  #options;
  #tags;
  #suggest;
  /** @type {HTMLInputElement} */
  #title;
  /** @type {HTMLTextAreaElement} */
  #note;
  /** @type {HTMLButtonElement} */
  #again;
  /** @type {HTMLButtonElement} */
  #save;
  /** @type {HTMLButtonElement} */
  #noteToggle;
  /** What the strip was made from, so that it is not made anew while it is being read. */
  #shown = /** @type {unknown[]} */ ([]);
  /** What the line under the title was made from. */
  #said = '';

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    this.root = clone('card');
    this.#title = $('.card-title', this.root);
    this.#note = $('textarea', this.root);
    this.#again = $('.card-again', this.root);
    this.#save = $('.card-save', this.root);
    this.#noteToggle = $('.card-note-toggle', this.root);
    const { complete, onInput, onEnter } = options;
    this.#suggest = new TagSuggest({
      onChoose: (tag) => this.#tags.add(tag),
      onLeave: () => this.#tags.focus(),
    });
    this.#tags = new TagInput({
      complete,
      onChange: (tags) => {
        this.#suggest.without(tags);
        onInput();
      },
      onEnter,
      leaveDown: () => this.#suggest.focus(),
    });
    $('.card-tags', this.root).replaceWith(this.#tags.root);
    $('.card-suggest', this.root).replaceWith(this.#suggest.root);
    this.#dress();
    this.#listen();
  }

  #dress() {
    const { isLink, tab } = this.#options;
    const picture = $('.card-avatar', this.root);
    if (isLink) {
      picture.replaceWith(el('span', { class: 'avatar link-avatar' }, icon('link')));
      this.#title.inputMode = 'url';
      this.#title.dir = 'ltr';
      this.#title.placeholder = t('linkPlaceholder');
    } else {
      picture.replaceWith(avatar(format.site(tab.url ?? ''), tab.favIconUrl ?? ''));
      this.#title.value = tab.title ?? '';
    }
    this.#title.setAttribute('aria-label', t(isLink ? 'linkLabel' : 'titleLabel'));
    $('.card-close', this.root).hidden = !this.#options.onClose;
    this.root.setAttribute('aria-label', t(isLink ? 'linkCardLabel' : 'pageCardLabel'));
  }

  #listen() {
    const { onAgain, onCancel, onClose, onInput, onPrimary } = this.#options;
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      onPrimary();
    });
    this.#title.addEventListener('input', onInput);
    this.#note.addEventListener('input', onInput);
    this.#again.addEventListener('click', onAgain);
    $('.card-cancel', this.root).addEventListener('click', onCancel);
    $('.card-close', this.root).addEventListener('click', () => onClose?.());
    this.#noteToggle.addEventListener('click', () => {
      this.#openNote();
      this.#note.focus();
    });
  }

  /** The title, or the address of a link. */
  get name() {
    return this.#title.value;
  }

  set name(name) {
    this.#title.value = name;
  }

  get tags() {
    return this.#tags.tags;
  }

  set tags(tags) {
    this.#tags.tags = tags;
    this.#suggest.without(tags);
  }

  /** Tags that fit. @param {import('../lib/protocol.js').Tag[]} tags */
  suggest(tags) {
    this.#suggest.show(tags);
  }

  get note() {
    return this.#note.value;
  }

  set note(note) {
    this.#note.value = note;
    if (note) {
      this.#openNote();
    }
  }

  /** @param {boolean} onName */
  focus(onName) {
    (onName ? this.#title : this.#tags).focus();
  }

  #openNote() {
    $('.card-note', this.root).hidden = false;
    this.#noteToggle.hidden = true;
  }

  /** @param {State} state */
  show(state) {
    const { record } = state;
    const running = record?.state === 'running';
    this.#title.readOnly = running;
    this.#note.readOnly = running;
    this.#tags.disabled = running;
    this.#suggest.root.hidden = running || !state.url || state.page !== null;
    this.#showMeta(state);
    this.#showProgress(running ? record : null);
    this.#showOutcome(state);
    this.#showButtons(state, running);
  }

  /**
   * Where the page is from, and since when it is saved, which leads to its own view.
   *
   * @param {State} state
   */
  #showMeta({ url, page }) {
    const { isLink, onPage } = this.#options;
    const name = isLink ? (page?.title ?? (url ? '' : t('linkHint'))) : format.site(url);
    const saved = page ? savedText(page) : '';
    const made = JSON.stringify([name, saved, page?.page]);
    if (made === this.#said) {
      return; // what has the focus keeps it
    }
    this.#said = made;
    const line = $('.card-meta', this.root);
    line.replaceChildren(name);
    if (page) {
      const button = linkButton(saved, () => onPage(page.page));
      button.title = t('cardPage');
      line.append(name ? ' · ' : '', button);
    }
  }

  /** @param {SaveRecord | null} record */
  #showProgress(record) {
    $('.card-progress', this.root).hidden = !record;
    if (!record) {
      return;
    }
    const { done = 0, total = 0, bytes = 0 } = record.progress;
    setBar($('.bar', this.root), done, total);
    const words = [progressText(record.progress), bytes ? format.bytes(bytes, language) : ''];
    $('.card-progress p', this.root).textContent = words.filter(Boolean).join(' · ');
  }

  /** @param {State} state */
  #showOutcome({ record, fault, missing, page, url }) {
    const since = record?.result?.unchanged ? page?.snapshots?.[0]?.taken : undefined;
    const made = [record?.state, record?.result, record?.error, fault, missing, since];
    if (made.every((part, i) => part === this.#shown[i]) && this.#shown.length) {
      return;
    }
    this.#shown = made;
    const { onAllow, onAnyway, onReport, onRetry } = this.#options;
    const actions = { retry: onRetry, report: onReport, allow: onAllow, anyway: onAnyway };
    const error = fault ?? (record?.state === 'failed' ? record.error : undefined);
    let strip = null;
    if (error) {
      strip = failedStrip(error, this.#helps(error.name, url));
    } else if (record?.result) {
      strip = doneStrip(record.result, record.job.kind === 'retry', actions, since);
    } else if (missing && !record) {
      strip = missingStrip(missing, actions);
    }
    $('.card-outcome', this.root).replaceChildren(...(strip ? [strip] : []));
  }

  /**
   * @param {string} name - of an error
   * @param {string} url
   */
  #helps(name, url) {
    const { onAsLink, onSettings } = this.#options;
    if (name === 'quota') {
      return { text: t('optionsTitle'), run: onSettings };
    }
    const isFetchable = name === 'tab_forbidden' && /^https?:/.test(url);
    return isFetchable ? { text: t('saveAsLink'), run: onAsLink } : null;
  }

  /**
   * @param {State} state
   * @param {boolean} running
   */
  #showButtons({ url, page, isDirty, isReadonly }, running) {
    const clean = page !== null && !isDirty;
    $('.card-buttons', this.root).hidden = running;
    this.#again.hidden = page === null;
    this.#again.disabled = isReadonly;
    this.#save.disabled = !url || (isReadonly && !clean);
    const key = page
      ? clean
        ? 'view'
        : 'saveChanges'
      : this.#options.isLink
        ? 'saveLink'
        : 'save';
    this.#save.textContent = t(key);
    this.#save.title = clean ? '' : t('saveTitle');
  }
}

/** @param {Page} page */
function savedText({ saved, versions }) {
  const when = t('savedWhen', format.ago(saved, Date.now(), language, t('justNow')));
  return versions > 1 ? `${when} · ${plural('versionCount', versions)}` : when;
}
