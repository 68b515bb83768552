import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';

import { asked, openBrowser, saved, sleep, texts, until, violations } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */
/** @typedef {import('puppeteer-core').Frame} Frame */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const WIDE = { width: 1100, height: 700 };
const pages = [saved(1, { versions: 2, title: '图书馆' })];

const SAID = '图书馆是一座城市的良心。';
const DOCUMENT = `<!DOCTYPE html><html lang="zh"><title>图书馆</title><style>p { margin: 9px }</style>
  <h1>图书馆</h1><p id="one">${SAID}清晨六点,门开了。</p><p id="two">${SAID}<b>傍晚</b>时分,灯亮了。</p>
  <p id="three">The quick <i>brown</i> fox.</p><table><tr>
  <td>甲</td></tr> <tr><td>乙</td></tr></table><p id="link"><a href="https://example.com/">一个链接</a></p>
  <p style="height:2000px"></p><p id="last">结束了</p>`;

/** @param {number} highlight @param {object} more */
const highlight = (highlight, more) => ({
  ...{ highlight, page: 1, snapshot: 100, version: 2, title: '图书馆', made: 1, changed: 1 },
  ...{ prefix: '', suffix: '', place: 0, colour: 'yellow', note: '' },
  ...more,
});

/** @param {Tab} tab @returns {Promise<Frame>} the snapshot's, once it is there */
async function frame(tab) {
  /** @type {Frame | undefined} */
  let shown;
  await until(async () => {
    shown = tab.frames().find((one) => one.parentFrame()?.parentFrame() === tab.mainFrame());
    return Boolean(await shown?.$('body *').catch(() => null));
  }, 'the frame');
  return shown ?? assert.fail('no frame');
}

/**
 * @param {object} scene
 * @param {(tab: Tab) => Promise<void>} body
 * @param {string} [search]
 */
