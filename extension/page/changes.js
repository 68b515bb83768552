/** What changed between two versions of a page: their texts, pictures and files. */
import { $, el, setBar } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import * as format from '../lib/format.js';
import { language, plural, t } from '../lib/i18n.js';
import { faultText } from '../lib/words.js';
import { Differ } from './differ.js';
import { DiffView } from './diffview.js';
import { FileDiff } from './filediff.js';
import { readText } from './readers.js';

/** @typedef {import('../lib/protocol.js').Snapshot} Snapshot */

/** What is done by then needs no progress. */
const PATIENCE_MS = 400;

const SIDES_KEY = 'sides';

export class Changes {
  #host;
  #view = new DiffView();
  #files;
  #onPair;
  #stop = new AbortController();
  /** @type {Differ | null} */
  #differ = null;
  /** @type {{ from: number, to: number } | null} */
  #pair = null;
  /** @type {HTMLSelectElement} */
  #from = $('#diff-from');
  /** @type {HTMLSelectElement} */
  #to = $('#diff-to');

  /**
   * @param {import('../lib/host.js').Host} host - which nobody waits for meanwhile
   * @param {(from: number, to: number) => void} onPair - another one was chosen here
   */
  constructor(host, onPair) {
    this.#host = host;
    this.#onPair = onPair;
    this.#files = new FileDiff(host);
    const chosen = () => this.#onPair(Number(this.#from.value), Number(this.#to.value));
    this.#from.addEventListener('change', chosen);
    this.#to.addEventListener('change', chosen);
    $('#diff-stop').addEventListener('click', () => this.#stop.abort());
    const sides = $('#diff-sides');
    const dress = (/** @type {boolean} */ isSplit) => {
      $('#diff').classList.toggle('split', isSplit);
      sides.setAttribute('aria-pressed', String(isSplit));
    };
    dress(localStorage.getItem(SIDES_KEY) === 'on');
    sides.addEventListener('click', () => {
      const isSplit = !$('#diff').classList.contains('split');
      localStorage.setItem(SIDES_KEY, isSplit ? 'on' : 'off');
      dress(isSplit);
    });
  }

  /** @param {1 | -1} step */
  go(step) {
    return this.#view.go(step);
  }

  /**
   * @param {Snapshot[]} versions - newest first
   * @param {{ from: number, to: number } | null} pair - null: there is nothing to compare
   */
  offer(versions, pair) {
    $('#changes-none').hidden = pair !== null;
    $('#changes-body').hidden = pair === null;
    $('.pair').hidden = pair === null;
    if (pair) {
      fill(this.#from, versions, pair.from);
      fill(this.#to, versions, pair.to);
    }
    if (pair?.from === this.#pair?.from && pair?.to === this.#pair?.to) {
      return;
    }
    this.#pair = pair;
    this.#clear();
    if (pair) {
      this.#compare(pair);
    }
  }

  #clear() {
    this.#stop.abort();
    this.#differ?.close();
    this.#view.clear();
    this.#files.clear();
    $('#diff-said').textContent = '';
    $('#diff-notes').replaceChildren();
  }

  /** @param {{ from: number, to: number }} pair */
  async #compare(pair) {
    const stop = (this.#stop = new AbortController());
    const { signal } = stop;
    const wait = $('#diff-wait');
    const timer = setTimeout(() => {
      wait.hidden = signal.aborted;
    }, PATIENCE_MS);
    try {
      await this.#compareTexts(pair, signal);
      const files = await this.#host.request('snapshots.compare', pair, { signal });
      if (!signal.aborted) {
        this.#files.show(files, pair);
      }
      this.#sayNothing(files);
    } catch (error) {
      if (stop === this.#stop) {
        this.#tell(signal.aborted ? t('diffStopped') : faultText(asHostError(error)), pair);
      }
    } finally {
      clearTimeout(timer);
      wait.hidden = wait.hidden || stop === this.#stop;
    }
  }

  /**
   * @param {{ from: number, to: number }} pair
   * @param {AbortSignal} signal
   */
  async #compareTexts({ from, to }, signal) {
    const bar = $('#diff-bar');
    setBar(bar, 0, 0);
    $('#diff-doing').textContent = t('diffReading');
    const half = (/** @type {number} */ before) => ({
      signal,
      onProgress: (/** @type {number} */ done, /** @type {number} */ total) =>
        setBar(bar, before + done / (total || 1), 2),
    });
    const old = await readText(this.#host, from, half(0));
    const now = await readText(this.#host, to, half(1));
    setBar(bar, 0, 0);
    $('#diff-doing').textContent = t('diffComparing');
    const differ = new Differ();
    this.#differ = differ;
    const overview = await stopped(differ.compare(old.text, now.text), signal, () =>
      differ.close(),
    );
    await this.#view.show(differ, overview);
    $('#diff-said').textContent = countText(overview.counts);
    $('#diff-notes').replaceChildren(
      ...(old.isCut || now.isCut ? [el('p', { class: 'quiet' }, t('diffCut'))] : []),
      ...(overview.coarse ? [el('p', { class: 'quiet' }, t('diffCoarse'))] : []),
    );
  }

  /** @param {import('../lib/protocol.js').Comparison} files */
  #sayNothing({ added, changed, gone }) {
    if (!$('#diff-said').textContent) {
      const isSame = added.length + changed.length + gone.length === 0;
      $('#diff-said').textContent = isSame ? t('diffSame') : t('diffSameText');
    }
  }

  /**
   * @param {string} text
   * @param {{ from: number, to: number }} pair
   */
  #tell(text, pair) {
    const again = el('button', { type: 'button', class: 'link-button' }, t('diffAgain'));
    again.addEventListener('click', () => {
      this.#clear();
      this.#compare(pair);
    });
    $('#diff-notes').replaceChildren(el('p', { role: 'alert' }, text, ' ', again));
  }
}

/**
 * @template T
 * @param {Promise<T>} work
 * @param {AbortSignal} signal
 * @param {() => void} stop
 * @returns {Promise<T>}
 */
function stopped(work, signal, stop) {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      stop();
      reject(new DOMException('stopped', 'AbortError'));
    };
    if (signal.aborted) {
      onAbort();
    }
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject);
  });
}

/** @param {import('./diffworker.js').Overview['counts']} counts */
function countText({ added, changed, gone }) {
  const words = [
    changed > 0 ? plural('diffCountChanged', changed) : '',
    added > 0 ? plural('diffCountAdded', added) : '',
    gone > 0 ? plural('diffCountGone', gone) : '',
  ];
  return words.filter(Boolean).join(' · ');
}

/**
 * @param {HTMLSelectElement} select
 * @param {Snapshot[]} versions
 * @param {number} chosen
 */
function fill(select, versions, chosen) {
  const options = versions.map(({ snapshot, taken, version }) => {
    const text = t('viewerVersion', version, format.moment(taken, language, 'medium'));
    return el('option', { value: snapshot, selected: snapshot === chosen }, text);
  });
  select.replaceChildren(...options);
  select.value = String(chosen);
}
