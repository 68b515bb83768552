// Reading what is stored in other ways than as a page: its text, one asset, its original, two
// versions beside each other; and links that come with words of their own.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';

import { png } from './server.mjs';
import { article, withStand } from './stand.mjs';

/** @typedef {import('./port.mjs').Port} Port */

/** @param {Promise<unknown>} request @param {string} name @param {string} [field] */
const fails = (request, name, field) =>
  assert.rejects(request, (/** @type {any} */ error) => {
    assert.equal(error.fault, name, error.message);
    assert.equal(error.data.field, field);
    return true;
  });

/**
 * All parts, put together.
 * @param {Port} port
 * @param {string} method
 * @param {object} params
 */
async function readAll(port, method, params) {
  const parts = [];
  let last;
  for (let offset = 0; offset !== null; offset = last.next) {
    last = await port.request(method, { ...params, offset });
    assert.equal(last.next === null || last.next > offset, true);
    parts.push(last.data);
  }
  return { parts, last };
}

/** @param {Port} port @param {number} from @param {number} to */
const compare = (port, from, to) => port.request('snapshots.compare', { from, to });

const large = Buffer.concat([png.subarray(0, 33), randomBytes(1_000_000)]);
const font = Buffer.concat([Buffer.from('wOF2'), randomBytes(600)]);
const sheet = '@font-face{font-family:F;src:url(f.woff2)}h1{font-family:F}';

test('an asset comes as it is stored, in parts', () =>
  withStand(
    {
      '/a': { body: `${article('A')}<img src="large.png"><img src="none.png">` },
      '/b': { body: `${article('B')}<img src="large.png"><img src="one.png">` },
      '/large.png': { type: 'image/png', body: large },
      '/one.png': { type: 'image/png', body: png },
    },
    async ({ port, origin }) => {
      const a = await port.request('links.save', { url: `${origin}/a` });
      const b = await port.request('links.save', { url: `${origin}/b` });
      const { added, gone, changed, more } = await compare(port, a.snapshot, b.snapshot);
      assert.deepEqual([gone, changed, more], [[], [], false]);
      assert.deepEqual(
        added.map((/** @type {any} */ { url, kind, media_type: type, bytes }) => [
          url,
          kind,
          type,
          bytes,
        ]),
        [[`${origin}/one.png`, 'image', 'image/png', png.length]],
      );
      const read = { snapshot: b.snapshot, asset: added[0].ref };
      const small = await readAll(port, 'snapshots.read', read);
      assert.equal(small.last.media_type, 'image/png');
      assert.equal(Buffer.from(small.parts.join(''), 'base64').equals(png), true);
      await fails(
        port.request('snapshots.read', { ...read, snapshot: a.snapshot, offset: 0 }),
        'not_found',
      );
      await fails(port.request('snapshots.read', { ...read, asset: 'x', offset: 0 }), 'not_found');
      await fails(
        port.request('snapshots.read', { ...read, file: true, offset: 0 }),
        'params',
        'asset',
      );

      // The page that is read meanwhile does not get mixed up with it.
      const reverse = await compare(port, b.snapshot, a.snapshot);
      assert.deepEqual(reverse.gone, added);
      const html = await readAll(port, 'snapshots.read', { snapshot: b.snapshot });
      assert.ok(html.parts.length > 1 && html.parts[0].startsWith('<!DOCTYPE html>'));
      assert.equal(html.last.media_type, undefined);
    },
  ));

test('an original has its type, and many parts', () =>
  withStand({ '/a.png': { type: 'image/png', body: large } }, async ({ port, origin }) => {
    const { snapshot } = await port.request('links.save', { url: `${origin}/a.png` });
    const { parts, last } = await readAll(port, 'snapshots.read', { snapshot, file: true });
    assert.ok(parts.length > 2);
    assert.equal(last.media_type, 'image/png');
    assert.equal(last.size, large.length);
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')));
    assert.equal(bytes.equals(large), true);
  }));

