/** Theme and language as they were chosen, in every page and from its first paint on. */
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { filesEnding, read } from './files.mjs';
import { WORDS, openBrowser, sleep, texts, until } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

/** Pages of one browser share what they keep. */
afterEach(async () => {
  const { tab } = await browser.open('icons/icon.svg', {});
  await tab.evaluate(() => localStorage.clear());
  await tab.close();
});

const PATH = 'options/options.html';
const LOOK = { width: 900, height: 700 };

/** What a page before this one has kept. @param {Tab} tab @param {object} kept */
const remember = (tab, kept) =>
  tab.evaluate((items) => {
    localStorage.clear();
    for (const [name, value] of Object.entries(items)) {
      localStorage.setItem(name, String(value));
    }
  }, kept);

/** @param {Tab} tab */
const ground = (tab) => tab.evaluate(() => getComputedStyle(document.body).backgroundColor);

/** @param {Tab} tab */
const theme = (tab) => tab.evaluate(() => document.documentElement.dataset.theme);

test('each page loads the theme before its style sheets, in the same way', () => {
  const pages = filesEnding('.html').filter((name) => name !== 'viewer/cell.html');
  assert.ok(pages.length >= 6);
  for (const name of pages) {
    const [head] = read(`extension/${name}`).split('</head>');
    const script = head.indexOf('<script src="../lib/theme.js"></script>');
    assert.ok(script > 0, name);
    assert.ok(script < head.indexOf('<link rel="stylesheet"'), name);
  }
});

test('a theme that was chosen outdoes the system, both ways, and at once in an open page', async () => {
  const { tab } = await browser.open(PATH, { local: { settings: { theme: 'dark' } } }, LOOK);
  await until(async () => (await theme(tab)) === 'dark', 'dark');
  const dark = await ground(tab);
  await tab.evaluate(() =>
    /** @type {any} */ (globalThis).putLocal({ settings: { theme: 'light' } }),
  );
  assert.equal(await theme(tab), 'light');
  await until(async () => (await ground(tab)) !== dark, 'light');
  await tab.evaluate(() => /** @type {any} */ (globalThis).putLocal({ settings: {} }));
  assert.equal(await theme(tab), undefined);
  await tab.close();
});

test('the theme is there before the first paint', async () => {
  const { tab } = await browser.open(PATH, { local: { settings: { theme: 'dark' } } }, LOOK);
  await until(async () => (await theme(tab)) === 'dark', 'dark');
  await tab.setRequestInterception(true);
  // Without any module only the script in the head can have done it.
  tab.on('request', (request) =>
    /\.js$/.test(request.url()) && !/theme\.js$/.test(request.url())
      ? request.abort()
      : request.continue(),
  );
  await tab.reload();
  assert.equal(await theme(tab), 'dark');
  await tab.close();
});

test('the language that was chosen is spoken whatever the browser speaks', async () => {
  const local = { settings: { language: 'zh_CN' } };
  const { tab, faults } = await browser.open(PATH, { local }, LOOK);
  await until(async () => (await texts(tab, 'h1'))[0] === '设置', 'Chinese');
  assert.equal(await tab.evaluate(() => document.documentElement.lang), 'zh-CN');
  assert.deepEqual(faults, []);
  const asked = /** @type {string[]} */ ([]);
  tab.on('request', (request) => asked.push(request.url()));
  await tab.reload();
  assert.deepEqual(await texts(tab, 'h1'), ['设置']);
  assert.deepEqual(
    asked.filter((url) => url.includes('_locales')),
    [],
    'the words are read once',
  );
  await tab.close();
});

test('an open page follows when another language is chosen, but not while somebody writes in it', async () => {
  for (const [writing, title] of /** @type {const} */ ([
    [false, '欢迎使用链接快照'],
    [true, 'Welcome to Linksnap'],
  ])) {
    const { tab } = await browser.open('welcome/welcome.html', {}, LOOK);
    await until(async () => (await texts(tab, '#first-url')).length === 1, 'ready');
    if (writing) {
      await tab.type('#first-url', 'example.org');
    }
    // The stub forgets when it is loaded anew.
    await tab.evaluateOnNewDocument(() =>
      /** @type {any} */ (globalThis).putLocal({ settings: { language: 'zh_CN' } }),
    );
    await tab.evaluate(() =>
      setTimeout(() =>
        /** @type {any} */ (globalThis).putLocal({ settings: { language: 'zh_CN' } }),
      ),
    );
    await sleep(writing ? 400 : 0);
    await until(async () => (await texts(tab, 'h1').catch(() => []))[0] === title, title);
    await tab.evaluate(() => localStorage.clear());
    await tab.close();
  }
});

test('the words of an earlier version are not used', async () => {
  const local = { settings: { language: 'zh_CN' } };
  const { tab } = await browser.open(PATH, { local }, LOOK);
  const words = JSON.stringify({
    locale: 'zh_CN',
    version: '0.0.9',
    words: { optionsTitle: '旧' },
  });
  await remember(tab, { language: 'zh_CN', words });
  await tab.reload();
  assert.deepEqual(await texts(tab, 'h1'), ['设置']);
  await remember(tab, { language: 'zh_CN', words: '{"broken' });
  await tab.reload();
  assert.deepEqual(await texts(tab, 'h1'), ['Settings'], 'what cannot be read is passed over');
  await tab.close();
});

test("the browser's own language reads no file, chosen or not", async () => {
  for (const language of ['auto', 'en', 'de', 7]) {
    const local = { settings: { language } };
    const { tab, requests } = await browser.open(PATH, { local }, LOOK);
    assert.deepEqual(await texts(tab, 'h1'), ['Settings'], String(language));
    assert.deepEqual(
      requests.filter((url) => url.includes('_locales')),
      [],
    );
    await tab.close();
  }
});

test('values stand in words that were read from a file as in those of the browser', async () => {
  const local = { settings: { language: 'zh_CN' } };
  const { tab } = await browser.open(PATH, { local }, LOOK);
  await until(async () => (await texts(tab, 'h1'))[0] === '设置', 'Chinese');
  const said = await tab.evaluate(async () => {
    const { plural, t } = await import(/** @type {any} */ ('/lib/i18n.js'));
    return [t('optionsMediaUpTo', 50), t('noSuchKey'), plural('pageCount', 1200)];
  });
  assert.equal(said[0], WORDS.zh_CN.optionsMediaUpTo.message.replace('$1', '50'));
  assert.equal(said[1], 'noSuchKey');
  assert.match(said[2], /1,200/);
  await tab.close();
});
