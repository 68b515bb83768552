/** What is known of an address before the background has said a word. */
import { LIMITS } from '../lib/protocol.js';
import { saveId } from '../lib/saves.js';
import { clip, sameTags } from '../lib/text.js';

/** @typedef {import('../lib/protocol.js').Page} Page */
/** @typedef {import('../lib/protocol.js').Snapshot} Snapshot */

/**
 * @param {import('../lib/host.js').Host} host
 * @param {string} url - empty: none is known yet
 * @returns {Promise<{ page: Page | null, missing: Snapshot | null }>} the page as it is saved, and its
 *   newest snapshot if that lacks something
 */
export async function findSaved(host, url) {
  /** @type {import('../lib/protocol.js').Found} */
  const { page: id } = url ? await host.request('pages.find', { url }) : { page: null };
  if (id === null) {
    return { page: null, missing: null };
  }
  /** @type {Page} */
  const page = await host.request('pages.get', { page: id });
  const newest = page.snapshots?.[0];
  const lacks = newest !== undefined && newest.state !== 'complete';
  const missing = lacks ? await host.request('snapshots.get', { snapshot: newest.snapshot }) : null;
  return { page, missing };
}

/**
 * The record of a save that is about to begin.
 *
 * @param {import('../lib/saves.js').Job} job
 * @returns {import('../lib/saves.js').SaveRecord}
 */
export function begun(job) {
  const progress = /** @type {const} */ ({ stage: 'start' });
  return { id: saveId(job), job, worker: '', state: 'running', started: Date.now(), progress };
}

/**
 * What is said of a page, as the host takes it.
 *
 * @param {import('../lib/protocol.js').Page} page
 * @param {{ name: string, tags: string[], note: string }} said
 * @param {boolean} isLink - which has no title of its own
 */
export function changesOf({ page }, { name, tags, note }, isLink) {
  const title = clip(name.trim(), LIMITS.title);
  return { page, tags, note: clip(note, LIMITS.note), ...(isLink ? {} : { title }) };
}

/**
 * @param {import('../lib/protocol.js').Page} page
 * @param {{ name: string, tags: string[], note: string }} said
 * @param {boolean} isLink
 * @returns {boolean} whether it is not what is stored
 */
export function differs(page, { name, tags, note }, isLink) {
  return (
    !sameTags(tags, page.tags) || note !== page.note || (!isLink && name.trim() !== page.title)
  );
}
