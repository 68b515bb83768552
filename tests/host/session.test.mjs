// What a server gives to some and not to others: what the host sends of a page, what it asks a browser
// for, what it takes from it, and the report of all that.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Port, scratch } from './port.mjs';
import { png, serve } from './server.mjs';

/** @typedef {Awaited<ReturnType<typeof serve>>} Server */
/** @typedef {Record<string, import('./server.mjs').Route>} Routes */

/**
 * @param {Routes} routes
 * @param {(port: Port, server: Server) => Promise<void>} act
 */
async function withSite(routes, act) {
  const { folder, remove } = scratch();
  const server = await serve(routes);
  const port = new Port(folder);
  try {
    await port.hello();
    await act(port, server);
    assert.equal(await port.close(), 0);
  } finally {
    port.child.kill('SIGKILL');
    await server.close();
    remove();
  }
}

/** @param {(headers: import('node:http').IncomingHttpHeaders) => boolean} isAllowed */
const guarded =
  (isAllowed, type = 'image/png', /** @type {string | Buffer} */ body = png) =>
  (
    /** @type {import('node:http').IncomingMessage} */ { headers },
    /** @type {import('node:http').ServerResponse} */ response,
  ) => {
    const isOpen = isAllowed(headers);
    response.writeHead(isOpen ? 200 : 403, { 'content-type': isOpen ? type : 'text/html' });
    response.end(isOpen ? body : 'no');
  };

/** @param {Server} server */
const paths = (server) => server.requests.map(({ path }) => path);

/**
 * Hands over resources for a snapshot.
 *
 * @param {Port} port
 * @param {number} snapshot
 * @param {{ url: string, type: string, body: string | Buffer, base?: string }[]} resources
 */
async function supply(port, snapshot, resources) {
  const { capture } = await port.request('capture.begin', { snapshot });
  for (const [item, { url, type, body, base }] of resources.entries()) {
    await port.request('capture.add', {
      capture,
      item,
      seq: 0,
      kind: 'resource',
      url,
      ...(base ? { base } : {}),
      media_type: type,
      data: Buffer.from(body).toString('base64'),
      last: true,
    });
  }
  return port.request('capture.commit', { capture });
}

test('hot-linked pictures get the Referer that the page says, and no cookie ever', async () => {
  const other = await serve({});
  const at = (/** @type {string} */ name) => `${other.origin}/${name}.png`;
  const images = [
    `<img src="${at('plain')}"><img src="${at('none')}" referrerpolicy="no-referrer">`,
    `<img src="${at('whole')}" referrerpolicy="unsafe-url"><img src="/own.png">`,
    `<img src="${at('odd')}" referrerpolicy="nonsense">`,
  ].join('');
  const routes = {
    '/a/page': { body: images },
    '/b/page': { body: `<meta name="Referrer" content="never">${images}` },
  };
  await withSite(routes, async (port, server) => {
    /** @param {string} page */
    const referers = async (page) => {
      other.requests.length = 0;
      server.requests.length = 0;
      const url = `${server.origin}${page}?q=1#part`;
      await port.request('links.save', { url, user_agent: 'Agent/1', language: 'zh-CN' });
      const all = [...other.requests, ...server.requests];
      for (const { path, headers } of all.filter((each) => each.path.endsWith('.png'))) {
        assert.equal(headers['user-agent'], 'Agent/1');
        assert.equal(headers['accept-language'], 'zh-CN');
        assert.equal(headers.cookie, undefined, path);
        assert.match(headers.accept ?? '', /^image\/avif,image\/webp,/);
      }
      return Object.fromEntries(all.map(({ path, headers }) => [path, headers.referer]));
    };
    const whole = (/** @type {string} */ page) => `${server.origin}${page}?q=1`;
    const first = await referers('/a/page');
    assert.equal(first['/plain.png'], `${server.origin}/`);
    assert.equal(first['/none.png'], undefined);
    assert.equal(first['/whole.png'], whole('/a/page'));
    assert.equal(first['/own.png'], whole('/a/page'));
    assert.equal(first['/odd.png'], `${server.origin}/`);
    const second = await referers('/b/page');
    assert.equal(second['/plain.png'], undefined);
    assert.equal(second['/own.png'], undefined);
    assert.equal(second['/whole.png'], whole('/b/page'));
  });
  await other.close();
});

