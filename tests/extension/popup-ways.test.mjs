/** Where the popup leads, and what it says of a library that has no room left. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TAB, openBrowser, saved, texts, until, violations } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

/**
 * @param {import('./ui-stub.mjs').Scene} scene
 * @param {(tab: Tab) => Promise<void>} body
 * @param {{ locale?: string, dark?: boolean }} [look]
 */
async function popup(scene, body, look) {
  const { tab, faults } = await browser.open('popup/popup.html', scene, look);
  try {
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** What the page did, by the stub's log. @param {Tab} tab @returns {Promise<any>} */
const seen = (tab) => tab.evaluate(() => /** @type {any} */ (globalThis).seen);

const mine = {
  ...saved(3, { versions: 4, url: TAB.url, site: 'example.org' }),
  snapshots: [{ snapshot: 300, taken: 1, state: 'complete' }],
};
const job = { kind: 'tab', tabId: TAB.id, url: TAB.url };
const failed = {
  id: `tab:5:${TAB.url}`,
  job,
  worker: 'w',
  started: 1,
  state: 'failed',
  progress: { stage: 'start' },
  error: { name: 'quota', message: '', data: {} },
};
const over = { over: true, bytes: 1_300_000_000, quota: 1_000_000_000 };

test('since when a page is saved leads to all that is kept of it', () =>
  popup({ pages: [mine] }, async (tab) => {
    const line = '.card-meta .link-button';
    await tab.waitForSelector(line);
    assert.deepEqual(await texts(tab, '.card-meta'), [
      'example.org · Saved 3 hr. ago · 4 versions',
    ]);
    await tab.focus(line);
    // What is typed elsewhere draws the card anew; the link is not made anew with it.
    await tab.$eval('.card-title', (title) => title.dispatchEvent(new Event('input')));
    assert.ok(await tab.$eval(line, (button) => button === document.activeElement));
    await tab.keyboard.press('Enter');
    const { tabs, closed } = await seen(tab);
    assert.match(tabs[0].url, /\/page\/page\.html\?page=3$/);
    assert.equal(closed, 1);
  }));

test('a page that is new has nothing to lead to', () =>
  popup({ pages: [saved(1)] }, async (tab) => {
    await tab.waitForSelector('#results li');
    assert.deepEqual(await texts(tab, '.card-meta'), ['example.org']);
    assert.deepEqual(await texts(tab, '.card-meta button'), []);
  }));

test('the statistics are one click away', () =>
  popup({ pages: [saved(1)] }, async (tab) => {
    await tab.click('#open-statistics');
    assert.match((await seen(tab)).tabs[0].url, /\/statistics\/statistics\.html$/);
  }));

test('a library that is larger than allowed says so, and leads to the settings', () =>
  popup({ pages: [saved(1)], store: over }, async (tab) => {
    await tab.waitForSelector('#notices .strip');
    assert.match(
      (await texts(tab, '#notices'))[0],
      /^The library is larger than the settings allow\s*It takes 1\.3\sGB of 1\sGB\./,
    );
    await tab.click('#notices .link-button');
    assert.equal((await seen(tab)).options, 1);
  }));

test('a save that was refused for it leads there as well', () =>
  popup({ pages: [saved(1)], saves: { [`save:${failed.id}`]: failed } }, async (tab) => {
    await tab.waitForSelector('.card-outcome .strip.bad');
    assert.match(
      (await texts(tab, '.card-outcome'))[0],
      /^The library is as large as the settings allow\s*Raise the limit/,
    );
    await tab.click('.card-outcome .link-button');
    assert.equal((await seen(tab)).options, 1);
  }));

for (const [badge, taken] of /** @type {const} */ ([
  ['!', [{ tabId: TAB.id, text: null }]],
  ['45%', [{ tabId: TAB.id, text: null }]],
  ['✓', []],
])) {
  test(`a badge that says ${badge} is ${taken.length ? 'taken back' : 'left'}`, () =>
    popup({ pages: [saved(1)], badge }, async (tab) => {
      await tab.waitForSelector('#results li');
      await until(async () => (await seen(tab)).badges.length >= taken.length, 'the badge');
      assert.deepEqual((await seen(tab)).badges, taken);
    }));
}

for (const look of [{}, { locale: 'zh_CN', dark: true }]) {
  test(`no state of it keeps anybody out (${look.locale ?? 'en'})`, async () => {
    const scenes = [
      { pages: [mine], store: over },
      { pages: [saved(1)], saves: { [`save:${failed.id}`]: failed } },
    ];
    for (const scene of scenes) {
      await popup(
        scene,
        async (tab) => {
          await tab.waitForSelector('.strip');
          await tab.waitForSelector('#results li');
          assert.deepEqual(await violations(tab), []);
        },
        look,
      );
    }
  });
}
