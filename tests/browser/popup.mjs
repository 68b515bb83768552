/** The popup, as a person uses it. Shared by the tests and the demo. */

import { until } from './profile.mjs';

/** @typedef {import('./browsers.mjs').Browser} Browser */
/** @typedef {import('./browsers.mjs').BrowserPage} BrowserPage */

/** The way from the viewer's page to the snapshot in it. */
export const SNAPSHOT = ['#page iframe', 'iframe'];

export class Popup {
  #browser;

  /**
   * @param {Browser} browser
   * @param {BrowserPage} page
   */
  constructor(browser, page) {
    this.#browser = browser;
    this.page = page;
  }

  /**
   * @param {Browser} browser
   * @param {BrowserPage} page - the tab in front
   */
  static async open(browser, page) {
    const popup = await browser.clickToolbarButton(page);
    await popup.waitFor(() => document.querySelector('main.stopped, #count')?.textContent);
    return new Popup(browser, popup);
  }

  /** @param {string} tag */
  async addTag(tag) {
    const input = '#page-card .tag-input input';
    await this.page.type(input, tag);
    await this.page.press('Enter');
    await this.page.waitFor(
      (text) =>
        [...document.querySelectorAll('#page-card .chip')].some(
          ({ textContent }) => textContent === text,
        ),
      tag,
    );
  }

  /** Saves the page in the tab; resolves with what the popup says of it. */
  async save() {
    await this.page.click('#page-card .card-save');
    return this.outcome('#page-card');
  }

  /** @param {string} card */
  outcome(card) {
    return this.page.waitFor((selector) => {
      const strip = document.querySelector(`${selector} .card-outcome .strip`);
      const list = [...document.querySelectorAll('#results .row-title')];
      return strip && list.length > 0 ? /** @type {HTMLElement} */ (strip).innerText : '';
    }, card);
  }

  /**
   * Types a search in place of the one before.
   *
   * @param {string} query
   * @returns {Promise<{ titles: string[], snippets: string[], hits: string[] }>} what was found
   */
  async search(query) {
    if (await this.page.evaluate(() => !document.querySelector('#clear')?.hasAttribute('hidden'))) {
      await this.page.click('#clear');
    }
    await this.page.type('#query', query);
    return this.#settled();
  }

  /** The list, once it has been the same for a while. */
  async #settled() {
    let before = '';
    for (let same = 0; same < 5;) {
      await new Promise((resolve) => {
        setTimeout(resolve, 60);
      });
      const now = await this.page.evaluate(() => {
        /** @param {string} selector */
        const texts = (selector) =>
          [...document.querySelectorAll(`#results ${selector}`)].map(
            (each) => each.textContent ?? '',
          );
        return JSON.stringify({
          titles: texts('.row-title'),
          snippets: texts('.snippet'),
          hits: texts('mark'),
        });
      });
      same = now === before ? same + 1 : 0;
      before = now;
    }
    return JSON.parse(before);
  }

  /**
   * Pastes a text with links; resolves with what the popup says of them.
   *
   * @param {string} text
   * @returns {Promise<{ summary: string, refused: string[], button: string }>}
   */
  async paste(text) {
    await this.page.paste('#query', text);
    return this.page.waitFor(() => {
      const texts = (/** @type {string} */ selector) =>
        [...document.querySelectorAll(`#link-card .choice:not([hidden]) ${selector}`)].map(
          (each) => /** @type {HTMLElement} */ (each).innerText,
        );
      const [summary] = texts('.found-summary');
      const button = String(document.querySelector('#link-card .links .primary')?.textContent);
      return summary ? { summary, refused: texts('.found .refused'), button } : null;
    });
  }

  /** What the popup says of the queue; empty when it shows none. */
  queue() {
    return this.page.evaluate(() => {
      const queue = document.querySelector('#queue .queue');
      const words = /** @type {HTMLElement | null} */ (queue?.querySelector('.queue-words'));
      return queue?.hasAttribute('hidden') ? '' : (words?.innerText ?? '');
    });
  }

  /**
   * Opens the first result.
   *
   * @returns {Promise<BrowserPage>} the viewer
   */
  async openFirst() {
    await this.page.click('#results .row-title');
    const viewer = await this.#browser.waitForPage((url) => url.includes('/viewer/viewer.html'));
    await until('the snapshot', () =>
      viewer.evaluateInFrame(
        SNAPSHOT,
        () =>
          document.readyState === 'complete' &&
          document.title !== '' &&
          document.fonts.ready.then(() => true),
      ),
    );
    return viewer;
  }

  close() {
    return this.page.close();
  }
}
