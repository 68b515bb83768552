import assert from 'node:assert/strict';
import { test } from 'node:test';

import './fakebrowser.mjs';
import { read } from './files.mjs';

const { ERROR_KEYS, REMEDY_KEYS, STATE_KEYS, errorText, failureText, faultText, progressText } =
  await import('../../extension/lib/words.js');
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

test('every stage has words', () => {
  for (const stage of /** @type {const} */ (['start', 'read', 'send', 'page', 'document'])) {
    assert.ok(progressText({ stage }));
  }
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
