/** The mark of pages that are saved, on the toolbar button. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { quiesce, withClock } from './clock.mjs';
import {
  badges,
  chrome,
  event,
  forgetAll,
  given,
  local,
  session,
  setPort,
  titles,
} from './fakebrowser.mjs';
import { FakePort } from './fakehost.mjs';
import { openTab, resetTabs, tabs } from './faketabs.mjs';

const badge = await import('../../extension/background/badge.js');
const { changeSettings } = await import('../../extension/lib/settings.js');
const { askForTabs, giveUpTabs } = await import('../../extension/lib/sites.js');

const SAVED = { page: 1, snapshot: 2, versions: 3, saved: Date.UTC(2026, 0, 2), trashed: 0 };
const URL = 'https://a.example/';

/** @type {FakePort[]} */
let ports = [];
let lives = 0;
/** What pages.find answers, by address. @type {Record<string, any>} */
let saved = {};

async function life() {
  const path = `../../extension/background/marks.js?life=${++lives}`;
  const marks = /** @type {typeof import('../../extension/background/marks.js')} */ (
    await import(path)
  );
  marks.startMarks();
  await quiesce();
  return marks;
}

const asked = () =>
  ports.flatMap((port) => port.requests('pages.find')).map(({ params }) => params);

/** @param {number} tabId */
async function activate(tabId) {
  chrome.tabs.onActivated.fire({ tabId });
  await quiesce();
}

beforeEach(() => {
  ports = [];
  saved = { [URL]: SAVED };
  forgetAll();
  resetTabs();
  for (const name of ['onActivated', 'onUpdated']) {
    // Listeners of earlier lives are gone with them.
    chrome.tabs[name] = event();
  }
  given.add('tabs');
  local.settings = { mark: true };
  setPort(() => {
    const port = new FakePort({ 'pages.find': ({ url }) => saved[url] ?? { page: null } });
    ports.push(port);
    return port;
  });
});

test('a saved page is marked, with how often and when; another one is not', async () => {
  await life();
  const [tab, other] = [openTab(`${URL}#part`), openTab('https://b.example/')];
  await activate(tab);
  await activate(other);
  assert.equal(badges[tab], '✓');
  assert.match(titles[tab], /^Saved 3 times, last on Jan 2, 2026/);
  assert.equal(badges[other] ?? null, null);
  assert.match(titles[other], /^Linksnap/);
  assert.deepEqual(
    asked().map(({ url }) => url),
    [URL, 'https://b.example/'],
  );
});

test('without the setting, or the permission, nothing is asked and nobody woken', async () => {
  const tab = openTab(URL);
  for (const off of [() => (local.settings = { mark: false }), () => given.clear()]) {
    local.settings = { mark: true };
    off();
    await life();
    assert.ok(!chrome.tabs.onActivated.hasListeners());
    assert.ok(!chrome.tabs.onUpdated.hasListeners());
    await activate(tab);
  }
  assert.equal(ports.length, 0);
});

test('the setting takes effect at once, both ways', async () => {
  local.settings = {};
  given.clear();
  await life();
  const tab = openTab(URL);
  assert.ok(await askForTabs());
  await changeSettings({ mark: true });
  await quiesce();
  assert.equal(badges[tab], '✓');
  assert.ok(chrome.tabs.onActivated.hasListeners());
  assert.ok(await giveUpTabs());
  await quiesce();
  assert.equal(badges[tab], null);
  assert.match(titles[tab], /^Linksnap/);
  assert.ok(!chrome.tabs.onActivated.hasListeners());
});

test('what is no web page, or stands in a private window, goes to nobody', async () => {
  await life();
  await activate(openTab('about:config'));
  await activate(openTab('file:///home/li/a.html'));
  await activate(openTab(URL, { incognito: true }));
  await activate(openTab(`https://a.example/${'x'.repeat(16 * 1024)}`));
  assert.equal(ports.length, 0);
});

test('a page that was left is marked anew when the next one is there', async () => {
  await life();
  const tab = openTab(URL);
  chrome.tabs.onUpdated.fire(tab, { status: 'loading' });
  await quiesce();
  assert.equal(ports.length, 0);
  chrome.tabs.onUpdated.fire(tab, { status: 'complete' });
  await quiesce();
  assert.equal(badges[tab], '✓');
  tabs.get(tab).url = 'https://b.example/';
  chrome.tabs.onUpdated.fire(tab, { url: 'https://b.example/' });
  await quiesce();
  assert.equal(badges[tab], null);
});

