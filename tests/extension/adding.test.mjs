/** What comes into the library by hand, and what is taken out of it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { asked, openBrowser, saved, texts, until, violations } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const pages = [
  saved(1, { title: 'One & <two>', tags: ['读书', 'web'], note: 'A "note"' }),
  saved(2),
  saved(3, { trashed: 1, versions: 2 }),
];

/**
 * @param {import('./ui-stub.mjs').Scene} scene
 * @param {(tab: Tab) => Promise<void>} body
 * @param {string} [search]
 */
async function library(scene, body, search = '') {
  const path = `library/library.html${search}`;
  const look = { width: 1100, height: 900 };
  const { tab, faults } = await browser.open(path, { pages, ...scene }, look);
  try {
    // What is downloaded is kept for the test to read.
    await tab.evaluate(() => {
      const page = /** @type {any} */ (globalThis);
      page.files = [];
      URL.createObjectURL = (/** @type {any} */ blob) => `x:${page.files.push(blob) - 1}`;
      HTMLAnchorElement.prototype.click = function () {
        page.name = this.download;
      };
    });
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** @param {Tab} tab @param {RegExp} words */
const told = (tab, words) =>
  until(async () => words.test((await texts(tab, '.toast'))[0] ?? ''), String(words));

const BOOKMARKS = `<!DOCTYPE NETSCAPE-Bookmark-file-1>
<TITLE>Bookmarks</TITLE><H1>Bookmarks Menu</H1>
<DL><p>
  <DT><H3 PERSONAL_TOOLBAR_FOLDER="true">书签栏</H3>
  <DL><p>
    <DT><A HREF="https://example.com/1" ADD_DATE="1">Saved already</A>
    <DT><H3>读书</H3>
    <DL><p>
      <DT><H3>小说/科幻</H3>
      <DL><p>
        <DT><A HREF="https://a.example/x?a=1&amp;b=2" TAGS="web,好文">三体 &lt;1&gt;</A>
        <DD>A note
      </DL><p>
      <DT><A HREF="javascript:alert(1)">no</A>
      <DT><A HREF="https://b.example/">B</A>
    </DL><p>
  </DL><p>
</DL>`;

/**
 * Drops something onto the page.
 *
 * @param {Tab} tab
 * @param {Record<string, string>} data - by type; a name with a dot is a file
 */
const drop = (tab, data) =>
  tab.evaluate((given) => {
    const dataTransfer = new DataTransfer();
    for (const [type, text] of Object.entries(given)) {
      if (type.includes('.')) {
        dataTransfer.items.add(new File([text], type, { type: 'text/html' }));
      } else {
        dataTransfer.setData(type, text);
      }
    }
    const more = { dataTransfer, bubbles: true, cancelable: true };
    for (const type of ['dragenter', 'dragover']) {
      document.body.dispatchEvent(new DragEvent(type, more));
    }
    const isShown = document.querySelector('#drop')?.checkVisibility();
    document.body.dispatchEvent(new DragEvent('drop', more));
    return isShown;
  }, data);

test('links that are dropped are listed first', () =>
  library({}, async (tab) => {
    const isShown = await drop(tab, {
      'text/uri-list': 'https://a.example/\r\n# note\r\nhttps://b.example/',
      'text/html': '<a href="https://a.example/">A</a> <a href="https://c.example/">C</a>',
    });
    assert.equal(isShown, true);
    assert.deepEqual(await texts(tab, '#drop'), []);
    await until(async () => (await texts(tab, '.found-url')).length === 3, 'listed');
    assert.deepEqual(await asked(tab, 'queue.add'), []);
    await tab.click('.links .primary');
    await told(tab, /^3 links are in the queue/);
    await tab.click('.toast .link-button');
    await told(tab, /^Undone/);
    assert.deepEqual(await asked(tab, 'queue.cancel'), [{ jobs: [1, 2, 3] }]);
  }));

test('what is dragged inside the page, and text, is not taken', () =>
  library({}, async (tab) => {
    assert.equal(await drop(tab, { 'text/plain': 'words' }), false);
    await tab.evaluate(() =>
      document.body.dispatchEvent(new DragEvent('dragstart', { bubbles: true })),
    );
    assert.equal(await drop(tab, { 'text/uri-list': 'https://a.example/' }), false);
    assert.deepEqual(await texts(tab, '#links'), []);
  }));

test('a file of bookmarks comes with titles, notes and tags, folders too', () =>
  library({}, async (tab) => {
    await drop(tab, { 'bookmarks.html': BOOKMARKS });
    await until(
      async () =>
        (await texts(tab, '.import .found-summary'))[0] === '3 links found · 1 saved already',
      'listed',
    );
    assert.deepEqual(await texts(tab, '.import .links-title'), ['Links in bookmarks.html']);
    assert.deepEqual(await texts(tab, '.import-tags'), ['Keep tags and folders: 4 tags']);
    assert.deepEqual(await violations(tab), []);
    await tab.click('.import .found-head .link-button');
    assert.deepEqual(await texts(tab, '.import .primary'), ['Save 2 links']);
    await tab.click('.import .primary');
    await told(tab, /^2 links are in the queue/);
    const [{ links, urls }] = await asked(tab, 'queue.add');
    assert.equal(urls, undefined);
    assert.deepEqual(links, [
      {
        url: 'https://a.example/x?a=1&b=2',
        title: '三体 <1>',
        tags: ['web', '好文', '读书/小说 科幻'],
        note: 'A note',
      },
      { url: 'https://b.example/', title: 'B', tags: ['读书'] },
    ]);
    assert.deepEqual(await texts(tab, '#links'), []);
  }));

test('tags may be left out, and nothing is done where one leaves', () =>
  library({}, async (tab) => {
    await drop(tab, { 'bookmarks.html': BOOKMARKS });
    await tab.click('.import-tags input');
    await tab.keyboard.press('Escape');
    assert.deepEqual(await texts(tab, '#links'), []);
    assert.deepEqual(await asked(tab, 'queue.add'), []);
    await drop(tab, { 'bookmarks.html': BOOKMARKS });
    await tab.click('.import-tags input');
    await tab.click('.import .primary');
    await told(tab, /^3 links/);
    const [{ links }] = await asked(tab, 'queue.add');
    assert.ok(links.every((/** @type {any} */ link) => link.tags === undefined));
  }));

test('a file is chosen with the keyboard as well', () =>
  library({}, async (tab) => {
    await tab.click('#add-link');
    assert.deepEqual(await violations(tab), []);
    const input = /** @type {import('puppeteer-core').ElementHandle<HTMLInputElement>} */ (
      await tab.$('.import-line input')
    );
    await input.evaluate((one, text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], 'links.txt', { type: 'text/plain' }));
      one.files = data.files;
      one.dispatchEvent(new Event('change'));
    }, 'see https://a.example/ and https://b.example/');
    await until(async () => (await texts(tab, '.found-url')).length === 2, 'found');
  }));

