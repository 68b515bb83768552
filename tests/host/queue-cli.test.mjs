// The queue on the command line: many links at once, later, from a text; the verbs of linksnap queue.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { article, linksnap, withStand } from './stand.mjs';

const routes = {
  '/a': { body: article('光明图书馆') },
  '/b': { body: article('Second') },
  '/c': { body: article('Third') },
};

test('save takes many links, with the same tags and note', () =>
  withStand(routes, async ({ folder, origin }) => {
    const urls = ['a', 'b', 'c'].map((name) => `${origin}/${name}`);
    const options = ['--tag', '读书', '--note', '要看'];
    const saved = await linksnap(folder, ['--json', 'save', ...options, ...urls]);
    assert.equal(saved.status, 0, saved.err);
    assert.deepEqual(
      saved.json.map(({ url, state }) => [url, state]),
      urls.map((url) => [url, 'done']),
    );
    const list = await linksnap(folder, ['--json', 'search', 'tag:读书']);
    assert.equal(list.json.length, 3);
    assert.ok(list.json.every(({ note }) => note === '要看'));

    const mixed = await linksnap(folder, ['save', `${origin}/a`, `${origin}/none`, 'file:///etc']);
    assert.equal(mixed.status, 1);
    assert.match(mixed.err, /file:\/\/\/etc: /);
    assert.match(mixed.text, /\/a {2}page \d+, snapshot \d+: nothing has changed\n/);
    assert.match(mixed.text, /failed {4}save http:\S+\/none {2}404 Not Found\n/);
  }));

test('save - takes all links in a text', () =>
  withStand(routes, async ({ folder, origin, server }) => {
    const input = `看看（${origin}/a），还有《第二》：${origin}/b。\n* [c](${origin}/c) ${origin}/a\n`;
    const saved = await linksnap(folder, ['--json', 'save', '-'], { input });
    assert.equal(saved.status, 0, saved.err);
    assert.deepEqual(
      saved.json.map(({ url }) => url),
      ['a', 'b', 'c'].map((name) => `${origin}/${name}`),
    );
    assert.equal(server.requests.length, 3);
    const nothing = await linksnap(folder, ['save', '-'], { input: '没有' });
    assert.equal(nothing.status, 2);
    const refused = await linksnap(folder, ['save', '-'], {
      input: `javascript:alert(1)\n${origin}/a`,
    });
    assert.equal(refused.status, 1);
    assert.match(refused.err, /javascript:alert\(1\): /);
  }));

test('links for later are listed, cancelled, retried, run and cleared', () =>
  withStand(routes, async ({ folder, origin, server }) => {
    const queue = (/** @type {string[]} */ ...args) =>
      linksnap(folder, ['--json', 'queue', ...args]);
    const urls = ['a', 'b', 'none'].map((name) => `${origin}/${name}`);
    const later = await linksnap(folder, ['--json', 'save', '--later', ...urls]);
    assert.equal(later.status, 0, later.err);
    assert.ok(later.json.every(({ state }) => state === 'waiting'));
    assert.equal(server.requests.length, 0);
    const [a, b] = later.json.map(({ job }) => String(job));

    assert.deepEqual((await queue('cancel', a, b)).json, [{ jobs: 2 }]);
    assert.deepEqual((await queue('retry', a)).json, [{ jobs: 1 }]);
    assert.deepEqual(
      (await queue('list')).json.map(({ url, state }) => [url, state]).sort(),
      [
        [urls[0], 'waiting'],
        [urls[1], 'cancelled'],
        [urls[2], 'waiting'],
      ].sort(),
    );
    assert.equal((await queue('pause')).status, 0);
    const paused = await queue('run');
    assert.deepEqual([paused.json[0].paused, paused.json[0].waiting], [true, 2]);
    assert.equal((await queue('resume')).status, 0);
    const run = await queue('run');
    assert.deepEqual(
      [run.json[0].done, run.json[0].failed, run.json[0].cancelled, run.json[0].waiting],
      [1, 1, 1, 0],
    );
    const text = await linksnap(folder, ['queue']);
    assert.match(text.err, /1 done, 1 failed, 1 cancelled\n/);
    assert.match(text.text, /^\d+ {2}done {6}save http:\S+\/a {2}page 1, snapshot 1\n/m);
    assert.equal((await linksnap(folder, ['queue', 'run'])).status, 1);
    assert.deepEqual((await queue('clear')).json, [{ jobs: 3 }]);
    assert.match((await linksnap(folder, ['queue', 'list'])).err, /The queue is empty\n/);
    assert.deepEqual((await queue('restore')).json, [{ jobs: 3 }]);
    const back = await linksnap(folder, ['queue']);
    assert.match(back.err, /1 done, 1 failed, 1 cancelled\n/);
    assert.deepEqual((await queue('restore')).json, [{ jobs: 0 }]);
  }));

test('a link that waits for a browser is said to', () =>
  withStand({ '/403': { status: 403 } }, async ({ folder, origin }) => {
    const one = await linksnap(folder, ['save', `${origin}/403`]);
    assert.equal(one.status, 1);
    assert.match(one.err, /The server lets only browsers in\nIt waits in the queue for one/);
    const { json } = await linksnap(folder, ['--json', 'queue']);
    assert.deepEqual([json[0].state, json[0].error.wall], ['browser', 'refused']);
    const run = await linksnap(folder, ['queue', 'run']);
    assert.equal(run.status, 1);
    assert.match(run.err, /1 browser\n/);
  }));

test('the queue of a store that cannot be written can be looked at, and nothing else', (t) =>
  withStand(routes, async ({ folder, origin, port, open }) => {
    await port.request('queue.add', { urls: [`${origin}/a`] });
    await port.close();
    const data = join(folder, 'data', 'linksnap');
    const root = process.getuid?.() === 0;
    try {
      if (root) {
        execFileSync('mount', ['--bind', '-o', 'ro', data, data], { stdio: 'pipe' });
      } else {
        chmodSync(join(data, 'linksnap.db'), 0o400);
        chmodSync(data, 0o500);
      }
    } catch {
      t.skip('as root only a read-only mount refuses writing, and none can be made here');
      return;
    }
    try {
      const reader = await open();
      const { counts, jobs } = await reader.request('queue.list');
      assert.deepEqual([counts.waiting, jobs.length], [1, 1]);
      const { links } = await reader.request('links.find', { text: `${origin}/a` });
      assert.equal(links.length, 1);
      const refused = { fault: 'store_readonly' };
      await assert.rejects(reader.request('queue.add', { urls: [`${origin}/b`] }), refused);
      await assert.rejects(reader.request('queue.run'), refused);
      await assert.rejects(reader.request('queue.cancel'), refused);
      await assert.rejects(reader.request('queue.pause', { paused: true }), refused);
      await assert.rejects(reader.request('queue.take'), refused);
      await assert.rejects(reader.request('queue.check'), refused);
      await reader.close();
      assert.equal((await linksnap(folder, ['--json', 'queue', 'run'])).status, 1);
    } finally {
      if (root) {
        execFileSync('umount', [data]);
      } else {
        chmodSync(data, 0o700);
      }
    }
    assert.ok(existsSync(join(data, 'linksnap.db')));
  }));
