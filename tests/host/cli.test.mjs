// The command line, as a person and as a script uses it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { environment, programs, scratch } from './port.mjs';
import { png, serve } from './server.mjs';

/**
 * @param {string} folder
 * @param {...string} args
 * @returns {Promise<{status: number, out: string, err: string, json: any[]}>}
 */
function linksnap(folder, ...args) {
  return new Promise((resolve) => {
    execFile(
      join(programs, 'linksnap'),
      args,
      { env: environment(folder), timeout: 30_000, maxBuffer: 64 << 20 },
      (error, out, err) => {
        const json = args.includes('--json')
          ? out
              .split('\n')
              .filter(Boolean)
              .map((line) => JSON.parse(line))
          : [];
        resolve({ status: Number(error?.code ?? 0), out, err, json });
      },
    );
  });
}

/** @param {(folder: string, origin: string) => Promise<void>} act */
async function withSite(act) {
  const { folder, remove } = scratch();
  const server = await serve({
    '/': {
      body: '<title>光明区图书馆</title><p>儿童友好型城区建设<img src="i.png"><img src="no.png">',
    },
    '/i.png': { type: 'image/png', body: png },
    '/b': { body: '<title>Second</title><link rel=icon href=i.png><p>SQLite存储与全文搜索' },
  });
  try {
    await act(folder, server.origin);
  } finally {
    await server.close();
    remove();
  }
}

test('save, search, list, tags, edit, trash and restore', () =>
  withSite(async (folder, origin) => {
    const saved = await linksnap(
      folder,
      'save',
      '--json',
      '--tag',
      '政府',
      '--note',
      '要看',
      `${origin}/`,
    );
    assert.equal(saved.status, 0, saved.err);
    assert.equal(saved.json[0].page, 1);
    assert.equal(saved.json[0].state, 'incomplete');
    assert.ok(saved.json[0].failures.some((/** @type {any} */ f) => f.url === `${origin}/no.png`));

    const text = await linksnap(folder, 'save', `${origin}/b`);
    assert.equal(text.status, 0);
    assert.match(
      text.out,
      /^page 2, snapshot 2, version 1: complete\n {2}1 assets stored, 1 of them reused; 0 of 1 missing/,
    );

    for (const query of ['儿童', '友好', '城', 'tag:政府', '#政府', '要看', '光明']) {
      const found = await linksnap(folder, 'search', '--json', query);
      assert.deepEqual(
        found.json.map(({ page }) => page),
        [1],
        query,
      );
    }
    assert.match(
      (await linksnap(folder, 'search', '存储')).out,
      /^2 {2}\d{4}-\d\d-\d\d {2}Second\n/,
    );
    const list = await linksnap(folder, 'list', '--json', '--limit', '1');
    assert.deepEqual(
      list.json.map(({ page }) => page),
      [2],
    );

    assert.equal(
      (await linksnap(folder, 'edit', '--tag', '读书', '--untag', '政府', '1')).status,
      0,
    );
    assert.equal((await linksnap(folder, 'tags')).out, '     1  读书\n');
    assert.equal((await linksnap(folder, 'trash', '1')).status, 0);
    assert.equal((await linksnap(folder, 'search', '--json', '儿童')).json.length, 0);
    assert.equal((await linksnap(folder, 'untrash', '1')).status, 0);
    assert.equal((await linksnap(folder, 'search', '--json', '儿童')).json.length, 1);
  }));

test('save --file takes a file as what the URL answered', () =>
  withSite(async (folder, origin) => {
    const file = join(folder, 'mine.html');
    writeFileSync(file, '<title>我有的</title><p>已经下载<img src="/i.png">');
    const saved = await linksnap(folder, 'save', '--json', '--file', file, `${origin}/mine`);
    assert.equal(saved.status, 0, saved.err);
    assert.ok(saved.json[0].assets.stored >= 1);
    assert.equal((await linksnap(folder, 'search', '--json', '下载')).json[0].title, '我有的');
  }));

test('show writes one self-contained file', () =>
  withSite(async (folder, origin) => {
    await linksnap(folder, 'save', `${origin}/b`);
    const printed = await linksnap(folder, 'show', '1');
    assert.equal(printed.status, 0);
    assert.match(printed.out, /SQLite存储/);
    assert.match(printed.out, /Content-Security-Policy/);
    const file = join(folder, 'out.html');
    assert.equal((await linksnap(folder, 'show', '-o', file, '1')).status, 0);
    assert.equal(readFileSync(file, 'utf8'), printed.out);
  }));

