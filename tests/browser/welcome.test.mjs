/**
 * The first minute: a browser without the host, the page that says how to install it and notices by
 * itself when it is there, and the first snapshot.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startSite } from '../site/server.mjs';
import { BROWSERS, startBrowser } from './browsers.mjs';
import { HOST } from './library-walk.mjs';
import { SNAPSHOT } from './popup.mjs';
import { until } from './profile.mjs';

const WORDS = {
  chromium: {
    locale: /** @type {const} */ ('zh-CN'),
    name: /Chromium/,
    waiting: /[\u4e00-\u9fff]{4}/,
  },
  firefox: { locale: /** @type {const} */ ('en'), name: /Firefox/, waiting: /wait/i },
};

for (const name of BROWSERS) {
  describe(`the first minute in ${name}`, { timeout: 120_000 }, () => {
    const { locale, name: called, waiting } = WORDS[/** @type {'chromium' | 'firefox'} */ (name)];
    /** @type {import('./browsers.mjs').Browser} */
    let browser;
    /** @type {Awaited<ReturnType<typeof startSite>>} */
    let site;
    /** @type {import('./browsers.mjs').BrowserPage} */
    let welcome;
    let started = 0;

    before(async () => {
      site = await startSite();
      browser = await startBrowser(name, { host: null, locale });
      started = Date.now();
      welcome = await browser.waitForPage((url) => url.includes('/welcome/welcome.html'));
    });
    after(async () => {
      await browser?.stop();
      await site?.close();
    });

    it('begins with what to type, for this system and this browser', async () => {
      const state = await welcome.waitFor(() => {
        const found = document.querySelector('#state .waiting') && document.querySelector('#state');
        return found && /** @type {HTMLElement} */ (found).innerText;
      });
      assert.match(state, called);
      assert.match(state, /make deps install-user/);
      assert.match(state, waiting);
      assert.match(state, new RegExp(`linksnap install --browser ${name}`));
    });

    it('goes on by itself when the host has been installed', async () => {
      await browser.installHost(HOST);
      await welcome.waitFor(() => document.querySelector('#state h2.good'));
      await welcome.waitFor(() => !document.querySelector('#first')?.hasAttribute('hidden'));
    });

    it('leads to the first snapshot, by keyboard', async () => {
      await welcome.type('#first-url', `${site.origin}/articles/garden`);
      await welcome.press('Enter');
      const title = await welcome.waitFor(() => {
        const done = document.querySelector('#done');
        const title = document.querySelector('#done-title');
        return done?.hasAttribute('hidden') ? null : title?.textContent;
      });
      assert.match(title, /图书馆的后院|articles.garden/);
      await welcome.click('#done-view');
      const viewer = await browser.waitForPage((url) => url.includes('/viewer/viewer.html'));
      const text = await until('the snapshot', () =>
        viewer.evaluateInFrame(SNAPSHOT, () => document.body.innerText),
      );
      assert.match(text, /石榴/);
      assert.ok(Date.now() - started < 60_000);
    });

    it('says in words how the host is', async () => {
      const again = await browser.openExtensionPage('welcome/welcome.html');
      await again.waitFor(() => !document.querySelector('#doctor')?.hasAttribute('hidden'));
      await again.click('#doctor summary');
      const said = await again.waitFor(
        () => /** @type {HTMLElement} */ (document.querySelector('#doctor-findings')).innerText,
      );
      assert.match(said, locale === 'en' ? /[A-Za-z]{4} [A-Za-z]+/ : /[\u4e00-\u9fff]{4}/);
      assert.ok(said.includes(browser.store), said);
      await again.close();
    });
  });
}
