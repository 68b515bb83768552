// Whatever somebody types, pastes or sends as a query: an answer or a hint, soon, and never an error.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { frame } from './port.mjs';
import { numbers, withShelf } from './shelf.mjs';

/** @typedef {import('./port.mjs').Port} Port */

/** A search takes some milliseconds; a machine under load and its sanitizers are let in. */
const soon = 5000;

const shelf = Array.from({ length: 20 }, (_, i) => ({
  title: `Page ${i} of 存储`,
  text: `SQLite ${'apple banana cherry '.repeat(20)} 中文文字 a b c ${i}`,
  tags: ['读书'],
}));

/**
 * Everything that a library page asks with one query.
 * @param {Port} port
 * @param {string} query
 */
async function ask(port, query) {
  const shown = JSON.stringify(query.slice(0, 60));
  const start = Date.now();
  let answer;
  for (const sort of ['rank', 'title']) {
    const params = { query, sort, facets: 10, spelling: true, limit: 200 };
    try {
      answer = await port.request('pages.search', params);
    } catch (error) {
      assert.fail(`${shown}: ${error}`);
    }
    assert.equal(answer.pages.length, answer.total, shown);
  }
  assert.ok(Date.now() - start < soon, `${shown} took ${Date.now() - start} ms`);
  assert.ok(Buffer.byteLength(answer.hint) < 128 && !answer.hint.includes('\ufffd'), shown);
  return answer;
}

test('queries of any size are answered', () =>
  withShelf(shelf, async ({ port }) => {
    const terms = (/** @type {number} */ n, /** @type {string} */ word) =>
      Array.from({ length: n }, (_, i) => `${word}${i}`).join(' ');
    const large = [
      'a'.repeat(100_000),
      '存'.repeat(34_000),
      'apple '.repeat(17_000),
      terms(10_000, 'w'),
      terms(10_000, '-w'),
      terms(10_000, 'tag:t'),
      `a${' OR apple'.repeat(10_000)}`,
      '('.repeat(50_000) + ')'.repeat(50_000),
      '(a '.repeat(20_000),
      '"'.repeat(100_001),
      '"a" '.repeat(20_000),
      '-'.repeat(100_000),
      'NOT '.repeat(25_000),
      '*'.repeat(100_000),
      'a* '.repeat(30_000),
      '🎉'.repeat(25_000),
      'e\u0301'.repeat(30_000),
      '\u0301'.repeat(50_000),
      'ﷺ'.repeat(30_000),
      ' '.repeat(100_000),
      'is:'.repeat(30_000),
    ];
    for (const query of large) {
      const { hint } = await ask(port, query);
      assert.notEqual(hint.length === 0 && query.trim().length > 0, true, query.slice(0, 20));
    }
    const most = 256 * 1024;
    await ask(port, 'apple '.repeat(most / 6).padEnd(most, 'x'));
    await ask(
      port,
      '字'
        .repeat(most / 3)
        .padEnd(most - 1, 'x')
        .slice(0, most / 3),
    );
    for (const method of ['pages.search', 'pages.edit']) {
      const query = 'x'.repeat(most + 1);
      await assert.rejects(port.request(method, { query }), { fault: 'limit' });
    }
    // What counts is looked at, and the rest is named.
    const { total, hint } = await ask(port, `apple ${'banana '.repeat(10_000)}`);
    assert.equal(total, 20);
    assert.notEqual(hint, '');
  }));

test('what is not balanced, or stands alone, or is no date, is searched as words', () =>
  withShelf(shelf, async ({ port }) => {
    // Two spaces between two of them.
    const odd = [
      '"  ""  "apple  apple"  “apple  ”  「  『』  （  ）  (  )  ()  ((  ())(  ("a)"  "(a"',
      'OR  AND  NOT  or  |  ||  -  --  -""  -()  - -  a OR  OR a  *  **  NOT NOT  NOT OR AND  (OR)',
      '-(  "-"  (NOT)  a | | b  : :  #  ##  # #  :  tag:  site:  title:  url:  note:  text:  lang:',
      'is:  before:  after:  on:  tag:""  tag:()  tag:*  site:*  title:tag:x  标签：  is:*  lang:""',
      'tag:-x  tag:(  on:2026-13  on:2026-02-30  on:0000  on:99999999999999999999  on:-1  on:2026-1-',
      'before:yesterday  after:7x  after:99999999999d  on:٢٠٢٦  before:1e9  on:2026年13月  after:0d',
      'is:nonsense  is:ＰＤＦ  foo:bar  javascript:alert(1)  on:12h  a*  *a  a*b  字*  *字  a**  "a*"',
      '-a*  é*  1*  _*  %  _  a_b%c  -tag:读书  NOT is:trashed  (a OR -b) -(c d)  --a  ---a',
    ].flatMap((line) => line.split('  '));
    for (const query of odd) {
      await ask(port, query);
      await ask(port, `apple ${query}`);
      await ask(port, `${query} 存储`);
    }
    const hinted = ['on:2026-13', 'on:2026-02-30', 'before:yesterday', 'is:nonsense'];
    for (const query of hinted) {
      assert.notEqual((await ask(port, query)).hint, '', query);
    }
    assert.equal((await ask(port, '(apple')).total, 20);
    assert.equal((await ask(port, '"apple')).total, 20);
    assert.equal((await ask(port, 'a*')).total, 20);
  }));

