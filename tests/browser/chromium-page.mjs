/** One page in Chromium: a tab, the popup, a page of the extension. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { until } from './profile.mjs';

/** @typedef {import('./browsers.mjs').BrowserPage} BrowserPage */

/** How long a page is waited for, in milliseconds. */
export const LIMIT = 15_000;

/** @implements {BrowserPage} */
export class ChromiumPage {
  /** @param {import('puppeteer-core').Page} raw */
  constructor(raw) {
    this.raw = raw;
  }

  url() {
    return this.raw.url();
  }

  /**
   * @template {unknown[]} A
   * @template R
   * @param {(...args: A) => R} script
   * @param {A} args
   * @returns {Promise<Awaited<R>>}
   */
  evaluate(script, ...args) {
    return /** @type {Promise<any>} */ (this.raw.evaluate(/** @type {any} */ (script), ...args));
  }

  /**
   * The same inside a frame.
   *
   * @template {unknown[]} A
   * @template R
   * @param {string[]} path - a selector for the frame's element in each document on the way
   * @param {(...args: A) => R} script
   * @param {A} args
   * @returns {Promise<Awaited<R>>}
   */
  async evaluateInFrame(path, script, ...args) {
    let frame = this.raw.mainFrame();
    for (const selector of path) {
      const element = await frame.waitForSelector(selector, { timeout: LIMIT });
      const inner = await element?.contentFrame();
      if (!inner) {
        throw new Error(`No frame at ${selector}`);
      }
      frame = inner;
    }
    return /** @type {Promise<any>} */ (frame.evaluate(/** @type {any} */ (script), ...args));
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

  /** @param {string} selector */
  async click(selector) {
    await this.raw.locator(selector).setTimeout(LIMIT).click();
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  async type(selector, text) {
    await this.raw.waitForSelector(selector, { timeout: LIMIT });
    await this.raw.focus(selector);
    await this.raw.keyboard.sendCharacter(text);
  }

  /**
   * What a page is told of a paste; the clipboard itself is for pages in front alone.
   *
   * @param {string} selector
   * @param {string} text
   */
  async paste(selector, text) {
    await this.raw.waitForSelector(selector, { timeout: LIMIT });
    await this.raw.focus(selector);
    await this.raw.evaluate((pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      const event = { clipboardData, bubbles: true, cancelable: true };
      document.activeElement?.dispatchEvent(new ClipboardEvent('paste', event));
    }, text);
  }

  /** @param {string} keys - a KeyboardEvent.key, after `Control+` or the like */
  async press(keys) {
    const [key, ...held] = /** @type {any[]} */ (keys.split(/\+(?=.)/).reverse());
    for (const modifier of held) {
      await this.raw.keyboard.down(modifier);
    }
    await this.raw.keyboard.press(key);
    for (const modifier of held) {
      await this.raw.keyboard.up(modifier);
    }
  }

  /** @param {string} file */
  async screenshot(file) {
    await fs.mkdir(path.dirname(file), { recursive: true });
    await this.raw.screenshot({ path: /** @type {`${string}.png`} */ (file) });
  }

  async close() {
    await this.raw.close();
  }
}
