/** The background as a whole: what wakes it, and what each event leads to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { quiesce } from './clock.mjs';
import { chrome, given, session, setPort, titles } from './fakebrowser.mjs';
import { Fault, FakePort, HELLO } from './fakehost.mjs';
import { events, openTab, resetTabs, tabs } from './faketabs.mjs';
import { read } from './files.mjs';

const { changeSettings } = await import('../../extension/lib/settings.js');

const COUNTS = {
  waiting: 0,
  running: 0,
  browser: 0,
  done: 0,
  failed: 0,
  cancelled: 0,
  paused: false,
};
const PAGE = { url: 'chrome-extension://id/popup/popup.html' };

/** @type {FakePort[]} */
const ports = [];
/** @type {Record<string, import('./fakehost.mjs').Handler>} */
let handlers = {};

/** @param {string} method */
const asked = (method) =>
  ports.flatMap((port) => port.requests(method)).map(({ params }) => params);

resetTabs();
const left = openTab('https://left.example/');
session[`queue-tab:${left}`] = true;
session['save:old'] = {
  id: 'old',
  job: { kind: 'link', url: 'https://a.example/' },
  worker: 'an earlier one',
  state: 'running',
  started: 1,
  progress: { stage: 'page' },
};
session.queue = { open: 0, running: false, browser: 0, at: Date.now() };
setPort(() => {
  const hello = () => ({ ...HELLO, store: { ...HELLO.store, open: 0 } });
  const port = new FakePort({ hello, 'queue.run': () => COUNTS, ...handlers });
  ports.push(port);
  return port;
});
await import('../../extension/background/main.js');

/**
 * @param {any} message
 * @param {{ url: string }} [sender]
 */
async function send(message, sender = PAGE) {
  /** @type {any[]} */
  const answers = [];
  chrome.runtime.onMessage.fire(message, sender, (/** @type {any} */ answer) =>
    answers.push(answer),
  );
  await quiesce();
  return answers;
}

test('it listens before anything else happens, so that every event wakes it', () => {
  for (const event of [
    chrome.runtime.onInstalled,
    chrome.runtime.onStartup,
    chrome.runtime.onMessage,
    chrome.contextMenus.onClicked,
    chrome.omnibox.onInputChanged,
    chrome.omnibox.onInputEntered,
    chrome.permissions.onAdded,
    chrome.commands.onCommand,
    chrome.storage.onChanged,
  ]) {
    assert.ok(event.hasListeners());
  }
});

test('what an earlier life left is cleared away, and its link is the queue’s', async () => {
  await quiesce();
  assert.ok(!tabs.has(left));
  assert.equal(session['save:old'].error.name, 'interrupted');
  assert.equal(asked('queue.run').length, 1);
});

test('the extension’s own pages may have the queue run, nobody else', async () => {
  const before = asked('queue.run').length;
  assert.deepEqual(await send({ type: 'queue.run' }, { url: 'https://a.example/' }), []);
  assert.equal(asked('queue.run').length, before);
  assert.deepEqual(await send({ type: 'queue.run' }), [true]);
  assert.equal(asked('queue.run').length, before + 1);
  assert.deepEqual(await send({ type: 'else' }), []);
});

test('a link that needs a browser is gone on with by the queue', async () => {
  const before = asked('queue.run').length;
  handlers = {
    'links.save': () => {
      throw new Fault('needs_browser', { wall: 'shell' });
    },
  };
  await send({ type: 'save.start', job: { kind: 'link', url: 'https://b.example/', again: true } });
  const record = session['save:link:https://b.example/'];
  assert.equal(record.state, 'failed');
  assert.equal(record.error.name, 'needs_browser');
  assert.equal(record.error.data.wall, 'shell');
  assert.equal(asked('links.save')[0].again, true);
  assert.equal(asked('queue.run').length, before + 1);
});

test('jobs that wait for the permission are done when it is given', async () => {
  session.queue = { ...session.queue, browser: 1 };
  const before = asked('queue.run').length;
  const wanted = { origins: ['*://*/*'] };
  await chrome.permissions.request(wanted);
  await quiesce();
  assert.equal(asked('queue.run').length, before + 1);
  given.clear();
});

test('the entry of the toolbar button opens the library', async () => {
  events.length = 0;
  chrome.contextMenus.onClicked.fire({ menuItemId: 'library' });
  await quiesce();
  assert.deepEqual(events, ['open chrome-extension://id/library/library.html in front']);
});

test('when another language is chosen the entries speak it', async () => {
  const title = () => chrome.contextMenus.entries[0].title;
  const { fetch: realFetch } = globalThis;
  globalThis.fetch = /** @type {any} */ (
    async (/** @type {string} */ url) => new Response(read(`extension/${url.split('/id/')[1]}`))
  );
  try {
    chrome.runtime.onInstalled.fire({ reason: 'update' });
    await quiesce();
    assert.equal(title(), 'Snapshot this page');
    await changeSettings({ language: 'zh_CN' });
    await quiesce();
    assert.equal(title(), '为此网页保存快照');
    assert.match(titles.all, /^链接快照/);
    await changeSettings({ language: 'auto' });
    await quiesce();
    assert.equal(title(), 'Snapshot this page');
  } finally {
    globalThis.fetch = realFetch;
  }
});

test('what a viewer showed is hidden again when the browser starts', async () => {
  const [entry] = chrome.contextMenus.entries.filter(
    (/** @type {any} */ { id }) => id === 'highlight',
  );
  entry.visible = true;
  chrome.runtime.onStartup.fire();
  await quiesce();
  assert.equal(entry.visible, false);
});

test('without a host, whoever saved something is shown how to set one up', async () => {
  setPort(() => {
    throw new Error('Specified native messaging host not found.');
  });
  events.length = 0;
  const tab = { id: openTab('https://a.example/'), url: 'https://a.example/' };
  const link = { menuItemId: 'link', linkUrl: 'https://c.example/' };
  chrome.contextMenus.onClicked.fire(link, tab);
  await quiesce();
  const selection = { menuItemId: 'links', selectionText: 'https://d.example/' };
  chrome.contextMenus.onClicked.fire(selection, tab);
  await quiesce();
  const welcome = 'open chrome-extension://id/welcome/welcome.html in front';
  assert.deepEqual(events, [welcome, welcome]);
});
