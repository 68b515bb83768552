/** Shortcuts: what each of them leads to. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { quiesce } from './clock.mjs';
import { badges, chrome, forgetAll, titles } from './fakebrowser.mjs';
import { events, openTab, resetTabs, tabs } from './faketabs.mjs';

const { startCommands } = await import('../../extension/background/commands.js');

/** @type {any[]} */
let saves = [];

startCommands((job) => saves.push(job));

/** @param {string} name @param {any} [tab] */
async function press(name, tab) {
  chrome.commands.onCommand.fire(name, tab);
  await quiesce();
}

beforeEach(() => {
  saves = [];
  forgetAll();
  resetTabs();
});

test('the page in front is saved at once, without a popup', async () => {
  const tabId = openTab('https://a.example/');
  const job = { kind: 'tab', tabId, url: 'https://a.example/', title: 'A' };
  await press('save-page', { ...tabs.get(tabId), title: 'A' });
  await press('save-page');
  assert.deepEqual(saves, [job, { ...job, title: undefined }]);
  assert.equal(badges[tabId], undefined);
});

test('what no extension may read is not begun, and the button says why', async () => {
  // Browsers tell no address of their own pages.
  for (const tab of [{ id: openTab('about:config') }, { id: 9, url: 'file:///home/li/a.html' }]) {
    await press('save-page', tab);
    assert.equal(badges[tab.id], '!');
    assert.match(titles[tab.id], /^Linksnap: not saved\. The browser/);
  }
  assert.deepEqual(saves, []);
});

test('without a tab there is nothing to do', async () => {
  await press('save-page');
  assert.deepEqual([saves, badges], [[], {}]);
});

test('the library opens in a tab, and the next time that tab comes to the front', async () => {
  openTab('https://a.example/');
  await press('open-library');
  const url = 'chrome-extension://id/library/library.html';
  assert.deepEqual(events, [`open ${url} in front`]);
  const [tab] = [...tabs.values()].filter((each) => each.url === url);
  Object.assign(tab, { active: false, url: `${url}?q=x` });
  await press('open-library');
  assert.equal(events.length, 1);
  assert.equal(tab.active, true);
});

test('what nobody knows does nothing', async () => {
  openTab('https://a.example/');
  await press('_execute_action');
  assert.deepEqual([saves, events], [[], []]);
});
