import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Selection } from '../../extension/library/selection.js';
import { termsOf, wordOf } from '../../extension/lib/terms.js';
import { viewerPath } from '../../extension/lib/viewerlink.js';
import { treeOf } from '../../extension/library/tree.js';
import { matchesIn } from '../../extension/viewer/matches.js';

/** @param {string} query */
const words = (query) => termsOf(query).map(({ prefix, text }) => (prefix ? `${text}*` : text));

/** @param {string} text @param {string} query */
const hits = (text, query) =>
  matchesIn(text, termsOf(query)).map(({ from, to }) => text.slice(from, to));

test('words and phrases of a query are looked for, the last word while it is typed', () => {
  assert.deepEqual(words('快照 sqlite'), ['快照', 'sqlite*']);
  assert.deepEqual(words('快照 sqlite '), ['快照', 'sqlite']);
  assert.deepEqual(words('"full text" 「光明」'), ['full text', '光明']);
  assert.deepEqual(words('snap* x "y"'), ['snap*', 'x', 'y']);
  assert.deepEqual(words('a a A '), ['a']);
});

test('what says where and when, and what is excluded, is not', () => {
  assert.deepEqual(words('tag:读书 #web site:a.com on:2026 is:pdf lang:zh note:x url:y'), []);
  assert.deepEqual(words('标签：读书 网站：a.com －广告 -"no no"'), []);
  assert.deepEqual(words('（火狐 OR firefox） yes '), ['火狐', 'firefox', 'yes']);
  assert.deepEqual(words('title:foo text:"a b" 正文：书 '), ['foo', 'a b', '书']);
});

test('what is no field is a word', () => {
  assert.deepEqual(words('foo:bar '), ['foo bar']);
  assert.deepEqual(words('https://example.com/a '), ['https example com a']);
});

test('no query takes long or fails', () => {
  const hostile = ['"', '(((', '-', ':', 'tag:', '*', '\0', '\ud800', `"${'a '.repeat(50_000)}`];
  for (const query of [...hostile, 'a-'.repeat(50_000), ':'.repeat(100_000), '("'.repeat(20_000)]) {
    const began = performance.now();
    termsOf(query);
    matchesIn(query, termsOf('a x')); // whatever it is, it is also a text
    assert.ok(performance.now() - began < 3000, query.slice(0, 20));
  }
});

test('case, width, diacritics and compatibility forms meet', () => {
  assert.deepEqual(hits('SQLite ＳＱＬｉｔｅ', 'sqlite'), ['SQLite', 'ＳＱＬｉｔｅ']);
  assert.deepEqual(hits('Les Clés, clés', 'cles'), ['Clés', 'clés']);
  assert.deepEqual(hits('データ ﾃﾞｰﾀ', 'ﾃﾞｰﾀ'), ['データ', 'ﾃﾞｰﾀ']);
  assert.deepEqual(hits('か が', 'か'), ['か']);
  assert.deepEqual(hits('straße ﬁne', '"fine"'), ['ﬁne']);
  assert.deepEqual(hits('ﬁne', 'f'), []);
  assert.deepEqual(hits('𠮷野家', '𠮷'), ['𠮷']);
});

test('a word is whole or begins so; Chinese has no such borders', () => {
  assert.deepEqual(hits('cat concat cats', 'cat '.trim()), ['cat', 'cat']);
  assert.deepEqual(hits('cat concat cats', '"cat"'), ['cat']);
  assert.deepEqual(hits('SQLite存储 x', 'sqlite 存储'), ['SQLite', '存储']);
  assert.deepEqual(hits('全文检索', '文检'), ['文检']);
});

test('a phrase stays together whatever stands between its words', () => {
  assert.deepEqual(hits('full  text, full-text, text full', '"full text"'), [
    'full  text',
    'full-text',
  ]);
});

test('hits that overlap are one', () => {
  assert.deepEqual(hits('光明区图书馆', '光明区 区图书'), ['光明区图书']);
});

test('a long text is searched quickly', () => {
  const text = '光明区图书馆 the quick brown fox 存储 SQLite '.repeat(50_000);
  const began = performance.now();
  assert.equal(matchesIn(text, termsOf('存储 fox')).length, 100_000);
  assert.ok(performance.now() - began < 10_000);
});

test('titles are proposed for a last word of two letters, and for nothing else', () => {
  assert.equal(wordOf('gm'), 'gm');
  assert.equal(wordOf('快照 光明'), '光明');
  for (const query of ['', 'g', 'gm ', 'tag:gm', '-gm', '"gm', 'https://example.com', '#gm']) {
    assert.equal(wordOf(query), '', query);
  }
});

test('the viewer is told what was searched for, where there are words in it', () => {
  assert.equal(viewerPath(7), 'viewer/viewer.html?snapshot=7');
  assert.equal(viewerPath(7, 'tag:a is:pdf'), 'viewer/viewer.html?snapshot=7');
  const { searchParams } = new URL(viewerPath(7, ' "a & b" 快照 '), 'x://y/');
  assert.equal(searchParams.get('find'), '"a & b" 快照');
});

test('tags with slashes are a tree', () => {
  const names = ['work/reading', 'web', 'work', 'a/b/c', '/', 'x/', '/y'];
  const tree = treeOf(names.map((name, i) => ({ name, pages: i + 1 })));
  /**
   * @param {import('../../extension/library/tree.js').Node[]} nodes
   * @returns {unknown[]}
   */
  const told = (nodes) =>
    nodes.map(({ children, name, pages }) => [name, pages, ...told(children)]).flat();
  assert.deepEqual(told(tree), [
    ...['work', 3, 'reading', 1],
    ...['web', 2, 'a', null, 'b', null, 'c', 4],
    ...['/', 5, 'x/', 6, '/y', 7],
  ]);
});

test('pages are selected by their numbers, one by one and many at once', () => {
  const selection = new Selection();
  let told = 0;
  selection.watch(() => told++);
  selection.toggle(4, 3);
  assert.equal(selection.anchor, 3);
  selection.add([2, 3, 4]);
  assert.deepEqual(selection.numbers.sort(), [2, 3, 4]);
  selection.toggle(3, 2);
  assert.deepEqual(selection.numbers.sort(), [2, 4]);
  selection.keep([4, 5]);
  selection.keep([4]);
  assert.deepEqual([selection.numbers, selection.count(9)], [[4], 1]);
  selection.clear();
  selection.clear();
  assert.ok(selection.isEmpty);
  assert.deepEqual([told, selection.anchor], [5, null]);
});

test('all that is found is no list of numbers, and some may be left out', () => {
  const selection = new Selection();
  selection.takeAll();
  assert.ok(selection.has(99) && !selection.isEmpty && selection.isAll);
  selection.toggle(2, 1);
  assert.ok(!selection.has(2) && selection.has(99));
  assert.deepEqual([selection.isAll, selection.numbers, selection.count(100)], [true, [2], 99]);
  selection.add([1, 2]);
  assert.deepEqual([selection.numbers, selection.count(100)], [[], 100]);
});
