// What a person marks and throws away, through a port and on the command line.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

import { environment, programs } from './port.mjs';
import { png } from './server.mjs';
import { article, linksnap as run, withStand } from './stand.mjs';

/** @param {string} folder @param {...string} args */
async function linksnap(folder, ...args) {
  const { status, text, err, json } = await run(folder, args);
  return { status, out: text, err, json };
}

/** Nothing is wrong with the store, by the audit that shares no line with it. @param {string} folder */
async function assertWhole(folder) {
  const store = join(environment(folder).XDG_DATA_HOME, 'linksnap/linksnap.db');
  const said = await new Promise((resolve) => {
    execFile(join(programs, 'store_audit'), ['check', store], (error, out) =>
      resolve({ status: error?.code ?? 0, out }),
    );
  });
  assert.match(said.out, /^blobs \d+\norphans 0\n$/);
  assert.equal(said.status, 0);
  const looked = await linksnap(folder, 'fsck', '--json');
  assert.equal(looked.status, 0, looked.out);
}

/**
 * Two versions of one page, and another page.
 * @param {import('./stand.mjs').Stand} stand
 * @param {import('./stand.mjs').Routes} site
 */
async function saveThree({ port, origin }, site) {
  const save = (/** @type {string} */ path) =>
    port.request('links.save', { url: origin + path, private: true });
  await save('/a');
  site['/a'] = { body: article('Second', 'beta words') };
  await save('/a');
  await save('/b');
}

/** @param {(stand: import('./stand.mjs').Stand) => Promise<void>} act */
async function withThree(act) {
  const site = {
    '/a': { body: article('First', 'alpha words') },
    '/b': { body: article('Other *page*', 'gamma words') },
  };
  await withStand(site, async (stand) => {
    await saveThree(stand, site);
    await act(stand);
  });
}

test('highlights are listed, exported and found on the command line', () =>
  withThree(async (stand) => {
    const { folder, port } = stand;
    const add = (/** @type {object} */ highlight) => port.request('highlights.add', highlight);
    await add({ snapshot: 2, quote: 'beta words', place: 20, note: '想一想' });
    await add({ snapshot: 3, quote: '1. gamma\nwords', place: 0, colour: 'pink' });
    await add({ snapshot: 1, quote: 'alpha *words*', place: 3 });

    const all = await linksnap(folder, 'highlights', '--json');
    assert.equal(all.status, 0, all.err);
    assert.deepEqual(all.json, (await port.request('highlights.list')).highlights);
    assert.deepEqual(
      all.json.map(({ highlight }) => highlight),
      [3, 2, 1],
    );
    const page = await linksnap(folder, 'highlights', '--json', '--page', '1');
    assert.deepEqual(
      page.json.map(({ highlight }) => highlight),
      [3, 1],
    );
    assert.match(
      (await linksnap(folder, 'highlights', '--snapshot', '2')).out,
      /^1 {2}\d{4}-\d\d-\d\d {2}yellow {2}Second \(page 1, version 2\)\n {4}\| beta words\n {4}想一想\n$/,
    );
    const markdown = await linksnap(folder, 'highlights', '--markdown');
    assert.equal(
      markdown.out,
      `## Second\n\n<${stand.origin}/a>\n\n> alpha \\*words\\*\n\n> beta words\n\n想一想\n\n` +
        `## Other \\*page\\*\n\n<${stand.origin}/b>\n\n> 1\\. gamma  \n> words\n\n`,
    );
    for (const query of ['is:highlighted beta', '想一想', 'note:words -pink']) {
      const found = await linksnap(folder, 'search', '--json', query);
      assert.ok(
        found.json.some((hit) => hit.page === 1 && hit.highlights === 2),
        query,
      );
    }
    for (const wrong of [['x'], ['--page', '0'], ['--page', '1', '--snapshot', '1']]) {
      assert.equal((await linksnap(folder, 'highlights', ...wrong)).status, 2, wrong.join(' '));
    }
    assert.equal((await linksnap(folder, 'highlights', '--json', '--markdown')).status, 2);
    assert.equal((await linksnap(folder, 'highlights', '--page', '7', '--json')).out, '');
    await assertWhole(folder);
  }));