test('an address is asked for once, by later lives too, until pages are saved or time passes', () =>
  withClock(async (pass) => {
    let marks = await life();
    const tab = openTab(URL);
    await activate(tab);
    await activate(tab);
    chrome.tabs.onActivated = event();
    marks = await life();
    await activate(tab);
    assert.equal(asked().length, 1);
    saved[URL] = { ...SAVED, versions: 4 };
    await marks.forgetMarks();
    await pass(0);
    assert.equal(asked().length, 2);
    assert.match(titles[tab], /Saved 4 times/);
    saved[URL] = { ...SAVED, trashed: 1 };
    await pass(5 * 60_000);
    await activate(tab);
    assert.equal(asked().length, 3);
    assert.equal(badges[tab], null);
  }));

test('an answer that was on its way when pages were saved is not kept', async () => {
  /** @type {(result: any) => void} */
  let answer = () => {};
  setPort(() => {
    const port = new FakePort({
      'pages.find': () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    ports.push(port);
    return port;
  });
  const marks = await life();
  const tab = openTab(URL, { active: false });
  await activate(tab);
  await marks.forgetMarks();
  answer({ page: null });
  await quiesce();
  assert.equal(session.marks, undefined);
});

test('an answer for a page that was left is not shown', async () => {
  /** @type {(result: any) => void} */
  let answer = () => {};
  const slow = new Promise((resolve) => {
    answer = resolve;
  });
  setPort(() => new FakePort({ 'pages.find': () => slow }));
  await life();
  const tab = openTab(URL);
  await activate(tab);
  tabs.get(tab).url = 'https://b.example/';
  answer(SAVED);
  await quiesce();
  assert.equal(badges[tab], undefined);
});

test('what is kept does not grow past its ceiling', async () => {
  await life();
  session.marks = Array.from({ length: 200 }, (_, i) => ({
    url: `https://x/${i}`,
    at: Date.now(),
  }));
  await activate(openTab(URL));
  assert.equal(session.marks.length, 200);
  assert.equal(session.marks[0].url, URL);
});

test('the host is closed when nobody has asked for half a minute', () =>
  withClock(async (pass) => {
    await life();
    await activate(openTab(URL));
    await pass(29_000);
    await activate(openTab('https://b.example/'));
    await pass(29_000);
    assert.equal(ports.length, 1);
    assert.ok(!ports[0].closed);
    await pass(2000);
    assert.ok(ports[0].closed);
    await activate(openTab('https://c.example/'));
    assert.equal(ports.length, 2);
    await pass(31_000);
  }));

test('the badge of a save is left alone, and the mark comes back after it', () =>
  withClock(async (pass) => {
    await life();
    const tab = openTab(URL);
    const release = badge.own(tab);
    badge.showProgress(tab, { stage: 'assets', done: 1, total: 4 });
    await activate(tab);
    assert.equal(badges[tab], '25%');
    assert.equal(titles[tab], 'Linksnap: saving this page…');
    badge.showDone(tab, false);
    release();
    await activate(tab);
    assert.equal(badges[tab], '✓');
    await pass(5000);
    assert.equal(badges[tab], '✓');
    assert.match(titles[tab], /^Saved 3 times/);
    badge.showFailed(tab, { name: 'quota' });
    await activate(tab);
    assert.equal(badges[tab], '!');
    assert.match(
      titles[tab],
      /^Linksnap: not saved\. The library is as large as the settings allow/,
    );
    await pass(31_000);
  }));

test('under the badges of tabs lies that of the queue', () =>
  withClock(async (pass) => {
    badge.showQueue(3);
    badge.showCount(7, 120);
    assert.equal(badges.all, '3');
    assert.equal(badges[7], '99+');
    assert.equal(titles[7], 'Linksnap: 120 links were added to the queue');
    await pass(5000);
    assert.equal(badges[7], null);
    assert.match(titles[7], /^Linksnap: save this page/);
    badge.showProgress(undefined, { stage: 'assets', done: 1, total: 4 });
    badge.showFailed(undefined, { name: 'dns' });
    assert.equal(badges.all, '3');
    badge.showQueue(0);
    assert.equal(badges.all, '');
  }));

test('without a host there is no mark, and nothing breaks', async () => {
  setPort(() => {
    throw new Error('Specified native messaging host not found.');
  });
  await life();
  const tab = openTab(URL);
  await activate(tab);
  assert.equal(badges[tab], undefined);
});
