import assert from 'node:assert/strict';
import { test } from 'node:test';

import './fakebrowser.mjs';
import { read } from './files.mjs';

const { detectBrowser } = await import('../../extension/welcome/browsers.js');

const table = read('manifests/browsers.tsv')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'))
  .map((line) => line.split('\t'));

/** @param {any} pretend - what this browser says of itself */
async function detect({ brands = [], info }) {
  const runtime = /** @type {any} */ (globalThis).chrome.runtime;
  runtime.getBrowserInfo = info && (async () => ({ name: info }));
  const userAgentData = { brands: brands.map((/** @type {string} */ brand) => ({ brand })) };
  Object.defineProperty(navigator, 'userAgentData', { value: userAgentData, configurable: true });
  return detectBrowser();
}

test('the browsers offered are those that linksnap install knows', async () => {
  const offered = [...(await detect({})).builds, ...(await detect({ info: 'Firefox' })).builds];
  // A place for all persons is not one that a person chooses.
  const known = new Set(
    table.filter(([, , , kind, user]) => user !== '-' || kind === 'closed').map(([name]) => name),
  );
  assert.deepEqual(offered.map(({ name }) => name).sort(), [...known].sort());
  for (const { name, snap } of offered) {
    const kinds = table.filter(([other]) => other === name).map(([, , , kind]) => kind);
    assert.equal(snap === 'closed', kinds.includes('closed'), name);
    assert.equal(snap === 'asks', kinds.includes('portal'), name);
  }
});

test('a browser is recognized by what it says of itself', async () => {
  const likely = async (/** @type {any} */ pretend) => (await detect(pretend)).likely;
  assert.equal(await likely({ info: 'Firefox' }), 'firefox');
  assert.equal(await likely({ info: 'LibreWolf' }), 'librewolf');
  assert.equal(await likely({ brands: ['Not A Brand', 'Chromium'] }), 'chromium');
  assert.equal(await likely({ brands: ['Chromium', 'Google Chrome'] }), 'chrome');
  assert.equal(await likely({ brands: ['Chromium', 'Microsoft Edge'] }), 'edge');
  assert.equal(await likely({ brands: ['Brave', 'Chromium'] }), 'brave');
  assert.equal(await likely({}), 'chromium');
});
