/**
 * Runs saves, each over a port of its own.
 *
 * Records in storage.session are the state (lib/saves.js). The map below holds only the handles of
 * what this very worker is doing: when the browser stops the worker, port and work end with it, and
 * the next worker marks the records that were left running.
 */
import { HostError, asHostError } from '../lib/errors.js';
import { Host } from '../lib/host.js';
import { listSaves, putSave, removeSave, saveId } from '../lib/saves.js';
import { ofPage, wishes } from '../lib/wishes.js';
import { clear, own, showDone, showFailed, showProgress } from './badge.js';
import { captureTab } from './capture.js';
import { run as runQueue } from './queue.js';
import { supplyLater } from './supply.js';

/** @typedef {import('../lib/saves.js').Job} Job */
/** @typedef {import('../lib/saves.js').Progress} Progress */
/** @typedef {import('../lib/saves.js').SaveRecord} SaveRecord */

/** Finished records are kept for the popup to show; more than this many nobody has looked at. */
const KEPT = 50;

/** Progress is written at most so often. */
const PROGRESS_MS = 100;

/**
 * How a link's save may end while its job is still open: the queue goes on with it. `order`: somebody
 * else is at work on that link.
 */
const OPEN = ['needs_browser', 'order', 'disconnected', 'interrupted'];

const worker = crypto.randomUUID();

/** @type {Map<string, AbortController>} */
const running = new Map();

let stored = () => {};

/**
 * Begins a save unless the same one is running.
 *
 * @param {Job} job
 * @returns {Promise<SaveRecord | null>} the finished record; null when it was running already
 */
export async function save(job) {
  const id = saveId(job);
  if (running.has(id)) {
    return null;
  }
  const controller = new AbortController();
  running.set(id, controller);
  const release = own(job.tabId);
  /** @type {SaveRecord} */
  const record = {
    id,
    job,
    worker,
    state: 'running',
    started: Date.now(),
    progress: { stage: 'start' },
  };
  try {
    await putSave(record);
    await prune();
    const finished = await perform(record, controller.signal);
    await putSave(finished);
    goOn(finished);
    return finished;
  } finally {
    release();
    running.delete(id);
  }
}

/** @param {() => void} listener - called when a page was stored */
export function whenStored(listener) {
  stored = listener;
}

/** @param {string} id */
export function cancel(id) {
  running.get(id)?.abort();
}

/** Marks what an earlier worker left running: it ended with that worker. */
export async function sweep() {
  const error = { name: 'interrupted', message: 'the background was stopped', data: {} };
  for (const record of await listSaves()) {
    // What was begun again meanwhile has a record of its own.
    if (record.state === 'running' && record.worker !== worker && !running.has(record.id)) {
      const failed = /** @type {const} */ ({ ...record, state: 'failed', error });
      showEnd(failed.job, error);
      await putSave(failed);
      goOn(failed);
    }
  }
}

/**
 * A link is a job of the queue from the first moment on, which may outlive its save.
 *
 * @param {SaveRecord} record - finished
 */
function goOn({ job, error }) {
  if (error && isOpen(job, error)) {
    runQueue();
  }
}

/**
 * @param {Job} job
 * @param {{ name: string }} error
 */
function isOpen(job, { name }) {
  return job.kind === 'link' && OPEN.includes(name);
}

/**
 * @param {SaveRecord} record
 * @param {AbortSignal} signal
 * @returns {Promise<SaveRecord>}
 */
async function perform(record, signal) {
  const { job } = record;
  const host = new Host();
  let writes = Promise.resolve();
  let last = 0;
  /** @param {Progress} progress */
  const onProgress = (progress) => {
    const now = Date.now();
    if (progress.stage === record.progress.stage && now - last < PROGRESS_MS) {
      return;
    }
    last = now;
    record.progress = progress;
    const copy = { ...record };
    writes = writes.then(() => putSave(copy));
    showProgress(job.tabId, progress);
  };
  try {
    showProgress(job.tabId, record.progress);
    const result = await ask(host, job, { onProgress, signal });
    showDone(job.tabId, result.assets.failed > 0);
    stored();
    return { ...record, state: 'done', result };
  } catch (thrown) {
    const error = asHostError(thrown);
    showEnd(job, error);
    const { name, message, data } = error;
    return { ...record, state: 'failed', error: { name, message, data } };
  } finally {
    await writes;
    host.close();
  }
}

/**
 * What is left on the badge of a save that has stored nothing.
 *
 * @param {Job} job
 * @param {import('../lib/saves.js').Fault} error
 */
function showEnd(job, error) {
  if (error.name === 'cancelled' || isOpen(job, error)) {
    clear(job.tabId);
  } else {
    showFailed(job.tabId, error);
  }
}

/**
 * @param {Host} host
 * @param {Job} job
 * @param {{ onProgress: (progress: Progress) => void, signal: AbortSignal }} options
 * @returns {Promise<import('../lib/protocol.js').SaveResult>}
 */
async function ask(host, job, options) {
  switch (job.kind) {
    case 'tab':
      return captureTab(host, job, options);
    case 'link': {
      const { url, tags = [], note, again, page } = job;
      const more = {
        ...(note ? { note } : {}),
        ...(again ? { again } : {}),
        ...ofPage(url, page),
      };
      const params = { url, tags, ...more, ...(await wishes()) };
      return supplyLater(host, await host.request('links.save', params, options), job, options);
    }
    case 'retry': {
      const more = job.private ? { private: true } : {};
      const params = { snapshot: job.snapshot, ...more, ...(await wishes()) };
      const result = await host.request('snapshots.retry', params, options);
      return supplyLater(host, result, job, options);
    }
    default:
      throw new HostError('internal', 'no such kind of save');
  }
}

async function prune() {
  const finished = (await listSaves()).filter(({ state }) => state !== 'running');
  await Promise.all(finished.slice(KEPT).map(({ id }) => removeSave(id)));
}
