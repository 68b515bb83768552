/** One job in the list of the queue. It is kept while the job goes on, and with it the focus. */
import { api } from './api.js';
import { el, icon, iconButton, setBar } from './dom.js';
import * as format from './format.js';
import { t } from './i18n.js';
import { jobReason, jobState } from './jobwords.js';

/** @typedef {import('./queue.js').Job} Job */

/**
 * @typedef {object} Actions
 * @property {(job: number) => void} cancel
 * @property {(job: number) => void} retry
 */

export class JobRow {
  #actions;
  #job;
  #mark = el('span', { class: 'job-mark' });
  #name = el('span', { class: 'job-name' });
  #meta = el('p', { class: 'job-meta' });
  #bar = el('div', { class: 'bar', role: 'progressbar', hidden: true }, el('div'));
  #buttons = el('div', { class: 'job-actions' });
  /** What name, mark and buttons were made from. */
  #made = '';

  /**
   * @param {Job} job
   * @param {Actions} actions
   */
  constructor(job, actions) {
    this.#actions = actions;
    this.#job = job;
    this.#bar.setAttribute('aria-label', t('progressLabel'));
    const main = el('div', { class: 'job-main' }, this.#name, this.#meta, this.#bar);
    this.root = el('li', { class: 'job' }, this.#mark, main, this.#buttons);
    this.show(job);
  }

  /** @param {Job} job - as it is now */
  show(job) {
    this.#job = job;
    const { tone, drawing, text } = jobState(job, Date.now());
    const isRunning = job.state === 'running';
    const made = JSON.stringify([job.state, job.title, job.snapshot, drawing, job.not_before]);
    if (made !== this.#made) {
      this.#made = made;
      this.root.className = `job ${tone}`.trim();
      this.#mark.replaceChildren(icon(drawing));
      this.#showName();
      this.#showButtons();
    }
    this.#showMeta(text);
    this.#bar.hidden = !isRunning;
    if (isRunning) {
      setBar(this.#bar, job.done, job.total);
    }
  }

  #showName() {
    const { snapshot, state, title, url } = this.#job;
    const name = title || format.shortUrl(url);
    const attributes = { dir: title ? 'auto' : 'ltr', title: url };
    const shown =
      state === 'done' && snapshot
        ? el('a', { ...attributes, href: address(snapshot), target: '_blank' }, name)
        : el('span', attributes, name);
    this.#name.replaceChildren(shown);
  }

  /** @param {string} state - in words */
  #showMeta(state) {
    const job = this.#job;
    const reason = jobReason(job);
    const parts = [
      job.kind === 'check' ? t('jobCheck') : '',
      job.title ? format.site(job.url) : '',
      job.state === 'failed' && reason ? '' : state,
      reason,
    ];
    const text = parts.filter(Boolean).join(' · ');
    if (this.#meta.textContent !== text) {
      this.#meta.textContent = text;
    }
  }

  /** Where a button had the focus, the first of the new ones has it. */
  #showButtons() {
    const { job, kind, not_before: notBefore, state, url } = this.#job;
    const hadFocus = this.#buttons.contains(document.activeElement);
    const isOpen = ['waiting', 'running', 'browser'].includes(state);
    const isLater = state === 'waiting' && notBefore > Date.now();
    const buttons = [];
    if (kind === 'save' && (state === 'browser' || state === 'failed')) {
      const open = () => api.tabs.create({ url });
      buttons.push(iconButton('external', t('jobOpen'), open));
    }
    if (isLater || state === 'failed' || state === 'cancelled') {
      buttons.push(iconButton('retry', t('jobRetry'), () => this.#actions.retry(job)));
    }
    if (isOpen) {
      buttons.push(iconButton('close', t('cancel'), () => this.#actions.cancel(job)));
    }
    for (const button of buttons) {
      const name = this.#job.title || format.shortUrl(url);
      button.setAttribute('aria-label', `${button.title}: ${name}`);
    }
    this.#buttons.replaceChildren(...buttons);
    if (hadFocus) {
      buttons[0]?.focus();
    }
  }
}

/** @param {number} snapshot */
function address(snapshot) {
  return api.runtime.getURL(`viewer/viewer.html?snapshot=${snapshot}`);
}
