/**
 * Tabs of the fake browser, with pages in them that the extension's walkers can read. Each test says
 * what its addresses lead to.
 *
 * @typedef {object} FakePage
 * @property {boolean} [loads] - false: it never comes
 * @property {boolean} [download] - it is no page
 * @property {string} [refuses] - what the browser says when a script is to run in it
 * @property {string} [leadsTo] - where it goes while it is waited for
 * @property {boolean} [quiet] - false: it gives no rest
 * @property {string} [shows] - the address that the tab has in the end
 * @property {any} [selected] - what is selected in it
 * @property {any} [framed] - and in a frame of it
 */
import { chrome, event } from './fakebrowser.mjs';

/** @type {Map<number, any>} */
export const tabs = new Map();

/** What happened to tabs, in order. @type {string[]} */
export const events = [];

/** @type {Record<string, FakePage>} by address */
export const pages = {};

/** @type {any[]} */
export const windows = [];

let nextId = 100;

/** @param {number} id */
function tabOf(id) {
  const tab = tabs.get(id);
  if (!tab) {
    throw new Error(`No tab with id: ${id}.`);
  }
  return tab;
}

/**
 * @param {any} tab
 * @param {string} url
 */
function go(tab, url) {
  const page = pages[url] ?? {};
  Object.assign(tab, { url: '', status: 'loading', page });
  queueMicrotask(() => chrome.tabs.onUpdated.fire(tab.id, { status: 'loading' }));
  queueMicrotask(() => {
    if (page.loads !== false) {
      const end = page.download ? 'about:blank' : (page.shows ?? url);
      Object.assign(tab, { status: 'complete', url: end });
    }
  });
}

/** What a walker answers: a page with one paragraph. @param {any} tab */
function connectWalker(tab) {
  const onMessage = event();
  const onDisconnect = event();
  let parts = 0;
  /** @type {Record<string, () => any>} */
  const answers = {
    isLazy: () => false,
    walk: () => ({
      url: tab.url,
      base: tab.url,
      type: 'text/html',
      doctype: '<!DOCTYPE html>',
      flattened: 0,
      fonts: { used: [], unused: [] },
      shots: 0,
      frames: [],
    }),
    send: () => ({}),
    next: () => (parts++ === 0 ? { data: '<html/>', last: true } : null),
    missed: () => 0,
  };
  chrome.runtime.onConnect.fire({
    name: 'capture',
    sender: { tab: { id: tab.id }, frameId: 0, url: tab.url },
    onMessage,
    onDisconnect,
    disconnect() {},
    postMessage: (/** @type {any} */ { ask }) => {
      queueMicrotask(() => onMessage.fire({ answer: answers[ask]() }));
    },
  });
}

Object.assign(chrome.tabs, {
  onRemoved: event(),
  create: async (/** @type {any} */ { url, active = true, windowId }) => {
    const tab = { id: nextId++, url: '', active, windowId, incognito: false };
    tabs.set(tab.id, tab);
    events.push(`open ${url}${active ? ' in front' : ''}`);
    go(tab, url);
    return { ...tab };
  },
  get: async (/** @type {number} */ id) => ({ ...tabOf(id) }),
  update: async (/** @type {any} */ id, /** @type {any} */ changes) => {
    if (typeof id === 'object') {
      events.push(`go to ${id.url}`);
    } else {
      Object.assign(tabOf(id), changes);
    }
  },
  remove: async (/** @type {number} */ id) => {
    tabOf(id);
    tabs.delete(id);
    chrome.tabs.onRemoved.fire(id);
    events.push(`close ${id}`);
  },
  query: async (/** @type {any} */ { active, url = '*' }) =>
    [...tabs.values()].filter(
      (tab) =>
        (active === undefined || tab.active === active) && tab.url.startsWith(url.slice(0, -1)),
    ),
});

chrome.windows = { getAll: async () => windows };

chrome.scripting = {
  executeScript: async (/** @type {any} */ { target: { tabId }, files }) => {
    const tab = tabOf(tabId);
    const { page } = tab;
    if (page.refuses) {
      throw new Error(page.refuses);
    }
    if (files[0] === '/capture/selected.js') {
      return [page.selected, page.framed, null].map((result) => ({ result: result ?? null }));
    }
    if (files[0] === '/capture/quiet.js') {
      events.push('wait');
      if (page.leadsTo) {
        go(tab, page.leadsTo);
      }
      if (page.leadsTo || page.quiet === false) {
        return new Promise(() => {}); // as browsers do
      }
      return [{ result: true }];
    }
    events.push('read');
    connectWalker(tab);
    return [{ result: null }];
  },
};

/** A window without tabs, pages as they are elsewhere. */
export function resetTabs() {
  tabs.clear();
  events.length = 0;
  Object.keys(pages).forEach((key) => delete pages[key]);
  windows.splice(0, windows.length, { id: 1, focused: true, incognito: false });
}

/**
 * A tab that the person has opened.
 *
 * @param {string} url
 * @param {object} [more]
 * @returns {number}
 */
export function openTab(url, more = {}) {
  const id = nextId++;
  const page = pages[url] ?? {};
  tabs.set(id, { id, url, status: 'complete', active: true, incognito: false, page, ...more });
  return id;
}
