import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, saved, texts, until } from './ui-harness.mjs';
import { LACKING, LEFT_OUT, failure, kindOf } from './ui-pages.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const COMPLETE = saved(1, {
  assets: 41,
  kinds: [kindOf('style', 11, 84_000), kindOf('image', 30, 1_200_340)],
});

/**
 * The viewer with a snapshot; faults of its scripts fail the test.
 *
 * @param {any} page
 * @param {(tab: Tab) => Promise<void>} body
 * @param {import('./ui-stub.mjs').Scene} [more]
 * @param {string} [part]
 */
async function viewer(page, body, more = {}, part = '') {
  const path = `viewer/viewer.html?snapshot=${page.snapshot}${part}`;
  const look = { width: 1000, height: 700 };
  const { tab, faults } = await browser.open(path, { pages: [page], ...more }, look);
  try {
    await until(async () => (await texts(tab, '#report-open')).length === 1, 'the facts');
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** @param {Tab} tab */
const isOpen = (tab) => tab.$eval('#report', (report) => report.matches(':popover-open'));

/** @param {Tab} tab */
const focused = (tab) => tab.evaluate(() => document.activeElement?.id);

/** @param {Tab} tab */
const messages = (tab) => tab.evaluate(() => /** @type {any} */ (globalThis).seen.messages);

/** The cells of the table. @param {Tab} tab */
const cells = (tab) =>
  tab.$$eval('#report tbody tr', (rows) =>
    rows.map((row) => [...row.children].map((cell) => cell.textContent)),
  );

/** @param {any} page */
const recordOf = ({ snapshot, url }) => ({
  id: `retry:${snapshot}`,
  job: { kind: 'retry', snapshot, url },
  worker: '',
  started: 1,
});

/** @param {Tab} tab @param {any} record */
const put = (tab, record) =>
  tab.evaluate((made) => /** @type {any} */ (globalThis).putSave(made), record);

test('a complete snapshot says so quietly, and what it keeps on request', () =>
  viewer(COMPLETE, async (tab) => {
    assert.deepEqual(await texts(tab, '#report-open'), ['41 files, all kept']);
    assert.equal(await isOpen(tab), false);
    await tab.click('#report-open');
    assert.deepEqual(await texts(tab, '#report .strip'), ['41 files, all kept']);
    assert.deepEqual(await cells(tab), [
      ['Pictures', '30', '1.2\u00a0MB'],
      ['Style sheets', '11', '84\u00a0kB'],
    ]);
    assert.deepEqual(await texts(tab, '#report :is(h3, .group, #retry, #report-foot)'), []);
  }));

test('a page that needs no files is complete', () =>
  viewer({ ...COMPLETE, assets: 0, kinds: [] }, async (tab) => {
    assert.deepEqual(await texts(tab, '#report-open'), ['Nothing is missing']);
    await tab.click('#report-open');
    assert.deepEqual(await texts(tab, '#report table'), []);
  }));

test('what is missing is told by kind and by reason', () =>
  viewer(LACKING, async (tab) => {
    assert.deepEqual(await texts(tab, '#report-open'), ['12 files missing']);
    await tab.click('#report-open');
    assert.deepEqual(await texts(tab, '#report .strip'), ['12 of 52 files are missing']);
    assert.deepEqual(await cells(tab), [
      ['Pictures', '30', '1.2\u00a0MB', '10 missing'],
      ['Fonts', '4', '210\u00a0kB', '1 missing'],
      ['Style sheets', '5', '84\u00a0kB', '1 missing'],
      ['Audio and video', '0', '–', '1 left out'],
    ]);
    assert.deepEqual(await texts(tab, '.group summary'), [
      'The site refused it (HTTP 403)9',
      'No longer on the site (HTTP 404)1',
      'The site took too long1',
      'It exists only while the page is open1',
    ]);
    assert.deepEqual(await texts(tab, '.group li'), []);
    await tab.click('.group:nth-of-type(3) summary');
    assert.deepEqual(await texts(tab, '.group li'), ['cdn.example/…/inter.woff2Fonts']);
    const link = await tab.$eval('.group:nth-of-type(3) a', (found) => found.outerHTML);
    assert.match(link, /href="https:\/\/cdn\.example\/f\/inter\.woff2"/);
    assert.match(link, /rel="noreferrer noopener"/);
    assert.equal((await tab.$$('.group:nth-of-type(4) a')).length, 0);
  }));

test('what was left out, and what is not quite as it was, is told as well', () =>
  viewer(LACKING, async (tab) => {
    await tab.click('#report-open');
    assert.deepEqual(
      await texts(tab, '#report-body > div > .files, #report-body > div > div > .files'),
      ['v.example/…/keynote.mp4Audio and video'],
    );
    assert.deepEqual(await texts(tab, '.notes li'), [
      '2 embedded pages from other sites were fetched without your sign-in.',
      '1 element stood where a saved page cannot hold it, and was put beside its place.',
    ]);
  }));

test('a permission that may help is named, unless it was given', async () => {
  await viewer(LACKING, async (tab) => {
    await tab.click('#report-open');
    assert.match((await texts(tab, '.hint'))[0], /sign-in.*Allow it in the settings$/);
  });
  const check = async (/** @type {Tab} */ tab) => {
    await tab.click('#report-open');
    assert.deepEqual(await texts(tab, '.hint'), []);
  };
  await viewer(LACKING, check, { allowed: true });
  await viewer(COMPLETE, check);
});

test('few files are listed at once', () =>
  viewer(
    saved(2, { state: 'incomplete', failed: 2 }),
    async (tab) => {
      assert.equal(await isOpen(tab), true);
      assert.deepEqual(await texts(tab, '.group li'), [
        'cdn.example/font.woff2Fonts',
        'img.example/…/b.jpgPictures',
      ]);
      assert.equal(new URL(tab.url()).hash, '');
    },
    {},
    '#report',
  ));

test('the whole of a long list can be reached, part by part', () => {
  const failures = Array.from({ length: 450 }, (_, i) =>
    failure('image', `https://img.example/${i}.png`, i % 3 ? 'timeout' : 'dns'),
  );
  const page = saved(3, { state: 'incomplete', assets: 900, failed: 450, failures });
  const body = async (/** @type {Tab} */ tab) => {
    await tab.click('#report-open');
    assert.deepEqual(await texts(tab, '.group summary'), [
      'The site took too long133+',
      'The site was not found67+',
    ]);
    for (const counts of [
      ['266+', '134+'],
      ['300', '150'],
    ]) {
      await tab.click('#report-body > .link-button');
      await until(async () => {
        const found = await texts(tab, '.group .count');
        return found.join() === counts.join();
      }, counts.join());
    }
    assert.deepEqual(await texts(tab, '#report-body > .link-button'), []);
    await tab.click('.group summary');
    assert.equal((await texts(tab, '.group li')).length, 100);
    for (const count of [200, 300]) {
      assert.deepEqual(await texts(tab, '.group .link-button'), ['Show 100 more']);
      await tab.click('.group .link-button');
      assert.equal((await texts(tab, '.group li')).length, count);
    }
    assert.deepEqual(await texts(tab, '.group .link-button'), []);
    const at = await tab.evaluate(() => document.activeElement?.getAttribute('href'));
    assert.equal(at, 'https://img.example/301.png');
  };
  return viewer(page, body, { frame: 200 });
});

test('a retry is asked for, shown, and told with what came in', () =>
  viewer(LACKING, async (tab) => {
    await tab.click('#report-open');
    await tab.focus('#retry');
    await tab.keyboard.press('Enter');
    const record = recordOf(LACKING);
    assert.deepEqual(await messages(tab), [{ type: 'save.start', job: record.job }]);
    assert.equal(await focused(tab), 'retry-cancel');
    assert.deepEqual(await texts(tab, '#retried'), ['Fetching what is missing…']);
    const progress = { stage: 'assets', done: 3, total: 12, bytes: 90_000 };
    await put(tab, { ...record, state: 'running', progress });
    assert.deepEqual(await texts(tab, '#retried'), ['Fetching files: 3 of 12 · 90\u00a0kB']);
    const value = await tab.$eval('#retry-bar', (bar) => bar.getAttribute('aria-valuenow'));
    assert.equal(value, '25');
    assert.deepEqual(await texts(tab, '#retry'), []);
    await tab.evaluate(() => {
      const [page] = /** @type {any} */ (globalThis).pages;
      page.failures = page.failures.slice(0, 2);
      page.failed = 2;
    });
    const result = { state: 'incomplete', assets: { stored: 10, failed: 2 }, bytes: 1_500_000 };
    await put(tab, { ...record, state: 'done', progress: { stage: 'done' }, result });
    await until(async () => (await texts(tab, '#report-open'))[0] === '2 files missing', 'read');
    assert.deepEqual(await texts(tab, '#retried'), ['10 files came in · 1.5\u00a0MB']);
    assert.equal(await isOpen(tab), true);
    assert.equal(await focused(tab), 'retry');
    const left = await tab.evaluate(() =>
      /** @type {any} */ (globalThis).chrome.storage.session.get(),
    );
    assert.deepEqual(left, {});
  }));

test('what lies in the private network is fetched when a person says so', () => {
  const failures = [failure('image', 'http://nas.example/1.png', 'private')];
  const page = saved(8, { state: 'incomplete', assets: 1, failed: 1, failures });
  return viewer(page, async (tab) => {
    await tab.click('#report-open');
    await tab.click('#report-body .hint .link-button');
    const { snapshot, url } = page;
    const job = { kind: 'retry', snapshot, url, private: true };
    assert.deepEqual((await messages(tab)).at(-1), { type: 'save.start', job });
  });
});

test('a retry that makes it complete leaves nothing to do, and the keyboard where it was', () =>
  viewer(LACKING, async (tab) => {
    await tab.click('#report-open');
    await tab.focus('#retry');
    await tab.keyboard.press('Enter');
    await tab.evaluate(() => {
      const [page] = /** @type {any} */ (globalThis).pages;
      Object.assign(page, { state: 'complete', failed: 0, left_out: [], kinds: [], notes: [] });
    });
    const result = { state: 'complete', assets: { stored: 12, failed: 0 }, bytes: 1_000 };
    await put(tab, { ...recordOf(LACKING), state: 'done', progress: { stage: 'done' }, result });
    await until(async () => (await texts(tab, '#report-open'))[0] === '52 files, all kept', 'all');
    assert.match(
      (await texts(tab, '#retried'))[0],
      /12 files came in.*Nothing is missing any more/,
    );
    assert.deepEqual(await texts(tab, '#retry, #retry-cancel'), []);
    assert.equal(await focused(tab), 'report');
  }));

test('a retry can be cancelled, and what came in until then is read', () =>
  viewer(LACKING, async (tab) => {
    await tab.click('#report-open');
    await tab.click('#retry');
    await tab.click('#retry-cancel');
    const { id } = recordOf(LACKING);
    assert.deepEqual((await messages(tab))[1], { type: 'save.cancel', id });
    await tab.evaluate(() => {
      /** @type {any} */ (globalThis).pages[0].failed = 9;
    });
    const error = { name: 'cancelled', message: '', data: {} };
    await put(tab, { ...recordOf(LACKING), state: 'failed', progress: { stage: 'assets' }, error });
    await until(async () => (await texts(tab, '#report-open'))[0] === '9 files missing', 'read');
    assert.deepEqual(await texts(tab, '#retried'), ['Cancelled']);
    assert.equal((await texts(tab, '#retry')).length, 1);
  }));

test('a retry that fails, or finds nothing, says so', () =>
  viewer(LACKING, async (tab) => {
    await tab.click('#report-open');
    const record = { ...recordOf(LACKING), progress: { stage: 'start' } };
    const error = { name: 'store_full', message: '', data: {} };
    await put(tab, { ...record, state: 'failed', error });
    assert.deepEqual(await texts(tab, '#retried'), [
      'The disk is full. Make room on the disk and try again.',
    ]);
    const result = { state: 'incomplete', assets: { stored: 0, failed: 12 }, bytes: 0 };
    await put(tab, { ...record, state: 'done', result });
    assert.deepEqual(await texts(tab, '#retried'), ['Nothing came in']);
    assert.equal((await texts(tab, '#retry')).length, 1);
  }));

test('a retry in vain tells the reasons that there are now, and leaves the page as it is shown', () =>
  viewer(LACKING, async (tab) => {
    await tab.click('#report-open');
    const reads = () =>
      tab.evaluate(
        () =>
          /** @type {any} */ (globalThis).seen.requests.filter(
            (/** @type {any} */ { method }) => method === 'snapshots.read',
          ).length,
      );
    const before = await reads();
    await tab.evaluate(() => {
      for (const one of /** @type {any} */ (globalThis).pages[0].failures) {
        one.name = 'connect';
      }
    });
    const result = { state: 'incomplete', assets: { stored: 0, failed: 12 }, bytes: 0 };
    await put(tab, { ...recordOf(LACKING), state: 'done', progress: { stage: 'done' }, result });
    await until(async () => {
      const reasons = await texts(tab, '.group summary');
      return reasons.join() === 'No connection to the site12';
    }, 'the reasons');
    assert.equal(await reads(), before);
  }));

test('a retry that runs already is found, one of another snapshot is not', () => {
  const record = { ...recordOf(LACKING), state: 'running', progress: { stage: 'document' } };
  const other = { ...record, id: 'retry:1', job: { ...record.job, snapshot: 1 } };
  const body = async (/** @type {Tab} */ tab) => {
    await tab.click('#report-open');
    assert.deepEqual(await texts(tab, '#retried'), ['Storing the page…']);
    await put(tab, { ...other, progress: { stage: 'read' } });
    assert.deepEqual(await texts(tab, '#retried'), ['Storing the page…']);
  };
  return viewer(LACKING, body, { saves: { 'save:a': record, 'save:b': other } });
});

test('what was left out is no failure, and can be fetched later', () =>
  viewer(LEFT_OUT, async (tab) => {
    assert.deepEqual(await texts(tab, '#report-open'), ['10 files kept · 1 left out']);
    await tab.click('#report-open');
    assert.deepEqual(await texts(tab, '#report h3'), ['Left out, as you set']);
    assert.deepEqual(await texts(tab, '#retry'), ['Fetch what was left out']);
    const link = await tab.$eval('#report-body p a', (found) => found.getAttribute('href'));
    assert.equal(link, '/options/options.html');
  }));

test('the report is opened, walked through and closed by the keyboard', () =>
  viewer(LACKING, async (tab) => {
    const before = tab.url();
    await tab.focus('#report-open');
    await tab.keyboard.press('Enter');
    assert.equal(await isOpen(tab), true);
    const reached = new Set();
    for (let i = 0; i < 12; i++) {
      await tab.keyboard.press('Tab');
      reached.add(
        await tab.evaluate(() => {
          const active = document.activeElement;
          return active?.id || active?.tagName;
        }),
      );
    }
    for (const part of ['report-body', 'SUMMARY', 'A', 'retry']) {
      assert.ok(reached.has(part), `${part} in ${[...reached]}`);
    }
    await tab.keyboard.press('Escape');
    assert.equal(await isOpen(tab), false);
    assert.equal(tab.url(), before);
  }));
