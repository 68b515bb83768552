import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { WORDS, openBrowser, paste, saved, texts, until } from './ui-harness.mjs';
import { CHECKED, KINDS, QUEUE, QUEUE_STATE } from './ui-pages.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const pages = [
  saved(1, { title: 'SQLite 存储', tags: ['数据库'] }),
  saved(2, { title: 'Second', tags: ['web'] }),
];

/**
 * The library in a tab; faults of its scripts fail the test.
 *
 * @param {import('./ui-stub.mjs').Scene} scene
 * @param {(tab: Tab, origin: string) => Promise<void>} body
 * @param {string} [search]
 */
async function library(scene, body, search = '') {
  const look = { width: 1000, height: 760 };
  const path = `library/library.html${search}`;
  const { tab, faults, origin } = await browser.open(path, { pages, ...scene }, look);
  try {
    await body(tab, origin);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** @param {Tab} tab @returns {Promise<any>} */
const seen = (tab) => tab.evaluate(() => /** @type {any} */ (globalThis).seen);

/** @param {Tab} tab @param {string} selector @param {string[]} expected */
const shows = (tab, selector, expected) =>
  until(async () => (await texts(tab, selector)).join() === expected.join(), `${expected}`);

test('everything is listed, and searched in the same language', () =>
  library({}, async (tab) => {
    assert.deepEqual(await texts(tab, '.row-title'), ['SQLite 存储', 'Second']);
    assert.equal(await tab.evaluate(() => document.activeElement?.id), 'query');
    assert.equal(await tab.title(), 'Library · Linksnap');
    await tab.keyboard.type('存储');
    await shows(tab, '.row-title', ['SQLite 存储']);
    assert.equal(await tab.title(), '存储 · Library · Linksnap');
    assert.equal(new URL(tab.url()).searchParams.get('q'), '存储');
    await tab.keyboard.press('Escape');
    await shows(tab, '.row-title', ['SQLite 存储', 'Second']);
    assert.equal(new URL(tab.url()).search, '');
  }));

test('it opens with what was asked for elsewhere', () =>
  library(
    {},
    async (tab) => {
      await shows(tab, '.row-title', ['Second']);
      assert.equal(
        await tab.$eval('#query', (one) => /** @type {any} */ (one).value),
        'tag:web Second',
      );
      assert.deepEqual(await texts(tab, '.facet[aria-pressed=true] .facet-name'), ['web']);
    },
    '?q=tag%3Aweb+Second',
  ));

test('a snapshot opens in the same tab, and the way back leads to what was searched for', () =>
  library({}, async (tab) => {
    await tab.type('#query', 'Second');
    await shows(tab, '.row-title', ['Second']);
    await tab.click('.row-title');
    await until(() => tab.url().endsWith('viewer.html?snapshot=200&find=Second'), 'the viewer');
    await tab.goBack();
    await shows(tab, '.row-title', ['Second']);
  }));

test('links are added from here', () =>
  library({}, async (tab) => {
    await tab.click('#add-link');
    assert.equal(await tab.$eval('#add-link', (one) => one.ariaExpanded), 'true');
    await tab.keyboard.type('https://example.com/a https://example.com/b');
    await shows(tab, '.links .primary', ['Save 2 links']);
    await tab.keyboard.down('Control');
    await tab.keyboard.press('Enter');
    await tab.keyboard.up('Control');
    await shows(tab, '.queue-words', ['2 waiting']);
    assert.deepEqual(await texts(tab, '.links'), []);
    assert.equal(await tab.evaluate(() => document.activeElement?.id), 'add-link');
  }));

test('links that are pasted into the search are added, an address with Enter', () =>
  library({}, async (tab) => {
    await paste(tab, '#query', 'one https://example.com/a two https://example.com/b');
    await shows(tab, '.links .primary', ['Save 2 links']);
    await tab.keyboard.press('Escape');
    assert.deepEqual(await texts(tab, '.links'), []);
    await tab.type('#query', 'https://example.com/c');
    await tab.keyboard.press('Enter');
    await shows(tab, '.links .primary', ['Save 1 link']);
    await tab.click('.links .primary');
    await shows(tab, '.queue-words', ['1 waiting']);
  }));

test('links are checked, and how many is told', () =>
  library({ pages: CHECKED }, async (tab) => {
    await tab.click('#check');
    await until(async () => (await texts(tab, '.toast')).length === 1, 'told');
    assert.match((await texts(tab, '.toast'))[0], /^6 links are being checked/);
    await shows(tab, '.queue-words', ['6 waiting']);
    const { messages, requests } = await seen(tab);
    assert.ok(messages.some((/** @type {any} */ { type }) => type === 'queue.run'));
    const check = requests.find((/** @type {any} */ { method }) => method === 'queue.check');
    assert.deepEqual(check.params, {});
  }));

test('where there is nothing to check, or it fails, that is told', async () => {
  await library({ pages: [] }, async (tab) => {
    await tab.click('#check');
    await until(async () => /were checked/.test((await texts(tab, '.toast'))[0] ?? ''), 'none');
  });
  await library({ fails: { 'queue.check': 'store_busy' } }, async (tab) => {
    await tab.click('#check');
    await until(
      async () => /using the library/.test((await texts(tab, '.toast'))[0] ?? ''),
      'told',
    );
  });
});

test('a broken link says so, with the snapshot and an archive by hand', () =>
  library({ pages: CHECKED }, async (tab) => {
    assert.deepEqual(await texts(tab, '.row-broken'), [
      'Link broken (404) · checked 1 hr. agoSnapshotWayback',
      'The link does not answer · checked 1 hr. agoSnapshotWayback',
    ]);
    const links = await tab.$$eval('li:first-child .row-broken a', (found) =>
      found.map((one) => [one.getAttribute('href'), one.getAttribute('rel')]),
    );
    assert.match(links[0][0] ?? '', /viewer\.html\?snapshot=3100$/);
    assert.deepEqual(links[1], [
      'https://web.archive.org/web/2/https://example.com/31',
      'noreferrer noopener',
    ]);
    assert.deepEqual(await texts(tab, '.row-moved, .row-changed'), [
      'Moved to example.org',
      'Changed since it was saved',
    ]);
    assert.deepEqual(
      await texts(tab, 'li:nth-child(n + 5) :is(.row-broken, .row-moved, .row-changed)'),
      [],
    );
    await tab.click('.row-broken a');
    await until(() => tab.url().endsWith('viewer.html?snapshot=3100'), 'the snapshot');
  }));

test('what is no web page is marked as what it is', () =>
  library({ pages: [...KINDS, ...pages] }, async (tab) => {
    assert.deepEqual(await texts(tab, '.row-kind'), ['PDF', 'File']);
  }));

test('the queue is unfolded where the popup leads', () =>
  library(
    { jobs: QUEUE, queue: QUEUE_STATE },
    async (tab) => {
      await until(async () => (await texts(tab, '.job')).length === QUEUE.length, 'the jobs');
      assert.equal(await tab.evaluate(() => scrollY), 0);
      assert.ok(!(await texts(tab, '.queue-foot .link-button')).includes('Open in the library'));
    },
    '#queue',
  ));

test('the popup leads here, to the list and to the queue', async () => {
  const { tab } = await browser.open('popup/popup.html', { pages, jobs: QUEUE });
  await tab.click('#open-library');
  await tab.click('.queue-toggle');
  await tab.waitForSelector('.queue-foot .link-button:last-child');
  await tab.click('.queue-foot .link-button:last-child');
  const { tabs, closed } = await seen(tab);
  assert.match(tabs[0].url, /library\/library\.html$/);
  assert.match(tabs[1].url, /library\/library\.html#queue$/);
  assert.equal(closed, 2);
  await tab.close();
});

test('without a host, or a store, the page says so and leads on', async () => {
  await library({ host: 'Specified native messaging host not found.' }, async (tab) => {
    await until(async () => (await texts(tab, '#notices .lead')).length === 1, 'told');
    assert.deepEqual(await texts(tab, '#results, #queue'), []);
    await tab.click('#notices .primary');
    await until(() => tab.url().endsWith('/welcome/welcome.html'), 'the page that helps');
  });
  await library({ store: { state: 'error', error: { name: 'store_corrupt' } } }, async (tab) => {
    await until(async () => /damaged/.test((await texts(tab, '#notices'))[0]), 'told');
  });
});

test('a library that is read only can be searched, and nothing else', () =>
  library({ store: { state: 'readonly', error: { name: 'store_full' } } }, async (tab) => {
    assert.match((await texts(tab, '#notices'))[0], /read, but not changed/);
    for (const selector of ['#check', '.links .primary']) {
      const isOff = await tab.$eval(selector, (one) => /** @type {any} */ (one).disabled);
      assert.equal(isOff, true, selector);
    }
    assert.equal((await texts(tab, '.row')).length, 2);
  }));

test('nothing sticks out, however long the words and narrow the window', async () => {
  const long = 'An exceedingly long title without end 没有尽头的标题 '.repeat(20);
  const scene = {
    pages: [
      saved(1, { ...CHECKED[0], title: long, kind: 'markdown', tags: ['标签'.repeat(50)] }),
      saved(2, { title: 'م'.repeat(300), url: `https://example.com/${'x'.repeat(900)}` }),
    ],
    jobs: QUEUE.map((job) => ({ ...job, title: job.job % 2 ? long : '', url: `https://${long}` })),
  };
  for (const locale of Object.keys(WORDS)) {
    for (const width of [360, 900]) {
      const look = { locale, width, height: 700 };
      const { tab } = await browser.open('library/library.html#queue', scene, look);
      await tab.waitForSelector('.job');
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(wide, width, `${locale} ${width}`);
      await tab.close();
    }
  }
});
