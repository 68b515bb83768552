/**
 * Links, as a person adds them: pasted into the popup, taken from a page, typed into the address bar.
 * The host fetches what it can, tabs in the background what only a browser gets.
 */
import assert from 'node:assert/strict';
import { accessSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Port, programs } from '../host/port.mjs';
import { BROWSERS, startBrowser } from './browsers.mjs';
import { startLinksSite } from './links-site.mjs';
import { Popup } from './popup.mjs';
import { until } from './profile.mjs';

const HOST = path.join(programs, 'linksnap-host');
const LINKED = ['/linked/one', '/linked/two', '/linked/three'];

for (const name of BROWSERS) {
  describe(`links in ${name}`, { timeout: 180_000 }, () => {
    /** @type {import('./browsers.mjs').Browser} */
    let browser;
    /** @type {Awaited<ReturnType<typeof startLinksSite>>} */
    let site;
    /** @type {import('./browsers.mjs').BrowserPage} */
    let page;
    /** A page of the extension, which sees what the background shows. */
    /** @type {import('./browsers.mjs').BrowserPage} */
    let inside;

    before(async () => {
      accessSync(HOST);
      site = await startLinksSite();
      browser = await startBrowser(name, { host: HOST });
      inside = await browser.openExtensionPage('options/options.html');
      page = await browser.open(`${site.origin}/list`);
    });
    after(async () => {
      await browser?.stop();
      await site?.close();
    });

    const badge = () =>
      inside.evaluate(() => /** @type {any} */ (globalThis).chrome.action.getBadgeText({}));

    /** @param {string} pathname */
    const requests = (pathname) => site.requests.filter((each) => each === pathname).length;

    /** @param {string[]} paths - are in the library */
    const saved = (paths) =>
      until(`${paths} in the library`, async () => {
        const port = new Port('/tmp', { LINKSNAP_DB: browser.store });
        await port.hello();
        const { pages } = await port.request('pages.search', { query: '' });
        await port.close();
        const urls = pages.map((/** @type {any} */ { url }) => new URL(url).pathname);
        return paths.every((each) => urls.includes(each));
      });

    it('are pasted into the popup, and saved after it is closed', async () => {
      site.hold(/./);
      const popup = await Popup.open(browser, page);
      const { origin } = site;
      const found = await popup.paste(
        `昨天看的：${origin}/page，还有 <${origin}/paper.pdf>、(${origin}/notes.md) 和 ${origin}/app。
         ${origin}/missing ${origin}/slow/1 再说一次 ${origin}/page，不要 javascript:alert(1)`,
      );
      assert.equal(found.summary, '6 links found · 1 refused');
      assert.equal(found.button, 'Save 6 links');
      await popup.page.click('#link-card .links .primary');
      await until('the queue in the popup', async () => (await popup.queue()).includes('at work'));
      await popup.close();
      assert.equal(await badge(), '6');
      site.hold(/^\/slow/);
      await until('all but the slow one and the shell', async () => (await badge()) === '2');
      site.hold(null);
      await until('the shell alone', async () => (await badge()) === '1');
      for (const each of ['/page', '/paper.pdf', '/notes.md', '/slow/1']) {
        assert.equal(requests(each), 1, each);
      }
    });

    it('stand in the queue with what became of them', async () => {
      const popup = await Popup.open(browser, page);
      assert.equal(await until('the queue', () => popup.queue()), '1 waiting · 1 failed');
      const { titles } = await popup.search('');
      assert.deepEqual(titles.sort(), [
        'Lighthouse paper',
        '一页 /slow/1',
        '灯塔值班日志',
        '灯塔手册',
      ]);
      await popup.page.click('#queue .queue-toggle');
      const rows = await popup.page.waitFor(() => {
        const jobs = [...document.querySelectorAll('#queue .job')];
        return jobs.length === 6
          ? jobs.map((each) => /** @type {HTMLElement} */ (each).innerText.split(/\s*\n\s*/))
          : null;
      });
      const meta = (/** @type {string} */ what) =>
        rows.find(([first]) => first.endsWith(what))?.[1];
      assert.equal(meta('/app'), 'Needs a browser · The page shows its text only in a browser');
      assert.equal(meta('/missing'), 'The site answered with error 404');
      assert.match(String(meta('灯塔手册')), /(^| · )Saved$/);
      const wall = await popup.page.evaluate(
        () =>
          /** @type {HTMLElement | null} */ (document.querySelector('#queue .wall:not([hidden]) p'))
            ?.innerText,
      );
      assert.match(String(wall), /^1 page lets only a browser in/);
      await popup.close();
    });

    it('are found by the words in them, whatever they led to', async () => {
      const popup = await Popup.open(browser, page);
      for (const [query, title] of [
        ['kerosene', 'Lighthouse paper'],
        ['擦玻璃', '灯塔手册'],
        ['写风向', '灯塔值班日志'],
      ]) {
        assert.ok((await popup.search(query)).titles.includes(title), query);
      }
      await popup.close();
    });

    // Chromium asks in a window that no test can reach: there links-again.test.mjs has the permission.
    it(
      'that only a browser gets are opened once that is allowed',
      { skip: name !== 'firefox' },
      async () => {
        const popup = await Popup.open(browser, page);
        await popup.page.click('#queue .wall button');
        await saved(['/app']);
        await until('the badge to be gone', async () => (await badge()) === '');
        const { titles } = await popup.search('海雾');
        assert.deepEqual(titles, ['雾散之后']);
        await popup.close();
        assert.ok(!(await browser.urls()).some((url) => url.endsWith('/app')));
      },
    );

    it('are taken from the context menu, one or all that are selected', async () => {
      await browser.chooseFromContextMenu(page, '#alone', {
        id: 'link',
        label: 'Snapshot this link',
      });
      await saved(['/linked/alone']);
      await page.evaluate(() => {
        getSelection()?.selectAllChildren(/** @type {Element} */ (document.querySelector('#all')));
      });
      await browser.chooseFromContextMenu(page, '#here', {
        id: 'links',
        label: 'Snapshot the links in the selection',
      });
      // Where the test says it in the person's place, the extension is not let into the page.
      await saved(name === 'firefox' ? LINKED : LINKED.slice(2));
      assert.equal(requests('/linked/alone'), 1);
    });

    it('that are saved already and have not changed add no version unless asked', async () => {
      const tab = await browser.open(`${site.origin}/page`);
      const popup = await Popup.open(browser, tab);
      await popup.page.click('#page-card .card-again');
      const said = await popup.outcome('#page-card');
      assert.match(said, /^Nothing has changed since .*: no new version/);
      await popup.page.click('#page-card .card-outcome .strip button');
      await popup.page.waitFor(() =>
        /version 2/.test(document.querySelector('#page-card .card-outcome')?.textContent ?? ''),
      );
      await popup.close();
      await tab.close();
    });

    it('are saved and found in the address bar', async () => {
      await browser.enterInAddressBar(`${site.origin}/linked/typed`);
      await saved(['/linked/typed']);
      const isOffered = (/** @type {string} */ each) =>
        each.replaceAll(/<[^>]+>/g, '').startsWith('灯塔手册 – 127.0.0.1');
      await until('the words of a page', async () =>
        (await browser.typeInAddressBar('擦玻璃')).some(isOffered),
      );
      await browser.enterInAddressBar('擦玻璃');
      const library = await browser.waitForPage((url) => url.includes('/library/library.html?q='));
      const title = await library.waitFor(
        () => document.querySelector('#results .row-title')?.textContent,
      );
      assert.equal(title, '灯塔手册');
    });

    it('are visited when the library is asked to, and those that are gone are marked', async () => {
      site.gone.add('/linked/alone');
      const tab = await browser.openExtensionPage('library/library.html');
      await tab.click('#check');
      const said = await tab.waitFor(() => document.querySelector('#toast')?.textContent);
      assert.match(said, /^\d+ links are being checked$/);
      const library = new Popup(browser, tab);
      await until('the mark', async () => {
        const { titles } = await library.search('is:broken');
        return titles.length === 1 && titles[0] === '一页 /linked/alone';
      });
      const row = await tab.waitFor(
        () => /** @type {HTMLElement | null} */ (document.querySelector('#results li'))?.innerText,
      );
      assert.match(row, /Link broken \(404/);
      assert.match(row, /Wayback/);
      await tab.close();
    });
  });
}
