/** The trash: what it is, above what is in it, and the way to empty it. */
import { $, el, icon } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import * as format from '../lib/format.js';
import { language, plural, t } from '../lib/i18n.js';
import { hasTerm } from '../lib/text.js';
import { toast } from '../lib/toast.js';
import { faultText } from '../lib/words.js';

export class Trash {
  #root = $('#trash');
  #options;
  #empty = /** @type {HTMLButtonElement} */ (
    el(
      'button',
      { type: 'button', class: 'button', onclick: () => this.#ask() },
      icon('trash'),
      t('trashEmpty'),
    )
  );

  /**
   * @param {object} options
   * @param {import('../lib/host.js').Host} options.host
   * @param {import('../lib/work.js').Work} options.work
   * @param {() => void} options.onEmptied
   */
  constructor(options) {
    this.#options = options;
    this.#root.append(el('p', {}, t('trashText')), this.#empty);
  }

  /** Nothing can be deleted. */
  set readonly(/** @type {boolean} */ readonly) {
    this.#empty.disabled = readonly;
  }

  /** @param {string} query - that the list answers */
  show(query) {
    this.#root.hidden = !hasTerm(query, 'is:trashed');
  }

  async #ask() {
    try {
      const { pages, snapshots } = await this.#options.host.request('trash.empty', { count: true });
      if (pages + snapshots === 0) {
        toast(t('trashIsEmpty'));
      } else {
        this.#confirm(pages, snapshots);
      }
    } catch (error) {
      toast(faultText(asHostError(error)));
    }
  }

  /**
   * What cannot be undone is asked about first.
   *
   * @param {number} pages
   * @param {number} snapshots
   */
  #confirm(pages, snapshots) {
    const what = pages > 0 ? plural('trashPages', pages) : plural('trashVersions', snapshots);
    const dialog = /** @type {HTMLDialogElement} */ (
      el(
        'dialog',
        { class: 'ask', 'aria-labelledby': 'ask-name' },
        el('h2', { id: 'ask-name' }, t('trashAsk')),
        el('p', {}, t('trashAskText', what)),
        el(
          'form',
          { method: 'dialog' },
          el('button', { class: 'button', value: '' }, t('cancel')),
          el('button', { class: 'button danger', value: 'yes' }, t('trashDelete')),
        ),
      )
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      this.#empty.focus();
      if (dialog.returnValue === 'yes') {
        this.#do();
      }
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  async #do() {
    const { host, onEmptied, work } = this.#options;
    const gone = await work.run(t('trashEmptying'), ({ signal, step }) =>
      host.request(
        'trash.empty',
        {},
        { signal, onProgress: ({ done = 0, total = 0 }) => step(done, total) },
      ),
    );
    if (gone) {
      toast(t('trashEmptied', format.bytes(gone.bytes, language)));
    }
    onEmptied();
  }
}
