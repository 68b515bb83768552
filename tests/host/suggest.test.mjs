// What the host proposes: tags and titles to complete, tags for a page, pages like one.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { numbers, withShelf } from './shelf.mjs';

/** @typedef {import('./port.mjs').Port} Port */

const shelf = [
  { title: '光明区图书馆', tags: ['光明', '读书/小说'], url: 'http://127.0.0.2:9/1' },
  { title: '链接与逻辑', tags: ['链接', '光明'], url: 'http://127.0.0.2:9/2' },
  { title: '重庆银行', tags: ['地方'], url: 'http://127.0.0.3:9/' },
  { title: 'The Lighthouse, 光明日报', tags: ['Light reading'], url: 'http://127.0.0.4:9/' },
];

test('tags are completed by their beginning, their middle and their pinyin', () =>
  withShelf(shelf, async ({ port }) => {
    const of = async (/** @type {string} */ part) =>
      (await port.request('tags.list', { part })).tags.map((/** @type {any} */ { name }) => name);
    assert.equal((await of(''))[0], '光明');
    assert.equal((await of('')).length, 5);
    for (const part of ['gm', 'guangm', 'guangming', 'GuangMing', 'gming', '光', '光明', '明']) {
      assert.deepEqual(await of(part), ['光明'], part);
    }
    for (const part of ['lj', 'lianjie', 'ljie', '鏈接', '接']) {
      assert.deepEqual(await of(part), ['链接'], part);
    }
    for (const part of ['ds', 'dushu', 'xs', 'xiaoshuo', '读书/', '小说', '讀書']) {
      assert.deepEqual(await of(part), ['读书/小说'], part);
    }
    assert.deepEqual(await of('READ'), ['Light reading']);
    assert.deepEqual(await of('ｒｅａｄ'), ['Light reading']);
    for (const part of ['gmx', 'uangming', '%', '_', "' OR 1=1 --", '*', '"']) {
      assert.deepEqual(await of(part), [], part);
    }
  }));

test('of many tags the limit is kept; all come by name', async () => {
  const items = Array.from({ length: 5 }, (_, i) => ({
    tags: Array.from({ length: 50 }, (_unused, k) => `t${String(i * 50 + k).padStart(3, '0')}`),
  }));
  await withShelf(items, async ({ port }) => {
    const count = async (/** @type {object} */ params) =>
      (await port.request('tags.list', params)).tags.length;
    assert.equal(await count({}), 200);
    assert.equal(await count({ limit: 200 }), 200);
    assert.equal(await count({ limit: 1 }), 1);
    const all = await port.request('tags.list', { all: true });
    assert.equal(all.more, false);
    const names = all.tags.map((/** @type {any} */ { name }) => name);
    assert.deepEqual(names, [...items.flatMap(({ tags }) => tags)].sort());
    for (const limit of [0, 201, 1.5]) {
      await assert.rejects(port.request('tags.list', { limit }), { fault: 'params' });
    }
  });
});

test('a list of all tags ends where a frame does, and says so', async () => {
  const items = Array.from({ length: 6 }, (_, i) => ({
    tags: Array.from({ length: 100 }, (_unused, k) => `${i}${k}`.padEnd(100, '字')),
  }));
  await withShelf(items, async ({ port }) => {
    const { tags, more } = await port.request('tags.list', { all: true });
    assert.equal(more, true);
    assert.ok(tags.length > 400 && tags.length < 600, String(tags.length));
    assert.equal((await port.request('tags.list', {})).tags.length, 200);
  });
});

test('titles are completed by their words and their pinyin', () =>
  withShelf(shelf, async ({ port }) => {
    const of = async (/** @type {string} */ part, limit = 10) =>
      (await port.request('pages.titles', { part, limit })).titles.map(
        (/** @type {any} */ { page }) => page,
      );
    for (const part of ['gm', 'guangm', 'guangming', '光明']) {
      assert.deepEqual(await of(part), [4, 1], part);
    }
    assert.deepEqual(await of('gm', 1), [4]);
    assert.deepEqual(await of('gmq'), [1]);
    assert.deepEqual(await of('lj'), [2]);
    assert.deepEqual(await of('luoji'), [2]);
    // Characters that are read in more than one way.
    assert.deepEqual(await of('chongqing'), [3]);
    assert.deepEqual(await of('yinhang'), [3]);
    assert.deepEqual(await of('cqyh'), [3]);
    assert.deepEqual(await of('light'), [4]);
    assert.deepEqual(await of('house'), []);
    for (const part of ['', ' ', '%', 'x'.repeat(64), 'x'.repeat(4096), '\u0001']) {
      assert.deepEqual(await of(part), []);
    }
    await assert.rejects(of('x'.repeat(4097)), { fault: 'limit' });
    await assert.rejects(of('x', 51), { fault: 'params' });
    await port.request('pages.trash', { page: 4 });
    assert.deepEqual(await of('gm'), [1]);
  }));