test('many bookmarks go in parts that a message can hold', () =>
  library({}, async (tab) => {
    const lines = Array.from(
      { length: 1000 },
      (_, i) => `<DT><A HREF="https://a.example/${i}">${'标题'.repeat(40)}</A>`,
    );
    await drop(tab, { 'many.html': `<DL><p>${lines.join('')}</DL>` });
    await until(
      async () => (await texts(tab, '.import .primary'))[0] === 'Save 1,000 links',
      'all',
    );
    await tab.click('.import .primary');
    await told(tab, /^1,000 links/);
    const requests = await asked(tab, 'queue.add');
    assert.ok(requests.length > 1);
    assert.ok(requests.every(({ links }) => JSON.stringify(links).length < 400_000));
  }));

/** @param {Tab} tab @param {string} words */
async function exportAs(tab, words) {
  await tab.click('#results li:first-child .row-check input');
  await tab.click('.bulk .link-button');
  await tab.click('[aria-haspopup=menu]');
  for (const item of await tab.$$('.menu [role=menuitem]')) {
    if (((await item.evaluate((one) => one.textContent)) ?? '').startsWith(words)) {
      await item.click();
    }
  }
}

test('bookmarks are written as every browser reads them, and read again', () =>
  library({}, async (tab) => {
    await exportAs(tab, 'Bookmarks');
    await told(tab, /^2 pages exported/);
    const { name, text } = await tab.evaluate(async () => {
      const page = /** @type {any} */ (globalThis);
      return { name: page.name, text: await page.files[0].text() };
    });
    assert.match(name, /^linksnap-bookmarks-\d{4}-\d\d-\d\d\.html$/);
    assert.match(text, /^<!DOCTYPE NETSCAPE-Bookmark-file-1>/);
    assert.match(
      text,
      /TAGS="读书,web">One &amp; &lt;two&gt;<\/A>\n {4}<DD>A "note"|&quot;note&quot;/,
    );
    await drop(tab, { 'again.html': text });
    await until(
      async () =>
        (await texts(tab, '.import .found-summary'))[0] === '2 links found · 2 saved already',
      'read again',
    );
  }));

