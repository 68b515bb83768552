import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { WORDS, TAB, openBrowser, paste, saved, texts, violations } from './ui-harness.mjs';
import { CHECKED, KINDS, LACKING, LEFT_OUT, QUEUE, QUEUE_STATE } from './ui-pages.mjs';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const pages = [
  saved(1, { tags: ['读书', 'web', 'a', 'b'], versions: 3 }),
  saved(2, { state: 'incomplete', failed: 2, url: TAB.url, tags: ['web'], note: 'A note' }),
  saved(3, { state: 'pending', title: 'أرشفة الويب', tags: ['عربي'] }),
  saved(4, { title: '', url: 'https://example.net/' }),
];
const job = { kind: 'tab', tabId: TAB.id, url: TAB.url };
const record = { id: 'x', job, worker: '', started: 1, progress: { stage: 'start' } };
const failures = [{ url: 'https://cdn.example/a.png', kind: 'image', name: 'timeout', reason: '' }];
const result = {
  page: 2,
  snapshot: 200,
  version: 2,
  state: 'incomplete',
  assets: { total: 43, stored: 42, reused: 5, failed: 1 },
  failures,
  bytes: 1000,
  ms: 1,
};

const FOUND = {
  pages,
  tab: { id: 5, url: 'https://example.org/other', title: 'x' },
  colours: { web: '#3281c4', 读书: '#cc5952' },
  suggested: ['读书', 'web'],
  unused: ['old'],
  spelling: 'Page',
  pinyin: { gm: [1] },
};

const MANY = 'javascript:alert(1) https://example.com/1 https://example.com/b/c/d';