async function viewer(scene, body, search = '') {
  const path = `viewer/viewer.html?snapshot=100${search}`;
  const { tab, faults } = await browser.open(path, { pages, parts: [DOCUMENT], ...scene }, WIDE);
  try {
    await frame(tab);
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** @param {Tab} tab */
async function takePen(tab) {
  await tab.click('#pen-open');
  await until(async () => (await sandbox(tab)) === 'allow-same-origin', 'the pen');
  const shown = await frame(tab);
  await until(
    () => shown.evaluate(() => document.readyState === 'complete').catch(() => false),
    'the page of the pen',
  );
  await sleep(50);
  return frame(tab);
}

/** @param {Tab} tab @returns {Promise<string | undefined>} */
const sandbox = (tab) =>
  tab.evaluate(() =>
    /** @type {any} */ (document.querySelector('#page iframe')).contentDocument
      ?.querySelector('iframe')
      ?.getAttribute('sandbox'),
  );

/**
 * @param {Frame} shown
 * @param {[string, number, number]} from - selector, node and offset
 * @param {[string, number, number]} to
 */
const select = (shown, from, to) =>
  shown.evaluate(
    (ends) => {
      const [first, last] = ends.map(
        ([selector, node]) =>
          /** @type {Node} */ (document.querySelector(String(selector))).childNodes[Number(node)],
      );
      document
        .getSelection()
        ?.setBaseAndExtent(first, Number(ends[0][2]), last, Number(ends[1][2]));
    },
    [from, to],
  );

/** @param {Tab} tab */
const tool = (tab) => until(async () => (await texts(tab, '#pen-tool')).length === 1, 'the tool');

/** @param {Frame} shown @returns {Promise<string[]>} */
const inked = (shown) =>
  shown.$$eval('mark.linksnap-ink', (marks) =>
    marks.map((mark) => `${mark.getAttribute('data-ink')} ${mark.textContent}`),
  );

test('highlights stand in the page where they were made, and where they are found again', () => {
  const highlights = [
    highlight(1, { quote: SAID, suffix: '傍晚', place: 999, note: '想一想' }),
    highlight(2, { quote: 'quick brown\nfox', snapshot: 99, version: 1, colour: 'blue' }),
    highlight(3, { quote: '甲 乙', colour: 'green' }),
    highlight(4, { quote: '不在这里了', snapshot: 99, version: 1 }),
  ];
  return viewer({ highlights }, async (tab) => {
    const shown = await frame(tab);
    assert.deepEqual(await inked(shown), [
      `yellow ${SAID}`,
      ...['blue quick ', 'blue brown', 'blue  fox'],
      ...['green 甲', 'green 乙'],
    ]);
    assert.equal(await shown.$eval('#two mark', (one) => one.title), '想一想');
    assert.equal(await sandbox(tab), 'allow-popups allow-popups-to-escape-sandbox');
    assert.deepEqual(await texts(tab, '#marks-count'), ['4']);
    await tab.click('#marks-open');
    assert.deepEqual(await texts(tab, '#panel-list .quote'), [SAID, 'quick brown\nfox', '甲 乙']);
    assert.deepEqual(await texts(tab, '#panel-lost-list .quote'), ['不在这里了']);
    assert.match((await texts(tab, '#panel-list .panel-foot'))[1], /version 1/);
    assert.deepEqual(await violations(tab), []);
    await tab.click('#panel-list button.quote');
    await until(
      () => shown.evaluate(() => document.querySelector(':target')?.id === 'linksnap-ink-1'),
      'there',
    );
  });
});

test('the way here leads to a highlight', () => {
  const highlights = [highlight(8, { quote: '结束了' })];
  return viewer(
    { highlights },
    async (tab) => {
      const shown = await frame(tab);
      await until(() => shown.evaluate(() => scrollY > 1000), 'scrolled');
      assert.deepEqual(await texts(tab, '#panel'), []);
    },
    '&highlight=8',
  );
});

test('a highlight that this version does not have is told of', () => {
  const highlights = [highlight(8, { quote: '没有这句', snapshot: 99, version: 1 })];
  return viewer(
    { highlights },
    (tab) =>
      until(
        async () => (await texts(tab, '#panel-lost-list .quote'))[0] === '没有这句',
        'the panel',
      ),
    '&highlight=8',
  );
});

test('what is selected with the pen is highlighted, with what stands around it', () =>
  viewer({}, async (tab) => {
    const shown = await takePen(tab);
    await select(shown, ['#two', 0, 6], ['#three', 0, 9]);
    await tool(tab);
    assert.deepEqual(await violations(tab), []);
    await tab.click('#pen-tool [aria-label=Pink]');
    await until(async () => (await inked(shown)).length > 0, 'the marks');
    assert.deepEqual(await inked(shown), [
      'pink 城市的良心。',
      ...['pink 傍晚', 'pink 时分,灯亮了。', 'pink The quick'],
    ]);
    const [added] = await asked(tab, 'highlights.add');
    const { place, ...rest } = added;
    assert.deepEqual(rest, {
      snapshot: 100,
      quote: '城市的良心。傍晚时分,灯亮了。\nThe quick',
      prefix: `图书馆\n${SAID}清晨六点,门开了。\n图书馆是一座`,
      suffix: 'brown fox.\n甲\n乙\n一个链接\n结束了',
      colour: 'pink',
    });
    assert.ok(place > 0);
    // Another colour, a note, and both are kept.
    await tab.click('#pen-tool [aria-label=Green]');
    await tab.click('#pen-tool [aria-label=Note]');
    await tab.type('#pen-note', '一句话\nsecond');
    await tab.click('#pen-done');
    await until(async () => (await asked(tab, 'highlights.update')).length === 2, 'two changes');
    assert.deepEqual(await asked(tab, 'highlights.update'), [
      { highlight: 1, colour: 'green' },
      { highlight: 1, note: '一句话\nsecond' },
    ]);
    assert.equal(await shown.$eval('mark', (one) => one.title), '一句话\nsecond');
    // With the pen put down it stands where it was, in a frame without an origin.
    await tab.click('#pen-leave');
    await until(async () => (await sandbox(tab))?.startsWith('allow-popups') ?? false, 'reading');
    const after = await frame(tab);
    await after.waitForSelector('mark');
    assert.equal((await inked(after))[0], 'green 城市的良心。');
    assert.equal(await after.evaluate(() => globalThis.origin), 'null');
  }));

test('a highlight is deleted and comes back', () => {
  const highlights = [highlight(1, { quote: '傍晚时分' })];
  return viewer({ highlights }, async (tab) => {
    const shown = await takePen(tab);
    await shown.click('mark');
    await tool(tab);
    await tab.click('#pen-tool [aria-label="Delete highlight"]');
    await until(async () => (await inked(shown)).length === 0, 'gone');
    assert.equal(await shown.$eval('#two', (one) => one.textContent), `${SAID}傍晚时分,灯亮了。`);
    await tab.click('#toast .link-button');
    await until(async () => (await inked(shown)).length === 2, 'back');
    // From the panel as well, while one reads.
    await tab.click('#pen-leave');
    await tab.click('#marks-open');
    await tab.click('#panel-list [aria-label="Delete highlight"]');
    await until(async () => (await texts(tab, '#panel-none')).length === 1, 'none');
    assert.deepEqual(await violations(tab), []);
  });
});

test('a note is written in the panel', () => {
  const highlights = [highlight(1, { quote: '傍晚时分' })];
  return viewer({ highlights }, async (tab) => {
    await tab.click('#marks-open');
    await tab.click('#panel-list [aria-label=Note]');
    await tab.keyboard.type('later');
    await tab.keyboard.down('Control');
    await tab.keyboard.press('Enter');
    await tab.keyboard.up('Control');
    await until(async () => (await texts(tab, '.panel-note'))[0] === 'later', 'the note');
  });
});

test('the keys do all of it', () =>
  viewer({}, async (tab) => {
    await tab.focus('#pen-open');
    await tab.keyboard.press('h');
    await until(async () => (await sandbox(tab)) === 'allow-same-origin', 'the pen');
    const shown = await frame(tab);
    await shown.waitForSelector('#one');
    await tab.evaluate(() => /** @type {any} */ (document.activeElement)?.blur());
    await tab.evaluate(() =>
      /** @type {any} */ (document.querySelector('#page iframe')).contentDocument
        .querySelector('iframe')
        .focus(),
    );
    const selected = () => shown.evaluate(() => String(document.getSelection()));
    await until(async () => {
      // The first word in sight, as soon as there is somebody to hear of it.
      await tab.keyboard.press('ArrowRight');
      return (await selected()) !== '';
    }, 'the heading');
    await tab.keyboard.press('ArrowDown');
    await tab.keyboard.down('Shift');
    await tab.keyboard.press('ArrowRight');
    await tab.keyboard.press('ArrowRight');
    await tab.keyboard.press('ArrowLeft');
    await tab.keyboard.up('Shift');
    await tool(tab);
    const said = await selected();
    // How many characters a word has is the browser's to say.
    assert.ok(said.length > 2 && SAID.startsWith(said), said);
    await tab.keyboard.press('3');
    await until(async () => (await inked(shown)).length > 0, 'the mark');
    assert.deepEqual(await inked(shown), [`blue ${said}`]);
    await tab.keyboard.press('n');
    await tab.keyboard.type('by hand');
    await tab.keyboard.press('Escape');
    await until(async () => (await asked(tab, 'highlights.update')).length === 1, 'the note');
    await tab.keyboard.press('Delete');
    await until(async () => (await inked(shown)).length === 0, 'gone');
    await tab.keyboard.press('Escape');
    await until(async () => (await sandbox(tab))?.startsWith('allow-popups') ?? false, 'reading');
    assert.match(tab.url(), /viewer\.html/);
  }));

test("a text from the browser's menu is taken where it stands once, else one is asked", () =>
  viewer({}, async (tab) => {
    const tell = (/** @type {string} */ text) =>
      tab.evaluate((said) => {
        /** @type {any} */ (globalThis).tell({ type: 'highlight', text: said });
      }, text);
    await tell('傍晚时分,灯亮了。 The quick');
    await until(async () => (await asked(tab, 'highlights.add')).length === 1, 'taken');
    const [{ quote }] = await asked(tab, 'highlights.add');
    assert.equal(quote, '傍晚时分,灯亮了。\nThe quick');
    const shown = await frame(tab);
    await shown.waitForSelector('mark');
    assert.equal(await sandbox(tab), 'allow-popups allow-popups-to-escape-sandbox');
    await tell(SAID);
    await until(async () => (await sandbox(tab)) === 'allow-same-origin', 'the pen');
    assert.match((await texts(tab, '#toast'))[0], /more than once/);
    assert.equal((await asked(tab, 'highlights.add')).length, 1);
  }));

test('the pen stays in the hand from version to version', () =>
  viewer({}, async (tab) => {
    await takePen(tab);
    const before = await tab.$('#page iframe');
    for (const version of ['99', '100']) {
      await tab.select('#versions', version);
      await until(
        () => tab.evaluate((old) => document.querySelector('#page iframe') !== old, before),
        'another frame',
      );
      await until(async () => (await sandbox(tab)) === 'allow-same-origin', 'the pen');
      const shown = await frame(tab);
      await select(shown, ['#three', 0, 0], ['#three', 0, 9]);
      await tool(tab);
    }
  }));

test("the browser's shortcut takes up the pen of the tab in front, and puts it down", () =>
  viewer({}, async (tab) => {
    const press = (/** @type {string} */ name, /** @type {number} */ id) =>
      tab.evaluate(
        (...given) => /** @type {any} */ (globalThis).press(given[0], { id: given[1] }),
        name,
        id,
      );
    await press('highlight', 8);
    await press('save-page', 9);
    await sleep(50);
    assert.match((await sandbox(tab)) ?? '', /^allow-popups/);
    await press('highlight', 9);
    await until(async () => (await sandbox(tab)) === 'allow-same-origin', 'the pen');
    await press('highlight', 9);
    await until(async () => (await sandbox(tab))?.startsWith('allow-popups') ?? false, 'reading');
    await tab.click('#more-open');
    assert.match((await texts(tab, '#keys'))[0], /HighlighterH.*with F6 and Tab/s);
    assert.deepEqual(await violations(tab), []);
  }));

test('highlights of a foreign store, made to take hours, hold nothing up', async () => {
  const quote = 'a'.repeat(5000);
  const highlights = Array.from({ length: 200 }, (_, i) =>
    highlight(i + 1, {
      quote,
      colour: i % 2 ? 'octarine' : 'constructor',
      place: i * 40,
      note: '',
    }),
  );
  const begun = Date.now();
  await viewer({ parts: [`<!DOCTYPE html><p>${'a'.repeat(300_000)}`], highlights }, async (tab) => {
    const shown = await frame(tab);
    await shown.waitForSelector('mark');
    const depth = await shown.evaluate(
      () => document.querySelectorAll('mark mark mark mark mark mark mark mark mark').length,
    );
    assert.equal(depth, 0);
    await tab.click('#marks-open');
    await until(async () => (await tab.$$('#panel li')).length === 200, 'the panel');
  });
  assert.ok(Date.now() - begun < 20_000, String(Date.now() - begun));
});

test('a fault is told, and nothing is drawn', () =>
  viewer({ fails: { 'highlights.add': 'readonly' } }, async (tab) => {
    const shown = await takePen(tab);
    await select(shown, ['#three', 0, 0], ['#three', 0, 9]);
    await tool(tab);
    await tab.click('#pen-tool [aria-label=Yellow]');
    await until(async () => (await texts(tab, '#toast'))[0] !== '', 'told');
    assert.deepEqual(await inked(shown), []);
  }));

test('names of a page that stand before those of its document do no harm', () => {
  const names = 'getSelection defaultView body head createElement createRange querySelectorAll'
    .concat(' documentElement addEventListener doctype getElementById children implementation')
    .split(' ');
  const clobbered = `<!DOCTYPE html><title>x</title>
    ${names.map((name) => `<img name="${name}"><form name="${name}"></form>`).join('')}
    <form id="f"><input name="lastChild"><input name="previousSibling"><input name="localName">
    <input name="nodeType"><input name="closest"><input name="hidden"><input name="scrollIntoView">
    字在其中<p id="one">存储在表单里</p></form>
    <p id="two">存储在外面</p>`;
  const highlights = [highlight(1, { quote: '在表单里' })];
  return viewer(
    { parts: [clobbered], highlights },
    async (tab) => {
      await until(async () => (await texts(tab, '#find-count'))[0] === '1 of 2', 'the hits');
      const shown = await takePen(tab);
      assert.deepEqual(await inked(shown), ['yellow 在表单里']);
      await select(shown, ['#two', 1, 0], ['#two', 1, 3]).catch(() => {});
      const box = await (await shown.$('#two'))?.boundingBox();
      assert.ok(box);
      await tab.mouse.click(box.x + 60, box.y + 8, { count: 3 });
      await tool(tab);
      await tab.click('#pen-tool [aria-label=Blue]');
      await until(async () => (await asked(tab, 'highlights.add')).length === 1, 'added');
      assert.equal((await asked(tab, 'highlights.add'))[0].quote, '存储在外面');
      const form = await (await shown.$('#f'))?.boundingBox();
      assert.ok(form);
      await tab.mouse.click(form.x + form.width - 4, form.y + 4);
      await tab.keyboard.press('ArrowRight');
      const word = () =>
        shown.evaluate(() => String(Document.prototype.getSelection.call(document)));
      await until(async () => (await word()) === '字', 'the word');
      await tab.click('#reader-open');
      await until(async () => (await texts(tab, '#no-article')).length === 1, 'no article');
    },
    '&find=存储',
  );
});

test('nothing of a page runs or asks for anything in the hand of the pen, or as an article', async () => {
  const reached = /** @type {(string | undefined)[]} */ ([]);
  const server = http.createServer((request, response) => {
    reached.push(request.url);
    response.end();
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const bait = `http://127.0.0.1:${port}/bait`;
  const article = '他在图书馆里坐了整整一个下午,读完了那本厚厚的书,窗外的雨也停了。'.repeat(4);
  const planted = `<html><head><meta http-equiv=refresh content="0;url=${bait}">
    <base href="${bait}"><link rel=stylesheet href="${bait}"><link rel=prefetch href="${bait}">
    <style>@import "${bait}"; body { background: url(${bait}) }</style></head>
    <body onload="top.document.title='load'"><script>top.document.title='run'</script>
    <script src="${bait}"></script><article><h1>一个下午</h1><p id="one" onclick="top.document.title='click'"
    onpointerup="top.document.title='up'">${article}</p><p>${article}<img src="${bait}"
    onerror="top.document.title='error'"><img src=x onerror="top.document.title='error'"></p><p>${article}
    <a id="js" href="javascript:top.document.title='link'">x</a><a id="away" href="${bait}">away</a>
    <a id="top" target="_top" href="${bait}">top</a><a id="blank" target="_blank" href="${bait}">new</a>
    <svg onload="top.document.title='svg'"><a href="javascript:top.document.title=1"><text y="9">s</text></a></svg>
    <form action="${bait}"><button id="send">send</button></form></p></article>
    <iframe src="${bait}"></iframe><iframe srcdoc="<script>top.document.title='inner'</script><img src='${bait}'>"></iframe>
    <iframe src="javascript:top.document.title='frame'"></iframe><object data="${bait}"></object>
    <embed src="${bait}"><video src="${bait}" poster="${bait}" autoplay></video>
    <details open ontoggle="top.document.title='toggle'"><summary>s</summary></details>
    <input autofocus onfocus="top.document.title='focus'">`;
  for (const parts of [
    [`<!DOCTYPE html>${planted}`],
    [planted],
    [`<!DOCTYPE html>${planted}`, `<!--${'x'.repeat(17 * 1024 * 1024)}-->`],
  ]) {
    await viewer({ parts }, async (tab) => {
      const quiet = async (/** @type {string} */ where) => {
        await sleep(300);
        assert.equal(await tab.title(), '图书馆 · Linksnap', where);
        assert.deepEqual(reached, [], where);
      };
      const tabs = (await tab.browser().pages()).length;
      const click = async (/** @type {Frame} */ shown) => {
        for (const selector of ['#one', '#js', '#away', '#top', '#blank', '#send', 'svg a']) {
          const place = await shown.$(selector);
          await place?.click().catch(() => {});
          await shown
            .$eval(selector, (one) => /** @type {HTMLElement} */ (one).click())
            .catch(() => {});
        }
      };
      const shown = await takePen(tab);
      assert.equal(await shown.evaluate(() => globalThis.origin !== 'null'), true);
      await quiet('the pen');
      await click(shown);
      await quiet('clicked on');
      assert.equal((await tab.browser().pages()).length, tabs);
      await tab.click('#pen-leave');
      await until(async () => (await sandbox(tab))?.startsWith('allow-popups') ?? false, 'reading');
      await tab.click('#reader-open');
      const isArticle = async () => Boolean(await (await frame(tab)).$('article > header'));
      await until(() => isArticle().catch(() => false), 'the article');
      await quiet('the article');
      const markup = await (await frame(tab)).evaluate(() => document.documentElement.outerHTML);
      assert.doesNotMatch(
        markup,
        /\son[a-z]+=|javascript:|<script|<iframe|<form|bait"[^>]*onerror/,
      );
      await tab.click('#pen-open');
      await until(async () => (await sandbox(tab)) === 'allow-same-origin', 'the pen again');
      await quiet('the pen on the article');
    });
  }
  server.close();
});
