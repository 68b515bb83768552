/**
 * What the extension's modules need of a browser, in Node: import this before them.
 */
import { webcrypto } from 'node:crypto';

import { read } from './files.mjs';

/** @type {Record<string, { message: string }>} */
const words = JSON.parse(read('extension/_locales/en/messages.json'));

/** @type {Record<string, any>} */
const session = {};

/** @type {Record<string, any>} */
const local = {};

/** Texts by `tab`, and the one of no tab by `all`. @type {Record<string, string | null>} */
const badges = {};

/** @type {Record<string, string>} by `tab` */
const titles = {};

/** Permissions and origins that the person has given. @type {Set<string>} */
const given = new Set();

/** @type {(() => any) | undefined} */
let connect;

/** An event of the browser. Like a real one it calls a listener once, however often it was added. */
export function event() {
  /** @type {Set<(...args: any[]) => any>} */
  const listeners = new Set();
  return {
    addListener: (/** @type {any} */ listener) => listeners.add(listener),
    removeListener: (/** @type {any} */ listener) => listeners.delete(listener),
    hasListeners: () => listeners.size > 0,
    fire: (/** @type {any[]} */ ...args) => [...listeners].map((listener) => listener(...args)),
  };
}

const onChanged = event();

/**
 * @param {Record<string, any>} items
 * @param {string} area
 */
function storage(items, area) {
  return {
    get: async (/** @type {string | null} */ key) =>
      structuredClone(key === null ? items : { [key]: items[key] }),
    set: async (/** @type {Record<string, any>} */ changes) => {
      Object.assign(items, structuredClone(changes));
      const news = Object.entries(changes).map(([key, newValue]) => [key, { newValue }]);
      onChanged.fire(structuredClone(Object.fromEntries(news)), area);
    },
    remove: async (/** @type {string} */ key) => {
      delete items[key];
    },
  };
}

/** @param {{ permissions?: string[], origins?: string[] }} wanted */
const list = ({ permissions = [], origins = [] }) => [...permissions, ...origins];

/** @type {any} */
const chrome = {
  runtime: {
    connectNative: () => connect?.(),
    getManifest: () => ({ version: '0.1.0' }),
    getURL: (/** @type {string} */ path) => `chrome-extension://id/${path}`,
    onConnect: event(),
    onInstalled: event(),
    onMessage: event(),
    onStartup: event(),
  },
  i18n: {
    getMessage: (/** @type {string} */ key, /** @type {string[]} */ values = []) =>
      (words[key]?.message ?? '').replace(/\$(\d)/g, (_, n) => values[n - 1] ?? ''),
  },
  contextMenus: {
    entries: /** @type {any[]} */ ([]),
    removeAll: async () => {
      chrome.contextMenus.entries.length = 0;
    },
    update: async (/** @type {string} */ id, /** @type {object} */ changes) => {
      const entry = chrome.contextMenus.entries.find((/** @type {any} */ each) => each.id === id);
      if (!entry) {
        throw new Error(`Cannot find menu item with id ${id}`);
      }
      Object.assign(entry, changes);
    },
    create: (/** @type {any} */ entry) => chrome.contextMenus.entries.push(entry),
    onClicked: event(),
  },
  omnibox: {
    line: '',
    setDefaultSuggestion: (/** @type {{ description: string }} */ { description }) => {
      chrome.omnibox.line = description;
    },
    onInputChanged: event(),
    onInputEntered: event(),
  },
  commands: { onCommand: event() },
  tabs: { query: async () => [], onActivated: event(), onUpdated: event() },
  permissions: {
    contains: async (/** @type {any} */ wanted) => list(wanted).every((each) => given.has(each)),
    request: async (/** @type {any} */ wanted) => {
      list(wanted).forEach((each) => given.add(each));
      chrome.permissions.onAdded.fire(wanted);
      return true;
    },
    remove: async (/** @type {any} */ wanted) => {
      list(wanted).forEach((each) => given.delete(each));
      chrome.permissions.onRemoved.fire(wanted);
      return true;
    },
    onAdded: event(),
    onRemoved: event(),
  },
  storage: {
    local: storage(local, 'local'),
    session: storage(session, 'session'),
    onChanged,
  },
  action: {
    setBadgeText: async (/** @type {{ tabId?: number, text: string | null }} */ details) => {
      const { tabId = 'all', text } = details;
      badges[tabId] = text;
    },
    // Without one of its own a tab shows the one of no tab.
    getBadgeText: async (/** @type {{ tabId: number }} */ { tabId }) =>
      badges[tabId] ?? badges.all ?? '',
    setBadgeBackgroundColor: async () => {},
    setBadgeTextColor: async () => {},
    setTitle: async (/** @type {{ tabId?: number, title: string }} */ details) => {
      const { tabId = 'all', title } = details;
      titles[tabId] = title;
    },
  },
};

Object.assign(globalThis, { chrome });
// Node 18 has these only on request.
if (!globalThis.crypto) {
  Object.assign(globalThis, { crypto: webcrypto });
}
if (!globalThis.navigator) {
  Object.assign(globalThis, { navigator: { userAgent: 'Test/1', languages: ['en'] } });
}

// The badge is cleared after a while; no test waits for it.
const { setTimeout: realTimeout } = globalThis;
Object.assign(globalThis, {
  setTimeout: (/** @type {() => void} */ run, /** @type {number} */ ms) =>
    realTimeout(run, ms).unref(),
});

export { badges, chrome, given, local, session, titles };

/** @param {() => any} make - the port of the next connections */
export function setPort(make) {
  connect = make;
}

/** Empties what the browser keeps. */
export function forgetAll() {
  for (const kept of [session, local, badges, titles]) {
    for (const key of Object.keys(kept)) {
      delete kept[key];
    }
  }
  given.clear();
}
