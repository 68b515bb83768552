// Pages that are too much: the host stays within its bounds and says where they were.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Port, scratch } from './port.mjs';
import { png, serve } from './server.mjs';

const MIB = 1024 * 1024;

/**
 * Saves `/` of a site within a minute, and looks at what became of it.
 *
 * @param {Record<string, import('./server.mjs').Route>} routes
 * @param {(result: any, report: any, server: Awaited<ReturnType<typeof serve>>) => void} look
 * @param {{ seconds?: number, memory?: number }} [bounds]
 */
async function saveWithin(routes, look, { seconds = 30, memory = 400 * MIB } = {}) {
  const { folder, remove } = scratch();
  const server = await serve(routes);
  const port = new Port(folder);
  const timer = setTimeout(() => port.child.kill('SIGKILL'), 60_000);
  try {
    await port.hello();
    const started = Date.now();
    const result = await saved(port, `${server.origin}/`);
    const took = (Date.now() - started) / 1000;
    const report = await port.request('snapshots.get', { snapshot: result.snapshot });
    look(result, report, server);
    assert.ok(took < seconds, `${took} s`);
    const most = peak(port.child.pid);
    assert.ok(most < memory, `${most / MIB} MiB`);
    await port.close();
  } finally {
    clearTimeout(timer);
    port.child.kill('SIGKILL');
    await server.close();
    remove();
  }
}

/**
 * A save, waiting for its answer as long as there is progress.
 *
 * @param {Port} port
 * @param {string} url
 */
async function saved(port, url) {
  port.send({ jsonrpc: '2.0', id: 'bounds', method: 'links.save', params: { url } });
  for (;;) {
    const message = await port.next(60_000);
    assert.ok(message, port.log);
    if (message.id === 'bounds') {
      assert.ok(message.result, JSON.stringify(message.error));
      return message.result;
    }
  }
}

