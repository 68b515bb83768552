/** The head of the library's pages: whoever goes from one to the next sees it stand still. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, saved, until } from './ui-harness.mjs';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const PATHS = [
  'library/library.html',
  'highlights/highlights.html',
  'tags/tags.html',
  'statistics/statistics.html',
  'options/options.html',
  'page/page.html?page=1',
];

/**
 * Where what every head has stands in one.
 *
 * @param {string} path
 * @param {{ width: number, locale: string }} look
 */
async function headOf(path, look) {
  const { tab } = await browser.open(path, { pages: [saved(1)] }, { ...look, height: 700 });
  await until(() => tab.$eval('body', (body) => body.querySelector('.site-nav a') !== null), path);
  const places = await tab.evaluate(() => {
    const box = (/** @type {string} */ selector) =>
      document.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
    const { x, y, width, height } = box('.site-nav');
    const name = box('.brand h1');
    const icon = box('.brand img');
    const isWide = innerWidth > 760;
    return {
      nav: [x, y, width, height],
      name: [name.x, name.y, name.height],
      icon: [icon.x, icon.y, icon.width],
      // A search has a line of its own where there is no room for it beside them.
      ...(isWide ? { bottom: box('body > header').bottom } : {}),
      sticksOut: document.documentElement.scrollWidth > innerWidth,
    };
  });
  await tab.close();
  return places;
}

for (const [width, locale] of /** @type {const} */ ([
  [1280, 'en'],
  [1280, 'zh_CN'],
  [900, 'en'],
  [400, 'en'],
  [340, 'zh_CN'],
])) {
  test(`at ${width} px (${locale}) it is the same on each page`, async () => {
    const [first, ...others] = PATHS;
    const expected = await headOf(first, { width, locale });
    assert.ok(expected.nav[2] > 0);
    for (const path of others) {
      const found = await headOf(path, { width, locale });
      assert.deepEqual({ path, ...found }, { path, ...expected, sticksOut: false });
    }
  });
}
