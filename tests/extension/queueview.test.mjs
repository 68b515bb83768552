import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, sleep, texts, until } from './ui-harness.mjs';
import { QUEUE, QUEUE_STATE, jobOf } from './ui-pages.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

/**
 * The popup over a queue; faults of its scripts fail the test.
 *
 * @param {import('./ui-stub.mjs').Scene} scene
 * @param {(tab: Tab) => Promise<void>} body
 */
async function queue(scene, body) {
  const { tab, faults } = await browser.open('popup/popup.html', scene);
  try {
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** @param {Tab} tab @returns {Promise<any>} */
const seen = (tab) => tab.evaluate(() => /** @type {any} */ (globalThis).seen);

/** What the host was asked, without what is asked all the time. @param {Tab} tab */
const asked = async (tab) =>
  (await seen(tab)).requests.filter(
    (/** @type {any} */ { method }) => method.startsWith('queue.') && method !== 'queue.list',
  );

/** How often the queue was listed. @param {Tab} tab */
const listed = async (tab) =>
  (await seen(tab)).requests.filter((/** @type {any} */ { method }) => method === 'queue.list')
    .length;

/** How often the background was asked to run it. @param {Tab} tab */
const runs = async (tab) =>
  (await seen(tab)).messages.filter((/** @type {any} */ { type }) => type === 'queue.run').length;

/** @param {Tab} tab */
const words = async (tab) => (await texts(tab, '.queue-words'))[0];

/** @param {Tab} tab @param {string} text */
const says = (tab, text) => until(async () => (await words(tab)) === text, `"${text}"`);

/** @param {Tab} tab */
async function unfold(tab) {
  await tab.click('.queue-toggle');
  await tab.waitForSelector('.job');
}

test('without open or failed jobs there is no strip, and the host is asked once', () =>
  queue({ jobs: [jobOf(1, { state: 'done' }), jobOf(2, { state: 'cancelled' })] }, async (tab) => {
    assert.deepEqual(await texts(tab, '.queue'), []);
    await sleep(1300);
    assert.equal(await listed(tab), 1);
    assert.equal(await runs(tab), 0);
  }));

test('the strip says how many are at work, waiting and failed, and how far they are', () =>
  queue({ jobs: QUEUE, queue: QUEUE_STATE }, async (tab) => {
    await says(tab, '2 at work · 4 waiting · 2 failed');
    const bar = await tab.$eval('.queue > .bar', (one) => one.getAttribute('aria-valuenow'));
    assert.equal(bar, '40');
    assert.equal(await runs(tab), 1);
    assert.deepEqual(await texts(tab, '.job'), []);
  }));

test('the queue is asked for once a second, only while it is seen and something is open', () =>
  queue({ jobs: [jobOf(1)] }, async (tab) => {
    const before = await listed(tab);
    await until(async () => (await listed(tab)) > before, 'asked again');
    await tab.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await sleep(100);
    const hidden = await listed(tab);
    await sleep(1300);
    assert.equal(await listed(tab), hidden);
    await tab.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'visible' });
      document.dispatchEvent(new Event('visibilitychange'));
      /** @type {any} */ (globalThis).eachJob(() => ({ state: 'done' }));
    });
    await says(tab, '1 done');
    const done = await listed(tab);
    await sleep(1300);
    assert.equal(await listed(tab), done);
  }));

test('what comes to its end is told, and looked for in the library', () =>
  queue({ jobs: [jobOf(1, { state: 'running' }), jobOf(2)] }, async (tab) => {
    const searches = async () =>
      (await seen(tab)).requests.filter(
        (/** @type {any} */ { method }) => method === 'pages.search',
      ).length;
    const before = await searches();
    await says(tab, '1 at work · 1 waiting');
    await tab.evaluate(() => {
      /** @type {any} */ (globalThis).eachJob(() => ({ state: 'done' }));
      /** @type {any} */ (globalThis).putQueue({ open: 0, done: 2, total: 2 });
    });
    await says(tab, '2 done');
    await until(async () => (await searches()) > before, 'a search');
    assert.deepEqual(await texts(tab, '.queue > .bar'), []);
  }));

