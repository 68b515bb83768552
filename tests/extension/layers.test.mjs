import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { filesEnding, read, root } from './files.mjs';

const PAGES = [
  'background',
  'highlights',
  'library',
  'options',
  'page',
  'popup',
  'statistics',
  'tags',
  'viewer',
  'welcome',
];
const scripts = filesEnding('.js');
const vendored = readdirSync(new URL('extension/vendor/', root), { recursive: true })
  .map((name) => `vendor/${String(name).replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.js'));

/**
 * @param {string} name
 * @returns {string[]} what it imports, as paths inside extension/
 */
function imports(name) {
  const code = read(`extension/${name}`).replace(/\/\*[\s\S]*?\*\//g, '');
  const found = code.matchAll(/^(?:import|export)\b[^;]*?from '([^']+)'|\bimport\(?\s*'([^']+)'/gm);
  return [...found].map(([, from, bare]) => new URL(from ?? bare, `x:/${name}`).pathname.slice(1));
}

test('there is something to look at', () => {
  assert.ok(scripts.length > 30);
  assert.deepEqual(
    [...new Set(scripts.map((name) => name.split('/')[0]))].sort(),
    [...PAGES, 'capture', 'lib'].sort(),
  );
});

test('imports name files that are there, by relative path', () => {
  for (const name of scripts) {
    for (const path of imports(name)) {
      assert.ok(existsSync(new URL(`extension/${path}`, root)), `${name} imports ${path}`);
    }
  }
});

test('the library imports only from itself and from what npm gave', () => {
  for (const name of scripts.filter((script) => script.startsWith('lib/'))) {
    for (const path of imports(name)) {
      assert.match(path, /^(lib|vendor)\//, name);
    }
  }
});

test('what npm gave imports only from itself', () => {
  for (const name of vendored) {
    for (const path of imports(name)) {
      assert.ok(vendored.includes(path), `${name} imports ${path}`);
    }
  }
});

test('background and pages import from themselves and the library, never from each other', () => {
  for (const page of PAGES) {
    for (const name of scripts.filter((script) => script.startsWith(`${page}/`))) {
      for (const path of imports(name)) {
        assert.match(path, new RegExp(`^(lib|vendor|${page})/`), name);
      }
    }
  }
});

test('what is injected into pages imports nothing', () => {
  for (const name of scripts.filter((script) => script.startsWith('capture/'))) {
    assert.deepEqual(imports(name), [], name);
    assert.doesNotMatch(read(`extension/${name}`), /^export\b/m, name);
  }
});

test('one module names the API, and one opens ports to the host', () => {
  for (const name of scripts.filter((script) => !script.startsWith('capture/'))) {
    const code = read(`extension/${name}`).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    if (name !== 'lib/api.js') {
      assert.doesNotMatch(code, /\b(?:chrome|browser)\.\w/, name);
    }
    if (name !== 'lib/host.js') {
      assert.doesNotMatch(code, /connectNative/, name);
    }
  }
});

test('text is never set as markup', () => {
  for (const name of scripts) {
    assert.doesNotMatch(
      read(`extension/${name}`),
      /\.(?:inner|outer)HTML\s*=|insertAdjacentHTML|setHTMLUnsafe|createContextualFragment|document\.write/,
      name,
    );
  }
});

test('pages are named by their way from the root, and are there', () => {
  let named = 0;
  for (const name of scripts) {
    for (const [, path] of read(`extension/${name}`).matchAll(
      /['"`]\/?([\w/]+\.html)(?=['"`?#])/g,
    )) {
      // The viewer's cell lies beside it.
      const from = path === 'cell.html' ? 'extension/viewer/' : 'extension/';
      assert.ok(existsSync(new URL(`${from}${path}`, root)), `${name} names ${path}`);
      named++;
    }
  }
  assert.ok(named > 20);
});
