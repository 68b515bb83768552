// What the host tells of itself, and what it takes: storage, quota, statistics, doctor, the trash.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Port, scratch } from './port.mjs';
import { article, withStand } from './stand.mjs';

const MIB = 1024 * 1024;

/** @param {Promise<unknown>} request @param {string} name */
const fails = (request, name) =>
  assert.rejects(request, (/** @type {any} */ error) => error.fault === name || assert.fail(error));

/** A player that the page shows, with 11 MB that cannot be packed. */
const heavy = {
  '/heavy': { body: `${article('Heavy')}<img src="heavy.png">` },
  '/heavy.png': { type: 'image/png', body: Buffer.concat([png(), randomBytes(11 * MIB)]) },
  '/film': { body: `${article('Film')}<video src="film.mp4"></video>` },
  '/film.mp4': { type: 'video/mp4', body: Buffer.concat([mp4(), randomBytes(2000)]) },
  '/light': { body: article('Light') },
};

function png() {
  return Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
}

function mp4() {
  return Buffer.from('00000018667479706d703432000000006d70343269736f6d', 'hex');
}

/** @param {Port} port @param {string} name */
async function store(port, name = 'test') {
  const { store: state } = await port.request('hello', {
    protocol: 4,
    client: name,
    version: '1',
  });
  return state;
}

test('past its quota the store does what was asked of it', () =>
  withStand(heavy, async ({ port, origin, open }) => {
    const save = (/** @type {string} */ path) =>
      port.request('links.save', { url: `${origin}${path}` });
    const before = await port.request('queue.add', { urls: [`${origin}/waiting`] });
    await port.request('storage.set', { quota: 10 * MIB, when_full: 'refuse' });
    await save('/heavy');
    const full = await store(port);
    assert.equal(full.quota, 10 * MIB);
    assert.ok(full.bytes > 11 * MIB);
    assert.equal(full.over, true);

    await fails(save('/light'), 'quota');
    await fails(port.request('queue.add', { urls: [`${origin}/light`] }), 'quota');
    await fails(port.request('capture.begin', { url: `${origin}/light` }), 'quota');
    await fails(port.request('snapshots.retry', { snapshot: full.snapshots }), 'quota');
    // What was refused has left nothing; what waited before is told why.
    const other = await open();
    await other.request('queue.run', {});
    const { jobs } = await port.request('queue.list', {});
    assert.deepEqual(
      jobs.map((/** @type {any} */ { job, state, error }) => [job, state, error?.name]),
      [
        [before.jobs[0].job, 'failed', 'quota'],
        [2, 'done', undefined],
      ],
    );

    // Another port has the same rules, and may let more in.
    await other.request('storage.set', { when_full: 'no_media' });
    const film = await save('/film');
    assert.deepEqual([film.state, film.assets.left_out], ['complete', 1]);
    await other.request('storage.set', { quota: 0 });
    assert.equal((await store(port)).over, false);
    const again = await port.request('snapshots.retry', { snapshot: film.snapshot });
    assert.deepEqual([again.state, again.assets.stored, again.assets.left_out], ['complete', 1, 0]);
  }));

test('emptying the trash gives the room back', () =>
  withStand(heavy, async ({ port, origin }) => {
    const { page } = await port.request('links.save', { url: `${origin}/heavy` });
    await port.request('links.save', { url: `${origin}/light` });
    const before = await port.request('storage.get', {});
    assert.ok(before.path.endsWith('linksnap.db'));
    assert.ok(before.free > 0);
    const count = await port.request('trash.empty', { count: true });
    assert.deepEqual(count, { pages: 0, snapshots: 0 });

    await port.request('pages.trash', { page });
    assert.deepEqual(await port.request('trash.empty', { count: true }), {
      pages: 1,
      snapshots: 1,
    });
    /** @type {string[]} */
    const stages = [];
    const emptied = await port.request('trash.empty', {}, (progress) =>
      stages.push(progress.stage),
    );
    assert.deepEqual([emptied.pages, emptied.snapshots], [1, 1]);
    assert.ok(emptied.bytes > 11 * MIB);
    assert.ok(stages.every((stage) => stage === 'trash'));
    const after = await port.request('storage.get', {});
    assert.ok(before.bytes - after.bytes > 10 * MIB, `${before.bytes} ${after.bytes}`);
    await fails(port.request('pages.get', { page }), 'not_found');
    assert.equal((await port.request('pages.search', {})).total, 1);
  }));

