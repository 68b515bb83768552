// Several hosts at one queue: nothing is done twice, nothing is lost with whoever is killed, and no
// server is asked for more at once than it should be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { png } from './server.mjs';
import { article, children, isAlive, jobs, linksnap, until, withStand } from './stand.mjs';

/** Pages that take a moment. @param {number} ms @returns {import('./server.mjs').Route} */
const lazy = (ms) => (request, response) => {
  setTimeout(() => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(article(`Page ${request.url}`));
  }, ms);
};

/** A page that begins and never ends. @type {import('./server.mjs').Route} */
const endless = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.write('<!DOCTYPE html><p>');
  const timer = setInterval(() => response.write('more '), 500);
  response.on('close', () => clearInterval(timer));
};

/** @param {string} origin @param {number} count */
const links = (origin, count) => Array.from({ length: count }, (_, i) => `${origin}/page?${i}`);

/** @param {import('./stand.mjs').Server} server how often each was asked for */
function asked(server) {
  /** @type {Record<string, number>} */
  const times = {};
  for (const { path } of server.requests) {
    times[path] = (times[path] ?? 0) + 1;
  }
  return times;
}

test('two ports and a terminal do each of 60 links once', () =>
  withStand({ '/page': lazy(20) }, async ({ folder, origin, port, open, server }) => {
    const second = await open();
    const looker = await open();
    const urls = links(origin, 60);
    await port.request('queue.add', { urls });
    const [one, two, terminal] = await Promise.all([
      port.request('queue.run', {}, undefined, 60_000),
      second.request('queue.run', {}, undefined, 60_000),
      linksnap(folder, ['--json', 'queue', 'run']),
    ]);
    assert.deepEqual([one.done, two.done], [60, 60]);
    assert.equal(terminal.status, 0, terminal.err);
    assert.equal(terminal.json[0].done, 60);
    assert.deepEqual(
      asked(server),
      Object.fromEntries(urls.map((url) => [url.slice(origin.length), 1])),
    );
    const all = Object.values(await jobs(looker));
    assert.equal(all.length, 60);
    assert.ok(all.every(({ state, attempts }) => state === 'done' && attempts === 1));
    assert.equal(new Set(all.map(({ page }) => page)).size, 60);
    assert.equal((await looker.request('pages.search')).total, 60);
  }));

test('what a killed host had is done by the next', () => {
  /** @type {import('./stand.mjs').Routes} */
  const routes = { '/page': endless };
  return withStand(routes, async ({ origin, port, open, server }) => {
    const urls = links(origin, 5);
    await port.request('queue.add', { urls });
    port.send({ jsonrpc: '2.0', id: 'run', method: 'queue.run', params: {} });
    await until('two pages are asked for', () => server.requests.length >= 2);
    const workers = children(port.child.pid);
    assert.ok(workers.length > 0);
    const looker = await open();
    assert.equal((await looker.request('queue.list')).counts.running, 2);
    port.child.kill('SIGKILL');
    await port.ended;
    await until('its workers end', () => !workers.some(isAlive));
    routes['/page'] = lazy(0);
    const counts = await looker.request('queue.run');
    assert.deepEqual([counts.done, counts.failed], [5, 0]);
    assert.equal((await looker.request('pages.search')).total, 5);
  });
});

test('a worker that is killed costs that worker, and its link is done by another', () => {
  /** @type {import('./stand.mjs').Routes} */
  const routes = { '/page': endless };
  return withStand(routes, async ({ origin, port, open, server }) => {
    const looker = await open();
    await port.request('queue.add', { urls: links(origin, 6) });
    const run = port.request('queue.run', {}, undefined, 60_000);
    await until('two pages are asked for', () => server.requests.length >= 2);
    const workers = children(port.child.pid);
    routes['/page'] = lazy(0);
    for (const pid of workers) {
      process.kill(pid, 'SIGKILL');
    }
    const counts = await run;
    assert.deepEqual([counts.done, counts.failed], [6, 0]);
    const attempts = Object.values(await jobs(looker)).map((job) => job.attempts);
    assert.deepEqual(attempts.sort(), [1, 1, 1, 1, 2, 2]);
  });
});

test('a link that kills its workers is given up, and the others are done', () => {
  /** @type {import('./stand.mjs').Routes} */
  const routes = { '/page': lazy(0), '/bad': endless };
  return withStand(routes, async ({ origin, port, open }) => {
    const looker = await open();
    const bad = `${origin}/bad`;
    await port.request('queue.add', { urls: [bad, ...links(origin, 5)] });
    const run = port.request('queue.run', {}, undefined, 60_000);
    for (let crashes = 0; crashes < 3; crashes++) {
      await until('all but it are done', async () => {
        const { counts } = await looker.request('queue.list');
        return counts.running === 1 && counts.waiting === 0;
      });
      for (const pid of children(port.child.pid)) {
        process.kill(pid, 'SIGKILL');
      }
      await until('it is noticed', async () => (await jobs(looker))[bad].attempts === crashes + 1);
    }
    const counts = await run;
    assert.deepEqual([counts.done, counts.failed], [5, 1]);
    assert.equal((await jobs(looker))[bad].error.name, 'internal');
  });
});

