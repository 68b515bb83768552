/** What pages say of themselves, and addresses of a store that came from elsewhere. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { straight, webHref } from '../../extension/lib/outside.js';
import { openBrowser, saved, until } from './ui-harness.mjs';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

test('an address leads to the web, to a server of files or to a file, else nowhere', () => {
  for (const url of ['https://a.example/', 'HTTP://a', 'ftp://a.example/x', 'file:///a.html']) {
    assert.equal(webHref(url), url);
  }
  for (const url of ['javascript:1', ' javascript:1', 'data:text/html,x', 'blob:x', '/x', '']) {
    assert.equal(webHref(url), null, url);
  }
});

test('a title does not turn what stands beside it', () => {
  assert.equal(straight('\u202egnp.exe\u2069 光明'), 'gnp.exe 光明');
});

test('a page that says it is from a script leads to none, and the name of its tab stays straight', async () => {
  const pages = [saved(1, { title: '\u202egnp.exe', url: 'javascript:document.title=1' })];
  for (const path of ['viewer/viewer.html?snapshot=100', 'page/page.html?page=1']) {
    const { tab, faults } = await browser.open(path, { pages, parts: ['<!DOCTYPE html><p>x'] });
    await until(async () => (await tab.title()) === 'gnp.exe · Linksnap', path);
    assert.equal((await tab.$$('a[href^="javascript:"]')).length, 0, path);
    assert.deepEqual(faults, []);
    await tab.close();
  }
});

test('a snapshot to be downloaded is no document that could be opened here', async () => {
  const scene = { pages: [saved(1)], parts: ['<!DOCTYPE html><p>x'] };
  const { tab } = await browser.open('viewer/viewer.html?snapshot=100', scene);
  await tab.waitForSelector('#download[href]');
  const type = await tab.$eval('#download', async (link) => {
    const { href } = /** @type {HTMLAnchorElement} */ (link);
    return (await (await fetch(href)).blob()).type;
  });
  assert.equal(type, 'application/octet-stream');
  await tab.close();
});
