// A disk that becomes full while something is under way, and with every amount of room left.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, test } from 'node:test';

import { assertReads, assertRefused, assertWhole, dump, Grounds } from './full-store.mjs';
import { audit, factsOf } from './kills-model.mjs';
import { wordOf } from './kills-site.mjs';
import { Port } from './port.mjs';
import { jobs, linksnap } from './stand.mjs';

const grounds = new Grounds();
before(() => grounds.start());
after(() => grounds.stop());

describe('a disk that is full', { skip: grounds.why, timeout: 240_000 }, () => {
  it('when a page is there and its pictures come keeps the page, and a retry completes it', () =>
    grounds.with(async ({ disk, file, place, open }) => {
      const port = await open();
      const url = `${place.origin}/p?n=11`;
      await audit('squeeze', file);
      grounds.whenAsked = () => disk.fill();
      await assertRefused(port.request('links.save', { url }), 'store_full');
      grounds.whenAsked = () => {};
      await assertWhole(file);
      const { page, snapshot } = await port.request('pages.find', { url });
      assert.ok(page > 0);
      disk.free();
      const answer = await port.request('snapshots.retry', { snapshot });
      assert.deepEqual([answer.state, answer.assets.failed], ['complete', 0]);
      await assertWhole(file);
    }));

  it('stops the queue, which loses no link and goes on', () =>
    grounds.with(async ({ disk, file, place, open }) => {
      const port = await open();
      const urls = [21, 22, 23, 24, 25].map((n) => `${place.origin}/p?n=${n}`);
      await port.request('queue.add', { urls });
      await audit('squeeze', file);
      grounds.whenAsked = () => disk.fill();
      await assertRefused(port.request('queue.run', {}, undefined, 60_000), 'store_full');
      grounds.whenAsked = () => {};
      assert.equal((await factsOf(file)).faults.length, 0);
      await assertWhole(file);
      disk.free();
      await port.request('queue.retry', {});
      await port.request('queue.run', {}, undefined, 60_000);
      const all = await jobs(port);
      assert.deepEqual(
        urls.map((url) => all[url].state),
        urls.map(() => 'done'),
      );
      await assertWhole(file);
    }));

  for (const version of [5, 4, 3, 2, 1]) {
    it(`leaves a store of version ${version} as it is, and brings it up to date when there is room`, () =>
      grounds.with(async ({ disk, file, place, open }) => {
        assert.equal((await audit('age', file, [String(version)])).status, 0);
        const was = await dump(file);
        disk.fill();
        const port = await open();
        const { store } = await port.hello();
        assert.deepEqual([store.state, store.error.name], ['error', 'store_full']);
        const wish = { url: `${place.origin}/p?n=12` };
        await assertRefused(port.request('links.save', wish), 'store_full');
        disk.free();
        assert.equal(await dump(file), was);
        assert.equal((await port.request('links.save', wish)).state, 'complete');
        assert.equal((await port.request('pages.search', { query: wordOf(1) })).total, 1);
        await assertWhole(file);
      }));
  }

  it('has no room for a new store, which is made when there is', () =>
    grounds.with(async ({ folder, disk, place }) => {
      const name = join(disk.folder, 'new', 'linksnap.db');
      disk.fill();
      const port = new Port(folder, { LINKSNAP_DB: name });
      try {
        const { store } = await port.hello();
        assert.deepEqual([store.state, store.error.name], ['error', 'store_full']);
        const wish = { url: `${place.origin}/p?n=13` };
        await assertRefused(port.request('links.save', wish), 'store_full');
        disk.free();
        assert.equal((await port.request('links.save', wish)).page, 1);
        await assertWhole(name);
      } finally {
        await port.close();
      }
    }));

  it('lets a store be read that nobody had open, and what another writes later be seen', () =>
    grounds.with(async ({ folder, disk, file, env, place, open }) => {
      disk.fill();
      const port = await open();
      const { store } = await port.hello();
      assert.deepEqual([store.state, store.error.name], ['readonly', 'store_full']);
      await assertReads(port);
      const found = await linksnap(folder, ['--json', 'search', wordOf(1)], { env });
      assert.equal(found.json[0].page, place.page);
      const tags = await linksnap(folder, ['--json', 'tags'], { env });
      assert.equal(tags.status, 0, tags.err);
      const shown = await linksnap(folder, ['show', String(found.json[0].snapshot)], { env });
      assert.match(shown.text, /data:image/);
      disk.free();
      const other = await open();
      await other.request('pages.update', { page: place.page, title: '后来', note: '', tags: [] });
      assert.equal((await port.request('pages.search', { query: '后来' })).total, 1);
      await port.request('pages.update', { page: place.page, title: '再后来' });
      await assertWhole(file);
    }));

  it('is said in the terminal in one sentence', () =>
    grounds.with(async ({ folder, disk, file, env, place }) => {
      const was = await dump(file);
      disk.fill();
      for (const args of [
        ['save', `${place.origin}/p?n=14`],
        ['trash', String(place.page)],
        ['tag', 'rename', 'one', 'another'],
        ['edit', '--title', 'B', String(place.page)],
      ]) {
        const { status, err, text } = await linksnap(folder, args, { env });
        assert.equal(status, 1, args.join(' '));
        assert.match(`${err}${text}`, /^linksnap: .*no room.*\n$/i);
      }
      disk.free();
      assert.equal(await dump(file), was);
      const { status } = await linksnap(folder, ['trash', String(place.page)], { env });
      assert.equal(status, 0);
    }));

  it('has no room for a backup, which leaves nothing behind, nor for what keeps order', () =>
    grounds.with(async ({ folder, disk, file, env, place, open }) => {
      const port = await open();
      await port.request('links.save', { url: `${place.origin}/p?n=15`, tags: ['one'] });
      assert.equal(await port.close(), 0);
      const copy = join(disk.folder, 'copy.db');
      const was = await dump(file);
      disk.fill();
      for (const args of [['backup', copy], ['gc'], ['trash', '--empty', '--yes']]) {
        const { status, err } = await linksnap(folder, args, { env });
        assert.equal(status, 1, args.join(' '));
        assert.match(err, /^linksnap: .*no room.*\n$/i);
      }
      const left = readdirSync(disk.folder).filter((name) => !name.startsWith('linksnap.db'));
      assert.deepEqual(left, ['ballast']);
      disk.free();
      assert.equal(await dump(file), was);
      for (const args of [['trash', '--empty', '--yes'], ['gc'], ['backup', copy]]) {
        const { status, err } = await linksnap(folder, args, { env });
        assert.equal(status, 0, `${args.join(' ')}: ${err}`);
      }
      await assertWhole(file);
      await assertWhole(copy);
    }));
});

