import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';

import { filesEnding, read, root } from './files.mjs';

/** @typedef {Record<string, { message: string }>} Messages */

const LOCALES = ['en', 'zh_CN'];
const messages = new Map(
  LOCALES.map((locale) => [
    locale,
    /** @type {Messages} */ (JSON.parse(read(`extension/_locales/${locale}/messages.json`))),
  ]),
);
const of = (/** @type {string} */ locale) => messages.get(locale) ?? assert.fail(locale);
const keys = Object.keys(of('en'));
const sources = ['.js', '.html', 'manifest.json'].flatMap(filesEnding);

/** Keys that the sources name, whatever the way. */
const named = new Set(
  sources.flatMap((name) => {
    const text = read(`extension/${name}`);
    return [
      ...text.matchAll(/__MSG_(\w+)__/g),
      ...text.matchAll(/data-i18n(?:-\w+)?="(\w+)"/g),
      ...text.matchAll(/'([a-z][A-Za-z0-9]*)'/g),
    ].map(([, key]) => key);
  }),
);

test('there are no other languages than those that are complete', () => {
  assert.deepEqual(readdirSync(new URL('extension/_locales/', root)).sort(), LOCALES);
});

test('both languages have the same keys in the same order', () => {
  assert.deepEqual(Object.keys(of('zh_CN')), keys);
});

test('every key that is asked for is there', () => {
  const asked = sources.flatMap((name) => {
    const text = read(`extension/${name}`);
    return [
      ...text.matchAll(/__MSG_(\w+)__/g),
      ...text.matchAll(/data-i18n(?:-\w+)?="(\w+)"/g),
      ...text.matchAll(/\b(?:t|plural)\(\s*'(\w+)'/g),
    ].map(([, key]) => ({ name, key }));
  });
  assert.ok(asked.length > 100);
  for (const { name, key } of asked) {
    assert.ok(keys.includes(key), `${name} asks for ${key}`);
  }
});

test('every key that is there is asked for', () => {
  assert.deepEqual(
    keys.filter((key) => !named.has(key)),
    [],
  );
});

test('no message is empty, and each takes the same values in both languages', () => {
  for (const key of keys) {
    const values = LOCALES.map((locale) => {
      const { message } = of(locale)[key];
      assert.ok(message.trim(), `${locale} ${key}`);
      assert.equal(message, message.trim(), `${locale} ${key}`);
      return [...new Set(message.match(/\$\d/g))].sort().join();
    });
    assert.equal(values[0], values[1], key);
  }
});

test('numbers have both forms in English and one in Chinese', () => {
  const counted = new Set(
    sources.flatMap((name) =>
      [...read(`extension/${name}`).matchAll(/\bplural\(\s*'(\w+)'/g)].map(([, key]) => key),
    ),
  );
  for (const key of keys) {
    const forms = of('en')[key].message.split('|').length;
    assert.ok(forms === (counted.has(key) ? 2 : 1) || key === 'stageAssets', `en ${key}`);
    assert.equal(of('zh_CN')[key].message.split('|').length, 1, `zh_CN ${key}`);
  }
});

test('Chinese is written with Chinese punctuation', () => {
  for (const [key, { message }] of Object.entries(of('zh_CN'))) {
    assert.doesNotMatch(message, /\p{Script=Han}\s*[,;:?!()]|\p{Script=Han}\.(?!\w)/u, key);
    assert.doesNotMatch(message, /\.\.\./, key);
  }
});

test('the stores take name and description', () => {
  for (const locale of LOCALES) {
    assert.ok(of(locale).name.message.length <= 45);
    assert.ok(of(locale).description.message.length <= 132);
  }
});
