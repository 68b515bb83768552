// Looking through a store, mending it, and clearing it up, as a person does on the command line.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { scratch } from './port.mjs';
import { serve } from './server.mjs';
import { withShelf } from './shelf.mjs';
import { article, linksnap } from './stand.mjs';

/** Bytes that look like a picture, and pack badly. @param {number} seed */
function picture(seed) {
  const bytes = Buffer.alloc(3000);
  let x = seed;
  for (let i = 0; i < bytes.length; i++) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    bytes[i] = x >>> 24;
  }
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).copy(bytes);
  return bytes;
}

const shared = picture(1);
const own = picture(2);

/** @param {string} folder */
const storeOf = (folder) => join(folder, 'data/linksnap/linksnap.db');

/** Changes a byte of the file, in the middle of what it is found by. @param {string} folder @param {Buffer} bytes */
function flip(folder, bytes) {
  const file = storeOf(folder);
  const store = readFileSync(file);
  const at = store.indexOf(bytes);
  assert.ok(at > 0, 'the bytes are in the file as they were saved');
  store[at + (bytes.length >> 1)] ^= 1;
  writeFileSync(file, store);
}

/**
 * Two saved pages with a picture in common, and one picture of the second alone.
 * @param {(stand: { folder: string, origin: string, run: (...args: string[]) =>
 *   ReturnType<typeof linksnap> }) => Promise<void>} act
 */
async function withPages(act) {
  const { folder, remove } = scratch();
  const image = (/** @type {Buffer} */ body) => ({ type: 'image/png', body });
  const server = await serve({
    '/1': { body: `${article('Longford', '光明区图书馆')}<img src=shared.png>` },
    '/2': { body: `${article('Millbrook', 'second')}<img src=shared.png><img src=own.png>` },
    '/shared.png': image(shared),
    '/own.png': image(own),
  });
  const run = (/** @type {string[]} */ ...args) => linksnap(folder, args);
  try {
    for (const path of ['/1', '/2']) {
      const { status, err } = await run('save', server.origin + path);
      assert.equal(status, 0, err);
    }
    await act({ folder, origin: server.origin, run });
  } finally {
    await server.close();
    remove();
  }
}

/** @param {{ json: any[] }} run the last line, which is of the whole */
const whole = ({ json }) => json[json.length - 1];
/** @param {{ json: any[] }} run */
const findings = ({ json }) => json.slice(0, -1).map(({ finding }) => finding);

test('a store in order is found so, and is as it was', () =>
  withPages(async ({ folder, run }) => {
    const before = readFileSync(storeOf(folder));
    const text = await run('fsck');
    assert.equal(text.status, 0, text.err);
    assert.match(text.text, /^2 pages, 2 snapshots, \d+ blobs of \d+ bytes: no fault\n$/);
    const checked = await run('--json', 'fsck');
    assert.equal(checked.json.length, 1);
    assert.equal(whole(checked).faults, 0);
    assert.equal(whole(checked).orphans, 0);
    assert.ok(readFileSync(storeOf(folder)).equals(before));
    const repaired = await run('--json', 'fsck', '--repair');
    assert.equal(repaired.status, 0, repaired.err + repaired.text);
    assert.deepEqual(
      readdirSync(join(folder, 'data/linksnap')).filter((n) => /repair|damaged/.test(n)),
      [],
    );
  }));

test('a picture that the disk damaged is found, given up, and fetched again', () =>
  withPages(async ({ folder, run }) => {
    flip(folder, shared);
    const looked = await run('--json', 'fsck');
    assert.equal(looked.status, 1);
    assert.deepEqual(findings(looked), ['asset_damaged', 'asset_damaged']);
    assert.deepEqual(
      looked.json.slice(0, -1).map(({ page }) => page),
      [1, 2],
    );
    assert.equal(whole(looked).mended, 0);

    const repaired = await run('--json', 'fsck', '--repair');
    assert.equal(repaired.status, 0, repaired.err + repaired.text);
    assert.equal(whole(repaired).mended, 2);
    const files = readdirSync(join(folder, 'data/linksnap'));
    const kept = files.find((name) => name.startsWith('linksnap.db.damaged-'));
    assert.ok(kept, String(files));
    const aside = readFileSync(join(folder, 'data/linksnap', kept));
    assert.equal(aside.length, shared.length);
    // The store as it was is kept, with the damage in it.
    assert.match(whole(repaired).backup, /linksnap\.db\.before-repair-\d{8}T\d{6}Z$/);
    const old = await run('--db', whole(repaired).backup, '--json', 'fsck');
    assert.deepEqual(findings(old), ['asset_damaged', 'asset_damaged']);

    const report = await run('--json', 'show', '--report', '1');
    assert.deepEqual(
      report.json[0].failures.map((/** @type {any} */ f) => f.reason),
      ['Damaged on disk'],
    );
    assert.equal((await run('retry', '1')).status, 0);
    assert.equal((await run('retry', '2')).status, 0);
    const { json } = await run('--json', 'show', '--report', '2');
    assert.equal(json[0].state, 'complete');
    const again = await run('--json', 'fsck');
    assert.equal(again.status, 0, again.text);
  }));

