import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TAB, asked, openBrowser, paste, saved, texts, until } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const pages = [saved(1, { url: 'https://example.com/known' })];
const TEXT =
  '读书笔记：https://example.com/one，还有\nhttps://example.com/known javascript:alert(1) https://example.net/b';

/**
 * The popup; faults of its scripts fail the test.
 *
 * @param {import('./ui-stub.mjs').Scene} scene
 * @param {(tab: Tab) => Promise<void>} body
 */
async function popup(scene, body) {
  const { tab, faults } = await browser.open('popup/popup.html', { pages, ...scene });
  try {
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** @param {Tab} tab @returns {Promise<any>} */
const seen = (tab) => tab.evaluate(() => /** @type {any} */ (globalThis).seen);

/** @param {Tab} tab @param {string} [text] */
async function pasteMany(tab, text = TEXT) {
  await tab.click('#add-link');
  await paste(tab, '#link-card .card-title', text);
  await until(async () => (await texts(tab, '.found-summary')).length === 1, 'links');
}

/** @param {Tab} tab */
const saveText = async (tab) => (await texts(tab, '.links .primary'))[0];

test('many links that are pasted are found, told apart, and saved together', () =>
  popup({}, async (tab) => {
    await pasteMany(tab);
    assert.deepEqual(await texts(tab, '.found-summary'), [
      '3 links found · 1 saved already · 1 refused',
    ]);
    assert.deepEqual(await texts(tab, '.found li'), [
      'javascript:alert(1)Not the address of a web page',
      'example.com/one',
      'example.com/knownsaved already',
      'example.net/b',
    ]);
    assert.equal(await saveText(tab), 'Save 3 links');
    await tab.type('.links .tag-input input', '读书,');
    await tab.click('.links .card-note-toggle');
    await tab.keyboard.type('for later');
    await tab.click('.links .primary');
    await until(async () => (await texts(tab, '.queue-words'))[0] === '3 waiting', 'the strip');
    const [params] = await asked(tab, 'queue.add');
    const { user_agent: agent, language, ...rest } = params;
    assert.ok(agent && language);
    assert.deepEqual(rest, {
      urls: ['https://example.com/one', 'https://example.com/known', 'https://example.net/b'],
      tags: ['读书'],
      note: 'for later',
      media_limit: 50 * 1024 * 1024,
    });
    assert.ok(
      (await seen(tab)).messages.some((/** @type {any} */ { type }) => type === 'queue.run'),
    );
    assert.deepEqual(await texts(tab, '#link-card'), []);
    assert.match((await texts(tab, '.toast'))[0], /^3 links are in the queue/);
  }));

test('single links are left out, and those that are saved with one click', () =>
  popup({}, async (tab) => {
    await pasteMany(tab);
    await tab.click('.found li:nth-child(2) input');
    assert.equal(await saveText(tab), 'Save 2 links');
    await tab.click('.found-head .link-button');
    assert.equal(await saveText(tab), 'Save 1 link');
    assert.deepEqual(await texts(tab, '.found-head .link-button'), ['Take saved']);
    await tab.click('.found li:nth-child(4) label');
    assert.equal(
      await tab.$eval('.links .primary', (one) => /** @type {HTMLButtonElement} */ (one).disabled),
      true,
    );
    await tab.click('.found-head .link-button');
    await tab.click('.links .primary');
    const [{ urls }] = await asked(tab, 'queue.add');
    assert.deepEqual(urls, ['https://example.com/known']);
  }));

test('what was left out stays so while the text is edited', () =>
  popup({}, async (tab) => {
    await pasteMany(tab);
    await tab.click('.found li:nth-child(2) input');
    await tab.focus('.links-text');
    await tab.keyboard.press('End');
    await tab.keyboard.type(' https://example.net/c');
    await until(async () => (await saveText(tab)) === 'Save 3 links', 'one more');
    assert.equal(
      await tab.$eval('.found li:nth-child(2) input', (one) => /** @type {any} */ (one).checked),
      false,
    );
  }));

test('typing fast asks once, and an empty text asks nothing', () =>
  popup({}, async (tab) => {
    await pasteMany(tab);
    const before = (await asked(tab, 'links.find')).length;
    await tab.keyboard.type(' https://example.net/fast');
    await until(async () => (await saveText(tab)) === 'Save 4 links', 'found');
    assert.equal((await asked(tab, 'links.find')).length, before + 1);
    await tab.$eval('.links-text', (field) => {
      /** @type {HTMLTextAreaElement} */ (field).value = ' ';
      field.dispatchEvent(new Event('input'));
    });
    await until(async () => (await saveText(tab)) === 'Save links', 'none');
    assert.equal((await asked(tab, 'links.find')).length, before + 1);
  }));

test('a single link is saved at once, and its card shows how far it is', () =>
  popup({}, async (tab) => {
    await paste(tab, '#query', '这篇：https://example.com/one 很好');
    await until(async () => (await saveText(tab)) === 'Save 1 link', 'one');
    await tab.type('.links .tag-input input', 'web,');
    await tab.keyboard.down('Control');
    await tab.keyboard.press('Enter');
    await tab.keyboard.up('Control');
    await until(
      async () => (await texts(tab, '#link-card .card-progress p')).length === 1,
      'saves',
    );
    const { messages } = await seen(tab);
    assert.deepEqual(
      messages.filter((/** @type {any} */ { type }) => type === 'save.start'),
      [
        {
          type: 'save.start',
          job: { kind: 'link', url: 'https://example.com/one', tags: ['web'], tabId: TAB.id },
        },
      ],
    );
    assert.deepEqual(await asked(tab, 'queue.add'), []);
  }));

test('Ctrl+Enter from anywhere saves the links while their panel is open', () =>
  popup({}, async (tab) => {
    await pasteMany(tab);
    await tab.focus('#query');
    await tab.keyboard.down('Control');
    await tab.keyboard.press('Enter');
    await tab.keyboard.up('Control');
    await until(async () => (await asked(tab, 'queue.add')).length === 1, 'added');
  }));

test('one address that is pasted is one address', () =>
  popup({}, async (tab) => {
    await tab.click('#add-link');
    await paste(tab, '#link-card .card-title', ' https://example.com/one?q=a,b ');
    assert.deepEqual(await texts(tab, '.links'), []);
    await paste(tab, '#link-card .card-title', 'just some words, no more');
    assert.deepEqual(await texts(tab, '.links'), []);
  }));

test('a text without links says so, one with too many as well', () =>
  popup({}, async (tab) => {
    await tab.click('#add-link');
    await paste(tab, '#link-card .card-title', 'see a.example/x and more');
    await until(async () => (await texts(tab, '.links-said'))[0] === 'No links found', 'none');
    assert.deepEqual(await texts(tab, '.found'), []);
    await tab.focus('.links-text');
    await tab.keyboard.type(' https://example.com/one MORE');
    await until(async () => (await texts(tab, '.found-more')).length === 1, 'more');
  }));

test('what the host refuses is told, and nothing is lost', () =>
  popup({ fails: { 'queue.add': 'store_full' } }, async (tab) => {
    await pasteMany(tab);
    await tab.click('.links .primary');
    await until(async () => /disk is full/.test((await texts(tab, '.links-said'))[0]), 'told');
    assert.equal(await saveText(tab), 'Save 3 links');
  }));

test('Escape and the cross close the panel, and it is empty the next time', () =>
  popup({}, async (tab) => {
    await pasteMany(tab);
    await tab.keyboard.press('Escape');
    assert.deepEqual(await texts(tab, '#link-card'), []);
    assert.equal(await tab.evaluate(() => document.activeElement?.id), 'query');
    await tab.click('#add-link');
    assert.deepEqual(await texts(tab, '.links'), []);
    await paste(tab, '#link-card .card-title', 'x https://example.com/other');
    await until(async () => (await saveText(tab)) === 'Save 1 link', 'found');
    assert.deepEqual(await texts(tab, '.found li'), ['example.com/other']);
    await tab.click('.links .icon-button');
    assert.deepEqual(await texts(tab, '#link-card'), []);
  }));

test('nothing is added to a library that is read only', () =>
  popup({ store: { state: 'readonly', error: { name: 'store_full' } } }, async (tab) => {
    await pasteMany(tab);
    assert.equal(
      await tab.$eval('.links .primary', (one) => /** @type {HTMLButtonElement} */ (one).disabled),
      true,
    );
  }));

test('a page that has not changed says since when, and is saved all the same on request', () =>
  popup({ pages: [saved(1, { url: TAB.url, title: TAB.title, saved: 1e12 })] }, async (tab) => {
    await tab.evaluate(
      (url, tabId) =>
        /** @type {any} */ (globalThis).putSave({
          id: `tab:5:${url}`,
          job: { kind: 'tab', tabId, url },
          worker: 'w',
          started: 1,
          state: 'done',
          progress: { stage: 'done' },
          result: {
            page: 1,
            snapshot: 100,
            version: 1,
            state: 'complete',
            unchanged: true,
            assets: { total: 3, stored: 0, reused: 0, failed: 0 },
            failures: [],
            bytes: 0,
            ms: 1,
          },
        }),
      TAB.url,
      TAB.id,
    );
    await until(
      async () => /since Sep 9, 2001: no new version/.test((await texts(tab, '.card-outcome'))[0]),
      'told',
    );
    await tab.click('.card-outcome .link-button');
    const [{ job }] = (await seen(tab)).messages;
    assert.equal(job.kind, 'tab');
    assert.equal(job.again, true);
  }));
