import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';

import { openBrowser, saved, sleep, texts, until } from './ui-harness.mjs';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const WIDE = { width: 1000, height: 700 };
const pages = [
  saved(1, { title: '快照 / one', versions: 2, snapshot: 100 }),
  saved(2, { state: 'incomplete', failed: 2, title: 'Two' }),
];

/**
 * The frame with the snapshot: the innermost of three.
 *
 * @param {import('puppeteer-core').Page} tab
 */
async function frame(tab) {
  const shown = () =>
    tab.frames().find((one) => one.parentFrame()?.parentFrame() === tab.mainFrame());
  await until(() => shown() !== undefined, 'the frame');
  const content = shown() ?? assert.fail('no frame');
  await content.waitForSelector('body');
  return content;
}

test('a snapshot is put together from its parts and shown', async () => {
  const parts = ['<!DOCTYPE html><title>x</title><p id="a">本', '文<a href="#end">to the end</a>'];
  parts.push('<p style="height:3000px"><p id="end">END');
  const { tab, faults } = await browser.open(
    'viewer/viewer.html?snapshot=100',
    { pages, parts },
    WIDE,
  );
  const content = await frame(tab);
  await content.waitForSelector('#end');
  assert.equal(await content.$eval('#a', (one) => one.textContent), '本文to the end');
  assert.equal(await tab.title(), '快照 / one · Linksnap');
  assert.deepEqual(await texts(tab, '#title'), ['快照 / one']);
  assert.match((await texts(tab, '#facts'))[0], /^example\.com · .+ · 1\.8\sMB$/);
  // A link to a place in the page stays in the page.
  await content.click('a');
  await until(async () => (await content.evaluate(() => scrollY)) > 1000, 'scrolled');
  assert.deepEqual(faults, []);
  await tab.close();
});

test('a page in quirks mode is shown in it', async () => {
  const body = '<p><a href="#end">to the end</a><p style="height:3000px"><p id="end">完';
  const quirky = `<!-- no doctype --><title>x</title>${body}`;
  const inner = `data:text/html;charset=utf-8,${encodeURIComponent('<p id=in>in')}`;
  const filler = `<!--${'x'.repeat(2_000_000)}-->`;
  for (const parts of [
    [quirky, `<iframe src="${inner}"></iframe>`],
    [quirky, filler],
  ]) {
    const scene = { pages, parts };
    const { tab, faults } = await browser.open('viewer/viewer.html?snapshot=100', scene, WIDE);
    const content = await frame(tab);
    await content.waitForSelector('#end');
    assert.equal(await content.evaluate(() => document.compatMode), 'BackCompat');
    assert.equal(await content.$eval('#end', (one) => one.textContent), '完');
    if (parts[1] !== filler) {
      await content.click('a');
      await until(async () => (await content.evaluate(() => scrollY)) > 1000, 'scrolled');
      const within = content.childFrames()[0] ?? assert.fail('no frame inside');
      assert.equal(await within.$eval('#in', (one) => one.textContent), 'in');
      assert.equal(await within.evaluate(() => document.compatMode), 'BackCompat');
    }
    assert.deepEqual(faults, []);
    await tab.close();
  }
});

test('a snapshot that is very large is shown as well', async () => {
  const piece = `<p>${'x'.repeat(1024)}</p>`.repeat(1024);
  const parts = ['<!DOCTYPE html><title>x</title>', ...Array(17).fill(piece), '<p id="end">END'];
  const scene = { pages, parts };
  const { tab, faults } = await browser.open('viewer/viewer.html?snapshot=100', scene, WIDE);
  await until(() => tab.frames().some((one) => one.url().startsWith('blob:')), 'a blob');
  const content = await frame(tab);
  await content.waitForSelector('#end');
  assert.deepEqual(faults, []);
  await tab.close();
});