/** The most memory that a process has had, 0 where the system does not say. @param {any} pid */
function peak(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(status.match(/^VmHWM:\s+(\d+) kB$/m)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** @param {any} report @param {string} kind */
const count = (report, kind) => report.kinds.find((/** @type {any} */ each) => each.kind === kind);

const sanitized = (process.env.LINKSNAP_BUILD ?? '').endsWith('san');
const slow = sanitized ? 4 : 1;
const roomy = sanitized ? Infinity : 700 * MIB;

test('a style sheet of 30 MB is kept; one past the ceiling is told of', () => {
  const rule = '.a>b{color:red;background:url("i.png")}\n';
  const css = rule.repeat(Math.floor((30 * MIB) / rule.length));
  return saveWithin(
    {
      '/': { body: '<link rel=stylesheet href=30.css><link rel=stylesheet href=33.css>' },
      '/30.css': { type: 'text/css', body: css },
      '/33.css': { type: 'text/css', body: `${css}${rule.repeat(80_000)}` },
      '/i.png': { type: 'image/png', body: png },
    },
    (_result, report) => {
      assert.deepEqual([count(report, 'style').kept, count(report, 'style').failed], [1, 1]);
      // Under the sanitizers the first is still being read when the second's time is over.
      assert.match(report.failures[0].name, sanitized ? /too_large|timeout/ : /too_large/);
      assert.equal(count(report, 'image').kept, 1);
    },
    { seconds: 20 * slow, memory: roomy },
  );
});

test('of more images than the ceiling the first 5,000 are fetched', () => {
  const images = Array.from({ length: 5100 }, (_, i) => `<img src="/i/${i}.png">`).join('');
  /** @type {Record<string, import('./server.mjs').Route>} */
  const routes = { '/': { body: `<link rel=icon href="data:,">${images}` } };
  for (let i = 0; i < 5100; i++) {
    routes[`/i/${i}.png`] = { type: 'image/png', body: png };
  }
  return saveWithin(
    routes,
    (result, report, server) => {
      assert.deepEqual(result.assets, {
        total: 5100,
        stored: 5000,
        reused: 4999,
        failed: 100,
        left_out: 0,
      });
      assert.equal(report.failures.length, 100);
      assert.ok(report.failures.every((/** @type {any} */ { name }) => name === 'limit'));
      assert.deepEqual(result.wanted, []);
      assert.equal(server.requests.length, 5001);
    },
    { seconds: 20 * slow, memory: roomy },
  );
});

test('ten thousand fonts, and more, that no server has', () => {
  const faces = Array.from(
    { length: 12_000 },
    (_, i) => `@font-face{font-family:f${i};src:url(/f/${i}.woff2)}`,
  );
  return saveWithin(
    { '/': { body: `<link rel=icon href="data:,"><style>${faces.join('')}</style><p>x` } },
    (result, report, server) => {
      assert.equal(result.assets.total, 10_000);
      assert.equal(result.assets.failed, 10_000);
      assert.equal(result.wanted.length, 500);
      assert.ok(server.requests.length <= 5001);
      assert.deepEqual(count(report, 'font'), {
        kind: 'font',
        kept: 0,
        failed: 10_000,
        left_out: 0,
        bytes: 0,
      });
      assert.ok(report.next > 0);
    },
    { seconds: 25 * slow, memory: roomy },
  );
});

test('nests of url(), functions and blocks end', () => {
  const nests = [
    'a{b:url(url(url(x.png)))}',
    `a{b:${'image-set('.repeat(20_000)}url(y.png)${')'.repeat(20_000)}}`,
    `${'a{'.repeat(50_000)}b:url(z.png)`,
    `a{b:url("${'\\'.repeat(99_999)}`,
    `a{b:${'url('.repeat(50_000)}`,
  ];
  /** @type {Record<string, import('./server.mjs').Route>} */
  const routes = {
    '/': { body: nests.map((_, i) => `<link rel=stylesheet href="${i}.css">`).join('') },
  };
  nests.forEach((body, i) => {
    routes[`/${i}.css`] = { type: 'text/css', body };
  });
  return saveWithin(
    routes,
    (_result, report) => assert.equal(count(report, 'style').kept, nests.length),
    { seconds: 10 * slow, memory: roomy },
  );
});

test('circles and chains of @import, and frames in themselves, end', () => {
  /** @param {string} path */
  const number = (path) => Number(path.match(/\d+/)?.[0]);
  /** @type {Record<string, import('./server.mjs').Route>} */
  const routes = {
    '/': {
      body: `<link rel=icon href="data:,"><link rel=stylesheet href="/round/a.css">
        <link rel=stylesheet href="/chain?1"><iframe src="/"></iframe>
        <iframe src="/self"></iframe><iframe src="/deep?1"></iframe>`,
    },
    '/round/a.css': { type: 'text/css', body: '@import "a.css";@import "b.css";' },
    '/round/b.css': { type: 'text/css', body: '@import url(a.css);@import "b.css?";b{}' },
    '/chain': (request, response) => {
      response.writeHead(200, { 'content-type': 'text/css' });
      response.end(`@import "/chain?${number(request.url ?? '') + 1}";`);
    },
    '/self': { body: '<iframe src="/self"></iframe><iframe src="/"></iframe>' },
    '/deep': (request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(`<iframe src="/deep?${number(request.url ?? '') + 1}"></iframe>`);
    },
  };
  return saveWithin(
    routes,
    (_result, report, server) => {
      const failures = report.failures.map(
        (/** @type {any} */ { kind, name }) => `${kind} ${name}`,
      );
      assert.deepEqual(failures.sort(), ['frame limit', 'style limit']);
      assert.equal(count(report, 'frame').kept, 9);
      assert.equal(count(report, 'style').kept, 3 + 17);
      assert.ok(server.requests.length < 40, String(server.requests.length));
    },
    { seconds: 10 * slow },
  );
});
