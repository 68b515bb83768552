// Saving through the real host: links, progress, cancelling, being killed.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { Port, scratch } from './port.mjs';
import { png, serve } from './server.mjs';

const page = `<!DOCTYPE html><html lang="zh"><head><title>光明图书馆</title>
<link rel="stylesheet" href="a.css"><link rel="icon" href="i.png"></head>
<body><h1>链接快照</h1><p>网页离线阅读</p><img src="i.png"><img src="missing.png"></body></html>`;

const site = {
  '/': { body: page },
  '/a.css': { type: 'text/css', body: '@import "b.css"; body{background:url(i.png)}' },
  '/b.css': { type: 'text/css', body: 'h1{color:red}' },
  '/i.png': { type: 'image/png', body: png },
};

/**
 * @param {Record<string, import('./server.mjs').Route>} routes
 * @param {(port: Port, server: Awaited<ReturnType<typeof serve>>, folder: string) => Promise<void>} act
 */
async function withSite(routes, act) {
  const { folder, remove } = scratch();
  const server = await serve(routes);
  const port = new Port(folder);
  try {
    await port.hello();
    await act(port, server, folder);
    await port.close();
  } finally {
    port.child.kill('SIGKILL');
    await server.close();
    remove();
  }
}

/** All parts of a snapshot. @param {Port} port @param {number} snapshot */
async function readAll(port, snapshot) {
  let html = '';
  let offset = 0;
  while (offset !== null) {
    const part = await port.request('snapshots.read', { snapshot, offset });
    html += part.data;
    offset = part.next;
  }
  return html;
}

test('a link becomes a snapshot, with a report of what is missing', () =>
  withSite(site, async (port, server) => {
    /** @type {string[]} */
    const stages = [];
    const result = await port.request(
      'links.save',
      { url: `${server.origin}/`, tags: ['读书'], language: 'zh-CN' },
      (progress) => stages.push(progress.stage),
    );
    assert.equal(result.state, 'incomplete');
    assert.deepEqual(result.failures, [
      {
        url: `${server.origin}/missing.png`,
        kind: 'image',
        name: 'status',
        status: 404,
        reason: '404 Not Found',
      },
    ]);
    assert.equal(stages[0], 'page');
    assert.equal(stages.at(-1), 'done');
    const asked = server.requests.map(({ path }) => path).sort();
    assert.deepEqual(asked, ['/', '/a.css', '/b.css', '/i.png', '/missing.png']);
    assert.ok(server.requests.every(({ headers }) => headers['accept-language'] === 'zh-CN'));
    assert.ok(server.requests.every(({ headers }) => headers.cookie === undefined));

    const html = await readAll(port, result.snapshot);
    assert.ok(html.includes('链接快照'));
    assert.ok(!html.includes(`src="${server.origin}`));
    assert.ok(!html.includes('linksnap-asset:'));

    const again = await port.request('links.save', { url: `${server.origin}/?utm_source=x` });
    assert.equal(again.page, result.page);
    assert.deepEqual([again.unchanged, again.version], [true, 1]);
    const url = `${server.origin}/#part`;
    const anyway = await port.request('links.save', { url, again: true });
    assert.equal(anyway.page, result.page);
    assert.deepEqual([anyway.unchanged, anyway.version], [false, 2]);
    assert.equal(anyway.assets.reused, anyway.assets.stored);
  }));

test('a page cannot name a frame of its own where no frame stands', () => {
  const frame = '<p title="x http-equiv=refresh content=0">框架</p>';
  /** @type {Record<string, import('./server.mjs').Route>} */
  const routes = { '/frame': { body: frame } };
  return withSite(routes, async (port, server) => {
    const digest = createHash('sha256').update(`frame ${server.origin}/frame`).digest('hex');
    const word = `linksnap-frame:${digest.slice(0, 32)}`;
    routes['/'] = {
      body: `<iframe src="/frame"></iframe><${word}>a</${word}><p ${word}=1>${word}`,
    };
    const { snapshot } = await port.request('links.save', { url: `${server.origin}/` });
    const html = (await readAll(port, snapshot)).replace(
      /data:text\/html;charset=utf-8;base64,([\w+/=]*)/g,
      (_, frameText) => Buffer.from(frameText, 'base64').toString(),
    );
    assert.equal(html.split('框架').length, 2);
    assert.doesNotMatch(html, /[</ ]linksnap-frame:/);
  });
});

test('many failures with long addresses still fit an answer', () => {
  const images = Array.from(
    { length: 55 },
    (_, i) => `<img src="/no/${i}?${'\\\\'.repeat(7000)}">`,
  );
  return withSite({ '/': { body: images.join('') } }, async (port, server) => {
    const saved = await port.request('links.save', { url: `${server.origin}/` });
    assert.equal(saved.failures.length, 50);
    const { failures } = await port.request('snapshots.get', { snapshot: saved.snapshot });
    assert.equal(failures.length, 55);
  });
});

test('the versions of a page with a long address still fit an answer', () =>
  withSite(site, async (port, server) => {
    const url = `${server.origin}/?${'a'.repeat(15_000)}`;
    let saved = { page: 0 };
    for (let i = 0; i < 75; i++) {
      saved = await port.request('links.save', { url, again: true });
    }
    const { page } = saved;
    const { snapshots, versions } = await port.request('pages.get', { page });
    assert.equal(versions, 75);
    assert.equal(snapshots[0].version, 75);
    assert.equal((await port.request('pages.update', { page, note: '新' })).note, '新');
  }));

