import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Search } from '../../extension/lib/search.js';
import { settle, withTimers } from './fakehost.mjs';

/** A search whose answers a test gives by hand. */
function searching() {
  /** @type {{ params: any, signal: AbortSignal, answer: (found: any) => void, refuse: (error: unknown) => void }[]} */
  const asked = [];
  /** @type {[string[], boolean][]} */
  const shown = [];
  /** @type {unknown[]} */
  const failed = [];
  const search = new Search(
    (_method, params, { signal }) =>
      new Promise((answer, refuse) => {
        asked.push({ params, signal, answer, refuse });
      }),
    (found, more) => shown.push([found.pages.map(({ title }) => title), more]),
    (error) => failed.push(error),
  );
  return { search, asked, shown, failed };
}

/**
 * @param {string[]} titles
 * @param {string} [cursor]
 */
const found = (titles, cursor = '') => ({
  total: titles.length,
  cursor,
  hint: '',
  pages: titles.map((title) => ({ title })),
});

test('typing asks once, after a pause', () =>
  withTimers(async (elapse) => {
    const { search, asked } = searching();
    search.type('快');
    elapse(50);
    search.type('快照');
    elapse(50);
    assert.equal(asked.length, 0);
    elapse(20);
    assert.equal(asked.length, 1);
    assert.equal(asked[0].params.query, '快照');
    assert.equal(asked[0].params.sort, 'rank');
  }));

test('spaces around the query ask nothing new', () =>
  withTimers(async (elapse) => {
    const { search, asked } = searching();
    search.type('a');
    elapse(70);
    search.type('a ');
    elapse(70);
    assert.equal(asked.length, 1);
  }));

test('an empty query lists the newest', async () => {
  const { search, asked } = searching();
  search.run();
  assert.deepEqual(asked[0].params, { query: '', sort: 'newest', limit: 30, cursor: '' });
});

test('a newer question cancels the older, whose answer is dropped', () =>
  withTimers(async (elapse) => {
    const { search, asked, shown } = searching();
    search.type('a');
    elapse(70);
    search.type('ab');
    elapse(70);
    assert.ok(asked[0].signal.aborted);
    assert.ok(!asked[1].signal.aborted);
    asked[1].answer(found(['new']));
    await settle();
    asked[0].answer(found(['old']));
    await settle();
    assert.deepEqual(shown, [[['new'], false]]);
  }));

test('the refusal of a cancelled question is dropped, that of the last is told', async () => {
  const { search, asked, failed } = searching();
  search.run();
  search.run();
  asked[0].refuse('cancelled');
  asked[1].refuse('store');
  await settle();
  assert.deepEqual(failed, ['store']);
});

test('more follows the cursor until there is none', async () => {
  const { search, asked, shown } = searching();
  search.run();
  search.more();
  assert.equal(asked.length, 1);
  asked[0].answer(found(['a'], 'next'));
  await settle();
  search.more();
  search.more();
  assert.equal(asked.length, 2);
  assert.equal(asked[1].params.cursor, 'next');
  asked[1].answer(found(['b']));
  await settle();
  search.more();
  assert.equal(asked.length, 2);
  assert.deepEqual(shown, [
    [['a'], false],
    [['b'], true],
  ]);
});

test('a new question while more is on its way wins', async () => {
  const { search, asked, shown } = searching();
  search.run();
  asked[0].answer(found(['a'], 'next'));
  await settle();
  search.more();
  search.sortBy('newest');
  asked[1].answer(found(['late']));
  asked[2].answer(found(['fresh']));
  await settle();
  assert.deepEqual(shown, [
    [['a'], false],
    [['fresh'], false],
  ]);
});
