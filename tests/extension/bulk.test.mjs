import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { asked, openBrowser, saved, texts, until } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const pages = Array.from({ length: 40 }, (_, i) =>
  saved(i + 1, { tags: i % 2 ? ['web'] : ['web', '读书'] }),
);

/**
 * @param {import('./ui-stub.mjs').Scene} scene
 * @param {(tab: Tab) => Promise<void>} body
 * @param {string} [search]
 */
async function library(scene, body, search = '') {
  const { tab, faults } = await browser.open(
    `library/library.html${search}`,
    { pages, ...scene },
    { width: 1100, height: 900 },
  );
  try {
    await tab.waitForSelector('.row');
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** @param {number} row @param {string} [part] */
const at = (row, part = '.row-check input') => `#results li:nth-child(${row}) ${part}`;

/** @param {Tab} tab @param {number} expected */
const selected = (tab, expected) =>
  until(
    async () => (await tab.$$('.row.selected')).length === expected,
    `${expected} rows selected`,
  );

/** @param {Tab} tab @param {import('puppeteer-core').KeyInput} held @param {() => Promise<void>} act */
async function holding(tab, held, act) {
  await tab.keyboard.down(held);
  await act();
  await tab.keyboard.up(held);
}

/** @param {Tab} tab @param {string} expected - of the message */
const told = (tab, expected) =>
  until(async () => ((await texts(tab, '.toast'))[0] ?? '').startsWith(expected), expected);

/** @param {Tab} tab @param {string} words */
const press = async (tab, words) => {
  const buttons = await tab.$$('.bulk .button');
  for (const button of buttons) {
    if ((await button.evaluate((one) => one.textContent)) === words) {
      await button.click();
      return;
    }
  }
  assert.fail(`no button ${words}`);
};

test('rows are selected one by one, and in a range', () =>
  library({}, async (tab) => {
    assert.deepEqual(await texts(tab, '.bulk'), []);
    await tab.click(at(2));
    await selected(tab, 1);
    await holding(tab, 'Shift', () => tab.click(at(5)));
    await selected(tab, 4);
    assert.deepEqual(await texts(tab, '.bulk-count'), ['4 selected']);
    await holding(tab, 'Control', () => tab.click(at(3, '.row-title')));
    await selected(tab, 3);
    await holding(tab, 'Shift', () => tab.click(at(1, '.row-title')));
    await selected(tab, 5);
    await tab.keyboard.press('Escape');
    await selected(tab, 0);
    assert.deepEqual(await texts(tab, '.bulk'), []);
  }));

test('the keyboard selects as well', () =>
  library({}, async (tab) => {
    await tab.focus('#query');
    await tab.keyboard.press('ArrowDown');
    await tab.keyboard.press('Space');
    await selected(tab, 1);
    await holding(tab, 'Shift', async () => {
      await tab.keyboard.press('ArrowDown');
      await tab.keyboard.press('ArrowDown');
    });
    await selected(tab, 3);
    assert.deepEqual(await texts(tab, '.bulk .link-button'), ['Select all 40 that match']);
    await holding(tab, 'Control', () => tab.keyboard.press('a'));
    assert.deepEqual(await texts(tab, '.bulk-count'), ['40 selected']);
    assert.deepEqual(await texts(tab, '.bulk .link-button'), []);
    await tab.keyboard.press('Space');
    assert.deepEqual(await texts(tab, '.bulk-count'), ['39 selected']);
    await tab.keyboard.press('Escape');
    await selected(tab, 0);
    assert.equal(new URL(tab.url()).pathname, '/library/library.html');
  }));

test('tags are added to some, and that is undone and done again', () =>
  library({}, async (tab) => {
    await tab.click(at(1));
    await tab.click(at(2));
    await press(tab, 'Add tags');
    await tab.keyboard.type('新，');
    await tab.keyboard.press('Enter');
    await told(tab, '2 pages changed');
    assert.deepEqual(await asked(tab, 'pages.edit'), [{ pages: [1, 2], add: ['新'] }]);
    assert.deepEqual(await texts(tab, at(1, '.chip')), ['web', '读书', '新']);
    await selected(tab, 2);
    await tab.click('.toast .link-button');
    await told(tab, 'Undone');
    assert.deepEqual(await texts(tab, at(1, '.chip')), ['web', '读书']);
    await tab.click('.toast .link-button');
    await until(async () => (await texts(tab, at(1, '.chip'))).length === 3, 'done again');
    assert.deepEqual(await asked(tab, 'undo'), [{ step: 1 }, { step: 2 }]);
  }));

test('tags that the selected ones have are removed', () =>
  library({}, async (tab) => {
    await tab.click(at(2));
    await press(tab, 'Remove tags');
    await tab.keyboard.press('ArrowDown');
    await until(async () => (await texts(tab, '.bulk li .chip-text')).length > 0, 'choices');
    assert.deepEqual(await texts(tab, '.bulk li .chip-text'), ['web']);
    await tab.keyboard.press('ArrowDown');
    await tab.keyboard.press('Enter');
    await tab.click('.bulk-tags .primary');
    await told(tab, '1 page changed');
    assert.deepEqual(await asked(tab, 'pages.edit'), [{ pages: [2], remove: ['web'] }]);
  }));

test('all that a query finds goes to the trash by that query', () =>
  library(
    {},
    async (tab) => {
      await until(async () => (await texts(tab, '#count'))[0] === '20 pages found', 'found');
      await tab.focus('.row-title');
      await holding(tab, 'Control', () => tab.keyboard.press('a'));
      await press(tab, 'Move to trash');
      await told(tab, '20 pages changed');
      assert.deepEqual(await asked(tab, 'pages.edit'), [{ query: 'tag:读书', trash: true }]);
      assert.deepEqual(await texts(tab, '.row, .bulk'), []);
      await tab.click('[data-key="is:trashed"]');
      await until(async () => (await texts(tab, '#count'))[0] === '20 pages found', 'the trash');
      await tab.click(at(1));
      await press(tab, 'Take out of the trash');
      await told(tab, '1 page changed');
      assert.deepEqual((await asked(tab, 'pages.edit'))[1], { pages: [1], trash: false });
    },
    '?q=tag%3A读书',
  ));

test('links of the selected ones are checked, of all by their numbers', () =>
  library({}, async (tab) => {
    await tab.click(at(3));
    await press(tab, 'Check links');
    await told(tab, '1 link is being checked');
    assert.deepEqual(await asked(tab, 'queue.check'), [{ pages: [3] }]);
    await tab.focus('.row-title');
    await holding(tab, 'Control', () => tab.keyboard.press('a'));
    await press(tab, 'Check links');
    await told(tab, '40 links are being checked');
    assert.equal((await asked(tab, 'queue.check'))[1].pages.length, 40);
  }));

test('all but some are changed by their numbers', () =>
  library({}, async (tab) => {
    await tab.focus('.row-title');
    await holding(tab, 'Control', () => tab.keyboard.press('a'));
    await tab.click(at(2));
    await press(tab, 'Move to trash');
    await told(tab, '39 pages changed');
    const [{ pages: changed }] = await asked(tab, 'pages.edit');
    assert.equal(changed.length, 39);
    assert.ok(!changed.includes(2));
  }));

test('the last changes are undone and done again with the keyboard', () =>
  library({}, async (tab) => {
    const count = (/** @type {number} */ pages) =>
      until(async () => (await texts(tab, '#count'))[0] === `${pages} pages`, `${pages} pages`);
    for (const left of [39, 38]) {
      await tab.focus('.row-title');
      await tab.keyboard.press('Delete');
      await count(left);
    }
    await holding(tab, 'Control', () => tab.keyboard.press('z'));
    await count(39);
    await holding(tab, 'Control', () => tab.keyboard.press('z'));
    await count(40);
    assert.equal(await tab.$eval('.row-title', (one) => one.textContent), 'Page 1');
    await holding(tab, 'Control', () => tab.keyboard.press('y'));
    await count(39);
    await tab.focus('#query');
    await holding(tab, 'Control', () => tab.keyboard.press('z'));
    assert.deepEqual(await texts(tab, '#count'), ['39 pages']);
  }));

test('pages are fetched again through the queue, and that is taken back', () =>
  library({}, async (tab) => {
    await tab.click(at(1));
    await tab.click(at(3));
    await press(tab, 'Snapshot again');
    await told(tab, '2 links are in the queue');
    assert.deepEqual((await asked(tab, 'queue.add'))[0].urls, [
      'https://example.com/1',
      'https://example.com/3',
    ]);
    await tab.click('.toast .link-button');
    await told(tab, 'Undone');
    assert.deepEqual(await asked(tab, 'queue.cancel'), [{ jobs: [1, 2] }]);
    assert.deepEqual(await asked(tab, 'queue.clear'), [{ jobs: [1, 2] }]);
  }));

test('another query selects nothing', () =>
  library({}, async (tab) => {
    await tab.click(at(3));
    await tab.type('#query', 'Page 1');
    await selected(tab, 0);
    assert.deepEqual(await texts(tab, '.bulk'), []);
  }));

test('among pages like one, everything is what is shown', () =>
  library(
    {},
    async (tab) => {
      await tab.waitForSelector('#like:not([hidden])');
      await tab.focus('.row-title');
      await holding(tab, 'Control', () => tab.keyboard.press('a'));
      await press(tab, 'Move to trash');
      await until(async () => (await asked(tab, 'pages.edit')).length === 1, 'asked');
      assert.equal((await asked(tab, 'pages.edit'))[0].pages.length, 20);
    },
    '?like=1',
  ));

test('what the host refuses is told; a library that is read only offers nothing', async () => {
  await library({ fails: { 'pages.edit': 'store_busy' } }, async (tab) => {
    await tab.click(at(1));
    await press(tab, 'Move to trash');
    await told(tab, 'Another program');
    await selected(tab, 1);
  });
  const store = { state: 'readonly', error: { name: 'store_full' } };
  await library({ store }, async (tab) => {
    await tab.click(at(1));
    assert.deepEqual(await texts(tab, '.bulk .button:not(:disabled)'), ['Export']);
  });
});
