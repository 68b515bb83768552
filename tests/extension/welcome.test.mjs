/** The welcome page, as somebody meets it who has never seen it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, texts, until, violations } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */
/** @typedef {import('./ui-stub.mjs').Scene} Scene */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const MISSING = 'Specified native messaging host not found.';
const FORBIDDEN = 'Access to the specified native messaging host is forbidden.';

/**
 * The page in a scene; faults of its scripts, and what axe-core finds, fail the test.
 *
 * @param {Scene} scene
 * @param {(tab: Tab) => Promise<void>} body
 * @param {{ locale?: string, dark?: boolean, width?: number }} [look]
 */
async function welcome(scene, body, look = {}) {
  const { tab, faults } = await browser.open('welcome/welcome.html', scene, {
    width: 900,
    height: 800,
    ...look,
  });
  try {
    await until(async () => (await texts(tab, 'h2')).length > 0, 'a state');
    await body(tab);
    assert.deepEqual(faults, []);
    assert.deepEqual(await violations(tab), []);
  } finally {
    await tab.close();
  }
}

/** Where one is on the way. @param {Tab} tab */
const at = (tab) => tab.$eval('#way', (way) => /** @type {HTMLElement} */ (way).dataset.at);

/** @param {Tab} tab @param {object} changes - of the scene */
const change = (tab, changes) =>
  tab.evaluate((more) => Object.assign(/** @type {any} */ (globalThis).scene, more), changes);

/** What the background tells of a save. @param {Tab} tab @param {object} more */
const tell = (tab, more) =>
  tab.evaluate((record) => /** @type {any} */ (globalThis).putSave(record), {
    ...{ id: 'tab:5:x', worker: 'w', state: 'running', started: 1, progress: { stage: 'read' } },
    ...{ job: { kind: 'tab', tabId: 5, url: 'https://example.org/new', title: 'A new page' } },
    ...more,
  });

test('without a host it gives the exact commands for this browser', () =>
  welcome({ host: MISSING }, async (tab) => {
    assert.equal(await at(tab), '1');
    assert.deepEqual(await texts(tab, '.detected'), ['This is Chromium on Linux.']);
    assert.deepEqual(await texts(tab, 'code'), [
      'make deps install-user',
      'linksnap install --browser chromium',
    ]);
    await tab.select('select', 'brave-flatpak');
    assert.equal((await texts(tab, 'code'))[1], 'linksnap install --browser brave-flatpak');
    await tab.select('select', 'chromium-snap');
    assert.deepEqual(await texts(tab, 'code'), ['make deps install-user']);
    assert.match((await texts(tab, '.aside'))[0], /Snap/);
    assert.deepEqual(await texts(tab, '#first, #done, #doctor'), []);
  }));

test('what is chosen stays while the page looks for the host, which it then notices', () =>
  welcome({ host: MISSING }, async (tab) => {
    await tab.select('select', 'vivaldi');
    await new Promise((resolve) => {
      setTimeout(resolve, 1800);
    });
    assert.equal(await tab.$eval('select', (one) => one.value), 'vivaldi');
    await change(tab, { host: '' });
    await until(async () => (await texts(tab, 'h2'))[0] === 'Everything is ready', 'noticed');
    assert.deepEqual(await texts(tab, '.path'), ['/home/li/linksnap.db']);
    assert.equal(await at(tab), '2');
  }));

test('the longer nothing changes the less often it looks, and at once when somebody is back', () =>
  welcome({ host: MISSING }, async (tab) => {
    await tab.evaluate(() => {
      const page = /** @type {any} */ (globalThis);
      const { runtime } = page.chrome;
      const connect = runtime.connectNative;
      page.looks = 0;
      runtime.connectNative = () => {
        page.looks += 1;
        return connect();
      };
      const now = Date.now.bind(Date);
      Date.now = () => now() + 600_000;
    });
    const looks = () => tab.evaluate(() => Number(/** @type {any} */ (globalThis).looks));
    await until(async () => (await looks()) === 1, 'the look that was due');
    await new Promise((resolve) => {
      setTimeout(resolve, 2500);
    });
    assert.equal(await looks(), 1, 'ten minutes on');
    await tab.evaluate(() => globalThis.dispatchEvent(new Event('focus')));
    await until(async () => (await looks()) === 2, 'somebody is back');
    await until(async () => (await looks()) === 3, 'soon again');
  }));

test('a command is copied with a button that says so', () =>
  welcome({ host: MISSING }, async (tab) => {
    await tab.evaluate(() =>
      Object.defineProperty(navigator, 'clipboard', {
        value: {
          writeText: async (/** @type {string} */ text) =>
            void Object.assign(globalThis, { copied: text }),
        },
      }),
    );
    await tab.click('.command button');
    await until(async () => (await texts(tab, '.command button'))[0] === 'Copied', 'copied');
    assert.equal(
      await tab.evaluate(() => /** @type {any} */ (globalThis).copied),
      'make deps install-user',
    );
    assert.equal(
      await tab.$eval('.command button', (one) => {
        const described = one.getAttribute('aria-describedby') ?? '';
        return document.getElementById(described)?.textContent;
      }),
      'make deps install-user',
    );
  }));

test('on a system that the host is not made for, that is said', () =>
  welcome({ host: MISSING, os: 'mac' }, async (tab) => {
    assert.deepEqual(await texts(tab, '.detected'), ['This is Chromium on macOS.']);
    assert.match((await texts(tab, '.aside'))[0], /made for Linux/);
  }));

