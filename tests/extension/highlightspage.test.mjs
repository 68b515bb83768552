import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { marksAsMarkdown } from '../../extension/lib/marktext.js';
import { asked, openBrowser, saved, texts, until, violations } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

/**
 * @param {number} highlight
 * @param {number} page
 * @param {object} more
 */
const mark = (highlight, page, more) => ({
  highlight,
  page,
  snapshot: page * 100,
  version: 1,
  title: page === 1 ? '光明图书馆' : 'Full-text search',
  made: Date.now() - highlight * 4e6,
  changed: 0,
  quote: `Quote ${highlight}`,
  prefix: '',
  suffix: '',
  place: highlight * 10,
  colour: 'yellow',
  note: '',
  ...more,
});

const highlights = [
  mark(1, 1, { quote: '一个字也能找到', note: '想一想', place: 90 }),
  mark(2, 2, { colour: 'green', quote: 'Words are found' }),
  mark(3, 1, { colour: 'green', quote: '三十年', place: 5 }),
];
const pages = [saved(1, { title: '光明图书馆' }), saved(2, { title: 'Full-text search' })];

/**
 * @param {(tab: Tab) => Promise<void>} body
 * @param {import('./ui-stub.mjs').Scene} [more]
 */
async function marksPage(body, more = {}, look = {}) {
  const scene = { pages, highlights, ...more };
  const { tab, faults } = await browser.open('highlights/highlights.html', scene, {
    width: 1000,
    height: 800,
    ...look,
  });
  try {
    await until(async () => (await texts(tab, '.mark, #nothing, .message')).length > 0, 'anything');
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** @param {Tab} tab @param {string[]} expected */
const quotes = (tab, expected) =>
  until(async () => (await texts(tab, '.mark-quote')).join() === expected.join(), expected.join());

test('highlights stand by page, in the order of the text, and lead to their place', () =>
  marksPage(async (tab) => {
    assert.deepEqual(await texts(tab, '.mark-group h2'), ['光明图书馆', 'Full-text search']);
    await quotes(tab, ['三十年', '一个字也能找到', 'Words are found']);
    assert.deepEqual(await texts(tab, '#count'), ['3 highlights · on 2 pages']);
    const hrefs = await tab.$$eval('.mark-quote, .mark-group h2 a', (found) =>
      found.map((one) => one.getAttribute('href')),
    );
    assert.deepEqual(hrefs, [
      '/page/page.html?page=1',
      '/viewer/viewer.html?snapshot=100&highlight=3',
      '/viewer/viewer.html?snapshot=100&highlight=1',
      '/page/page.html?page=2',
      '/viewer/viewer.html?snapshot=200&highlight=2',
    ]);
    assert.deepEqual(await violations(tab), []);
  }));

test('they are filtered by colour and by words of quote, note or title', () =>
  marksPage(async (tab) => {
    assert.deepEqual(await texts(tab, '#inks .chip'), ['Yellow1', 'Green2']);
    await tab.click('[data-ink=green]');
    await quotes(tab, ['Words are found', '三十年']);
    assert.equal(
      await tab.evaluate(() => document.activeElement?.getAttribute('data-ink')),
      'green',
    );
    await tab.keyboard.press('Slash');
    await tab.keyboard.type('光明');
    await quotes(tab, ['三十年']);
    await tab.click('[data-ink=green]');
    await quotes(tab, ['三十年', '一个字也能找到']);
    await tab.focus('#words');
    await tab.keyboard.press('Escape');
    await tab.keyboard.type('ＷＯＲＤＳ found');
    await quotes(tab, ['Words are found']);
    await tab.keyboard.type(' zzz');
    await until(async () => (await texts(tab, '#nothing .lead')).length === 1, 'nothing');
    assert.deepEqual(await violations(tab), []);
    await tab.click('#nothing .link-button');
    await quotes(tab, ['三十年', '一个字也能找到', 'Words are found']);
  }));

test('a colour and a note are changed in their place, and undone', () =>
  marksPage(async (tab) => {
    await tab.hover('.mark');
    await tab.click('.mark input[value=pink]');
    await until(async () => (await asked(tab, 'highlights.update')).length === 1, 'asked');
    assert.deepEqual(await asked(tab, 'highlights.update'), [{ highlight: 3, colour: 'pink' }]);
    await tab.focus('.mark .mark-tools > button');
    await tab.keyboard.press('Enter');
    await tab.keyboard.type('再看');
    await tab.keyboard.down('Control');
    await tab.keyboard.press('Enter');
    await tab.keyboard.up('Control');
    await until(async () => (await texts(tab, '.mark-note')).join() === '再看,想一想', 'the note');
    await tab.click('.toast .link-button');
    await until(async () => (await texts(tab, '.mark-note')).join() === '想一想', 'undone');
    assert.deepEqual((await asked(tab, 'highlights.update')).at(-1), { highlight: 3, note: '' });
  }));

test('one is deleted, and comes back where it was', () =>
  marksPage(async (tab) => {
    await tab.hover('.mark');
    await tab.click('.mark .mark-tools > button:last-child');
    await quotes(tab, ['一个字也能找到', 'Words are found']);
    await tab.click('.toast .link-button');
    await quotes(tab, ['三十年', '一个字也能找到', 'Words are found']);
    assert.deepEqual(await asked(tab, 'highlights.restore'), [{ highlight: 3 }]);
  }));

test('what is shown is copied as Markdown', () =>
  marksPage(async (tab) => {
    await tab.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', {
        value: {
          writeText: async (/** @type {string} */ text) => Object.assign(globalThis, { text }),
        },
      });
    });
    await tab.click('#copy');
    await until(async () => (await texts(tab, '.toast')).length === 1, 'told');
    const text = await tab.evaluate(() => /** @type {any} */ (globalThis).text);
    assert.equal(
      text,
      [
        '## [光明图书馆](<https://example.com/1>)',
        '> 一个字也能找到\n\n想一想',
        '> 三十年',
        '## [Full-text search](<https://example.com/2>)',
        '> Words are found\n',
      ].join('\n\n'),
    );
  }));

