/**
 * Tabs in which links are opened to be captured: in the background, without sound, and closed again
 * whatever happens. Which they are stands in storage.session, so that the next life of the background
 * closes what this one could not.
 */
import { api } from '../lib/api.js';
import { HostError } from '../lib/errors.js';
import { sleep } from './walkers.js';

const PREFIX = 'queue-tab:';

/** From the moment on in which a tab is opened until its page is taken as it then is. */
const ALL_MS = 20_000;

/** How often a tab is looked at while it loads. */
const LOOK_MS = 100;

/** How long a tab may show no page though it has loaded: then there is none, but a download. */
const BLANK_MS = 2000;

/** How long a page that leads on to another may take to be gone. */
const LED_ON_MS = 300;

/** What browsers say of pages that no extension may read. */
const FORBIDDEN = /error page|cannot access|cannot be scripted|permission/i;

/** Tabs of this life of the background. @type {Set<number>} */
const ours = new Set();

/**
 * Opens a link and waits until the page is there and quiet.
 *
 * @param {string} url
 * @param {(tabId: number) => Promise<T>} use
 * @param {AbortSignal} signal
 * @returns {Promise<T>} what `use` gave; rejects with `no_window`, `tab_gone`, `timeout`, `cancelled`
 *   (when it was stopped), or what `use` threw
 * @template T
 */
export async function withTab(url, use, signal) {
  if (!/^https?:/i.test(url)) {
    throw new HostError('url', 'no address of a web page');
  }
  const tabId = await open(url);
  try {
    return await Promise.race([ready(tabId, signal).then(() => use(tabId)), aborted(signal)]);
  } finally {
    await close(tabId);
  }
}

/** Closes what an earlier life of the background has left open. */
export async function closeLeftOvers() {
  const all = await api.storage.session.get(null);
  const ids = Object.keys(all)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => Number(key.slice(PREFIX.length)));
  await Promise.all(ids.filter((id) => !ours.has(id)).map(close));
}

/**
 * @param {string} url
 * @returns {Promise<number>}
 */
async function open(url) {
  const windows = await api.windows.getAll({ windowTypes: ['normal'] });
  // What is captured in a private window would be kept.
  const window = windows.find(({ focused, incognito }) => focused && !incognito);
  const windowId = (window ?? windows.find(({ incognito }) => !incognito))?.id;
  if (windowId === undefined) {
    throw new HostError('no_window', 'there is no window');
  }
  const { id } = await api.tabs.create({ url, active: false, windowId });
  const tabId = Number(id);
  ours.add(tabId);
  const gone = () => {};
  await Promise.all([
    api.storage.session.set({ [PREFIX + tabId]: true }),
    api.tabs.update(tabId, { muted: true }).catch(gone),
  ]);
  return tabId;
}

/** @param {number} tabId */
async function close(tabId) {
  await api.tabs.remove(tabId).catch(() => {});
  ours.delete(tabId);
  await api.storage.session.remove(PREFIX + tabId);
}

/**
 * @param {number} tabId
 * @param {AbortSignal} signal
 */
async function ready(tabId, signal) {
  const end = Date.now() + ALL_MS;
  do {
    await loaded(tabId, end, signal);
  } while (!(await quiet(tabId, end)) && Date.now() < end && !signal.aborted);
}

/**
 * @param {number} tabId
 * @param {number} end - as Date.now()
 * @param {AbortSignal} signal
 */
async function loaded(tabId, end, signal) {
  let blankSince = 0;
  while (!signal.aborted) {
    const { status, url } = await look(tabId);
    const isPage = /^https?:/.test(url ?? '');
    if (Date.now() >= end) {
      if (!isPage) {
        throw new HostError('timeout', 'the tab shows no page');
      }
      return;
    }
    if (status === 'complete' && isPage) {
      return;
    }
    if (status !== 'complete') {
      blankSince = 0;
    } else if (blankSince === 0) {
      blankSince = Date.now();
    } else if (Date.now() - blankSince >= BLANK_MS) {
      throw new HostError('tab_gone', 'the link leads to no page');
    }
    await sleep(LOOK_MS);
  }
}

/** @param {number} tabId */
async function look(tabId) {
  try {
    return await api.tabs.get(tabId);
  } catch {
    throw new HostError('tab_gone', 'the tab was closed');
  }
}

/**
 * @param {number} tabId
 * @param {number} end - as Date.now()
 * @returns {Promise<boolean>} false when the page has led on to another one
 */
async function quiet(tabId, end) {
  const controller = new AbortController();
  const waited = api.scripting
    .executeScript({ target: { tabId }, injectImmediately: true, files: ['/capture/quiet.js'] })
    .then(
      ([frame]) => typeof frame?.result === 'boolean',
      // Pages that let nobody in are the capture's to refuse.
      (error) => FORBIDDEN.test(String(error)),
    );
  const late = sleep(Math.max(0, end - Date.now())).then(() => true);
  const stays = await Promise.race([waited, left(tabId, controller.signal), late]);
  controller.abort();
  if (!stays) {
    await sleep(LED_ON_MS);
  }
  return stays;
}

/**
 * Browsers do not answer for scripts whose page was left while they ran.
 *
 * @param {number} tabId
 * @param {AbortSignal} signal - ends the watch
 * @returns {Promise<false>} when the tab is closed, or on its way to another page
 */
function left(tabId, signal) {
  return new Promise((resolve) => {
    /**
     * @param {number} id
     * @param {{ status?: string }} change
     */
    const updated = (id, { status }) => {
      if (id === tabId && status === 'loading') {
        resolve(false);
      }
    };
    /** @param {number} id */
    const removed = (id) => {
      if (id === tabId) {
        resolve(false);
      }
    };
    api.tabs.onUpdated.addListener(updated);
    api.tabs.onRemoved.addListener(removed);
    signal.addEventListener('abort', () => {
      api.tabs.onUpdated.removeListener(updated);
      api.tabs.onRemoved.removeListener(removed);
    });
  });
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<never>} rejects when it is stopped
 */
function aborted(signal) {
  return new Promise((_, reject) => {
    const stop = () => reject(new HostError('cancelled', 'the tab was stopped'));
    if (signal.aborted) {
      stop();
    }
    signal.addEventListener('abort', stop, { once: true });
  });
}
