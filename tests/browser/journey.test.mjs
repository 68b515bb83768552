/**
 * The whole of it, as a person meets it: a real browser, a real click on the toolbar button, the real
 * host, and a site that is gone when its snapshot is read.
 */
import assert from 'node:assert/strict';
import { accessSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startSite } from '../site/server.mjs';
import { BROWSERS, startBrowser } from './browsers.mjs';
import { Popup, SNAPSHOT } from './popup.mjs';
import { ROOT, until } from './profile.mjs';

const HOST = path.join(ROOT, 'build/plain/linksnap-host');
const ARTICLE = '链接会断，快照还在 · 光明图书馆';
const GARDEN = '图书馆的后院 · 光明图书馆';

/** The frames in the snapshot: one of the same site, and one of another, which the host fetched. */
const SAME = [...SNAPSHOT, '#today'];
const OTHER = [...SNAPSHOT, '#neighbour'];

for (const name of BROWSERS) {
  describe(`a snapshot in ${name}`, { timeout: 180_000 }, () => {
    /** @type {import('./browsers.mjs').Browser} */
    let browser;
    /** @type {Awaited<ReturnType<typeof startSite>>} */
    let site;
    /** @type {import('./browsers.mjs').BrowserPage} */
    let page;
    /** @type {import('./browsers.mjs').BrowserPage} */
    let viewer;
    let url = '';

    before(async () => {
      accessSync(HOST);
      site = await startSite();
      browser = await startBrowser(name, { host: HOST });
      url = `${site.origin}/articles/snapshots`;
      page = await browser.open(url);
      await page.waitFor(() => document.body.hasAttribute('data-ready'));
    });
    after(async () => {
      await browser?.stop();
      await site?.close();
    });

    it('is made by the toolbar button, with tags, and says what is missing', async () => {
      const popup = await Popup.open(browser, page);
      await popup.addTag('网页');
      await popup.addTag('library');
      const outcome = await popup.save();
      assert.match(outcome, /1 file is missing/);
      assert.match(outcome, /3\d files/);
      await popup.close();
    });

    it('is made of a link by the context menu, without opening it', async () => {
      const before = await browser.urls();
      await browser.chooseFromContextMenu(page, '#garden', {
        id: 'link',
        label: 'Snapshot this link',
      });
      await until('the host to fetch the link', () => site.requests.includes('/images/garden.png'));
      const popup = await Popup.open(browser, page);
      await until('the link in the list', async () =>
        (await popup.search('石榴')).titles.includes(GARDEN),
      );
      await popup.close();
      assert.deepEqual(await browser.urls(), before);
    });

    it('is found by any of its words, and by its tags', async () => {
      const popup = await Popup.open(browser, page);
      /** @type {Record<string, string[]>} */
      const queries = {
        快照: [ARTICLE],
        光明: [ARTICLE, GARDEN],
        图书馆: [ARTICLE, GARDEN],
        '"Links break"': [ARTICLE],
        // of a list that a script made, of a frame, of a shadow root, of a form
        缝: [ARTICLE],
        植物志: [ARTICLE],
        时刻表: [ARTICLE],
        请把后院: [ARTICLE],
        'tag:网页': [ARTICLE],
        '#library 光明': [ARTICLE],
        逾期: [GARDEN],
        '光明 -石榴': [],
        没有这个词: [],
      };
      for (const [query, titles] of Object.entries(queries)) {
        const found = await popup.search(query);
        assert.deepEqual(found.titles.sort(), [...titles].sort(), query);
      }
      const { hits } = await popup.search('快照');
      assert.ok(hits.length > 0 && hits.every((hit) => hit === '快照'));
      await popup.close();
    });

    it('opens when its site is gone, with no request and no script', async () => {
      const popup = await Popup.open(browser, page);
      await popup.search('快照');
      await site.close();
      const asked = site.requests.length;
      await browser.takeRequests();
      viewer = await popup.openFirst();
      const facts = await viewer.evaluateInFrame(SNAPSHOT, () => ({
        title: document.title,
        scripts: document.querySelectorAll('script, noscript, base').length,
        handlers: document.body.hasAttribute('onload'),
        text: document.body.innerText,
      }));
      assert.equal(facts.title, ARTICLE);
      assert.equal(facts.scripts, 0);
      assert.equal(facts.handlers, false);
      for (const words of ['两个字就能查到', '汉字与字母之间的那条缝', 'still be read, searched']) {
        assert.ok(facts.text.includes(words), words);
      }
      assert.doesNotMatch(facts.text, /没有脚本的时候/);
      assert.deepEqual(await browser.takeRequests(), []);
      assert.equal(site.requests.length, asked);
    });

    it('shows every picture but the one that was missing', async () => {
      const pictures = await viewer.evaluateInFrame(SNAPSHOT, async () => {
        const images = [...document.images];
        await Promise.all(images.map((each) => each.decode().catch(() => {})));
        return images.map(({ naturalWidth, alt, src }) => ({
          naturalWidth,
          alt,
          scheme: src.split(':')[0],
        }));
      });
      assert.equal(pictures.length, 19);
      const missing = pictures.filter(({ naturalWidth }) => naturalWidth <= 1);
      assert.deepEqual(
        missing.map(({ alt }) => alt),
        ['八号书架（图片已经不在了）'],
      );
      const shown = pictures.filter(({ naturalWidth }) => naturalWidth > 1);
      assert.ok(shown.every(({ scheme }) => scheme === 'data'));
    });

    it('shows what a script drew', async () => {
      const color = await viewer.evaluateInFrame(SNAPSHOT, async () => {
        const image = /** @type {HTMLImageElement} */ (document.querySelector('#chart'));
        await image.decode();
        const copy = document.createElement('canvas');
        const context = /** @type {CanvasRenderingContext2D} */ (copy.getContext('2d'));
        copy.width = image.naturalWidth;
        copy.height = image.naturalHeight;
        context.drawImage(image, 0, 0);
        // on the line of the snapshots
        const { borderTopWidth, borderTopLeftRadius } = getComputedStyle(image);
        return [
          image.naturalWidth,
          ...context.getImageData(640, 70, 1, 1).data,
          borderTopWidth,
          borderTopLeftRadius,
        ];
      });
      assert.deepEqual(color, [1280, 224, 138, 60, 255, '1px', '12px']);
    });

    it('keeps shadow roots with their adopted sheets, and rules that stand in no text', async () => {
      const found = await viewer.evaluateInFrame(SNAPSHOT, () => {
        const root = document.querySelector('reading-card')?.shadowRoot;
        const number = /** @type {Element} */ (root?.querySelector('b'));
        const reader = /** @type {Element} */ (document.querySelector('.comments b'));
        return {
          text: root?.textContent,
          size: getComputedStyle(number).fontSize,
          display: getComputedStyle(/** @type {Element} */ (root?.querySelector('.box'))).display,
          spacing: getComputedStyle(reader).letterSpacing,
        };
      });
      assert.match(String(found.text), /馆里现在有 2,046 张快照/);
      assert.equal(found.size, '23.8px');
      assert.equal(found.display, 'flex');
      assert.equal(found.spacing, '1px');
    });

    it('keeps the frames, the font, the form and what was open', async () => {
      const frames = [];
      for (const way of [SAME, OTHER]) {
        const frame = await viewer.evaluateInFrame(way, () => ({
          text: document.body.innerText,
          background: getComputedStyle(document.body).backgroundImage.slice(0, 19),
        }));
        assert.equal(frame.background, 'url("data:image/png');
        frames.push(frame.text);
      }
      assert.match(frames[0], /今天上架\s*《灯下读书记》/);
      assert.match(frames[1], /邻镇书市/);
      const page = await viewer.evaluateInFrame(SNAPSHOT, () => {
        const { elements } = /** @type {HTMLFormElement} */ (document.querySelector('#letter'));
        const { name, page, text, reply } = /** @type {any} */ (elements);
        const details = /** @type {HTMLDetailsElement} */ (document.querySelector('details'));
        return {
          fonts: [...document.fonts].map(({ family, status }) => `${family}: ${status}`),
          form: [name.value, page.selectedIndex, text.value, reply.checked],
          open: details.open,
        };
      });
      assert.deepEqual(
        page.fonts.map((font) => font.replaceAll(/["']/g, '')),
        ['Lamp Signs: loaded'],
      );
      assert.deepEqual(page.form, ['林灯', 1, '请把后院那一页也存下来。\n谢谢！', true]);
      assert.equal(page.open, true);
    });

    it('looks as the page did', async () => {
      const [html, body] = await viewer.evaluateInFrame(SNAPSHOT, () =>
        [document.documentElement, document.body].map((each) => {
          const { fontFamily, fontSize } = getComputedStyle(each);
          return `${fontSize} ${fontFamily}`;
        }),
      );
      assert.match(html, /^17px Georgia/);
      assert.equal(body, html);
    });

    it('leads to its page, and to a report on what it kept', async () => {
      const original = await viewer.evaluate(() =>
        document.querySelector('#original')?.getAttribute('href'),
      );
      assert.equal(original, url);
      await viewer.click('#report-open');
      const report = await viewer.evaluate(() => {
        /** @param {string} selector */
        const texts = (selector) =>
          [...document.querySelectorAll(`#report ${selector}`)].map(
            (each) => /** @type {HTMLElement} */ (each).innerText,
          );
        return {
          open: document.querySelector('#report')?.matches(':popover-open'),
          lead: texts('.strip'),
          kinds: texts('tbody th'),
          reasons: texts('.group summary'),
          files: texts('.group li'),
          notes: texts('.notes li'),
        };
      });
      assert.equal(report.open, true);
      assert.match(report.lead[0], /^1 of 3\d files is missing$/);
      for (const kind of ['Pictures', 'Style sheets', 'Fonts', 'Embedded pages']) {
        assert.ok(report.kinds.includes(kind), `${kind} in ${report.kinds}`);
      }
      assert.equal(report.reasons.length, 1);
      assert.match(report.reasons[0], /^No longer on the site \(HTTP 404\)\s*1$/);
      assert.match(report.files[0], /Pictures$/);
      assert.match(report.notes[0], /^1 embedded page from another site/);
    });

    it('says from the report that a site which is gone gives nothing more', async () => {
      await viewer.click('#retry');
      const said = await viewer.waitFor(() => {
        const running = !document.querySelector('#retry-cancel')?.hasAttribute('hidden');
        return running ? '' : document.querySelector('#retried')?.textContent;
      });
      assert.equal(said, 'Nothing came in');
      const reason = await viewer.waitFor(() => {
        const found = document.querySelector('#report .group summary')?.textContent;
        return found?.startsWith('No connection') ? found : '';
      });
      assert.match(reason, /^No connection to the site1$/);
      await viewer.press('Escape');
      await viewer.waitFor(() => !document.querySelector('#report')?.matches(':popover-open'));
      assert.match(viewer.url(), /viewer\.html\?snapshot=\d+(&find=[^&#]*)?$/);
    });

    it('has settings that the popup leads to, and that are kept', async () => {
      const popup = await Popup.open(browser, page);
      await popup.page.click('#settings');
      const isSettings = (/** @type {string} */ each) => each.includes('/options/options.html');
      const settings = await browser.waitForPage(isSettings);
      const state = () => ({
        scroll: /** @type {HTMLInputElement} */ (document.querySelector('#scroll')).checked,
        media: /** @type {HTMLSelectElement} */ (document.querySelector('#media')).value,
        sites: /** @type {HTMLElement} */ (document.querySelector('#sites-state')).innerText.trim(),
      });
      await settings.waitFor(() => document.querySelector('#sites-state')?.textContent);
      assert.deepEqual(await settings.evaluate(state), {
        scroll: true,
        media: String(50 * 1024 * 1024),
        sites: 'Not allowed: only the page you save is read',
      });
      await settings.click('#scroll');
      assert.equal(
        await settings.waitFor(() => document.querySelector('#saved')?.textContent),
        'Saved',
      );
      const again = await browser.openExtensionPage('options/options.html');
      await again.waitFor(() => document.querySelector('#sites-state')?.textContent);
      assert.equal((await again.evaluate(state)).scroll, false);
      await again.click('#scroll');
      await settings.waitFor(
        () => /** @type {HTMLInputElement} */ (document.querySelector('#scroll')).checked,
      );
      await again.close();
      await settings.close();
    });
  });

  describe(`without a host, ${name}`, { timeout: 60_000 }, () => {
    /** @type {import('./browsers.mjs').Browser} */
    let browser;
    before(async () => {
      browser = await startBrowser(name, { host: null, locale: 'zh-CN' });
    });
    after(() => browser?.stop());

    it('is greeted by the page that says how to install it', async () => {
      const welcome = await browser.waitForPage((url) => url.includes('/welcome/welcome.html'));
      const text = await welcome.waitFor(() => document.querySelector('#state')?.textContent);
      assert.match(text, /[\u4e00-\u9fff]{4}/);
    });

    it('says so in the popup, and what helps', async () => {
      const site = await startSite();
      try {
        const page = await browser.open(`${site.origin}/`);
        const popup = await Popup.open(browser, page);
        const text = await popup.page.waitFor(
          () => document.querySelector('main.stopped #notices [role=alert]')?.textContent,
        );
        assert.match(text, /[\u4e00-\u9fff]{4}/);
      } finally {
        await site.close();
      }
    });
  });
}
