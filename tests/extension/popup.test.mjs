import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TAB, openBrowser, saved, texts, until } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

/**
 * The popup in a scene; faults of its scripts fail the test.
 *
 * @param {import('./ui-stub.mjs').Scene} scene
 * @param {(tab: Tab) => Promise<void>} body
 */
async function popup(scene, body) {
  const { tab, faults } = await browser.open('popup/popup.html', scene);
  try {
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/**
 * What the page did, by the stub's log.
 *
 * @param {Tab} tab
 * @returns {Promise<{ requests: { method: string, params: any }[], messages: any[], tabs: any[], closed: number }>}
 */
const seen = (tab) => tab.evaluate(() => /** @type {any} */ (globalThis).seen);

/** @param {Tab} tab */
const focused = (tab) =>
  tab.evaluate(() => {
    const { activeElement: active } = document;
    return active?.id || (active?.className ?? '');
  });

/** @param {Tab} tab @param {any} record */
const put = (tab, record) =>
  tab.evaluate((made) => /** @type {any} */ (globalThis).putSave(made), record);

const job = { kind: 'tab', tabId: TAB.id, url: TAB.url };
const record = { id: `tab:5:${TAB.url}`, job, worker: 'w', started: 1, state: 'running' };
const result = {
  page: 9,
  snapshot: 900,
  version: 1,
  state: 'complete',
  assets: { total: 43, stored: 43, reused: 5, failed: 0 },
  failures: [],
  bytes: 1_843_021,
  ms: 7,
};

test('saving hands over title, tags and note', () =>
  popup({}, async (tab) => {
    await tab.keyboard.type('读书，web');
    await tab.click('.card-note-toggle');
    await tab.keyboard.type('why');
    await tab.click('.card-title', { count: 3 });
    await tab.keyboard.type('My title');
    await tab.click('.card-save');
    const { messages } = await seen(tab);
    assert.deepEqual(messages, [
      {
        type: 'save.start',
        job: { ...job, title: 'My title', tags: ['读书', 'web'], note: 'why' },
      },
    ]);
    assert.deepEqual(await texts(tab, '.card-progress p'), ['Starting…']);
  }));

test('tags, Enter, Enter saves; so does Ctrl+Enter from anywhere', () =>
  popup({}, async (tab) => {
    await tab.keyboard.type('a');
    await tab.keyboard.press('Enter');
    assert.equal((await seen(tab)).messages.length, 0);
    await tab.keyboard.press('Enter');
    assert.deepEqual((await seen(tab)).messages[0].job.tags, ['a']);
    await put(tab, { ...record, state: 'failed', error: { name: 'cancelled', data: {} } });
    await tab.focus('#query');
    await tab.keyboard.down('Control');
    await tab.keyboard.press('Enter');
    await tab.keyboard.up('Control');
    assert.equal((await seen(tab)).messages.length, 2);
  }));

test('progress is shown as it comes, and can be stopped', () =>
  popup({}, async (tab) => {
    await tab.click('.card-save');
    await put(tab, { ...record, progress: { stage: 'read' } });
    assert.deepEqual(await texts(tab, '.card-progress p'), ['Reading the page…']);
    const progress = { stage: 'assets', done: 12, total: 43, bytes: 512_000 };
    await put(tab, { ...record, progress });
    assert.deepEqual(await texts(tab, '.card-progress p'), [
      'Fetching files: 12 of 43 · 512\u00a0kB',
    ]);
    const bar = await tab.$eval('.card .bar', (found) => found.getAttribute('aria-valuenow'));
    assert.equal(bar, '28');
    await tab.click('.card-cancel');
    assert.deepEqual((await seen(tab)).messages[1], { type: 'save.cancel', id: record.id });
  }));

test('a save that goes on since an earlier popup is found again', () =>
  popup(
    {
      saves: {
        [`save:${record.id}`]: {
          ...record,
          progress: { stage: 'assets', done: 1, total: 2 },
        },
      },
    },
    async (tab) => {
      assert.deepEqual(await texts(tab, '.card-progress p'), ['Fetching files: 1 of 2']);
      assert.deepEqual(await texts(tab, '.card-save'), []);
    },
  ));

test('a finished save says what was stored, and is forgotten', () =>
  popup({}, async (tab) => {
    await tab.evaluate(
      (page) => /** @type {any} */ (globalThis).pages.push(page),
      saved(9, { url: TAB.url, title: TAB.title }),
    );
    await put(tab, { ...record, state: 'done', result });
    await until(async () => (await texts(tab, '.card-save'))[0] === 'View snapshot', 'view');
    assert.deepEqual(await texts(tab, '.card-outcome p'), [
      'Saved',
      '43 files · 1.8\u00a0MB · 5 already in your library · Report',
    ]);
    assert.deepEqual(
      await tab.evaluate(() => /** @type {any} */ (globalThis).chrome.storage.session.get()),
      {},
    );
    assert.deepEqual(await texts(tab, '.row-title'), ['A new page']);
    await tab.click('.card-save');
    assert.match((await seen(tab)).tabs[0].url, /viewer\.html\?snapshot=900$/);
  }));

test('what is missing is told with the reason, and can be retried', () =>
  popup({}, async (tab) => {
    const failures = [
      { url: 'https://cdn.example/x/y.woff2?z', kind: 'font', name: 'status', status: 403 },
      { url: 'https://img.example/a.png', kind: 'image', name: 'timeout', reason: '' },
    ];
    const assets = { total: 43, stored: 40, reused: 0, failed: 3 };
    const incomplete = { ...result, state: 'incomplete', assets, failures };
    await put(tab, { ...record, state: 'done', result: incomplete });
    await tab.click('summary');
    assert.deepEqual(await texts(tab, '.failures li'), [
      'cdn.example/…/y.woff2HTTP 403',
      'img.example/a.pngThe site took too long',
      'and 1 more',
    ]);
    await tab.click('.more-actions .link-button:last-child');
    assert.deepEqual((await seen(tab)).messages, [
      { type: 'save.start', job: { kind: 'retry', snapshot: 900, url: TAB.url, tabId: 5 } },
    ]);
  }));

test('what was left out as a person wished is told, and the report is one click away', () =>
  popup({}, async (tab) => {
    const assets = { ...result.assets, left_out: 2 };
    await put(tab, { ...record, state: 'done', result: { ...result, assets, foreign: 1 } });
    assert.deepEqual(await texts(tab, '.card-outcome p'), [
      'Saved',
      '43 files · 1.8\u00a0MB · 5 already in your library · 2 left out · Report',
      '1 embedded page from another site was fetched without your sign-in. Allow other sites and save as shown',
    ]);
    await tab.click('.card-outcome .link-button');
    assert.match((await seen(tab)).tabs[0].url, /viewer\.html\?snapshot=900#report$/);
  }));

test('a saved page that lacks files leads to their report', () =>
  popup({ pages: [saved(2, { url: TAB.url, state: 'incomplete', failed: 2 })] }, async (tab) => {
    await until(async () => (await texts(tab, '.more-actions')).length === 1, 'told');
    await tab.click('.more-actions .link-button');
    assert.match((await seen(tab)).tabs[0].url, /viewer\.html\?snapshot=200#report$/);
  }));

test('access to other sites is asked for, and the page saved again with it', () =>
  popup({}, async (tab) => {
    await put(tab, { ...record, state: 'done', result: { ...result, foreign: 2 } });
    await tab.click('.foreign .link-button');
    await until(async () => (await seen(tab)).messages.length === 1, 'saved again');
    assert.equal((await seen(tab)).messages[0].job.kind, 'tab');
  }));

test('a refusal is told with what helps', () =>
  popup({}, async (tab) => {
    await put(tab, { ...record, state: 'failed', error: { name: 'store_full', data: {} } });
    assert.deepEqual(await texts(tab, '.card-outcome p'), [
      'The disk is full',
      'Make room on the disk and try again.',
    ]);
    assert.deepEqual(await texts(tab, '.card-save'), ['Save snapshot']);
  }));

test('a page that extensions may not read can be saved by its link', () =>
  popup({}, async (tab) => {
    await put(tab, { ...record, state: 'failed', error: { name: 'tab_forbidden', data: {} } });
    await tab.click('.card-outcome .link-button');
    const [{ job: link }] = (await seen(tab)).messages;
    assert.equal(link.kind, 'link');
    assert.equal(link.url, TAB.url);
  }));

const known = saved(2, {
  url: TAB.url,
  title: 'Saved title',
  tags: ['b', 'a'],
  note: 'kept',
  versions: 3,
});

test('a page that is saved says so, with what was said of it', () =>
  popup({ pages: [known] }, async (tab) => {
    assert.match((await texts(tab, '.card-meta'))[0], /^example\.org · Saved .* · 3 versions$/);
    assert.deepEqual(await texts(tab, '.card .chip'), ['b', 'a']);
    assert.deepEqual(await texts(tab, '.card-save'), ['View snapshot']);
    assert.deepEqual(await texts(tab, '.card-again'), ['Save again']);
    const typed = await tab.$$eval('#page-card :is(.card-title, textarea)', (fields) =>
      fields.map((field) => /** @type {HTMLInputElement} */ (field).value),
    );
    assert.deepEqual(typed, ['Saved title', 'kept']);
  }));

test('changes of a saved page are saved without another snapshot', () =>
  popup({ pages: [known] }, async (tab) => {
    await tab.focus('.tag-input input');
    await tab.keyboard.press('Backspace');
    assert.deepEqual(await texts(tab, '.card-save'), ['Save changes']);
    await tab.click('.card-save');
    await until(async () => (await texts(tab, '.card-save'))[0] === 'View snapshot', 'clean');
    const { requests, messages } = await seen(tab);
    assert.deepEqual(requests.find(({ method }) => method === 'pages.update')?.params, {
      page: 2,
      tags: ['b'],
      note: 'kept',
      title: 'Saved title',
    });
    assert.deepEqual(messages, []);
  }));

test('an address in the search field becomes a link to save', () =>
  popup({}, async (tab) => {
    await tab.focus('#query');
    await tab.keyboard.type('www.example.net/a');
    assert.equal(
      await tab.$eval('#link-card .card-title', (field) => /** @type {any} */ (field).value),
      'https://www.example.net/a',
    );
    await tab.keyboard.press('Enter');
    assert.deepEqual((await seen(tab)).messages, [
      {
        type: 'save.start',
        job: { kind: 'link', url: 'https://www.example.net/a', tags: [], tabId: 5 },
      },
    ]);
    await tab.keyboard.press('Escape');
    assert.equal((await texts(tab, '#link-card')).length, 0);
  }));

test('a link is added with its tags', () =>
  popup({ tab: { id: 5, url: 'about:blank' } }, async (tab) => {
    assert.deepEqual((await texts(tab, '#page-card .lead'))[0], 'This page cannot be saved');
    await tab.click('#add-link');
    await tab.keyboard.type('not an address');
    assert.equal(await tab.$eval('.card-save', (save) => /** @type {any} */ (save).disabled), true);
    await tab.click('#link-card .card-title', { count: 3 });
    await tab.keyboard.type('https://example.net/');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Tab');
    await tab.keyboard.type('读书,');
    await tab.click('#link-card .card-save');
    const [{ job: link }] = (await seen(tab)).messages;
    assert.deepEqual(link.tags, ['读书']);
    assert.equal(link.url, 'https://example.net/');
  }));

test('a link that failed while no popup was open is told', () =>
  popup(
    {
      saves: {
        'save:link:https://example.net/': {
          ...record,
          id: 'link:https://example.net/',
          job: { kind: 'link', url: 'https://example.net/' },
          state: 'failed',
          error: { name: 'dns', message: '', data: {} },
        },
      },
    },
    async (tab) => {
      assert.equal((await texts(tab, '#link-card .lead'))[0], 'The site was not found');
    },
  ));

test('a library that is read only is said to be so, and nothing is saved', () =>
  popup(
    { pages: [saved(1)], store: { state: 'readonly', error: { name: 'store_full' } } },
    async (tab) => {
      assert.match((await texts(tab, '#notices'))[0], /read, but not changed.*disk is full/s);
      assert.equal(
        await tab.$eval('.card-save', (save) => /** @type {any} */ (save).disabled),
        true,
      );
      await tab.keyboard.press('Enter');
      assert.deepEqual((await seen(tab)).messages, []);
      assert.deepEqual(await texts(tab, '.row-title'), ['Page 1']);
    },
  ));

test('a library that cannot be opened stands in place of everything else', () =>
  popup({ store: { state: 'error', error: { name: 'store_newer' } } }, async (tab) => {
    const [notice] = await texts(tab, '#notices');
    assert.match(notice, /cannot be opened.*newer version.*Update the Linksnap program/s);
    assert.deepEqual(await texts(tab, '.card, #query, #library'), []);
  }));

for (const [host, title] of [
  ['Specified native messaging host not found.', 'The Linksnap program was not found'],
  [
    'Access to the specified native messaging host is forbidden.',
    'The Linksnap program does not accept this extension',
  ],
  ['Native host has exited.', 'The Linksnap program does not start'],
]) {
  test(`"${host}" leads to the page that helps`, () =>
    popup({ host }, async (tab) => {
      assert.equal((await texts(tab, '#notices .lead'))[0], title);
      await tab.click('#notices .primary');
      assert.match((await seen(tab)).tabs[0].url, /welcome\/welcome\.html$/);
    }));
}

test('a host that is installed meanwhile is noticed by checking again', () =>
  popup({ host: 'Specified native messaging host not found.' }, async (tab) => {
    await tab.evaluate(() => delete (/** @type {any} */ (globalThis).scene.host));
    await tab.click('#notices .button:not(.primary)');
    await until(async () => (await texts(tab, '#query')).length === 1, 'the library');
    assert.deepEqual(await texts(tab, '#notices *'), []);
  }));

test('the keyboard lands where one types first', () =>
  popup({}, async (tab) => {
    assert.equal(
      await tab.$eval('.tag-input', (root) => root.contains(document.activeElement)),
      true,
    );
    assert.equal(await focused(tab), '');
  }));
