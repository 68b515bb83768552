/** The alarm in Chromium: in every document of one tab, whatever frame it is in. */
import { startBrowser } from './browsers.mjs';
import { LIMIT } from './chromium-page.mjs';
import { ALARMS } from './inert-inpage.mjs';

/**
 * @param {string[]} names
 * @param {string} report - name of the function that hears of a call
 */
function hook(names, report) {
  for (const name of names) {
    Reflect.set(window, name, (/** @type {unknown} */ value) => {
      Reflect.get(window, report)(`${name}(${value}) in ${location.href.slice(0, 120)}`);
    });
  }
}

export class ChromiumAlarm {
  /** @type {string[]} */
  #calls = [];

  /**
   * @param {any} browser - Chromium
   * @param {any} page - ChromiumPage
   */
  constructor(browser, page) {
    this.browser = browser;
    this.page = page;
  }

  /** @param {import('./profile.mjs').BrowserOptions} options */
  static async start(options) {
    const browser = await startBrowser('chromium', options);
    const page = await browser.open('about:blank');
    const self = new ChromiumAlarm(browser, page);
    await self.#watch(/** @type {any} */ (page).raw);
    return self;
  }

  /** @param {import('puppeteer-core').Page} raw */
  async #watch(raw) {
    await raw.exposeFunction('inertReport', (/** @type {string} */ text) => this.#calls.push(text));
    await raw.evaluateOnNewDocument(hook, ALARMS, 'inertReport');
    raw.on('dialog', (dialog) => {
      this.#calls.push(`dialog ${dialog.message()}`);
      dialog.dismiss().catch(() => {});
    });
  }

  /** @param {string} url */
  async go(url) {
    await this.page.raw.bringToFront();
    await this.page.raw.goto(url, { waitUntil: 'load', timeout: LIMIT });
  }

  /**
   * Runs a function in every frame below the tab's own page, but for the extension's.
   *
   * @template {unknown[]} A
   * @template R
   * @param {(...args: A) => R} script
   * @param {A} args
   * @returns {Promise<{ url: string, value: R }[]>}
   */
  async inFrames(script, ...args) {
    const frames = /** @type {import('puppeteer-core').Frame[]} */ (this.page.raw.frames()).slice(
      1,
    );
    const pages = frames.filter((frame) => !frame.url().startsWith(this.browser.origin));
    const all = pages.map(async (frame) => {
      try {
        const value = await frame.evaluate(/** @type {any} */ (script), ...args);
        return [{ url: frame.url(), value: /** @type {R} */ (value) }];
      } catch {
        return []; // gone meanwhile
      }
    });
    return (await Promise.all(all)).flat();
  }

  /** How many tabs there are. */
  async tabs() {
    const targets = /** @type {import('puppeteer-core').Page} */ (this.page.raw)
      .browser()
      .targets();
    return targets.filter((each) => each.type() === 'page').length;
  }

  /** Calls since the last time. */
  async take() {
    return this.#calls.splice(0);
  }

  stop() {
    return this.browser.stop();
  }
}
