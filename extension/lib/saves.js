/**
 * Saves that run in the background, as every page of the extension sees them: one record each in
 * storage.session, written by the background alone, so that a save goes on after the popup was
 * closed and the popup finds it again.
 *
 * @typedef {object} TabJob
 * @property {'tab'} kind
 * @property {number} tabId
 * @property {string} url
 * @property {string} [title]
 * @property {string[]} [tags]
 * @property {string} [note]
 * @property {boolean} [again] - a new version even when nothing has changed
 *
 * @typedef {object} LinkJob
 * @property {'link'} kind
 * @property {string} url
 * @property {string[]} [tags]
 * @property {string} [note]
 * @property {boolean} [again]
 * @property {number} [tabId] - where the badge is shown
 * @property {string} [page] - where the link stands; without it a person has given it
 *
 * @typedef {object} RetryJob
 * @property {'retry'} kind
 * @property {number} snapshot
 * @property {string} url
 * @property {true} [private] - from the private network too: the person trusts the page
 * @property {number} [tabId]
 *
 * @typedef {TabJob | LinkJob | RetryJob} Job
 *
 * @typedef {'start' | 'scroll' | 'read' | 'send' | import('./protocol.js').HostStage} Stage - the
 *   first four are the capture's own: the page is scrolled, then read in its tab, its parts go to the
 *   host
 *
 * @typedef {{ stage: Stage, done?: number, total?: number, bytes?: number }} Progress
 *
 * @typedef {{ name: string, message: string, data: Record<string, unknown> }} Fault
 *
 * @typedef {object} SaveRecord
 * @property {string} id
 * @property {Job} job
 * @property {string} worker - which life of the background runs it
 * @property {'running' | 'done' | 'failed'} state
 * @property {number} started
 * @property {Progress} progress
 * @property {import('./protocol.js').SaveResult} [result]
 * @property {Fault} [error]
 */
import { api } from './api.js';

const PREFIX = 'save:';

/**
 * The same work has the same id, so that it is never done twice at a time.
 *
 * @param {Job} job
 * @returns {string}
 */
export function saveId(job) {
  switch (job.kind) {
    case 'tab':
      return `tab:${job.tabId}:${job.url}`;
    case 'link':
      return `link:${job.url}`;
    default:
      return `retry:${job.snapshot}`;
  }
}

/** @returns {Promise<SaveRecord[]>} newest first */
export async function listSaves() {
  const all = await api.storage.session.get(null);
  return Object.entries(all)
    .filter(([key]) => key.startsWith(PREFIX))
    .map(([, record]) => /** @type {SaveRecord} */ (record))
    .sort((a, b) => b.started - a.started);
}

/** @param {SaveRecord} record */
export async function putSave(record) {
  await api.storage.session.set({ [PREFIX + record.id]: record });
}

/** @param {string} id */
export async function removeSave(id) {
  await api.storage.session.remove(PREFIX + id);
}

/**
 * Calls back for every record that is written.
 *
 * @param {(record: SaveRecord) => void} listener
 */
export function watchSaves(listener) {
  api.storage.onChanged.addListener((changes, area) => {
    if (area !== 'session') {
      return;
    }
    for (const [key, { newValue }] of Object.entries(changes)) {
      if (key.startsWith(PREFIX) && newValue) {
        listener(/** @type {SaveRecord} */ (newValue));
      }
    }
  });
}

/**
 * Asks the background to begin. Its record tells the rest.
 *
 * @param {Job} job
 */
export async function startSave(job) {
  await api.runtime.sendMessage({ type: 'save.start', job });
}

/** @param {string} id */
export async function cancelSave(id) {
  await api.runtime.sendMessage({ type: 'save.cancel', id });
}
