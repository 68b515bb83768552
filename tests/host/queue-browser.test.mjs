// Links that only a browser can get: which are handed to one, and how one brings them back.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { article, jobs, withStand } from './stand.mjs';

/** @typedef {import('./port.mjs').Port} Port */

const shell =
  '<!DOCTYPE html><title>App</title><div id="root"></div>' +
  '<script src="/static/js/main.1a2b3c.js"></script><script>window.__STATE__={}</script>';

const challenge =
  '<!DOCTYPE html><title>Just a moment...</title><noscript>Enable JavaScript and cookies to ' +
  'continue</noscript><script>window._cf_chl_opt={cType:"managed"}</script>' +
  '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>';

/**
 * Brings a tab's page in.
 * @param {Port} port
 * @param {object} begin params of capture.begin
 * @param {string} url
 * @param {string} [title]
 * @param {string} [text]
 */
async function bring(port, begin, url, title = 'Seen', text = '浏览器里看到的文字。'.repeat(40)) {
  const { capture } = await port.request('capture.begin', begin);
  await port.request('capture.add', {
    capture,
    item: 0,
    seq: 0,
    kind: 'document',
    url,
    data: `<html xmlns="http://www.w3.org/1999/xhtml"><head><title>${title}</title><link rel="icon" href="data:,"/></head><body><p>${text}</p></body></html>`,
    last: true,
  });
  return port.request('capture.commit', { capture });
}

/**
 * A stand with one link that waits for a browser.
 * @param {(stand: import('./stand.mjs').Stand, url: string, job: number) => Promise<void>} act
 */
const withShell = (act) =>
  withStand({ '/app': { body: shell } }, async (stand) => {
    const url = `${stand.origin}/app`;
    const add = { urls: [url], tags: ['应用'], note: '要看' };
    const { jobs: added } = await stand.port.request('queue.add', add);
    assert.equal((await stand.port.request('queue.run')).browser, 1);
    await act(stand, url, added[0].job);
  });

test('walls and shells wait for a browser, each with its reason', () => {
  const routes = {
    '/app': { body: shell },
    '/401': { status: 401 },
    '/403': { status: 403 },
    '/429': { status: 429 },
    '/503': { status: 503 },
    '/challenge': { body: challenge },
    '/robots': { status: 403, body: challenge },
    '/login': { body: article('登录') },
    '/members': { status: 302, headers: { location: '/login?next=%2Fmembers' } },
    '/404': { status: 404 },
  };
  return withStand(routes, async ({ origin, port }) => {
    const urls = Object.keys(routes).filter((path) => path !== '/login');
    await port.request('queue.add', { urls: urls.map((path) => origin + path) });
    const counts = await port.request('queue.run', {}, undefined, 60_000);
    const all = await jobs(port);
    const ends = Object.fromEntries(
      urls.map((path) => {
        const { state, error } = all[origin + path];
        return [path, `${state} ${error?.name} ${error?.wall} ${error?.status}`];
      }),
    );
    assert.deepEqual(ends, {
      '/app': 'browser needs_browser shell 0',
      '/401': 'browser needs_browser refused 401',
      '/403': 'browser needs_browser refused 403',
      '/429': 'browser needs_browser refused 429',
      '/503': 'browser needs_browser refused 503',
      '/challenge': 'browser needs_browser challenge 0',
      '/robots': 'browser needs_browser refused 403',
      '/members': 'browser needs_browser login 0',
      '/404': 'failed status  404',
    });
    assert.deepEqual([counts.browser, counts.failed], [8, 1]);
    assert.equal((await port.request('pages.search')).total, 0);
  });
});

test('a browser takes the link, and its capture ends the job', () =>
  withShell(async ({ port, open }, url, job) => {
    const other = await open();
    const { job: taken } = await port.request('queue.take');
    assert.deepEqual(
      [taken.job, taken.url, taken.state, taken.tags, taken.note],
      [job, url, 'running', ['应用'], '要看'],
    );
    assert.deepEqual(await other.request('queue.take'), { job: null });
    // Nobody else can end it.
    await assert.rejects(other.request('capture.begin', { url, job }), { fault: 'order' });
    await assert.rejects(other.request('queue.fail', { job, name: 'timeout' }), { fault: 'order' });
    const { tags, note } = taken;
    const result = await bring(port, { url, job, tags, note }, url);
    assert.equal(result.version, 1);
    const { state, page, snapshot, error } = (await jobs(other))[url];
    assert.deepEqual([state, page, snapshot], ['done', result.page, result.snapshot]);
    assert.equal(error, null);
    const kept = await other.request('pages.get', { page });
    assert.deepEqual([kept.tags, kept.note, kept.title], [['应用'], '要看', 'Seen']);
    assert.equal(kept.snapshots[0].how, 'tab');
    await assert.rejects(bring(port, { url, job }, url), { fault: 'order' });
  }));

