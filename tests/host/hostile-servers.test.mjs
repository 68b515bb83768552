// Servers that stall, lie, and send too much: each ends in bounded time with its name, and the good
// links beside it are done.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { png } from './server.mjs';
import { article, jobs, until, withStand } from './stand.mjs';

/** @typedef {(socket: import('node:net').Socket) => void} Raw */

/** @param {string} head @param {(socket: import('node:net').Socket) => void} [after] @returns {Raw} */
const answer =
  (head, after = (socket) => socket.end()) =>
  (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n${head}\r\n`);
    after(socket);
  };

/** Writes as long as anybody reads. @param {Buffer | string} part @param {number} ms @returns {Raw} */
const forever = (part, ms) => (socket) => {
  const timer = setInterval(() => {
    if (socket.writableLength < 1 << 20) {
      socket.write(part);
    }
  }, ms);
  socket.on('close', () => clearInterval(timer));
};

const blanks = Buffer.alloc(96 << 20, ' ');

/** 96 MiB in blocks that say only which byte they are full of (RFC 8878 §3.1.1). */
const zstd = Buffer.concat([
  Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50]),
  ...Array.from({ length: 768 }, (_, i) => {
    const block = ((128 * 1024) << 3) | (1 << 1) | (i === 767 ? 1 : 0);
    return Buffer.from([block & 255, (block >> 8) & 255, block >> 16, 0x20]);
  }),
]);

/** @param {Buffer} bytes */
const whole = (bytes) => (/** @type {import('node:net').Socket} */ socket) => socket.end(bytes);

/**
 * What a server does, and the names that it may end with: a transfer that is cut off is sometimes
 * seen as one thing and sometimes as the other.
 * @type {Record<string, [act: Raw, names: string[]]>}
 */
const servers = {
  'stalls before headers': [() => {}, ['timeout']],
  'stalls after headers': [answer('content-length: 100\r\n', () => {}), ['timeout']],
  'stalls in the middle': [
    answer('content-length: 100\r\n', (socket) => socket.write('<p>half')),
    ['timeout'],
  ],
  'closes at once': [(socket) => socket.destroy(), ['connect', 'server']],
  'sends less than it said': [
    answer('content-length: 100000\r\n', (socket) => socket.end('<p>short')),
    ['connect', 'server'],
  ],
  'sends a negative length': [
    answer('content-length: -1\r\n', (socket) => socket.end('<p>x')),
    ['server', 'connect'],
  ],
  'says a length past the ceiling': [
    answer('content-length: 10000000000\r\n', forever(Buffer.alloc(65536, 'x'), 1)),
    ['too_large'],
  ],
  'is endless': [answer('', forever(Buffer.alloc(1 << 20, 'x'), 1)), ['too_large', 'timeout']],
  'is a bomb of gzip': [
    answer('content-encoding: gzip\r\n', whole(gzipSync(blanks))),
    ['too_large'],
  ],
  'is a bomb of brotli': [
    answer('content-encoding: br\r\n', whole(brotliCompressSync(blanks, { params: { 1: 1 } }))),
    ['too_large'],
  ],
  'is a bomb of zstd': [answer('content-encoding: zstd\r\n', whole(zstd)), ['too_large']],
  'says gzip and sends none': [
    answer('content-encoding: gzip\r\n', (socket) =>
      socket.end('<p>plain text that is not packed'),
    ),
    ['server', 'document'],
  ],
  'has ten thousand headers': [
    answer(
      Array.from({ length: 10_000 }, (_, i) => `x-header-number-${i}: ${'v'.repeat(30)}\r\n`).join(
        '',
      ),
    ),
    ['server', 'too_large', 'limit'],
  ],
  'has a header without an end': [
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx-long: ');
      forever(Buffer.alloc(65536, 'x'), 1)(socket);
    },
    ['server', 'too_large', 'limit'],
  ],
  'speaks something else': [(socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'), ['server']],
  'redirects to itself': [
    (socket) => socket.end('HTTP/1.1 302 Found\r\nlocation: /again\r\ncontent-length: 0\r\n\r\n'),
    ['redirect'],
  ],
  'redirects to a file': [
    (socket) =>
      socket.end('HTTP/1.1 302 Found\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n'),
    ['redirect', 'url'],
  ],
  'redirects to a script': [
    (socket) =>
      socket.end(
        'HTTP/1.1 302 Found\r\nlocation: javascript:alert(1)\r\ncontent-length: 0\r\n\r\n',
      ),
    ['redirect', 'url'],
  ],
};

/** @param {Raw} act answers every request @returns {Promise<{ origin: string, close: () => void }>} */
function rawServer(act) {
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.once('data', () => act(socket));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      const close = () => {
        server.close();
        sockets.forEach((socket) => socket.destroy());
      };
      resolve({ origin: `http://127.0.0.1:${port}`, close });
    });
  });
}

