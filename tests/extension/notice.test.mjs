/** What the desktop tells of the queue. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { quiesce } from './clock.mjs';
import { chrome, event, forgetAll, given, local, session, setPort } from './fakebrowser.mjs';
import { Fault, FakePort } from './fakehost.mjs';
import { events, resetTabs } from './faketabs.mjs';

const notice = await import('../../extension/background/notice.js');
const { NO_QUEUE } = await import('../../extension/lib/queue.js');

/** What was shown. @type {{ id: string, title: string, message: string }[]} */
let shown = [];
/** Jobs that the host has, the newest first. @type {Record<string, { updated: number }[]>} */
let jobs = {};
/** @type {FakePort[]} */
let ports = [];

const asked = () => ports.flatMap((port) => port.requests('queue.list'));

beforeEach(() => {
  shown = [];
  ports = [];
  jobs = { done: [], failed: [] };
  forgetAll();
  resetTabs();
  local.settings = { notify: true };
  chrome.notifications = {
    create: async (/** @type {string} */ id, /** @type {any} */ { title, message, iconUrl }) => {
      assert.match(iconUrl, /icons\/icon-128\.png$/);
      shown.push({ id, title, message });
    },
    clear: (/** @type {string} */ id) => events.push(`clear ${id}`),
    onClicked: event(),
  };
  setPort(() => {
    const port = new FakePort({
      'queue.list': ({ state, offset, limit }) => {
        const part = jobs[state].slice(offset, offset + limit);
        const isMore = offset + limit < jobs[state].length;
        return { counts: {}, jobs: part, next: isMore ? offset + limit : null };
      },
    });
    ports.push(port);
    return port;
  });
});

/** @param {number} count @param {number} updated */
const some = (count, updated) => Array.from({ length: count }, () => ({ updated }));

test('an ended queue is told once, with what became of the jobs since it was begun', async () => {
  await notice.noteBegun();
  const since = session.notice;
  await notice.noteBegun();
  assert.equal(session.notice, since);
  jobs = {
    done: [...some(250, since + 1), ...some(300, since - 1)],
    failed: [...some(1, since), ...some(9, 1)],
  };
  await notice.tellEnded(NO_QUEUE);
  assert.deepEqual(shown, [
    { id: 'queue', title: 'The queue has ended', message: '250 done · 1 failed' },
  ]);
  assert.equal(asked().length, 3);
  assert.ok(ports.every(({ closed }) => closed));
  await notice.tellEnded(NO_QUEUE);
  assert.equal(shown.length, 1);
});

test('without the wish, or the permission, nothing is asked nor shown', async () => {
  local.settings = {};
  await notice.noteBegun();
  await notice.tellEnded(NO_QUEUE);
  local.settings = { notify: true };
  delete chrome.notifications;
  await notice.noteBegun();
  await notice.tellEnded(NO_QUEUE);
  await notice.noteBegun();
  await notice.tellStopped('store_full');
  assert.deepEqual([shown, ports.length], [[], 0]);
});

test('what was not begun, goes on, or is paused has not ended', async () => {
  jobs.done = some(3, Date.now() + 1000);
  await notice.tellEnded(NO_QUEUE);
  await notice.noteBegun();
  await notice.tellEnded({ ...NO_QUEUE, open: 2, browser: 1 });
  await notice.tellEnded({ ...NO_QUEUE, paused: true });
  given.add('*://*/*');
  await notice.tellEnded({ ...NO_QUEUE, open: 2, browser: 2 });
  assert.equal(shown.length, 0);
  given.clear();
  await notice.tellEnded({ ...NO_QUEUE, open: 2, browser: 2 });
  assert.equal(shown[0].message, '3 done · 2 need a browser');
});

test('a queue of which nothing came is not worth a word', async () => {
  await notice.noteBegun();
  await notice.tellEnded(NO_QUEUE);
  assert.deepEqual(shown, []);
  assert.equal(session.notice, undefined);
});

test('a queue that nobody can go on with says why', async () => {
  await notice.tellStopped('store_full');
  assert.deepEqual(shown, []);
  await notice.noteBegun();
  await notice.tellStopped('quota');
  assert.deepEqual(shown, [
    {
      id: 'queue',
      title: 'The queue has stopped',
      message:
        'The library is as large as the settings allow. Raise the limit in the settings, or empty the trash.',
    },
  ]);
});

test('a host that does not answer leaves what is known', async () => {
  setPort(
    () =>
      new FakePort({
        'queue.list': () => {
          throw new Fault('store_busy');
        },
      }),
  );
  await notice.noteBegun();
  await notice.tellEnded({ ...NO_QUEUE, open: 1, browser: 1 });
  assert.equal(shown[0].message, '1 needs a browser');
});

test('a click leads to the queue, also where the permission came later', async () => {
  const { notifications } = chrome;
  delete chrome.notifications;
  notice.startNotices();
  chrome.notifications = notifications;
  chrome.permissions.onAdded.fire({ permissions: ['notifications'] });
  notifications.onClicked.fire('queue');
  await quiesce();
  assert.deepEqual(events, [
    'clear queue',
    'open chrome-extension://id/library/library.html#queue in front',
  ]);
});