test('a word that the disk changed is found again as what it is now', () =>
  withPages(async ({ folder, run }) => {
    assert.equal((await run('edit', '--note', 'Heronsgate by the river', '1')).status, 0);
    flip(folder, Buffer.from('Heronsgate by the river'));
    const looked = await run('fsck');
    assert.equal(looked.status, 1);
    assert.match(looked.text, /^fault: The search index .*Page 1\.\n/);
    assert.match(looked.text, /1 fault; linksnap fsck --repair mends what can be\n$/);
    const repaired = await run('fsck', '--repair');
    assert.equal(repaired.status, 0, repaired.err + repaired.text);
    assert.match(repaired.text, /^mended: /);
    assert.match(
      repaired.text,
      /1 fault, 1 mended\nThe store as it was is kept in .*before-repair/,
    );
    assert.equal((await run('fsck')).status, 0);
  }));

test('a file that is damaged in its structure is told of, with what to do', () =>
  withPages(async ({ folder, run }) => {
    const file = storeOf(folder);
    const store = readFileSync(file);
    const pages = store.length >> 14;
    // All but the first pages, where the schema is.
    store.fill(0x5a, 16384 * (pages >> 1));
    writeFileSync(file, store);
    const looked = await run('fsck');
    assert.equal(looked.status, 1);
    assert.match(looked.text + looked.err, /damaged|cannot be read/);
    const { status, err } = await run('fsck', '--repair');
    assert.equal(status, 1, err);

    truncateSync(file, 100);
    const none = await run('fsck');
    assert.equal(none.status, 1);
    assert.match(none.err, /linksnap restore puts a backup in its place/);
    assert.equal(statSync(file).size, 100);
  }));

test('usage, and a store that is not there', async () => {
  const { folder, remove } = scratch();
  try {
    for (const args of [
      ['fsck', 'x'],
      ['fsck', '--no-backup'],
      ['fsck', '--x'],
      ['gc', 'x'],
    ]) {
      assert.equal((await linksnap(folder, args)).status, 2, args.join(' '));
    }
    for (const args of [
      ['trash', '--yes', '1'],
      ['trash', '--empty', '1'],
      ['trash', '--older', '0', '--empty'],
    ]) {
      assert.equal((await linksnap(folder, args)).status, 2, args.join(' '));
    }
    for (const name of ['fsck', 'gc']) {
      const { status, json } = await linksnap(folder, ['--json', name]);
      assert.equal(status, 1);
      assert.equal(json[0].error.name, 'not_found');
    }
  } finally {
    remove();
  }
});

test('the trash is emptied when somebody says so, and its room given back', () =>
  withPages(async ({ folder, run }) => {
    assert.equal((await run('trash', '2')).status, 0);
    const asked = await run('trash', '--empty');
    assert.equal(asked.status, 2);
    assert.match(
      asked.err,
      /^linksnap: trash: 1 page and 1 snapshot would be deleted for good: --yes does it\n/,
    );
    const young = await run('--json', 'trash', '--empty', '--older', '1', '--yes');
    assert.deepEqual([young.status, young.json[0].pages], [0, 0]);
    assert.equal((await run('untrash', '2')).status, 0);
    assert.equal((await run('trash', '2')).status, 0);

    const size = statSync(storeOf(folder)).size;
    const emptied = await run('--json', 'trash', '--empty', '--yes');
    assert.equal(emptied.status, 0, emptied.err);
    const [result] = emptied.json;
    assert.deepEqual([result.pages, result.snapshots], [1, 1]);
    // Its document, its text and the picture that was its alone.
    assert.equal(result.blobs, 3);
    assert.ok(result.bytes >= own.length);
    assert.ok(statSync(storeOf(folder)).size <= size);
    assert.equal((await run('untrash', '2')).status, 1);
    const { json } = await run('--json', 'fsck');
    assert.deepEqual([json.length, json[0].faults, json[0].pages, json[0].orphans], [1, 0, 1, 0]);
    const report = await run('--json', 'show', '--report', '1');
    assert.equal(report.json[0].state, 'complete');
    assert.deepEqual((await run('--json', 'gc')).json[0].blobs, 0);
    const compacted = await run('gc', '--compact');
    assert.match(compacted.text, /^0 blobs of 0 bytes removed; the file is \d+ bytes smaller\n$/);
    assert.equal((await run('fsck')).status, 0);
  }));

test('a host at work beside all of it loses nothing', () =>
  withShelf([{ text: 'first' }], async ({ folder, port, save }) => {
    const busy = new AbortController();
    const cleaner = (async () => {
      for (let i = 0; !busy.signal.aborted && i < 50; i++) {
        for (const args of [['trash', '--empty', '--yes'], ['gc'], ['fsck']]) {
          const { status, err, text } = await linksnap(folder, args);
          assert.equal(status, 0, err + text);
        }
      }
    })();
    /** @type {number[]} */
    const kept = [];
    for (let i = 0; i < 40; i++) {
      const text = `the same words ${i % 4}`;
      const page = await save({ url: `http://127.0.0.1:9/beside/${i}`, text });
      if (i % 2) {
        await port.request('pages.trash', { page });
      } else {
        kept.push(page);
      }
    }
    busy.abort();
    await cleaner;
    for (const page of kept) {
      const answer = await port.request('pages.get', { page });
      const view = await linksnap(folder, ['show', String(answer.snapshots[0].snapshot)]);
      assert.equal(view.status, 0, view.err);
    }
    assert.equal((await linksnap(folder, ['fsck', '--repair'])).status, 0);
  }));