for (const [what, scene, lead, commands] of /** @type {const} */ ([
  ['forbidden', { host: FORBIDDEN }, /does not accept/, ['linksnap install --browser chromium']],
  ['too old', { protocol: 0 }, /is too old/, ['make deps install-user']],
  ['too new', { protocol: 99 }, /extension is too old/, []],
  [
    'broken',
    { host: 'Native host has exited.' },
    /does not start/,
    ['linksnap doctor', 'linksnap install --browser chromium'],
  ],
])) {
  test(`a host that is ${what} has words and a remedy of its own`, () =>
    welcome(scene, async (tab) => {
      assert.match((await texts(tab, 'h2'))[0], lead);
      assert.deepEqual(await texts(tab, 'code'), commands);
      assert.equal(await at(tab), '1');
    }));
}

test('a store that cannot be opened is examined at once, in words', () => {
  const error = { name: 'store_corrupt' };
  const store = { state: 'error', path: '/home/li/linksnap.db', error };
  const values = ['/home/li/linksnap.db', 'store_corrupt'];
  const diagnosis = { level: 'bad', findings: [{ level: 'bad', name: 'store_error', values }] };
  return welcome({ store, diagnosis }, async (tab) => {
    assert.deepEqual(await texts(tab, '#state h2'), ['Your library cannot be opened']);
    await until(async () => (await texts(tab, '.finding')).length === 1, 'examined');
    assert.deepEqual(await texts(tab, '.finding code'), ['linksnap fsck --repair']);
    assert.deepEqual(await texts(tab, '#first, #done'), []);
  });
});

test('a library that can only be read does not ask for a first snapshot', () => {
  const error = { name: 'store_readonly' };
  return welcome({ store: { state: 'readonly', path: '/x', pages: 0, error } }, async (tab) => {
    assert.match((await texts(tab, 'h2'))[0], /not changed/);
    assert.deepEqual(await texts(tab, '#first'), []);
  });
});

test('all well, it tells where to click and which keys do the same', () =>
  welcome({}, async (tab) => {
    assert.deepEqual(await texts(tab, '#first-where'), [
      'It may be behind the puzzle piece in the toolbar. Or press Alt+Shift+S.',
    ]);
  }));

test('keys that are not set are not spoken of', () =>
  welcome({ commands: [] }, async (tab) => {
    assert.deepEqual(await texts(tab, '#first-where'), [
      'It may be behind the puzzle piece in the toolbar',
    ]);
  }));

test('the first snapshot by the toolbar button is followed to its end', () =>
  welcome({}, async (tab) => {
    await tell(tab, {});
    await until(async () => (await texts(tab, '.running p')).length === 1, 'progress');
    const result = { page: 1, snapshot: 7, state: 'complete' };
    await tell(tab, { state: 'done', result });
    await until(async () => (await at(tab)) === '3', 'done');
    assert.deepEqual(await texts(tab, '#done-lead, #done-title'), [
      'Your first snapshot is stored',
      'A new page',
    ]);
    assert.match(
      await tab.$eval('#done-view', (one) => /** @type {HTMLAnchorElement} */ (one).href),
      /viewer\/viewer\.html\?snapshot=7$/,
    );
    assert.equal(await tab.evaluate(() => document.activeElement?.id), 'done-name');
    assert.deepEqual(await texts(tab, '#first'), []);
  }));

test('an address can be saved from here, and a failure says what helps', () =>
  welcome({}, async (tab) => {
    await tab.type('#first-url', 'not an address');
    await tab.keyboard.press('Enter');
    assert.match((await texts(tab, '#first-outcome'))[0], /address|link/i);
    await tab.$eval('#first-url', (field) => /** @type {HTMLInputElement} */ (field).select());
    await tab.type('#first-url', 'example.org');
    await tab.keyboard.press('Enter');
    const job = { kind: 'link', url: 'https://example.org/' };
    assert.deepEqual(await tab.evaluate(() => /** @type {any} */ (globalThis).seen.messages), [
      { type: 'save.start', job },
    ]);
    assert.equal((await texts(tab, '.running')).length, 1);
    const error = { name: 'dns', message: 'x', data: {} };
    await tell(tab, { id: 'link:https://example.org/', job, state: 'failed', error });
    await until(async () => (await texts(tab, '#first-outcome .strip')).length === 1, 'failed');
    assert.match((await texts(tab, '#first-outcome'))[0], /Check the connection/);
    assert.equal(await at(tab), '2');
  }));

test('a library with pages in it is not asked for its first', () =>
  welcome({ store: { state: 'ready', path: '/x', pages: 1200 } }, async (tab) => {
    assert.deepEqual(await texts(tab, '#done-lead'), ['Your library holds 1,200 pages']);
    assert.deepEqual(await texts(tab, '#done-view'), []);
  }));

test('the doctor is there for those who ask', () =>
  welcome({}, async (tab) => {
    assert.deepEqual(await texts(tab, '.finding, #doctor .strip'), []);
    await tab.click('#doctor summary');
    await until(
      async () => (await texts(tab, '#doctor .strip'))[0] === 'Everything is as it should be',
      'examined',
    );
  }));

for (const locale of ['en', 'zh_CN']) {
  test(`nothing sticks out of a narrow window in the dark (${locale})`, async () => {
    for (const scene of [{ host: MISSING }, {}]) {
      await welcome(
        scene,
        async (tab) => {
          assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), 320);
        },
        { locale, dark: true, width: 320 },
      );
    }
  });
}
