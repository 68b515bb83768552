// linksnap stats, quota, diff: on a terminal, and as JSON.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';

import { png } from './server.mjs';
import { article, linksnap, withStand } from './stand.mjs';

test('stats counts, in words and as the protocol does', () =>
  withStand({ '/a': { body: article('光明图书馆') } }, async ({ folder, port, origin }) => {
    await port.request('links.save', { url: `${origin}/a`, tags: ['读书'] });
    const words = await linksnap(folder, ['stats']);
    assert.equal(words.status, 0, words.err);
    assert.match(
      words.text,
      /^1 pages \(0 more in the trash\), 1 snapshots, 0 highlights, 1 tags\n/,
    );
    assert.match(words.text, /光明图书馆/);
    assert.match(words.text, /\n {6}1 {2}unchecked\n/);
    const { json } = await linksnap(folder, ['--json', 'stats']);
    const told = await port.request('statistics', {});
    assert.deepEqual(
      { ...json[0], bytes: { ...json[0].bytes, file: 0 } },
      {
        ...told,
        bytes: { ...told.bytes, file: 0 },
      },
    );
    assert.equal((await linksnap(folder, ['stats', 'x'])).status, 2);
  }));

test('quota is shown, set, heeded and taken away', () =>
  withStand(
    {
      '/a': { body: `${article('A')}<img src="a.png">` },
      '/a.png': {
        type: 'image/png',
        body: Buffer.concat([png.subarray(0, 33), randomBytes(11 << 20)]),
      },
      '/b': { body: article('B') },
    },
    async ({ folder, port, origin }) => {
      const quota = (/** @type {string[]} */ ...args) => linksnap(folder, ['quota', ...args]);
      assert.match((await quota()).text, /linksnap\.db\n.* it takes\nNo quota is set\.\n$/);
      assert.match(
        (await quota('--when', 'refuse', '10M')).text,
        /10\.5 MB {2}it may take; past that: refuse\n$/,
      );
      assert.equal((await linksnap(folder, ['save', `${origin}/a`])).status, 0);
      assert.match((await quota()).text, /It takes more than it may\.\n$/);
      const refused = await linksnap(folder, ['save', `${origin}/b`]);
      assert.equal(refused.status, 1);
      assert.match(refused.err, /^linksnap: http.*: The store takes \d+ MB, more than the 10 MB/);
      const { json } = await linksnap(folder, ['--json', 'save', `${origin}/b`]);
      assert.equal(json[0].error.name, 'quota');
      assert.deepEqual((await port.request('queue.list', {})).counts.failed, 0);

      const off = await linksnap(folder, ['--json', 'quota', 'off']);
      assert.deepEqual([off.json[0].quota, off.json[0].when_full], [0, 'refuse']);
      assert.equal((await linksnap(folder, ['save', `${origin}/b`])).status, 0);
      for (const wrong of [['1M'], ['10'], ['x'], ['99999999T'], ['10M', '20M'], ['--when', 'x']]) {
        assert.equal((await quota(...wrong)).status, 2, wrong.join(' '));
      }
    },
  ));

test('diff shows assets and lines', () =>
  withStand({}, async ({ folder, port, origin }) => {
    const save = async (/** @type {string} */ body) => {
      const { capture } = await port.request('capture.begin', { url: `${origin}/page` });
      await port.request('capture.add', {
        capture,
        item: 0,
        seq: 0,
        kind: 'document',
        url: `${origin}/page`,
        data: `<html xmlns="http://www.w3.org/1999/xhtml"><head><link rel="icon" href="data:,"/></head><body>${body}</body></html>`,
        last: true,
      });
      return (await port.request('capture.commit', { capture })).snapshot;
    };
    const from = await save('<p>第一行</p><p>旧的</p><p>不变</p>');
    const to = await save('<p>第一行</p><p>新的</p><p>不变</p><img src="/none.png"/>');
    const words = await linksnap(folder, ['diff', String(from), String(to)]);
    assert.equal(words.status, 0, words.err);
    assert.equal(words.text, '- 旧的\n+ 新的\n');
    const { json } = await linksnap(folder, ['--json', 'diff', String(from), String(to)]);
    assert.deepEqual(json, [
      {
        added: [],
        gone: [],
        changed: [],
        lines: [
          { mark: '-', text: '旧的' },
          { mark: '+', text: '新的' },
        ],
        more: false,
      },
    ]);
    assert.equal((await linksnap(folder, ['diff', '1'])).status, 2);
    assert.equal((await linksnap(folder, ['diff', '1', 'x'])).status, 2);
    const none = await linksnap(folder, ['--json', 'diff', '1', '99']);
    assert.deepEqual([none.status, none.json[0].error.name], [1, 'not_found']);
  }));

test('doctor names its findings in JSON', () =>
  withStand({}, async ({ folder }) => {
    const { json } = await linksnap(folder, ['--json', 'doctor']);
    assert.ok(json.length > 4);
    for (const { name, values } of json) {
      assert.match(name, /^[a-z_]+$/);
      assert.ok(Array.isArray(values));
    }
    assert.ok(json.some(({ name }) => name === 'host_answers'));
  }));
