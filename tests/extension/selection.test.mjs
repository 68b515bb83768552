/** The context menu: links in what a person has selected. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { quiesce, withClock } from './clock.mjs';
import { badges, chrome, forgetAll, setPort } from './fakebrowser.mjs';
import { FakePort } from './fakehost.mjs';
import { openTab, pages, resetTabs } from './faketabs.mjs';

const { createMenus, menuHighlight, menuJob, menuSelection } =
  await import('../../extension/background/menus.js');
const { showHighlightMenu } = await import('../../extension/lib/highlightmenu.js');
const { saveSelection } = await import('../../extension/background/selection.js');

const COUNTS = {
  waiting: 0,
  running: 0,
  browser: 0,
  done: 0,
  failed: 0,
  cancelled: 0,
  paused: false,
};
const PAGE = 'https://a.example/';

/** @type {FakePort[]} */
let ports = [];
/** What the host finds in a text. @type {string[]} */
let found = [];

/** @param {string} method */
const asked = (method) =>
  ports.flatMap((port) => port.requests(method)).map(({ params }) => params);

/** @param {any} selected - by a person, in the page */
function select(selected) {
  pages[PAGE] = { selected: selected && { page: PAGE, ...selected } };
  return openTab(PAGE);
}

beforeEach(() => {
  ports = [];
  found = [];
  forgetAll();
  resetTabs();
  setPort(() => {
    const port = new FakePort({
      'links.find': () => ({ links: found.map((url) => ({ url, page: null })), refused: [] }),
      'queue.add': ({ urls }) => ({
        jobs: urls.map((/** @type {string} */ url, /** @type {number} */ job) => ({ job, url })),
        refused: [],
      }),
      'queue.run': () => COUNTS,
    });
    ports.push(port);
    return port;
  });
});

test('each place has the entries that make sense there', async () => {
  createMenus();
  await quiesce();
  const at = (/** @type {string} */ context) =>
    chrome.contextMenus.entries
      .filter((/** @type {any} */ { contexts }) => contexts.includes(context))
      .map((/** @type {any} */ { id }) => id);
  assert.deepEqual(at('page'), ['page']);
  assert.deepEqual(at('link'), ['link']);
  assert.deepEqual(at('selection'), ['page', 'links', 'highlight']);
  assert.deepEqual(at('action'), ['library']);
  const twice = [...chrome.contextMenus.entries];
  createMenus();
  createMenus();
  await quiesce();
  assert.deepEqual(chrome.contextMenus.entries, twice);
});

test('the entry of the viewer is hidden until a viewer is in front, and goes to it', async () => {
  const highlight = () =>
    chrome.contextMenus.entries.find((/** @type {any} */ { id }) => id === 'highlight');
  assert.equal(highlight().visible, false);
  showHighlightMenu(true);
  assert.equal(highlight().visible, true);
  /** @type {any[]} */
  const sent = [];
  chrome.tabs.sendMessage = async (/** @type {any[]} */ ...all) => {
    sent.push(all);
    throw new Error('Could not establish connection. Receiving end does not exist.');
  };
  const tab = /** @type {any} */ ({ id: 7 });
  const info = /** @type {any} */ ({ menuItemId: 'highlight', selectionText: '一个字' });
  assert.ok(menuHighlight(info, tab));
  assert.ok(menuHighlight(info, undefined));
  assert.ok(!menuHighlight({ ...info, menuItemId: 'page' }, tab));
  await quiesce();
  assert.deepEqual(sent, [[7, { type: 'highlight', text: '一个字' }]]);
});

test('each entry does its own', () => {
  const tab = /** @type {any} */ ({ id: 7, url: PAGE, title: 'A' });
  const info = (/** @type {any} */ more) =>
    /** @type {any} */ ({ selectionText: 'x', pageUrl: PAGE, ...more });
  const links = info({ menuItemId: 'links' });
  assert.deepEqual(menuSelection(links, tab), { text: 'x', tabId: 7, page: PAGE });
  assert.equal(menuJob(links, tab), null);
  const link = info({ menuItemId: 'link', linkUrl: 'https://b.example/' });
  const job = { kind: 'link', url: 'https://b.example/', tabId: 7, page: PAGE };
  assert.deepEqual(menuJob(link, tab), job);
  const framed = menuJob({ ...link, frameUrl: 'https://f.example/' }, tab);
  assert.deepEqual(framed, { ...job, page: 'https://f.example/' });
  assert.equal(menuSelection(link, tab), null);
  const page = info({ menuItemId: 'page' });
  assert.deepEqual(menuJob(page, tab), { kind: 'tab', tabId: 7, url: PAGE, title: 'A' });
});

test('links and written addresses go into the queue, which is run', () =>
  withClock(async (pass) => {
    const tabId = select({
      links: ['https://b.example/', 'https://c.example/long'],
      texts: ['words', 'c.example/lo…'],
    });
    found = ['https://d.example/', 'https://b.example/'];
    const text = 'words c.example/lo…\nand d.example';
    assert.equal(await saveSelection({ text, tabId, page: PAGE }), null);
    assert.deepEqual(asked('links.find'), [{ text: '\n \n and d.example' }]);
    const [added] = asked('queue.add');
    assert.deepEqual(added.urls, [
      'https://b.example/',
      'https://c.example/long',
      'https://d.example/',
    ]);
    assert.deepEqual(Object.keys(added).sort(), [
      'language',
      'media_limit',
      'private',
      'urls',
      'user_agent',
    ]);
    assert.equal(added.private, false);
    assert.equal(badges[tabId], '3');
    await quiesce();
    assert.equal(asked('queue.run').length, 1);
    assert.ok(ports.every(({ closed }) => closed));
    await pass(5000);
    assert.equal(badges[tabId], null);
  }));

test('a page leads nobody but to itself into the private network', async () => {
  const links = ['http://192.168.1.1/reboot', 'https://a.example/2', 'https://b.example/'];
  const tabId = select({ links, texts: [] });
  pages[PAGE].framed = { page: 'https://f.example/', links: ['https://f.example/1'], texts: [] };
  assert.equal(await saveSelection({ text: '', tabId, page: PAGE }), null);
  assert.deepEqual(
    asked('queue.add').map((params) => [params.urls, params.private]),
    [
      [['https://a.example/2', 'https://f.example/1'], undefined],
      [['http://192.168.1.1/reboot', 'https://b.example/'], false],
    ],
  );
  assert.equal(badges[tabId], '4');
});

test('a selection without links says so, and is no failure', () =>
  withClock(async (pass) => {
    const tabId = select({ links: [], texts: [] });
    assert.equal(await saveSelection({ text: 'no links here', tabId, page: PAGE }), null);
    assert.equal(badges[tabId], '0');
    assert.equal(ports.length, 0);
    await pass(5000);
    assert.equal(badges[tabId], null);
  }));

test('where no script may look, what is written is taken', async () => {
  const tabId = select(null);
  pages[PAGE].refuses = 'Cannot access contents of the page';
  found = ['https://d.example/'];
  assert.equal(await saveSelection({ text: 'see https://d.example/', tabId, page: PAGE }), null);
  assert.deepEqual(asked('queue.add')[0].urls, ['https://d.example/']);
});

test('without a host the person is told', async () => {
  setPort(() => {
    throw new Error('Specified native messaging host not found.');
  });
  const tabId = select({ links: ['https://b.example/'], texts: ['b'] });
  const error = await saveSelection({ text: 'b', tabId, page: PAGE });
  assert.equal(error?.name, 'host_missing');
  assert.equal(badges[tabId], '!');
});
