/**
 * A store on a disk that is full, or may not be written, as a person meets it: a clear sentence where
 * the page was to be saved, with what helps; nothing typed is lost; and the same button saves it once
 * there is room.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SmallDisk, whyNoDisk } from '../host/full.mjs';
import { startSite } from '../site/server.mjs';
import { BROWSERS, startBrowser } from './browsers.mjs';
import { Popup } from './popup.mjs';
import { ROOT, until } from './profile.mjs';

const HOST = path.join(ROOT, process.env.LINKSNAP_BUILD ?? 'build/plain', 'linksnap-host');
const SHOTS = process.env.LINKSNAP_SHOTS;

/** The words of the two faults, in both languages. */
const WORDS = {
  en: {
    full: /The disk is full.*Make room on the disk/s,
    readonly: /cannot be (written|changed).*Check the permissions/s,
  },
  'zh-CN': { full: /磁盘.*满.*(空间|再试)/s, readonly: /无法写入.*权限/s },
};

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'linksnap-full-'));
const why = whyNoDisk(folder) || false;
after(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Whether a process has the file open. @param {string} file */
function isOpen(file) {
  return fs.readdirSync('/proc').some((pid) => {
    try {
      const folder = `/proc/${Number(pid)}/fd`;
      return fs.readdirSync(folder).some((fd) => fs.readlinkSync(path.join(folder, fd)) === file);
    } catch {
      return false;
    }
  });
}

/** Each browser, and one of them in the other language. @type {[string, 'en' | 'zh-CN'][]} */
const SCENES = [
  ...BROWSERS.map((name) => /** @type {[string, 'en']} */ ([name, 'en'])),
  ...BROWSERS.slice(0, 1).map((name) => /** @type {[string, 'zh-CN']} */ ([name, 'zh-CN'])),
];

for (const [name, locale] of SCENES) {
  describe(`${name}, ${locale}, on a small disk`, { timeout: 180_000, skip: why }, () => {
    /** @type {import('./browsers.mjs').Browser} */
    let browser;
    /** @type {Awaited<ReturnType<typeof startSite>>} */
    let site;
    /** @type {SmallDisk} */
    let disk;
    /** @type {import('./browsers.mjs').BrowserPage} */
    let page;

    const store = () => path.join(disk.folder, 'linksnap.db');

    before(async () => {
      site = await startSite();
      disk = new SmallDisk(path.join(folder, `${name}-${locale}`), '24m');
      browser = await startBrowser(name, { host: HOST, locale, store: store() });
      page = await browser.open(`${site.origin}/articles/snapshots`);
      await page.waitFor(() => document.body.hasAttribute('data-ready'));
    });
    after(async () => {
      await browser?.stop();
      await site?.close();
      disk?.remove();
    });

    /** @param {Popup} popup @param {string} what */
    const shoot = async (popup, what) => {
      if (SHOTS) {
        await popup.page.screenshot(path.join(SHOTS, `full-${name}-${locale}-${what}.png`));
      }
    };

    /** What the popup says of the page, once it says something. @param {Popup} popup */
    const said = (popup) =>
      popup.page.waitFor(
        () =>
          /** @type {HTMLElement | null} */ (
            document.querySelector('#page-card .card-outcome .strip')
          )?.innerText,
      );

    /** @param {Popup} popup */
    const tags = (popup) =>
      popup.page.evaluate(() =>
        [...document.querySelectorAll('#page-card .chip')].map(({ textContent }) => textContent),
      );

    /** @param {Popup} popup @param {string} tag */
    const saved = (popup, tag) =>
      until('the page with its tag', async () => {
        const { titles } = await popup.search(`tag:${tag}`);
        return titles.length === 1;
      });

    /** @param {Popup} popup */
    const checkAgain = async (popup) => {
      await popup.page.click('#notices button');
      await popup.page.waitFor(() => document.querySelector('#notices')?.childElementCount === 0);
      await popup.page.waitFor(() => document.querySelector('#results .row-title'));
    };

    it('says that the disk is full, keeps what was typed, and saves when there is room', async () => {
      const popup = await Popup.open(browser, page);
      await popup.addTag('网页');
      disk.fill();
      await popup.page.click('#page-card .card-save');
      const text = await said(popup);
      await shoot(popup, 'full');
      assert.match(text, WORDS[locale].full);
      assert.deepEqual(await tags(popup), ['网页']);
      disk.free();
      await popup.page.click('#page-card .card-save');
      await popup.page.waitFor(() => document.querySelector('#results .row-title'));
      await shoot(popup, 'saved');
      assert.deepEqual(await tags(popup), ['网页']);
      await popup.close();
      await until('the host to end', () => !isOpen(store()));
    });

    /** @param {Popup} popup */
    const notices = (popup) =>
      popup.page.waitFor(
        () => /** @type {HTMLElement | null} */ (document.querySelector('#notices'))?.innerText,
      );

    it('says so when it is opened after what could not be written to its place, and goes on later', async () => {
      const first = await Popup.open(browser, page);
      await first.addTag('first');
      await first.page.click('#page-card .card-save');
      await saved(first, 'first');
      // It stands in the log still, which nobody can write into the store now.
      disk.fill();
      await first.close();
      await until('the host to end', () => !isOpen(store()));
      assert.ok(fs.statSync(`${store()}-wal`).size > 0);
      const popup = await Popup.open(browser, page);
      assert.match(await notices(popup), WORDS[locale].full);
      await shoot(popup, 'stopped');
      disk.free();
      await checkAgain(popup);
      assert.equal((await popup.search('快照')).titles.length, 1);
      await popup.close();
      await until('the host to end', () => !isOpen(store()));
    });

    it('says so above a library that can be read, and writes to it later', async () => {
      disk.fill();
      const popup = await Popup.open(browser, page);
      assert.match(await notices(popup), WORDS[locale].full);
      await shoot(popup, 'opened');
      assert.equal((await popup.search('快照')).titles.length, 1);
      disk.free();
      await checkAgain(popup);
      await popup.addTag('later');
      await popup.page.click('#page-card .card-save');
      await saved(popup, 'later');
      await popup.close();
      await until('the host to end', () => !isOpen(store()));
    });

    it('says that it may not be written, and is read all the same', async () => {
      disk.setReadOnly(true);
      const popup = await Popup.open(browser, page);
      assert.match(await notices(popup), WORDS[locale].readonly);
      await shoot(popup, 'readonly');
      assert.equal((await popup.search('快照')).titles.length, 1);
      disk.setReadOnly(false);
      await checkAgain(popup);
      await popup.close();
    });
  });
}
