/** The two tools that are compared, each as its user has it. */
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import puppeteer from 'puppeteer-core';
import { startBrowser } from '../browser/browsers.mjs';
import { Popup } from '../browser/popup.mjs';
import { ROOT, until } from '../browser/profile.mjs';
import { FLAGS, VIEWPORT, shoot } from './fidelity-shots.mjs';

const run = promisify(execFile);

const LINKSNAP = path.join(ROOT, 'build/plain/linksnap');
const SINGLE_FILE = path.join(ROOT, 'tests/node_modules/single-file-cli/single-file-node.js');
const LIMIT = 60_000;

/** What headless Chromium's window is higher than the page in it. */
const FRAME_HEIGHT = 87;

/**
 * @typedef {object} Saved
 * @property {number | null} ms - from the loaded page to what is saved
 * @property {number} [exportMs] - Linksnap keeps the page in its store; to write it as a file
 * @property {string} [note]
 */

/** Chromium with the extension and the host, in which the pages are also looked at. */
export class Live {
  /** @param {any} browser */
  constructor(browser) {
    this.browser = browser;
  }

  static async start() {
    return new Live(await startBrowser('chromium'));
  }

  /**
   * @param {string} url
   * @param {string} ready
   */
  async #open(url, ready) {
    const page = await this.browser.open('about:blank');
    /** @type {import('puppeteer-core').Page} */
    const raw = page.raw;
    await raw.setViewport(VIEWPORT);
    await raw.goto(url, { waitUntil: 'load', timeout: LIMIT });
    await raw.waitForNetworkIdle({ idleTime: 300, timeout: LIMIT / 4 }).catch(() => {});
    await until(`the page to be ready: ${ready}`, () => raw.evaluate(ready));
    return page;
  }

  /**
   * @param {string} url
   * @param {string} ready
   */
  async reference(url, ready) {
    const page = await this.#open(url, ready);
    try {
      return await shoot(page.raw);
    } finally {
      await page.close();
    }
  }

  /**
   * Saves a page by the toolbar button, and writes the snapshot out by the command line.
   *
   * @param {string} url
   * @param {string} ready
   * @param {string} file
   * @returns {Promise<Saved>}
   */
  async save(url, ready, file) {
    const page = await this.#open(url, ready);
    try {
      const popup = await Popup.open(this.browser, page);
      await popup.page.evaluate(watchSave);
      const outcome = await popup.save();
      const ms = await popup.page.evaluate(() => Reflect.get(globalThis, 'saveTime'));
      await popup.close();
      const snapshot = await this.#newest(await page.evaluate(() => location.href));
      const started = performance.now();
      await run(LINKSNAP, ['--db', this.browser.store, 'show', '-o', file, String(snapshot)]);
      return { ms, exportMs: performance.now() - started, note: outcome.replaceAll(/\s+/g, ' ') };
    } finally {
      await page.close();
    }
  }

  /** @param {string} url */
  async #newest(url) {
    const { stdout } = await run(LINKSNAP, ['--db', this.browser.store, '--json', 'list']);
    for (const line of stdout.split('\n').filter(Boolean)) {
      const entry = JSON.parse(line);
      if (entry.url === url) {
        return entry.snapshot;
      }
    }
    throw new Error('The page is not in the store');
  }

  stop() {
    return this.browser.stop();
  }
}

/** Runs in the popup: the time from the click to the word that the page is saved. */
function watchSave() {
  let clicked = 0;
  document.addEventListener(
    'click',
    ({ target }) => {
      if (target instanceof Element && target.closest('#page-card .card-save')) {
        clicked = performance.now();
      }
    },
    { capture: true },
  );
  const observer = new MutationObserver(() => {
    if (clicked && document.querySelector('#page-card .card-outcome .strip')) {
      Reflect.set(globalThis, 'saveTime', performance.now() - clicked);
      observer.disconnect();
    }
  });
  observer.observe(document, { childList: true, subtree: true });
}

/**
 * SingleFile's command line, in a Chromium that is up already. So its time can be taken from the
 * page's load event, which we see in the same browser, to the moment at which the file was written:
 * neither the start of a browser nor that of node is in it, nor the end of the process.
 */
export class SingleFile {
  #browser;
  /** When the last page had loaded. */
  #loaded = 0;

  /** @param {import('puppeteer-core').Browser} browser */
  constructor(browser) {
    this.#browser = browser;
    browser.on('targetcreated', (target) => {
      if (target.type() === 'page') {
        this.#watch(target).catch(() => {});
      }
    });
  }

  static async start() {
    await fs.access(SINGLE_FILE);
    const browser = await puppeteer.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      headless: true,
      defaultViewport: null,
      args: [
        ...FLAGS,
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
        '--remote-debugging-port=0',
        `--window-size=${VIEWPORT.width},${VIEWPORT.height + FRAME_HEIGHT}`,
      ],
    });
    return new SingleFile(browser);
  }

  /** @param {import('puppeteer-core').Target} target */
  async #watch(target) {
    const session = await target.createCDPSession();
    session.on('Page.loadEventFired', () => {
      this.#loaded = Date.now();
    });
    await session.send('Page.enable');
  }

  /**
   * @param {string} url
   * @param {string} file
   * @param {boolean} waits - those that it is shipped with, or none
   * @returns {Promise<Saved>}
   */
  async save(url, file, waits) {
    this.#loaded = 0;
    await fs.rm(file, { force: true });
    const { host } = new URL(this.#browser.wsEndpoint());
    const none = [
      '--browser-wait-until=load',
      '--browser-wait-until-delay=0',
      '--load-deferred-images=false',
    ];
    const options = [`--browser-server=http://${host}`, ...(waits ? [] : none)];
    const { stderr } = await run(process.execPath, [SINGLE_FILE, url, file, ...options], {
      timeout: LIMIT,
    });
    const { mtimeMs } = await fs.stat(file).catch(() => {
      throw new Error(`SingleFile wrote no file: ${stderr.trim().slice(0, 200)}`);
    });
    const isTimed = !waits && this.#loaded > 0;
    return { ms: isTimed ? mtimeMs - this.#loaded : null, note: waits ? 'as shipped' : 'no waits' };
  }

  stop() {
    return this.#browser.close();
  }
}