test('the text comes in parts that cut no character', () =>
  withStand({}, async ({ port, origin, server }) => {
    const words = Array.from({ length: 60_000 }, (_, i) => `第${i}句，`).join('');
    server.requests.length = 0;
    const { capture } = await port.request('capture.begin', { url: `${origin}/long` });
    const data = `<html xmlns="http://www.w3.org/1999/xhtml"><head><link rel="icon" href="data:,"/></head><body><p>${words}</p></body></html>`;
    const first = { kind: 'document', url: `${origin}/long` };
    const cut = 300_000;
    for (let seq = 0; seq * cut < data.length; seq++) {
      await port.request('capture.add', {
        capture,
        item: 0,
        seq,
        ...(seq === 0 ? first : {}),
        data: data.slice(seq * cut, (seq + 1) * cut),
        last: (seq + 1) * cut >= data.length,
      });
    }
    const { snapshot } = await port.request('capture.commit', { capture });
    const { parts, last } = await readAll(port, 'snapshots.text', { snapshot });
    assert.ok(parts.length > 1);
    assert.equal(parts.join(''), words);
    assert.equal(last.size, Buffer.byteLength(words));
    await fails(
      port.request('snapshots.text', { snapshot, offset: last.size + 1 }),
      'params',
      'offset',
    );
    await fails(port.request('snapshots.text', { snapshot }), 'params', 'offset');
  }));

test('fonts are left out where nobody wants them, and can be had later', () =>
  withStand(
    {
      '/a': { body: `<style>${sheet}</style>${article('A')}` },
      '/b': { body: `<style>${sheet}</style>${article('B')}` },
      '/f.woff2': { type: 'font/woff2', body: font },
    },
    async ({ port, origin, server }) => {
      const asked = () => server.requests.filter(({ path }) => path === '/f.woff2').length;
      const fontless = async (/** @type {number} */ snapshot) => {
        const { state, kinds, left_out: out } = await port.request('snapshots.get', { snapshot });
        const fonts = kinds.find((/** @type {any} */ { kind }) => kind === 'font');
        return [state, fonts.kept, fonts.left_out, out.length];
      };
      const url = `${origin}/a`;
      const a = await port.request('links.save', { url, fonts: false });
      assert.equal(asked(), 0);
      assert.deepEqual(await fontless(a.snapshot), ['complete', 0, 1, 1]);
      await port.request('queue.add', { urls: [`${origin}/b`], fonts: false });
      await port.request('queue.run', {});
      assert.equal(asked(), 0);
      const found = await port.request('pages.find', { url: `${origin}/b` });
      assert.deepEqual(await fontless(found.snapshot), ['complete', 0, 1, 1]);

      await port.request('snapshots.retry', { snapshot: a.snapshot, fonts: false });
      assert.equal(asked(), 0);
      const again = await port.request('snapshots.retry', { snapshot: a.snapshot });
      assert.equal(asked(), 1);
      assert.deepEqual([again.state, again.assets.stored], ['complete', 1]);
      assert.deepEqual(await fontless(a.snapshot), ['complete', 1, 0, 0]);
    },
  ));

test('links come with titles, tags and notes of their own', () =>
  withStand({}, async ({ port }) => {
    await port.request('queue.pause', { paused: true });
    const url = (/** @type {number} */ i) => `http://127.0.0.1:9/${i}`;
    const links = Array.from({ length: 2000 }, (_, i) => ({
      url: url(i),
      title: `标题 ${i}`,
      tags: [`夹/${i % 7}`],
    }));
    const added = await port.request('queue.add', { links, tags: ['带入'], note: '来自书签' });
    assert.equal(added.jobs.length, 2000);
    assert.deepEqual(added.refused, []);
    const { jobs } = await port.request('queue.list', { limit: 3 });
    assert.deepEqual(
      jobs.map((/** @type {any} */ { title, tags, note }) => [title, tags, note]),
      [0, 1, 2].map((i) => [`标题 ${i}`, ['带入', `夹/${i}`], '来自书签']),
    );

    const one = { url: url(1) };
    const many = (/** @type {number} */ count) => Array.from({ length: count }, (_, i) => `t${i}`);
    await fails(port.request('queue.add', { links: [...links, one] }), 'limit', 'links');
    await fails(port.request('queue.add', { links: [one], urls: [url(2)] }), 'params', 'urls');
    await fails(port.request('queue.add', {}), 'params', 'urls');
    await fails(port.request('queue.add', { links: [{ title: 'A' }] }), 'params', 'url');
    await fails(port.request('queue.add', { links: [{ ...one, x: 1 }] }), 'params', 'x');
    const tagged = { ...one, tags: many(99) };
    await fails(port.request('queue.add', { links: [tagged], tags: ['a', 'b'] }), 'limit', 'tags');
    const most = await port.request('queue.add', { links: [{ url: url(5000), tags: many(100) }] });
    assert.equal(most.jobs.length, 1);
  }));
