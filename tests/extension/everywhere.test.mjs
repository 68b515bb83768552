/** Every page in every state is readable, in both languages and both themes, at any width. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { focusFaults, layoutFaults, wordFaults } from './screens-check.mjs';
import { SCREENS, openScreen, resize, viewportOf, widthsOf } from './screens.mjs';
import { WORDS, openBrowser, violations } from './ui-harness.mjs';

/** Both languages and both themes are met in two looks: a layout knows nothing of themes. */
const LOOKS = /** @type {const} */ ([
  { locale: 'zh_CN', dark: false },
  { locale: 'en', dark: true },
]);

/** Tabs that one browser shows at once hold each other up: each look has its own browser. */
/** @type {Awaited<ReturnType<typeof openBrowser>>[]} */
let browsers;
before(async () => {
  browsers = await Promise.all(LOOKS.map(() => openBrowser()));
});
after(() => Promise.all(browsers.map((browser) => browser.close())));

/**
 * @param {import('puppeteer-core').Page} tab
 * @param {import('./screens.mjs').Screen} screen
 * @param {string} locale
 */
async function faultsOf(tab, screen, locale) {
  const found = [...(await violations(tab)), ...(await wordFaults(tab, locale))];
  for (const width of widthsOf(screen)) {
    await resize(tab, viewportOf(width, screen));
    const here = await layoutFaults(tab, screen);
    found.push(...here.map((fault) => `at ${width}: ${fault}`));
  }
  if (locale === 'zh_CN') {
    found.push(...(await focusFaults(tab, 30)));
  }
  return found;
}

describe('every screen', { concurrency: LOOKS.length }, () => {
  for (const [i, look] of LOOKS.entries()) {
    describe(`${look.locale}, ${look.dark ? 'dark' : 'light'}`, { concurrency: 1 }, () => {
      for (const [name, screen] of SCREENS) {
        if (screen.isOwnLook && look.locale === 'zh_CN') {
          continue;
        }
        test(`${name}: nothing is wrong (${look.locale})`, async () => {
          const { tab, faults } = await openScreen(browsers[i], screen, look);
          try {
            assert.deepEqual([...(await faultsOf(tab, screen, look.locale)), ...faults], []);
            const lang = await tab.$eval('html', (html) => html.lang);
            assert.equal(lang, WORDS[look.locale].language.message);
          } finally {
            await tab.close();
          }
        });
      }
    });
  }
});

/** One of each fault, between what is right. */
const FAULTY = `<!doctype html><html lang="en"><title>x</title><style>
  * { margin: 0; font: 16px/20px sans-serif }
  p { width: 60px; white-space: nowrap }
  .cut, .dots { overflow: hidden }
  .dots { text-overflow: ellipsis }
  .aside { overflow: auto }
  .on { position: relative; top: -20px; width: 300px }
  .wide { width: 3000px }
  button { width: 30px; padding: 0; white-space: nowrap }
  a:focus { outline: none }
</style>
<p class="cut">words that are cut off</p>
<p class="cut" title="all of it">words with a title</p>
<p class="dots">words that end in dots</p>
<p class="aside">words that are scrolled to</p>
<button>far too long</button>
<div>below</div><div class="on">on top</div>
<div class="wide">wide</div>
<div title="libraryTitle">undefined</div>
<div>收藏库</div>
<input aria-label="a"><a href="/">nowhere</a>`;

test('the check finds what is wrong, and nothing else', async () => {
  const { tab } = await browsers[1].open('viewer/cell.html', {}, { width: 800, height: 600 });
  await tab.setContent(FAULTY);
  const layout = await layoutFaults(tab, {});
  assert.deepEqual(
    layout.map((fault) => fault.replace(/ \(.*?\)/g, '')).sort(),
    [
      'the page is 3000 wide in 800',
      '“far too long” sticks out of button',
      '“below” lies on “on top”',
      '“words that are cut off” is cut off by p.cut',
    ].sort(),
  );
  const words = await wordFaults(tab, 'en');
  assert.deepEqual(
    words.map((fault) => fault.split('”')[0]).sort(),
    ['“libraryTitle', '“undefined', '“收藏库'].sort(),
  );
  await tab.focus('button');
  const focus = await focusFaults(tab, 5);
  assert.equal(focus.length, 1, focus.join());
  assert.match(focus[0], /nowhere.* does not show its focus/);
  await tab.close();
});