test('what is forbidden is asked for once more without a Referer', () => {
  const routes = {
    '/': { body: '<img src="/bare.png"><img src="/never.png">' },
    '/bare.png': guarded(({ referer }) => referer === undefined),
    '/never.png': guarded(() => false),
  };
  return withSite(routes, async (port, server) => {
    const saved = await port.request('links.save', { url: `${server.origin}/` });
    assert.deepEqual(
      saved.failures.map((/** @type {any} */ { url, status }) => [url, status]),
      [[`${server.origin}/never.png`, 403]],
    );
    assert.equal(paths(server).filter((path) => path === '/bare.png').length, 2);
    assert.equal(paths(server).filter((path) => path === '/never.png').length, 2);
  });
});

test('a browser is asked for what it may get, and for nothing else', () => {
  const names = ['a401', 'b404', 'c410', 'd429', 'e503', 'f999', 'login', 'broken'];
  /** @type {Routes} */
  const routes = {
    '/': {
      body: [
        ...names.map((name) => `<img src="/${name}.png">`),
        '<iframe src="/frame403"></iframe>',
        '<img src="http://u:p@127.0.0.1/x.png"><img src="/ok.png">',
      ].join(''),
    },
    '/ok.png': { type: 'image/png', body: png },
    '/login.png': { body: '<p>Log in' },
    '/broken.png': (request) => request.socket.destroy(),
    '/frame403': { status: 403 },
  };
  for (const name of names.filter((each) => /\d/.test(each))) {
    routes[`/${name}.png`] = { status: Number(name.slice(1)) };
  }
  return withSite(routes, async (port, server) => {
    const { wanted } = await port.request('links.save', { url: `${server.origin}/` });
    const asked = wanted.map((/** @type {any} */ { url, kind }) => `${kind} ${url}`).sort();
    const expected = names
      .filter((name) => name !== 'c410')
      .map((name) => `image ${server.origin}/${name}.png`)
      .sort();
    assert.deepEqual(asked, expected);
  });
});

test('a style sheet that is handed in is followed, and nothing else is touched', () => {
  /** @type {Routes} */
  const routes = {
    '/': {
      body: '<link rel=stylesheet href="/s.css"><p>x</p><img src="/a.png"><img src="/b.png">',
    },
    '/s.css': { status: 403 },
    '/a.png': { status: 403 },
    '/b.png': { status: 404 },
    '/cdn/c.png': { type: 'image/png', body: png },
    '/cdn/f.woff2': { status: 401 },
  };
  return withSite(routes, async (port, server) => {
    const { origin } = server;
    const first = await port.request('links.save', { url: `${origin}/` });
    assert.equal(first.assets.failed, 3);
    server.requests.length = 0;
    const sheet = {
      url: `${origin}/s.css`,
      base: `${origin}/cdn/final.css`,
      type: 'text/css',
      body:
        'p{background:url(c.png)}@font-face{font-family:f;src:url(f.woff2)}' +
        '@font-face{font-family:f;src:url(han.woff2);unicode-range:U+4E00-9FFF}p{cursor:url(/a.png),auto}',
    };
    const second = await supply(port, first.snapshot, [sheet]);
    assert.deepEqual(paths(server).sort(), ['/cdn/c.png', '/cdn/f.woff2']);
    assert.deepEqual(second.wanted, [{ url: `${origin}/cdn/f.woff2`, kind: 'font' }]);
    assert.deepEqual(second.assets, { total: 6, stored: 2, reused: 0, failed: 3, left_out: 0 });
    assert.equal(second.state, 'incomplete');

    const rest = [
      { url: `${origin}/cdn/f.woff2`, type: 'font/woff2', body: 'wOF2abcd' },
      { url: `${origin}/a.png`, type: 'application/octet-stream', body: png },
      { url: `${origin}/b.png`, type: 'text/html', body: '<p>Log in' },
    ];
    const third = await supply(port, first.snapshot, rest);
    assert.equal(third.assets.failed, 1);
    assert.deepEqual(third.wanted, []);
    assert.equal(third.failures[0].name, 'type');
    const again = await supply(port, first.snapshot, [
      { ...rest[2], type: 'image/png', body: png },
    ]);
    assert.equal(again.state, 'complete');
    assert.equal(again.assets.failed, 0);
    // Whoever comes late changes nothing.
    const late = await supply(port, first.snapshot, [{ ...rest[1], type: 'text/html', body: 'x' }]);
    assert.deepEqual(late.assets, { total: 6, stored: 0, reused: 0, failed: 0, left_out: 0 });
  });
});

