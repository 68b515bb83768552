/** The note of a page: Markdown, written in its place with what it will look like beside it. */
import { $, el, icon } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import { t } from '../lib/i18n.js';
import { markdown } from '../lib/markdown.js';
import { LIMITS } from '../lib/protocol.js';
import { clip } from '../lib/text.js';
import { toast } from '../lib/toast.js';
import { tellChange } from '../lib/undo.js';
import { faultText } from '../lib/words.js';

/** @typedef {import('../lib/protocol.js').Page} Page */

/** A pause in typing. */
const PAUSE_MS = 150;

export class Note {
  #host;
  #onChanged;
  #body = $('#note-body');
  #tools = $('#note-tools');
  /** @type {Page | null} */
  #page = null;
  #isEdited = false;

  isReadonly = false;

  /**
   * @param {import('../lib/host.js').Host} host
   * @param {(page: Page) => void} onChanged
   */
  constructor(host, onChanged) {
    this.#host = host;
    this.#onChanged = onChanged;
  }

  /** @param {Page} page */
  show(page) {
    this.#page = page;
    if (!this.#isEdited) {
      this.#read();
    }
  }

  #read() {
    const note = this.#page?.note ?? '';
    const button = el(
      'button',
      { type: 'button', class: 'button quiet', onclick: () => this.#edit() },
      icon('edit'),
      el('span', {}, note ? t('noteEdit') : t('noteAdd')),
    );
    this.#tools.replaceChildren(...(this.isReadonly ? [] : [button]));
    const shown = el('div', { class: 'markdown', dir: 'auto' }, ...markdown(note));
    shown.addEventListener('dblclick', () => this.isReadonly || this.#edit());
    this.#body.replaceChildren(note ? shown : el('p', { class: 'quiet' }, t('noteNone')));
  }

  #edit() {
    const before = this.#page?.note ?? '';
    this.#isEdited = true;
    const field = /** @type {HTMLTextAreaElement} */ (
      el('textarea', { dir: 'auto', 'aria-label': t('noteTitle'), 'aria-describedby': 'note-hint' })
    );
    field.value = before;
    const preview = el('div', { class: 'markdown', dir: 'auto' });
    const box = el(
      'div',
      { class: 'note-preview', role: 'region', 'aria-label': t('notePreview') },
      el('p', { class: 'note-label', 'aria-hidden': 'true' }, t('notePreview')),
      preview,
    );
    const draw = () => {
      preview.replaceChildren(...markdown(field.value));
      box.hidden = field.value.trim() === '';
    };
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    field.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(draw, PAUSE_MS);
    });
    field.addEventListener('keydown', (event) => {
      if (event.isComposing) {
        return;
      }
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.#save(field.value);
      } else if (event.key === 'Escape' && field.value === before) {
        this.#leave();
      }
    });
    draw();
    const save = {
      type: 'button',
      class: 'button primary',
      onclick: () => this.#save(field.value),
    };
    const cancel = { type: 'button', class: 'button', onclick: () => this.#leave() };
    this.#tools.replaceChildren();
    this.#body.replaceChildren(
      el('div', { class: 'note-edit' }, el('div', { class: 'field' }, field), box),
      el(
        'div',
        { class: 'note-buttons' },
        el('p', { id: 'note-hint', class: 'quiet' }, t('noteHint')),
        el('button', cancel, t('cancel')),
        el('button', save, t('noteSave')),
      ),
    );
    field.focus();
  }

  #leave() {
    this.#isEdited = false;
    this.#read();
    $('button', this.#tools).focus();
  }

  /** @param {string} text */
  async #save(text) {
    const note = clip(text.trimEnd(), LIMITS.note);
    const id = this.#page?.page;
    if (note === this.#page?.note) {
      this.#leave();
      return;
    }
    try {
      const page = await this.#host.request('pages.update', { page: id, note });
      this.#isEdited = false;
      this.#onChanged(page);
      $('button', this.#tools).focus();
      tellChange(this.#host, t('noteSaved'), page.step ?? 0, async () => {
        this.#onChanged(await this.#host.request('pages.get', { page: id }));
      });
    } catch (error) {
      // What was typed stays where it is.
      toast(faultText(asHostError(error)));
    }
  }
}