test('each job has its state and its reason in words', () =>
  queue({ jobs: QUEUE, queue: QUEUE_STATE, allowed: true }, async (tab) => {
    await unfold(tab);
    assert.deepEqual(await texts(tab, '.job-name'), [
      '编码标准',
      ...[2, 3, 4, 5, 6, 7, 8].map((n) => `example.com/articles/${n}`),
      'A book',
      ...[10, 11, 12, 13].map((n) => `example.com/articles/${n}`),
    ]);
    const meta = await texts(tab, '.job-meta');
    assert.match(meta[4], /^Tries again in .* min\. · The site took too long$/);
    meta[4] = '';
    assert.deepEqual(meta, [
      'example.com · Fetching files: 12 of 43',
      'Link check · Visiting the link…',
      'Needs a browser · The site lets only browsers in (HTTP 403)',
      'Needs a browser · The page shows its text only in a browser',
      '',
      'Waiting',
      'The site answered with error 404',
      'The page asks for a sign-in',
      'example.com · Saved, but 2 files are missing',
      'Nothing has changed',
      'Saved',
      'Link check · Checked',
      'Cancelled',
    ]);
    const bars = await tab.$$eval('.job .bar:not([hidden])', (found) =>
      found.map((one) => one.getAttribute('aria-valuenow')),
    );
    assert.deepEqual(bars, ['28', null]);
    assert.match(
      await tab.$eval('.job:nth-child(9) a', (one) => /** @type {HTMLAnchorElement} */ (one).href),
      /viewer\.html\?snapshot=100$/,
    );
  }));

test('a job is cancelled, and retried, from its row', () =>
  queue({ jobs: QUEUE, allowed: true }, async (tab) => {
    await unfold(tab);
    const before = await runs(tab);
    await tab.click('[aria-label="Cancel: 编码标准"]');
    await says(tab, '1 at work · 4 waiting · 2 failed');
    await tab.click('[aria-label="Retry: example.com/articles/7"]');
    await says(tab, '1 at work · 5 waiting · 1 failed');
    assert.deepEqual(
      (await asked(tab)).map((/** @type {any} */ { method, params }) => [method, params.jobs]),
      [
        ['queue.cancel', [1]],
        ['queue.retry', [7]],
      ],
    );
    assert.equal(await runs(tab), before + 2);
  }));

test('all that failed is retried, and what was cancelled stays so', () =>
  queue({ jobs: QUEUE, allowed: true }, async (tab) => {
    await unfold(tab);
    await tab.click('.queue-foot .link-button:nth-child(1)');
    await says(tab, '2 at work · 6 waiting');
    assert.deepEqual((await asked(tab))[0], { method: 'queue.retry', params: { jobs: [7, 8] } });
  }));

test('what was cleared is back with a click', () =>
  queue({ jobs: [jobOf(1, { state: 'failed' })], allowed: true }, async (tab) => {
    await unfold(tab);
    await tab.click('.queue-foot .link-button:nth-child(2)');
    await until(async () => (await texts(tab, '.toast > span')).length === 1, 'the toast');
    assert.deepEqual(await texts(tab, '.toast > span'), ['1 link was cleared']);
    await tab.click('.toast .link-button');
    await until(async () => (await texts(tab, '.job')).length === 1, 'the link again');
  }));

test('what has ended is cleared, and what is open cancelled', () =>
  queue({ jobs: QUEUE, allowed: true }, async (tab) => {
    await unfold(tab);
    await tab.click('.queue-foot .link-button:nth-child(2)');
    await until(async () => (await texts(tab, '.job')).length === 6, 'the open ones');
    assert.deepEqual(await texts(tab, '.queue-foot .link-button'), [
      'Cancel all',
      'Open in the library',
    ]);
    await tab.click('.queue-foot .link-button:nth-child(1)');
    await until(async () => (await texts(tab, '.queue')).length === 0, 'nothing left to tell');
    assert.deepEqual(
      (await asked(tab)).map((/** @type {any} */ { method, params }) => [method, params]),
      [
        ['queue.clear', {}],
        ['queue.cancel', {}],
      ],
    );
  }));

test('the queue is paused, and goes on', () =>
  queue({ jobs: [jobOf(1), jobOf(2)] }, async (tab) => {
    await tab.click('[aria-label="Pause the queue"]');
    await says(tab, 'Paused · 2 waiting');
    const before = await runs(tab);
    await tab.click('[aria-label="Go on with the queue"]');
    await says(tab, '2 waiting');
    await until(async () => (await runs(tab)) === before + 1, 'run');
    assert.deepEqual(
      (await asked(tab)).map((/** @type {any} */ { params }) => params),
      [{ paused: true }, { paused: false }],
    );
  }));