test('what is not of the snapshot, or comes twice, is refused whole', () =>
  withSite(
    {
      '/': { body: '<img src="/a.png"><img src="blob:x">' },
      '/two': { body: '<img src="/b.png">' },
    },
    async (port, server) => {
      const { origin } = server;
      const { snapshot } = await port.request('links.save', { url: `${origin}/` });
      await port.request('links.save', { url: `${origin}/two` });
      const a = { url: `${origin}/a.png`, type: 'image/png', body: png };
      for (const wrong of [
        [a, { ...a, url: `${origin}/b.png` }],
        [a, a],
        [a, { ...a, url: 'blob:x' }],
        [a, { ...a, url: 'linksnap:canvas/1' }],
        [{ ...a, url: `${a.url}#x` }],
      ]) {
        await assert.rejects(supply(port, snapshot, wrong), { fault: 'params' });
      }
      await assert.rejects(supply(port, snapshot, []), { fault: 'order' });
      const many = Array.from({ length: 501 }, (_, i) => ({ ...a, url: `${origin}/${i}` }));
      await assert.rejects(supply(port, snapshot, many), { fault: 'limit' });
      const { assets, kinds } = await port.request('snapshots.get', { snapshot });
      assert.equal(assets.failed, 1);
      assert.deepEqual(
        kinds.find((/** @type {any} */ { kind }) => kind === 'image'),
        { kind: 'image', kept: 0, failed: 1, left_out: 0, bytes: 0 },
      );
    },
  ));

test('only so many URLs are asked for at once', () => {
  const images = Array.from({ length: 510 }, (_, i) => `<img src="/${i}">`).join('');
  const long = Array.from({ length: 40 }, (_, i) => `<img src="/${i}?${'x'.repeat(10_000)}">`).join(
    '',
  );
  return withSite({ '/': { body: images }, '/long': { body: long } }, async (port, server) => {
    const many = await port.request('links.save', { url: `${server.origin}/` });
    assert.equal(many.wanted.length, 500);
    const { wanted } = await port.request('links.save', { url: `${server.origin}/long` });
    assert.equal(wanted.length, 26);
  });
});

test('media past the limit is left out, early and plainly, and fetched when the limit is higher', () => {
  const sizes = { small: 1000, large: 3000 };
  let sent = 0;
  /** @type {Routes} */
  const routes = {
    '/': {
      body: '<video src="/small.mp4"></video><audio src="/large.mp3"></audio><video src="/endless.mp4"></video>',
    },
    '/small.mp4': { type: 'video/mp4', body: Buffer.alloc(sizes.small) },
    '/large.mp3': { type: 'audio/mpeg', body: Buffer.alloc(sizes.large) },
    '/endless.mp4': (_request, response) => {
      response.writeHead(200, { 'content-type': 'video/mp4' });
      const timer = setInterval(() => {
        sent += 10_000;
        response.write(Buffer.alloc(10_000));
      }, 1);
      response.on('close', () => clearInterval(timer));
    },
  };
  return withSite(routes, async (port, server) => {
    const url = `${server.origin}/`;
    const none = await port.request('links.save', { url, media_limit: 0 });
    assert.deepEqual(paths(server), ['/', '/favicon.ico']);
    assert.equal(none.state, 'complete');
    assert.equal(none.assets.left_out, 3);
    assert.deepEqual(none.failures, []);
    assert.deepEqual(none.wanted, []);

    const some = await port.request('links.save', { url, media_limit: sizes.small });
    assert.equal(some.assets.left_out, 2);
    assert.equal(some.state, 'complete');
    assert.ok(sent < 5_000_000, `${sent} bytes`);

    delete routes['/endless.mp4'];
    const { snapshot } = some;
    const more = await port.request('snapshots.retry', { snapshot, media_limit: sizes.large });
    assert.deepEqual(more.assets, { total: 4, stored: 1, reused: 0, failed: 1, left_out: 0 });
    assert.equal(more.state, 'incomplete');
    const report = await port.request('snapshots.get', { snapshot });
    assert.deepEqual(
      report.kinds.find((/** @type {any} */ { kind }) => kind === 'media'),
      { kind: 'media', kept: 2, failed: 1, left_out: 0, bytes: sizes.small + sizes.large },
    );
    await assert.rejects(port.request('links.save', { url, media_limit: 200 * 2 ** 20 + 1 }), {
      fault: 'params',
    });
  });
});

test('a report with long addresses is told in several answers', () => {
  const images = Array.from({ length: 300 }, (_, i) => `<img src="/${i}?${'y'.repeat(3000)}">`);
  return withSite({ '/': { body: images.join('') } }, async (port, server) => {
    const { snapshot } = await port.request('links.save', { url: `${server.origin}/` });
    const seen = new Set();
    let answers = 0;
    for (let offset = 0; offset !== null; answers++) {
      const { failures, next } = await port.request('snapshots.get', { snapshot, offset });
      for (const { url } of failures) {
        assert.equal(url.length, 2048);
        seen.add(url);
      }
      offset = next;
    }
    assert.equal(seen.size, 300);
    assert.ok(answers > 1 && answers < 10, String(answers));
  });
});
