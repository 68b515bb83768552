/**
 * The panel that adds many links at once: a text is pasted, the host finds the links in it, and those
 * that are not left out go to the queue. What one finds is shown by a LinkChoice.
 */
import { el, icon, iconButton } from './dom.js';
import { asHostError } from './errors.js';
import { plural, t } from './i18n.js';
import { LinkChoice } from './linkchoice.js';
import { LIMITS } from './protocol.js';
import { addToQueue, runQueue } from './queue.js';
import { TagInput } from './taginput.js';
import { clip } from './text.js';
import { wishes } from './wishes.js';
import { faultText } from './words.js';

/** A pause in typing. What is pasted is looked at at once. */
const PAUSE_MS = 200;

export class LinksPanel {
  #options;
  #choice;
  #tags;
  #text;
  #note;
  #noteField;
  #noteToggle;
  #save;
  #said = el('p', { class: 'links-said', role: 'status' });
  /** @type {AbortController | null} */
  #asking = null;
  #isSaving = false;
  #readonly = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {import('./host.js').Host} options.host
   * @param {(part: string) => Promise<import('./protocol.js').Tag[]>} options.complete
   * @param {(count: number, refused: import('./protocol.js').Refused[],
   *   jobs: import('./queue.js').QueueAdded['jobs']) => void} options.onAdded
   * @param {() => void} options.onClose
   * @param {(url: string, tags: string[], note: string) => void} [options.saveOne] - takes a link
   *   that is the only one
   */
  constructor(options) {
    this.#options = options;
    this.#choice = new LinkChoice(() => this.#showSave());
    this.#tags = new TagInput({ complete: options.complete, onEnter: () => this.save() });
    this.#text = /** @type {HTMLTextAreaElement} */ (
      el('textarea', {
        class: 'links-text',
        rows: 3,
        dir: 'auto',
        spellcheck: 'false',
        placeholder: t('linksPlaceholder'),
        'aria-label': t('linksField'),
      })
    );
    this.#note = /** @type {HTMLTextAreaElement} */ (
      el('textarea', {
        rows: 2,
        dir: 'auto',
        placeholder: t('notePlaceholder'),
        'aria-label': t('noteLabel'),
      })
    );
    this.#noteField = el('div', { class: 'field', hidden: true }, this.#note);
    const quiet = { type: 'button', class: 'button quiet card-note-toggle' };
    this.#noteToggle = el('button', quiet, icon('note'), el('span', {}, t('noteAdd')));
    const submit = { type: 'submit', class: 'button primary', title: t('saveTitle') };
    this.#save = /** @type {HTMLButtonElement} */ (el('button', submit));
    this.root = this.#build();
    this.#listen();
    this.#showSave();
  }

  #build() {
    const close = iconButton('close', t('close'), () => this.#options.onClose());
    const title = el('h2', { class: 'links-title' }, t('linksCardLabel'));
    return el(
      'form',
      { class: 'card links', 'aria-label': t('linksCardLabel') },
      el('div', { class: 'links-head' }, icon('link'), title, close),
      el('div', { class: 'field' }, this.#text),
      this.#said,
      this.#choice.root,
      this.#tags.root,
      this.#noteField,
      el(
        'div',
        { class: 'card-buttons' },
        this.#noteToggle,
        el('span', { class: 'space' }),
        this.#save,
      ),
    );
  }

  #listen() {
    this.#text.addEventListener('input', () => this.#onInput());
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      this.save();
    });
    this.#noteToggle.addEventListener('click', () => {
      this.#noteField.hidden = false;
      this.#noteToggle.hidden = true;
      this.#note.focus();
    });
  }

  /** The library can be read only: nothing can be saved. */
  set readonly(/** @type {boolean} */ readonly) {
    this.#readonly = readonly;
    this.#showSave();
  }

  /** @param {string} text - to look for links in */
  set text(text) {
    this.#text.value = text;
    this.#look();
  }

  focus() {
    this.#text.focus();
  }

  /** Empties everything. */
  clear() {
    this.#asking?.abort();
    clearTimeout(this.#timer);
    this.#text.value = '';
    this.#note.value = '';
    this.#tags.tags = [];
    this.#said.textContent = '';
    this.#choice.show(null);
    this.#showSave();
  }

  #onInput() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), PAUSE_MS);
  }

  /** Asks the host for the links in the text. An answer to an earlier text is dropped. */
  async #look() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const text = clip(this.#text.value, LIMITS.linksText);
    if (!text.trim()) {
      this.#choice.show(null);
      this.#said.textContent = '';
      this.#showSave();
      return;
    }
    try {
      const { signal } = asking;
      const found = await this.#options.host.request('links.find', { text }, { signal });
      if (this.#asking === asking) {
        this.#choice.show(found);
        const { links, refused } = found;
        this.#said.textContent = links.length + refused.length === 0 ? t('linksNone') : '';
      }
    } catch (error) {
      if (this.#asking === asking) {
        this.#choice.show(null);
        this.#said.textContent = faultText(asHostError(error));
      }
    }
    this.#showSave();
  }

  #showSave() {
    const count = this.#choice.urls.length;
    this.#save.textContent = count > 0 ? plural('linksSave', count) : t('linksSaveNone');
    this.#save.disabled = count === 0 || this.#isSaving || this.#readonly;
  }

  /** Puts the links into the queue. */
  async save() {
    const { urls } = this.#choice;
    const { onAdded, saveOne } = this.#options;
    if (urls.length === 0 || this.#isSaving || this.#readonly) {
      return;
    }
    const { tags } = this.#tags;
    const note = clip(this.#note.value, LIMITS.note);
    if (saveOne && urls.length === 1 && this.#choice.size === 1) {
      saveOne(urls[0], tags, note);
      return;
    }
    this.#isSaving = true;
    this.#showSave();
    try {
      const params = { tags, ...(note ? { note } : {}), ...(await wishes()) };
      const { jobs, refused } = await addToQueue(this.#options.host, urls, params);
      await runQueue();
      onAdded(jobs.length, refused, jobs);
    } catch (error) {
      this.#said.textContent = faultText(asHostError(error));
    } finally {
      this.#isSaving = false;
      this.#showSave();
    }
  }
}