test('one queue with every bad server, and with good links between them', async () => {
  const names = Object.keys(servers);
  const bad = await Promise.all(names.map((name) => rawServer(servers[name][0])));
  try {
    await withStand({ '/good': { body: article('Good') } }, async ({ origin, port, open }) => {
      const looker = await open();
      const good = bad.map((_, i) => `${origin}/good?${i}`);
      const urls = bad.flatMap((server, i) => [`${server.origin}/`, good[i]]);
      await port.request('queue.add', { urls });
      const started = Date.now();
      port.send({ jsonrpc: '2.0', id: 'run', method: 'queue.run', params: {} });
      /** @type {Record<string, any>} */
      let all = {};
      // What may pass waits for another attempt: the first tells its name.
      await until(
        'each had its turn',
        async () => {
          all = await jobs(looker);
          return Object.values(all).every(
            ({ state, error }) => state === 'done' || state === 'failed' || error !== null,
          );
        },
        150_000,
      );
      const took = (Date.now() - started) / 1000;
      for (const url of good) {
        assert.equal(all[url].state, 'done', url);
      }
      const wrong = names
        .map((name, i) => ({ name, end: all[`${bad[i].origin}/`] }))
        .filter(({ name, end }) => !servers[name][1].includes(end.error?.name))
        .map(({ name, end }) => `${name}: ${end.state} ${JSON.stringify(end.error)}`);
      assert.deepEqual(wrong, []);
      assert.ok(
        Object.values(all).every(({ error }) => error === null || error.message.length > 5),
      );
      assert.ok(took < 120, `${took} s`);
      await port.close();
    });
  } finally {
    bad.forEach((server) => server.close());
  }
});

test('what is of another type than is said is kept as what it is', () =>
  withStand(
    {
      '/html': { type: 'image/png', body: article('Says it is a picture') },
      '/png': { type: 'text/html', body: png },
      '/none': { type: '', body: article('Says nothing') },
      '/odd': { type: 'no type at all', body: article('Says nonsense') },
    },
    async ({ origin, port }) => {
      const kind = async (/** @type {string} */ path) =>
        (await port.request('links.save', { url: origin + path })).kind;
      assert.equal(await kind('/png'), 'image');
      assert.equal(await kind('/none'), 'page');
      assert.equal(await kind('/odd'), 'page');
      assert.equal(await kind('/html'), 'text');
    },
  ));

test('a page that grows its own queue, or names itself in every way, ends', () => {
  const links = Array.from({ length: 200 }, (_, i) => `<link rel=alternate href="/self?${i}">`);
  const self = `${article('Self').replace('<h1>', `${links.join('')}<h1>`)}<iframe src="/self"></iframe><object data="/self"></object><img src="/self">`;
  return withStand({ '/self': { body: self } }, async ({ origin, port, server }) => {
    await port.request('queue.add', { urls: [`${origin}/self`] });
    assert.equal((await port.request('queue.run', {}, undefined, 60_000)).done, 1);
    assert.ok(server.requests.length < 20, String(server.requests.length));
  });
});
