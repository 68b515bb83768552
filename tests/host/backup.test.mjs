// linksnap backup and linksnap restore, with the programs as they are: writers and ports beside them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { environment, Port, programs, scratch } from './port.mjs';
import { put } from './shelf.mjs';
import { linksnap } from './stand.mjs';

const data = (/** @type {string} */ folder) => join(folder, 'data/linksnap');
const store = (/** @type {string} */ folder) => join(data(folder), 'linksnap.db');

/** @param {(folder: string, port: Port) => Promise<void>} act */
async function withPort(act) {
  const { folder, remove } = scratch();
  const port = new Port(folder);
  try {
    await port.hello();
    await act(folder, port);
  } finally {
    port.child.kill('SIGKILL');
    await port.ended;
    remove();
  }
}

/** @param {Port} port @param {number} number */
const save = (port, number) =>
  put(port, {
    url: `http://127.0.0.1:9/${number}`,
    title: `Page ${number}`,
    text: `第${number}页 word${number}`,
  });

/** The numbers in the titles of all pages. @param {Port} port */
async function titles(port) {
  /** @type {number[]} */
  const numbers = [];
  /** @type {string | null} */
  let cursor = '';
  while (cursor !== null) {
    /** @type {any} */
    const answer = await port.request('pages.search', { query: '', limit: 100, cursor });
    numbers.push(...answer.pages.map((/** @type {any} */ page) => Number(page.title.slice(5))));
    cursor = answer.cursor || null;
  }
  return numbers.sort((a, b) => a - b);
}

test('a backup beside a writer holds what was acknowledged, one after the other', () =>
  withPort(async (folder, port) => {
    let acknowledged = 0;
    const going = new AbortController();
    const writer = (async () => {
      while (!going.signal.aborted && acknowledged < 2000) {
        await save(port, acknowledged);
        acknowledged++;
      }
    })();
    /** @type {{file: string, before: number, after: number}[]} */
    const made = [];
    for (let i = 0; i < 5; i++) {
      await sleep(200);
      const file = join(folder, `${i}.db`);
      const before = acknowledged;
      const { status, err } = await linksnap(folder, ['backup', file]);
      assert.equal(status, 0, err);
      // One more may be stored whose answer is under way.
      made.push({ file, before, after: acknowledged + 1 });
    }
    going.abort();
    await writer;
    for (const { file, before, after } of made) {
      const other = scratch();
      mkdirSync(data(other.folder), { recursive: true });
      copyFileSync(file, store(other.folder));
      const reader = new Port(other.folder);
      await reader.hello();
      const numbers = await titles(reader);
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => index),
      );
      assert.ok(numbers.length >= before && numbers.length <= after, `${numbers.length}`);
      const last = numbers.length - 1;
      const hit = await reader.request('pages.search', { query: `word${last}`, limit: 5 });
      assert.equal(hit.pages.length, 1);
      assert.equal(await reader.close(), 0);
      other.remove();
    }
    assert.equal((await titles(port)).length, acknowledged);
  }));

test('a port that is open sees what was restored, and goes on', () =>
  withPort(async (folder, port) => {
    const file = join(folder, 'kept.db');
    for (let i = 0; i < 5; i++) {
      await save(port, i);
    }
    const backup = await linksnap(folder, ['backup', '--json', file]);
    assert.equal(backup.status, 0, backup.err);
    assert.equal(backup.json[0].pages, 5);
    assert.equal(backup.json[0].verified, true);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(file).size, backup.json[0].bytes);
    for (let i = 5; i < 9; i++) {
      await save(port, i);
    }
    assert.equal((await titles(port)).length, 9);
    const restore = await linksnap(folder, ['restore', '--json', file]);
    assert.equal(restore.status, 0, restore.err);
    assert.equal(restore.json[0].pages, 5);
    assert.deepEqual(await titles(port), [0, 1, 2, 3, 4]);
    await save(port, 20);
    assert.deepEqual(await titles(port), [0, 1, 2, 3, 4, 20]);
    assert.equal(await port.close(), 0);

    const { kept } = restore.json[0];
    assert.match(kept, /\.before-restore-\d{8}T\d{6}Z$/);
    const back = await linksnap(folder, ['restore', kept]);
    assert.equal(back.status, 0, back.err);
    assert.match(back.text, /Restored: 9 pages/);
    assert.match(back.text, /is kept in .*before-restore/);
    const found = await linksnap(folder, ['search', '--json', 'word8']);
    assert.equal(found.json.length, 1);
  }));

