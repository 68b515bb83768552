// Reads transcripts and compares messages with what they expect; see README.md.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('./', import.meta.url);

/** @typedef {{sent: boolean, message: any, line: number}} Step */

/** Names of all transcripts. */
export const names = readdirSync(folder)
  .filter((name) => name.endsWith('.transcript'))
  .sort();

/** @param {string} name @returns {Step[]} */
export function read(name) {
  const steps = [];
  for (const [index, text] of readFileSync(new URL(name, folder), 'utf8').split('\n').entries()) {
    if (text === '' || text.startsWith('#')) {
      continue;
    }
    assert.match(text, /^[<>] \{/, `${name}:${index + 1}`);
    const message = { jsonrpc: '2.0', ...JSON.parse(text.slice(2)) };
    steps.push({ sent: text[0] === '>', message, line: index + 1 });
  }
  return steps;
}

/** @type {Record<string, (value: unknown) => boolean>} */
const wildcards = {
  '«int»': Number.isInteger,
  '«text»': (value) => typeof value === 'string',
  '«list»': Array.isArray,
  '«any»': () => true,
};

/**
 * @param {any} actual
 * @param {any} expected
 * @param {string} where shown when they differ
 */
export function matches(actual, expected, where) {
  if (typeof expected === 'string' && wildcards[expected]) {
    assert.ok(wildcards[expected](actual), `${where}: ${JSON.stringify(actual)} for ${expected}`);
  } else if (expected === null || typeof expected !== 'object') {
    assert.deepEqual(actual, expected, where);
  } else {
    assert.equal(typeof actual, 'object', where);
    assert.deepEqual(Object.keys(actual ?? {}).sort(), Object.keys(expected).sort(), where);
    for (const key of Object.keys(expected)) {
      matches(actual[key], expected[key], `${where}.${key}`);
    }
  }
}
