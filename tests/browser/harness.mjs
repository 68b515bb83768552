/** What the tests of the capture share: a browser with the bridge, and pages of two sites. */
import assert from 'node:assert/strict';
import { startBrowser } from './browsers.mjs';
import { servePages } from './pages.mjs';

/**
 * @typedef {{ number: number, kind: string, url: string, base: string, doctype: string,
 *   media_type: string, data: string, last: boolean }} Item
 * @typedef {{ begin: any, faults: string[], methods: string[], items: Item[], ms: number,
 *   thumbnail: { media_type: string, data: string } | null, error: string | null }} Capture
 */

export class Harness {
  #visits = 0;

  /**
   * @param {import('./browsers.mjs').Browser} browser
   * @param {import('./browsers.mjs').BrowserPage} bridge
   * @param {import('./pages.mjs').Pages} pages
   */
  constructor(browser, bridge, pages) {
    this.browser = browser;
    this.bridge = bridge;
    this.pages = pages;
  }

  /**
   * @param {string} name - of the browser
   * @param {Parameters<typeof servePages>[0]} routes
   */
  static async start(name, routes) {
    const pages = await servePages(routes);
    const browser = await startBrowser(name, { bridge: true, host: null });
    const bridge = await browser.openExtensionPage('bridge/bridge.html');
    await bridge.waitFor(() => Reflect.has(globalThis, 'bridge'));
    return new Harness(browser, bridge, pages);
  }

  async stop() {
    await this.browser.stop();
    await this.pages.close();
  }

  /**
   * Opens a page in a tab whose address no other has.
   *
   * @param {string} path
   */
  open(path) {
    const url = new URL(path, this.pages.origin);
    url.searchParams.set('visit', String(++this.#visits));
    return this.browser.open(url.href);
  }

  /**
   * Captures the tab that shows a page, whatever comes of it.
   *
   * @param {import('./browsers.mjs').BrowserPage} page
   * @returns {Promise<Capture>}
   */
  tryCapture(page) {
    return this.bridge.evaluate(
      (url) => /** @type {any} */ (globalThis).bridge.capture(url),
      page.url(),
    );
  }

  /**
   * @param {import('./browsers.mjs').BrowserPage} page
   * @returns {Promise<Capture>} one that keeps the protocol and was committed
   */
  async capture(page) {
    const capture = await this.tryCapture(page);
    assert.equal(capture.error, null);
    assert.deepEqual(capture.faults, []);
    assert.deepEqual(capture.methods, ['capture.begin', 'capture.commit']);
    assert.ok(capture.items.every(({ last }) => last));
    return capture;
  }

  /**
   * Opens a page, runs a script in it and captures it.
   *
   * @param {string} path
   * @param {() => unknown} [script]
   */
  async visit(path, script = () => {}) {
    const page = await this.open(path);
    await page.evaluate(script);
    const capture = await this.capture(page);
    await page.close();
    return capture;
  }
}

/**
 * The elements of a captured document that match, read by the browser's own parser of XML.
 *
 * @param {Harness} harness
 * @param {string} xml
 * @param {string} selector - shadow roots and templates are children here
 * @returns {Promise<{ name: string, attributes: Record<string, string>, text: string }[]>}
 */
export function query(harness, xml, selector) {
  return harness.bridge.evaluate(
    (text, wanted) => {
      // Without the namespace, templates are no templates and selectors see into them.
      const plain = text.replaceAll(' xmlns="http://www.w3.org/1999/xhtml"', '');
      const document = new DOMParser().parseFromString(plain, 'application/xml');
      const error = document.querySelector('parsererror');
      if (error) {
        throw new Error(String(error.textContent));
      }
      return [...document.querySelectorAll(wanted)].map((element) => ({
        name: element.localName,
        attributes: Object.fromEntries(
          [...element.attributes].map((each) => [each.name, each.value]),
        ),
        text: element.textContent ?? '',
      }));
    },
    xml,
    selector,
  );
}
