/**
 * What was saved is read: two versions of a page and what changed between them, its note, a highlight
 * that stays and is found, the reader's view; then the numbers of the library, and the settings that
 * change every page of it.
 */
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';
import * as pictures from '../site/pictures.mjs';
import { BROWSERS, startBrowser } from './browsers.mjs';
import { HOST, List } from './library-walk.mjs';
import { Popup, SNAPSHOT } from './popup.mjs';
import { until } from './profile.mjs';

const FILLING = '馆里的人来来去去，书在架上，灯在桌上，谁也不必着急。'.repeat(12);

/** A page that says something else each time. */
async function startDiary() {
  let edition = 0;
  const texts = [
    '光明图书馆昨天上架了旧书，读者坐满了阅览室。',
    '光明图书馆今天上架了新书，读者坐满了阅览室。',
  ];
  const server = http.createServer((request, response) => {
    if (request.url?.endsWith('.png')) {
      const seed = Number(/\d+/.exec(request.url)?.[0]);
      response.writeHead(200, { 'content-type': 'image/png' });
      response.end(pictures.landscape(320, 160, seed));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(`<!doctype html><html lang="zh-CN"><title>馆长日记</title><article><h1>馆长日记</h1>
<p>${texts[edition]}</p><img src="/${edition + 1}.png" alt=""><p>${FILLING}</p><p>${FILLING}</p></article></html>`);
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}/diary`,
    turn: () => (edition = 1),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

for (const name of BROWSERS) {
  describe(`reading in ${name}`, { timeout: 180_000 }, () => {
    /** @type {import('./browsers.mjs').Browser} */
    let browser;
    /** @type {Awaited<ReturnType<typeof startDiary>>} */
    let diary;
    /** @type {import('./browsers.mjs').BrowserPage} */
    let details;
    /** @type {import('./browsers.mjs').BrowserPage} */
    let viewer;

    before(async () => {
      diary = await startDiary();
      browser = await startBrowser(name, { host: HOST });
    });
    after(async () => {
      await browser?.stop();
      await diary?.close();
    });

    /** The text of the frame that shows the snapshot. */
    const shownText = () =>
      until('the snapshot', () =>
        viewer.evaluateInFrame(SNAPSHOT, () => document.body?.innerText ?? ''),
      );

    it('shows the versions of a page, and which words and pictures changed', async () => {
      for (const [button, said] of [
        ['.card-save', '馆长日记'],
        ['.card-again', '2 versions'],
      ]) {
        const page = await browser.open(diary.url);
        const popup = await Popup.open(browser, page);
        await popup.page.click(`#page-card ${button}:not([hidden])`);
        await popup.page.waitFor(
          (words) => document.querySelector('#results')?.textContent?.includes(words),
          said,
        );
        await popup.close();
        diary.turn();
      }
      const library = await browser.openExtensionPage('library/library.html');
      await new List(library).first('馆长日记');
      await library.click('#results .row-meta a[href*="page.html"]');
      details = await browser.waitForPage((url) => url.includes('/page/page.html'));
      await details.waitFor(() => document.querySelectorAll('#timeline .version').length === 2);
      const words = await details.waitFor(() => {
        const texts = (/** @type {string} */ selector) =>
          [...document.querySelectorAll(`#diff .diff-one ${selector}`)].map((each) =>
            [...each.childNodes]
              .filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
              .map(({ textContent }) => textContent)
              .join(''),
          );
        const [gone, added] = [texts('del'), texts('ins')];
        return gone.length > 0 && { gone, added };
      });
      assert.deepEqual(words, { gone: ['昨天', '旧'], added: ['今天', '新'] });
      const files = await details.waitFor(
        () => /** @type {HTMLElement | null} */ (document.querySelector('#files'))?.innerText,
      );
      assert.match(files, /1\.png/);
      assert.match(files, /2\.png/);
      await details.press('n');
      await details.waitFor(() => document.activeElement?.matches('#diff .diff-row'));
    });

    it('keeps a note in Markdown, and takes it back', async () => {
      await details.click('#note-tools button');
      await details.type('#note textarea', '# 讲稿\n\n**要点**：<b>不是标记</b>');
      await details.press('Control+Enter');
      await details.waitFor(() => document.querySelector('#note-body > .markdown strong'));
      await details.waitFor(() => document.querySelector('#toast button'));
      const drawn = await details.evaluate(() => {
        const note = document.querySelector('#note-body .markdown');
        return [note?.querySelector('strong')?.textContent, note?.querySelectorAll('b').length];
      });
      assert.deepEqual(drawn, ['要点', 0]);
      await details.evaluate(() => /** @type {HTMLElement} */ (document.activeElement)?.blur());
      await details.press('Control+z');
      await details.waitFor(() => !document.querySelector('#note-body .markdown strong'));
      await details.press('Control+Shift+z');
      await details.waitFor(() => document.querySelector('#note-body .markdown strong'));
    });

    it('throws one version away, and brings it back', async () => {
      await details.click('#timeline .version:last-child .icon-button:last-child');
      await details.waitFor(() => document.querySelectorAll('#timeline .version').length === 1);
      await details.click('#toast button');
      await details.waitFor(() => document.querySelectorAll('#timeline .version').length === 2);
    });

    it('takes a highlight that is selected with the pen, and shows it the next time', async () => {
      await details.click('#timeline .version:first-child .version-tools a');
      viewer = await browser.waitForPage((url) => url.includes('/viewer/viewer.html'));
      assert.match(await shownText(), /今天上架了新书/);
      await viewer.click('#pen-open');
      await viewer.waitFor(() => document.querySelector('#pen-open[aria-pressed=true]'));
      await until('the words to be selected', async () => {
        await viewer.evaluateInFrame(SNAPSHOT, () => {
          const text = /** @type {Text} */ (document.querySelector('p')?.firstChild);
          getSelection()?.setBaseAndExtent(text, 5, text, 12);
        });
        return viewer.evaluate(() => !document.querySelector('#pen-tool')?.hasAttribute('hidden'));
      });
      await viewer.click('#pen-tool .ink:nth-child(2)');
      await viewer.waitFor(() => document.querySelector('#marks-count')?.textContent === '1');
      await viewer.click('#pen-leave');
      await viewer.waitFor(() => document.querySelector('#pen-open[aria-pressed=false]'));
      const marked = () =>
        viewer.evaluateInFrame(SNAPSHOT, () =>
          [...document.querySelectorAll('mark, [data-highlight]')].map(
            ({ textContent }) => textContent,
          ),
        );
      await until('the highlight', async () =>
        (await marked()).join('').includes('今天上架了新书'),
      );
      const { frames } = await viewer.evaluate(() => ({
        frames: [...document.querySelectorAll('#page iframe')].map(
          (frame) => frame.getAttribute('sandbox') ?? '',
        ),
      }));
      assert.ok(
        frames.every((sandbox) => !sandbox.includes('allow-same-origin')),
        frames.join(),
      );
    });

    it('finds what was highlighted, in the search and among all highlights', async () => {
      const library = await browser.openExtensionPage('library/library.html?q=is%3Ahighlighted');
      await new List(library).first('馆长日记');
      await library.close();
      const all = await browser.openExtensionPage('highlights/highlights.html');
      const text = await all.waitFor(() => {
        const { innerText } = /** @type {HTMLElement} */ (document.querySelector('main'));
        return innerText.includes('今天上架了新书') ? innerText : null;
      });
      assert.match(text, /馆长日记/);
      await all.close();
    });

    it('shows the article alone', async () => {
      await viewer.click('#reader-open');
      await viewer.waitFor(() => document.querySelector('#reader-open[aria-pressed=true]'));
      const text = await until('the article', async () => {
        const shown = await shownText();
        return shown.includes('谁也不必着急') ? shown : null;
      });
      assert.match(text, /今天上架了新书/);
      await viewer.click('#reader-open');
      await viewer.waitFor(() => document.querySelector('#reader-open[aria-pressed=false]'));
    });

    it('counts the library', async () => {
      const numbers = await browser.openExtensionPage('statistics/statistics.html');
      await numbers.waitFor(() => document.querySelector('#figures dd'));
      const found = await numbers.evaluate(() => ({
        figures: /** @type {HTMLElement} */ (document.querySelector('#figures')).innerText,
        plots: document.querySelectorAll('#months svg').length,
      }));
      assert.match(found.figures, /\b1\b/);
      assert.match(found.figures, /\b2\b/);
      assert.ok(found.plots > 0);
      await numbers.close();
    });

    it('speaks the language and wears the colours that are chosen', async () => {
      const settings = await browser.openExtensionPage('options/options.html');
      await settings.waitFor(() => document.querySelector('#storage-path')?.textContent);
      await settings.click('#theme [value=dark] + span');
      await settings.waitFor(() => document.documentElement.dataset.theme === 'dark');
      await settings.click('#language [value=zh_CN] + span');
      await until('Chinese', () =>
        settings.evaluate(() => document.documentElement.lang === 'zh-CN'),
      );
      await settings.close();
      const library = await browser.openExtensionPage('library/library.html');
      await new List(library).first('馆长日记');
      const look = await library.evaluate(() => ({
        theme: document.documentElement.dataset.theme,
        title: document.querySelector('h1')?.textContent,
        ground: getComputedStyle(document.body).backgroundColor,
      }));
      assert.deepEqual(look, { theme: 'dark', title: '收藏库', ground: 'rgb(22, 25, 24)' });
      await library.close();
    });
  });
}
