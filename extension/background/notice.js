/**
 * Tells on the desktop that the queue has ended, where the person wishes it: a setting, off at first,
 * with a permission of its own. When the queue was begun stands in storage.session, since many lives of
 * the background may work on one queue.
 */
import { api } from '../lib/api.js';
import { Host } from '../lib/host.js';
import { plural, t } from '../lib/i18n.js';
import { LIMITS } from '../lib/protocol.js';
import { mayUseBrowser } from '../lib/queue.js';
import { readSettings } from '../lib/settings.js';
import { watchSites } from '../lib/sites.js';
import { faultText } from '../lib/words.js';
import { wordsReady } from './words.js';

/** @typedef {import('../lib/queue.js').QueueList} QueueList */

const KEY = 'notice';

/** One notification: a later one takes the place of the earlier. */
const ID = 'queue';

/** The API is there only with the permission. @returns {typeof chrome.notifications | undefined} */
const notifications = () => api.notifications;

/** Listens for clicks from now on, and when the permission is given later. */
export function startNotices() {
  listen();
  watchSites(listen);
}

/** Jobs are being worked on. */
export async function noteBegun() {
  if (!(await begun())) {
    await api.storage.session.set({ [KEY]: Date.now() });
  }
}

/**
 * Nothing is left that can be done now.
 *
 * @param {import('../lib/queue.js').QueueState} state
 */
export async function tellEnded({ open, browser, paused }) {
  const since = await begun();
  // Tabs go on with what needs a browser; what is paused has not ended.
  const goesOn = paused || open > browser || (browser > 0 && (await mayUseBrowser()));
  if (!since || goesOn) {
    return;
  }
  await forget();
  if (await isWished()) {
    await wordsReady();
    const { done, failed } = await countSince(since);
    const parts = [
      done > 0 ? plural('queueDone', done) : '',
      failed > 0 ? plural('queueFailed', failed) : '',
      browser > 0 ? plural('queueBrowser', browser) : '',
    ].filter(Boolean);
    if (parts.length > 0) {
      show(t('noticeEnded'), parts.join(' · '));
    }
  }
}

/**
 * Jobs are left, but nobody works on them any more.
 *
 * @param {string} name - of the error
 */
export async function tellStopped(name) {
  if ((await begun()) && (await isWished())) {
    await forget();
    await wordsReady();
    show(t('noticeStopped'), faultText({ name }));
  }
}

async function isWished() {
  const { notify } = await readSettings();
  return notify && notifications() !== undefined;
}

/** @returns {Promise<number>} when; 0: no queue was */
async function begun() {
  const { [KEY]: since } = await api.storage.session.get(KEY);
  return Number(since) || 0;
}

async function forget() {
  await api.storage.session.remove(KEY);
}

/**
 * @param {number} since
 * @returns {Promise<{ done: number, failed: number }>} jobs; 0 where the host does not say
 */
async function countSince(since) {
  const host = new Host();
  try {
    const [done, failed] = [await count(host, 'done', since), await count(host, 'failed', since)];
    return { done, failed };
  } catch {
    return { done: 0, failed: 0 };
  } finally {
    host.close();
  }
}

/**
 * @param {Host} host
 * @param {'done' | 'failed'} state
 * @param {number} since
 */
async function count(host, state, since) {
  let sum = 0;
  /** @type {number | null} */
  let offset = 0;
  while (offset !== null) {
    /** @type {QueueList} */
    const list = await host.request('queue.list', { state, offset, limit: LIMITS.jobs });
    const { length } = list.jobs.filter(({ updated }) => updated >= since);
    sum += length;
    // The newest come first.
    offset = length < list.jobs.length ? null : list.next;
  }
  return sum;
}

/**
 * @param {string} title
 * @param {string} message
 */
function show(title, message) {
  const iconUrl = api.runtime.getURL('icons/icon-128.png');
  const shown = notifications()?.create(ID, { type: 'basic', iconUrl, title, message });
  shown?.catch(() => {}); // the desktop may have none
}

function listen() {
  // One that is there already is not added again.
  notifications()?.onClicked.addListener(clicked);
}

/** @param {string} id */
function clicked(id) {
  notifications()?.clear(id);
  api.tabs.create({ url: api.runtime.getURL('library/library.html#queue') });
}
