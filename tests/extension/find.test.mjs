import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, saved, texts, until, violations } from './ui-harness.mjs';
import { KINDS } from './ui-pages.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */
/** @typedef {import('puppeteer-core').Frame} Frame */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const pages = [saved(1), saved(2, { title: 'Two' }), saved(3, { title: 'Three' })];
const FAR = '<p style="height:2000px">';

const DOCUMENT = `<!DOCTYPE html><html lang="zh"><head><title>存储</title><style>p { margin: 9px }</style></head>
  <body><h1>关于存<b>储</b></h1>${FAR}<p>SQLite 存储的 <i>SQL</i>ite</p>${FAR}
  <p id="last">存<br>储 存储<textarea>存储</textarea><span hidden>存储</span>
  <script>存储</script><noscript>存储</noscript></p>
  <div><template shadowrootmode="open"><p>存储 in the shadow</p></template></div></body></html>`;

/**
 * @param {string} search
 * @param {string[]} parts
 * @param {(tab: Tab, content: () => Promise<Frame>) => Promise<void>} body
 * @param {object} [scene]
 */
async function viewer(search, parts, body, scene = {}) {
  const { tab, faults } = await browser.open(
    `viewer/viewer.html?snapshot=100${search}`,
    { pages, parts, ...scene },
    { width: 1000, height: 700 },
  );
  const content = async () => {
    const shown = () =>
      tab.frames().find((one) => one.parentFrame()?.parentFrame() === tab.mainFrame());
    await until(() => shown() !== undefined, 'the frame');
    const frame = shown() ?? assert.fail('no frame');
    await frame.waitForSelector('body');
    return frame;
  };
  try {
    await body(tab, content);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** @param {Tab} tab @param {string} expected */
const counts = (tab, expected) =>
  until(async () => (await texts(tab, '#find-count'))[0] === expected, expected);

/** @param {Frame} frame */
const current = (frame) => frame.evaluate(() => document.querySelector(':target')?.id);

/** @param {Frame} frame */
const place = (frame) => frame.evaluate(() => scrollY);

test('what was searched for is marked, counted and gone through', () =>
  viewer('&find=存储 tag:x', [DOCUMENT], async (tab, content) => {
    await counts(tab, '1 of 4');
    const frame = await content();
    await frame.waitForSelector('mark');
    assert.equal(await tab.evaluate(() => document.activeElement?.id), 'find-words');
    const marks = await frame.$$eval('mark', (found) => found.map((one) => one.textContent));
    assert.deepEqual(marks, ['存', '储', '存储', '存储']);
    await until(async () => (await current(frame)) === 'linksnap-hit-0', 'the first');
    await tab.click('#find-next');
    await counts(tab, '2 of 4');
    await until(async () => (await place(frame)) > 1000, 'scrolled');
    await tab.focus('#find-words');
    await tab.keyboard.press('Enter');
    await until(async () => (await current(frame)) === 'linksnap-hit-2', 'the third');
    await tab.keyboard.down('Shift');
    await tab.keyboard.press('F3');
    await tab.keyboard.press('Enter');
    await tab.keyboard.press('F3');
    await tab.keyboard.up('Shift');
    await counts(tab, '4 of 4');
    await tab.keyboard.press('F3');
    await counts(tab, '1 of 4');
    await until(async () => (await place(frame)) < 300, 'back at the top');
    assert.equal(await tab.evaluate(() => history.length), 2);
  }));

test('other words are typed, and none is an answer too', () =>
  viewer('', [DOCUMENT], async (tab, content) => {
    await content();
    assert.deepEqual(await texts(tab, '#find-count'), ['']);
    assert.ok(await tab.$eval('#find-next', (one) => /** @type {any} */ (one).disabled));
    await tab.type('#find-words', 'sqlite');
    await counts(tab, '1 of 2');
    const frame = await content();
    await frame.waitForSelector('mark');
    const marks = await frame.$$eval('mark', (found) => found.map((one) => one.textContent));
    assert.deepEqual(marks, ['SQLite', 'SQL', 'ite']);
    assert.equal(await frame.$eval('mark', (one) => getComputedStyle(one).display), 'inline');
    await tab.type('#find-words', 'zzz');
    await counts(tab, 'Not found');
    await tab.keyboard.press('Escape');
    await counts(tab, '');
    assert.match(tab.url(), /viewer\.html\?snapshot=100$/);
  }));

test('a page in quirks mode stays in it, and one without hits is as it was', async () => {
  const quirky = DOCUMENT.replace('<!DOCTYPE html>', '');
  await viewer('&find=存储', [quirky], async (tab, content) => {
    await counts(tab, '1 of 4');
    const frame = await content();
    await frame.waitForSelector('mark');
    assert.equal(await frame.evaluate(() => document.compatMode), 'BackCompat');
    await tab.keyboard.press('F3');
    await until(async () => (await place(frame)) > 1000, 'scrolled');
  });
  const strict = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "x"><p>存储';
  await viewer('&find=存储', [strict], async (_tab, content) => {
    const frame = await content();
    await frame.waitForSelector('mark');
    const { publicId, systemId } = await frame.evaluate(() => ({
      publicId: document.doctype?.publicId,
      systemId: document.doctype?.systemId,
    }));
    assert.deepEqual([publicId, systemId], ['-//W3C//DTD XHTML 1.0 Transitional//EN', 'x']);
  });
});

test('a marked page can run and fetch no more than any other', () =>
  viewer(
    '&find=存储',
    [
      `${DOCUMENT}<script>top.document.title='run'</script><img src=x onerror="top.document.title=1">`,
    ],
    async (tab, content) => {
      const frame = await content();
      await frame.waitForSelector('mark');
      assert.equal(await frame.evaluate(() => globalThis.origin), 'null');
      assert.equal(await tab.title(), 'Page 1 · Linksnap');
      const inner = await tab.$eval('#page iframe', (cell) =>
        /** @type {any} */ (cell).contentDocument.querySelector('iframe').getAttribute('sandbox'),
      );
      assert.equal(inner, 'allow-popups allow-popups-to-escape-sandbox');
    },
  ));

test('a long page is marked while one waits, a very long one is shown by its address', async () => {
  const piece = '<p>光明区图书馆 the quick brown fox 存储 SQLite</p>'.repeat(1000);
  for (const [pieces, hits] of [
    [90, '5,000+'],
    [1, '1,000'],
  ]) {
    const parts = ['<!DOCTYPE html><title>x</title>', ...Array(Number(pieces)).fill(piece)];
    if (pieces === 1) {
      parts.push(`<!--${'x'.repeat(17 * 1024 * 1024)}-->`);
    }
    const began = performance.now();
    await viewer('&find=存储', parts, async (tab, content) => {
      await until(async () => (await texts(tab, '#find-count'))[0] !== undefined, 'the count');
      await until(
        async () => (await texts(tab, '#find-count'))[0] === `1 of ${hits}`,
        `${hits} hits`,
      );
      const frame = await content();
      await frame.waitForSelector('mark');
      await tab.keyboard.press('F3');
      await until(async () => (await current(frame)) === 'linksnap-hit-1', 'the second');
    });
    assert.ok(performance.now() - began < 15_000);
  }
});

test('what the browser reads by itself has no marks', () =>
  viewer('', [], async () => {}, { pages: KINDS }).then(async () => {
    const { tab } = await browser.open('viewer/viewer.html?snapshot=2100', { pages: KINDS });
    await until(async () => (await tab.$$('#page > iframe')).length === 1, 'the reader');
    assert.deepEqual(await texts(tab, '#find'), []);
    await tab.close();
  }));

test('pages like this one are a click away', () =>
  viewer('', [DOCUMENT], async (tab) => {
    await tab.click('#more-open');
    await tab.click('#similar-open');
    await until(async () => (await texts(tab, '#similar-list li')).length === 2, 'the list');
    assert.match((await texts(tab, '#similar-list li'))[0], /Two/);
    assert.deepEqual(
      await tab.$$eval('#similar a', (found) => found.map((one) => one.getAttribute('href'))),
      [
        '/library/library.html?like=1',
        '/viewer/viewer.html?snapshot=200',
        '/viewer/viewer.html?snapshot=300',
      ],
    );
    assert.deepEqual(await violations(tab), []);
    await tab.keyboard.press('Escape');
    assert.deepEqual(await texts(tab, '#similar'), []);
  }));

test('a page like no other says so', () =>
  viewer(
    '',
    [DOCUMENT],
    async (tab) => {
      await tab.click('#more-open');
      await tab.click('#similar-open');
      await until(async () => /No other/.test((await texts(tab, '#similar-said'))[0]), 'said');
    },
    { alone: true },
  ));
