// Whether saved links still lead where they led.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { article, jobs, linksnap, until, withStand } from './stand.mjs';

const gone =
  '<!DOCTYPE html><title>页面不存在</title><p>抱歉，您访问的页面不存在或已被删除。<a href="/">返回首页</a>';
const other = `<!DOCTYPE html><title>Shop</title><p>${'Cheap shoes and bags, delivered tomorrow at your door. '.repeat(20)}`;

/** What becomes of each link after it was saved. @type {Record<string, import('./server.mjs').Route>} */
const fates = {
  '/ok': { body: article('Ok') },
  '/moved': { status: 301, headers: { location: '/ok-too' } },
  '/for-now': { status: 302, headers: { location: '/ok-too' } },
  '/404': { status: 404 },
  '/410': { status: 410 },
  '/soft': { body: gone },
  '/home': { status: 302, headers: { location: '/' } },
  '/changed': { body: other },
  '/walled': { status: 403 },
  '/no-head': (request, response) => {
    response.writeHead(request.method === 'HEAD' ? 405 : 200, { 'content-type': 'text/html' });
    response.end(article('No head'));
  },
};

/** @type {Record<string, [state: string, status: number]>} */
const expected = {
  '/ok': ['ok', 0],
  '/moved': ['moved', 0],
  '/for-now': ['ok', 0],
  '/404': ['gone', 404],
  '/410': ['gone', 410],
  '/soft': ['gone', 0],
  '/home': ['gone', 0],
  '/changed': ['changed', 0],
  '/walled': ['walled', 403],
  '/no-head': ['ok', 0],
};

const title = (/** @type {string} */ path) => path.slice(1).replace(/^./, (c) => c.toUpperCase());

/** Saves them all, then lets their fates have them. @param {(stand: import('./stand.mjs').Stand) => Promise<void>} act */
function withLinks(act) {
  /** @type {import('./stand.mjs').Routes} */
  const routes = { '/ok-too': { body: article('Moved') }, '/': { body: other } };
  for (const path of Object.keys(fates)) {
    routes[path] = { body: article(title(path).replace('-', ' ')) };
  }
  return withStand(routes, async (stand) => {
    const urls = Object.keys(fates).map((path) => stand.origin + path);
    await stand.port.request('queue.add', { urls });
    assert.equal((await stand.port.request('queue.run')).done, urls.length);
    Object.assign(routes, fates);
    stand.server.requests.length = 0;
    await act(stand);
  });
}

/** @param {import('./port.mjs').Port} port @param {string} [query] */
async function byPath(port, query = '') {
  const { pages } = await port.request('pages.search', { query, limit: 200 });
  return new Map(pages.map((/** @type {any} */ page) => [new URL(page.url).pathname, page]));
}

test('check tells what has become of each link', () =>
  withLinks(async ({ folder, origin, port, server }) => {
    const checked = await linksnap(folder, ['--json', 'check']);
    assert.equal(checked.json.length, Object.keys(fates).length, checked.err);
    assert.equal(checked.status, 1);
    const pages = await byPath(port);
    for (const [path, [state, status]] of Object.entries(expected)) {
      const { health, versions } = pages.get(path);
      assert.equal(health.state, state, path);
      if (status > 0) {
        assert.equal(health.status, status, path);
      }
      assert.ok(Math.abs(health.checked - Date.now()) < 60_000);
      assert.equal(versions, 1);
    }
    assert.equal(pages.get('/moved').health.url, `${origin}/ok-too`);
    assert.deepEqual([...(await byPath(port, 'is:broken')).keys()].sort(), [
      '/404',
      '/410',
      '/home',
      '/soft',
    ]);
    // A page is asked for twice at most, and nothing that belongs to it.
    const asked = server.requests.map(({ path }) => path).filter((path) => path === '/changed');
    assert.ok(asked.length <= 2);
    assert.ok(server.requests.every(({ path }) => !path.includes('favicon')));

    // Checked lately, so nothing is to be done; a page that is named is checked all the same.
    assert.deepEqual(await port.request('queue.check'), { added: 0 });
    const { page } = pages.get('/ok');
    assert.deepEqual(await port.request('queue.check', { pages: [page] }), { added: 1 });
    assert.equal((await port.request('queue.list', { state: 'waiting' })).jobs[0].kind, 'check');
  }));

test('check prints what is wrong, and names nothing that is well', () =>
  withLinks(async ({ folder, port, origin }) => {
    const pages = await byPath(port);
    const number = (/** @type {string} */ path) => String(pages.get(path).page);
    const some = await linksnap(folder, ['check', number('/404'), number('/ok')]);
    assert.equal(some.status, 1);
    assert.match(some.text, /^\d+ {2}http:\S+\/404\n {4}gone: 404 Not Found\n$/);
    const well = await linksnap(folder, ['check', number('/ok')]);
    assert.deepEqual([well.status, well.text], [0, '']);
    const moved = await linksnap(folder, ['check', number('/moved')]);
    assert.equal(moved.status, 0);
    assert.ok(moved.text.includes(`moved -> ${origin}/ok-too`), moved.text);
  }));

test('a page that is saved again is well again', () =>
  withLinks(async ({ origin, port, folder }) => {
    const { page } = (await byPath(port)).get('/changed');
    await linksnap(folder, ['check', String(page)]);
    assert.equal((await byPath(port, 'is:changed')).size, 1);
    await port.request('links.save', { url: `${origin}/changed` });
    const { health, versions } = (await byPath(port)).get('/changed');
    assert.deepEqual([health?.state ?? 'ok', versions], ['ok', 2]);
  }));

test('a server that is not there is asked four times before its link is broken', () =>
  withStand({ '/a': { body: article('A') } }, async ({ origin, port, open, server }) => {
    const looker = await open();
    const { page } = await port.request('links.save', { url: `${origin}/a` });
    await server.close();
    assert.deepEqual(await port.request('queue.check', { pages: [page] }), { added: 1 });
    const run = port.request('queue.run', {}, undefined, 60_000);
    for (let attempts = 1; attempts < 4; attempts++) {
      const job = await until('it waits for its time', async () => {
        const found = Object.values(await jobs(looker)).find(({ kind }) => kind === 'check');
        return found.attempts === attempts && found.state === 'waiting' && found;
      });
      assert.equal(job.error.name, 'connect');
      assert.ok(job.not_before > Date.now() + 5000);
      assert.equal((await looker.request('pages.get', { page })).health, null);
      await looker.request('queue.retry', { jobs: [job.job] });
    }
    assert.equal((await run).done, 2);
    const { health } = await looker.request('pages.get', { page });
    assert.equal(health.state, 'error');
    assert.equal((await looker.request('pages.search', { query: 'is:broken' })).total, 1);
  }));
