/** The statistics page: what is drawn, what stands behind it, and where it leads. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { spanName, spans, ticks } from '../../extension/statistics/months.js';
import { openBrowser, texts, until, violations } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */
/** @typedef {import('./ui-stub.mjs').Scene} Scene */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const NOW = new Date();

/** A month so many months ago. @param {number} ago */
function monthAgo(ago) {
  const day = new Date(NOW.getFullYear(), NOW.getMonth() - ago, 1);
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}`;
}

const STATISTICS = {
  ...{ pages: 1204, trashed: 3, snapshots: 1531, highlights: 1, tags: 58 },
  bytes: { file: 2.3e9, stored: 2.05e9, unpacked: 3.4e9, referenced: 9.2e9 },
  kinds: [
    { kind: 'document', count: 1531, bytes: 600e6, stored: 110e6 },
    { kind: 'image', count: 23_400, bytes: 1.9e9, stored: 1.5e9 },
    { kind: 'unused', count: 0, bytes: 0, stored: 0 },
  ],
  months: [
    { month: monthAgo(4), pages: 50, snapshots: 60, bytes: 130e6 },
    { month: monthAgo(0), pages: 20, snapshots: 21, bytes: 30e6 },
  ],
  largest: Array.from({ length: 20 }, (_, i) => ({
    page: i + 1,
    title: i === 1 ? '' : 'مرحبا بالعالم 🌿 '.repeat(i === 0 ? 20 : 1),
    site: 'example.com',
    bytes: 50e6 - i * 1e6,
  })),
  sites: [{ site: '光明图书馆.中国', pages: 200, bytes: 900e6 }],
  states: { complete: 1100, incomplete: 100, pending: 4 },
  health: { ok: 800, moved: 33, changed: 25, gone: 51, error: 10, walled: 22, unchecked: 263 },
};

/**
 * @param {Scene} scene
 * @param {(tab: Tab) => Promise<void>} body
 * @param {{ locale?: string, dark?: boolean, width?: number }} [look]
 */
async function statistics(scene, body, look = {}) {
  const { tab, faults } = await browser.open('statistics/statistics.html', scene, {
    width: 1100,
    height: 900,
    ...look,
  });
  try {
    await body(tab);
    assert.deepEqual(faults, []);
    assert.deepEqual(await violations(tab), []);
  } finally {
    await tab.close();
  }
}

/** @param {Tab} tab @param {string} selector @param {string} attribute */
const attributes = (tab, selector, attribute) =>
  tab.$$eval(selector, (found, name) => found.map((one) => one.getAttribute(name)), attribute);

test('months without anything are there all the same, up to now, and at least a year of them', () => {
  const now = new Date(2026, 10, 22);
  const months = [{ month: '2026-08', pages: 2, snapshots: 3, bytes: 4 }];
  const all = spans(months, now);
  assert.equal(all.length, 12);
  assert.deepEqual([all[0].key, all[11].key], ['2025-12', '2026-11']);
  assert.deepEqual(
    all.map(({ pages }) => pages),
    [0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0],
  );
  assert.deepEqual(
    all.filter(({ isNow }) => isNow).map(({ key }) => key),
    ['2026-11'],
  );
  assert.equal(spans([], now).length, 12);
  const early = spans([{ month: '2024-01', pages: 1, snapshots: 1, bytes: 1 }], now);
  assert.deepEqual([early.length, early[0].key], [35, '2024-01']);
  const late = spans([{ month: '2027-02', pages: 1, snapshots: 1, bytes: 1 }], now);
  assert.equal(late[11].key, '2027-02', 'of a clock that was wrong');
});

test('many months are put together into years', () => {
  const now = new Date(2026, 10, 22);
  const months = ['2010-03', '2010-04', '2026-11'].map((month) => ({
    ...{ month, pages: 2, snapshots: 3, bytes: 4 },
  }));
  const all = spans(months, now);
  assert.deepEqual([all.length, all[0].key, all[0].pages, all[0].bytes], [17, '2010', 4, 8]);
  assert.deepEqual([all[16].key, all[16].isNow], ['2026', true]);
  assert.equal(spanName(all[0], 'en'), '2010');
  assert.equal(spanName(spans([], now)[11], 'en'), 'November 2026');
  assert.equal(spanName(spans([], now)[11], 'zh-CN'), '2026年11月');
});

test('a scale begins at zero and reaches its greatest value in even steps', () => {
  for (const most of [0, 1, 2, 3, 7, 10, 49, 50, 51, 999, 130e6, 1.7e9]) {
    const lines = ticks(most);
    assert.equal(lines[0], 0);
    assert.ok(lines[lines.length - 1] >= most, `${most}: ${lines}`);
    assert.ok(lines.length >= 2 && lines.length <= 5, `${most}: ${lines}`);
    const steps = new Set(lines.slice(1).map((line, i) => line - lines[i]));
    assert.equal(steps.size, 1);
    assert.ok(Number.isInteger([...steps][0]), 'half a page is none');
  }
});

test('one of very many is not said to be none, nor all but one to be all', () => {
  const states = { complete: 99_999, incomplete: 1, pending: 0 };
  const health = { ...STATISTICS.health, ok: 996, moved: 4 };
  const rest = { changed: 0, gone: 0, error: 0, walled: 0, unchecked: 0 };
  const scene = { statistics: { ...STATISTICS, states, health: { ...health, ...rest } } };
  return statistics(scene, async (tab) => {
    await until(async () => (await texts(tab, '#states .more')).length === 2, 'states');
    assert.deepEqual(await texts(tab, '#states .more'), ['>99.9%', '<0.1%']);
    assert.deepEqual(await texts(tab, '#health .more'), ['99.6%', '0.4%']);
  });
});

test('of a library whose pages are all in the trash only what there is is shown', () => {
  const none = Object.fromEntries(Object.keys(STATISTICS.health).map((name) => [name, 0]));
  const empty = { pages: 0, months: [], largest: [], sites: [] };
  const states = { complete: 0, incomplete: 0, pending: 0 };
  const scene = {
    statistics: { ...STATISTICS, ...empty, states, health: /** @type {any} */ (none) },
  };
  return statistics(scene, async (tab) => {
    await until(async () => (await texts(tab, '#figures dd')).length === 6, 'figures');
    assert.deepEqual(await texts(tab, 'h2'), ['Space saved', 'By kind']);
  });
});

test('figures, plots and lists show what was counted', () =>
  statistics({ statistics: STATISTICS }, async (tab) => {
    await until(async () => (await texts(tab, '#figures dd')).length === 6, 'counted');
    assert.deepEqual(await texts(tab, '#figures dd'), [
      '1,204',
      '1,531',
      '2.3\u00a0GB',
      '1',
      '58',
      '3',
    ]);
    assert.equal((await texts(tab, '#figures dt'))[3], 'highlight');
    assert.deepEqual(await texts(tab, '#saved-lead'), [
      '6.9\u00a0GB less (75%) than if each snapshot kept files of its own.',
    ]);
    assert.deepEqual(
      await texts(tab, '#kinds tbody td'),
      ['1.5\u00a0GB', '110\u00a0MB'],
      'largest first',
    );
    assert.equal(await tab.title(), 'Statistics · Library · Linksnap');
  }));

test('columns are as high as their values, from zero on', () =>
  statistics({ statistics: STATISTICS }, async (tab) => {
    await until(async () => (await attributes(tab, '.column', 'height')).length === 4, 'drawn');
    const [first, last] = (await attributes(tab, '#months-pages .column', 'height')).map(Number);
    assert.ok(Math.abs(first / last - 50 / 20) < 0.01, `${first} to ${last}`);
    const [base] = await attributes(tab, '#months-pages .base', 'y1');
    const [top] = await attributes(tab, '#months-pages .column', 'y');
    assert.ok(Math.abs(Number(base) - Number(top) - first) < 0.01);
    assert.deepEqual(await texts(tab, '#months-pages .value'), ['50', '20']);
    assert.equal((await tab.$$('#months-pages .column.now')).length, 1, 'it is not over yet');
  }));

test('bars have the lengths of their shares', () =>
  statistics({ statistics: STATISTICS }, async (tab) => {
    await until(async () => (await tab.$$('#saved .part')).length === 4, 'drawn');
    const widths = (await attributes(tab, '#saved .part', 'width')).map((one) =>
      parseFloat(one ?? ''),
    );
    assert.deepEqual(
      widths.map((one) => Math.round(one)),
      [100, 37, 22, 25],
    );
    const whole = (await attributes(tab, '#health .part', 'width')).map((one) =>
      parseFloat(one ?? ''),
    );
    assert.ok(Math.abs(whole.reduce((a, b) => a + b) - 100) < 0.5, 'parts of a whole');
  }));

test('what is pointed at is said above the plot', () =>
  statistics({ statistics: STATISTICS }, async (tab) => {
    await until(async () => (await tab.$$('#months-pages a')).length === 2, 'drawn');
    assert.deepEqual(await texts(tab, '#months-pages .readout'), ['70 pages']);
    await tab.hover('#months-pages a');
    assert.match((await texts(tab, '#months-pages .readout'))[0], /^\w+ \d{4}: 50 pages$/);
    await tab.hover('h1');
    assert.deepEqual(await texts(tab, '#months-pages .readout'), ['70 pages']);
  }));

test('everything leads to the search that shows it', () =>
  statistics({ statistics: STATISTICS }, async (tab) => {
    await until(async () => (await tab.$$('#months-pages a')).length === 2, 'drawn');
    const month = `/library/library.html?q=on%3A${monthAgo(4)}`;
    assert.equal((await attributes(tab, '#months-pages a', 'href'))[0], month);
    assert.equal((await attributes(tab, '#months-table tbody a', 'href'))[1], month);
    assert.equal((await attributes(tab, '#largest a', 'href'))[0], '/page/page.html?page=1');
    assert.deepEqual(await attributes(tab, '#sites a', 'href'), [
      `/library/library.html?q=${encodeURIComponent('site:光明图书馆.中国')}`,
    ]);
    const asked = ['is:moved', 'is:changed', 'is:broken', 'is:broken'];
    assert.deepEqual(
      await attributes(tab, '#health a', 'href'),
      asked.map((query) => `/library/library.html?q=${encodeURIComponent(query)}`),
    );
  }));

test('the table behind the plots says the same, the latest first', () =>
  statistics({ statistics: STATISTICS }, async (tab) => {
    await until(async () => (await texts(tab, '#months summary')).length === 1, 'drawn');
    await tab.click('#months summary');
    const cells = await texts(tab, '#months-table tbody td');
    assert.deepEqual(cells, ['20', '21', '30\u00a0MB', '50', '60', '130\u00a0MB']);
  }));

test('a long list shows its first, and the others when asked', () =>
  statistics({ statistics: STATISTICS }, async (tab) => {
    await until(async () => (await texts(tab, '#largest tbody tr')).length === 8, 'the first');
    assert.equal((await texts(tab, '#largest tbody a'))[1], 'example.com', 'without a title');
    await tab.click('#largest .link-button');
    assert.equal((await texts(tab, '#largest tbody tr')).length, 20);
    assert.equal(
      await tab.evaluate(() => document.activeElement?.getAttribute('href')),
      '/page/page.html?page=9',
    );
    assert.deepEqual(await texts(tab, '#sites .link-button'), []);
  }));

test('an empty library is not drawn', () =>
  statistics({ statistics: { ...STATISTICS, pages: 0, trashed: 0 } }, async (tab) => {
    await until(async () => (await texts(tab, '#nothing .lead')).length === 1, 'said');
    assert.deepEqual(await texts(tab, '#nothing .lead'), ['There is nothing to count yet']);
    assert.deepEqual(await texts(tab, '#figures'), []);
  }));

test('a library of one day is drawn without a fault', () => {
  const none = { ok: 0, moved: 0, changed: 0, gone: 0, error: 0, walled: 0, unchecked: 1 };
  const one = { month: monthAgo(0), pages: 1, snapshots: 1, bytes: 900 };
  const small = {
    ...{ ...STATISTICS, pages: 1, snapshots: 1, trashed: 0, months: [one], sites: [], largest: [] },
    bytes: { file: 120_000, stored: 800, unpacked: 900, referenced: 900 },
    ...{ health: none, states: { complete: 1, incomplete: 0, pending: 0 }, kinds: [] },
  };
  return statistics({ statistics: small }, async (tab) => {
    await until(async () => (await texts(tab, '#figures dd')).length === 6, 'counted');
    assert.equal((await texts(tab, '#figures dt'))[0], 'page');
    assert.match((await texts(tab, '#saved-lead'))[0], /^Nothing yet/);
    assert.equal((await tab.$$('#months-pages .column')).length, 1);
  });
});

test('counting that was stopped, and a fault, can be tried again', async () => {
  await statistics({ fails: { statistics: 'cancelled' }, statistics: STATISTICS }, async (tab) => {
    await until(async () => (await texts(tab, '#nothing .lead')).length === 1, 'said');
    assert.deepEqual(await texts(tab, '#nothing .lead'), ['Counting was stopped']);
    await tab.evaluate(() => delete (/** @type {any} */ (globalThis).scene.fails));
    await tab.click('#nothing button');
    await until(async () => (await texts(tab, '#figures dd')).length === 6, 'counted');
  });
  await statistics({ fails: { statistics: 'store_busy' } }, async (tab) => {
    await until(async () => (await texts(tab, '#nothing .lead')).length === 1, 'said');
    assert.match((await texts(tab, '#nothing'))[0], /Try again/);
  });
});

test('long counting shows how far it is, and can be stopped', () =>
  statistics({ fails: { statistics: 'store_busy' } }, async (tab) => {
    await until(async () => (await texts(tab, '#nothing button')).length === 1, 'said');
    await tab.evaluate(() => /** @type {any} */ (globalThis).holdBack('statistics'));
    await tab.click('#nothing button');
    await until(async () => (await texts(tab, '#waiting')).length === 1, 'waiting');
    assert.deepEqual(await attributes(tab, '#bar', 'aria-valuenow'), ['75']);
    await tab.click('#stop');
    await until(
      async () => (await texts(tab, '#nothing .lead'))[0] === 'Counting was stopped',
      'stopped',
    );
    assert.deepEqual(await texts(tab, '#waiting'), []);
  }));

test('without a host the page says what helps, as the library does', () =>
  statistics({ host: 'Specified native messaging host not found.' }, async (tab) => {
    await until(async () => (await texts(tab, '#notices [role=alert]')).length === 1, 'said');
    assert.deepEqual(await texts(tab, '#all'), []);
  }));

for (const locale of ['en', 'zh_CN']) {
  test(`nothing sticks out of a narrow window in the dark (${locale})`, () =>
    statistics(
      { statistics: STATISTICS },
      async (tab) => {
        await until(async () => (await tab.$$('.column')).length === 4, 'drawn');
        assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), 320);
        await tab.setViewport({ width: 700, height: 800 });
        const drawn = () => tab.$eval('.plot svg', (svg) => svg.clientWidth);
        await until(async () => (await drawn()) > 500, 'drawn anew');
      },
      { locale, dark: true, width: 320 },
    ));
}
