// Tags, undo, similar and orders on the command line, beside a host at work on the same store.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';

import { withShelf } from './shelf.mjs';
import { linksnap } from './stand.mjs';

const words = 'The planner reads btree pages through a covering index.';
const shelf = [
  { url: 'http://127.0.0.2:9/1', title: '光明图书馆', text: words, tags: ['work/books', '待读'] },
  { url: 'http://127.0.0.1:9/2', title: 'beta', text: `${words} SQLite`, tags: ['Work'] },
  { url: 'http://127.0.0.3:9/3', title: 'Alpha', text: 'sqlite 检索', tags: ['待读'] },
  { url: 'http://127.0.0.3:9/4', title: 'delta', text: 'garden', tags: [] },
  { url: 'http://127.0.0.3:9/5', title: 'Gamma', text: 'compost', tags: [] },
  { url: 'http://127.0.0.3:9/6', title: 'Omega', text: 'mountain', tags: [] },
];

/** @param {{ json: any[] }} run */
const pages = ({ json }) => json.map(({ page }) => page);

test('tags lists by name, or what a part or its pinyin finds', () =>
  withShelf(shelf, async ({ folder }) => {
    const all = await linksnap(folder, ['tags']);
    assert.equal(all.status, 0, all.err);
    assert.equal(all.text, '     1  Work\n     1  work/books\n     2  待读\n');
    assert.equal((await linksnap(folder, ['tags', 'dd'])).text, '     2  待读\n');
    assert.equal((await linksnap(folder, ['tags', 'book'])).text, '     1  work/books\n');
    assert.equal((await linksnap(folder, ['tags', 'none'])).text, '');
    assert.deepEqual((await linksnap(folder, ['--json', 'tags', 'work'])).json, [
      { name: 'Work', pages: 1, below: 2, colour: '' },
      { name: 'work/books', pages: 1, below: 1, colour: '' },
    ]);
    assert.equal((await linksnap(folder, ['edit', '--untag', 'Work', '2'])).status, 0);
    assert.ok(!(await linksnap(folder, ['tags'])).text.includes('Work'));
    const unused = await linksnap(folder, ['tags', '--unused', 'work']);
    assert.equal(unused.text, '     1  work/books\n     0  Work\n');
    for (const args of [['a', 'b'], ['--nonsense'], ['--unused=x']]) {
      const { status, err } = await linksnap(folder, ['tags', ...args]);
      assert.equal(status, 2);
      assert.match(err, /^(linksnap|tags): /);
    }
  }));

test('tag changes tags on all pages, undo puts it back', () =>
  withShelf(shelf, async ({ folder }) => {
    const tag = (/** @type {string[]} */ ...args) => linksnap(folder, ['--json', 'tag', ...args]);
    const list = async () => (await linksnap(folder, ['tags'])).text.replace(/^ +/gm, '');
    const before = await list();
    const renamed = await linksnap(folder, ['tag', 'rename', 'work', '工作']);
    assert.equal(renamed.status, 0, renamed.err);
    const [, step] = /^renamed: 1\nlinksnap undo (\d+) puts it back\n$/.exec(renamed.text) ?? [];
    assert.equal(await list(), '1  工作\n1  工作/books\n2  待读\n');
    const undone = await linksnap(folder, ['undo', step]);
    assert.match(undone.text, /^put back: \d+\nlinksnap undo \d+ puts it back\n$/);
    assert.equal(await list(), before);
    const again = await linksnap(folder, ['undo', step]);
    assert.deepEqual([again.status, again.text], [1, '']);
    assert.match(again.err, /^linksnap: There is nothing to be undone\n$/);

    const merged = await tag('rename', '待读', 'WORK');
    assert.equal(merged.json[0].merged, 1);
    assert.equal((await linksnap(folder, ['undo', String(merged.json[0].step)])).status, 0);
    assert.equal((await tag('colour', 'work', '#0F6E68')).status, 0);
    assert.equal((await linksnap(folder, ['--json', 'tags', 'work'])).json[0].colour, '#0f6e68');
    assert.equal((await tag('colour', 'work', 'teal')).status, 1);
    assert.equal((await tag('colour', 'none', '')).status, 1);
    const gone = await tag('delete', '待读', 'none');
    assert.equal(gone.json[0].deleted, 1);
    await linksnap(folder, ['edit', '--untag', 'Work', '2']);
    assert.equal((await tag('delete-unused')).json[0].deleted, 1);
    assert.deepEqual((await tag('delete-unused')).json, [{ deleted: 0, step: 0 }]);
    assert.equal(await list(), '1  work/books\n');
    const missing = await linksnap(folder, ['tag', 'rename', 'none', 'x']);
    assert.equal(missing.status, 1);
    assert.match(missing.err, /^linksnap: There is no such tag\n/);
  }));

