import assert from 'node:assert/strict';
import { test } from 'node:test';

import './fakebrowser.mjs';
import { read } from './files.mjs';

const {
  ERROR_KEYS,
  REMEDY_KEYS,
  STATE_KEYS,
  errorText,
  failureText,
  faultText,
  kindText,
  noteText,
  progressText,
  reasonText,
} = await import('../../extension/lib/words.js');
const { plural, t } = await import('../../extension/lib/i18n.js');

const words = JSON.parse(read('extension/_locales/en/messages.json'));

test('every error name of the contract has words', () => {
  const table = read('host/PROTOCOL.md').matchAll(/^\| -?\d+ \| `(\w+)` \|/gm);
  const names = [...table].map(([, name]) => name);
  assert.ok(names.length > 30);
  for (const name of names) {
    assert.ok(words[ERROR_KEYS[name]], name);
  }
});

test('every fault found on this side has words', () => {
  const [head] = read('extension/lib/errors.js').split('*/');
  const list = head.slice(head.indexOf('\n * - '));
  const names = [...list.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  assert.ok(names.length >= 9);
  for (const name of names) {
    assert.ok(words[ERROR_KEYS[name]], name);
  }
});

test('keys of words, remedies and states are there', () => {
  const states = Object.values(STATE_KEYS).flatMap(({ title, text }) => [title, text]);
  for (const key of [...Object.values(ERROR_KEYS), ...Object.values(REMEDY_KEYS), ...states]) {
    assert.ok(words[key], key);
  }
});

test('each of the five states has a sentence', () => {
  assert.deepEqual(Object.keys(STATE_KEYS).sort(), [
    'broken',
    'forbidden',
    'missing',
    'too_new',
    'too_old',
  ]);
});

test('an error is told with what helps', () => {
  assert.equal(
    faultText({ name: 'store_full' }),
    'The disk is full. Make room on the disk and try again.',
  );
  assert.equal(faultText({ name: 'type' }), errorText({ name: 'type' }));
  assert.match(errorText({ name: 'status', data: { status: 404 } }), /404/);
});

test('each wall that only a browser gets past has words', () => {
  const contract = read('host/PROTOCOL.md');
  const [, list] = /`data\.wall` says why: (.*?) \|/.exec(contract) ?? assert.fail('no walls');
  const walls = [...list.replace(/\(.*?\)/g, '').matchAll(/`(\w+)`/g)].map(([, name]) => name);
  assert.deepEqual(walls, ['shell', 'challenge', 'login', 'refused']);
  const told = (/** @type {any} */ data) => errorText({ name: 'needs_browser', data });
  assert.equal(new Set([...walls, 'none'].map((wall) => told({ wall }))).size, walls.length + 1);
  assert.match(told({ wall: 'refused', status: 403 }), /403/);
  assert.equal(told({ wall: 'constructor' }), told({}));
});

test('a name that nobody knows is told as a fault of Linksnap', () => {
  assert.equal(errorText({ name: 'constructor' }), errorText({ name: 'internal' }));
  assert.equal(errorText({ name: 'never_heard_of' }), errorText({ name: 'internal' }));
});

test('a missing file is told by its status, its name, or what the host said', () => {
  const failure = { url: 'http://a/', kind: 'image', reason: 'said' };
  assert.equal(failureText({ ...failure, name: 'status', status: 403 }), 'HTTP 403');
  assert.equal(failureText({ ...failure, name: 'timeout' }), errorText({ name: 'timeout' }));
  assert.equal(failureText({ ...failure, name: 'never_heard_of' }), 'said');
});

test('every error name is a reason in words, whatever the host said', () => {
  const reason = 'what the host said';
  for (const name of [...Object.keys(ERROR_KEYS), 'none']) {
    const text = reasonText({ url: 'http://a/', kind: 'image', name, status: 0, reason });
    assert.notEqual(text, reason, name);
    assert.doesNotMatch(text, /\$\d|page is too large|no longer in the library/, name);
  }
  const unknown = { url: '', kind: '', name: 'never_heard_of', reason };
  assert.equal(reasonText(unknown), reason);
  assert.equal(reasonText({ ...unknown, reason: '' }), errorText({ name: 'internal' }));
});

test('a status is a reason in words', () => {
  const failure = { url: 'http://a/', kind: 'image', name: 'status', reason: '' };
  assert.match(reasonText({ ...failure, status: 401 }), /refused.*401/);
  assert.match(reasonText({ ...failure, status: 410 }), /No longer.*410/);
  assert.match(reasonText({ ...failure, status: 429 }), /too often.*429/);
  assert.match(reasonText({ ...failure, status: 503 }), /fault.*503/);
  assert.match(reasonText({ ...failure, status: 418 }), /418/);
});

test('every kind of file and every note of the contract has words', () => {
  const contract = read('host/PROTOCOL.md');
  const [, kinds] = /each kind of asset that the page has \((.*?)\)/.exec(contract) ?? [];
  const names = [...kinds.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  assert.ok(names.length >= 7);
  assert.equal(new Set(names.map(kindText)).size, names.length);
  assert.ok(!names.map(kindText).includes(kindText('constructor')));
  const [, says] = /kept as the snapshot's `notes`: (.*)/.exec(contract) ?? [];
  const notes = [...says.matchAll(/`(\w+)` \(/g)].map(([, name]) => name);
  assert.equal(notes.length, 3);
  for (const name of notes) {
    assert.match(noteText({ name, count: 2 }), /^2 /);
  }
  assert.equal(noteText({ name: 'never_heard_of', count: 2 }), '');
});

test('every stage has words of its own', () => {
  const stages = [...read('extension/lib/saves.js').matchAll(/@typedef {'start'[^}]*} Stage/g)];
  const [, mine] = /@typedef {(.*?) \| import/.exec(stages[0][0]) ?? [];
  const [, host] =
    /@typedef {(.*?)} HostStage/.exec(read('extension/lib/protocol.js')) ??
    assert.fail('no stages');
  const names = [...`${mine}${host}`.matchAll(/'(\w+)'/g)].map(([, name]) => name);
  assert.deepEqual(names.sort(), [
    ...['assets', 'document', 'done', 'page', 'read', 'scroll', 'send', 'start'],
  ]);
  const texts = names.map((stage) => progressText({ stage: /** @type {any} */ (stage), total: 1 }));
  assert.equal(new Set(texts).size, names.length);
  assert.equal(
    progressText({ stage: 'assets', done: 12, total: 1043 }),
    'Fetching files: 12 of 1,043',
  );
});

test('numbers take the right form', () => {
  assert.equal(plural('pageTotal', 0), '0 pages');
  assert.equal(plural('pageTotal', 1), '1 page');
  assert.equal(plural('pageTotal', 1234), '1,234 pages');
  assert.equal(t('no such key'), 'no such key');
});
