import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, saved, texts, until } from './ui-harness.mjs';
import { KINDS } from './ui-pages.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const PDF = '%PDF-1.4\n%\u00e2\u00e3\n';
const cut = [PDF.slice(0, 5), PDF.slice(5)];
const fileParts = cut.map((part) => Buffer.from(part, 'latin1').toString('base64'));

/**
 * The viewer; faults of its scripts fail the test.
 *
 * @param {number} snapshot
 * @param {import('./ui-stub.mjs').Scene} scene
 * @param {(tab: Tab) => Promise<void>} body
 */
async function viewer(snapshot, scene, body) {
  const path = `viewer/viewer.html?snapshot=${snapshot}`;
  const look = { width: 1000, height: 700 };
  const whole = { pages: [...KINDS, saved(1)], fileParts, ...scene };
  const { tab, faults } = await browser.open(path, whole, look);
  try {
    await until(async () => (await texts(tab, '#title'))[0] !== 'Snapshot', 'the facts');
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** What was read: of the original (true) or of its HTML form. @param {Tab} tab */
const reads = (tab) =>
  tab.evaluate(() =>
    /** @type {any} */ (globalThis).seen.requests
      .filter((/** @type {any} */ { method }) => method === 'snapshots.read')
      .map((/** @type {any} */ { params }) => params.file === true),
  );

/** @param {Tab} tab */
const frameUrl = (tab) =>
  tab.$eval('#page > iframe', (one) => /** @type {HTMLIFrameElement} */ (one).src);

/** What a click on the download gives: name, type and bytes. @param {Tab} tab */
async function download(tab) {
  await tab.evaluate(() => {
    const given = /** @type {any} */ (globalThis);
    given.downloads = [];
    document.addEventListener('click', (event) => {
      const link = /** @type {Element} */ (event.target).closest('a');
      if (link?.href.startsWith('blob:') && !event.defaultPrevented) {
        event.preventDefault();
        given.downloads.push([link.download, link.href]);
      }
    });
  });
  await tab.click('#download');
  await until(
    () => tab.evaluate(() => /** @type {any} */ (globalThis).downloads.length === 1),
    'a download',
  );
  return tab.evaluate(async () => {
    const [[name, url]] = /** @type {any} */ (globalThis).downloads;
    const blob = await (await fetch(url)).blob();
    return { name, type: blob.type, bytes: [...new Uint8Array(await blob.arrayBuffer())] };
  });
}

const BYTES = [...Buffer.from(PDF, 'latin1')];

test("a PDF is shown by the browser's own reader, whole", () =>
  viewer(2100, {}, async (tab) => {
    await until(async () => /^blob:/.test(await frameUrl(tab)), 'the reader');
    assert.deepEqual(await reads(tab), [true, true]);
    const shown = await tab.evaluate(async () => {
      const { src } = /** @type {any} */ (document.querySelector('#page > iframe'));
      const blob = await (await fetch(src)).blob();
      return { type: blob.type, bytes: [...new Uint8Array(await blob.arrayBuffer())] };
    });
    assert.deepEqual(shown, { type: 'application/pdf', bytes: BYTES });
    assert.match((await texts(tab, '#facts'))[0], /PDF, 120\skB/);
    const { name, bytes } = await download(tab);
    assert.deepEqual([name, bytes], ['论文 1.pdf', BYTES]);
    assert.deepEqual(await reads(tab), [true, true]);
  }));

test('the text of a PDF is one click away, and back', () =>
  viewer(2100, { parts: ['<!DOCTYPE html><title>x</title><p id="text">its text'] }, async (tab) => {
    await until(async () => (await texts(tab, '#form')).length === 1, 'the button');
    assert.deepEqual(await texts(tab, '#form'), ['Text']);
    await tab.click('#form');
    await until(async () => (await frameUrl(tab)).endsWith('cell.html'), 'the text');
    await until(async () => (await texts(tab, '#form'))[0] === 'PDF', 'the way back');
    assert.deepEqual(await texts(tab, '#no-pdf'), []);
    await tab.click('#form');
    await until(async () => /^blob:/.test(await frameUrl(tab)), 'the reader');
  }));

test('a browser without a reader shows the text, and says so', () =>
  viewer(2100, { noPdf: true }, async (tab) => {
    await until(async () => (await frameUrl(tab)).endsWith('cell.html'), 'the text');
    assert.deepEqual(await reads(tab), [false]);
    assert.match((await texts(tab, '#no-pdf'))[0], /no PDF files here/);
    assert.deepEqual(await texts(tab, '#form'), []);
    const { name, bytes } = await download(tab);
    assert.deepEqual([name, bytes], ['论文 1.pdf', BYTES]);
  }));

test('an original that cannot be read leaves the text', () =>
  viewer(2100, { fileParts: ['*'] }, async (tab) => {
    await until(async () => (await texts(tab, '#no-pdf')).length === 1, 'told');
    await until(async () => (await frameUrl(tab)).endsWith('cell.html'), 'the text');
  }));

test('any other file is read only when it is downloaded, and never under its own type', () =>
  viewer(2200, {}, async (tab) => {
    await until(async () => (await frameUrl(tab)).endsWith('cell.html'), 'its form');
    assert.deepEqual(await reads(tab), [false]);
    assert.equal(
      await tab.$eval('#download', (one) => one.getAttribute('title')),
      'Download the original: page.html',
    );
    const { name, type, bytes } = await download(tab);
    assert.deepEqual([name, type, bytes], ['page.html', 'application/octet-stream', BYTES]);
    assert.deepEqual(await texts(tab, '#form, #no-pdf'), []);
  }));

test('a page is downloaded as one HTML file, as ever', () =>
  viewer(100, {}, async (tab) => {
    await until(async () => (await texts(tab, '#download[href^=blob]')).length === 1, 'ready');
    const { name, type } = await download(tab);
    assert.deepEqual([name, type], ['Page 1.html', 'application/octet-stream']);
    assert.deepEqual(await reads(tab), [false]);
    assert.deepEqual(await texts(tab, '#facts button'), []);
  }));

test('the way that led to a page is told on request', () =>
  viewer(2100, {}, async (tab) => {
    assert.deepEqual(await texts(tab, '#facts button'), ['came by t.example']);
    assert.deepEqual(await texts(tab, '#hops li'), []);
    await tab.click('#facts button');
    assert.deepEqual(await texts(tab, '#hops li'), [
      'http://t.example/abcHTTP 301',
      'https://example.com/gosent on by the page',
      'https://example.com/21',
    ]);
    await tab.keyboard.press('Escape');
    assert.deepEqual(await texts(tab, '#hops li'), []);
    assert.equal(await tab.evaluate(() => /** @type {any} */ (globalThis).seen.closed), 0);
  }));
