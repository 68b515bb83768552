/**
 * The queue as popup and library show it: how far it is, and unfolded every job of it. It asks the
 * host once a second, but only while somebody sees it and something is open.
 */
import { el, icon, setBar } from './dom.js';
import { asHostError } from './errors.js';
import { plural, t } from './i18n.js';
import { LIMITS } from './protocol.js';
import { readQueue, runQueue, watchQueue } from './queue.js';
import { QueueList } from './queuelist.js';
import { toast } from './toast.js';
import { WallStrip } from './wallstrip.js';
import { faultText } from './words.js';

/** @typedef {import('./queue.js').Job} Job */
/** @typedef {import('./queue.js').JobCounts} JobCounts */

const POLL_MS = 1000;

export class QueueView {
  #host;
  #options;
  #list;
  #wall;
  #toggle;
  #mark = el('span', { class: 'queue-mark' });
  #words = el('span', { class: 'queue-words', role: 'status' });
  #pause = el('button', { type: 'button', class: 'icon-button', onclick: () => this.#setPaused() });
  #bar = el('div', { class: 'bar', role: 'progressbar' }, el('div'));
  #fault = el('p', { class: 'queue-fault', role: 'alert', hidden: true });
  /** @type {JobCounts | null} */
  #counts = null;
  /** What the background has told. @type {import('./queue.js').QueueState | null} */
  #state = null;
  #isStarted = false;
  #isUnfolded = false;
  /** Something was open since the page is shown, so that its end is worth a word. */
  #wasBusy = false;
  /** Jobs that were done before. */
  #base = 0;
  #isAsking = false;
  #mustAskAgain = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {import('./host.js').Host} options.host
   * @param {() => void} options.onDone - jobs have ended well: the library may hold more
   * @param {() => void} [options.inLibrary] - shows the queue where there is more room
   */
  constructor(options) {
    this.#host = options.host;
    this.#options = options;
    this.#wall = new WallStrip(() => runQueue());
    this.#list = new QueueList({
      refresh: () => this.refresh(),
      cancel: (job) => this.#change('queue.cancel', { jobs: [job] }),
      retry: (job) => this.#change('queue.retry', { jobs: [job] }),
      cancelAll: () => this.#change('queue.cancel', {}),
      retryFailed: () => this.#retryFailed(),
      clear: () => this.#clear(),
      inLibrary: options.inLibrary,
    });
    const unfold = { type: 'button', class: 'queue-toggle', 'aria-expanded': 'false' };
    this.#toggle = el('button', { ...unfold, title: t('queueShow') }, this.#mark, this.#words);
    this.#toggle.append(icon('unfold'));
    this.#toggle.addEventListener('click', () => this.unfold(!this.#isUnfolded));
    this.#bar.setAttribute('aria-label', t('progressLabel'));
    const head = el('div', { class: 'queue-head' }, this.#toggle, this.#pause);
    this.root = el('section', { class: 'queue', 'aria-label': t('queueLabel'), hidden: true });
    this.root.append(head, this.#bar, this.#fault, this.#wall.root, this.#list.root);
  }

  /** Begins to show the queue, and sees to it that somebody works on what is open. */
  async start() {
    if (!this.#isStarted) {
      this.#isStarted = true;
      document.addEventListener('visibilitychange', () => this.refresh());
      watchQueue((state) => {
        this.#state = state;
        this.refresh();
      });
    }
    this.#state = await readQueue();
    await this.refresh();
    if (this.#open > 0 && !this.#counts?.paused) {
      await runQueue();
    }
  }

  /** @param {boolean} unfolded - the jobs are listed */
  unfold(unfolded) {
    this.#isUnfolded = unfolded;
    this.#list.root.hidden = !unfolded;
    this.#toggle.setAttribute('aria-expanded', String(unfolded));
    this.refresh();
  }

  /** Asks now, and goes on asking while there is a reason to. */
  async refresh() {
    clearTimeout(this.#timer);
    if (document.visibilityState !== 'visible') {
      return;
    }
    if (this.#isAsking) {
      this.#mustAskAgain = true;
      return;
    }
    this.#isAsking = true;
    try {
      await this.#ask();
    } catch {
      // What is wrong with the host is told in the place of the list.
      this.#counts = null;
      this.root.hidden = true;
    } finally {
      this.#isAsking = false;
    }
    if (this.#mustAskAgain) {
      this.#mustAskAgain = false;
      await this.refresh();
    } else if (this.#open > 0) {
      this.#timer = setTimeout(() => this.refresh(), POLL_MS);
    }
  }

  /** How many jobs are open. */
  get #open() {
    const { waiting = 0, running = 0, browser = 0 } = this.#counts ?? {};
    return waiting + running + browser;
  }

  async #ask() {
    const before = this.#counts;
    const wanted = this.#isUnfolded ? this.#list.limit : 1;
    const { counts, jobs, next } = await this.#read(wanted, this.#list.filter);
    this.#counts = counts;
    this.#wasBusy ||= this.#open > 0;
    this.#base = before ? Math.min(this.#base, counts.done) : counts.done;
    this.#showHead(counts);
    this.#wall.show(counts.browser);
    if (this.#isUnfolded) {
      this.#list.show(counts, jobs, next !== null);
    }
    if (before && counts.done > before.done) {
      this.#options.onDone();
    }
  }

  /**
   * @param {number} wanted
   * @param {import('./queue.js').JobState | ''} state
   * @returns {Promise<import('./queue.js').QueueList>}
   */
  async #read(wanted, state) {
    /** @type {Job[]} */
    const jobs = [];
    let offset = 0;
    for (;;) {
      const limit = Math.min(wanted - jobs.length, LIMITS.jobs);
      const params = { ...(state ? { state } : {}), offset, limit };
      /** @type {import('./queue.js').QueueList} */
      const { counts, jobs: part, next } = await this.#host.request('queue.list', params);
      jobs.push(...part);
      if (next === null || jobs.length >= wanted) {
        return { counts, jobs, next };
      }
      offset = next;
    }
  }

  /** @param {JobCounts} counts */
  #showHead(counts) {
    const isBusy = this.#open > 0;
    const text = headText({ ...counts, done: counts.done - this.#base }, isBusy);
    this.root.hidden = !text || (!isBusy && !this.#wasBusy && counts.failed === 0);
    // The same words again would be read aloud again.
    if (this.#words.textContent !== text) {
      this.#words.textContent = text;
    }
    this.#mark.className = `queue-mark${isBusy ? '' : counts.failed > 0 ? ' bad' : ' good'}`;
    this.#mark.replaceChildren(
      isBusy ? icon('queue') : counts.failed > 0 ? icon('error') : icon('check'),
    );
    const { done = 0, error = '', total = 0 } = this.#state ?? {};
    this.#bar.hidden = !isBusy;
    this.#bar.classList.toggle('paused', counts.paused);
    setBar(this.#bar, done, Math.max(total, done + this.#open));
    this.#say(isBusy && error && error !== 'cancelled' ? faultText({ name: error }) : '');
    this.#pause.hidden = !isBusy;
    const label = t(counts.paused ? 'queueResume' : 'queuePause');
    if (this.#pause.title !== label) {
      this.#pause.title = label;
      this.#pause.setAttribute('aria-label', label);
      this.#pause.replaceChildren(counts.paused ? icon('play') : icon('pause'));
    }
  }

  /** @param {string} text */
  #say(text) {
    this.#fault.hidden = text === '';
    if (this.#fault.textContent !== text) {
      this.#fault.textContent = text;
    }
  }

  /**
   * Changes jobs; the background then looks what there is to do.
   *
   * @param {string} method
   * @param {Record<string, unknown>} params
   * @returns {Promise<any>} the answer, or undefined
   */
  async #change(method, params) {
    try {
      const answer = await this.#host.request(method, params);
      await this.refresh();
      await runQueue();
      return answer;
    } catch (error) {
      this.#say(faultText(asHostError(error)));
    }
    return undefined;
  }

  async #clear() {
    const answer = await this.#change('queue.clear', {});
    if (answer?.jobs) {
      const act = () => this.#change('queue.restore', {});
      toast(plural('queueCleared', answer.jobs), { label: t('undo'), act });
    }
  }

  async #setPaused() {
    await this.#change('queue.pause', { paused: !this.#counts?.paused });
  }

  /** Those that were cancelled stay so. */
  async #retryFailed() {
    try {
      const { jobs } = await this.#read(LIMITS.jobNumbers, 'failed');
      await this.#change('queue.retry', { jobs: jobs.map(({ job }) => job) });
    } catch (error) {
      this.#say(faultText(asHostError(error)));
    }
  }
}

/**
 * What is going on, and when nothing is, what came of it.
 *
 * @param {JobCounts} counts
 * @param {boolean} isBusy
 */
function headText(counts, isBusy) {
  const { browser, done, failed, paused, running, waiting } = counts;
  const parts = isBusy
    ? [
        paused ? t('queuePaused') : '',
        running > 0 ? plural('queueAtWork', running) : '',
        waiting + browser > 0 ? plural('queueWaiting', waiting + browser) : '',
      ]
    : [done > 0 ? plural('queueDone', done) : ''];
  return [...parts, failed > 0 ? plural('queueFailed', failed) : ''].filter(Boolean).join(' · ');
}