test('media past --media-limit is left out, and a report says so', async () => {
  const { folder, remove } = scratch();
  const server = await serve({
    '/': {
      body: '<link rel=icon href=data:,><video src=v.mp4></video><img src=i.png><img src=no>',
    },
    '/i.png': { type: 'image/png', body: png },
    '/v.mp4': { type: 'video/mp4', body: Buffer.alloc(3000) },
  });
  try {
    const url = `${server.origin}/`;
    const saved = await linksnap(folder, 'save', '--media-limit', '2K', url);
    assert.match(saved.out, /1 assets stored, 0 of them reused; 1 of 3 missing/);
    assert.match(saved.out, /1 left out: past --media-limit/);
    const text = await linksnap(folder, 'show', '--report', '1');
    assert.match(text.out, /image {2} +1 kept, \d+ bytes; 1 failed\n/);
    assert.match(text.out, /media {2} +0 kept, 0 bytes; 1 left out\n/);
    assert.match(text.out, /left out media .*v\.mp4: It is larger than the limit/);
    assert.match(text.out, /missing image .*no: 404 Not Found/);
    const { json } = await linksnap(folder, '--json', 'show', '--report', '1');
    assert.equal(json[0].left_out[0].url, `${url}v.mp4`);
    assert.equal(json[0].failures.length, 1);
    assert.deepEqual(json[0].kinds[1], {
      kind: 'media',
      kept: 0,
      failed: 0,
      left_out: 1,
      bytes: 0,
    });
    await linksnap(folder, 'retry', '--media-limit', '1M', '1');
    const after = await linksnap(folder, '--json', 'show', '--report', '1');
    assert.deepEqual(after.json[0].left_out, []);
    for (const size of ['x', '-1', '1G', '201M', '9999999999999999999', '']) {
      const wrong = await linksnap(folder, 'save', '--media-limit', size, url);
      assert.equal(wrong.status, 2, size);
    }
    assert.equal((await linksnap(folder, 'show', '--report', '-o', 'x', '1')).status, 2);
    assert.equal((await linksnap(folder, 'show', '--report', '9')).status, 1);
  } finally {
    await server.close();
    remove();
  }
});

test('faults have status 1 and a sentence, as JSON too', () =>
  withSite(async (folder, origin) => {
    const nothing = await linksnap(folder, 'list');
    assert.equal(nothing.status, 1);
    assert.match(nothing.err, /^linksnap: .+\n$/);
    await linksnap(folder, 'save', `${origin}/b`);
    const missing = await linksnap(folder, 'show', '--json', '99');
    assert.equal(missing.status, 1);
    assert.equal(missing.json[0].error.name, 'not_found');
    const some = await linksnap(folder, 'save', '--json', `${origin}/nowhere`, `${origin}/b`);
    assert.equal(some.status, 1);
    assert.deepEqual(
      some.json.map(({ state, error }) => [state, error?.name]),
      [
        ['failed', 'status'],
        ['done', undefined],
      ],
    );
    assert.equal(some.json[1].unchanged, true);
    const bad = await linksnap(folder, 'save', 'javascript:alert(1)');
    assert.equal(bad.status, 1);
  }));

test('wrong usage has status 2 and says how to get help', async () => {
  const { folder, remove } = scratch();
  for (const args of [
    [],
    ['nothing'],
    ['save'],
    ['save', '--no-such', 'http://127.0.0.1/'],
    ['save', '--file', 'a', 'http://127.0.0.1/', 'http://127.0.0.1/b'],
    ['save', '--file', 'a', '--later', 'http://127.0.0.1/'],
    ['queue', 'nothing'],
    ['queue', 'run', '1'],
    ['queue', 'cancel', 'x'],
    ['check', '--days', 'x'],
    ['check', '0x'],
    ['search'],
    ['search', '--sort', 'best', 'x'],
    ['search', '--limit', '0', 'x'],
    ['search', 'x', '--json'],
    ['list', 'x'],
    ['show'],
    ['show', 'x'],
    ['show', '-1'],
    ['edit'],
    ['edit', 'x'],
    ['trash'],
    ['untrash', '1x'],
    ['backup'],
    ['backup', 'a', 'b'],
    ['restore'],
    ['restore', '1'],
    ['retry', 'x'],
  ]) {
    const result = await linksnap(folder, ...args);
    assert.equal(result.status, 2, args.join(' '));
    assert.notEqual(result.err, '', args.join(' '));
  }
  remove();
});

test('help and version are for people and scripts', async () => {
  const { folder, remove } = scratch();
  const help = await linksnap(folder, '--help');
  assert.equal(help.status, 0);
  const one = await linksnap(folder, 'save', '--help');
  assert.equal(one.status, 0);
  assert.match(one.out, /^ {2}linksnap save \[--tag T\]/);
  for (const command of [
    'save',
    'queue',
    'check',
    'search',
    'list',
    'show',
    'tags',
    'edit',
    'trash',
  ]) {
    assert.match(help.out, new RegExp(`^ {2}linksnap ${command} `, 'm'));
  }
  assert.match((await linksnap(folder, 'version')).out, /^linksnap \d+\.\d+\.\d+\n$/);
  assert.match((await linksnap(folder, '--json', 'version')).json[0].version, /^\d+\.\d+\.\d+$/);
  remove();
});
