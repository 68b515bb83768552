// Saved pages of other programs: MHTML and SingleFile, by link and as files.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { mhtml, pdf, singleFile } from './documents.mjs';
import { png } from './server.mjs';
import { article, linksnap, withStand } from './stand.mjs';

const saved = Date.UTC(2026, 0, 1, 10);

const archive = {
  '/a.mhtml': {
    type: 'multipart/related',
    body: mhtml('http://127.0.0.1:9/articles/a', png),
  },
};

test('a link to an MHTML document becomes a normal snapshot', () =>
  withStand(archive, async ({ origin, port, server }) => {
    const result = await port.request('links.save', { url: `${origin}/a.mhtml` });
    assert.deepEqual([result.kind, result.assets.failed], ['page', 0]);
    const { pages } = await port.request('pages.search', { query: '存下来的网页' });
    assert.deepEqual(
      pages.map((/** @type {any} */ { title }) => title),
      ['存档'],
    );
    const { kinds } = await port.request('snapshots.get', { snapshot: result.snapshot });
    const image = kinds.find((/** @type {any} */ { kind }) => kind === 'image');
    assert.deepEqual([image.kept, image.failed], [1, 0]);
    assert.ok(server.requests.every(({ path }) => ['/a.mhtml', '/favicon.ico'].includes(path)));
    const { data } = await port.request('snapshots.read', {
      snapshot: result.snapshot,
      offset: 0,
    });
    assert.ok(data.includes('data:image/png;base64,'));
  }));

test('save --file takes an MHTML document for the page and the time that it names', () =>
  withStand({}, async ({ folder, origin, port, server }) => {
    const url = `${origin}/articles/a`;
    const file = join(folder, 'page.mhtml');
    writeFileSync(file, mhtml(url, png));
    const result = await linksnap(folder, ['--json', 'save', '--file', file, '--tag', '档']);
    assert.equal(result.status, 0, result.err);
    // A file may say anything of itself: the private address that it names is not asked for anything.
    const { failures } = result.json[0];
    assert.deepEqual(
      failures.map((/** @type {any} */ each) => [each.kind, each.name]),
      [['icon', 'private']],
    );
    const { pages } = await port.request('pages.search', { query: '存下来' });
    assert.deepEqual(
      pages.map((/** @type {any} */ page) => [page.url, page.title, page.tags]),
      [[url, '存档', ['档']]],
    );
    const told = await port.request('snapshots.get', { snapshot: pages[0].snapshot });
    assert.deepEqual([told.how, told.taken, told.kind], ['file', saved, 'page']);
    assert.deepEqual(server.requests, []);
  }));

test('save --file takes a SingleFile document without a URL', () =>
  withStand({}, async ({ folder, port }) => {
    const url = 'http://127.0.0.1:9/single?id=1';
    const file = join(folder, 'single.html');
    writeFileSync(file, singleFile(url));
    const result = await linksnap(folder, ['--json', 'save', '--file', file]);
    assert.equal(result.status, 0, result.err);
    const { pages } = await port.request('pages.search', { query: '一个文件里的网页' });
    assert.deepEqual(
      pages.map((/** @type {any} */ page) => [page.url, page.title]),
      [[url, '单个文件']],
    );
    const { snapshots } = await port.request('pages.get', { page: pages[0].page });
    assert.equal(snapshots[0].taken, Date.UTC(2026, 0, 1, 2));
    // A URL that is given goes before the one that the file names.
    const given = 'http://127.0.0.1:9/elsewhere';
    assert.equal((await linksnap(folder, ['save', '--file', file, given])).status, 0);
    assert.notEqual((await port.request('pages.find', { url: given })).page, pages[0].page);
  }));

test('save --file takes what show has written', () =>
  withStand({ '/a': { body: article('光明图书馆') } }, async ({ folder, origin, port }) => {
    await linksnap(folder, ['save', `${origin}/a`]);
    const file = join(folder, 'out.html');
    assert.equal((await linksnap(folder, ['show', '-o', file, '1'])).status, 0);
    const result = await linksnap(folder, ['--json', 'save', '--file', file]);
    assert.equal(result.status, 0, result.err);
    const { page } = await port.request('pages.find', { url: `${origin}/a` });
    assert.equal(result.json[0].page, page);
  }));

test('save --file reads standard input, and other kinds of document', () =>
  withStand({}, async ({ folder, port }) => {
    const url = 'http://127.0.0.1:9/report.pdf';
    const input = pdf('Handed over', '报告');
    const result = await linksnap(folder, ['--json', 'save', '--file', '-', url], { input });
    assert.equal(result.status, 0, result.err);
    assert.equal(result.json[0].kind, 'pdf');
    assert.equal((await port.request('pages.search', { query: '报告' })).total, 1);
    const show = await linksnap(folder, ['show', '--file', String(result.json[0].snapshot)]);
    assert.ok(show.out.equals(input));
  }));

test('files that say no URL, or nothing, or do not exist, are refused', () =>
  withStand({}, async ({ folder, port }) => {
    const file = join(folder, 'x');
    for (const bytes of ['<p>no address', '', pdf('nothing'), 'MIME-Version: 1.0\r\n\r\n']) {
      writeFileSync(file, bytes);
      const result = await linksnap(folder, ['--json', 'save', '--file', file]);
      assert.equal(result.status, 1);
      assert.match(result.json[0].error.name, /^(url|document)$/);
    }
    const none = await linksnap(folder, ['save', '--file', `${file}none`, 'http://127.0.0.1:9/']);
    assert.equal(none.status, 1);
    assert.match(none.err, /Cannot open/);
    const bad = await linksnap(folder, ['save', '--file', file, 'javascript:alert(1)']);
    assert.equal(bad.status, 1);
    assert.equal((await port.request('pages.search')).total, 0);
  }));