test('a tab that shows a wall keeps nothing, and the job has failed', () =>
  withShell(async ({ port }, url, job) => {
    await port.request('queue.take');
    const wall = ['Just a moment...', 'Verifying you are human.'];
    await assert.rejects(bring(port, { url, job }, url, ...wall), { fault: 'needs_browser' });
    assert.equal((await port.request('pages.search')).total, 0);
    const { state, error } = (await jobs(port))[url];
    assert.deepEqual([state, error.name, error.wall], ['failed', 'needs_browser', 'challenge']);
  }));

test('what the browser could not do has failed, with its own reason', () =>
  withShell(async ({ port }, url, job) => {
    await port.request('queue.take');
    const fail = { job, name: 'tab_gone', message: 'The tab was closed' };
    assert.deepEqual(await port.request('queue.fail', fail), {});
    const { state, error } = (await jobs(port))[url];
    assert.deepEqual([state, error.message], ['failed', 'The tab was closed']);
    await assert.rejects(port.request('queue.fail', fail), { fault: 'order' });
    assert.deepEqual(await port.request('queue.take'), { job: null });

    // Tried again, it begins without a browser; a timeout keeps its name.
    await port.request('queue.retry', { jobs: [job] });
    assert.equal((await port.request('queue.run')).browser, 1);
    await port.request('queue.take');
    await port.request('queue.fail', { job, name: 'timeout', message: 'It is never quiet' });
    assert.equal((await jobs(port))[url].error.name, 'timeout');
  }));

test('a browser that only stopped gives the job back, and so does a port that closes', () =>
  withShell(async ({ port, open }, url, job) => {
    const other = await open();
    assert.equal((await port.request('queue.take')).job.job, job);
    await port.request('queue.fail', { job, name: 'cancelled', message: '' });
    const waits = async () => {
      const { state, attempts, error } = (await jobs(other))[url];
      return [state, attempts, error?.wall];
    };
    assert.deepEqual(await waits(), ['browser', 1, 'shell']);
    assert.equal((await port.request('queue.take')).job.job, job);
    assert.equal((await jobs(other))[url].state, 'running');
    await port.close();
    assert.deepEqual(await waits(), ['browser', 1, 'shell']);
    const killed = await open();
    assert.equal((await killed.request('queue.take')).job.job, job);
    killed.child.kill('SIGKILL');
    await killed.ended;
    assert.equal((await waits())[0], 'browser');
    const { job: again } = await other.request('queue.take');
    assert.equal(again.job, job);
    assert.equal((await bring(other, { url, job }, url)).version, 1);
  }));

test('a job cancelled while the browser is at it is not done', () =>
  withShell(async ({ port, open }, url, job) => {
    const other = await open();
    await port.request('queue.take');
    assert.deepEqual(await other.request('queue.cancel', { jobs: [job] }), { jobs: 1 });
    await assert.rejects(bring(port, { url, job }, url), { fault: 'order' });
    assert.equal((await jobs(other))[url].state, 'cancelled');
  }));

test('a link saved now that needs a browser waits for one', () =>
  withStand({ '/app': { body: shell } }, async ({ origin, port }) => {
    const url = `${origin}/app`;
    const fault = await port.request('links.save', { url }).catch((error) => error);
    assert.deepEqual([fault.fault, fault.data.wall], ['needs_browser', 'shell']);
    const { job } = await port.request('queue.take');
    assert.equal(job.url, url);
    await bring(port, { url, job: job.job }, url);
    assert.equal((await jobs(port))[url].state, 'done');
  }));

test('retry lets a link that waits for a browser begin without one', () => {
  /** @type {import('./stand.mjs').Routes} */
  const routes = { '/app': { body: shell } };
  return withStand(routes, async ({ origin, port }) => {
    await port.request('queue.add', { urls: [`${origin}/app`] });
    await port.request('queue.run');
    routes['/app'] = { body: article('Drawn by the server now') };
    assert.deepEqual(await port.request('queue.retry', {}), { jobs: 1 });
    assert.equal((await port.request('queue.run')).done, 1);
  });
});
