/** Files of a snapshot as pictures: whatever they say of themselves, none becomes a document of ours. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser } from './ui-harness.mjs';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
/** @type {import('puppeteer-core').Page} */
let tab;
before(async () => {
  browser = await openBrowser();
  ({ tab } = await browser.open('highlights/highlights.html', {}));
});
after(() => browser.close());

/** The smallest picture that there is. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

const GIF = 'R0lGODlhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=';

/** @param {string} text */
const encoded = (text) => Buffer.from(text).toString('base64');

/**
 * @param {string} base64
 * @returns {Promise<any>} what it is shown as
 */
function shown(base64) {
  return tab.evaluate(async (data) => {
    const { pictureOf } = await import(/** @type {any} */ ('/page/picture.js'));
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const urls = /** @type {string[]} */ ([]);
    try {
      const file = new Blob([bytes], { type: 'text/html' });
      const element = await pictureOf(file, 'a', (/** @type {string} */ url) => urls.push(url));
      const types = await Promise.all(
        urls.map(async (url) => (await (await fetch(url)).blob()).type),
      );
      const context = element instanceof HTMLCanvasElement ? element.getContext('2d') : null;
      const [red, , , alpha] = context?.getImageData(1, 1, 1, 1).data ?? [];
      const name = element.getAttribute('aria-label') ?? element.getAttribute('alt');
      const { height, width } = element;
      return context ? { name, width, height, red, alpha, types } : { name, types };
    } catch {
      return 'none';
    }
  }, base64);
}

test('a raster picture gets an address of the type that it begins as', async () => {
  assert.deepEqual(await shown(PNG), { name: 'a', types: ['image/png'] });
  assert.deepEqual(await shown(GIF), { name: 'a', types: ['image/gif'] });
});

test('a drawing is drawn, and has no address that could be opened', async () => {
  const svg = (/** @type {string} */ more, inside = '') =>
    encoded(
      `<svg xmlns="http://www.w3.org/2000/svg" ${more}>${inside}<rect width="999" height="999" fill="#f00"/></svg>`,
    );
  const drawn = { name: 'a', red: 255, alpha: 255, types: [] };
  assert.deepEqual(await shown(svg('viewBox="0 0 8 4"')), { ...drawn, width: 280, height: 140 });
  assert.deepEqual(await shown(svg('')), { ...drawn, width: 280, height: 200 });
  const absurd = svg('width="100%" height="1e9" viewBox="0 0 10 -5"');
  assert.deepEqual(await shown(absurd), { ...drawn, width: 280, height: 200 });
  const active =
    '<script>top.ran = true</script><image href="/missing.png" onerror="top.ran = true"/>';
  const hostile = svg('width="20" height="20" onload="top.ran = true"', active);
  assert.deepEqual(await shown(hostile), { ...drawn, width: 200, height: 200 });
  assert.equal(await tab.evaluate(() => 'ran' in globalThis), false);
});

test('what is no picture is none', async () => {
  const marked = Buffer.from(PNG, 'base64').subarray(0, 8).toString('base64');
  const other = '<a xmlns="http://www.w3.org/1999/xhtml">x</a>';
  for (const file of ['', marked, encoded('<!doctype html><title>x</title>'), encoded(other)]) {
    assert.equal(await shown(file), 'none', file);
  }
});
