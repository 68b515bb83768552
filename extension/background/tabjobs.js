/**
 * Jobs of the queue that only a browser can do: their links are opened in background tabs and captured
 * as live pages, where the person has allowed every site. Each worker has a port of its own, since a
 * job that was taken belongs to the port; when this life of the background ends, the host takes it back.
 */
import { asHostError } from '../lib/errors.js';
import { Host } from '../lib/host.js';
import { LIMITS } from '../lib/protocol.js';
import { mayUseBrowser } from '../lib/queue.js';
import { clip } from '../lib/text.js';
import { captureTab } from './capture.js';
import { withTab } from './tabs.js';

/** @typedef {import('../lib/queue.js').Job} Job */

/** Tabs at once. */
const AT_ONCE = 2;

/** How soon it is asked again for jobs that are said to be there and were not to be had. */
const AGAIN_MS = 5000;

/** What workers are doing in this life of the background. @type {Set<{ job: number, stop: AbortController }>} */
const busy = new Set();

let workers = 0;

/** A host went away with a job, or the browser has no window: not before somebody asks. */
let stopped = false;

/** When there was nothing to be had. */
let missed = 0;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Somebody asks for the queue to be worked on: what was given up is tried again. */
export function allowTabs() {
  stopped = false;
  missed = 0;
}

/**
 * @param {number} count - jobs that wait for a browser
 * @param {() => void} ended - called after each of them
 */
export async function takeJobs(count, ended) {
  if (workers >= AT_ONCE || !(await mayGoOn())) {
    return;
  }
  const early = missed + AGAIN_MS - Date.now();
  if (early > 0) {
    timer ??= setTimeout(() => {
      timer = undefined;
      takeJobs(count, ended);
    }, early);
    return;
  }
  for (let i = 0; i < count && !stopped && workers < AT_ONCE; i++) {
    workers += 1;
    work(ended).finally(() => {
      workers -= 1;
    });
  }
}

/** Stops tabs whose jobs are no longer at work: they were cancelled. */
export async function checkTabs() {
  if (busy.size === 0) {
    return;
  }
  const host = new Host();
  try {
    const params = { state: 'running', limit: LIMITS.jobs };
    const { jobs } = await host.request('queue.list', params);
    const running = new Set(jobs.map((/** @type {Job} */ { job }) => job));
    for (const { job, stop } of busy) {
      if (!running.has(job)) {
        stop.abort();
      }
    }
  } catch {
    // The workers' own ports tell what is the matter.
  } finally {
    host.close();
  }
}

/**
 * Takes jobs until there are none.
 *
 * @param {() => void} ended
 */
async function work(ended) {
  const host = new Host();
  let done = 0;
  try {
    while (await mayGoOn()) {
      const { job } = await host.request('queue.take');
      if (!job) {
        missed = done === 0 ? Date.now() : missed;
        break;
      }
      await perform(host, job);
      done += 1;
      ended();
    }
  } catch {
    // The host went away, and has the job back.
    stopped = true;
  } finally {
    host.close();
  }
}

async function mayGoOn() {
  const isAllowed = await mayUseBrowser();
  return isAllowed && !stopped;
}

/**
 * @param {Host} host
 * @param {Job} job
 * @returns {Promise<void>} rejects when the host went away
 */
async function perform(host, { job, url, tags }) {
  const stop = new AbortController();
  const mine = { job, stop };
  const { signal } = stop;
  busy.add(mine);
  try {
    await withTab(url, (tabId) => captureTab(host, { tabId, job, tags }, { signal }), signal);
  } catch (thrown) {
    await refuse(host, job, asHostError(thrown));
  } finally {
    busy.delete(mine);
  }
}

/**
 * @param {Host} host
 * @param {number} job
 * @param {import('../lib/errors.js').HostError} error
 */
async function refuse(host, job, { name, message }) {
  if (name === 'disconnected' || name.startsWith('host_')) {
    throw new Error(message);
  }
  // The job waits for a browser that has one.
  const isWaiting = name === 'no_window';
  stopped ||= isWaiting;
  const fault = { name: isWaiting ? 'cancelled' : name, message: clip(message, LIMITS.title) };
  try {
    await host.request('queue.fail', { job, ...fault });
  } catch (thrown) {
    // One that the host has ended itself, or that was cancelled, is nobody's any more.
    if (asHostError(thrown).name !== 'order') {
      throw thrown;
    }
  }
}
