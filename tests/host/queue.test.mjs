// The queue through a port: what is added, done, cancelled, paused, tried again.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { article, jobs, until, withStand } from './stand.mjs';

/** Answers when it is told to. */
function slowPage(body = article('Slow')) {
  /** @type {(() => void)[]} */
  const waiting = [];
  return {
    /** @type {import('./server.mjs').Route} */
    route: (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.write('<!DOCTYPE html>');
      waiting.push(() => response.end(body));
    },
    waiting,
    go: () => waiting.splice(0).forEach((answer) => answer()),
  };
}

test('what is added is a row at once, survives its port, and is done by a run', () =>
  withStand(
    { '/a': { body: article('光明图书馆') }, '/b': { body: article('Second') } },
    async ({ origin, port, open, server }) => {
      const urls = [`${origin}/a`, `${origin}/b`, 'javascript:alert(1)', `${origin}/none`];
      const added = await port.request('queue.add', { urls, tags: ['读书', 'web'], note: '要看' });
      assert.deepEqual(
        added.jobs.map((/** @type {any} */ { url }) => url),
        [urls[0], urls[1], urls[3]],
      );
      assert.deepEqual(
        added.refused.map((/** @type {any} */ { url, name }) => [url, name]),
        [['javascript:alert(1)', 'url']],
      );
      port.child.kill('SIGKILL');
      await port.ended;

      const second = await open();
      assert.equal(server.requests.length, 0);
      const before = await second.request('queue.list');
      assert.deepEqual(
        before.jobs.map((/** @type {any} */ { url, state, tags, note, attempts, error }) => ({
          url,
          state,
          tags: tags.sort(),
          note,
          attempts,
          error,
        })),
        [urls[0], urls[1], urls[3]].map((url) => ({
          url,
          state: 'waiting',
          tags: ['web', '读书'],
          note: '要看',
          attempts: 0,
          error: null,
        })),
      );
      /** @type {any[]} */
      const told = [];
      const counts = await second.request('queue.run', {}, (progress) => told.push(progress));
      assert.deepEqual(counts, {
        waiting: 0,
        running: 0,
        browser: 0,
        done: 2,
        failed: 1,
        cancelled: 0,
        paused: false,
      });
      assert.ok(told.every(({ stage, total }) => stage === 'queue' && total === 3));
      assert.deepEqual(
        told.map(({ done }) => done),
        told.map(({ done }) => done).sort((a, b) => a - b),
      );
      const { done, total, open: left, failed, browser } = told.at(-1);
      assert.deepEqual([done, total, left, failed, browser], [3, 3, 0, 1, 0]);

      const after = await jobs(second);
      assert.equal(after[urls[0]].state, 'done');
      assert.equal(after[urls[3]].state, 'failed');
      assert.deepEqual(
        [after[urls[3]].error.name, after[urls[3]].error.status, after[urls[3]].attempts],
        ['status', 404, 1],
      );
      const { page, snapshot } = after[urls[0]];
      const kept = await second.request('pages.get', { page });
      assert.deepEqual([kept.title, kept.note, kept.snapshot], ['光明图书馆', '要看', snapshot]);
      assert.deepEqual(kept.tags.sort(), ['web', '读书']);
      assert.equal((await second.request('pages.search')).total, 2);
    },
  ));

test('a link that is open already is not added again, and takes tags and note along', () =>
  withStand({ '/a': { body: article('A') } }, async ({ origin, port, server }) => {
    const add = (/** @type {string} */ url, more = {}) =>
      port.request('queue.add', { urls: [url], ...more }).then((answer) => answer.jobs[0].job);
    const first = await add(`${origin}/a`, { tags: ['甲'], note: 'one' });
    assert.equal(await add(`${origin}/a?utm_source=mail#part`, { tags: ['乙'] }), first);
    assert.equal(await add(`${origin}/a`, { note: 'two' }), first);
    assert.equal((await port.request('queue.list')).counts.waiting, 1);
    await port.request('queue.run');
    assert.equal(server.requests.length, 1);
    const { pages } = await port.request('pages.search');
    assert.deepEqual([pages[0].tags.sort(), pages[0].note], [['乙', '甲'].sort(), 'two']);
    // Once it has ended it is another job.
    assert.notEqual(await add(`${origin}/a`), first);
    await port.request('queue.run');
    const { unchanged, snapshot } = (await jobs(port))[`${origin}/a`];
    assert.deepEqual([unchanged, snapshot], [true, pages[0].snapshot]);
    await add(`${origin}/a`, { again: true });
    await port.request('queue.run');
    assert.equal((await port.request('pages.search')).pages[0].versions, 2);
  }));

