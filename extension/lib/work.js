/** What takes a while: what is being done and how far it is, at the foot of the page, with a way to stop it. */
import { el, linkButton, setBar } from './dom.js';
import { asHostError } from './errors.js';
import { plural, t } from './i18n.js';
import { toast } from './toast.js';
import { faultText } from './words.js';

/** What is done by then is not worth a word. */
const PATIENCE_MS = 350;

/**
 * @typedef {object} Doing
 * @property {AbortSignal} signal
 * @property {(done: number, total: number) => void} step - total 0: nobody knows
 */

export class Work {
  #root;

  /** @param {HTMLElement} root - where it is shown */
  constructor(root) {
    this.#root = root;
  }

  /**
   * @template T
   * @param {string} words - what is being done
   * @param {(doing: Doing) => Promise<T>} task
   * @returns {Promise<T | null>} null: it was stopped, or has failed, which was told
   */
  async run(words, task) {
    const stop = new AbortController();
    const { signal } = stop;
    const bar = el(
      'div',
      { class: 'bar unknown', role: 'progressbar', 'aria-label': words },
      el('div'),
    );
    const far = el('span', { class: 'work-far' });
    const head = el(
      'div',
      { class: 'work-head' },
      el('span', { class: 'work-words', role: 'status' }, words),
      far,
      linkButton(t('stop'), () => stop.abort()),
    );
    const card = el('div', { class: 'work' }, head, bar);
    const timer = setTimeout(() => this.#root.append(card), PATIENCE_MS);
    const step = (/** @type {number} */ done, /** @type {number} */ total) => {
      setBar(bar, done, total);
      far.textContent = total ? plural('workFar', total, done) : '';
    };
    try {
      const result = await task({ signal, step });
      return signal.aborted ? null : result;
    } catch (error) {
      if (!signal.aborted) {
        toast(faultText(asHostError(error)));
      }
      return null;
    } finally {
      clearTimeout(timer);
      card.remove();
    }
  }
}