test('what was changed since is said', () =>
  withShelf(shelf, async ({ folder, port }) => {
    const { json } = await linksnap(folder, ['--json', 'tag', 'delete', '待读']);
    await port.request('pages.update', { page: 1, tags: ['待读'] });
    const undone = await linksnap(folder, ['undo', String(json[0].step)]);
    assert.equal(undone.status, 0, undone.err);
    assert.match(undone.text, /put back: \d+\n/);
    assert.deepEqual(
      pages(await linksnap(folder, ['--json', 'search', 'tag:待读'])).sort(),
      [1, 3],
    );
  }));

test('what tag and undo do not understand is said, and nothing is changed', () =>
  withShelf(shelf, async ({ folder }) => {
    const wrong = [
      ['tag'],
      ['tag', 'rename'],
      ['tag', 'rename', 'work'],
      ['tag', 'rename', 'work', 'a', 'b'],
      ['tag', 'delete'],
      ['tag', 'delete-unused', 'x'],
      ['tag', 'colour', 'work'],
      ['tag', 'nonsense', 'work'],
      ['undo'],
      ['undo', 'x'],
      ['undo', '0'],
      ['undo', '1', '2'],
      ['similar'],
      ['similar', 'x'],
      ['similar', '1', '2'],
      ['search', '--sort', 'random', 'x'],
      ['search', '--sort', 'newest'],
      ['search', 'x', '--sort', 'newest'],
      ['search', '--limit', '0', 'x'],
    ];
    for (const args of wrong) {
      const { status, text, err } = await linksnap(folder, args);
      assert.deepEqual([status, text], [2, ''], args.join(' '));
      assert.match(err, /^linksnap: .+\n/, args.join(' '));
    }
    assert.equal((await linksnap(folder, ['undo', '99'])).status, 1);
    assert.equal((await linksnap(folder, ['--json', 'tags'])).json.length, 3);
  }));

test('similar prints the nearest, search what was asked for in its order', () =>
  withShelf(shelf, async ({ folder }) => {
    const like = await linksnap(folder, ['similar', '1']);
    assert.equal(like.status, 0, like.err);
    assert.match(
      like.text,
      /^2 {2}\d{4}-\d\d-\d\d {2}beta #Work\n {4}http:\/\/127\.0\.0\.1:9\/2\n$/,
    );
    assert.deepEqual(pages(await linksnap(folder, ['--json', 'similar', '1'])), [2]);
    const none = await linksnap(folder, ['similar', '6']);
    assert.deepEqual([none.status, none.text], [0, '']);
    assert.equal((await linksnap(folder, ['similar', '99'])).status, 1);

    const by = async (/** @type {string} */ sort) =>
      pages(await linksnap(folder, ['--json', 'search', '--sort', sort, 'is:complete']));
    assert.deepEqual(await by('newest'), [6, 5, 4, 3, 2, 1]);
    assert.deepEqual(await by('oldest'), [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(await by('title'), [3, 2, 4, 5, 6, 1]);
    assert.deepEqual(await by('site'), [2, 1, 6, 5, 4, 3]);
    assert.deepEqual(await by('rank'), await by('newest'));
    const best = await linksnap(folder, ['--json', 'search', 'SQLite']);
    assert.deepEqual(pages(best).sort(), [2, 3]);
    assert.ok(best.json.every(({ snippet }) => /^sqlite$/i.test(snippet[1])));
    const hinted = await linksnap(folder, ['search', 'on:2026-13', 'garden']);
    assert.equal(hinted.status, 0);
    assert.match(hinted.err, /not understood: .*2026-13/);
    const long = await linksnap(folder, ['search', 'x'.repeat(4096)]);
    assert.equal(long.status, 0, long.err);
    assert.equal((await linksnap(folder, ['search', 'x'.repeat(4097)])).status, 2);
  }));

test('a store that is not there is not made by looking', () =>
  withShelf([], async ({ folder }) => {
    for (const args of [['tags'], ['tag', 'delete', 'x'], ['undo', '1'], ['similar', '1']]) {
      const { status, err } = await linksnap(folder, ['--db', `${folder}/none.db`, ...args]);
      assert.equal(status, 1);
      assert.equal(err, 'linksnap: There is no store yet\n');
      assert.ok(!existsSync(`${folder}/none.db`));
    }
  }));
