import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { asked, openBrowser, saved, sleep, texts, until, violations } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const LINES = Array.from({ length: 30 }, (_, i) => `第 ${i + 1} 段：读者可以在这里借阅图书。`);
const OLD = ['开放时间：早上九点。', ...LINES.slice(0, 20), '旧的通知', ...LINES.slice(20)].join(
  '\n',
);
const NEW = ['开放时间：早上八点。', ...LINES, '新来的一段话'].join('\n');

/** The smallest picture that there is. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

/** @param {string} ref @param {string} url @param {object} [more] */
const asset = (ref, url, more = {}) => ({
  ref,
  url,
  kind: 'image',
  media_type: 'image/png',
  bytes: 20_480,
  ...more,
});

const PAGE = saved(17, {
  title: '光明图书馆',
  versions: 3,
  snapshot: 1703,
  tags: ['读书', 'web'],
  note: '## 为什么\n\n**常常**变',
});

/** @type {import('./ui-stub.mjs').Scene} */
const SCENE = {
  pages: [PAGE, saved(2, { title: 'Another' })],
  versionTexts: { 1703: NEW, 1702: OLD, 1701: OLD },
  asset: PNG,
};

/**
 * @param {(tab: Tab) => Promise<void>} body
 * @param {import('./ui-stub.mjs').Scene} [more]
 * @param {{ hash?: string, look?: object }} [how]
 */
