/** What takes longer on a page: another snapshot of its link, and the snapshot as one file. */
import { $, el, linkButton, setBar, strip } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import * as format from '../lib/format.js';
import { language, t } from '../lib/i18n.js';
import { cancelSave, listSaves, removeSave, saveId, startSave, watchSaves } from '../lib/saves.js';
import { faultText, progressText } from '../lib/words.js';
import { readPage } from './readers.js';

/** @typedef {import('../lib/protocol.js').Page} Page */
/** @typedef {import('../lib/saves.js').SaveRecord} SaveRecord */

export class PageJobs {
  #host;
  #onSaved;
  /** @type {Page | null} */
  #page = null;
  #place = $('#saving');
  /** @type {{ words: HTMLElement, bar: HTMLElement } | null} */
  #shown = null;

  /**
   * @param {import('../lib/host.js').Host} host
   * @param {() => Promise<void>} onSaved
   */
  constructor(host, onSaved) {
    this.#host = host;
    this.#onSaved = onSaved;
    watchSaves((record) => this.#accept(record));
  }

  /** @param {Page} page */
  async watch(page) {
    const isNew = this.#page === null;
    this.#page = page;
    if (isNew) {
      for (const record of await listSaves()) {
        if (record.state === 'running') {
          this.#accept(record);
        }
      }
    }
  }

  #job() {
    return { kind: /** @type {const} */ ('link'), url: this.#page?.url ?? '' };
  }

  /** @param {boolean} [anyway] - even when nothing has changed */
  async again(anyway = false) {
    const job = { ...this.#job(), ...(anyway ? { again: true } : {}) };
    this.#work(progressText({ stage: 'start' }), () => cancelSave(saveId(job)));
    try {
      await startSave(job);
    } catch (error) {
      this.#tell('bad', 'error', faultText(asHostError(error)));
    }
  }

  /** @param {SaveRecord} record */
  #accept({ id, state, progress, result, error }) {
    if (!this.#page || id !== saveId(this.#job())) {
      return;
    }
    if (state === 'running') {
      this.#shown ??= this.#work('', () => cancelSave(id));
      this.#shown.words.textContent = progressText(progress);
      setBar(this.#shown.bar, progress.done ?? 0, progress.total ?? 0);
      return;
    }
    removeSave(id);
    if (result?.unchanged) {
      const since = format.since(this.#page.saved, Date.now(), language);
      const anyway = linkButton(t('saveAnyway'), () => this.again(true));
      this.#tell('good', 'check', t('unchangedSince', since), anyway);
    } else if (result) {
      this.#tell('good', 'check', t('savedVersion', result.version));
      this.#onSaved();
    } else if (error) {
      this.#tell(error.name === 'cancelled' ? 'warn' : 'bad', 'error', faultText(error));
    }
  }

  async exportPage() {
    const page = this.#page;
    if (!page) {
      return;
    }
    const stop = new AbortController();
    const { signal } = stop;
    const { bar } = this.#work(t('pageExporting'), () => stop.abort());
    try {
      const onProgress = (/** @type {number} */ done, /** @type {number} */ total) =>
        setBar(bar, done, total);
      const file = await readPage(this.#host, page.snapshot, { signal, onProgress });
      this.#clear();
      const href = URL.createObjectURL(file);
      el('a', { href, download: format.fileName(page.title || page.site) }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60_000);
    } catch (error) {
      if (signal.aborted) {
        this.#clear();
      } else {
        this.#tell('bad', 'error', faultText(asHostError(error)));
      }
    }
  }

  /**
   * @param {string} text
   * @param {() => void} stop
   */
  #work(text, stop) {
    const words = el('span', { role: 'status' }, text);
    const label = t('progressLabel');
    const bar = el(
      'div',
      { class: 'bar unknown', role: 'progressbar', 'aria-label': label },
      el('div'),
    );
    const line = el('p', { class: 'working-line' }, words, linkButton(t('stop'), stop));
    this.#place.replaceChildren(el('div', { class: 'working' }, line, bar));
    this.#place.hidden = false;
    this.#shown = { words, bar };
    return this.#shown;
  }

  /**
   * @param {'good' | 'warn' | 'bad'} tone
   * @param {string} drawing
   * @param {string} text
   * @param {Node} [more]
   */
  #tell(tone, drawing, text, more) {
    this.#shown = null;
    const told = strip(tone, drawing, text, more ?? null);
    told.setAttribute('role', 'status');
    this.#place.replaceChildren(told);
    this.#place.hidden = false;
  }

  #clear() {
    this.#shown = null;
    this.#place.replaceChildren();
    this.#place.hidden = true;
  }
}