test('a port that closes leaves nothing running, and its jobs waiting', () =>
  withStand({ '/page': endless }, async ({ origin, port, open, server }) => {
    await port.request('queue.add', { urls: links(origin, 4) });
    port.send({ jsonrpc: '2.0', id: 'run', method: 'queue.run', params: {} });
    await until('two pages are asked for', () => server.requests.length >= 2);
    const workers = children(port.child.pid);
    assert.ok(workers.length > 0);
    const started = Date.now();
    assert.equal(await port.close(), 0, port.log);
    assert.ok(Date.now() - started < 8000);
    assert.deepEqual(workers.filter(isAlive), []);
    const looker = await open();
    const { counts, jobs: all } = await looker.request('queue.list');
    assert.deepEqual([counts.waiting, counts.running], [4, 0]);
    assert.ok(all.every((/** @type {any} */ { attempts }) => attempts === 0));
  }));

test('a link that somebody saves is not taken by a run, nor saved twice', () => {
  /** @type {(() => void)[]} */
  const answers = [];
  /** @type {import('./stand.mjs').Routes} */
  const routes = {
    '/page': (_request, response) => {
      answers.push(() => response.end(article('Once')));
    },
  };
  return withStand(routes, async ({ origin, port, open, server }) => {
    const second = await open();
    const url = `${origin}/page`;
    const saved = port.request('links.save', { url });
    await until('it is asked for', () => answers.length);
    await assert.rejects(second.request('links.save', { url }), { fault: 'order' });
    const run = second.request('queue.run');
    await sleep(300);
    answers.forEach((answer) => answer());
    assert.equal((await saved).version, 1);
    assert.equal((await run).done, 1);
    assert.equal(server.requests.filter(({ path }) => path === '/page').length, 1);
  });
});

test('a link whose port closes while it is saved is done by the next run', () => {
  /** @type {import('./stand.mjs').Routes} */
  const routes = { '/page': endless };
  return withStand(routes, async ({ origin, port, open, server }) => {
    const params = { url: `${origin}/page`, tags: ['甲'] };
    port.send({ jsonrpc: '2.0', id: 'save', method: 'links.save', params });
    await until('it is asked for', () => server.requests.length);
    await port.close();
    routes['/page'] = lazy(0);
    const next = await open();
    assert.equal((await next.request('queue.run')).done, 1);
    assert.deepEqual((await next.request('pages.search')).pages[0].tags, ['甲']);
  });
});

test('at most 2 pages and 6 connections for each host, three runners together', () => {
  const images = Array.from({ length: 20 }, (_, i) => i);
  const most = { pages: 0, requests: 0 };
  const now = { pages: 0, requests: 0 };
  /** @param {'pages' | 'requests'} what */
  const enter = (what) => {
    now[what] += 1;
    most[what] = Math.max(most[what], now[what]);
  };
  /** @type {import('./server.mjs').Route} */
  const route = (request, response) => {
    const isPage = request.url?.startsWith('/page');
    enter('requests');
    if (isPage) {
      enter('pages');
    }
    setTimeout(() => {
      now.requests -= 1;
      if (isPage) {
        now.pages -= 1;
      }
      response.writeHead(200, { 'content-type': isPage ? 'text/html' : 'image/png' });
      const tags = images.map((i) => `<img src="/i?${request.url?.slice(6)}.${i}">`).join('');
      response.end(isPage ? article(`Page ${request.url}`) + tags : png);
    }, 15);
  };
  return withStand({ '/page': route, '/i': route }, async ({ origin, port, open, server }) => {
    const second = await open();
    const third = await open();
    await port.request('queue.add', { urls: links(origin, 12) });
    const runs = [port, second, third].map((each) =>
      each.request('queue.run', {}, undefined, 60_000),
    );
    for (const { done } of await Promise.all(runs)) {
      assert.equal(done, 12);
    }
    assert.equal(server.requests.length, 12 * 21);
    assert.ok(most.pages >= 1 && most.pages <= 2, `${most.pages} pages`);
    assert.ok(most.requests > 2 && most.requests <= 6, `${most.requests} requests`);
    assert.ok(server.most >= most.requests && server.most <= 6, `${server.most} connections`);
  });
});