async function pageView(body, more = {}, { hash = '', look = {} } = {}) {
  const path = `page/page.html?page=17${hash}`;
  const size = { width: 1200, height: 900, ...look };
  const { tab, faults } = await browser.open(path, { ...SCENE, ...more }, size);
  try {
    await until(async () => (await texts(tab, '#title, .message')).length > 0, 'the page');
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** @param {Tab} tab @param {string} selector @param {string[]} expected */
async function shows(tab, selector, expected) {
  let found = '';
  const isSo = async () => {
    found = (await texts(tab, selector)).join('|');
    return found === expected.join('|');
  };
  await until(isSo, expected.join('|')).catch(() => assert.equal(found, expected.join('|')));
}

/** @param {Tab} tab */
const compared = (tab) =>
  until(async () => (await texts(tab, '#diff-tools')).length === 1, 'compared');

/** Ctrl+Enter. @param {Tab} tab */
async function finish(tab) {
  await tab.keyboard.down('Control');
  await tab.keyboard.press('Enter');
  await tab.keyboard.up('Control');
}

test('a page is shown with its versions, and what changed in the latest', () =>
  pageView(async (tab) => {
    assert.deepEqual(await texts(tab, '#title'), ['光明图书馆']);
    assert.match(await tab.title(), /^光明图书馆 · /);
    assert.deepEqual(await texts(tab, '.version-name'), ['Version 3', 'Version 2', 'Version 1']);
    await compared(tab);
    assert.deepEqual(await asked(tab, 'snapshots.compare'), [{ from: 1702, to: 1703 }]);
    assert.deepEqual(await texts(tab, '#diff-said'), ['1 paragraph changed · 1 added · 1 deleted']);
    assert.deepEqual(await texts(tab, '#diff-place'), ['3 changes']);
    const rows = await tab.$$eval('.diff-row:not(.same) .diff-one', (found) =>
      found.map((one) => one.textContent),
    );
    assert.deepEqual(rows, [
      '开放时间：早上[deleted 九][added 八]点。',
      '[deleted 旧的通知]',
      '[added 新来的一段话]',
    ]);
    assert.deepEqual(await texts(tab, '.diff-fold'), [
      '18 unchanged paragraphs',
      '8 unchanged paragraphs',
    ]);
    assert.deepEqual(await violations(tab), []);
  }));

test('what is folded is unfolded, and the keyboard stays there', () =>
  pageView(async (tab) => {
    await compared(tab);
    await tab.click('.diff-fold button');
    await shows(tab, '.diff-fold', ['8 unchanged paragraphs']);
    assert.equal((await texts(tab, '.diff-row.same')).length, 4 + 18);
    const at = await tab.evaluate(() => document.activeElement?.className);
    assert.equal(at, 'diff-row same');
  }));

test('keys lead from change to change, and round', () =>
  pageView(async (tab) => {
    await compared(tab);
    for (const place of ['1 of 3', '2 of 3', '3 of 3', '1 of 3']) {
      await tab.keyboard.press('n');
      await shows(tab, '#diff-place', [place]);
    }
    assert.equal(await tab.$eval('.current', (row) => row === document.activeElement), true);
    await tab.keyboard.press('p');
    await shows(tab, '#diff-place', ['3 of 3']);
    await tab.click('#diff-previous');
    await shows(tab, '#diff-place', ['2 of 3']);
  }));

test('two texts stand side by side when asked for, and that is remembered', () =>
  pageView(async (tab) => {
    await compared(tab);
    await tab.click('#diff-sides');
    assert.deepEqual(await texts(tab, '.diff-row.changed .diff-side'), [
      '开放时间：早上[deleted 九]点。',
      '开放时间：早上[added 八]点。',
    ]);
    assert.deepEqual(await violations(tab), []);
    await tab.reload();
    await compared(tab);
    assert.equal(await tab.$eval('#diff-sides', (one) => one.getAttribute('aria-pressed')), 'true');
    await tab.click('#diff-sides');
  }));

test('the address names a version, or two', async () => {
  await pageView(
    async (tab) => {
      await until(async () => (await texts(tab, '#diff-said'))[0] !== '', 'compared');
      assert.deepEqual(await asked(tab, 'snapshots.compare'), [{ from: 1701, to: 1702 }]);
      assert.deepEqual(await texts(tab, '#diff-said'), ['Text, pictures and files are the same.']);
      assert.deepEqual(await texts(tab, '#report-version'), ['Version 2']);
      await tab.click('.version-name');
      await until(async () => (await asked(tab, 'snapshots.compare')).length === 2, 'the latest');
      assert.deepEqual(await texts(tab, '#report-version'), ['Version 3']);
    },
    {},
    { hash: '#version=1702' },
  );
  await pageView(
    async (tab) => {
      await compared(tab);
      assert.deepEqual(await asked(tab, 'snapshots.compare'), [{ from: 1701, to: 1703 }]);
      await tab.select('#diff-from', '1702');
      await until(async () => new URL(tab.url()).hash === '#diff=1702-1703', 'the address');
      await until(async () => (await asked(tab, 'snapshots.compare')).length === 2, 'asked');
    },
    {},
    { hash: '#diff=1701-1703' },
  );
});

test('pictures that came, went or changed are shown, other files named', () =>
  pageView(
    async (tab) => {
      await shows(tab, '.file-group h3', [
        '+1 new picture',
        '−1 picture gone',
        '±1 picture changed',
      ]);
      await until(async () => (await tab.$$('.picture img')).length === 4, 'the pictures');
      const sources = await tab.$$eval('.picture img', (found) =>
        found.map((one) => /** @type {HTMLImageElement} */ (one).src.slice(0, 5)),
      );
      assert.deepEqual(sources, ['blob:', 'blob:', 'blob:', 'blob:']);
      const reads = (await asked(tab, 'snapshots.read')).map(({ snapshot, asset: ref }) => [
        snapshot,
        ref,
      ]);
      assert.deepEqual(reads, [
        [1703, 'a'],
        [1702, 'b'],
        [1702, 'd'],
        [1703, 'c'],
      ]);
      await tab.click('.other-files summary');
      assert.deepEqual(await texts(tab, '.other-files li'), [
        '±changedexample.com/s.cssStyle sheets',
      ]);
      assert.deepEqual(await violations(tab), []);
    },
    {
      compared: {
        added: [asset('a', 'https://example.com/new.png')],
        gone: [asset('b', 'https://example.com/old.png')],
        changed: [
          asset('c', 'https://example.com/map.png', { was: 'd' }),
          asset('e', 'https://example.com/s.css', {
            was: 'f',
            kind: 'style',
            media_type: 'text/css',
          }),
        ],
        more: false,
      },
    },
  ));

test('long texts come by the part, and thousands of changes are drawn by the part', () => {
  const lines = (/** @type {string} */ end) =>
    Array.from({ length: 900 }, (_, i) => `${i} 一段\n第 ${i} 段的话${i % 2 ? end : ''}`).join(
      '\n',
    );
  return pageView(
    async (tab) => {
      await compared(tab);
      assert.deepEqual(await texts(tab, '#diff-place'), ['450 changes']);
      assert.ok((await tab.$$('.diff-row[data-start]')).length < 200);
      assert.equal((await texts(tab, '#diff-more')).length, 1);
      await tab.keyboard.press('p');
      await shows(tab, '#diff-place', ['450 of 450']);
      assert.equal((await tab.$$('.diff-row[data-start]')).length, 450);
      assert.equal((await asked(tab, 'snapshots.text')).length, 10);
    },
    { versionTexts: { 1703: lines('，改了'), 1702: lines('') }, textParts: 5 },
  );
});

test('a fault of the comparison is told, with a way to try again', () =>
  pageView(
    async (tab) => {
      await until(async () => (await texts(tab, '#diff-notes [role=alert]')).length === 1, 'told');
      await tab.evaluate(() => {
        delete (/** @type {any} */ (globalThis).scene.fails['snapshots.text']);
      });
      await tab.click('#diff-notes button');
      await compared(tab);
      assert.deepEqual(await texts(tab, '#diff-notes [role=alert]'), []);
    },
    { fails: { 'snapshots.text': 'store_busy' } },
  ));

test('with one version there is nothing to compare, and it is said', () =>
  pageView(
    async (tab) => {
      assert.match((await texts(tab, '#changes-none'))[0], /one version only/);
      assert.deepEqual(await texts(tab, '.pair, #changes-body, [title^="Move version"]'), []);
      assert.deepEqual(await violations(tab), []);
    },
    { pages: [saved(17)] },
  ));

test('a version is moved to the trash and back, and that is undone', () =>
  pageView(async (tab) => {
    await tab.hover('.version');
    await tab.click('.version .version-tools button');
    await shows(tab, '.version-name', ['Version 2', 'Version 1']);
    assert.deepEqual(await texts(tab, '#trashed summary'), ['1 version in the trash']);
    assert.deepEqual(await texts(tab, '#report-version'), ['Version 2']);
    await tab.click('.toast .link-button');
    await shows(tab, '.version-name', ['Version 3', 'Version 2', 'Version 1']);
    assert.deepEqual(await texts(tab, '#trashed summary'), []);
    await tab.hover('.version:last-child');
    await tab.click('.version:last-child .version-tools button');
    await shows(tab, '.version-name', ['Version 3', 'Version 2']);
    await tab.click('#trashed summary');
    await tab.click('#trashed button');
    await shows(tab, '.version-name', ['Version 3', 'Version 2', 'Version 1']);
    assert.deepEqual(await asked(tab, 'snapshots.trash'), [{ snapshot: 1703 }, { snapshot: 1701 }]);
  }));

test('the title is changed in its place, and that is undone', () =>
  pageView(async (tab) => {
    await tab.click('#title-line button');
    await tab.keyboard.type('  New   title ');
    await tab.keyboard.press('Enter');
    await shows(tab, '#title', ['New title']);
    assert.deepEqual(await asked(tab, 'pages.update'), [{ page: 17, title: 'New title' }]);
    await tab.click('.toast .link-button');
    await shows(tab, '#title', ['光明图书馆']);
    await tab.click('#title-line button');
    await tab.keyboard.type('x');
    await tab.keyboard.press('Escape');
    assert.deepEqual(await texts(tab, '#title'), ['光明图书馆']);
    assert.equal((await asked(tab, 'pages.update')).length, 1);
  }));

test('tags are changed in their place, and lead to their pages', () =>
  pageView(async (tab) => {
    assert.deepEqual(await texts(tab, '#tags .chip'), ['读书', 'web', 'Edit tags']);
    const href = await tab.$eval('#tags a', (one) => one.getAttribute('href'));
    assert.equal(href, `/library/library.html?q=${encodeURIComponent('tag:读书')}`);
    await tab.click('#tags button');
    await tab.keyboard.type('新的,');
    await tab.keyboard.press('Enter');
    await shows(tab, '#tags .chip', ['读书', 'web', '新的', 'Edit tags']);
    assert.deepEqual((await asked(tab, 'pages.update'))[0], {
      page: 17,
      tags: ['读书', 'web', '新的'],
    });
    await tab.click('.toast .link-button');
    await shows(tab, '#tags .chip', ['读书', 'web', 'Edit tags']);
  }));

test('the note is Markdown, written with a preview, and what is typed survives a fault', () =>
  pageView(
    async (tab) => {
      assert.deepEqual(await texts(tab, '.markdown h3, .markdown strong'), ['为什么', '常常']);
      await tab.click('#note-tools button');
      await tab.keyboard.down('Control');
      await tab.keyboard.press('End');
      await tab.keyboard.up('Control');
      await tab.keyboard.type('\n\n- *新*的一行 n');
      await shows(tab, '.note-preview em', ['新']);
      assert.deepEqual(await violations(tab), []);
      await finish(tab);
      await until(async () => (await texts(tab, '.toast')).length === 1, 'the fault');
      assert.match(await tab.$eval('textarea', (one) => one.value), /新/);
      await tab.evaluate(() => {
        /** @type {any} */ (globalThis).scene.fails = {};
      });
      await finish(tab);
      await shows(tab, '#note-body em', ['新']);
      assert.equal(await tab.evaluate(() => document.activeElement?.textContent), 'Edit');
      await tab.click('.toast .link-button');
      await shows(tab, '#note-body em', []);
    },
    { fails: { 'pages.update': 'store_busy' } },
  ));

test('another snapshot is asked for, told of, and shown', () =>
  pageView(async (tab) => {
    await tab.click('[data-action=again]');
    const job = { kind: 'link', url: PAGE.url };
    const { messages } = await tab.evaluate(() => /** @type {any} */ (globalThis).seen);
    assert.deepEqual(messages, [{ type: 'save.start', job }]);
    assert.equal((await texts(tab, '.working .link-button')).length, 1);
    const record = {
      id: `link:${PAGE.url}`,
      job,
      worker: '',
      started: 1,
      progress: { stage: 'start' },
    };
    const put = (/** @type {any} */ more) =>
      tab.evaluate((made) => /** @type {any} */ (globalThis).putSave(made), { ...record, ...more });
    await put({ state: 'running', progress: { stage: 'assets', done: 3, total: 12 } });
    await shows(tab, '.working-line span', ['Fetching files: 3 of 12']);
    await put({ state: 'done', result: { unchanged: true, version: 3 } });
    assert.equal((await texts(tab, '#saving .link-button')).length, 1);
    await tab.evaluate(() => {
      const [page] = /** @type {any} */ (globalThis).pages;
      Object.assign(page, { versions: 4, snapshot: 1704 });
    });
    await put({ state: 'done', result: { version: 4 } });
    await shows(tab, '.version-name', ['Version 4', 'Version 3', 'Version 2', 'Version 1']);
    await put({ state: 'failed', error: { name: 'timeout', message: '', data: {} } });
    assert.equal((await texts(tab, '#saving .strip.bad')).length, 1);
    assert.deepEqual(await violations(tab), []);
  }));

test('the snapshot is handed out as a file', () =>
  pageView(async (tab) => {
    await tab.evaluate(() => {
      HTMLAnchorElement.prototype.click = function save() {
        Object.assign(globalThis, { file: [this.download, this.href.slice(0, 5)] });
      };
    });
    await tab.click('[data-action=export]');
    const file = () => tab.evaluate(() => /** @type {any} */ (globalThis).file);
    await until(async () => Boolean(await file()), 'the file');
    assert.deepEqual(await file(), ['光明图书馆.html', 'blob:']);
    await sleep(50);
    assert.deepEqual(await texts(tab, '.working'), []);
  }));

test('the page is moved to the trash, and back', () =>
  pageView(async (tab) => {
    await tab.focus('[data-action=trash]');
    await tab.keyboard.press('Enter');
    await shows(tab, '#facts .badge', ['In the trash']);
    assert.equal(
      await tab.evaluate(() => document.activeElement?.textContent),
      'Take out of the trash',
    );
    await tab.click('.toast .link-button');
    await shows(tab, '#facts .badge', []);
  }));

test('what is missing is told of the version, and fetched', () =>
  pageView(
    async (tab) => {
      await shows(tab, '#report .strip', ['2 of 43 files are missing']);
      await tab.click('#retry');
      const { messages } = await tab.evaluate(() => /** @type {any} */ (globalThis).seen);
      assert.deepEqual(messages, [
        { type: 'save.start', job: { kind: 'retry', snapshot: 1703, url: PAGE.url } },
      ]);
    },
    { pages: [{ ...PAGE, state: 'incomplete', failed: 2 }] },
  ));

test('highlights, the link, the way to it and similar pages are told', () => {
  const highlight = {
    highlight: 1,
    page: 17,
    snapshot: 1702,
    version: 2,
    title: '',
    made: 1,
    changed: 1,
  };
  const more = { quote: '一个字', prefix: '', suffix: '', place: 1, colour: 'blue', note: '想' };
  const checked = Date.now() - 3e6;
  const gone = { state: 'gone', checked, status: 404, reason: '404 Not Found', url: '' };
  const hops = [{ url: 'http://t.example/a', how: '301' }];
  return pageView(
    async (tab) => {
      await shows(tab, '.mark-quote', ['一个字']);
      const href = await tab.$eval('.mark-quote', (one) => one.getAttribute('href'));
      assert.equal(href, '/viewer/viewer.html?snapshot=1702&highlight=1');
      assert.match((await texts(tab, '.health'))[0], /HTTP 404|404/);
      assert.equal((await texts(tab, '#hops li')).length, 2);
      await shows(tab, '.similar-title', ['Another']);
      assert.deepEqual(await violations(tab), []);
    },
    {
      highlights: [{ ...highlight, ...more }],
      pages: [{ ...PAGE, health: gone, hops }, saved(2, { title: 'Another' })],
    },
    { look: { dark: true } },
  );
});

test('no such page, no host, a broken store and a library that cannot be changed', async () => {
  await pageView(
    async (tab) => {
      assert.deepEqual(await texts(tab, '.message .lead'), [
        'There is no such page in the library',
      ]);
      assert.deepEqual(await violations(tab), []);
    },
    { pages: [] },
  );
  const error = { code: 1, name: 'store_readonly', message: '' };
  for (const more of [
    { host: 'Specified native messaging host not found.' },
    { store: { state: 'error', error } },
  ]) {
    await pageView(
      async (tab) => assert.equal((await texts(tab, '#notices .lead')).length, 1),
      more,
    );
  }
  await pageView(
    async (tab) => {
      await compared(tab);
      const changing =
        '#title-line button, #tags button, [data-action], #note-tools button, .version button';
      assert.deepEqual(await texts(tab, changing), ['Save as file']);
      assert.deepEqual(await violations(tab), []);
    },
    { store: { state: 'readonly', error } },
  );
});