test('a queue that is paused is not run by looking at it', () =>
  queue({ jobs: [jobOf(1)], paused: true }, async (tab) => {
    await says(tab, 'Paused · 1 waiting');
    assert.equal(await runs(tab), 0);
  }));

test('only one state is listed on request', () =>
  queue({ jobs: QUEUE, allowed: true }, async (tab) => {
    await unfold(tab);
    await tab.click('.queue-chips [data-state=failed]');
    await until(async () => (await texts(tab, '.job')).length === 2, 'the failed ones');
    assert.equal(
      await tab.evaluate(() => /** @type {any} */ (document.activeElement)?.dataset.state),
      'failed',
    );
    await tab.click('.queue-foot .link-button:nth-child(1)');
    await until(async () => (await texts(tab, '.job')).length === 13, 'all, as none failed');
  }));

test('a long queue comes in pieces, past what one answer holds', () =>
  queue({ jobs: Array.from({ length: 230 }, (_, i) => jobOf(i + 1)) }, async (tab) => {
    await unfold(tab);
    for (const count of [50, 100, 150, 200, 230]) {
      await until(async () => (await tab.$$('.job')).length === count, `${count} rows`);
      await tab.$eval('.queue-more', (one) => /** @type {HTMLElement} */ (one).click());
    }
    await until(async () => (await texts(tab, '.queue-more')).length === 0, 'no more');
  }));

test('rows stay the same while their jobs go on, and keep the focus', () =>
  queue({ jobs: [jobOf(1, { state: 'running', stage: 'page' }), jobOf(2)] }, async (tab) => {
    await unfold(tab);
    await tab.focus('.job:nth-child(1) button');
    await tab.evaluate(() =>
      /** @type {any} */ (globalThis).eachJob((/** @type {any} */ { job }) =>
        job === 1 ? { stage: 'assets', done: 3, total: 9 } : {},
      ),
    );
    await until(async () => (await texts(tab, '.job-meta'))[0] === 'Fetching files: 3 of 9', 'on');
    const focused = () => tab.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    assert.equal(await focused(), 'Cancel: example.com/articles/1');
    await tab.keyboard.press('Enter');
    await until(async () => (await focused()) === 'Retry: example.com/articles/1', 'its next');
  }));

test('pages that let only a browser in: why, and the permission, asked for in the click', () =>
  queue({ jobs: QUEUE, queue: QUEUE_STATE }, async (tab) => {
    await until(async () => (await texts(tab, '.wall')).length === 1, 'the strip');
    assert.match(
      (await texts(tab, '.wall'))[0],
      /^2 pages let only a browser in\. Linksnap can open/,
    );
    const before = await runs(tab);
    await tab.click('.wall .button');
    await until(async () => (await texts(tab, '.wall')).length === 0, 'allowed');
    await until(async () => (await runs(tab)) === before + 1, 'run');
    assert.deepEqual((await seen(tab)).asked, [{ origins: ['*://*/*'] }]);
  }));

test('a refusal says what is left to do', () =>
  queue({ jobs: QUEUE, refuses: true }, async (tab) => {
    await until(async () => (await texts(tab, '.wall')).length === 1, 'the strip');
    const before = await runs(tab);
    await tab.click('.wall .button');
    await until(async () => /they wait/.test((await texts(tab, '.wall .refused'))[0]), 'said');
    assert.equal(await runs(tab), before);
    await unfold(tab);
    await tab.click('.job:nth-child(3) [aria-label^="Open the page yourself"]');
    assert.equal((await seen(tab)).tabs[0].url, 'https://example.com/articles/3');
  }));

test('why nobody is at work is told, and what the host refuses', () =>
  queue({ jobs: QUEUE, queue: { ...QUEUE_STATE, error: 'store_full' } }, async (tab) => {
    await until(async () => /disk is full/.test((await texts(tab, '.queue-fault'))[0]), 'told');
  }));

test('a request that fails is told', () =>
  queue({ jobs: [jobOf(1)], fails: { 'queue.pause': 'store_busy' } }, async (tab) => {
    await tab.click('[aria-label="Pause the queue"]');
    await until(
      async () => /using the library/.test((await texts(tab, '.queue-fault'))[0]),
      'told',
    );
    assert.equal(await runs(tab), 1);
  }));
