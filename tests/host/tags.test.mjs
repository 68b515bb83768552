// Tags as things of their own, many pages at once, undo: the real host over its port.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { numbers, tags, withShelf } from './shelf.mjs';

/** @typedef {import('./port.mjs').Port} Port */

/** The tags of each page. @param {Port} port @param {number[]} pages */
const tagsOf = (port, ...pages) =>
  Promise.all(pages.map(async (page) => (await port.request('pages.get', { page })).tags));

/** @param {Port} port @param {string} query */
const found = async (port, query) =>
  numbers(await port.request('pages.search', { query, sort: 'oldest' }));

const nested = [
  { title: 'One', tags: ['work/reading/books', '待读'] },
  { title: 'Two', tags: ['work/reading'] },
  { title: 'Three', tags: ['Work', '待读'] },
  { title: 'Four', tags: ['workshop'] },
];

test('a tag finds what is below it, and counts it', () =>
  withShelf(nested, async ({ port }) => {
    assert.deepEqual(await found(port, 'tag:work'), [1, 2, 3]);
    assert.deepEqual(await found(port, '#work/reading'), [1, 2]);
    assert.deepEqual(await found(port, 'tag:work -tag:work/reading'), [3]);
    assert.deepEqual(await tags(port), [
      'Work 1/3',
      'work/reading 1/2',
      'work/reading/books 1/1',
      'workshop 1/1',
      '待读 2/2',
    ]);
    await port.request('pages.trash', { page: 1 });
    assert.deepEqual(await tags(port, { part: 'READING' }), ['work/reading 1/1']);
  }));

test('what is below a tag moves with it, and meets what is there already', () =>
  withShelf([...nested, { title: 'Five', tags: ['读/reading', 'work'] }], async ({ port }) => {
    await port.request('tags.colour', { tag: 'work', colour: '#0F6E68' });
    const moved = await port.request('tags.rename', { tag: 'work', name: '读' });
    assert.deepEqual(moved.merged, true);
    assert.deepEqual(await tags(port, { part: '读' }), [
      '读 2/4 #0f6e68',
      '读/reading 2/3',
      '读/reading/books 1/1',
      '待读 2/2',
    ]);
    assert.deepEqual(await tagsOf(port, 1, 4, 5), [
      ['待读', '读/reading/books'],
      ['workshop'],
      ['读', '读/reading'],
    ]);
    const { kept } = await port.request('undo', { step: moved.step });
    assert.equal(kept, 0);
    assert.deepEqual(await tagsOf(port, 1, 2, 3, 5), [
      ['work/reading/books', '待读'],
      ['work/reading'],
      ['Work', '待读'],
      ['Work', '读/reading'],
    ]);
    assert.deepEqual(await tags(port, { part: 'work', limit: 1 }), ['Work 2/4 #0f6e68']);
  }));

test('another spelling of the same tag is no other tag', () =>
  withShelf(nested, async ({ port }) => {
    const { merged } = await port.request('tags.rename', { tag: 'work', name: '  WORK ' });
    assert.equal(merged, false);
    assert.deepEqual(await tagsOf(port, 3), [['WORK', '待读']]);
    // Into itself, one deeper.
    await port.request('tags.rename', { tag: 'work', name: 'work/old' });
    assert.deepEqual(await found(port, 'tag:work/old'), [1, 2, 3]);
    assert.deepEqual(await found(port, 'tag:work/old/reading/books'), [1]);
    const long = 'x'.repeat(100);
    await port.request('tags.rename', { tag: 'workshop', name: long });
    assert.deepEqual(await tagsOf(port, 4), [[long]]);
    for (const [tag, name, fault] of [
      [long, `${long}x`, 'limit'],
      ['work/old', long.slice(1), 'limit'],
      [long, '', 'params'],
      [long, ' \t ', 'params'],
      [long, 'a\u0007b', 'params'],
      ['没有', 'x', 'not_found'],
      ['', 'x', 'not_found'],
    ]) {
      await assert.rejects(port.request('tags.rename', { tag, name }), { fault });
    }
    assert.deepEqual(await tagsOf(port, 4, 1), [[long], ['work/old/reading/books', '待读']]);
  }));

