/**
 * Links that are waiting when the browser is closed: the queue goes on by itself when it is started
 * again, and what only a browser gets is opened in background tabs once that is allowed.
 */
import assert from 'node:assert/strict';
import { accessSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Port, programs } from '../host/port.mjs';
import { BROWSERS, startBrowser } from './browsers.mjs';
import { DRAWN, startLinksSite } from './links-site.mjs';
import { Popup } from './popup.mjs';
import { until } from './profile.mjs';

const HOST = path.join(programs, 'linksnap-host');

for (const name of BROWSERS) {
  describe(`a queue that was left in ${name}`, { timeout: 180_000 }, () => {
    /** @type {import('./browsers.mjs').Browser} */
    let browser;
    /** @type {Awaited<ReturnType<typeof startLinksSite>>} */
    let site;
    /** @type {import('./browsers.mjs').BrowserPage} */
    let inside;

    before(async () => {
      accessSync(HOST);
      site = await startLinksSite();
      browser = await startBrowser(name, { host: HOST, lasting: true, allowed: true });
    });
    after(async () => {
      await browser?.stop();
      await site?.close();
    });

    /**
     * One request to a host of the test's own.
     *
     * @param {string} method
     * @param {object} [params]
     */
    async function ask(method, params) {
      const port = new Port('/tmp', { LINKSNAP_DB: browser.store });
      try {
        await port.hello();
        return await port.request(method, params);
      } finally {
        await port.close();
      }
    }

    /** How each job stands. @returns {Promise<Record<string, string>>} */
    async function jobs() {
      const list = await ask('queue.list');
      return Object.fromEntries(
        list.jobs.map((/** @type {any} */ { url, state, error }) => [
          new URL(url).pathname,
          [state, error?.wall].filter(Boolean).join(' '),
        ]),
      );
    }

    /** @returns {Promise<{ url?: string, active: boolean, id: number }[]>} */
    const tabs = () => inside.evaluate(() => /** @type {any} */ (globalThis).chrome.tabs.query({}));

    /** @param {number} [tabId] */
    const badge = (tabId) =>
      inside.evaluate(
        (details) => /** @type {any} */ (globalThis).chrome.action.getBadgeText(details),
        tabId === undefined ? {} : { tabId },
      );

    it('is there when the browser is closed in the middle of it', async () => {
      const page = await browser.open(`${site.origin}/list`);
      site.hold(/./);
      const popup = await Popup.open(browser, page);
      await popup.paste(
        ['/slow/1', '/slow/2', '/slow/3', '/app'].map((each) => site.origin + each).join(' '),
      );
      await popup.page.click('#link-card .links .primary');
      await until('the site to be asked', () => site.requests.length === 3);
      const profile = await browser.suspend();
      const waiting = {
        '/slow/1': 'waiting',
        '/slow/2': 'waiting',
        '/slow/3': 'waiting',
        '/app': 'waiting',
      };
      await until('the jobs to be given back', async () => {
        const states = Object.values(await jobs());
        return states.every((state) => state === 'waiting');
      });
      assert.deepEqual(await jobs(), waiting);
      site.hold(/^\/static\//);
      browser = await startBrowser(name, { host: HOST, lasting: true, allowed: true, profile });
    });

    it('goes on by itself when it is started again', async () => {
      await until('the slow ones to be saved', async () => {
        const { '/slow/1': one, '/slow/2': two, '/slow/3': three } = await jobs();
        return [one, two, three].every((state) => state === 'done');
      });
    });

    it('ends in a background tab, where a script has to write the page', async () => {
      inside = await browser.openExtensionPage('options/options.html');
      const tab = await until('the tab', async () =>
        (await tabs()).find(({ url }) => url?.endsWith('/app')),
      );
      assert.equal(tab.active, false);
      site.hold(null);
      await until('the job', async () => (await jobs())['/app'] === 'done');
      await until(
        'the end of the tab',
        async () => !(await tabs()).some(({ id }) => id === tab.id),
      );
      const active = (await tabs()).find((each) => each.active);
      assert.match(String(active?.url), /options\.html$/);
      const { pages } = await ask('pages.search', { query: DRAWN.slice(6, 12) });
      assert.deepEqual(
        pages.map((/** @type {any} */ { title }) => title),
        ['雾散之后'],
      );
      await until('the badge to be gone', async () => (await badge()) === '');
    });

    it('says of a page that stays a challenge that it is one', async () => {
      const page = await browser.open(`${site.origin}/list`);
      const popup = await Popup.open(browser, page);
      await popup.paste(`${site.origin}/challenge ${site.origin}/linked/last`);
      await popup.page.click('#link-card .links .primary');
      await until(
        'the end',
        async () => (await jobs())['/challenge'] === 'failed challenge',
        40_000,
      );
      assert.equal((await jobs())['/linked/last'], 'done');
      assert.ok(!(await tabs()).some(({ url }) => url?.endsWith('/challenge')));
      await popup.close();
    });

    it('leaves a mark on the toolbar button where a page is saved, and asks no site for it', async () => {
      const settings = await browser.openExtensionPage('options/options.html');
      await settings.click('#mark');
      await settings.waitFor(() => document.querySelector('#saved')?.textContent);
      site.requests.length = 0;
      /** @type {(number | undefined)[]} */
      const ids = [];
      for (const each of ['/list', '/slow/1']) {
        await browser.open(site.origin + each);
        ids.push((await tabs()).find(({ active }) => active)?.id);
      }
      await until('the mark', async () => (await badge(ids[1])) === '✓');
      assert.equal(await badge(ids[0]), '');
      assert.deepEqual(site.requests, ['/list', '/slow/1']);
    });
  });
}
