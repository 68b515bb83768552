import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { WORDS, openBrowser, saved, sleep, texts, until } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const pages = [
  saved(1, { title: 'SQLite 存储', tags: ['数据库', 'work/reading'] }),
  saved(2, { title: 'Second', tags: ['web'], site: 'example.org' }),
  saved(3, { title: '光明图书馆', tags: ['work/writing', 'web'] }),
  saved(4, { title: 'Trashed', trashed: 1 }),
];

/**
 * @param {string} path
 * @param {import('./ui-stub.mjs').Scene} scene
 * @param {(tab: Tab) => Promise<void>} body
 * @param {object} [look]
 */
async function opened(path, scene, body, look = {}) {
  const { tab, faults } = await browser.open(path, { pages, ...scene }, look);
  try {
    await tab.waitForSelector('.row, #nothing:not([hidden])');
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

const WIDE = { width: 1100, height: 760 };

/** @type {(scene: import('./ui-stub.mjs').Scene, body: (tab: Tab) => Promise<void>, search?: string) => Promise<void>} */
const library = (scene, body, search = '') =>
  opened(`library/library.html${search}`, scene, body, WIDE);

/** @type {(scene: import('./ui-stub.mjs').Scene, body: (tab: Tab) => Promise<void>) => Promise<void>} */
const popup = (scene, body) => opened('popup/popup.html', scene, body);

/** @param {Tab} tab @returns {Promise<any>} */
const seen = (tab) => tab.evaluate(() => /** @type {any} */ (globalThis).seen);

/** @param {Tab} tab */
const query = (tab) => tab.$eval('#query', (one) => /** @type {HTMLInputElement} */ (one).value);

/** @param {Tab} tab @param {string} selector @param {string[]} expected */
const shows = (tab, selector, expected) =>
  until(async () => (await texts(tab, selector)).join() === expected.join(), `${expected}`);

test('what was found consists of tags, sites and years, and narrows with a click', () =>
  library({}, async (tab) => {
    const year = String(new Date(pages[0].saved).getFullYear());
    assert.deepEqual(await texts(tab, '#facet-tags .facet-name'), ['数据库', 'work', 'web']);
    assert.deepEqual(await texts(tab, '#facet-sites .facet'), ['example.com2', 'example.org1']);
    assert.deepEqual(await texts(tab, '#facet-years .facet-name'), [year]);
    await tab.click('#facet-tags [data-key="tag:web"]');
    await shows(tab, '.row-title', ['Second', '光明图书馆']);
    await tab.click('#facet-sites [data-key="site:example.org"]');
    await shows(tab, '.row-title', ['Second']);
    assert.equal(await query(tab), 'tag:web site:example.org');
    await tab.click('#facet-years .facet');
    assert.equal(await query(tab), `tag:web site:example.org on:${year}`);
    await tab.click('#facet-tags [data-key="tag:web"]');
    await tab.click('#facet-sites [aria-pressed=true]');
    assert.equal(await query(tab), `on:${year}`);
  }));

test('tags below others unfold, and what is chosen among them is seen', () =>
  library({ colours: { work: '#168d80' }, unused: ['work'] }, async (tab) => {
    await tab.click('.twisty');
    await shows(tab, '#facet-tags ul .facet-name', ['reading', 'writing']);
    await until(
      () =>
        tab.$eval(
          '#facet-tags [data-key="tag:work/reading"] .tag-dot',
          (dot) => getComputedStyle(dot).backgroundColor === 'rgb(22, 141, 128)',
        ),
      'the colour of the tag above',
    );
    await tab.click('.twisty');
    await shows(tab, '#facet-tags ul .facet-name', []);
    await tab.type('#query', 'tag:work/reading');
    await shows(tab, '#facet-tags ul .facet-name', ['reading']);
  }));

test('states filter, the trash too, from which a page is taken out', () =>
  library({}, async (tab) => {
    await tab.click('[data-key="is:trashed"]');
    await shows(tab, '.row-title', ['Trashed']);
    await tab.click('.row .icon-button:last-child');
    await shows(tab, '.row-title', []);
    assert.match((await texts(tab, '.toast'))[0], /^Taken out of the trash/);
    await tab.click('.toast .link-button');
    await shows(tab, '.row-title', ['Trashed']);
  }));

test('in a narrow window the filters are unfolded', () =>
  opened(
    'library/library.html',
    {},
    async (tab) => {
      assert.deepEqual(await texts(tab, '.facet'), []);
      await tab.click('#facets-toggle');
      assert.ok((await texts(tab, '.facet')).length > 5);
      assert.equal(await tab.$eval('#facets-toggle', (one) => one.ariaExpanded), 'true');
      await tab.click('#facets-toggle');
      assert.deepEqual(await texts(tab, '.facet'), []);
    },
    { width: 500 },
  ));

test('long lists of facets are shortened', () => {
  const many = Array.from({ length: 20 }, (_, i) => saved(i + 1, { site: `s${i}.example` }));
  return library({ pages: many }, async (tab) => {
    assert.equal((await texts(tab, '#facet-sites .facet')).length, 8);
    await tab.click('#facet-sites .facet-more button');
    assert.equal((await texts(tab, '#facet-sites .facet')).length, 20);
    await tab.type('#query', 'site:s19.example');
    await shows(tab, '#facet-sites .facet-name', ['s19.example']);
    assert.deepEqual(await texts(tab, '#facet-sites .facet-more'), []);
  });
});

test('the order is chosen, for what is found and for everything', () =>
  library({}, async (tab) => {
    const options = (/** @type {string} */ selector) =>
      tab.$$eval(selector, (found) => found.map((one) => /** @type {any} */ (one).value));
    assert.deepEqual(await options('#sort option:not([hidden])'), [
      ...['newest', 'oldest', 'title', 'site'],
    ]);
    await tab.select('#sort', 'title');
    await shows(tab, '.row-title', ['SQLite 存储', 'Second', '光明图书馆']);
    await tab.type('#query', 'tag:web');
    await until(async () => (await texts(tab, '.row')).length === 2, 'found');
    assert.equal(await tab.$eval('#sort', (one) => /** @type {any} */ (one).value), 'rank');
    const { requests } = await seen(tab);
    const sorts = requests
      .filter((/** @type {any} */ { method }) => method === 'pages.search')
      .map((/** @type {any} */ { params }) => params.sort);
    assert.deepEqual([sorts[0], sorts[1], sorts.at(-1)], ['newest', 'title', 'rank']);
  }));

test('a better spelling is a click away', () =>
  popup({ spelling: 'SQLite' }, async (tab) => {
    await tab.type('#query', 'sqlitte');
    await shows(tab, '#spelling', ['Did you mean SQLite']);
    await tab.click('#spelling button');
    await shows(tab, '.row-title', ['SQLite 存储']);
    assert.deepEqual(await texts(tab, '#spelling'), []);
  }));

test('the help lists what can be typed, and types it', async () => {
  for (const locale of Object.keys(WORDS)) {
    await opened(
      'popup/popup.html',
      {},
      async (tab) => {
        await tab.click('#help');
        const examples = await texts(tab, '#query-help .example');
        for (const word of ['snap*', 'site:example.com', 'is:feed', 'lang:zh', 'on:2026']) {
          assert.ok(examples.includes(word), word);
        }
        const [inner, outer] = await tab.$eval('#query-help', (one) => [
          one.scrollWidth,
          one.clientWidth,
        ]);
        assert.ok(inner <= outer, `${inner} > ${outer}`);
        await tab.keyboard.press('Escape');
        assert.deepEqual(await texts(tab, '#query-help'), []);
        await tab.type('#query', 'x');
        await tab.click('#help');
        await tab.click('[data-example="is:pdf"]');
        assert.equal(await query(tab), 'x is:pdf');
        assert.equal(await tab.evaluate(() => document.activeElement?.id), 'query');
      },
      { locale },
    );
  }
});

test('titles are proposed while a word is typed, by pinyin too, and opened', () =>
  popup({ pinyin: { gm: [3] } }, async (tab) => {
    await tab.type('#query', 'gm');
    await shows(tab, '.find-line .choices li', ['光明图书馆example.com']);
    assert.equal(await tab.$eval('#query', (one) => one.ariaExpanded), 'true');
    assert.equal(await query(tab), 'gm');
    await tab.keyboard.press('ArrowDown');
    assert.equal(await tab.$eval('.find-line li', (one) => one.ariaSelected), 'true');
    await tab.keyboard.press('Enter');
    await until(async () => (await seen(tab)).tabs.length === 1, 'opened');
    assert.match((await seen(tab)).tabs[0].url, /viewer\.html\?snapshot=300$/);
  }));

test('titles are closed by Escape, and none is proposed that the list shows', () =>
  popup({ pinyin: { gm: [3] } }, async (tab) => {
    await tab.type('#query', 'gm');
    await until(async () => (await texts(tab, '.find-line li')).length === 1, 'proposed');
    await tab.keyboard.press('Escape');
    assert.deepEqual(await texts(tab, '.find-line li'), []);
    assert.equal(await query(tab), 'gm');
    await tab.keyboard.press('Escape');
    assert.equal(await query(tab), '');
    await tab.type('#query', '光明');
    await shows(tab, '.row-title', ['光明图书馆']);
    await sleep(300);
    assert.deepEqual(await texts(tab, '.find-line li'), []);
    const { requests } = await seen(tab);
    const asked = requests.filter((/** @type {any} */ { method }) => method === 'pages.titles');
    assert.deepEqual(
      asked.map((/** @type {any} */ { params }) => params.part),
      ['gm', '光明'],
    );
  }));

test('tags that fit a new page are suggested, and nothing moves when they come', () =>
  popup({ suggested: ['读书', '数据库', 'web'] }, async (tab) => {
    const top = () => tab.$eval('.card-buttons', (one) => one.getBoundingClientRect().top);
    const before = await top();
    await shows(tab, '.ghost', ['读书', '数据库', 'web']);
    assert.equal(await top(), before);
    await tab.click('.ghost:nth-child(2)');
    assert.deepEqual(await texts(tab, '.card .tag-input .chip'), ['数据库']);
    await tab.focus('.card .tag-input input');
    await tab.keyboard.press('ArrowDown');
    await tab.keyboard.press('ArrowRight');
    await tab.keyboard.press('Enter');
    assert.deepEqual(await texts(tab, '.card .tag-input .chip'), ['数据库', 'web']);
    await tab.keyboard.press('Enter');
    assert.deepEqual(await texts(tab, '.ghost'), []);
    assert.equal(
      await tab.evaluate(() => document.activeElement?.getAttribute('role')),
      'combobox',
    );
    assert.equal(await top(), before);
  }));

test('a page that is saved is suggested no tags', () =>
  opened(
    'popup/popup.html',
    { tab: { id: 5, url: pages[0].url, title: 'x' }, suggested: ['读书'] },
    async (tab) => {
      await until(async () => (await texts(tab, '.card .chip')).length > 0, 'its own');
      assert.deepEqual(await texts(tab, '.suggest'), []);
    },
  ));

test('completion keeps the order of the host, and marks what was typed', () =>
  popup({ pinyin: { w: ['数据库'] } }, async (tab) => {
    await tab.type('.card .tag-input input', 'w');
    await until(async () => (await texts(tab, '.tag-input li')).length > 0, 'choices');
    assert.deepEqual(await texts(tab, '.tag-input li .chip-text'), [
      ...['数据库', 'work/reading', 'web', 'work/writing'],
    ]);
    assert.deepEqual(await texts(tab, '.tag-input li mark'), ['w', 'w', 'w']);
  }));

test('tags have their colours everywhere', () =>
  popup({ colours: { web: '#3281c4' } }, async (tab) => {
    const coloured = '.tag-dot:not([hidden])';
    await until(async () => (await tab.$$(`.row ${coloured}`)).length === 2, 'in rows');
    assert.equal((await tab.$$(`#filters ${coloured}`)).length, 1);
    await tab.type('.card .tag-input input', 'web,');
    assert.equal((await tab.$$(`.tag-input ${coloured}`)).length, 1);
  }));

test('pages like one are listed in the library, from a row and by an address', async () => {
  await popup({}, async (tab) => {
    await tab.hover('.row');
    await tab.click('.row .icon-button:nth-child(3)');
    assert.match((await seen(tab)).tabs[0].url, /library\/library\.html\?like=1$/);
  });
  await library(
    {},
    async (tab) => {
      await shows(tab, '#like p', ['Like “SQLite 存储”']);
      assert.deepEqual(await texts(tab, '.row-title'), ['Second', '光明图书馆', 'Trashed']);
      await tab.hover('.row');
      await tab.click('.row .icon-button:nth-child(3)');
      await shows(tab, '#like p', ['Like “Second”']);
      assert.match(tab.url(), /\?like=2$/);
      await tab.keyboard.press('Escape');
      await shows(tab, '.row-title', ['SQLite 存储', 'Second', '光明图书馆']);
      assert.deepEqual(await texts(tab, '#like'), []);
      assert.equal(new URL(tab.url()).search, '');
    },
    '?like=1',
  );
});

test('what is searched for takes the place of what is like a page', () =>
  library(
    {},
    async (tab) => {
      await until(async () => (await texts(tab, '#like')).length === 1, 'like');
      await tab.type('#query', 'Second');
      await shows(tab, '.row-title', ['Second']);
      assert.deepEqual(await texts(tab, '#like'), []);
    },
    '?like=1',
  ));
