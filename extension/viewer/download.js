/** The button that gives the snapshot as one file, or the file that it was made from. */
import { $ } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import { t } from '../lib/i18n.js';

export class Download {
  #button = $('#download');
  #onError;
  /** @type {import('./original.js').Original | null} */
  #original = null;
  #signal = AbortSignal.abort();

  /** @param {(error: import('../lib/errors.js').HostError) => void} onError */
  constructor(onError) {
    this.#onError = onError;
    this.#button.addEventListener('click', (event) => this.#onClick(event));
  }

  /**
   * @param {import('./original.js').Original | null} original - read only when somebody wants it
   * @param {AbortSignal} signal
   */
  begin(original, signal) {
    this.#original = original;
    this.#signal = signal;
    this.#button.title = original ? t('viewerDownloadFile', original.name) : t('viewerDownload');
    this.#button.toggleAttribute('href', original !== null);
    if (original) {
      this.#button.removeAttribute('aria-disabled');
    }
  }

  /**
   * @param {string} url
   * @param {string} name
   */
  offer(url, name) {
    this.#button.setAttribute('href', url);
    this.#button.setAttribute('download', name);
    this.#button.removeAttribute('aria-disabled');
  }

  /** @param {Event} event */
  async #onClick(event) {
    const asked = this.#original;
    if (!asked || asked.isRead) {
      return;
    }
    event.preventDefault();
    const words = $('.wide', this.#button);
    const before = words.textContent;
    const onProgress = (/** @type {number} */ done, /** @type {number} */ total) => {
      words.textContent = t('viewerDownloading', total ? Math.round((100 * done) / total) : 100);
    };
    try {
      const url = await asked.read({ onProgress, signal: this.#signal });
      if (asked === this.#original) {
        this.offer(url, asked.name);
        this.#button.click();
      }
    } catch (error) {
      if (asked === this.#original) {
        this.#onError(asHostError(error));
      }
    } finally {
      words.textContent = before;
    }
  }
}
