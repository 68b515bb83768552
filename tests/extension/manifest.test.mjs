import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { HOST_NAME } from '../../extension/lib/protocol.js';
import { filesEnding, read, root } from './files.mjs';

const manifest = JSON.parse(read('extension/manifest.json'));

/** @param {string} path */
const exists = (path) => existsSync(new URL(`extension/${path}`, root));

test('it asks for five permissions, and for no site or tab until a person allows it', () => {
  assert.deepEqual(manifest.optional_host_permissions, ['*://*/*']);
  assert.deepEqual(manifest.optional_permissions, ['tabs', 'notifications']);
  assert.deepEqual(manifest.permissions, [
    'activeTab',
    'contextMenus',
    'nativeMessaging',
    'scripting',
    'storage',
  ]);
  for (const more of [
    'host_permissions',
    'content_scripts',
    'content_security_policy',
    'web_accessible_resources',
    'externally_connectable',
  ]) {
    assert.equal(manifest[more], undefined, more);
  }
});

test('both browsers start the same background, as a module', () => {
  const { service_worker: worker, scripts, type } = manifest.background;
  assert.deepEqual(scripts, [worker]);
  assert.equal(type, 'module');
  assert.ok(exists(worker));
});

test('the key gives the id that the host answers', () => {
  const hash = createHash('sha256').update(Buffer.from(manifest.key, 'base64')).digest('hex');
  const id = [...hash.slice(0, 32)]
    .map((digit) => String.fromCharCode(97 + parseInt(digit, 16)))
    .join('');
  assert.equal(id, 'clamihfaboappfgpcjhpjjkmnpccmfbg');
  assert.match(read(`manifests/${HOST_NAME}.chromium.json.in`), new RegExp(id));
  const gecko = manifest.browser_specific_settings.gecko;
  assert.match(read(`manifests/${HOST_NAME}.firefox.json.in`), new RegExp(gecko.id));
  assert.deepEqual(gecko.data_collection_permissions, { required: ['none'] });
});

test('the settings open in a tab, where there is room for them, in both browsers', () => {
  const { page, open_in_tab: inTab } = manifest.options_ui;
  assert.ok(exists(page));
  assert.equal(inTab, true);
});

test('each shortcut has a name, and keys that no other has', () => {
  const commands = Object.entries(manifest.commands);
  assert.deepEqual(
    commands.map(([name]) => name),
    ['_execute_action', 'save-page', 'open-library', 'highlight'],
  );
  for (const [name, { description }] of commands) {
    assert.match(description, /^__MSG_\w+__$/, name);
  }
  const keys = commands.map(([, { suggested_key: key }]) => key.default);
  assert.deepEqual(keys, ['Alt+Shift+S', 'Alt+Shift+K', 'Alt+Shift+L', 'Alt+Shift+H']);
});

test('every file that it names is there, and pictures have the size they say', () => {
  assert.ok(exists(manifest.action.default_popup));
  for (const [size, path] of Object.entries({
    ...manifest.action.default_icon,
    ...manifest.icons,
  })) {
    const png = readFileSync(new URL(`extension/${path}`, root));
    assert.equal(png.toString('latin1', 1, 4), 'PNG');
    assert.equal(png.readUInt32BE(16), Number(size));
    assert.equal(png.readUInt32BE(20), Number(size));
  }
});

test('pages load nothing but files of the extension, which are there', () => {
  for (const name of filesEnding('.html')) {
    const folder = name.slice(0, name.lastIndexOf('/') + 1);
    const html = read(`extension/${name}`);
    assert.doesNotMatch(html, /\son\w+=|<script(?![^>]*\bsrc=)|<style|\sstyle=/, name);
    for (const [, path] of html.matchAll(/<(?!base)[^>]*?\s(?:src|href)="([^"]+)"/g)) {
      const [file, mark] = path.split('#');
      const base = file.startsWith('/') ? 'x:/' : `x:/${folder}`;
      const resolved = file ? new URL(file, base).pathname.slice(1) : name;
      assert.ok(exists(resolved), `${name} names ${path}`);
      if (mark) {
        assert.match(read(`extension/${resolved}`), new RegExp(`id="${mark}"`), path);
      }
    }
  }
});

test('every page that a module leads to is there', () => {
  for (const name of filesEnding('.js').filter((one) => !one.startsWith('vendor/'))) {
    const folder = name.slice(0, name.lastIndexOf('/') + 1);
    for (const [, path] of read(`extension/${name}`).matchAll(/['"`]([\w./-]+\.html)\b/g)) {
      const isThere = exists(path.replace(/^\//, '')) || exists(folder + path);
      assert.ok(isThere, `${name} leads to ${path}`);
    }
  }
});

test('every drawing that is asked for is in the sprite, and every one there is asked for', () => {
  const sprite = read('extension/icons/sprite.svg');
  const drawn = [...sprite.matchAll(/<symbol id="(\w+)"/g)].map(([, name]) => name);
  const scripts = filesEnding('.js').map((name) => read(`extension/${name}`));
  const pages = filesEnding('.html').map((name) => read(`extension/${name}`));
  const asked = new Set(
    [
      ...scripts.flatMap((text) => [...text.matchAll(/\b(?:icon|iconButton)\(\s*'(\w+)'/g)]),
      ...scripts.flatMap((text) => [...text.matchAll(/\bstrip\('\w+', '(\w+)'/g)]),
      ...pages.flatMap((text) => [...text.matchAll(/sprite\.svg#(\w+)/g)]),
    ].map(([, name]) => name),
  );
  assert.deepEqual([...asked].sort(), drawn.sort());
});