test('a backup comes back on another machine, and over a damaged store', () =>
  withPort(async (folder, port) => {
    const file = join(folder, 'kept.db');
    await save(port, 1);
    assert.equal((await linksnap(folder, ['backup', file])).status, 0);
    const other = scratch();
    const fresh = await linksnap(other.folder, ['restore', '--json', file]);
    assert.equal(fresh.status, 0, fresh.err);
    assert.equal(fresh.json[0].kept, undefined);
    assert.deepEqual(readdirSync(data(other.folder)), ['linksnap.db']);
    assert.equal((await linksnap(other.folder, ['search', '--json', 'word1'])).json.length, 1);

    // Damaged, with the number in it that tells whose file it is.
    writeFileSync(store(other.folder), `${'no store '.repeat(8).slice(0, 68)}LnkS`.padEnd(2000));
    assert.equal((await linksnap(other.folder, ['list'])).status, 1);
    const mended = await linksnap(other.folder, ['restore', '--json', file]);
    assert.equal(mended.status, 0, mended.err);
    assert.equal(mended.json[0].damaged, true);
    assert.match(readFileSync(mended.json[0].kept, 'utf8'), /^no store /);
    assert.equal((await linksnap(other.folder, ['search', '--json', 'word1'])).json.length, 1);
    other.remove();
  }));

test('what cannot be done is told, and nothing is left behind', () =>
  withPort(async (folder, port) => {
    const file = join(folder, 'kept.db');
    await save(port, 1);
    assert.equal(await port.close(), 0);
    writeFileSync(file, 'mine');
    mkdirSync(join(folder, 'folder'));
    symlinkSync(store(folder), join(folder, 'link.db'));
    const before = readdirSync(folder);
    /** @type {[string[], RegExp][]} */
    const faults = [
      [['backup', file], /There is already a file .*kept\.db/],
      [['backup', join(folder, 'none/kept.db')], /There is no folder for/],
      [['backup', store(folder)], /belongs to the store itself/],
      [['backup', '--force', join(folder, 'link.db')], /belongs to the store itself/],
      [['backup', '--force', `${store(folder)}-wal`], /belongs to the store itself/],
      [['backup', '--force', join(folder, 'folder')], /no regular file/],
      [['backup', '/proc/kept.db'], /kept\.db/],
      [['restore', join(folder, 'none.db')], /There is no file/],
      [['restore', file], /is no whole backup/],
      [['restore', store(folder)], /is the store itself/],
    ];
    for (const [args, sentence] of faults) {
      const { status, err, text } = await linksnap(folder, args);
      assert.equal(status, 1, args.join(' '));
      assert.match(err, sentence);
      assert.equal(text, '');
    }
    assert.deepEqual(readdirSync(folder), before);
    assert.deepEqual(readdirSync(data(folder)), ['linksnap.db']);
    const told = await linksnap(folder, ['--json', 'backup', file]);
    assert.equal(told.json[0].error.data?.name ?? told.json[0].error.name, 'io');
    assert.equal((await linksnap(folder, ['backup', '--force', '--quick', file])).status, 0);
    assert.equal((await linksnap(folder, ['restore', file])).status, 0);
  }));

