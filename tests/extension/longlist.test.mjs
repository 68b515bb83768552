/** The library with 100,000 pages: only what is looked at is there, and one gets anywhere. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { PNG } from 'pngjs';

import { Track, gridOf, placeFor } from '../../extension/library/geometry.js';
import { openBrowser, saved, sleep, texts, until, violations } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

const MANY = 100_000;

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

/**
 * @param {import('./ui-stub.mjs').Scene} scene
 * @param {(tab: Tab) => Promise<void>} body
 * @param {object} [look]
 */
async function library(scene, body, look = {}) {
  const { tab, faults } = await browser.open(
    'library/library.html',
    { pages: [saved(1, { tags: ['web'] })], endless: MANY, ...scene },
    { width: 1100, height: 800, ...look },
  );
  try {
    await tab.waitForSelector('.row-title');
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** The first title in view. @param {Tab} tab */
const atTop = (tab) =>
  tab.evaluate(() => {
    const titles = [...document.querySelectorAll('.row-title')];
    return titles.find((one) => one.getBoundingClientRect().top > 80)?.textContent ?? '';
  });

/** @param {Tab} tab @param {number} part - of the whole */
const scroll = (tab, part) =>
  tab.evaluate((to) => scrollTo(0, to * document.documentElement.scrollHeight), part);

/** @param {Tab} tab @returns {Promise<any[]>} */
const searches = (tab) =>
  tab.evaluate(() =>
    /** @type {any} */ (globalThis).seen.requests.flatMap((/** @type {any} */ one) =>
      one.method === 'pages.search' && one.params.limit > 1 ? [one.params] : [],
    ),
  );

/** @param {Tab} tab */
const focused = (tab) => tab.evaluate(() => document.activeElement?.textContent);

test('a list may be as tall as it likes, and is asked for where it is looked at', () =>
  library({}, async (tab) => {
    assert.deepEqual(await texts(tab, '#count'), ['100,000 pages']);
    assert.ok((await tab.$$('.item')).length < 40);
    await scroll(tab, 0.5);
    await until(async () => /^Page (49|50)\d{3}$/.test(await atTop(tab)), 'the middle');
    assert.equal((await tab.$$('.blank')).length, 0);
    assert.ok((await tab.$$('.item')).length < 40);
    const asked = await searches(tab);
    assert.ok(asked.length <= 4, `${asked.length} requests`);
    assert.ok(asked.at(-1).skip > 49_000 && asked.at(-1).limit <= 50);
    await scroll(tab, 1);
    await until(async () => (await texts(tab, '.row-title')).includes('Page 100000'), 'the end');
  }));

test('what is scrolled past is not asked for', () =>
  library({}, async (tab) => {
    const before = (await searches(tab)).length;
    await tab.evaluate(async () => {
      for (let i = 1; i <= 60; i++) {
        scrollTo(0, i * 100_000);
        await new Promise(requestAnimationFrame);
      }
    });
    await until(async () => (await texts(tab, '.row-title')).length > 5, 'rows');
    assert.ok((await searches(tab)).length - before <= 62);
    assert.equal((await tab.$$('.blank')).length, 0);
  }));

test('items tell where they are, and only one is reached with Tab', () =>
  library({}, async (tab) => {
    await scroll(tab, 0.3);
    await until(async () => (await atTop(tab)).length > 8, 'rows');
    const told = await tab.$$eval('.item', (found) =>
      found.map((one) => [
        one.ariaSetSize,
        one.ariaPosInSet,
        one.querySelector('.row-title')?.textContent,
      ]),
    );
    for (const [size, place, title] of told) {
      assert.deepEqual([size, title], ['100000', `Page ${place}`]);
    }
    const places = told.map(([, place]) => Number(place));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
    await tab.focus('.item:nth-child(9) .row-title');
    assert.equal((await tab.$$('.row-title[tabindex="0"]')).length, 1);
    assert.deepEqual(await violations(tab), []);
  }));

test('the keyboard goes to the end, a window at a time, and back', () =>
  library({}, async (tab) => {
    await tab.focus('.row-title');
    await tab.keyboard.press('End');
    await until(async () => (await focused(tab)) === 'Page 100000', 'the last');
    await tab.keyboard.press('ArrowUp');
    assert.equal(await focused(tab), 'Page 99999');
    await tab.keyboard.press('PageUp');
    await until(async () => /^Page 9999\d$/.test((await focused(tab)) ?? ''), 'a window up');
    await tab.keyboard.press('Home');
    await until(async () => (await focused(tab)) === 'Page 1', 'the first');
    assert.ok((await tab.evaluate(() => scrollY)) < 60);
    await tab.keyboard.press('ArrowUp');
    assert.equal(await tab.evaluate(() => document.activeElement?.id), 'query');
  }));

test('who works in an item stays there while the list is scrolled', () =>
  library({}, async (tab) => {
    await tab.hover('.item');
    await tab.click('.item .row-actions .icon-button:nth-child(2)');
    await tab.keyboard.type('new');
    await scroll(tab, 0.5);
    await until(async () => /^Page (49|50)/.test(await atTop(tab)), 'the middle');
    assert.equal(
      await tab.evaluate(() => /** @type {any} */ (document.activeElement).value),
      'new',
    );
    await tab.keyboard.press('Escape');
    await tab.keyboard.press('Escape');
    await until(async () => (await tab.$$('.editing')).length === 0, 'left');
  }));

test('a range is selected over what was never seen', () =>
  library({}, async (tab) => {
    await tab.click('.item:nth-child(3) .row-check input');
    await tab.evaluate(() => scrollTo(0, 90_000));
    await until(async () => /^Page 10\d\d$/.test(await atTop(tab)), 'further down');
    const box = await tab.$('[aria-posinset="1050"] .row-check input');
    await tab.keyboard.down('Shift');
    await box?.click();
    await tab.keyboard.up('Shift');
    await until(async () => (await texts(tab, '.bulk-count'))[0] === '1,048 selected', 'selected');
    await tab.click('.bulk .button:nth-last-child(2)');
    await until(async () => (await texts(tab, '.toast')).length > 0, 'told');
    const [edit] = await tab.evaluate(() =>
      /** @type {any} */ (globalThis).seen.requests.filter(
        (/** @type {any} */ { method }) => method === 'pages.edit',
      ),
    );
    assert.deepEqual([edit.params.pages.length, edit.params.trash], [1048, true]);
    assert.deepEqual([edit.params.pages[0], edit.params.pages.at(-1)], [3, 1050]);
  }));

test('everything is selected by what was asked for, not one by one', () =>
  library({}, async (tab) => {
    await tab.focus('.row-title');
    await tab.keyboard.down('Control');
    await tab.keyboard.press('a');
    await tab.keyboard.up('Control');
    assert.deepEqual(await texts(tab, '.bulk-count'), ['100,000 selected']);
    await scroll(tab, 0.8);
    await until(async () => /^Page (79|80)/.test(await atTop(tab)), 'further down');
    assert.equal(
      (await tab.$$('.item.selected')).length,
      (await tab.$$('.item:not(.blank)')).length,
    );
    await tab.click('.bulk .button:nth-last-child(2)');
    await until(async () => (await texts(tab, '.toast')).length > 0, 'told');
    const edits = await tab.evaluate(() =>
      /** @type {any} */ (globalThis).seen.requests.filter(
        (/** @type {any} */ { method }) => method === 'pages.edit',
      ),
    );
    assert.deepEqual(
      edits.map((/** @type {any} */ { params }) => params),
      [{ query: '', trash: true }],
    );
  }));

test('rows become cards and the place is kept; the next time it opens so', () =>
  library({}, async (tab) => {
    await scroll(tab, 0.5);
    await until(async () => /^Page (49|50)/.test(await atTop(tab)), 'the middle');
    const before = Number((await atTop(tab)).slice(5));
    await tab.$eval('#views [value=cards]', (one) => /** @type {HTMLElement} */ (one).click());
    await until(async () => (await tab.$$('.cards .item')).length > 5, 'cards');
    await until(
      async () => Math.abs(Number((await atTop(tab)).slice(5)) - before) < 8,
      'the same place',
    );
    const columns = await tab.$eval('#results', (one) =>
      Number(/** @type {HTMLElement} */ (one).style.getPropertyValue('--columns')),
    );
    await tab.focus('.item:nth-child(12) .row-title');
    const from = Number((await focused(tab))?.slice(5));
    await tab.keyboard.press('ArrowDown');
    assert.equal(await focused(tab), `Page ${from + columns}`);
    await tab.keyboard.press('ArrowLeft');
    assert.equal(await focused(tab), `Page ${from + columns - 1}`);
    assert.deepEqual(await violations(tab), []);
    const kept = await tab.evaluate(() =>
      /** @type {any} */ (globalThis).chrome.storage.local.get('settings'),
    );
    assert.equal(kept.settings.view, 'cards');
    await library({ local: kept }, async (other) => {
      await other.waitForSelector('.cards .row-title');
      assert.equal(await other.$eval('#views [value=cards]', (one) => one.ariaPressed), 'true');
    });
  }));

test('pictures come for what is in view, and are made of a picture of the snapshot', async () => {
  const pixel = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
  const thumbnails = { 100: pixel, 300: pixel };
  const scene = {
    endless: 0,
    pages: Array.from({ length: 60 }, (_, i) => saved(i + 1)),
    thumbnails,
    pictures: { 200: 'ab' },
    asset: PNG.sync.write(new PNG({ width: 400, height: 900 })).toString('base64'),
  };
  await library(scene, async (tab) => {
    await until(async () => (await tab.$$('.shot.pictured')).length === 3, 'pictures');
    const { requests } = await tab.evaluate(() => /** @type {any} */ (globalThis).seen);
    const of = (/** @type {string} */ name) =>
      requests.filter((/** @type {any} */ { method }) => method === name);
    assert.ok(
      of('thumbnails.get').every((/** @type {any} */ one) => one.params.snapshots.length <= 24),
    );
    const [set, ...more] = of('thumbnails.set');
    assert.deepEqual(more, []);
    assert.deepEqual([set.params.snapshot, set.params.media_type], [200, 'image/webp']);
    assert.ok(set.params.data.length > 100);
    assert.deepEqual(
      of('snapshots.read').map((/** @type {any} */ { params }) => params),
      [{ snapshot: 200, asset: 'ab', offset: 0 }],
    );
    const asked = of('thumbnails.get').length;
    await scroll(tab, 1);
    await sleep(400);
    await tab.evaluate(() => scrollTo(0, 0));
    await until(async () => (await tab.$$('.shot.pictured')).length === 3, 'pictures again');
    assert.ok(of('thumbnails.get').length >= asked);
  });
});

test('a list that cannot be had says so', () =>
  library({}, async (tab) => {
    await tab.evaluate(() => {
      /** @type {any} */ (globalThis).scene.fails = { 'pages.search': 'store_busy' };
    });
    await scroll(tab, 0.5);
    await until(async () => (await texts(tab, '#nothing')).length === 1, 'told');
    assert.match((await texts(tab, '#nothing'))[0], /Another program/);
  }));

test('the track has a ceiling, and leads to both ends', () => {
  const plain = new Track(8_000_000, 800);
  assert.equal(plain.height, 8_000_000);
  assert.equal(plain.contentAt(1234), 1234);
  const tall = new Track(90_000_000, 800);
  assert.ok(tall.height < 17_000_000);
  assert.equal(tall.contentAt(0), 0);
  assert.equal(Math.round(tall.contentAt(tall.height - 800)), 90_000_000 - 800);
  assert.equal(Math.round(tall.scrolledTo(tall.contentAt(5_000_000))), 5_000_000);
});

test('cards fill the room in equal columns', () => {
  assert.equal(gridOf('rows', 900, false).columns, 1);
  assert.ok(gridOf('rows', 900, true).pitch > gridOf('rows', 900, false).pitch);
  assert.deepEqual(
    [200, 467, 468, 1200].map((width) => gridOf('cards', width, false).columns),
    [1, 1, 2, 5],
  );
});

test('keys lead from place to place', () => {
  const at = { place: 10, total: 22, columns: 4, lines: 3 };
  const to = (/** @type {string} */ key, more = {}) => placeFor(key, { ...at, ...more });
  assert.deepEqual(
    ['ArrowDown', 'ArrowUp', 'ArrowRight', 'ArrowLeft', 'Home', 'End', 'PageDown', 'x'].map((key) =>
      to(key),
    ),
    [14, 6, 11, 9, 0, 21, 18, null],
  );
  assert.equal(to('ArrowUp', { place: 2 }), -1);
  assert.equal(to('ArrowDown', { place: 19 }), 21);
  assert.equal(to('ArrowDown', { place: 21 }), 21);
  assert.equal(to('PageUp', { place: 2 }), 0);
  assert.equal(to('ArrowRight', { columns: 1 }), null);
});
