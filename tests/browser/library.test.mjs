/**
 * The library as a person lives in it: what the toolbar button saved is there with its picture, it is
 * searched, read, tagged, thrown away and brought back with the keyboard alone, it is as long as it may
 * be, and links come in by a drop.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { scratch } from '../host/port.mjs';
import { startSite } from '../site/server.mjs';
import { BROWSERS, startBrowser } from './browsers.mjs';
import { HOST, List, fillStore } from './library-walk.mjs';
import { Popup, SNAPSHOT } from './popup.mjs';
import { until } from './profile.mjs';

const ARTICLE = '链接会断，快照还在';
const FILLED = 1500;

for (const name of BROWSERS) {
  describe(`the library in ${name}`, { timeout: 180_000 }, () => {
    const { folder, remove } = scratch();
    /** @type {import('./browsers.mjs').Browser} */
    let browser;
    /** @type {Awaited<ReturnType<typeof startSite>>} */
    let site;
    /** @type {List} */
    let list;

    before(async () => {
      site = await startSite();
      const store = path.join(folder, 'linksnap.db');
      await fillStore(store, FILLED);
      browser = await startBrowser(name, { host: HOST, store });
    });
    after(async () => {
      await browser?.stop();
      await site?.close();
      remove();
    });

    it('has what the toolbar button saved, with a picture of it', async () => {
      const page = await browser.open(`${site.origin}/articles/snapshots`);
      await page.waitFor(() => document.body.hasAttribute('data-ready'));
      const popup = await Popup.open(browser, page);
      await popup.addTag('网页');
      await popup.save();
      await popup.page.click('#open-library');
      const library = await browser.waitForPage((url) => url.includes('/library/library.html'));
      list = new List(library);
      await list.first(ARTICLE);
      assert.match(
        await library.evaluate(() => String(document.querySelector('#count')?.textContent)),
        /1,501/,
      );
      const [width, height] = await library.waitFor(() => {
        const shot = document.querySelector('#results li .shot img:not(.avatar img)');
        const { naturalWidth, naturalHeight } = /** @type {HTMLImageElement} */ (shot ?? {});
        return naturalWidth > 0 ? [naturalWidth, naturalHeight] : null;
      });
      assert.ok(width <= 320 && height <= 200 && width >= 100, `${width} x ${height}`);
    });

    it('is searched by keyboard, and leads to the snapshot and back', async () => {
      const { page } = list;
      await list.toSearch();
      await page.type('#query', '快照还在');
      await list.first(ARTICLE);
      await page.waitFor(() => document.querySelectorAll('#results .row-title').length === 1);
      await page.press('ArrowDown');
      await page.waitFor(() => document.activeElement?.matches('#results .row-title'));
      await page.press('Enter');
      const viewer = await browser.waitForPage((url) => url.includes('/viewer/viewer.html'));
      const text = await until('the snapshot', () =>
        viewer.evaluateInFrame(SNAPSHOT, () => document.body?.innerText),
      );
      assert.match(text, /光明图书馆/);
      await viewer.evaluate(() => history.back());
      const again = await browser.waitForPage((url) => url.includes('/library/library.html'));
      list = new List(again);
      await list.first(ARTICLE);
      await again.waitFor(
        () =>
          /** @type {HTMLInputElement} */ (document.querySelector('#query')).value === '快照还在',
      );
    });

    it('gives many pages a tag at once, and takes it back', async () => {
      const { page } = list;
      await list.toSearch();
      await page.press('Escape');
      await page.waitFor(() => document.querySelectorAll('#results .row-title').length > 5);
      await list.toList();
      await page.press('x');
      await list.press('Shift+ArrowDown', 3);
      await page.waitFor(() =>
        document.querySelector('.bulk-count')?.textContent?.startsWith('4 '),
      );
      await page.press('Control+a');
      await page.waitFor(() =>
        document.querySelector('.bulk-count')?.textContent?.startsWith('1,501 '),
      );
      await page.click('.bulk [aria-expanded]');
      await page.type('.bulk-tags input', '全部');
      await list.press('Enter', 2);
      await list.firstHas('全部');
      await list.told();
      await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement)?.blur());
      await page.press('Control+z');
      await page.waitFor(() => !document.querySelector('#results')?.textContent?.includes('全部'));
      await page.press('Escape');
    });

    it('throws away by a key, and brings back', async () => {
      const { page } = list;
      await list.toList();
      await page.press('Home');
      await page.waitFor(() => document.activeElement?.closest('[aria-posinset="1"]'));
      const [gone, next] = await list.titles();
      await page.press('Delete');
      await list.first(next);
      await page.waitFor((title) => document.activeElement?.textContent === title, next);
      await page.press('Control+z');
      await list.first(gone);
    });

    it('is scrolled to anywhere, and to its end by a key', async () => {
      const { page } = list;
      await page.evaluate(() =>
        scrollTo({ top: document.documentElement.scrollHeight / 2, behavior: 'instant' }),
      );
      const place = await page.waitFor(() => {
        const under = document
          .elementsFromPoint(innerWidth / 2, innerHeight / 2)
          .map((each) => each.closest('#results li:not(.blank)'))
          .find(Boolean);
        return Number(under?.getAttribute('aria-posinset'));
      });
      assert.ok(place > 600 && place < 900, String(place));
      await list.toList();
      await page.press('End');
      const last = await page.waitFor(() => {
        const row = document.activeElement?.closest('#results li');
        const isLast = row?.getAttribute('aria-posinset') === '1501';
        return isLast ? document.activeElement?.textContent : null;
      });
      assert.match(last, /0$/);
      await page.press('Home');
      await list.first(ARTICLE);
    });

    it('shows cards, and does so the next time', async () => {
      await list.page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
      await list.page.click('#views [value=cards]');
      await list.page.waitFor(() => document.querySelector('#results.cards .row-title'));
      const again = await browser.openExtensionPage('library/library.html');
      await again.waitFor(() => document.querySelector('#results.cards .row-title'));
      await again.click('#views [value=rows]');
      await again.waitFor(() => document.querySelector('#results:not(.cards) .row-title'));
      await again.close();
    });

    it('takes in a file of bookmarks that is dropped, and says first what it holds', async () => {
      const { page } = list;
      const link = (/** @type {string} */ path, /** @type {string} */ title) =>
        `<DT><A HREF="${site.origin}${path}" TAGS="拖入">${title}</A>`;
      const links = [link('/articles/garden', '后院'), link('/articles/type', '字体')];
      const file =
        '<!DOCTYPE NETSCAPE-Bookmark-file-1><TITLE>Bookmarks</TITLE><DL><p><DT><H3>书签栏</H3><DL><p>' +
        `${links.join('')}</DL></DL>`;
      await page.evaluate((text) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([text], 'bookmarks.html', { type: 'text/html' }));
        for (const type of ['dragenter', 'dragover', 'drop']) {
          const event = { bubbles: true, cancelable: true, dataTransfer };
          document.body.dispatchEvent(new DragEvent(type, event));
        }
      }, file);
      const words = await page.waitFor(() => {
        const form = /** @type {HTMLElement | null} */ (document.querySelector('.import'));
        return form?.checkVisibility() ? form.innerText : null;
      });
      assert.match(words, /bookmarks\.html/);
      assert.match(words, /2/);
      await page.click('.import .primary');
      await until('both links', () =>
        ['/articles/garden', '/articles/type'].every((each) => site.requests.includes(each)),
      );
      await list.toSearch();
      await page.type('#query', 'tag:拖入');
      await page.waitFor(() => document.querySelectorAll('#results .row-title').length === 2);
    });
  });
}
