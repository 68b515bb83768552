/** What a person reads of the jobs of the queue, and of the kinds of things that links lead to. */
import * as format from './format.js';
import { language, plural, t } from './i18n.js';
import { errorText, progressText } from './words.js';

/** @typedef {import('./queue.js').Job} Job */
/** @typedef {import('./queue.js').JobCounts} JobCounts */

/**
 * States with jobs, in the order of what matters, with their words.
 *
 * @param {JobCounts} counts
 * @returns {{ state: Job['state'], count: number, text: string }[]}
 */
export function stateCounts({ running, waiting, browser, failed, done, cancelled }) {
  const all = /** @type {const} */ ([
    ['running', running, plural('queueAtWork', running)],
    ['waiting', waiting, plural('queueWaiting', waiting)],
    ['browser', browser, plural('queueBrowser', browser)],
    ['failed', failed, plural('queueFailed', failed)],
    ['done', done, plural('queueDone', done)],
    ['cancelled', cancelled, plural('queueCancelled', cancelled)],
  ]);
  return all
    .filter(([, count]) => count > 0)
    .map(([state, count, text]) => ({ state, count, text }));
}

/** Drawings by state. */
const DRAWINGS = Object.freeze({
  waiting: 'clock',
  running: 'retry',
  browser: 'external',
  done: 'check',
  failed: 'error',
  cancelled: 'close',
});

/**
 * How a job stands: its words, the drawing before them, and how serious it is.
 *
 * @param {Job} job
 * @param {number} now
 * @returns {{ text: string, drawing: string, tone: 'good' | 'warn' | 'bad' | '' }}
 */
export function jobState(job, now) {
  const drawing = DRAWINGS[job.state];
  switch (job.state) {
    case 'running':
      return { text: runningText(job), drawing, tone: '' };
    case 'browser':
      return { text: t('jobBrowser'), drawing, tone: 'warn' };
    case 'done':
      return job.missing > 0
        ? { text: plural('savedMissing', job.missing), drawing: 'warn', tone: 'warn' }
        : { text: doneText(job), drawing, tone: 'good' };
    case 'failed':
      return { text: t('jobFailed'), drawing, tone: 'bad' };
    case 'cancelled':
      return { text: t('errorCancelled'), drawing, tone: '' };
    default:
      return { text: waitingText(job, now), drawing, tone: '' };
  }
}

/**
 * Why a job stands as it does.
 *
 * @param {Job} job
 * @returns {string} empty where there is nothing to say
 */
export function jobReason({ state, error }) {
  return error && state !== 'done' && state !== 'cancelled'
    ? errorText({ name: error.name, data: { status: error.status, wall: error.wall } })
    : '';
}

/** @param {Job} job */
function runningText({ kind, stage, done, total }) {
  return kind === 'check'
    ? t('jobChecking')
    : progressText({ stage: /** @type {any} */ (stage), done, total });
}

/** @param {Job} job */
function doneText({ kind, unchanged }) {
  return kind === 'check' ? t('jobChecked') : t(unchanged ? 'jobUnchanged' : 'savedNow');
}

/**
 * @param {Job} job
 * @param {number} now
 */
function waitingText({ not_before: notBefore }, now) {
  return notBefore > now ? t('jobAgain', format.until(notBefore, now, language)) : t('jobWaiting');
}

/** What a link leads to, where it is no web page. */
const DOC_KEYS = new Map([
  ['pdf', 'docPdf'],
  ['image', 'docImage'],
  ['audio', 'docAudio'],
  ['video', 'docVideo'],
  ['text', 'docText'],
  ['markdown', 'docMarkdown'],
  ['json', 'docJson'],
  ['feed', 'docFeed'],
  ['xml', 'docXml'],
  ['file', 'docFile'],
]);

/**
 * @param {string | undefined} kind - of a snapshot
 * @returns {string} empty for a web page, and for what nobody knows
 */
export function docText(kind = 'page') {
  const key = DOC_KEYS.get(kind);
  return key ? t(key) : '';
}
