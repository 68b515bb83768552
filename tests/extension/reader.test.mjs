import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, saved, texts, until, violations } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */
/** @typedef {import('puppeteer-core').Frame} Frame */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const WIDE = { width: 1100, height: 700 };
const PICTURE = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

const LINES = [
  '清晨六点,老馆长推开沉重的木门,阳光穿过高窗,落在一排排旧书脊上。',
  '他说,一座城市可以没有高楼,却不能没有一间让人安静坐下来的屋子。',
  '四十年来,他认得每一位常来的读者,也记得他们借走的第一本书。',
  '雨停了,孩子们跑进来,把湿漉漉的伞靠在门边,轻轻翻开画册。',
];
const links = Array.from(
  { length: 30 },
  (_, i) => `<a href="https://a.example/${i}">热点新闻${i}</a>`,
);

/** @param {string} body @param {string} [head] */
const chinese = (body, head = '<title>城市的良心_光明网</title>') =>
  `<!DOCTYPE html><html lang="zh-CN">${head}<div class="nav">${links.join(' ')}</div>
   <div class="box"><h1>城市的良心</h1><div class="txt">${body}</div></div>
   <div class="sidebar"><ul>${links.map((link) => `<li>${link}</li>`).join('')}</ul></div>
   <div class="footer">版权所有 京ICP备000000号</div>`;

const ENGLISH = `<!DOCTYPE html><html lang="en"><title>A quiet room | Example</title><nav>${links.join(' ')}</nav>
  <article><h1>A quiet room</h1><p class="byline">By Ann Li</p>${'<p>A city may do without towers, but hardly without a room to sit down in and read, as the old librarian says.</p>'.repeat(12)}
  <figure><img src="${PICTURE}" alt="door"><figcaption>The door</figcaption></figure>
  <img src="https://gone.example/x.png"><pre>one
two</pre><p><a href="#end">end</a> <a href="https://example.com/far">far</a></p><p id="end">The end.</p></article>
  <footer>All rights reserved</footer>`;

/**
 * @param {object} scene
 * @param {(tab: Tab) => Promise<void>} body
 * @param {object} [look]
 */