test('a new page of a known site, and one that is saved, get tags of the person', () =>
  withShelf(shelf, async ({ port }) => {
    /** @param {object} params */
    const of = async (params) =>
      (await port.request('tags.suggest', params)).tags.map((/** @type {any} */ { name }) => name);
    const fresh = await of({ url: 'http://127.0.0.2:9/new?x=1', title: '' });
    assert.equal(fresh[0], '光明');
    assert.ok(!fresh.includes('地方'));
    assert.deepEqual(await of({ url: 'http://127.0.0.5:9/', title: '' }), []);
    const two = await of({ url: 'http://127.0.0.5:9/', title: '读小说，看地方' });
    assert.deepEqual(two.slice(0, 2).sort(), ['地方', '读书/小说'].sort());
    assert.ok((await of({ url: 'http://127.0.0.5:9/', title: '鏈接' })).includes('链接'));
    // Its own are not suggested, those of its site are.
    const own = await of({ url: 'http://127.0.0.2:9/1#part' });
    assert.ok(own.includes('链接') && !own.includes('光明'), own.join());
    assert.equal((await of({ url: 'http://127.0.0.2:9/x', limit: 1 })).length, 1);
    for (const url of ['', 'about:blank', 'javascript:1', 'nothing']) {
      await assert.rejects(of({ url }), { fault: 'url' });
    }
    await assert.rejects(of({ url: 'http://127.0.0.6:9/', limit: 21 }), { fault: 'params' });
    const title = 'x'.repeat(4097);
    await assert.rejects(of({ url: 'http://127.0.0.6:9/', title }), { fault: 'limit' });
  }));

test('the pages whose texts are nearest come first, without the page itself', () => {
  const query = 'A query planner chooses an index; btree pages and rowids are read in order.';
  const garden = 'Tomatoes want sun, compost and water; prune the seedlings and mulch the beds.';
  const items = [
    { title: 'Planner', text: `${query} The cost of a scan.` },
    { title: 'Garden', text: `${garden} Slugs come at night.` },
    { title: 'Index', text: `${query} A covering index spares the table.` },
    { title: 'Beds', text: garden },
    { title: '搜索', text: '全文检索把汉字切成相邻的两个字，倒排索引记下它们的位置。' },
    { title: '检索', text: '倒排索引与全文检索：汉字怎样切成词，位置怎样保存。' },
    ...Array.from({ length: 12 }, (_, i) => ({ title: `Other ${i}`, text: `word${i} alone${i}` })),
  ];
  return withShelf(items, async ({ port }) => {
    const like = async (/** @type {number} */ page, limit = 20) =>
      numbers(await port.request('pages.similar', { page, limit }));
    for (const [page, nearest] of [
      [1, 3],
      [2, 4],
      [5, 6],
    ]) {
      const alike = await like(page);
      assert.equal(alike[0], nearest);
      assert.ok(!alike.includes(page) && alike.every((each) => each <= 6), alike.join());
      assert.deepEqual(await like(page, 1), [nearest]);
    }
    assert.deepEqual(await like(7), []);
    const [page] = (await port.request('pages.similar', { page: 1 })).pages;
    assert.deepEqual([page.title, page.title_spans, page.snippet], ['Index', [], []]);
    await port.request('pages.trash', { page: 3 });
    assert.ok(!(await like(1)).includes(3));
    assert.equal((await like(3))[0], 1);
    await assert.rejects(like(99), { fault: 'not_found' });
    for (const limit of [0, 51]) {
      await assert.rejects(like(1, limit), { fault: 'params' });
    }
  });
});
