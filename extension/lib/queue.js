/**
 * The queue of links, as every page of the extension sees it.
 *
 * Jobs are rows of the host. A page adds, lists, cancels and retries them over a Host of its own
 * (`queue.…` in host/PROTOCOL.md) and then calls runQueue(), whatever it did: the background sees to
 * it that somebody works on them, and writes how many there are to storage.session, where readQueue()
 * and watchQueue() find it.
 *
 * @typedef {object} QueueState
 * @property {number} open - jobs that wait, run, or need a browser
 * @property {boolean} running - whether this browser's host is at work on them
 * @property {boolean} paused
 * @property {number} browser - of the open ones, those that need a browser
 * @property {number} failed - of those that the host still remembers
 * @property {number} done - what the latest run has ended
 * @property {number} total - and with what it had still before it
 * @property {string} error - why nobody is at work though jobs are open: a name of lib/errors.js
 * @property {number} at - when this was written; 0: nothing is known in this browser session
 *
 * @typedef {{ jobs: { job: number, url: string }[], refused: import('./protocol.js').Refused[] }} QueueAdded
 *
 * @typedef {'waiting' | 'running' | 'browser' | 'done' | 'failed' | 'cancelled'} JobState
 *
 * @typedef {{ name: string, message: string, status?: number, wall?: string }} JobFault
 *
 * @typedef {object} Job
 * @property {number} job
 * @property {'save' | 'check'} kind
 * @property {JobState} state
 * @property {string} url
 * @property {string} title
 * @property {string[]} tags
 * @property {number} attempts
 * @property {number} not_before - when it is tried again
 * @property {number} created
 * @property {number} updated
 * @property {string} stage
 * @property {number} done
 * @property {number} total
 * @property {JobFault | null} error
 * @property {number | null} page
 * @property {number | null} snapshot
 * @property {boolean} unchanged
 * @property {number} missing - assets of the snapshot
 *
 * @typedef {Record<JobState, number> & { paused: boolean }} JobCounts
 *
 * @typedef {{ counts: JobCounts, next: number | null, jobs: Job[] }} QueueList
 *
 * @typedef {{ id: number, stage: 'queue', done: number, total: number, bytes: number, open: number,
 *   browser: number, failed: number }} QueueProgress
 */
import { api } from './api.js';
import { LIMITS } from './protocol.js';
import { mayReadAllSites } from './sites.js';

const KEY = 'queue';

/** @type {Readonly<QueueState>} */
export const NO_QUEUE = Object.freeze({
  open: 0,
  running: false,
  paused: false,
  browser: 0,
  failed: 0,
  done: 0,
  total: 0,
  error: '',
  at: 0,
});

/** @returns {Promise<QueueState>} */
export async function readQueue() {
  const { [KEY]: state } = await api.storage.session.get(KEY);
  return { ...NO_QUEUE, .../** @type {Partial<QueueState> | undefined} */ (state) };
}

/**
 * The background alone writes it.
 *
 * @param {QueueState} state
 */
export async function writeQueue(state) {
  await api.storage.session.set({ [KEY]: state });
}

/**
 * Calls back whenever it has changed, four times a second at most.
 *
 * @param {(state: QueueState) => void} listener
 */
export function watchQueue(listener) {
  api.storage.onChanged.addListener((changes, area) => {
    if (area === 'session' && changes[KEY]?.newValue) {
      listener({ ...NO_QUEUE, .../** @type {any} */ (changes[KEY].newValue) });
    }
  });
}

/** Asks the background to work on the queue, and to look at what was changed in it. */
export async function runQueue() {
  await api.runtime.sendMessage({ type: 'queue.run' });
}

/**
 * Whether jobs that need a browser are done: their links are opened in background tabs. Otherwise
 * they wait until the person was asked: askForAllSites() of lib/sites.js, then runQueue().
 *
 * @returns {Promise<boolean>}
 */
export function mayUseBrowser() {
  return mayReadAllSites();
}

/**
 * Adds links, as many requests as it takes. runQueue() is the caller's.
 *
 * @param {{ request: import('./host.js').Host['request'] }} host
 * @param {readonly string[]} urls
 * @param {Record<string, unknown>} [params] - the others of `queue.add`: tags, note and wishes()
 * @returns {Promise<QueueAdded>} with what is longer than a URL may be among the refused
 */
export async function addToQueue(host, urls, params = {}) {
  /** @type {QueueAdded} */
  const added = { jobs: [], refused: [] };
  for (const part of parts(urls, added)) {
    const { jobs, refused } = await host.request('queue.add', { urls: part, ...params });
    added.jobs.push(...jobs);
    added.refused.push(...refused);
  }
  return added;
}

/**
 * @param {readonly string[]} urls
 * @param {QueueAdded} added
 * @returns {string[][]} each within the ceilings of one request
 */
function parts(urls, added) {
  const encoder = new TextEncoder();
  /** @type {string[][]} */
  const all = [];
  let bytes = Infinity;
  for (const url of urls) {
    const size = encoder.encode(url).length;
    if (size > LIMITS.url) {
      added.refused.push({ url, name: 'url', message: 'longer than a URL may be' });
      continue;
    }
    if (bytes + size > LIMITS.linksBytes || all[all.length - 1].length >= LIMITS.links) {
      all.push([]);
      bytes = 0;
    }
    all[all.length - 1].push(url);
    bytes += size;
  }
  return all;
}
