/** The jobs of the queue, one by one: the unfolded part of a QueueView. */
import { el, linkButton } from './dom.js';
import { t } from './i18n.js';
import { JobRow } from './jobrow.js';
import { stateCounts } from './jobwords.js';

/** @typedef {import('./queue.js').Job} Job */
/** @typedef {import('./queue.js').JobCounts} JobCounts */
/** @typedef {import('./queue.js').JobState} JobState */

/** Jobs that are listed at first, and with each request for more. */
const SHOWN = 50;

export class QueueList {
  #options;
  /** @type {Map<number, JobRow>} */
  #rows = new Map();
  #chips = el('div', { class: 'queue-chips', role: 'group', 'aria-label': t('queueFilter') });
  #list = el('ul', { class: 'jobs', 'aria-label': t('queueJobs') });
  #more = linkButton(t('queueMore'), () => this.#showMore());
  #foot = el('div', { class: 'queue-foot' });

  /** Only jobs in this state are wanted. @type {JobState | ''} */
  filter = '';

  /** So many are wanted. */
  limit = SHOWN;

  /**
   * @param {object} options
   * @param {() => void} options.refresh - other jobs are wanted
   * @param {(job: number) => void} options.cancel
   * @param {(job: number) => void} options.retry
   * @param {() => void} options.cancelAll
   * @param {() => void} options.retryFailed
   * @param {() => void} options.clear
   * @param {() => void} [options.inLibrary]
   */
  constructor(options) {
    this.#options = options;
    this.#more.classList.add('queue-more');
    this.root = el('div', { class: 'queue-body', hidden: true });
    this.root.append(this.#chips, this.#list, this.#more, this.#foot);
  }

  /**
   * @param {JobCounts} counts
   * @param {Job[]} jobs
   * @param {boolean} hasMore
   */
  show(counts, jobs, hasMore) {
    this.#showChips(counts);
    this.#showJobs(jobs);
    this.#showFoot(counts);
    this.#more.hidden = !hasMore;
  }

  #showMore() {
    this.limit += SHOWN;
    this.#options.refresh();
  }

  /** What there is of each state, to see only that. @param {JobCounts} counts */
  #showChips(counts) {
    const states = stateCounts(counts);
    if (this.filter && !states.some(({ state }) => state === this.filter)) {
      this.#choose('');
    }
    const made = JSON.stringify([states, this.filter]);
    this.#chips.hidden = states.length < 2;
    if (this.#chips.dataset.made === made) {
      return;
    }
    this.#chips.dataset.made = made;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.state;
    const buttons = states.map(({ state, text }) => {
      const attributes = { type: 'button', class: 'chip', title: t('queueFilter') };
      const onclick = () => this.#choose(state === this.filter ? '' : state);
      const pressed = { 'aria-pressed': String(state === this.filter), 'data-state': state };
      return el('button', { ...attributes, ...pressed, onclick }, text);
    });
    this.#chips.replaceChildren(...buttons);
    buttons.find(({ dataset }) => dataset.state === focused)?.focus();
  }

  /** @param {JobState | ''} state */
  #choose(state) {
    this.filter = state;
    this.limit = SHOWN;
    this.#options.refresh();
  }

  /** @param {Job[]} jobs */
  #showJobs(jobs) {
    const { cancel, retry } = this.#options;
    const rows = jobs.map((job) => {
      const row = this.#rows.get(job.job) ?? new JobRow(job, { cancel, retry });
      row.show(job);
      return row;
    });
    this.#rows = new Map(jobs.map(({ job }, i) => [job, rows[i]]));
    const wanted = new Set(rows.map(({ root }) => root));
    for (const row of [...this.#list.children]) {
      if (!wanted.has(/** @type {HTMLElement} */ (row))) {
        this.#passFocus(row);
        row.remove();
      }
    }
    // Rows that are in their place stay untouched: one that is moved loses the focus.
    rows.forEach(({ root }, i) => {
      if (this.#list.children[i] !== root) {
        this.#list.insertBefore(root, this.#list.children[i] ?? null);
      }
    });
    this.#list.hidden = rows.length === 0;
    // What scrolls must be reached with the keyboard.
    this.#list.tabIndex = this.#list.querySelector('a, button') ? -1 : 0;
  }

  /** Who works in a row that goes away goes on in the next. @param {Element} row */
  #passFocus(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    if (row.contains(document.activeElement)) {
      /** @type {HTMLElement | null | undefined} */ (next?.querySelector('a, button'))?.focus();
    }
  }

  /** @param {JobCounts} counts */
  #showFoot(counts) {
    const { cancelAll, clear, inLibrary, retryFailed } = this.#options;
    const open = counts.waiting + counts.running + counts.browser;
    const ended = counts.done + counts.failed + counts.cancelled;
    const offered = /** @type {const} */ ([
      [counts.failed > 0, 'queueRetryFailed', retryFailed],
      [ended > 0, 'queueClear', clear],
      [open > 1, 'queueCancelAll', cancelAll],
      [inLibrary !== undefined, 'queueInLibrary', inLibrary],
    ]);
    const shown = offered.filter(([isOffered]) => isOffered);
    const made = shown.map(([, key]) => key).join();
    if (this.#foot.dataset.made !== made) {
      this.#foot.dataset.made = made;
      this.#foot.replaceChildren(...shown.map(([, key, act]) => linkButton(t(key), () => act?.())));
    }
  }
}
