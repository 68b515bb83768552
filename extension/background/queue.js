/**
 * Works on the queue of links: one host of this browser runs it, and background tabs take what needs
 * a browser (tabjobs.js). Jobs are rows of the host, so nothing here has to survive: what is in
 * storage.session (lib/queue.js) is for the pages to show, and for the next life of the background to
 * know whether this one was at work.
 */
import { asHostError } from '../lib/errors.js';
import { Host } from '../lib/host.js';
import { NO_QUEUE, mayUseBrowser, readQueue, writeQueue } from '../lib/queue.js';
import { showQueue } from './badge.js';
import { noteBegun, tellEnded, tellStopped } from './notice.js';
import { allowTabs, checkTabs, takeJobs } from './tabjobs.js';

/** @typedef {import('../lib/queue.js').QueueState} QueueState */
/** @typedef {import('../lib/queue.js').JobCounts} JobCounts */
/** @typedef {import('../lib/queue.js').QueueProgress} QueueProgress */

/** The state is written at most so often. */
const WRITE_MS = 250;

/**
 * The pauses before a host that went away is started again: short enough for browsers to let the
 * background live through them, and few enough not to go on with a host that ends every time.
 */
const PAUSES_MS = [500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000, 20_000];

/** How old what an earlier life has written may be. Other browsers see to their jobs themselves. */
const FRESH_MS = 10 * 60_000;

/** Of the run in this life of the background. @type {Promise<void> | null} */
let working = null;

/** Somebody has asked for a run since the one at work was begun. */
let again = false;

/** Ends the pause that is being made. */
let wake = () => {};

/** What was read and not yet written. @type {QueueState} */
let state = NO_QUEUE;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

let saved = () => {};

/** @param {() => void} listener - called when the queue may have saved pages */
export function whenSaved(listener) {
  saved = listener;
}

/**
 * Begins to work on the queue; where that is being done, what was changed is looked at as well.
 *
 * @returns {Promise<void>} resolves when nothing is left that can be done now
 */
export function run() {
  allowTabs();
  return rerun();
}

function rerun() {
  again = true;
  return begin();
}

/**
 * A person has changed something: jobs may have been cancelled that tabs are at work on.
 *
 * @returns {Promise<void>}
 */
export function changed() {
  checkTabs();
  return run();
}

/**
 * Goes on where an earlier life of the background has stopped, or another day. Without open jobs
 * nothing is run.
 *
 * @returns {Promise<void>}
 */
export async function resume() {
  const known = await readQueue();
  showQueue(known.open);
  const isFresh = Date.now() - known.at < FRESH_MS;
  // The tabs of that life are gone, and the host has their jobs back.
  const isTabs = known.browser > 0 && !known.paused && (await mayUseBrowser());
  if (known.running || isTabs || !isFresh) {
    await begin();
  }
}

function begin() {
  wake();
  working ??= work().finally(() => {
    working = null;
  });
  return working;
}

async function work() {
  state = { ...(await readQueue()), error: '' };
  for (let failures = 0; ;) {
    const outcome = await runOnce();
    if (outcome === 'ended') {
      if (!again) {
        await tellEnded(state);
        return;
      }
    } else {
      failures = outcome === 'advanced' ? 0 : failures + 1;
      if (outcome === 'hopeless' || failures > PAUSES_MS.length) {
        await tellStopped(state.error);
        return;
      }
      await pause(PAUSES_MS[Math.max(0, failures - 1)]);
    }
  }
}

/**
 * One life of a host.
 *
 * @returns {Promise<'ended' | 'advanced' | 'lost' | 'hopeless'>} `advanced` and `lost`: the host went
 *   away, after some work or none
 */
async function runOnce() {
  const host = new Host();
  let ended = 0;
  try {
    const { store } = await host.hello();
    if (store.open === 0 && !again) {
      await publish({ ...NO_QUEUE, failed: state.failed });
      return 'ended';
    }
    again = false;
    if (store.open) {
      await noteBegun();
    }
    note({ running: true, open: store.open ?? state.open, error: '' });
    /** @param {any} progress */
    const onProgress = (progress) => {
      const { done, total, open, browser, failed } = /** @type {QueueProgress} */ (progress);
      if (done > ended) {
        ended = done;
        saved();
      }
      note({ done, total, open, browser, failed });
      offer(browser);
    };
    const counts = await host.request('queue.run', {}, { onProgress });
    await publish({ ...state, ...summed(counts), running: false });
    offer(counts.paused ? 0 : counts.browser);
    return 'ended';
  } catch (thrown) {
    const { name } = asHostError(thrown);
    const isLost = name === 'disconnected' || name === 'store_busy';
    await publish({ ...state, running: isLost, error: name });
    if (!isLost) {
      return 'hopeless';
    }
    return ended > 0 ? 'advanced' : 'lost';
  } finally {
    host.close();
  }
}

/**
 * @param {JobCounts} counts
 * @returns {Partial<QueueState>}
 */
function summed({ waiting, running, browser, failed, paused }) {
  return { open: waiting + running + browser, browser, failed, paused };
}

/** @param {number} browser - jobs that need one */
function offer(browser) {
  if (browser > 0) {
    takeJobs(browser, () => {
      saved();
      rerun();
    });
  }
}

/** @param {Partial<QueueState>} changes - to be written soon */
function note(changes) {
  state = { ...state, ...changes };
  timer ??= setTimeout(() => publish(state), WRITE_MS);
}

/** @param {QueueState} next */
async function publish(next) {
  clearTimeout(timer);
  timer = undefined;
  state = { ...next, at: Date.now() };
  showQueue(state.open);
  await writeQueue(state);
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => {
    const timeout = setTimeout(resolve, ms);
    wake = () => {
      clearTimeout(timeout);
      resolve(undefined);
    };
  });
}
