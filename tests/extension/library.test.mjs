import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, saved, texts, until } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const pages = [
  saved(1, { title: 'SQLite 存储', tags: ['数据库'] }),
  saved(2, { title: '<b>Markup</b> &amp; more', tags: ['web', 'full text'] }),
  saved(3, { title: 'Third', url: 'https://example.com/3', tags: ['web'] }),
];

/**
 * The library in the popup.
 *
 * @param {any[]} library
 * @param {(tab: Tab) => Promise<void>} body
 */
async function withLibrary(library, body) {
  const { tab, faults } = await browser.open('popup/popup.html', { pages: library });
  try {
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** @param {Tab} tab @returns {Promise<any>} */
const seen = (tab) => tab.evaluate(() => /** @type {any} */ (globalThis).seen);

/** @param {Tab} tab */
const titles = (tab) => texts(tab, '.row-title');

/** @param {Tab} tab */
const focusedText = (tab) => tab.evaluate(() => document.activeElement?.textContent);

/**
 * @param {Tab} tab
 * @param {string[]} expected
 */
const shows = (tab, expected) =>
  until(async () => (await titles(tab)).join() === expected.join(), `rows ${expected}`);

test('everything is listed, and text is only text', () =>
  withLibrary(pages, async (tab) => {
    assert.deepEqual(await titles(tab), ['SQLite 存储', '<b>Markup</b> &amp; more', 'Third']);
    assert.deepEqual(await texts(tab, '#count'), ['3 pages']);
    assert.equal(await tab.$('.row-title b'), null);
  }));

test('search marks the hits and counts them', () =>
  withLibrary(pages, async (tab) => {
    await tab.type('#query', '存储');
    await shows(tab, ['SQLite 存储']);
    assert.deepEqual(await texts(tab, 'mark'), ['存储', '存储']);
    assert.deepEqual(await texts(tab, '#count'), ['1 page found']);
    await tab.keyboard.press('Escape');
    await until(async () => (await titles(tab)).length === 3, 'all');
    assert.equal((await seen(tab)).closed, 0);
  }));

test('typing fast asks once', () =>
  withLibrary(pages, async (tab) => {
    const asked = async () =>
      (await seen(tab)).requests.filter(
        (/** @type {any} */ { method }) => method === 'pages.search',
      ).length;
    const before = await asked();
    await tab.$eval('#query', (field) => {
      for (const text of ['T', 'Th', 'Thi']) {
        /** @type {HTMLInputElement} */ (field).value = text;
        field.dispatchEvent(new Event('input'));
      }
    });
    await shows(tab, ['Third']);
    assert.equal(await asked(), before + 1);
  }));

test('what was not understood is said', () =>
  withLibrary(pages, async (tab) => {
    await tab.type('#query', 'date:x');
    await until(async () => (await texts(tab, '#nothing .lead')).length === 1, 'nothing found');
    assert.deepEqual(await texts(tab, '#hint'), ['Not understood: date:']);
  }));

test('the keyboard goes through the list and back', () =>
  withLibrary(pages, async (tab) => {
    await tab.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
    await tab.keyboard.press('/');
    assert.equal(await tab.evaluate(() => document.activeElement?.id), 'query');
    assert.equal(await tab.$eval('#query', (field) => /** @type {any} */ (field).value), '');
    await tab.keyboard.press('ArrowDown');
    assert.equal(await focusedText(tab), 'SQLite 存储');
    await tab.keyboard.press('End');
    assert.equal(await focusedText(tab), 'Third');
    await tab.keyboard.press('ArrowDown');
    assert.equal(await focusedText(tab), 'Third');
    await tab.keyboard.press('Home');
    await tab.keyboard.press('ArrowDown');
    assert.equal(await focusedText(tab), '<b>Markup</b> &amp; more');
    await tab.keyboard.press('Enter');
    const { tabs, closed } = await seen(tab);
    assert.match(tabs[0].url, /viewer\/viewer\.html\?snapshot=200$/);
    assert.equal(tabs[0].active, true);
    assert.equal(closed, 1);
    await tab.keyboard.press('ArrowUp');
    await tab.keyboard.press('ArrowUp');
    assert.equal(await tab.evaluate(() => document.activeElement?.id), 'query');
  }));

test('one row at a time is reached with Tab', () =>
  withLibrary(pages, async (tab) => {
    const reachable = () =>
      tab.$$eval('#results [tabindex="0"]', (found) => [
        ...new Set(found.map((one) => one.closest('li')?.querySelector('a')?.textContent)),
      ]);
    assert.deepEqual(await reachable(), ['SQLite 存储']);
    await tab.focus('#results li:nth-child(3) a');
    assert.deepEqual(await reachable(), ['Third']);
  }));

test('Enter in the field opens the first result; Ctrl+click opens behind', () =>
  withLibrary(pages, async (tab) => {
    await tab.type('#query', 'Third');
    await shows(tab, ['Third']);
    await tab.keyboard.press('Enter');
    assert.match((await seen(tab)).tabs[0].url, /snapshot=300&find=Third$/);
    await tab.keyboard.down('Control');
    await tab.click('.row-title');
    await tab.keyboard.up('Control');
    const { tabs, closed } = await seen(tab);
    assert.equal(tabs[1].active, false);
    assert.equal(closed, 1);
  }));

test('a tag of a row and a tag above the list filter, and do not any more', () =>
  withLibrary(pages, async (tab) => {
    await tab.click('#results li:nth-child(2) .chip');
    await shows(tab, ['<b>Markup</b> &amp; more', 'Third']);
    assert.equal(await tab.$eval('#query', (field) => /** @type {any} */ (field).value), 'tag:web');
    assert.deepEqual(await texts(tab, '#filters [aria-pressed="true"] .chip-text'), ['web']);
    await tab.click('#filters [aria-pressed="true"]');
    await until(async () => (await titles(tab)).length === 3, 'all');
  }));

test('tags are edited in the row', () =>
  withLibrary(pages, async (tab) => {
    await tab.hover('#results li:nth-child(1)');
    await tab.click('#results li:nth-child(1) .icon-button:nth-child(2)');
    await tab.keyboard.type('新，');
    await tab.keyboard.press('Enter');
    await until(async () => (await texts(tab, '#results .tag-input')).length === 0, 'done');
    const updates = (await seen(tab)).requests.filter(
      (/** @type {any} */ { method }) => method === 'pages.update',
    );
    assert.deepEqual(
      updates.map((/** @type {any} */ { params }) => params),
      [{ page: 1, tags: ['数据库', '新'] }],
    );
    assert.deepEqual(await texts(tab, '#results li:nth-child(1) .chip'), ['数据库', '新']);
    assert.equal(await focusedText(tab), 'SQLite 存储');
  }));

test('Escape leaves the tags of a row as they were', () =>
  withLibrary(pages, async (tab) => {
    await tab.hover('#results li:nth-child(1)');
    await tab.click('#results li:nth-child(1) .icon-button:nth-child(2)');
    await tab.keyboard.type('x,');
    await tab.keyboard.press('Escape');
    await tab.keyboard.press('Escape');
    assert.deepEqual(await texts(tab, '#results li:nth-child(1) .chip'), ['数据库']);
    assert.ok(
      !(await seen(tab)).requests.some(
        (/** @type {any} */ { method }) => method === 'pages.update',
      ),
    );
  }));

test('the trash takes a page, and gives it back where it was', () =>
  withLibrary(pages, async (tab) => {
    await tab.focus('#results li:nth-child(2) .row-title');
    await tab.keyboard.press('Delete');
    await shows(tab, ['SQLite 存储', 'Third']);
    assert.equal(await focusedText(tab), 'Third');
    assert.match((await texts(tab, '.toast'))[0], /Moved to trash/);
    await tab.click('.toast .link-button');
    await shows(tab, ['SQLite 存储', '<b>Markup</b> &amp; more', 'Third']);
    assert.deepEqual(await texts(tab, '.toast'), ['UndoneRedo']);
    const methods = (await seen(tab)).requests.map((/** @type {any} */ { method }) => method);
    assert.ok(methods.includes('pages.trash') && methods.includes('pages.restore'));
  }));

test('what the host refuses to trash stays', () =>
  withLibrary(pages, async (tab) => {
    await tab.evaluate(() => {
      // A page that is not there.
      /** @type {any} */ (globalThis).pages.splice(0, 1);
    });
    await tab.focus('.row-title');
    await tab.keyboard.press('Delete');
    await until(async () => (await texts(tab, '.toast')).length === 1, 'a message');
    assert.equal((await titles(tab)).length, 3);
  }));

test('a long list comes in pieces', () =>
  withLibrary(
    Array.from({ length: 75 }, (_, i) => saved(i + 1)),
    async (tab) => {
      assert.equal(await tab.$$eval('.row', ({ length }) => length), 30);
      for (const number of [60, 75]) {
        await tab.$eval('#library', (list) => list.scrollTo(0, list.scrollHeight));
        await until(
          async () => (await tab.$$eval('.row', ({ length }) => length)) === number,
          `${number} rows`,
        );
      }
      assert.deepEqual(await texts(tab, '#count'), ['75 pages']);
    },
  ));

test('an input method keeps its Enter and its commas', () =>
  withLibrary(pages, async (tab) => {
    const cdp = await tab.createCDPSession();
    await tab.focus('.card .tag-input input');
    const chips = () => texts(tab, '.card .chip');
    await cdp.send('Input.imeSetComposition', {
      text: 'du shu',
      selectionStart: 6,
      selectionEnd: 6,
    });
    // The Enter that takes what is composed as it stands.
    await tab.$eval('.card .tag-input input', (input) => {
      const enter = { key: 'Enter', isComposing: true, bubbles: true, cancelable: true };
      input.dispatchEvent(new KeyboardEvent('keydown', enter));
    });
    assert.deepEqual(await chips(), []);
    await cdp.send('Input.insertText', { text: '读书' });
    assert.deepEqual(await chips(), []);
    await cdp.send('Input.insertText', { text: '，' });
    assert.deepEqual(await chips(), ['读书']);
    await cdp.send('Input.insertText', { text: '网页；快照' });
    assert.deepEqual(await chips(), ['读书', '网页']);
    await tab.keyboard.press('Enter');
    assert.deepEqual(await chips(), ['读书', '网页', '快照']);
    assert.deepEqual((await seen(tab)).messages, []);
  }));

test('completion offers the tags in use', () =>
  withLibrary(pages, async (tab) => {
    await tab.focus('.card .tag-input input');
    await tab.keyboard.type('t');
    await until(async () => (await texts(tab, '.choices li')).length > 0, 'choices');
    assert.deepEqual(await texts(tab, '.choices .chip-text'), ['full text']);
    await tab.keyboard.press('ArrowDown');
    await tab.keyboard.press('Enter');
    assert.deepEqual(await texts(tab, '.card .chip'), ['full text']);
    await tab.keyboard.press('ArrowDown');
    await until(async () => (await texts(tab, '.choices li')).length === 2, 'the others');
    await tab.keyboard.press('Escape');
    assert.deepEqual(await texts(tab, '.choices li'), []);
    assert.equal((await seen(tab)).closed, 0);
    await tab.click('.card .chip button');
    assert.deepEqual(await texts(tab, '.card .chip'), []);
  }));

test('what is still being typed counts when the field is left', () =>
  withLibrary(pages, async (tab) => {
    await tab.focus('.card .tag-input input');
    await tab.keyboard.type('last');
    await tab.focus('#query');
    assert.deepEqual(await texts(tab, '.card .chip'), ['last']);
  }));
