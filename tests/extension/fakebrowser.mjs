/**
 * What the extension's modules need of a browser, in Node: import this before them.
 */
import { webcrypto } from 'node:crypto';

import { read } from './files.mjs';

/** @type {Record<string, { message: string }>} */
const words = JSON.parse(read('extension/_locales/en/messages.json'));

/** @type {Record<string, any>} */
const session = {};

/** @type {Record<string, string>} by `tab` */
const badges = {};

/** @type {(() => any) | undefined} */
let connect;

/** @type {any} */
const chrome = {
  runtime: {
    connectNative: () => connect?.(),
    getManifest: () => ({ version: '0.1.0' }),
    getURL: (/** @type {string} */ path) => `chrome-extension://id/${path}`,
  },
  i18n: {
    getMessage: (/** @type {string} */ key, /** @type {string[]} */ values = []) =>
      (words[key]?.message ?? '').replace(/\$(\d)/g, (_, n) => values[n - 1] ?? ''),
  },
  tabs: { query: async () => [] },
  permissions: { contains: async () => false },
  storage: {
    local: { get: async () => ({}) },
    session: {
      get: async () => structuredClone(session),
      set: async (/** @type {Record<string, any>} */ items) => {
        Object.assign(session, structuredClone(items));
      },
      remove: async (/** @type {string} */ key) => {
        delete session[key];
      },
    },
    onChanged: { addListener: () => {} },
  },
  action: {
    setBadgeText: async (/** @type {{ tabId?: number, text: string }} */ { tabId, text }) => {
      badges[String(tabId)] = text;
    },
    setBadgeBackgroundColor: async () => {},
    setBadgeTextColor: async () => {},
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

export { badges, session };

/** @param {() => any} make - the port of the next connections */
export function setPort(make) {
  connect = make;
}
