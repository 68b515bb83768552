// Finding: orders and their pages, what stands beside the results, spelling, all ways of writing.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { numbers, withShelf } from './shelf.mjs';

/** @typedef {import('./port.mjs').Port} Port */

const sorts = ['rank', 'newest', 'oldest', 'title', 'site'];

/** Sixty pages of five sites, tagged by turns. */
const many = Array.from({ length: 60 }, (_, i) => ({
  url: `http://127.0.0.${1 + (i % 5)}:9/${i}`,
  title: `${['Delta', 'alpha', '光明', 'Bravo', '链接', 'charlie'][i % 6]} ${i % 7}`,
  text: `${'common '.repeat(1 + (i % 4))} ${i % 3 ? 'sqlite storage' : '全文检索'} number${i}`,
  tags: [i % 2 ? '单' : '双', ...(i % 10 ? [] : ['十/整'])],
}));

/**
 * Every page of an answer, by its cursors.
 * @param {Port} port
 * @param {object} params
 */
async function whole(port, params) {
  /** @type {any[]} */
  const pages = [];
  let cursor = '';
  for (let turn = 0; turn === 0 || cursor; turn++) {
    assert.ok(turn < 100, 'a cursor leads in a circle');
    const answer = await port.request('pages.search', { ...params, cursor });
    pages.push(...answer.pages);
    cursor = answer.cursor;
    assert.ok(answer.pages.length > 0 || answer.total === 0, 'an empty page');
    if (!cursor) {
      assert.equal(pages.length, answer.total);
    }
  }
  return pages;
}

test('each order pages through everything once, whatever the size of a page', () =>
  withShelf(many, async ({ port }) => {
    for (const query of ['', 'common', 'sqlite tag:双', '检索']) {
      for (const sort of sorts) {
        const at_once = numbers({ pages: await whole(port, { query, sort, limit: 200 }) });
        assert.equal(new Set(at_once).size, at_once.length);
        assert.ok(at_once.length >= 10);
        for (const limit of [1, 7]) {
          const pages = await whole(port, { query, sort, limit });
          assert.deepEqual(numbers({ pages }), at_once, `${sort} ${limit} <${query}>`);
        }
      }
    }
  }));

test('what does not fit a frame comes with the next cursor', () => {
  const items = Array.from({ length: 24 }, (_, i) => ({
    title: `Page ${i}`,
    text: 'sqlite storage',
    note: 'n'.repeat(65_000),
    tags: Array.from({ length: 10 }, (_unused, k) => `${i}/${k}`.padEnd(100, '字')),
  }));
  return withShelf(items, async ({ port }) => {
    for (const query of ['', 'sqlite', 'is:noted sqlite OR storage']) {
      for (const sort of sorts) {
        const params = { query, sort, limit: 200, facets: 100 };
        const { pages, total } = await port.request('pages.search', params);
        assert.ok(pages.length > 10 && pages.length < total);
        const all = numbers({ pages: await whole(port, params) });
        assert.equal(new Set(all).size, 24, `${sort} <${query}>`);
      }
    }
  });
});

test('orders are what they say', () =>
  withShelf(many, async ({ port }) => {
    const by = (/** @type {string} */ sort) => whole(port, { query: 'common', sort, limit: 50 });
    const newest = numbers({ pages: await by('newest') });
    assert.deepEqual(
      newest,
      [...newest].sort((a, b) => b - a),
    );
    assert.deepEqual(numbers({ pages: await by('oldest') }), newest.reverse());
    const sites = (await by('site')).map(({ site, page }) => ({ site, page }));
    assert.deepEqual(
      sites,
      [...sites].sort((a, b) => (a.site < b.site ? -1 : a.site > b.site ? 1 : b.page - a.page)),
    );
    // Latin letters in any case, then Chinese, each once.
    const titles = (await by('title')).map(({ title }) => title.split(' ')[0]);
    const runs = titles.filter((title, i) => title !== titles[i - 1]);
    assert.deepEqual(runs.slice(0, 4), ['alpha', 'Bravo', 'charlie', 'Delta']);
    assert.deepEqual(runs.slice(4).sort(), ['光明', '链接'].sort());
    // A cursor of another order is none.
    const { cursor } = await port.request('pages.search', { sort: 'title', limit: 5 });
    for (const sort of ['newest', 'site']) {
      await assert.rejects(port.request('pages.search', { sort, cursor }), { fault: 'params' });
    }
    for (const bad of ['x', `${cursor}x`, '0', "' OR 1", 'x'.repeat(63)]) {
      const params = { sort: 'title', cursor: bad };
      await assert.rejects(port.request('pages.search', params), { fault: 'params' });
    }
    await assert.rejects(port.request('pages.search', { sort: 'Rank' }), { fault: 'params' });
  }));

/** @param {string[]} names */
function counted(names) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const name of names) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, pages]) => `${name} ${pages}`).sort();
}

