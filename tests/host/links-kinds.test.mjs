// Links to what is no web page: each is kept whole, shown, and found by its words.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { atom, mp3, mp4, pdf, rss, zip } from './documents.mjs';
import { png } from './server.mjs';
import { article, linksnap, withStand } from './stand.mjs';

/** @typedef {import('./port.mjs').Port} Port */

/** The original of a snapshot. @param {Port} port @param {number} snapshot */
async function original(port, snapshot) {
  /** @type {Buffer[]} */
  const parts = [];
  for (let offset = 0; offset !== null;) {
    const part = await port.request('snapshots.read', { snapshot, offset, file: true });
    parts.push(Buffer.from(part.data, 'base64'));
    offset = part.next;
  }
  return Buffer.concat(parts);
}

/** As it is shown. @param {Port} port @param {number} snapshot */
async function shown(port, snapshot) {
  let html = '';
  for (let offset = 0; offset !== null;) {
    const part = await port.request('snapshots.read', { snapshot, offset });
    html += part.data;
    offset = part.next;
  }
  return html;
}

/**
 * @typedef {object} Kind
 * @property {string} kind
 * @property {string | Buffer} body
 * @property {string} [type] as the server says
 * @property {string} [path]
 * @property {string} [name] of the file
 * @property {string} [media] as it is told
 * @property {string[]} [words] that find it
 * @property {string[]} [marks] in what is shown
 * @property {string} [disposition]
 */
/** @type {Record<string, Kind>} */
const kinds = {
  'a PDF, its English and its Chinese text': {
    kind: 'pdf',
    path: '/papers/report.pdf',
    type: 'application/pdf',
    body: pdf('Quarterly manuscript', '图书馆年度报告'),
    words: ['manuscript', '年度'],
  },
  'a PDF that is called a stream of octets': {
    kind: 'pdf',
    path: '/get',
    type: 'application/octet-stream',
    body: pdf('Attached'),
    disposition: `attachment; filename="x.pdf"; filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf`,
    name: '报告.pdf',
    media: 'application/pdf',
    words: ['attached'],
  },
  'a picture': { kind: 'image', path: '/i.png', type: 'image/png', body: png, marks: ['<img'] },
  'a text': {
    kind: 'text',
    path: '/readme.txt',
    type: 'text/plain; charset=utf-8',
    media: 'text/plain',
    body: '第一行\n  second line <b>not bold</b> & so on\n',
    words: ['第一行', 'bold'],
    marks: ['&lt;b&gt;not bold'],
  },
  Markdown: {
    kind: 'markdown',
    path: '/README.md',
    type: 'text/markdown',
    body: '# 阅读笔记\n\n* one **strong** word\n* [link](http://127.0.0.1/)\n\n<script>alert(1)</script>\n',
    words: ['阅读笔记', 'strong'],
    marks: ['<h1', '<strong>', '<li>'],
  },
  JSON: {
    kind: 'json',
    path: '/data.json',
    type: 'application/json',
    body: '{"title":"资料","list":[1,2,{"deep":"<img src=x onerror=alert(1)>"}]}',
    words: ['资料', 'deep'],
    marks: ['&lt;img'],
  },
  RSS: {
    kind: 'feed',
    path: '/feed',
    type: 'application/rss+xml',
    body: rss,
    words: ['每周一读', '光明图书馆', 'issue'],
    marks: ['http://127.0.0.1/2'],
  },
  'Atom, called XML': {
    kind: 'feed',
    path: '/atom.xml',
    type: 'text/xml',
    body: atom,
    words: ['quarks', 'charmed'],
  },
  XML: {
    kind: 'xml',
    path: '/notes.xml',
    type: 'application/xml',
    body: '<?xml version="1.0"?><notes><note lang="zh">记一笔</note><note>Another</note></notes>',
    words: ['记一笔', 'another'],
  },
  sound: { kind: 'audio', path: '/a.mp3', type: 'audio/mpeg', body: mp3, marks: ['<audio'] },
  'a film': { kind: 'video', path: '/v.mp4', type: 'video/mp4', body: mp4, marks: ['<video'] },
  'an archive': {
    kind: 'file',
    path: '/all%20files.zip',
    type: 'application/zip',
    body: zip('a.txt', 'hello'),
    name: 'all files.zip',
    marks: ['all files.zip'],
  },
};