test('tags are deleted with what undoes it, unused ones all at once', () =>
  withShelf(nested, async ({ port }) => {
    const gone = await port.request('tags.delete', { tags: ['WORK', '待读', '没有'] });
    assert.equal(gone.deleted, 2);
    assert.deepEqual(await tagsOf(port, 1, 2, 3), [['work/reading/books'], ['work/reading'], []]);
    assert.deepEqual(await found(port, 'is:untagged'), [3]);
    const back = await port.request('undo', { step: gone.step });
    assert.deepEqual(await tagsOf(port, 1, 3), [
      ['work/reading/books', '待读'],
      ['Work', '待读'],
    ]);
    const again = await port.request('undo', { step: back.step });
    assert.equal(again.kept, 0);
    assert.deepEqual(await found(port, 'is:untagged'), [3]);

    await port.request('pages.update', { page: 4, tags: ['other'] });
    await port.request('pages.trash', { page: 2 });
    assert.deepEqual(await tags(port, { part: 'work' }), ['work/reading/books 1/1']);
    // One of a page in the trash is not unused.
    const unused = await port.request('tags.delete', { unused: true });
    assert.equal(unused.deleted, 1);
    await port.request('pages.restore', { page: 2 });
    assert.deepEqual(await tagsOf(port, 2), [['work/reading']]);
    assert.deepEqual(await port.request('tags.delete', { unused: true }), { deleted: 0, step: 0 });
    assert.deepEqual(await port.request('tags.delete', { tags: [] }), { deleted: 0, step: 0 });
    for (const params of [{}, { unused: false }, { tags: [], unused: true }]) {
      await assert.rejects(port.request('tags.delete', params), { fault: 'params' });
    }
    const many = { tags: Array.from({ length: 2001 }, (_, i) => `t${i}`) };
    await assert.rejects(port.request('tags.delete', many), { fault: 'limit' });
    many.tags.pop();
    assert.deepEqual(await port.request('tags.delete', many), { deleted: 0, step: 0 });
  }));

test('a colour is six digits or none', () =>
  withShelf(nested, async ({ port }) => {
    const colour = (/** @type {unknown} */ value, tag = '待读') =>
      port.request('tags.colour', { tag, colour: value });
    for (const value of ['#ABCDEF', '#012345']) {
      assert.deepEqual(await colour(value), {});
      assert.deepEqual(await tags(port, { part: '待读' }), [`待读 2/2 ${value.toLowerCase()}`]);
    }
    const bad = [
      'red',
      '#abc',
      '#12345g',
      '#1234567',
      ' #12345',
      '#１２３',
      'url(x)',
      '123456#',
      7,
    ];
    for (const value of bad) {
      await assert.rejects(colour(value), ({ fault }) => fault === 'params' || fault === 'limit');
    }
    await assert.rejects(colour('#000000', '没有'), { fault: 'not_found' });
    assert.deepEqual(await tags(port, { part: '待读' }), ['待读 2/2 #012345']);
    await colour('');
    assert.deepEqual(await tags(port, { part: '待读' }), ['待读 2/2']);
  }));

test('many pages are changed by their numbers, undone and done again', () =>
  withShelf(nested, async ({ port }) => {
    const before = await tagsOf(port, 1, 2, 3, 4);
    const edit = { pages: [4, 1, 1, 3, 99], add: ['新', 'Ｎｅｗ'], remove: ['待读', '没有'] };
    const { changed, step } = await port.request('pages.edit', edit);
    assert.equal(changed, 3);
    const after = await tagsOf(port, 1, 2, 3, 4);
    assert.deepEqual(after[0].sort(), ['work/reading/books', '新', 'Ｎｅｗ'].sort());
    assert.deepEqual(after[1], ['work/reading']);
    assert.deepEqual(await found(port, 'tag:new'), [1, 3, 4]);
    const undone = await port.request('undo', { step });
    assert.deepEqual(await tagsOf(port, 1, 2, 3, 4), before);
    assert.deepEqual(await found(port, 'tag:new'), []);
    await port.request('undo', { step: undone.step });
    assert.deepEqual(await found(port, 'tag:new'), [1, 3, 4]);
    assert.deepEqual(await found(port, 'tag:待读'), []);
    await assert.rejects(port.request('undo', { step: undone.step }), { fault: 'not_found' });
    const nothing = await port.request('pages.edit', { pages: [1], add: ['新'], remove: ['x'] });
    assert.deepEqual(nothing, { changed: 0, step: 0 });
  }));

