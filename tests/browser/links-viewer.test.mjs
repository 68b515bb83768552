/** What links lead to that is no web page: how it is shown, read as text and handed back. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Port, programs } from '../host/port.mjs';
import { BROWSERS, startBrowser } from './browsers.mjs';
import { startLinksSite } from './links-site.mjs';
import { SNAPSHOT } from './popup.mjs';
import { until } from './profile.mjs';

const HOST = path.join(programs, 'linksnap-host');

/** Paths of the site, and what their snapshots say of themselves. @type {Record<string, RegExp>} */
const FACTS = {
  '/paper.pdf': /PDF, 690\sB$/,
  '/notes.md': /Markdown, /,
  '/feed.xml': /Feed, /,
  '/data.json': /JSON, /,
  '/coast.png': /Picture, /,
  '/letter.txt': /Text, 10\sB$/,
  '/lamp.bin': /File, 2\skB$/,
};

for (const name of BROWSERS) {
  describe(`a link to a file in ${name}`, { timeout: 120_000 }, () => {
    /** @type {import('./browsers.mjs').Browser} */
    let browser;
    /** @type {Awaited<ReturnType<typeof startLinksSite>>} */
    let site;
    /** Snapshots by path. @type {Record<string, number>} */
    let snapshots;

    before(async () => {
      site = await startLinksSite();
      browser = await startBrowser(name, { host: HOST });
      const port = new Port('/tmp', { LINKSNAP_DB: browser.store });
      await port.hello();
      await port.request('queue.add', {
        urls: Object.keys(FACTS).map((each) => site.origin + each),
      });
      await port.request('queue.run');
      const { pages } = await port.request('pages.search', { query: '' });
      snapshots = Object.fromEntries(
        pages.map((/** @type {any} */ { url, snapshot }) => [new URL(url).pathname, snapshot]),
      );
      await port.close();
      site.requests.length = 0;
      await browser.takeRequests();
    });
    after(async () => {
      assert.deepEqual(site?.requests, []);
      await browser?.stop();
      await site?.close();
    });

    /** @param {string} file */
    async function view(file) {
      const viewer = await browser.openExtensionPage(
        `viewer/viewer.html?snapshot=${snapshots[file]}`,
      );
      const facts = await viewer.waitFor(
        () =>
          document.querySelector('#page iframe') &&
          /** @type {HTMLElement} */ (document.querySelector('#facts')).innerText,
      );
      assert.match(facts, FACTS[file]);
      if (file !== '/paper.pdf') {
        await text(viewer);
      }
      return viewer;
    }

    /**
     * @param {import('./browsers.mjs').BrowserPage} viewer
     * @returns {Promise<string>} the text of the snapshot
     */
    const text = (viewer) =>
      until('the text', () =>
        viewer.evaluateInFrame(SNAPSHOT, () =>
          document.readyState === 'complete' ? document.body.innerText : '',
        ),
      );

    it('is a PDF in the reader of the browser, and its text beside it', async () => {
      const viewer = await view('/paper.pdf');
      const source = await viewer.evaluate(() => document.querySelector('iframe')?.src);
      assert.match(String(source), /^blob:/);
      await until('the reader', () => isRead(viewer));
      await viewer.click('#form');
      assert.match(await text(viewer), /Kerosene lamps of the northern capes/);
      await viewer.click('#form');
      await until('the reader again', () => isRead(viewer));
      const name = () => document.querySelector('#download')?.getAttribute('download');
      assert.equal(await viewer.waitFor(name), 'paper.pdf');
      await viewer.close();
    });

    it('is Markdown, a feed or data that reads well', async () => {
      const notes = await view('/notes.md');
      const made = await notes.evaluateInFrame(SNAPSHOT, () => ({
        heading: document.querySelector('h1')?.innerText,
        cells: [...document.querySelectorAll('td')].map(({ innerText }) => innerText),
        code: document.querySelector('pre')?.innerText.split('\n')[1],
        link: document
          .querySelector('a')
          ?.getAttribute('href')
          ?.replace(/^http:..[^/]*/, ''),
      }));
      assert.deepEqual(made, {
        heading: '灯塔手册',
        cells: ['三月', '12', '340', '四月', '7', '512'],
        code: '  lamp_turn(hour);',
        link: '/page',
      });
      await notes.close();
      const feed = await view('/feed.xml');
      assert.match(await text(feed), /第 2 期：雾与船[^]*这一周有 2 天大雾/);
      await feed.close();
      const data = await view('/data.json');
      assert.match(await text(data), /\n {2}"name": "北角灯塔",\n/);
      await data.close();
    });

    it('is a picture, a text of an older site, or a file to download', async () => {
      const coast = await view('/coast.png');
      const width = await coast.evaluateInFrame(SNAPSHOT, async () => {
        const [image] = document.images;
        await image.decode();
        return image.naturalWidth;
      });
      assert.equal(width, 680);
      await coast.close();
      const letter = await view('/letter.txt');
      assert.match(await text(letter), /灯还亮着/);
      await letter.close();
      const lamp = await view('/lamp.bin');
      assert.match(await text(lamp), /lamp\.bin · application\/octet-stream/);
      await lamp.click('#download');
      const name = () => document.querySelector('#download')?.getAttribute('download');
      assert.equal(await lamp.waitFor(name), 'lamp.bin');
      await lamp.close();
    });
  });
}

/**
 * Whether the browser's reader shows a file in the viewer.
 *
 * @param {any} viewer
 */
function isRead(viewer) {
  if (viewer.raw) {
    return viewer.raw
      .frames()
      .some((/** @type {any} */ each) => /^chrome-extension:.*index\.html/.test(each.url()));
  }
  return viewer.evaluateInFrame(['#page iframe'], () =>
    document.querySelector('.textLayer')?.textContent?.includes('Kerosene'),
  );
}
