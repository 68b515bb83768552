/**
 * The extension's pages in a headless browser, over a stub of its API: each test says what the library
 * and the host are like. The whole extension in real browsers is the matter of tests/browser.
 */
import { createReadStream, readFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { extname } from 'node:path';

import puppeteer from 'puppeteer-core';

import { read, root } from './files.mjs';
import { installFinding } from './ui-stub-find.mjs';
import { installKeeping } from './ui-stub-keeping.mjs';
import { installReading } from './ui-stub-reading.mjs';
import { installThumbs } from './ui-stub-thumbs.mjs';
import { installVersions } from './ui-stub-versions.mjs';
import { install } from './ui-stub.mjs';

/** @typedef {import('./ui-stub.mjs').Scene} Scene */
/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const WORDS = Object.fromEntries(
  ['en', 'zh_CN'].map((locale) => [
    locale,
    JSON.parse(read(`extension/_locales/${locale}/messages.json`)),
  ]),
);

/**
 * A saved page.
 *
 * @param {number} page
 * @param {object} [more]
 */
export function saved(page, more = {}) {
  const when = Date.now() - page * 3_600_000;
  return {
    page,
    url: `https://example.com/${page}`,
    site: 'example.com',
    title: `Page ${page}`,
    note: '',
    tags: [],
    created: when,
    saved: when,
    trashed: 0,
    versions: 1,
    snapshot: page * 100,
    state: 'complete',
    assets: 43,
    failed: 0,
    bytes: 1_843_021,
    lang: 'en',
    description: '',
    icon: '',
    ...more,
  };
}

export const TAB = { id: 5, url: 'https://example.org/new', title: 'A new page' };

/**
 * A person's click meets what stands there now: when a list is drawn anew between finding an element
 * and pressing it, the new one is pressed.
 *
 * @param {Tab} tab
 */
function clickWhatStands(tab) {
  const click = tab.click.bind(tab);
  tab.click = async (selector, options) => {
    for (let left = 5; ; left--) {
      try {
        return await click(selector, options);
      } catch (error) {
        if (left === 0 || !/detached/.test(String(error))) {
          throw error;
        }
      }
    }
  };
}

/** A browser and the extension's files on a loopback server. */
export async function openBrowser() {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = createReadStream(new URL(`extension${pathname}`, root));
    file.on('error', () => response.writeHead(404).end());
    file.on('open', () => {
      response.writeHead(200, { 'content-type': TYPES[extname(pathname)] ?? 'text/plain' });
      file.pipe(response);
    });
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const browser = await puppeteer.launch({
    executablePath: CHROMIUM,
    headless: true,
    pipe: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      // Headless has no mouse unless it is said so.
      '--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4',
    ],
  });

  /**
   * @param {string} path - inside extension/
   * @param {Scene} scene
   * @param {{ locale?: string, dark?: boolean, width?: number, height?: number }} [look]
   */
  async function open(path, scene, look = {}) {
    const { locale = 'en', dark = false, width = 400, height = 584 } = look;
    const tab = await browser.newPage();
    clickWhatStands(tab);
    const faults = /** @type {string[]} */ ([]);
    tab.on('pageerror', (error) => faults.push(String(error)));
    const requests = /** @type {string[]} */ ([]);
    tab.on('request', (request) => requests.push(request.url()));
    await tab.setViewport({ width, height });
    await tab.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    for (const each of [
      installFinding,
      installThumbs,
      installReading,
      installVersions,
      installKeeping,
    ]) {
      await tab.evaluateOnNewDocument(each, scene);
    }
    await tab.evaluateOnNewDocument(install, { words: WORDS[locale], tab: TAB, ...scene });
    await tab.goto(`http://127.0.0.1:${port}/${path}`, { waitUntil: 'load' });
    await sleep(150);
    return { tab, faults, requests, origin: `http://127.0.0.1:${port}` };
  }

  return {
    open,
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * What axe-core finds wrong, as lines.
 *
 * @param {Tab} tab
 * @returns {Promise<string[]>}
 */
export async function violations(tab) {
  await tab.evaluate(AXE);
  return tab.evaluate(async () => {
    const found = await /** @type {any} */ (globalThis).axe.run({ iframes: false });
    return found.violations.flatMap((/** @type {any} */ { id, nodes }) =>
      nodes.map((/** @type {any} */ { html }) => `${id}: ${html}`),
    );
  });
}

/**
 * @param {Tab} tab
 * @param {string} selector
 * @returns {Promise<string[]>} texts of what is shown
 */
export function texts(tab, selector) {
  return tab.$$eval(selector, (found) =>
    found.filter((one) => one.checkVisibility()).map((one) => (one.textContent ?? '').trim()),
  );
}

/**
 * @param {Tab} tab
 * @param {string} method
 * @returns {Promise<any[]>} the params with which the page has asked the host for it, so far
 */
export async function asked(tab, method) {
  const { requests } = await tab.evaluate(() => /** @type {any} */ (globalThis).seen);
  return requests
    .filter((/** @type {any} */ one) => one.method === method)
    .map((/** @type {any} */ { params }) => params);
}

/**
 * Pastes a text into a field, as a person does: what the page leaves to the browser goes into it.
 *
 * @param {Tab} tab
 * @param {string} selector
 * @param {string} text
 */
export async function paste(tab, selector, text) {
  await tab.focus(selector);
  await tab.$eval(
    selector,
    (field, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      const more = { clipboardData, bubbles: true, cancelable: true };
      if (field.dispatchEvent(new ClipboardEvent('paste', more))) {
        /** @type {HTMLInputElement} */ (field).value = pasted;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }
    },
    text,
  );
}

/** @param {number} ms */
export function sleep(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/**
 * Waits until something is so; a test that waits in vain says for what.
 *
 * @param {() => Promise<boolean> | boolean} so
 * @param {string} what
 */
export async function until(so, what) {
  for (let i = 0; i < 100; i++) {
    if (await so()) {
      return;
    }
    await sleep(30);
  }
  throw new Error(`never: ${what}`);
}
