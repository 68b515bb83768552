// The arrows of host/README.md: who may include whom, and which library belongs to which layer.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const host = new URL('../../host/', import.meta.url);
const layers = ['base', 'wire', 'page', 'store', 'app'];
/** @type {Record<string, string[]>} */
const allowed = {
  base: ['base'],
  wire: ['base', 'wire'],
  page: ['base', 'page'],
  store: ['base', 'store'],
  app: layers,
};
/** @type {[RegExp, string[]][]} */
const libraries = [
  [/^curl\//, ['page']],
  [/^libxml\//, ['page']],
  [/^gumbo\.h/, ['page']],
  [/^sqlite3/, ['store']],
  [/^cjson\//, ['wire']],
  [/^(openssl\/|zstd|seccomp\.h)/, ['base']],
];

for (const layer of layers) {
  test(`${layer} includes only what it may`, () => {
    const folder = new URL(`${layer}/`, host);
    const files = readdirSync(folder).filter((name) => /\.[ch]$/.test(name));
    assert.ok(files.length > 0);
    for (const file of files) {
      const text = readFileSync(new URL(file, folder), 'utf8');
      for (const [, own] of text.matchAll(/^#include "([^"]+)"/gm)) {
        const target = own.includes('/') ? own.split('/')[0] : layer;
        assert.ok(allowed[layer].includes(target), `${layer}/${file} includes ${own}`);
      }
      for (const [, foreign] of text.matchAll(/^#include <([^>]+)>/gm)) {
        const rule = libraries.find(([pattern]) => pattern.test(foreign));
        assert.ok(!rule || rule[1].includes(layer), `${layer}/${file} includes <${foreign}>`);
      }
    }
  });
}