test('facets count what the answer has, and narrow it to what they count', () =>
  withShelf(many, async ({ port }) => {
    await port.request('pages.trash', { page: 1 });
    for (const query of [
      '',
      'common',
      'sqlite',
      '检索 tag:双',
      'site:127.0.0.2:9',
      'is:trashed',
      'zz',
    ]) {
      const { facets } = await port.request('pages.search', { query, facets: 100, limit: 1 });
      const pages = await whole(port, { query, limit: 200 });
      const said = (/** @type {{name: string, pages: number}[]} */ list) =>
        list.map(({ name, pages: count }) => `${name} ${count}`).sort();
      assert.deepEqual(said(facets.tags), counted(pages.flatMap(({ tags }) => tags)), query);
      assert.deepEqual(said(facets.sites), counted(pages.map(({ site }) => site)), query);
      const years = pages.map(({ saved }) => String(new Date(saved).getUTCFullYear()));
      assert.deepEqual(said(facets.years), counted(years), query);
      for (const [term, list] of [
        ['tag', facets.tags],
        ['site', facets.sites],
        ['on', facets.years],
      ]) {
        const counts = list.map((/** @type {any} */ facet) => facet.pages);
        if (term !== 'on') {
          assert.deepEqual(
            counts,
            [...counts].sort((a, b) => b - a),
            query,
          );
        }
        for (const facet of list) {
          const narrow = `${query} ${term}:"${facet.name}"`;
          const { total, hint } = await port.request('pages.search', { query: narrow, limit: 1 });
          assert.deepEqual([total, hint], [facet.pages, ''], narrow);
        }
      }
    }
    const { facets } = await port.request('pages.search', { facets: 1 });
    assert.deepEqual([facets.tags.length, facets.sites.length], [1, 1]);
    assert.equal('facets' in (await port.request('pages.search', {})), false);
    for (const bad of [0, 101, '5']) {
      await assert.rejects(port.request('pages.search', { facets: bad }), { fault: 'params' });
    }
  }));

test('a misspelt word is put right where another one is meant', () =>
  withShelf(many, async ({ port }) => {
    const better = async (/** @type {string} */ query) =>
      (await port.request('pages.search', { query, spelling: true })).spelling;
    assert.equal(await better('sqlte'), 'sqlite');
    assert.equal(await better('sqllite'), 'sqlite');
    assert.equal(await better('sqltie'), 'sqlite');
    assert.equal(await better('sqlize 检索'), 'sqlite 检索');
    assert.equal(await better('tag:双 "stroage" -sqlte'), 'tag:双 "storage" -sqlte');
    for (const query of ['sqlite', 'sq', '检所', '', 'zzzzzzzz', 'number7', '"', 'tag:sqlte']) {
      assert.equal(await better(query), '', query);
    }
    const corrected = await port.request('pages.search', { query: await better('sqlte') });
    assert.equal(corrected.total, 40);
    assert.equal('spelling' in (await port.request('pages.search', { query: 'sqlte' })), false);
  }));

test('a text is found however it is written', () =>
  withShelf(
    [
      { text: 'SQLite存储引擎，iPhone15手机' },
      { text: '臺灣的資料庫 ﾃﾞｰﾀﾍﾞｰｽ ＡＢＣ１２３' },
      { text: 'Crème brûlée, C++ and node.js 🎉' },
      { text: '中文，标点。“引号”（括号）' },
    ],
    async ({ port }) => {
      const found = async (/** @type {string} */ query) => {
        const answer = await port.request('pages.search', { query, sort: 'oldest' });
        assert.equal(answer.hint, '', query);
        for (const { snippet } of answer.pages) {
          assert.ok(snippet.length > 1, `nothing is marked for ${query}`);
        }
        return numbers(answer);
      };
      const meetings = [
        [
          'sqlite',
          '存储',
          'SQLite存储',
          '储',
          'ｓｑｌｉｔｅ',
          'iphone15手机',
          '手机',
          'SQLITE 引擎',
          '儲存 OR 存儲',
        ],
        [
          '台湾',
          '臺灣',
          '资料库',
          '數據 OR 資料庫',
          'データ',
          'ﾃﾞｰﾀ',
          'データベース',
          'abc123',
          'ＡＢＣ',
        ],
        ['creme', 'CRÈME', 'brulee', 'c++', 'node.js', '🎉'],
        [
          '（引号）',
          '“标点”',
          '「括号」',
          '中文，标点',
          '正文：引号',
          '标点　引号',
          '引号　－没有',
        ],
      ];
      for (const [i, queries] of meetings.entries()) {
        for (const query of queries) {
          assert.deepEqual(await found(query), [i + 1], query);
        }
      }
      for (const query of ['储擎', '文标', 'js.node', '"存储手机"', 'qlite']) {
        assert.deepEqual(await found(query), [], query);
      }
    },
  ));
