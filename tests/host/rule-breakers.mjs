// Servers that break a rule of the network, each with the rule.
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { answer, forever, redirect } from './lying.mjs';

/** @typedef {import('./lying.mjs').Act} Act */

const blanks = Buffer.alloc(96 << 20, ' ');
const packed = gzipSync(blanks);
const zstd = Buffer.concat([
  Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50]),
  ...Array.from({ length: 768 }, (_, i) => {
    const block = ((128 * 1024) << 3) | (1 << 1) | (i === 767 ? 1 : 0);
    return Buffer.from([block & 255, (block >> 8) & 255, block >> 16, 0x20]);
  }),
]);

/** @param {string | Buffer} bytes @returns {Act} */
export const whole = (bytes) => (socket) => socket.end(bytes);

/** @param {string} start @param {string | Buffer} part @param {number} [ms] @returns {Act} */
const endless = (start, part, ms) => (socket) => {
  socket.write(start);
  forever(socket, part, ms);
};

/** @param {string} coding @param {Buffer} body */
const coded = (coding, body) => whole(answer('200 OK', `content-encoding: ${coding}\r\n`, body));

const ok = 'HTTP/1.1 200 OK\r\n';

/** What unpacks to so much, beside others, may be too much at once before it is too large. */
const unpacked = ['too_large', 'no_memory'];

/** The rule, the server that breaks it, the names that it may end with. @type {[rule: string, server: Act, names: string[]][]} */
export const rules = [
  [
    'bytes of an asset: a body without end',
    endless(`${ok}\r\n`, 'x'.repeat(1 << 20)),
    ['too_large'],
  ],
  [
    'bytes: in chunks',
    endless(`${ok}transfer-encoding: chunked\r\n\r\n`, `100000\r\n${'x'.repeat(1 << 20)}\r\n`),
    ['too_large'],
  ],
  [
    'bytes: a length that is said',
    whole(`${ok}content-length: 99999999999\r\n\r\nx`),
    ['too_large'],
  ],
  [
    'bytes: a length that is none',
    whole(`${ok}content-length: 9e99\r\n\r\nx`),
    ['server', 'connect'],
  ],
  ['unpacked size: gzip', coded('gzip', packed), unpacked],
  ['unpacked size: gzip in gzip', coded('gzip, gzip', gzipSync(packed)), unpacked],
  [
    'unpacked size: brotli',
    coded('br', brotliCompressSync(blanks, { params: { 1: 1 } })),
    unpacked,
  ],
  ['unpacked size: zstd', coded('zstd', zstd), unpacked],
  ['codings inside each other', coded(Array(100).fill('gzip').join(', '), packed), ['server']],
  [
    'codings, a header each',
    whole(answer('200 OK', 'content-encoding: gzip\r\n'.repeat(100), packed)),
    ['server'],
  ],
  ['headers without end', endless(ok, `x-a: ${'y'.repeat(1000)}\r\n`), ['server']],
  ['one header without end', endless(`${ok}x-a: `, 'y'.repeat(65536)), ['server']],
  ['a hundred thousand headers', whole(`${ok}${'a: b\r\n'.repeat(100_000)}\r\nx`), ['server']],
  [
    'interim answers without end',
    endless('', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(100)),
    ['server'],
  ],
  [
    'trailers without end',
    endless(
      `${ok}transfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n`,
      `x-a: ${'y'.repeat(1000)}\r\n`,
    ),
    ['server'],
  ],
  ['time: a byte each second', endless(`${ok}content-length: 1000\r\n\r\n`, 'x', 900), ['timeout']],
  ['time: headers that drip', endless(ok, 'a', 900), ['timeout']],
  ['HTTP/0.9', whole('<p>no header at all'), ['server']],
  [
    'a change of protocol',
    whole('HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\n\r\n'),
    ['server', 'connect'],
  ],
  ['redirects in a circle', whole(redirect('/again')), ['redirect']],
  ...[
    'file:///etc/passwd',
    'ftp://127.0.0.1/x',
    'gopher://127.0.0.1:6379/_x',
    'dict://127.0.0.1:2628/x',
    'scp://127.0.0.1/etc/passwd',
    'ldap://127.0.0.1/',
    'smb://127.0.0.1/x',
    'tftp://127.0.0.1/x',
    'javascript:alert(1)',
    'data:image/png;base64,AAAA',
    'about:blank',
    'linksnap-asset:0',
    'http://user:secret@127.0.0.1/',
    'http://',
    `http://127.0.0.1/${'x'.repeat(20_000)}`,
  ].map(
    (to) =>
      /** @type {[string, Act, string[]]} */ ([
        `only http: a redirect to ${to.slice(0, 40)}`,
        whole(redirect(to)),
        ['redirect'],
      ]),
  ),
  [
    'credentials: asked for (Basic)',
    whole(answer('401 Unauthorized', 'www-authenticate: Basic realm="x"\r\n')),
    ['status'],
  ],
  [
    'credentials: asked for (Negotiate, NTLM)',
    whole(answer('401 Unauthorized', 'www-authenticate: Negotiate\r\nwww-authenticate: NTLM\r\n')),
    ['status'],
  ],
  [
    'credentials: of a proxy',
    whole(answer('407 Proxy Authentication Required', 'proxy-authenticate: Basic realm="x"\r\n')),
    ['status'],
  ],
];
