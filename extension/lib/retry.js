/** The foot of the report: fetches what is missing, shows how far it is, and says what came in. */
import { $, setBar } from './dom.js';
import { asHostError } from './errors.js';
import * as format from './format.js';
import { language, plural, t } from './i18n.js';
import { cancelSave, listSaves, removeSave, saveId, startSave, watchSaves } from './saves.js';
import { faultText, progressText } from './words.js';

/** @typedef {import('./saves.js').SaveRecord} SaveRecord */

export class Retry {
  #shown;
  #onEnd;
  #isRunning = false;

  /**
   * @param {object} options
   * @param {() => { snapshot: number, url: string }} options.shown
   * @param {(hasMore: boolean) => void} options.onEnd - whether the snapshot may have more than
   *   before; what it lacks may have another reason now
   */
  constructor({ shown, onEnd }) {
    this.#shown = shown;
    this.#onEnd = onEnd;
    $('#retry').addEventListener('click', () => this.#start());
    $('#retry-cancel').addEventListener('click', () => cancelSave(saveId(this.#job())));
    watchSaves((record) => this.#accept(record));
  }

  /** Another snapshot is shown: what was said was of the one before. */
  async reset() {
    this.#say('');
    this.#show(null);
    for (const record of await listSaves()) {
      if (record.state === 'running') {
        this.#accept(record);
      }
    }
  }

  /** @param {string} text - of the button; empty: there is nothing to fetch */
  offer(text) {
    $('#retry span').textContent = text;
    this.#dress();
  }

  #job() {
    return /** @type {const} */ ({ kind: 'retry', ...this.#shown() });
  }

  /** Fetches what lies in the private network, too: the person trusts the page. */
  startPrivate() {
    this.#start({ private: true });
  }

  /** @param {{ private?: true }} [more] */
  async #start(more = {}) {
    this.#show({ stage: 'start' });
    try {
      await startSave({ ...this.#job(), ...more });
    } catch (thrown) {
      this.#show(null);
      this.#say(faultText(asHostError(thrown)));
    }
  }

  /** @param {SaveRecord} record */
  #accept({ id, state, progress, result, error }) {
    if (id !== saveId(this.#job())) {
      return;
    }
    if (state === 'running') {
      this.#show(progress);
      return;
    }
    removeSave(id);
    this.#show(null);
    if (result) {
      this.#say(cameText(result));
    } else if (error) {
      this.#say(faultText(error));
    }
    this.#onEnd(Boolean(result?.assets.stored) || error?.name === 'cancelled');
  }

  /** @param {string} text */
  #say(text) {
    $('#retried').textContent = text;
    this.#dress();
  }

  /** @param {import('./saves.js').Progress | null} progress - null: nothing is running */
  #show(progress) {
    this.#isRunning = progress !== null;
    const { done = 0, total = 0 } = progress ?? {};
    setBar($('#retry-bar'), done, total);
    this.#say(progress ? runningText(progress) : '');
  }

  /** Shows what can be done now, and keeps the focus on it. */
  #dress() {
    const [begin, end] = [$('#retry'), $('#retry-cancel')];
    const hadFocus = [begin, end].includes(/** @type {HTMLElement} */ (document.activeElement));
    begin.hidden = this.#isRunning || begin.textContent?.trim() === '';
    end.hidden = !this.#isRunning;
    $('#retry-bar').hidden = !this.#isRunning;
    $('#report-foot').hidden = begin.hidden && end.hidden && !$('#retried').textContent;
    if (hadFocus) {
      (begin.hidden ? (end.hidden ? $('#report') : end) : begin).focus();
    }
  }
}

/** @param {import('./saves.js').Progress} progress */
function runningText(progress) {
  const { bytes = 0, stage } = progress;
  const doing = stage === 'start' ? t('retryDoing') : progressText(progress);
  const words = [doing, bytes ? format.bytes(bytes, language) : ''];
  return words.filter(Boolean).join(' · ');
}

/** @param {import('./protocol.js').SaveResult} result */
function cameText({ assets, bytes, state }) {
  if (assets.stored === 0) {
    return t('retryNone');
  }
  const came = [plural('retryCame', assets.stored), format.bytes(bytes, language)];
  return [...came, state === 'complete' ? t('completedNow') : ''].filter(Boolean).join(' · ');
}