test('a waiting and a running job can be cancelled, and taken up again', () => {
  const slow = slowPage();
  return withStand(
    { '/slow': slow.route, '/a': { body: article('A') } },
    async ({ origin, port, open }) => {
      const looker = await open();
      const urls = [`${origin}/slow`, `${origin}/a`];
      const { jobs: added } = await port.request('queue.add', { urls });
      const [slowJob, other] = added.map((/** @type {any} */ { job }) => job);
      assert.deepEqual(await port.request('queue.cancel', { jobs: [other] }), { jobs: 1 });
      const run = port.request('queue.run');
      await until('the slow page is asked for', () => slow.waiting.length);
      assert.equal((await jobs(looker))[urls[0]].state, 'running');
      assert.deepEqual(await looker.request('queue.cancel', { jobs: [slowJob] }), { jobs: 1 });
      const started = Date.now();
      const counts = await run;
      assert.ok(Date.now() - started < 5000);
      assert.deepEqual([counts.cancelled, counts.done], [2, 0]);
      assert.equal((await port.request('pages.search')).total, 0);

      assert.deepEqual(await port.request('queue.retry', {}), { jobs: 2 });
      const again = port.request('queue.run');
      await until('the slow page is asked for again', () => slow.waiting.length > 1);
      slow.go();
      assert.equal((await again).done, 2);
      assert.deepEqual(await port.request('queue.clear', {}), { jobs: 2 });
      assert.deepEqual((await port.request('queue.list')).jobs, []);
    },
  );
});

test('a paused queue begins nothing, and brings to its end what runs', () => {
  const slow = slowPage();
  return withStand(
    { '/1': slow.route, '/2': slow.route, '/3': { body: article('3') } },
    async ({ origin, port, open }) => {
      const looker = await open();
      const urls = [1, 2, 3].map((i) => `${origin}/${i}`);
      await port.request('queue.add', { urls });
      const run = port.request('queue.run');
      await until('two pages are asked for', () => slow.waiting.length === 2);
      const paused = await looker.request('queue.pause', { paused: true });
      assert.deepEqual([paused.paused, paused.running, paused.waiting], [true, 2, 1]);
      slow.go();
      const counts = await run;
      assert.deepEqual([counts.paused, counts.done, counts.waiting], [true, 2, 1]);
      assert.equal((await port.request('queue.run')).waiting, 1);
      // A person who waits is not kept waiting by that.
      const saved = await port.request('links.save', { url: urls[2] });
      assert.equal(saved.version, 1);
      assert.equal((await looker.request('queue.pause', { paused: false })).paused, false);
      assert.equal((await port.request('queue.run')).done, 3);
    },
  );
});

test('cancelling the run gives back what was at work', () => {
  const slow = slowPage();
  return withStand({ '/slow': slow.route }, async ({ origin, port, open }) => {
    const looker = await open();
    await port.request('queue.add', { urls: [`${origin}/slow`] });
    port.send({ jsonrpc: '2.0', id: 'run', method: 'queue.run', params: {} });
    await until('the page is asked for', () => slow.waiting.length);
    port.send({ jsonrpc: '2.0', method: 'cancel', params: { id: 'run' } });
    let message = await port.next();
    while (message.id !== 'run') {
      message = await port.next();
    }
    assert.equal(message.error.data.name, 'cancelled');
    const { state, attempts } = (await jobs(looker))[`${origin}/slow`];
    assert.deepEqual([state, attempts], ['waiting', 0]);
    const again = port.request('queue.run');
    await until('the page is asked for again', () => slow.waiting.length > 1);
    slow.go();
    assert.equal((await again).done, 1);
  });
});

test('a failed job can be tried again', () => {
  /** @type {import('./stand.mjs').Routes} */
  const routes = { '/a': { status: 404 } };
  return withStand(routes, async ({ origin, port }) => {
    const { jobs: added } = await port.request('queue.add', { urls: [`${origin}/a`] });
    assert.equal((await port.request('queue.run')).failed, 1);
    routes['/a'] = { body: article('A') };
    assert.equal((await port.request('queue.run')).failed, 1);
    assert.deepEqual(await port.request('queue.retry', { jobs: [added[0].job] }), { jobs: 1 });
    assert.equal((await port.request('queue.run')).done, 1);
    const { state, error, attempts } = (await jobs(port))[`${origin}/a`];
    assert.deepEqual([state, error, attempts], ['done', null, 1]);
  });
});

test('a server that names a time is asked again then, with all else of it left alone', () => {
  let refusals = 0;
  /** @type {number[]} */
  const times = [];
  return withStand(
    {
      '/busy': (_request, response) => {
        times.push(Date.now());
        const busy = refusals++ < 2;
        response.writeHead(busy ? 503 : 200, { 'content-type': 'text/html', 'retry-after': '1' });
        response.end(busy ? 'later' : article('At last'));
      },
      '/many': { status: 429 },
    },
    async ({ origin, port }) => {
      await port.request('queue.add', { urls: [`${origin}/busy`] });
      const counts = await port.request('queue.run', {}, undefined, 60_000);
      assert.equal(counts.done, 1);
      assert.equal(times.length, 3);
      assert.ok(times[2] - times[0] >= 2000, `${times[2] - times[0]} ms`);
      assert.ok(times[2] - times[0] < 15_000, `${times[2] - times[0]} ms`);
      // Of a wall without a time a browser may know more.
      await port.request('queue.add', { urls: [`${origin}/many`] });
      assert.equal((await port.request('queue.run')).browser, 1);
      const { error } = (await jobs(port))[`${origin}/many`];
      assert.deepEqual([error.name, error.status, error.wall], ['needs_browser', 429, 'refused']);
    },
  );
});