test('SQL and the full-text language are words and nothing else', () =>
  withShelf(shelf, async ({ port }) => {
    const sql = [
      "'; DROP TABLE pages; --",
      "' OR '1'='1",
      '" OR 1=1 --',
      "tag:' UNION SELECT 1,2,3 --",
      "site:'||(SELECT 1)||'",
      "on:2026' OR 1",
      'search MATCH apple',
      'rowid:1',
      '{title text} : apple',
      '-{title}: apple',
      'title : ^apple',
      '^apple',
      'NEAR(apple banana, 2)',
      'apple NEAR banana',
      'apple + banana',
      '"apple" + "banana"',
      'apple AND (banana NOT cherry',
      'rank:x bm25(search)',
      '?1 :name @name $name',
      'load_extension(x)',
      '\\" \\\\ \\',
      '[apple] `apple`',
      '%s%n%x %d',
    ];
    for (const query of sql) {
      await ask(port, query);
      await port.request('pages.titles', { part: query });
      await port.request('tags.list', { part: query });
      // What is not understood in full is refused.
      await port
        .request('pages.edit', { query: `zzz ${query}`, add: [] })
        .catch((/** @type {any} */ error) => assert.equal(error.fault, 'params'));
      await port.request('tags.suggest', { url: 'http://127.0.0.1:9/x', title: query });
    }
    assert.equal((await ask(port, 'NEAR(apple banana, 2)')).total, 0);
    assert.equal((await ask(port, 'rowid:1')).total, 0);
    assert.equal((await ask(port, '')).total, 20);
    assert.equal((await ask(port, 'tag:读书')).total, 20);
  }));

test('control characters are passed over, in queries and wherever else words are typed', () =>
  withShelf(shelf, async ({ port }) => {
    const signs = [
      '\u0001',
      '\u001b[31m',
      '\u007f',
      '\u0085',
      '\u200b',
      '\u202e',
      '\ufeff',
      '\uffff',
    ];
    for (const sign of signs) {
      await ask(port, sign);
      await ask(port, `${sign}apple${sign}`);
      await ask(port, `"${sign}"`);
      await ask(port, `tag:${sign}`);
      await port.request('pages.titles', { part: sign });
      await port.request('tags.list', { part: sign });
    }
    assert.equal((await ask(port, 'apple\r\n\tbanana')).total, 20);
    assert.equal((await ask(port, 'apple\u0001banana')).total, 20);
  }));

test('what is no text is answered as such, and the port lives on', () =>
  withShelf(shelf.slice(0, 1), async ({ port }) => {
    const raw = async (/** @type {string} */ query) => {
      port.raw(
        frame(`{"jsonrpc":"2.0","id":"q","method":"pages.search","params":{"query":"${query}"}}`),
      );
      return port.next();
    };
    // NUL and half a surrogate pair are no text in any encoding: the extension replaces them.
    for (const escape of [
      '\\u0000',
      'a\\u0000b',
      '\\ud800',
      'a\\udc00b',
      '\\udc00\\ud800',
      '\\ud800\\ud800',
    ]) {
      const { id, error } = await raw(escape);
      assert.deepEqual([id, error.data.name], [null, 'parse'], escape);
    }
    const pair = await raw('\\ud83c\\udf89');
    assert.deepEqual([pair.id, pair.result.total], ['q', 0]);
    assert.deepEqual(numbers(await port.request('pages.search', { query: 'apple' })), [1]);
  }));