test('retry fetches what is missing, and only that', () => {
  /** @type {Record<string, import('./server.mjs').Route>} */
  const routes = { ...site };
  return withSite(routes, async (port, server) => {
    const saved = await port.request('links.save', { url: `${server.origin}/` });
    assert.equal(saved.assets.failed, 1);
    server.requests.length = 0;
    routes['/missing.png'] = { type: 'image/png', body: png };
    const retried = await port.request('snapshots.retry', { snapshot: saved.snapshot });
    assert.equal(retried.state, 'complete');
    assert.deepEqual(
      server.requests.map(({ path }) => path),
      ['/missing.png'],
    );
    const after = await port.request('snapshots.get', { snapshot: saved.snapshot });
    assert.equal(after.state, 'complete');
    assert.deepEqual(after.failures, []);
  });
});

/** An asset that begins and never ends. @type {import('./server.mjs').Route} */
const endless = (_request, response) => {
  response.writeHead(200, { 'content-type': 'image/png' });
  response.write(png.subarray(0, 10));
};

test('cancel stops a capture, keeps the page and can be finished later', () => {
  /** @type {Record<string, import('./server.mjs').Route>} */
  const routes = { ...site, '/missing.png': endless };
  return withSite(routes, async (port, server) => {
    port.send({
      jsonrpc: '2.0',
      id: 50,
      method: 'links.save',
      params: { url: `${server.origin}/` },
    });
    port.send({ jsonrpc: '2.0', id: 51, method: 'pages.search', params: {} });
    let message = await port.next();
    while (message.params?.stage !== 'assets') {
      message = await port.next();
    }
    port.send({ jsonrpc: '2.0', method: 'cancel', params: { id: 50 } });
    while (message.id !== 50) {
      message = await port.next();
    }
    assert.equal(message.error.data.name, 'cancelled');
    const search = await port.next();
    assert.equal(search.id, 51);
    assert.equal(search.result.pages[0].state, 'pending');
    assert.equal(search.result.pages[0].title, '光明图书馆');

    routes['/missing.png'] = { type: 'image/png', body: png };
    const { snapshot } = search.result.pages[0];
    const finished = await port.request('snapshots.retry', { snapshot });
    assert.equal(finished.state, 'complete');
  });
});

test('a waiting request can be cancelled too', () =>
  withSite({ ...site, '/missing.png': endless }, async (port, server) => {
    port.send({
      jsonrpc: '2.0',
      id: 60,
      method: 'links.save',
      params: { url: `${server.origin}/` },
    });
    port.send({ jsonrpc: '2.0', id: 61, method: 'pages.search', params: {} });
    port.send({ jsonrpc: '2.0', method: 'cancel', params: { id: 61 } });
    port.send({ jsonrpc: '2.0', method: 'cancel', params: { id: 60 } });
    const faults = [];
    while (faults.length < 2) {
      const message = await port.next();
      if (message.error) {
        faults.push([message.id, message.error.data.name]);
      }
    }
    assert.deepEqual(faults, [
      [60, 'cancelled'],
      [61, 'cancelled'],
    ]);
  }));

test('a host killed in the middle keeps the page', () => {
  /** @type {Record<string, import('./server.mjs').Route>} */
  const routes = { ...site, '/missing.png': endless };
  return withSite(routes, async (port, server, folder) => {
    port.send({
      jsonrpc: '2.0',
      id: 70,
      method: 'links.save',
      params: { url: `${server.origin}/` },
    });
    let message = await port.next();
    while (message.params?.stage !== 'assets') {
      message = await port.next();
    }
    port.child.kill('SIGKILL');
    await port.ended;
    const second = new Port(folder);
    const { store } = await second.hello();
    assert.equal(store.pending, 1);
    const { pages } = await second.request('pages.search', { query: '离线' });
    assert.equal(pages[0].state, 'pending');
    routes['/missing.png'] = { type: 'image/png', body: png };
    const { snapshot } = pages[0];
    assert.equal((await second.request('snapshots.retry', { snapshot })).state, 'complete');
    await second.close();
  });
});

test('closing the port cancels what is under way', () =>
  withSite({ ...site, '/missing.png': endless }, async (port, server) => {
    port.send({
      jsonrpc: '2.0',
      id: 80,
      method: 'links.save',
      params: { url: `${server.origin}/` },
    });
    let message = await port.next();
    while (message.params?.stage !== 'assets') {
      message = await port.next();
    }
    const started = Date.now();
    await port.close();
    assert.ok(Date.now() - started < 5000);
  }));

test('what fails is said by name', () =>
  withSite(
    {
      '/gone': { status: 410 },
      '/loop': { status: 302, headers: { location: '/loop' } },
    },
    async (port, server) => {
      for (const [path, fault] of [
        ['/gone', 'status'],
        ['/loop', 'redirect'],
      ]) {
        await assert.rejects(port.request('links.save', { url: server.origin + path }), { fault });
      }
      assert.equal((await port.request('pages.search')).total, 0);
    },
  ));