async function viewer(scene, body, look = {}) {
  const pages = [saved(1, { title: '城市的良心_光明网', versions: 2, snapshot: 100 })];
  const path = 'viewer/viewer.html?snapshot=100';
  const { tab, faults } = await browser.open(path, { pages, ...scene }, { ...WIDE, ...look });
  try {
    await until(async () => (await tab.$('#reader-open:not([disabled])')) !== null, 'the button');
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** @param {Tab} tab @returns {Promise<Frame>} with the article */
async function article(tab) {
  /** @type {Frame | undefined} */
  let shown;
  await until(async () => {
    shown = tab.frames().find((one) => one.parentFrame()?.parentFrame() === tab.mainFrame());
    return Boolean(await shown?.$('article > header').catch(() => null));
  }, 'the article');
  return shown ?? assert.fail('no frame');
}

/** @param {Frame} frame */
const words = (frame) => frame.$eval('article', (one) => one.textContent ?? '');

test('a Chinese article is found, with its title, and what stands around it is left', async () => {
  const shapes = {
    'in paragraphs': LINES.map((line) => `<p>${line}</p>`).join(''),
    'in divisions': LINES.map((line) => `<div>${line}</div>`).join(''),
    'in lines': LINES.join('<br><br>'),
    'in short paragraphs': LINES.join('')
      .match(/[^,。]+[,。]/g)
      ?.map((part) => `<p>${part}</p>`)
      .join(''),
  };
  for (const [shape, body] of Object.entries(shapes)) {
    await viewer({ parts: [chinese(String(body))] }, async (tab) => {
      await tab.click('#reader-open');
      const frame = await article(tab);
      assert.equal(await frame.$eval('h1', (one) => one.textContent), '城市的良心', shape);
      const text = await words(frame);
      for (const line of LINES) {
        assert.ok(text.replace(/\s/g, '').includes(line), `${shape}: ${line}`);
      }
      assert.doesNotMatch(text, /热点新闻|版权所有/, shape);
      assert.equal(text.match(/城市的良心/g)?.length, 1, shape);
      assert.match(text, /1 minute to read/, shape);
      assert.equal(await frame.evaluate(() => globalThis.origin), 'null');
      assert.equal(
        await tab.$eval('#reader-open', (one) => one.getAttribute('aria-pressed')),
        'true',
      );
    });
  }
});

test('an English article keeps its pictures, its code and its links', () =>
  viewer({ parts: [ENGLISH] }, async (tab) => {
    await tab.click('#reader-open');
    const frame = await article(tab);
    assert.equal(await frame.$eval('h1', (one) => one.textContent), 'A quiet room');
    assert.match(await frame.$eval('.facts', (one) => one.textContent ?? ''), /Ann Li · 1 minute/);
    assert.deepEqual(await frame.$$eval('img', (all) => all.map((one) => one.alt)), ['door']);
    assert.equal(await frame.$eval('pre', (one) => one.textContent), 'one\ntwo');
    const targets = await frame.$$eval('a', (all) =>
      all.map((one) => [one.getAttribute('href'), one.target]),
    );
    assert.deepEqual(targets, [
      ['#end', ''],
      ['https://example.com/far', '_blank'],
    ]);
    assert.doesNotMatch(await words(frame), /All rights reserved/);
    await tab.click('#reader-open');
    await until(
      () => tab.$eval('#reader-open', (one) => one.getAttribute('aria-pressed') === 'false'),
      'the page again',
    );
  }));

test('the time to read counts characters in Chinese and words in English', () =>
  viewer({ parts: [chinese(`<p>${LINES.join('</p><p>')}</p>`.repeat(20))] }, async (tab) => {
    await tab.click('#reader-open');
    const frame = await article(tab);
    const text = await words(frame);
    const minutes = Math.round((text.match(/\p{sc=Han}/gu) ?? []).length / 400);
    assert.match(text, new RegExp(`${minutes} minutes to read`));
  }));

test('where nothing reads as an article, that is said and the page stays', async () => {
  const front = `<!DOCTYPE html><title>x</title><ul>${links.map((link) => `<li>${link}</li>`).join('')}</ul>`;
  for (const parts of [
    [front],
    ['<!DOCTYPE html><p>短'],
    ['<!DOCTYPE html>'],
    ['<!DOCTYPE html><frameset>'],
  ]) {
    await viewer({ parts }, async (tab) => {
      await tab.click('#reader-open');
      await until(async () => (await texts(tab, '#no-article')).length === 1, 'said');
      assert.match(
        (await texts(tab, '#no-article p'))[0],
        /Nothing on this page reads as an article/,
      );
      assert.equal(
        await tab.$eval('#reader-open', (one) => one.getAttribute('aria-pressed')),
        'false',
      );
      assert.deepEqual(await violations(tab), []);
      await tab.click('#no-article-close');
      assert.deepEqual(await texts(tab, '#no-article'), []);
    });
  }
});

test('how it looks is chosen and kept', async () => {
  const parts = [chinese(LINES.map((line) => `<p>${line}</p>`).join(''))];
  const looks = (/** @type {Frame} */ frame) =>
    frame.evaluate(() => {
      const { face, ground, width } = document.documentElement.dataset;
      return [face, ground, width];
    });
  await viewer({ parts }, async (tab) => {
    await tab.click('#reader-open');
    assert.deepEqual(await looks(await article(tab)), ['serif', 'light', 'medium']);
    await tab.click('#look-open');
    assert.deepEqual(await violations(tab), []);
    for (const [choice, expected] of Object.entries({
      '.ground-sepia': ['serif', 'sepia', 'medium'],
      '.face-sans': ['sans', 'sepia', 'medium'],
      '.width-wide': ['sans', 'sepia', 'wide'],
    })) {
      await tab.click(choice);
      await until(async () => {
        const now = await looks(await article(tab)).catch(() => []);
        return now.join() === expected.join();
      }, choice);
    }
    await tab.keyboard.press('Escape');
    await tab.click('#more-open');
    await tab.click('#zoom-in');
    await tab.click('#zoom-in');
    assert.deepEqual(await texts(tab, '#zoom-reset'), ['125%']);
    assert.deepEqual(await violations(tab), []);
    const kept = await tab.evaluate(() =>
      /** @type {any} */ (globalThis).chrome.storage.local.get('reader'),
    );
    assert.deepEqual(kept.reader, { face: 'sans', ground: 'sepia', width: 'wide', size: 1.25 });
    // The page itself has a size of its own.
    await tab.keyboard.press('Escape');
    await tab.click('#reader-open');
    await until(
      async () => (await tab.$eval('#zoom-reset', (one) => one.textContent)) === '100%',
      '1',
    );
  });
  const local = { reader: { face: 'x', ground: 'dark', width: 7, size: 99 } };
  await viewer({ parts, local }, async (tab) => {
    await tab.click('#reader-open');
    assert.deepEqual(await looks(await article(tab)), ['serif', 'dark', 'medium']);
  });
  await viewer(
    { parts },
    async (tab) => {
      await tab.click('#reader-open');
      assert.deepEqual(await looks(await article(tab)), ['serif', 'dark', 'medium']);
    },
    { dark: true },
  );
});

test('the reader stays on from version to version, and off where there is no article', () =>
  viewer({ parts: [ENGLISH] }, async (tab) => {
    await tab.click('#reader-open');
    await article(tab);
    await tab.select('#versions', '99');
    await until(() => tab.url().endsWith('99'), 'the other');
    await article(tab);
    await tab.evaluate(() => {
      /** @type {any} */ (globalThis).scene.parts = ['<!DOCTYPE html><p>none'];
    });
    await tab.select('#versions', '100');
    await until(async () => (await texts(tab, '#no-article')).length === 1, 'said');
  }));

test('what is highlighted in the article stands in the page as well', () =>
  viewer({ parts: [chinese(LINES.map((line) => `<p>${line}</p>`).join(''))] }, async (tab) => {
    await tab.click('#reader-open');
    await article(tab);
    await tab.click('#pen-open');
    await until(async () => {
      const shown = await article(tab);
      return shown.evaluate(() => globalThis.origin !== 'null').catch(() => false);
    }, 'the pen');
    const frame = await article(tab);
    await until(async () => {
      await frame.evaluate(() => {
        const text = document.querySelectorAll('article p:not(header p)')[1].firstChild;
        document.getSelection()?.removeAllRanges();
        document
          .getSelection()
          ?.setBaseAndExtent(/** @type {Node} */ (text), 0, /** @type {Node} */ (text), 3);
      });
      await new Promise((resolve) => {
        setTimeout(resolve, 250);
      });
      return (await texts(tab, '#pen-tool')).length === 1;
    }, 'the tool');
    await tab.click('#pen-tool [aria-label=Purple]');
    const [quote] = [LINES[1].slice(0, 3)];
    await tab.click('#pen-leave');
    await tab.click('#reader-open');
    await until(async () => {
      const shown = tab
        .frames()
        .find((one) => one.parentFrame()?.parentFrame() === tab.mainFrame());
      const texts = shown?.$$eval('.txt mark', (all) => all.map((one) => one.textContent));
      return (await texts?.catch(() => []))?.[0] === quote;
    }, 'the mark in the page');
    const [added] = await tab.evaluate(() =>
      /** @type {any} */ (globalThis).seen.requests.filter(
        (/** @type {any} */ one) => one.method === 'highlights.add',
      ),
    );
    assert.equal(added.params.quote, quote);
    assert.ok(added.params.place > links.join('').length / 10);
  }));

test('the snapshot is printed, whole, from a frame that runs nothing', () =>
  viewer({ parts: [ENGLISH] }, async (tab) => {
    await tab.click('#more-open');
    await tab.click('#print');
    await until(
      () =>
        tab.evaluate(() => {
          const cell = /** @type {HTMLIFrameElement | null} */ (
            document.querySelector('#printing iframe')
          );
          const inner = cell?.contentDocument?.querySelector('iframe');
          return (
            inner?.getAttribute('sandbox') === 'allow-same-origin allow-modals' &&
            Boolean(inner.contentDocument?.querySelector('article'))
          );
        }),
      'the frame',
    );
    assert.deepEqual(await texts(tab, '#more'), []);
  }));