/** @type {Record<string, { path: string, scene: import('./ui-stub.mjs').Scene, act?: (tab: import('puppeteer-core').Page) => Promise<unknown> }>} */
const states = {
  'the popup with a library': {
    path: 'popup/popup.html',
    scene: { pages },
    act: (tab) => tab.hover('#results li:nth-child(2)'),
  },
  'the popup, searching': {
    path: 'popup/popup.html',
    scene: { pages },
    act: async (tab) => {
      await tab.type('#query', 'Page');
      await tab.waitForSelector('mark');
      await tab.keyboard.press('ArrowDown');
    },
  },
  'the popup, choosing a tag': {
    path: 'popup/popup.html',
    scene: { pages },
    act: async (tab) => {
      await tab.type('.tag-input input', '读');
      await tab.waitForSelector('.choices li');
      await tab.keyboard.press('ArrowDown');
    },
  },
  'the popup, editing tags in the list': {
    path: 'popup/popup.html',
    scene: { pages },
    act: (tab) => tab.click('#results .icon-button:nth-child(2)'),
  },
  'the popup, moving to the trash': {
    path: 'popup/popup.html',
    scene: { pages },
    act: async (tab) => {
      await tab.focus('#results .row-title');
      await tab.keyboard.press('Delete');
      await tab.waitForSelector('.toast');
    },
  },
  'the popup, saving': {
    path: 'popup/popup.html',
    scene: {
      saves: {
        'save:x': {
          ...record,
          state: 'running',
          progress: { stage: 'assets', done: 3, total: 9, bytes: 5 },
        },
      },
    },
  },
  'the popup after an incomplete save': {
    path: 'popup/popup.html',
    scene: { pages, saves: { 'save:x': { ...record, state: 'done', result } } },
    act: (tab) => tab.click('summary'),
  },
  'the popup after a complete save that met pages of other sites': {
    path: 'popup/popup.html',
    scene: {
      pages,
      saves: {
        'save:x': {
          ...record,
          state: 'done',
          result: {
            ...result,
            state: 'complete',
            assets: { total: 43, stored: 43, reused: 0, failed: 0, left_out: 1 },
            foreign: 3,
          },
        },
      },
    },
  },
  'the popup after a failed save': {
    path: 'popup/popup.html',
    scene: {
      saves: {
        'save:x': {
          ...record,
          state: 'failed',
          error: { name: 'tab_forbidden', message: '', data: {} },
        },
      },
    },
  },
  'the popup, adding a link': {
    path: 'popup/popup.html',
    scene: { pages, tab: { id: 5, url: 'about:blank', title: 'x' } },
    act: (tab) => tab.click('#add-link'),
  },
  'the popup, adding many links': {
    path: 'popup/popup.html',
    scene: { pages },
    act: async (tab) => {
      await paste(tab, '#query', MANY);
      await tab.waitForSelector('.found li');
      await tab.click('.found li:last-child input');
    },
  },
  'the popup, finding no links': {
    path: 'popup/popup.html',
    scene: { pages },
    act: async (tab) => {
      await paste(tab, '#query', 'a.example/x and more');
      await tab.waitForSelector('.links-said:not(:empty)');
    },
  },
  'the popup after a save of what has not changed': {
    path: 'popup/popup.html',
    scene: {
      pages,
      saves: { 'save:x': { ...record, state: 'done', result: { ...result, unchanged: true } } },
    },
  },
  'the popup with a queue': {
    path: 'popup/popup.html',
    scene: { pages, jobs: QUEUE, queue: QUEUE_STATE, allowed: true },
    act: (tab) => tab.waitForSelector('.queue-words:not(:empty)'),
  },
  'the popup with a queue that needs a permission': {
    path: 'popup/popup.html',
    scene: { pages, jobs: QUEUE, queue: QUEUE_STATE, refuses: true },
    act: async (tab) => {
      await tab.waitForSelector('.wall:not([hidden])');
      await tab.click('.wall .button');
    },
  },
  'the popup with a queue unfolded': {
    path: 'popup/popup.html',
    scene: { pages, jobs: QUEUE, queue: { ...QUEUE_STATE, error: 'store_full' } },
    act: async (tab) => {
      await tab.click('.queue-toggle');
      await tab.waitForSelector('.job');
      await tab.click('.queue-chips .chip');
    },
  },
  'the popup with a queue that is paused': {
    path: 'popup/popup.html',
    scene: { pages, jobs: QUEUE, paused: true, allowed: true },
  },
  'the popup with links that failed': {
    path: 'popup/popup.html',
    scene: { pages, jobs: QUEUE.filter(({ state }) => state === 'failed' || state === 'done') },
    act: async (tab) => {
      await tab.click('.queue-toggle');
      await tab.waitForSelector('.job');
    },
  },
  'the popup with links that were checked': {
    path: 'popup/popup.html',
    scene: { pages: [...CHECKED, ...KINDS] },
    act: (tab) => tab.hover('#results li:first-child'),
  },
  'the library': {
    path: 'library/library.html',
    scene: { pages: [...CHECKED, ...KINDS, ...pages] },
    act: (tab) => tab.hover('#results li:first-child'),
  },
  'the library, searching': {
    path: 'library/library.html?q=Page',
    scene: { pages },
    act: (tab) => tab.waitForSelector('mark'),
  },
  'the library, adding links': {
    path: 'library/library.html',
    scene: { pages },
    act: async (tab) => {
      await paste(tab, '#query', MANY);
      await tab.waitForSelector('.found li');
      await tab.click('.links .card-note-toggle');
    },
  },
  'the library with a queue': {
    path: 'library/library.html#queue',
    scene: { pages, jobs: QUEUE, queue: QUEUE_STATE },
    act: (tab) => tab.waitForSelector('.job'),
  },
  'the library, checking links': {
    path: 'library/library.html',
    scene: { pages },
    act: async (tab) => {
      await tab.click('#check');
      await tab.waitForSelector('.toast');
    },
  },
  'the library with rows selected': {
    path: 'library/library.html',
    scene: FOUND,
    act: async (tab) => {
      await tab.focus('#results .row-title');
      await tab.keyboard.press('Space');
      await tab.keyboard.press('Tab');
      await tab.click('.bulk .button');
      await tab.keyboard.type('w');
      await tab.waitForSelector('.bulk li');
    },
  },
  'the library, narrowed': {
    path: 'library/library.html?q=tag%3Aweb',
    scene: FOUND,
    act: (tab) => tab.click('#facets-toggle'),
  },
  'the library, showing what is like a page': {
    path: 'library/library.html?like=1',
    scene: FOUND,
    act: (tab) => tab.waitForSelector('#like:not([hidden])'),
  },
  'the library, finding a better spelling': {
    path: 'library/library.html?q=zzz',
    scene: FOUND,
    act: (tab) => tab.waitForSelector('#spelling:not([hidden])'),
  },
  'the library with the help of its search': {
    path: 'library/library.html',
    scene: FOUND,
    act: (tab) => tab.click('#help'),
  },
  'the tags': {
    path: 'library/tags.html',
    scene: FOUND,
    act: async (tab) => {
      await tab.waitForSelector('.tag-row');
      await tab.click('.tag-row input');
    },
  },
  'the tags, choosing a colour': {
    path: 'library/tags.html',
    scene: FOUND,
    act: async (tab) => {
      await tab.waitForSelector('.tag-row');
      await tab.click('.swatch');
    },
  },
  'the tags, merging': {
    path: 'library/tags.html',
    scene: FOUND,
    act: async (tab) => {
      await tab.waitForSelector('.tag-row');
      await tab.focus('.tag-row[data-tag=old] a');
      await tab.keyboard.press('F2');
      await tab.keyboard.type('web');
      await tab.keyboard.press('Enter');
    },
  },
  'the popup with tags suggested': {
    path: 'popup/popup.html',
    scene: FOUND,
    act: (tab) => tab.waitForSelector('.ghost'),
  },
  'the popup, proposing titles': {
    path: 'popup/popup.html',
    scene: FOUND,
    act: async (tab) => {
      await tab.type('#query', 'gm');
      await tab.waitForSelector('.find-line li');
      await tab.keyboard.press('ArrowDown');
    },
  },
  'the viewer, finding words': {
    path: 'viewer/viewer.html?snapshot=100&find=saved',
    scene: FOUND,
    act: (tab) => tab.waitForSelector('#find-next:not(:disabled)'),
  },
  'the library, empty': { path: 'library/library.html', scene: {} },
  'the library, read only': {
    path: 'library/library.html',
    scene: { pages, store: { state: 'readonly', error: { name: 'store_full' } } },
  },
  'the library without a host': {
    path: 'library/library.html',
    scene: { host: 'Specified native messaging host not found.' },
  },
  'the popup, finding nothing': {
    path: 'popup/popup.html',
    scene: { pages },
    act: async (tab) => {
      await tab.type('#query', 'zzz date:x');
      await tab.waitForSelector('#nothing .lead');
    },
  },
  'the popup with an empty library': { path: 'popup/popup.html', scene: {} },
  'the popup with a library that is read only': {
    path: 'popup/popup.html',
    scene: { pages, store: { state: 'readonly', error: { name: 'store_full' } } },
  },
  'the popup with a damaged library': {
    path: 'popup/popup.html',
    scene: { store: { state: 'error', error: { name: 'store_corrupt' } } },
  },
  'the popup without a host': {
    path: 'popup/popup.html',
    scene: { host: 'Specified native messaging host not found.' },
  },
  'the viewer': { path: 'viewer/viewer.html?snapshot=100', scene: { pages } },
  'the viewer, reporting that all was kept': {
    path: 'viewer/viewer.html?snapshot=100#report',
    scene: { pages },
  },
  'the viewer, reporting what is missing': {
    path: 'viewer/viewer.html?snapshot=700',
    scene: { pages: [LACKING] },
    act: async (tab) => {
      await tab.click('#report-open');
      await tab.click('.group summary');
    },
  },
  'the viewer, reporting what was left out': {
    path: 'viewer/viewer.html?snapshot=800#report',
    scene: { pages: [LEFT_OUT] },
  },
  'the viewer, fetching what is missing': {
    path: 'viewer/viewer.html?snapshot=700#report',
    scene: { pages: [LACKING] },
    act: (tab) => tab.click('#retry'),
  },
  'the viewer with a PDF': { path: 'viewer/viewer.html?snapshot=2100', scene: { pages: KINDS } },
  'the viewer with the text of a PDF, and how one came there': {
    path: 'viewer/viewer.html?snapshot=2100',
    scene: { pages: KINDS, noPdf: true },
    act: (tab) => tab.click('#facts button'),
  },
  'the viewer without a snapshot': { path: 'viewer/viewer.html?snapshot=7', scene: { pages } },
  'the settings': { path: 'options/options.html', scene: {} },
  'the settings, changed, with access to all sites': {
    path: 'options/options.html',
    scene: { allowed: true, local: { settings: { scroll: false, mediaLimit: 0 } } },
    act: (tab) => tab.select('#media', '10485760'),
  },
  'the welcome page': { path: 'welcome/welcome.html', scene: {} },
  'the welcome page without a host': {
    path: 'welcome/welcome.html',
    scene: { host: 'Specified native messaging host not found.' },
  },
  'the welcome page with a host that is too old': {
    path: 'welcome/welcome.html',
    scene: { protocol: 0 },
  },
};