for (const [what, each] of Object.entries(kinds)) {
  const { kind, body, type = '', path = '/x', words = [], marks = [], disposition } = each;
  const { media = type } = each;
  /** @type {Record<string, string>} */
  const headers = disposition ? { 'content-disposition': disposition } : {};
  test(`${what} is kept as it came`, () =>
    withStand({ [path]: { type, body, headers } }, async ({ folder, origin, port, server }) => {
      const saved = await port.request('links.save', { url: origin + path, tags: ['档'] });
      assert.deepEqual([saved.kind, saved.state], [kind, 'complete']);
      const bytes = Buffer.from(body);
      const {
        file,
        kind: told,
        url,
      } = await port.request('snapshots.get', {
        snapshot: saved.snapshot,
      });
      assert.deepEqual([told, url], [kind, origin + path]);
      assert.deepEqual(file, {
        name: each.name ?? path.split('/').at(-1),
        media_type: media,
        bytes: bytes.length,
      });
      assert.ok((await original(port, saved.snapshot)).equals(bytes));
      const show = await linksnap(folder, ['show', '--file', String(saved.snapshot)]);
      assert.ok(show.out.equals(bytes));
      for (const word of [...words, 'tag:档']) {
        const { pages } = await port.request('pages.search', { query: word });
        assert.deepEqual(
          pages.map((/** @type {any} */ page) => [page.page, page.kind]),
          [[saved.page, kind]],
          word,
        );
      }
      const html = await shown(port, saved.snapshot);
      for (const mark of marks) {
        assert.ok(html.includes(mark), `${mark} in ${html.slice(-3000)}`);
      }
      assert.doesNotMatch(html, /<script|<[^>]* onerror/);
      const again = await port.request('links.save', { url: origin + path });
      assert.deepEqual([again.unchanged, again.version], [true, 1]);
      const asked = server.requests.map((request) => request.path);
      assert.deepEqual(
        asked.filter((one) => one !== '/favicon.ico'),
        [path, path],
      );
    }));
}

test('show --file writes the original to where it is told, and a page has none', () =>
  withStand(
    { '/a.zip': { type: 'application/zip', body: zip('a', 'b') }, '/': { body: article('A') } },
    async ({ folder, origin }) => {
      const saved = await linksnap(folder, ['save', '--json', `${origin}/a.zip`, `${origin}/`]);
      const [archive, page] = saved.json.map(({ snapshot }) => String(snapshot));
      const target = join(folder, 'out.zip');
      assert.equal((await linksnap(folder, ['show', '--file', '-o', target, archive])).status, 0);
      assert.ok(readFileSync(target).equals(zip('a', 'b')));
      const none = await linksnap(folder, ['show', '--file', page]);
      assert.equal(none.status, 1);
      assert.match(none.err, /no original/);
    },
  ));

test('a large file comes in parts, whole', () => {
  const body = Buffer.alloc(3_000_001, 'Linksnap\x00\x01\x02');
  body.write('\x7fELF', 'latin1');
  return withStand(
    { '/big.bin': { type: 'application/octet-stream', body } },
    async ({ origin, port }) => {
      const { snapshot, kind } = await port.request('links.save', { url: `${origin}/big.bin` });
      assert.equal(kind, 'file');
      assert.ok((await original(port, snapshot)).equals(body));
      const past = { snapshot, offset: body.length + 1, file: true };
      await assert.rejects(port.request('snapshots.read', past), { fault: 'params' });
    },
  );
});