test('what a snapshot holds can neither run nor ask for anything', async () => {
  /** @type {(string | undefined)[]} */
  const asked = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url);
    response.end();
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const bait = `http://127.0.0.1:${port}/bait`;
  const content = `<!DOCTYPE html><script>top.document.title='run'</script>
     <img src="${bait}" onerror="top.document.title='error'"><link rel=stylesheet href="${bait}">
     <iframe src="${bait}"></iframe><object data="${bait}"></object><embed src="${bait}">
     <video src="${bait}" poster="${bait}"></video><script src="${bait}"></script>
     <iframe srcdoc="<img src='${bait}'><script>top.document.title='inner'</script>"></iframe>
     <style>@import "${bait}"; @font-face { font-family: x; src: url(${bait}) }
     p { font-family: x; background: url(${bait}) }</style><p>text</p>
     <meta http-equiv=refresh content="0;url=${bait}"><link rel=prefetch href="${bait}">
     <link rel=preconnect href="${bait}"><link rel=dns-prefetch href="${bait}">
     <a id=js href="javascript:top.document.title='link'">x</a><a id=ping href="#" ping="${bait}">x</a>
     <form action="${bait}"><button>x</button></form><a id=away href="${bait}">away</a>`;
  const large = `<!--${'x'.repeat(17 * 1024 * 1024)}-->`;
  const quirks = content.replace('<!DOCTYPE html>', '');
  for (const parts of [[content], [content, large], [quirks]]) {
    const scene = { pages, parts };
    const { tab } = await browser.open('viewer/viewer.html?snapshot=100', scene, WIDE);
    const inside = await frame(tab);
    await inside.waitForSelector('form');
    assert.equal(await inside.evaluate(() => globalThis.origin), 'null');
    for (const selector of ['#js', '#ping', 'button', '#away']) {
      const click = (/** @type {Element} */ one) => /** @type {HTMLElement} */ (one).click();
      await inside.$eval(selector, click).catch(() => {});
    }
    await sleep(300);
    assert.equal(await tab.title(), '快照 / one · Linksnap');
    assert.deepEqual(asked, []);
    await tab.close();
  }
  server.close();
});

test('versions are picked, without a step in the history', async () => {
  const { tab, faults } = await browser.open('viewer/viewer.html?snapshot=100', { pages }, WIDE);
  await frame(tab);
  assert.equal(await tab.$$eval('#versions option', ({ length }) => length), 2);
  const steps = await tab.evaluate(() => history.length);
  await tab.select('#versions', '99');
  await until(() => tab.url().endsWith('?snapshot=99'), 'the other version');
  await frame(tab);
  assert.equal(await tab.$eval('#versions', (one) => /** @type {any} */ (one).value), '99');
  assert.equal(await tab.evaluate(() => history.length), steps);
  assert.deepEqual(faults, []);
  await tab.close();
});

test('the file is offered under the title', async () => {
  const { tab } = await browser.open('viewer/viewer.html?snapshot=100', { pages }, WIDE);
  await frame(tab);
  const download = await tab.$eval('#download', (link) => {
    const { download: name, href } = /** @type {HTMLAnchorElement} */ (link);
    return { name, href };
  });
  assert.equal(download.name, '快照 one.html');
  assert.match(download.href, /^blob:/);
  await tab.close();
});

for (const query of ['?snapshot=7', '?snapshot=-1', '?snapshot=x', '', '?snapshot=1e99']) {
  test(`"${query}" names no snapshot, and that is said`, async () => {
    const { tab, faults } = await browser.open(`viewer/viewer.html${query}`, { pages }, WIDE);
    await until(async () => (await texts(tab, '.message .lead')).length === 1, 'a message');
    assert.deepEqual(await texts(tab, '.message .lead'), [
      'This snapshot is no longer in the library',
    ]);
    assert.deepEqual(faults, []);
    await tab.close();
  });
}

test('Escape leaves the page', async () => {
  const { tab } = await browser.open('viewer/viewer.html?snapshot=100', { pages }, WIDE);
  await frame(tab);
  const before = tab.url();
  await tab.focus('#original');
  await tab.keyboard.press('Escape');
  await until(() => tab.url() !== before, 'left');
  await tab.close();
});
