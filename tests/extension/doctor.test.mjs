/** Every finding of the host has words in both languages, and every word a finding. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import './fakebrowser.mjs';
import { read } from './files.mjs';

const { FINDINGS, findingWords } = await import('../../extension/lib/doctorwords.js');

/** Of what a host can see that is at work; the command line's own are not asked for here. */
const SOURCES = ['host/app/doctor_here.c', 'host/app/doctor_store.c'];

/** Names stand in calls of these, whole or chosen by a condition. */
const named = new Set(
  SOURCES.flatMap((path) =>
    [...read(path).matchAll(/(?:checkup_name|tell_fault)\(([^;]*);/g)].flatMap(([, call]) =>
      [...call.matchAll(/"([a-z_]+)"/g)].map(([, name]) => name),
    ),
  ),
);

/** As the host would fill them. @param {string} name */
const valuesOf = (name) =>
  /^(?:queue|snapshots|disk|quota)_/.test(name) ? ['3', '4'] : ['/home/li/a b/linksnap.db', '3'];

test('the host names its findings, and all of them have words', () => {
  assert.ok(named.size > 15);
  assert.deepEqual([...FINDINGS.keys()].sort(), [...named].sort());
});

test('words of a finding are whole: nothing undefined, no key in place of a message', () => {
  for (const name of FINDINGS.keys()) {
    const {
      text,
      remedy = '',
      command = '',
    } = findingWords({
      ...{
        level: /** @type {const} */ ('warn'),
        name,
        values: valuesOf(name),
        text: '',
        remedy: '',
      },
    });
    for (const words of [text, remedy, command]) {
      assert.doesNotMatch(words, /undefined|NaN|^[a-z]+[A-Z]|\$\d/, name);
    }
    assert.ok(text, name);
  }
});

test('a path with what a shell would take apart is quoted in a command', () => {
  const finding = (/** @type {string} */ path) =>
    findingWords({
      ...{ level: /** @type {const} */ ('warn'), name: 'store_open_to_others', values: [path] },
      ...{ text: '', remedy: '' },
    }).command;
  assert.equal(finding('/home/li/x.db'), 'chmod go-rwx /home/li/x.db');
  assert.equal(finding("/a b/it's;rm"), String.raw`chmod go-rwx '/a b/it'\''s;rm'`);
  assert.equal(finding('/文/x'), "chmod go-rwx '/文/x'");
});

test('what is wrong with the store is said by the name of its error', () => {
  const finding = (/** @type {string} */ error) =>
    findingWords({
      ...{ level: /** @type {const} */ ('bad'), name: 'store_error', values: ['/x.db', error] },
      ...{ text: '', remedy: '' },
    });
  assert.equal(
    finding('store_corrupt').text,
    'The library cannot be opened: /x.db. The library file is damaged',
  );
  assert.equal(finding('store_corrupt').command, 'linksnap fsck --repair');
  assert.equal(finding('store_newer').remedy, 'Update the Linksnap program.');
});

test("a finding of a newer host is said in the host's words", () => {
  assert.deepEqual(
    findingWords({ level: 'ok', name: 'toString', values: [], text: 'New', remedy: 'Do it' }),
    { text: 'New', remedy: 'Do it' },
  );
});