for (const [name, { path, scene, act }] of Object.entries(states)) {
  for (const [locale, dark] of /** @type {const} */ ([
    ['en', false],
    ['zh_CN', true],
  ])) {
    test(`${name} is free of violations (${locale}, ${dark ? 'dark' : 'light'})`, async () => {
      const { tab, faults } = await browser.open(path, scene, { locale, dark });
      await act?.(tab);
      assert.deepEqual(await violations(tab), []);
      assert.deepEqual(faults, []);
      assert.equal(await tab.$eval('html', ({ lang }) => lang), WORDS[locale].language.message);
      await tab.close();
    });
  }
}

test('the popup is as wide as it says, and nothing sticks out', async () => {
  const long = 'An exceedingly long title without end '.repeat(20);
  const scene = {
    pages: [saved(1, { title: long, tags: ['标签'.repeat(50), 'x'.repeat(100)] }), ...pages],
    tab: { ...TAB, title: 'W'.repeat(500) },
  };
  for (const locale of Object.keys(WORDS)) {
    const { tab } = await browser.open('popup/popup.html', scene, { locale });
    const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(wide, 400);
    for (const selector of ['#library', '#page-card', '.find-line']) {
      const [inner, outer] = await tab.$eval(selector, ({ scrollWidth, clientWidth }) => [
        scrollWidth,
        clientWidth,
      ]);
      assert.ok(inner <= outer, `${selector} in ${locale}: ${inner} > ${outer}`);
    }
    assert.ok((await texts(tab, '#results li')).length > 1);
    await tab.close();
  }
});