test('many pages are changed by a query, into the trash and back', () =>
  withShelf(nested, async ({ port }) => {
    const away = await port.request('pages.edit', { query: 'tag:work', trash: true });
    assert.equal(away.changed, 3);
    assert.deepEqual(await found(port, ''), [4]);
    assert.deepEqual(await found(port, 'is:trashed'), [1, 2, 3]);
    await port.request('pages.restore', { page: 2 });
    const { changed, kept } = await port.request('undo', { step: away.step });
    assert.deepEqual([changed, kept], [2, 1]);
    assert.deepEqual(await found(port, ''), [1, 2, 3, 4]);
    const none = await port.request('pages.edit', { query: '没有这个词', add: ['x'] });
    assert.deepEqual(none, { changed: 0, step: 0 });
    const all = await port.request('pages.edit', { query: '', add: ['all'] });
    assert.equal(all.changed, 4);
    for (const params of [{}, { add: ['x'] }, { pages: [1], query: 'x' }, { pages: [0] }]) {
      await assert.rejects(port.request('pages.edit', params), { fault: 'params' });
    }
  }));

test('what was changed since stays as it is', () =>
  withShelf(nested, async ({ port }) => {
    const { step } = await port.request('pages.edit', { pages: [1, 2, 3], add: ['新'] });
    await port.request('pages.update', { page: 2, tags: ['mine'] });
    const undone = await port.request('undo', { step });
    assert.deepEqual([undone.changed > 0, undone.kept], [true, 1]);
    assert.deepEqual(await tagsOf(port, 1, 2, 3), [
      ['work/reading/books', '待读'],
      ['mine'],
      ['Work', '待读'],
    ]);
    const renamed = await port.request('tags.rename', { tag: 'mine', name: 'yours' });
    await port.request('tags.rename', { tag: 'yours', name: 'theirs' });
    const kept = await port.request('undo', { step: renamed.step });
    assert.deepEqual([kept.changed, kept.kept, kept.step], [0, 1, 0]);
    assert.deepEqual(await tagsOf(port, 2), [['theirs']]);
  }));

test('too many tags change nothing on any page', () => {
  const full = Array.from({ length: 99 }, (_, i) => `t${i}`);
  return withShelf([{ tags: [] }, { tags: full }], async ({ port }) => {
    const edit = (/** @type {string[]} */ ...add) =>
      port.request('pages.edit', { pages: [1, 2], add });
    await assert.rejects(edit('a', 'b'), { fault: 'limit' });
    assert.deepEqual(await found(port, 'tag:a'), []);
    assert.equal((await edit('a', 't5')).changed, 2);
    assert.equal((await tagsOf(port, 2))[0].length, 100);
    const names = Array.from({ length: 101 }, (_, i) => `u${i}`);
    await assert.rejects(edit(...names), { fault: 'limit' });
    const bad = ['', '\u0001', 'x'.repeat(101)];
    for (const name of bad) {
      await assert.rejects(edit(name), ({ fault }) => fault === 'params' || fault === 'limit');
    }
    assert.equal((await tags(port)).length, 100);
  });
});

test('the latest fifty steps can be undone', () =>
  withShelf([{ tags: [] }], async ({ port }) => {
    const steps = [];
    for (let i = 0; i < 51; i++) {
      steps.push((await port.request('pages.edit', { pages: [1], add: [`t${i}`] })).step);
    }
    await assert.rejects(port.request('undo', { step: steps[0] }), { fault: 'not_found' });
    assert.equal((await port.request('undo', { step: steps[50] })).changed > 0, true);
    assert.equal((await tagsOf(port, 1))[0].length, 50);
  }));