test('marks of Markdown in a quote are text', () => {
  const marks = /** @type {any[]} */ ([{ quote: '# a\n1. *b* [c] <d>', note: '' }]);
  assert.equal(
    marksAsMarkdown([{ title: 'a]b', url: 'https://example.com/<x>', marks }]),
    '## [a\\]b](<https://example.com/%3Cx%3E>)\n\n> \\# a\n> \\1. \\*b\\* \\[c\\] \\<d\\>\n',
  );
});

test('without any, the page says how to make one; a broken store and no host say so', async () => {
  await marksPage(
    async (tab) => {
      assert.deepEqual(await texts(tab, '#nothing .lead'), ['还没有划线']);
      assert.deepEqual(await texts(tab, '#copy'), []);
      assert.deepEqual(await violations(tab), []);
    },
    { highlights: [] },
    { locale: 'zh_CN', dark: true },
  );
  const error = { code: 1205, name: 'store_corrupt', message: 'x' };
  for (const more of [
    { store: { state: 'error', error } },
    { host: 'Specified native messaging host not found.' },
  ]) {
    await marksPage(async (tab) => {
      assert.equal((await texts(tab, '#notices .message .lead')).length, 1);
      assert.deepEqual(await violations(tab), []);
    }, more);
  }
});

test('a library that cannot be changed offers nothing to change', () =>
  marksPage(
    async (tab) => {
      await tab.hover('.mark');
      assert.deepEqual(await texts(tab, '.mark-tools'), []);
      assert.equal((await texts(tab, '#notices .strip')).length, 1);
    },
    { store: { state: 'readonly', error: { name: 'store_readonly', code: 1, message: '' } } },
  ));
