/** One queue, and two browsers at work on it at the same time. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { programs } from '../host/port.mjs';
import { BROWSERS, startBrowser } from './browsers.mjs';
import { startLinksSite } from './links-site.mjs';
import { Popup } from './popup.mjs';
import { until } from './profile.mjs';

const HOST = path.join(programs, 'linksnap-host');

describe('two browsers with one queue', { timeout: 90_000, skip: BROWSERS.length < 2 }, () => {
  it('save each link once', async () => {
    const site = await startLinksSite();
    /** @type {import('./browsers.mjs').Browser[]} */
    const browsers = [];
    try {
      const [first, second] = BROWSERS;
      browsers.push(await startBrowser(first, { host: HOST }));
      browsers.push(await startBrowser(second, { host: HOST, store: browsers[0].store }));
      /** @type {import('./browsers.mjs').BrowserPage[]} */
      const pages = [];
      for (const browser of browsers) {
        pages.push(await browser.openExtensionPage('options/options.html'));
      }
      const states = () =>
        Promise.all(
          pages.map((page) =>
            page.evaluate(async () => {
              const { storage } = /** @type {any} */ (globalThis).chrome;
              return (await storage.session.get('queue')).queue ?? {};
            }),
          ),
        );
      const paths = Array.from({ length: 20 }, (_, i) => `/many/${i}`);
      site.hold(/^\/many/);
      const popup = await Popup.open(browsers[0], await browsers[0].open(`${site.origin}/list`));
      await popup.paste(paths.map((each) => site.origin + each).join('\n'));
      await popup.page.click('#link-card .links .primary');
      await until('the first pages', () => site.requests.some((each) => each.startsWith('/many')));
      await popup.close();
      // The other browser sees what is open when somebody looks.
      const other = await Popup.open(browsers[1], await browsers[1].open(`${site.origin}/page`));
      await until('both to be at work', async () =>
        (await states()).every(({ running, open }) => running && open === 20),
      );
      const asked = () => site.requests.filter((each) => each.startsWith('/many'));
      assert.equal(asked().length, 2); // at most so many of one site at once, by all of them
      site.hold(null);
      await until('the end', async () =>
        (await states()).every(({ running, open }) => !running && open === 0),
      );
      assert.deepEqual(asked().sort(), paths.sort());
      await until('all of them in the list', async () =>
        other.page.evaluate(() => document.querySelectorAll('#results .row-title').length === 20),
      );
    } finally {
      for (const browser of browsers) {
        await browser.stop();
      }
      await site.close();
    }
  });
});