describe('a disk that is read-only', { skip: grounds.why, timeout: 60_000 }, () => {
  it('is read from the terminal, and what would write says why it cannot', () =>
    grounds.with(async ({ folder, disk, file, env, place }) => {
      const was = await dump(file);
      disk.setReadOnly(true);
      const found = await linksnap(folder, ['--json', 'search', wordOf(1)], { env });
      assert.equal(found.json[0]?.page, place.page, found.err);
      for (const args of [
        ['save', `${place.origin}/p?n=16`],
        ['trash', String(place.page)],
        ['tag', 'rename', 'one', 'another'],
        ['trash', '--empty', '--yes'],
        ['gc'],
      ]) {
        const { status, err } = await linksnap(folder, args, { env });
        assert.equal(status, 1, args.join(' '));
        assert.match(err, /^linksnap: .*cannot be written.*\n$/i);
      }
      const copy = join(folder, 'copy.db');
      const { status, err } = await linksnap(folder, ['backup', copy], { env });
      assert.equal(status, 0, err);
      await assertWhole(copy);
      disk.setReadOnly(false);
      assert.equal(await dump(file), was);
    }));
});

test(
  'with every amount of room a save is whole or refused, and what was told is there afterwards',
  { skip: grounds.why, timeout: 240_000 },
  () =>
    grounds.with(async ({ disk, file, place, open }) => {
      let port = await open();
      let refused = 0;
      let saved = 0;
      for (let pages = 0; saved < 3; pages += 1 + (pages >> 4)) {
        assert.ok(pages < 600, 'a save needs more than 2 MiB');
        const url = `${place.origin}/p?n=${100 + pages}`;
        await audit('squeeze', file);
        disk.fill(4096 * pages);
        const told = await port.request('links.save', { url, tags: ['swept'] }).catch((error) => {
          assert.equal(error.fault, 'store_full', String(error));
          return null;
        });
        saved += told ? 1 : 0;
        refused += told ? 0 : 1;
        // Its log cannot be written into the store now.
        disk.fill();
        assert.equal(await port.close(), 0);
        disk.free();
        await assertWhole(file);
        port = await open();
        if (told) {
          const { pages: found } = await port.request('pages.search', {
            query: wordOf(100 + pages),
          });
          assert.deepEqual([found[0].page, found[0].state], [told.page, 'complete']);
        }
      }
      assert.ok(refused > 10, `${refused} were refused`);
    }),
);