test('what a page says commands no terminal', () =>
  withThree(async ({ folder, port }) => {
    await port.request('pages.update', { page: 1, title: '\u001b[31mRed' });
    const words = { quote: 'a\u001b]0;x\u0007b\nc\u009b2J', note: 'why\u001b[2J' };
    await port.request('highlights.add', { snapshot: 2, place: 0, ...words });
    const { out } = await linksnap(folder, 'highlights');
    assert.match(
      out,
      /yellow {2}\?\[31mRed \(page 1, version 2\)\n {4}\| a\?\]0;x\?b\n {4}\| c\?2J\n {4}why\?\[2J\n$/,
    );
  }));

test('a list that would outgrow a frame goes on in the next answer', () =>
  withThree(async (stand) => {
    const { folder, port } = stand;
    for (let place = 0; place < 20; place += 1) {
      const quote = String.fromCharCode(97 + place).repeat(16 * 1024);
      await port.request('highlights.add', { snapshot: 3, quote, place, note: quote });
    }
    const places = [];
    let cursor = '';
    let answers = 0;
    do {
      const some = await port.request('highlights.list', { page: 2, limit: 200, cursor });
      assert.ok(Buffer.byteLength(JSON.stringify(some)) < 1024 * 1024);
      places.push(...some.highlights.map((/** @type {any} */ { place }) => place));
      cursor = some.cursor;
      answers += 1;
    } while (cursor !== '');
    assert.ok(answers > 1);
    assert.deepEqual(
      places,
      Array.from({ length: 20 }, (_, place) => place),
    );
    await assert.rejects(
      port.request('highlights.add', { snapshot: 3, quote: 'x'.repeat(16385), place: 0 }),
      { fault: 'limit' },
    );
    await assertWhole(folder);
  }));

test('versions go into the trash, come back, and are deleted for good', () =>
  withThree(async (stand) => {
    const { folder, port } = stand;
    await port.request('highlights.add', { snapshot: 2, quote: 'beta', place: 0 });
    assert.match(
      (await linksnap(folder, 'versions', '1')).out,
      /^2 {2}version 2 .* complete, \d+ bytes, 1 highlight\n1 {2}version 1 .* complete, \d+ bytes\n$/,
    );
    const thrown = await linksnap(folder, 'trash', '--json', '--version', '2');
    assert.deepEqual(thrown.json, [{ page: 1, snapshot: 1, versions: 1 }]);
    assert.equal((await linksnap(folder, 'search', '--json', 'beta')).json.length, 0);
    assert.equal((await port.request('pages.get', { page: 1 })).title, 'First');
    assert.match(
      (await linksnap(folder, 'versions', '1')).out,
      /\n2 {2}version 2 .* in the trash\n$/,
    );
    assert.equal((await linksnap(folder, 'trash', '--version', '1')).status, 1);
    await assertWhole(folder);
    const back = await linksnap(folder, 'untrash', '--json', '--version', '2');
    assert.deepEqual(back.json, [{ page: 1, snapshot: 2, versions: 2 }]);
    assert.equal((await linksnap(folder, 'search', '--json', 'beta')).json.length, 1);

    assert.match(
      (await linksnap(folder, 'trash', '--version', '1')).out,
      /^linksnap untrash --version 1 brings it back\n$/,
    );
    const asked = await linksnap(folder, 'trash', '--empty');
    assert.equal(asked.status, 2);
    assert.match(asked.err, /0 pages and 1 snapshot would be deleted for good/);
    assert.equal((await linksnap(folder, 'trash', '--empty', '--yes')).status, 0);
    assert.equal((await linksnap(folder, 'untrash', '--version', '1')).status, 1);
    assert.match((await linksnap(folder, 'versions', '1')).out, /^2 {2}version 2 [^\n]*\n$/);
    await assertWhole(folder);
    for (const wrong of [['versions'], ['versions', 'x'], ['trash', '--version']]) {
      assert.equal((await linksnap(folder, ...wrong)).status, 2, wrong.join(' '));
    }
    assert.equal((await linksnap(folder, 'versions', '9')).status, 1);
    assert.equal((await linksnap(folder, 'trash', '--version', '--empty')).status, 2);
  }));

test('what is edited can be undone', () =>
  withThree(async (stand) => {
    const { folder, port } = stand;
    const edited = await linksnap(folder, 'edit', '--title', 'Mine', '--tag', 'new', '1');
    const step = /^linksnap undo (\d+) puts it back\n$/.exec(edited.out)?.[1];
    assert.ok(step, edited.out);
    assert.equal((await port.request('pages.get', { page: 1 })).title, 'Mine');
    assert.equal((await linksnap(folder, 'undo', step)).status, 0);
    const page = await port.request('pages.get', { page: 1 });
    assert.equal(page.title, 'Second');
    assert.deepEqual(page.tags, []);
    await assertWhole(folder);
  }));

test('small pictures are made of the pictures of a page', () =>
  withStand(
    {
      '/p': { body: `${article('Pictures')}<img src="/large.png"><img src="/small.png">` },
      '/large.png': { type: 'image/png', body: Buffer.concat([png, Buffer.alloc(5000)]) },
      '/small.png': { type: 'image/png', body: png },
    },
    async ({ folder, port, origin }) => {
      const { snapshot } = await port.request('links.save', { url: `${origin}/p`, private: true });
      const [named] = (await port.request('thumbnails.get', { snapshots: [snapshot] })).thumbnails;
      assert.match(named.picture, /^[0-9a-f]{32}$/);
      const read = { snapshot, asset: named.picture, offset: 0 };
      const picture = await port.request('snapshots.read', read);
      assert.equal(picture.media_type, 'image/png');
      assert.equal(Buffer.from(picture.data, 'base64').length, png.length + 5000);
      const data = png.toString('base64');
      await port.request('thumbnails.set', { snapshot, media_type: 'image/png', data });
      assert.deepEqual(await port.request('thumbnails.get', { snapshots: [snapshot, 9] }), {
        thumbnails: [{ snapshot, data: `data:image/png;base64,${data}`, picture: '' }],
      });
      /** @type {[object, string][]} */
      const wrong = [
        [{ snapshot: 9, media_type: 'image/png', data }, 'not_found'],
        [{ snapshot, media_type: 'image/webp', data }, 'params'],
        [{ snapshot, media_type: 'image/png', data: 'not base64' }, 'params'],
        [{ snapshot, media_type: 'image/png', data: 'A'.repeat(40_000) }, 'limit'],
      ];
      for (const [params, fault] of wrong) {
        await assert.rejects(port.request('thumbnails.set', params), { fault });
      }
      const many = Array.from({ length: 25 }, (_, i) => i + 1);
      await assert.rejects(port.request('thumbnails.get', { snapshots: many }), { fault: 'limit' });
      await port.request('thumbnails.set', { snapshot, data: '' });
      await assertWhole(folder);
    },
  ));
