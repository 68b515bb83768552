import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { WORDS, asked, openBrowser, saved, texts, until } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const pages = [
  saved(1, { tags: ['work', 'web'] }),
  saved(2, { tags: ['work/reading'] }),
  saved(3, { tags: ['work/reading', '读书'] }),
];

/**
 * @param {import('./ui-stub.mjs').Scene} scene
 * @param {(tab: Tab) => Promise<void>} body
 */
async function tagPage(scene, body) {
  const { tab, faults } = await browser.open(
    'tags/tags.html',
    { pages, unused: ['old'], colours: { work: '#3281c4' }, ...scene },
    { width: 900, height: 700 },
  );
  try {
    await until(async () => (await texts(tab, '#count')).join() !== '', 'the tags');
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** @param {Tab} tab @param {string} selector @param {string[]} expected */
const shows = (tab, selector, expected) =>
  until(async () => (await texts(tab, selector)).join() === expected.join(), `${expected}`);

/** @param {string} name */
const row = (name) => `.tag-row[data-tag="${name}"]`;

test('all tags are listed as a tree, with their numbers', () =>
  tagPage({}, async (tab) => {
    assert.deepEqual(await texts(tab, '.tag-name'), ['old', 'web', 'work', 'reading', '读书']);
    assert.deepEqual(await texts(tab, '.tag-count'), [
      'not used',
      '1 page',
      '1 page, 3 with those below',
      '2 pages',
      '1 page',
    ]);
    assert.deepEqual(await texts(tab, '#count'), ['5 tags']);
    const href = await tab.$eval(`${row('work/reading')} a`, (one) => one.getAttribute('href'));
    assert.equal(href, '/library/library.html?q=tag%3Awork%2Freading');
  }));

test('they are filtered by what the host knows, pinyin too', () =>
  tagPage({ pinyin: { ds: ['读书'] } }, async (tab) => {
    await tab.type('#part', 'ds');
    await shows(tab, '.tag-name', ['读书']);
    await tab.keyboard.press('Escape');
    await until(async () => (await texts(tab, '.tag-name')).length === 5, 'all');
    await tab.type('#part', 'read');
    await shows(tab, '.tag-name', ['work/reading']);
    assert.deepEqual(await texts(tab, '.tag-name mark'), ['read']);
    await tab.type('#part', 'zzz');
    await shows(tab, '#nothing .lead', ['No tag is called so']);
  }));

test('a name is changed in its place, and that is undone', () =>
  tagPage({}, async (tab) => {
    await tab.focus(`${row('work')} .tag-name`);
    await tab.keyboard.press('F2');
    await tab.keyboard.type('job');
    await tab.keyboard.press('Enter');
    await shows(tab, '.tag-name', ['job', 'reading', 'old', 'web', '读书']);
    assert.deepEqual(await asked(tab, 'tags.rename'), [{ tag: 'work', name: 'job' }]);
    assert.equal(await tab.evaluate(() => document.activeElement?.textContent), 'job');
    assert.match((await texts(tab, '.toast'))[0], /^Renamed to job/);
    await tab.click('.toast .link-button');
    await shows(tab, '.tag-name', ['old', 'web', 'work', 'reading', '读书']);
    assert.match((await texts(tab, '.toast'))[0], /^Undone.*Redo$/);
    await tab.focus(`${row('web')} .tag-name`);
    await tab.keyboard.down('Control');
    await tab.keyboard.press('y');
    await shows(tab, '.tag-name', ['job', 'reading', 'old', 'web', '读书']);
    await tab.keyboard.press('z');
    await tab.keyboard.up('Control');
    await shows(tab, '.tag-name', ['old', 'web', 'work', 'reading', '读书']);
  }));

test('Escape and a double click: nothing changes, a field comes', () =>
  tagPage({}, async (tab) => {
    await tab.click(`${row('web')} .tag-count`, { clickCount: 2 });
    await tab.keyboard.type('xyz');
    await tab.keyboard.press('Escape');
    await shows(tab, `${row('web')} .tag-name`, ['web']);
    assert.deepEqual(await asked(tab, 'tags.rename'), []);
    await until(
      () => tab.evaluate(() => document.activeElement?.textContent === 'web'),
      'the focus is back',
    );
  }));

test('a name that is taken is asked about, and joins the two', () =>
  tagPage({}, async (tab) => {
    await tab.focus(`${row('web')} .tag-name`);
    await tab.keyboard.press('F2');
    await tab.keyboard.type(' 读书 ');
    await tab.keyboard.press('Enter');
    await until(async () => (await texts(tab, '.tag-ask')).length === 1, 'asked');
    assert.match((await texts(tab, '.tag-ask'))[0], /There is a tag “读书” already/);
    assert.deepEqual(await asked(tab, 'tags.rename'), []);
    await tab.keyboard.press('Enter');
    await shows(tab, '.tag-name', ['old', 'work', 'reading', '读书']);
    assert.match((await texts(tab, '.toast'))[0], /^Merged into/);
  }));

test('a colour is chosen, also by the keyboard, and taken away', () =>
  tagPage({}, async (tab) => {
    const colourOf = (/** @type {string} */ name) =>
      tab.$eval(`${row(name)} .swatch`, (one) =>
        /** @type {HTMLElement} */ (one).style.getPropertyValue('--tag'),
      );
    assert.equal(await colourOf('work/reading'), '#3281c4'); // of the tag above it
    await tab.focus(`${row('web')} .swatch`);
    await tab.keyboard.press('Enter');
    assert.equal(await tab.$$eval('#colours .swatch', ({ length }) => length), 9);
    await tab.keyboard.press('Home');
    await tab.keyboard.press('ArrowUp');
    await tab.keyboard.press('ArrowLeft');
    await tab.keyboard.press('ArrowLeft');
    await tab.keyboard.press('ArrowLeft');
    await tab.keyboard.press('Enter');
    await until(async () => (await colourOf('web')) === '#cc5952', 'red');
    assert.deepEqual(await asked(tab, 'tags.colour'), [{ tag: 'web', colour: '#cc5952' }]);
    await tab.click(`${row('web')} .swatch`);
    await tab.click('#colours .swatch:last-child');
    await until(async () => (await colourOf('web')) === 'transparent', 'none');
  }));

test('tags are deleted: one, some, those that are not used', () =>
  tagPage({}, async (tab) => {
    await tab.focus(`${row('web')} .tag-name`);
    await tab.keyboard.press('Delete');
    await shows(tab, '.tag-name', ['old', 'work', 'reading', '读书']);
    assert.equal(await tab.evaluate(() => document.activeElement?.textContent), 'work');
    await tab.click('.toast .link-button');
    await until(async () => (await texts(tab, '.tag-name')).length === 5, 'it is back');
    await tab.click('#delete-unused');
    await shows(tab, '.tag-name', ['web', 'work', 'reading', '读书']);
    assert.deepEqual(await texts(tab, '#delete-unused'), []);
    await tab.click(`${row('web')} input`);
    await tab.click(`${row('读书')} input`);
    await shows(tab, '#delete-selected', ['Delete 2 tags']);
    await tab.click('#delete-selected');
    await shows(tab, '.tag-name', ['work', 'reading']);
    assert.deepEqual(await asked(tab, 'tags.delete'), [
      { tags: ['web'] },
      { unused: true },
      { tags: ['web', '读书'] },
    ]);
  }));

test('what fails is told; what is read only is only read', async () => {
  await tagPage({ fails: { 'tags.delete': 'store_busy' } }, async (tab) => {
    await tab.click('#delete-unused');
    await until(
      async () => /using the library/.test((await texts(tab, '.toast'))[0] ?? ''),
      'told',
    );
  });
  const store = { state: 'readonly', error: { name: 'store_full' } };
  await tagPage({ store }, async (tab) => {
    assert.deepEqual(await texts(tab, '.tag-actions, #delete-unused'), []);
    assert.ok(await tab.$eval('.swatch', (one) => /** @type {any} */ (one).disabled));
  });
});

test('nothing sticks out, however long the names and narrow the window', async () => {
  const scene = { pages: [saved(1, { tags: ['标签'.repeat(50), `${'x'.repeat(60)}/y`] })] };
  for (const locale of Object.keys(WORDS)) {
    for (const width of [360, 900]) {
      const { tab } = await browser.open('tags/tags.html', scene, { locale, width });
      await tab.waitForSelector('.tag-row');
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(wide, width, `${locale} ${width}`);
      await tab.close();
    }
  }
});
