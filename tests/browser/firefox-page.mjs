/** One page in Firefox: a tab, the popup, a page of the extension. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { until } from './profile.mjs';

/** @typedef {import('./browsers.mjs').BrowserPage} BrowserPage */
/** @typedef {import('./firefox.mjs').Firefox} Firefox */

/** @implements {BrowserPage} */
export class FirefoxPage {
  #browser;
  #url;

  /**
   * @param {Firefox} browser
   * @param {number} id
   * @param {string} url
   */
  constructor(browser, id, url) {
    this.#browser = browser;
    this.id = id;
    this.#url = url;
  }

  url() {
    return this.#url;
  }

  /**
   * @template {unknown[]} A
   * @template R
   * @param {(...args: A) => R} script
   * @param {A} args
   * @returns {Promise<Awaited<R>>}
   */
  evaluate(script, ...args) {
    return this.evaluateInFrame([], script, ...args);
  }

  /**
   * @template {unknown[]} A
   * @template R
   * @param {string[]} path
   * @param {(...args: A) => R} script
   * @param {A} args
   * @returns {Promise<Awaited<R>>}
   */
  evaluateInFrame(path, script, ...args) {
    const source = `(async () => JSON.stringify((await (${script})(...${JSON.stringify(args)})) ?? null))()`;
    return this.#browser.call('ask', this.id, { action: 'run', path, source });
  }

  /**
   * @template {unknown[]} A
   * @template R
   * @param {(...args: A) => R} script
   * @param {A} args
   * @returns {Promise<NonNullable<Awaited<R>>>}
   */
  waitFor(script, ...args) {
    return /** @type {any} */ (until(String(script), () => this.evaluate(script, ...args)));
  }

  /**
   * Where an element is, once it stands still: what loads above it may move it.
   *
   * @param {string} selector
   * @returns {Promise<{ x: number, y: number, width: number, height: number }>}
   */
  box(selector) {
    let before = '';
    return until(`a box of ${selector}`, async () => {
      const box = await this.#browser.call('ask', this.id, { action: 'box', selector });
      const now = JSON.stringify(box);
      const still = now === before;
      before = now;
      return still && box.width > 0 && box.height > 0 ? box : null;
    });
  }

  /** @param {string} selector */
  async click(selector) {
    const { x, y, width, height } = await this.box(selector);
    const place = { x: x + width / 2, y: y + height / 2 };
    await this.#browser.call('ask', this.id, { action: 'click', ...place });
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  async type(selector, text) {
    await this.box(selector);
    await this.#browser.call('ask', this.id, { action: 'focus', selector });
    await this.#browser.call('ask', this.id, { action: 'type', text });
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  async paste(selector, text) {
    await this.box(selector);
    await this.#browser.call('copy', text);
    await this.#browser.call('ask', this.id, { action: 'focus', selector });
    await this.#browser.call('ask', this.id, { action: 'paste' });
  }

  /** @param {string} keys - a KeyboardEvent.key, after `Control+` or the like */
  async press(keys) {
    const [key, ...held] = keys.split(/\+(?=.)/).reverse();
    await this.#browser.call('ask', this.id, { action: 'press', key, held });
  }

  /** @param {string} file */
  async screenshot(file) {
    await fs.mkdir(path.dirname(file), { recursive: true });
    const url = await this.#browser.call('screenshot', this.id);
    await fs.writeFile(file, Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
  }

  async close() {
    await this.#browser.call('close', this.id);
  }
}