test('pages are packed into an archive', () =>
  library({ parts: ['<p>saved ', 'page'] }, async (tab) => {
    await exportAs(tab, 'Web pages');
    await told(tab, /^2 pages exported/);
    const files = await tab.evaluate(async () => {
      const { unzipSync } = /** @type {any} */ (
        await import(/** @type {any} */ (`${location.origin}/vendor/fflate.js`))
      );
      const [blob] = /** @type {any} */ (globalThis).files;
      const all = unzipSync(new Uint8Array(await blob.arrayBuffer()));
      return Object.entries(all).map(([name, data]) => [
        name,
        new TextDecoder().decode(/** @type {any} */ (data)),
      ]);
    });
    assert.deepEqual(files, [
      ['One & two.html', '<p>saved page'],
      ['Page 2.html', '<p>saved page'],
    ]);
  }));

test('no two files of an archive have the same name, whatever the titles are', async () => {
  const titles = ['a', 'A (2)', '../A', 'a', 'nul', 'é', 'e\u0301', '🎉'.repeat(90), '/'];
  const named = titles.map((title, i) => saved(i + 1, { title }));
  await library({ pages: named }, async (tab) => {
    await exportAs(tab, 'Web pages');
    await told(tab, /^9 pages exported/);
    const names = await tab.evaluate(async () => {
      const { unzipSync } = /** @type {any} */ (
        await import(/** @type {any} */ (`${location.origin}/vendor/fflate.js`))
      );
      const [blob] = /** @type {any} */ (globalThis).files;
      return Object.keys(unzipSync(new Uint8Array(await blob.arrayBuffer())));
    });
    assert.equal(new Set(names.map((name) => name.normalize().toLowerCase())).size, 9);
    assert.deepEqual(
      names.map((name) => name.slice(0, 12)),
      [
        'a.html',
        'A (2).html',
        'A (3).html',
        'a (4).html',
        'nul_.html',
        'é.html',
        'é (2).html',
        '🎉'.repeat(6),
        'snapshot.htm',
      ],
    );
  });
});

test('the trash is emptied only after a question', () =>
  library(
    {},
    async (tab) => {
      await tab.click('#trash .button');
      await until(async () => (await texts(tab, '.ask h2')).length === 1, 'asked');
      assert.match((await texts(tab, '.ask p'))[0], /^1 page with all its versions/);
      assert.deepEqual(await violations(tab), []);
      await tab.keyboard.press('Escape');
      assert.deepEqual(await texts(tab, '.ask'), []);
      assert.equal(await tab.evaluate(() => document.activeElement?.textContent), 'Empty trash');
      await tab.keyboard.press('Enter');
      await until(async () => (await texts(tab, '.ask h2')).length === 1, 'asked again');
      await tab.click('.ask .danger');
      await told(tab, /^The trash is empty: 12\sMB/);
      assert.deepEqual(await asked(tab, 'trash.empty'), [{ count: true }, { count: true }, {}]);
      await until(async () => (await texts(tab, '#nothing'))[0] === 'The trash is empty', 'empty');
    },
    '?q=is:trashed',
  ));

test('states are counted beside their names', () =>
  library({}, async (tab) => {
    await until(
      async () => (await texts(tab, '#facet-states .facet')).includes('Trash1'),
      'counted',
    );
    assert.ok((await texts(tab, '#facet-states .facet')).includes('Without tags1'));
  }));
