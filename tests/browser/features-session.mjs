/** One browser with the extension, the host with a port of our own, and the feature sites. */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Port, programs } from '../host/port.mjs';
import { startSites } from '../site/features/server.mjs';
import { startBrowser } from './browsers.mjs';
import { Picture } from './picture.mjs';
import { Popup } from './popup.mjs';
import { GECKO_ID, ROOT, until } from './profile.mjs';

/** @typedef {import('./browsers.mjs').BrowserPage} BrowserPage */

export class Session {
  #folder;
  #port;
  /** What the popup said of the last save. */
  outcome = '';

  /**
   * @param {string} folder
   * @param {import('./browsers.mjs').Browser} browser
   * @param {import('../site/features/server.mjs').Sites} sites
   * @param {Port} port
   */
  constructor(folder, browser, sites, port) {
    this.#folder = folder;
    this.browser = browser;
    this.sites = sites;
    this.#port = port;
  }

  /**
   * @param {string} name - of the browser
   * @param {{ allSites?: boolean }} options
   */
  static async start(name, { allSites = false }) {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'linksnap-features-'));
    const sites = await startSites();
    const extension = path.join(ROOT, 'extension');
    const browser = await startBrowser(name, {
      host: path.join(programs, 'linksnap-host'),
      extension: allSites ? await allowed(extension, folder) : extension,
    });
    const port = new Port(folder, { LINKSNAP_DB: browser.store });
    const session = new Session(folder, browser, sites, port);
    try {
      if (allSites && name === 'firefox') {
        await /** @type {any} */ (browser).call('allowAllSites', GECKO_ID);
      }
      await port.hello();
    } catch (error) {
      await session.stop();
      throw error;
    }
    return session;
  }

  async stop() {
    await this.#port.close();
    await this.browser.stop();
    await this.sites.close();
    await fs.rm(this.#folder, { recursive: true, force: true });
  }

  /**
   * Saves what a tab shows with the toolbar button.
   *
   * @param {BrowserPage} page
   * @param {string} url
   * @param {{ settings?: Record<string, unknown>, limit?: number }} [options] - of the extension;
   *   milliseconds from the click on
   * @returns {Promise<any>} the host's word on the snapshot
   */
  async saveTab(page, url, { settings, limit = 15_000 } = {}) {
    const popup = await Popup.open(this.browser, page);
    try {
      if (settings) {
        await set(popup.page, settings);
      }
      await popup.page.click('#page-card .card-save');
      this.outcome = await until('the outcome', () => popup.page.evaluate(outcomeOf), limit);
    } finally {
      if (settings) {
        await set(popup.page, {});
      }
      await popup.close();
    }
    const { page: id } = await this.#port.request('pages.find', { url });
    if (id === null) {
      throw new Error(`not saved: ${this.outcome}`);
    }
    const { snapshot } = await this.#port.request('pages.get', { page: id });
    return this.#port.request('snapshots.get', { snapshot });
  }

  /**
   * Has the host fetch a page.
   *
   * @param {string} url
   * @returns {Promise<any>}
   */
  async saveLink(url) {
    const { snapshot } = await this.#port.request('links.save', { url, tags: [] });
    return this.#port.request('snapshots.get', { snapshot });
  }

  /**
   * @param {number} snapshot
   * @returns {Promise<string>} a file
   */
  async export(snapshot) {
    const file = path.join(this.#folder, `${snapshot}.html`);
    const parts = [];
    for (let offset = 0; offset !== null;) {
      const part = await this.#port.request('snapshots.read', { snapshot, offset });
      parts.push(part.data);
      offset = part.next;
    }
    await fs.writeFile(file, parts.join(''));
    return file;
  }

  /**
   * @param {BrowserPage} page
   * @returns {Promise<Picture>} of what is in view
   */
  async picture(page) {
    const file = path.join(this.#folder, 'picture.png');
    await page.screenshot(file);
    return new Picture(await fs.readFile(file));
  }
}

/** What the popup says of a save that has ended. */
function outcomeOf() {
  const strip = document.querySelector('#page-card .card-outcome .strip');
  return strip && document.querySelector('#results .row-title')
    ? /** @type {HTMLElement} */ (strip).innerText
    : '';
}

/**
 * The extension with the permission for all sites, which a person grants when they are asked.
 *
 * @param {string} extension
 * @param {string} folder
 */
async function allowed(extension, folder) {
  const copy = path.join(folder, 'extension');
  await fs.cp(extension, copy, { recursive: true });
  const file = path.join(copy, 'manifest.json');
  const manifest = JSON.parse(await fs.readFile(file, 'utf8'));
  manifest.host_permissions = ['<all_urls>'];
  await fs.writeFile(file, JSON.stringify(manifest));
  return copy;
}

/**
 * @param {BrowserPage} popup
 * @param {Record<string, unknown>} settings
 */
async function set(popup, settings) {
  await popup.evaluate(async (chosen) => {
    const scope = /** @type {any} */ (globalThis);
    await (scope.browser ?? scope.chrome).storage.local.set({ settings: chosen });
  }, settings);
}