test('a backup in a folder that cannot be written is restored from there', () =>
  withPort(async (folder, port) => {
    const shelf = join(folder, 'shelf');
    mkdirSync(shelf);
    await save(port, 1);
    assert.equal((await linksnap(folder, ['backup', join(shelf, 'kept.db')])).status, 0);
    await save(port, 2);
    chmodSync(shelf, 0o500);
    const { status, err } = await linksnap(folder, ['restore', join(shelf, 'kept.db')]);
    assert.equal(status, 0, err);
    assert.deepEqual(readdirSync(shelf), ['kept.db']);
    assert.deepEqual(await titles(port), [1]);
    chmodSync(shelf, 0o700);
  }));

test('a store copied by hand with its log is restored, and nothing is made beside it', () =>
  withPort(async (folder, port) => {
    const shelf = join(folder, 'shelf');
    mkdirSync(shelf);
    await save(port, 1);
    for (const suffix of ['', '-wal']) {
      copyFileSync(store(folder) + suffix, join(shelf, `copy.db${suffix}`));
    }
    assert.ok(statSync(join(shelf, 'copy.db-wal')).size > 0);
    await save(port, 2);
    const { status, err } = await linksnap(folder, ['restore', join(shelf, 'copy.db')]);
    assert.equal(status, 0, err);
    assert.deepEqual(await titles(port), [1]);
    assert.deepEqual(readdirSync(shelf), ['copy.db', 'copy.db-wal']);
    // Nor is a backup put where that log would be played into it.
    const refused = await linksnap(folder, ['backup', '--force', join(shelf, 'copy.db')]);
    assert.equal(refused.status, 1);
    assert.match(refused.err, /copy\.db-wal is of another database/);
  }));

test('what is damaged comes back only when asked, and what is no store is not replaced', () =>
  withPort(async (folder, port) => {
    const file = join(folder, 'kept.db');
    await put(port, { url: 'http://127.0.0.1:9/1', title: 'One', text: 'word '.repeat(20000) });
    assert.equal((await linksnap(folder, ['backup', file])).status, 0);
    const bytes = readFileSync(file);
    // The hash of a blob, which stands in front of its bytes.
    const hash = createHash('sha256').update('word '.repeat(20000).trim()).digest();
    const at = bytes.indexOf(hash);
    assert.ok(at > 0 && bytes.indexOf(hash, at + 1) > 0);
    for (let next = at; next >= 0; next = bytes.indexOf(hash, next)) {
      bytes[next + 31] = (bytes[next + 31] ?? 0) ^ 1;
    }
    writeFileSync(file, bytes);
    const refused = await linksnap(folder, ['restore', file]);
    assert.equal(refused.status, 1);
    assert.match(refused.err, /1 of its blobs are damaged .*restore --damaged/);
    const taken = await linksnap(folder, ['restore', '--damaged', file]);
    assert.equal(taken.status, 0, taken.err);
    assert.match(taken.text, /Damaged or lacking in it: 1 \(linksnap fsck tells what\)/);

    const thesis = join(folder, 'thesis.odt');
    writeFileSync(thesis, 'PK: years of work');
    const wrong = await linksnap(folder, ['--db', thesis, 'restore', '--damaged', file]);
    assert.equal(wrong.status, 1);
    assert.match(wrong.err, /thesis\.odt is no store/);
    assert.equal(readFileSync(thesis, 'utf8'), 'PK: years of work');
  }));

test('an interrupted backup leaves nothing, or is whole', () =>
  withPort(async (folder, port) => {
    const shelf = join(folder, 'shelf');
    mkdirSync(shelf);
    for (let i = 0; i < 20; i++) {
      await save(port, i);
    }
    for (let i = 0; i < 12; i++) {
      const child = spawn(join(programs, 'linksnap'), ['backup', join(shelf, `${i}.db`)], {
        env: environment(folder),
        stdio: 'ignore',
      });
      const ended = once(child, 'close');
      await sleep(i * 3);
      child.kill('SIGINT');
      const [status] = await ended;
      assert.deepEqual(
        readdirSync(shelf).filter((name) => name.startsWith(`${i}.`)),
        status === 0 ? [`${i}.db`] : [],
      );
    }
    assert.equal((await linksnap(folder, ['backup', join(shelf, 'last.db')])).status, 0);
  }));