test('everything is counted', () =>
  withStand(heavy, async ({ port, origin }) => {
    await port.request('links.save', { url: `${origin}/film`, tags: ['电影'] });
    await port.request('links.save', { url: `${origin}/light` });
    const all = await port.request('statistics', {});
    assert.deepEqual([all.pages, all.snapshots, all.tags, all.trashed], [2, 2, 1, 0]);
    const media = all.kinds.find((/** @type {any} */ { kind }) => kind === 'media');
    assert.deepEqual([media.count, media.bytes], [1, 2024]);
    const sum = (/** @type {any[]} */ list, /** @type {string} */ name) =>
      list.reduce((total, item) => total + item[name], 0);
    assert.equal(sum(all.kinds, 'bytes'), all.bytes.unpacked);
    assert.equal(sum(all.kinds, 'stored'), all.bytes.stored);
    assert.equal(sum(all.months, 'pages'), 2);
    assert.match(all.months[0].month, /^\d{4}-\d\d$/);
    assert.deepEqual(
      all.largest.map((/** @type {any} */ { title }) => title),
      ['Film', 'Light'],
    );
    assert.deepEqual([all.sites.length, all.sites[0].pages], [1, 2]);
    assert.equal(all.sites[0].site, new URL(origin).host);
    assert.equal(all.health.unchecked, 2);
  }));

/** @param {Port} port */
async function examine(port) {
  const { level, findings } = await port.request('doctor', {});
  for (const { name, text, remedy, level: own } of findings) {
    assert.match(name, /^[a-z_]+$/);
    assert.ok(text.length > 0);
    assert.ok(own === 'ok' || remedy.length > 0, name);
  }
  /** @type {Record<string, {level: string, values: string[]}>} */
  const named = Object.fromEntries(findings.map((/** @type {any} */ f) => [f.name, f]));
  return { level, named };
}

test('the doctor tells what a host at work can see', () =>
  withStand({}, async ({ port, folder }) => {
    const { named } = await examine(port);
    assert.equal(named.version.values[0], '0.1.0');
    assert.match(named.version.values[1], /linksnap-host$/);
    assert.deepEqual(named.store_ready.values, [
      join(folder, 'data', 'linksnap', 'linksnap.db'),
      '0',
    ]);
    assert.deepEqual(named.queue_empty.values, ['0']);
    assert.ok(named.pdf_tool ?? named.pdf_missing);
    assert.ok(named.confined ?? named.unconfined ?? named.confinement_none);
    assert.equal(named.store_in_home, undefined);

    await port.request('queue.pause', { paused: true });
    await port.request('queue.add', { urls: ['http://127.0.0.1:9/a'] });
    const second = await examine(port);
    assert.equal(second.level, 'warn');
    assert.deepEqual(second.named.queue_paused.values, ['1']);
    chmodSync(join(folder, 'data', 'linksnap', 'linksnap.db'), 0o644);
    const third = await examine(port);
    assert.equal(third.named.store_open_to_others.level, 'warn');
  }));

test('the doctor answers when the store does not', async () => {
  const { folder, remove } = scratch();
  const path = join(folder, 'data', 'linksnap');
  mkdirSync(path, { recursive: true, mode: 0o700 });
  writeFileSync(join(path, 'linksnap.db'), 'no store at all, but a text that is long enough');
  const port = new Port(folder);
  try {
    await port.hello();
    const { level, named } = await examine(port);
    assert.equal(level, 'bad');
    assert.deepEqual(named.store_error.values, [join(path, 'linksnap.db'), 'store_corrupt']);
    await fails(port.request('statistics', {}), 'store_corrupt');
    await fails(port.request('storage.get', {}), 'store_corrupt');
    assert.equal(await port.close(), 0, port.log);
  } finally {
    port.child.kill('SIGKILL');
    await port.ended;
    remove();
  }
});
