import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { quiesce } from './clock.mjs';
import { badges, chrome, local, session, setPort } from './fakebrowser.mjs';
import { Fault, FakePort, settle } from './fakehost.mjs';
import { openTab } from './faketabs.mjs';

const { cancel, save, sweep } = await import('../../extension/background/saves.js');
const { listSaves, saveId } = await import('../../extension/lib/saves.js');

const RESULT = {
  page: 1,
  snapshot: 2,
  version: 1,
  state: 'complete',
  assets: { total: 3, stored: 3, reused: 0, failed: 0 },
  failures: [],
  bytes: 1000,
  ms: 5,
};
const COUNTS = { waiting: 0, running: 0, browser: 0, done: 0, failed: 0, cancelled: 0 };
const job = /** @type {const} */ ({ kind: 'link', url: 'http://a/', tags: ['x'], tabId: 7 });
const id = saveId({ ...job, tags: [...job.tags] });

/** @type {FakePort[]} */
let ports = [];

/** @param {Record<string, import('./fakehost.mjs').Handler>} handlers */
function host(handlers) {
  setPort(() => {
    // What is left open of a save is the queue's.
    const port = new FakePort({ 'queue.run': () => COUNTS, ...handlers });
    ports.push(port);
    return port;
  });
}

const start = () => save({ ...job, tags: [...job.tags] });

beforeEach(() => {
  ports = [];
  for (const key of Object.keys(session)) {
    delete session[key];
  }
});

test('a link is saved over a port of its own, which is closed', async () => {
  host({ 'links.save': () => RESULT });
  const record = await start();
  assert.equal(record?.state, 'done');
  assert.deepEqual(record?.result, RESULT);
  const [{ params }] = ports[0].requests('links.save');
  assert.equal(params.url, 'http://a/');
  assert.deepEqual(params.tags, ['x']);
  assert.ok(params.user_agent);
  assert.ok(ports[0].closed);
  assert.deepEqual(
    (await listSaves()).map(({ state }) => state),
    ['done'],
  );
  assert.equal(badges[7], '✓');
});

test('a link that a page chose may not lead into the private network, what a person trusts may', async () => {
  host({ 'links.save': () => RESULT, 'snapshots.retry': () => RESULT });
  await save({ kind: 'link', url: 'http://a/1', page: 'http://a/' });
  await save({ kind: 'link', url: 'http://a/2', page: 'https://b.example/' });
  await save({ kind: 'retry', snapshot: 2, url: 'http://a/', private: true });
  const [own, other, trusted] = ports.map((port) => port.sent.at(-1).params.private);
  assert.deepEqual([own, other, trusted], [undefined, false, true]);
});

test('only what the contract knows is sent', async () => {
  host({ 'links.save': () => RESULT, 'snapshots.retry': () => RESULT });
  await save({ kind: 'link', url: 'http://a/', tabId: 7, note: '' });
  await save({ kind: 'retry', snapshot: 2, url: 'http://a/', tabId: 7 });
  assert.deepEqual(Object.keys(ports[0].requests('links.save')[0].params).sort(), [
    'language',
    'media_limit',
    'tags',
    'url',
    'user_agent',
  ]);
  assert.deepEqual(Object.keys(ports[1].requests('snapshots.retry')[0].params).sort(), [
    'language',
    'media_limit',
    'snapshot',
    'user_agent',
  ]);
});

test('fonts are left out where the person wishes it', async () => {
  host({ 'links.save': () => RESULT });
  local.settings = { fonts: false };
  await start();
  delete local.settings;
  await start();
  const [without, usual] = ports.map((port) => port.requests('links.save')[0].params.fonts);
  assert.deepEqual([without, usual], [false, undefined]);
});

test('a tab’s thumbnail is set once it is stored, and before the save is told to be done', async () => {
  const url = 'https://a.example/';
  const tabId = openTab(url);
  chrome.tabs.captureVisibleTab = async () => 'data:image/jpeg;base64,AAAA';
  Object.assign(globalThis, {
    createImageBitmap: async () => ({ width: 320, height: 200, close() {} }),
    OffscreenCanvas: class {
      getContext = () => ({ fillRect() {}, drawImage() {} });
      convertToBlob = async (/** @type {any} */ { type }) => new Blob(['small'], { type });
    },
  });
  const handlers = {
    'capture.begin': () => ({ capture: '1' }),
    'capture.add': () => ({ received: 1 }),
    'capture.commit': () => RESULT,
  };
  host({ ...handlers, 'thumbnails.set': () => ({}) });
  assert.equal((await save({ kind: 'tab', tabId, url }))?.state, 'done');
  const methods = ports[0].sent.map(({ method }) => method);
  assert.deepEqual(methods.slice(-2), ['capture.commit', 'thumbnails.set']);
  assert.deepEqual(ports[0].sent.at(-1).params, {
    snapshot: RESULT.snapshot,
    media_type: 'image/webp',
    data: btoa('small'),
  });
  host({
    ...handlers,
    'thumbnails.set': () => {
      throw new Fault('store_full');
    },
  });
  assert.equal((await save({ kind: 'tab', tabId, url }))?.state, 'done');
});

test('the record tells what is being done', async () => {
  host({});
  const finished = start();
  await settle();
  assert.equal(session[`save:${id}`].state, 'running');
  await settle();
  const [{ id: request }] = ports[0].requests('links.save');
  const progress = { id: request, stage: 'assets', done: 1, total: 4, bytes: 10 };
  ports[0].say({ method: 'progress', params: progress });
  await settle();
  assert.equal(session[`save:${id}`].progress.stage, 'assets');
  assert.equal(badges[7], '25%');
  ports[0].say({ id: request, result: RESULT });
  assert.equal((await finished)?.state, 'done');
});

test('the same save does not run twice at a time, but again later', async () => {
  host({});
  const finished = start();
  await settle();
  assert.equal(await start(), null);
  assert.equal(ports.length, 1);
  ports[0].end();
  await finished;
  host({ 'links.save': () => RESULT });
  assert.equal((await start())?.state, 'done');
});

test('a refusal is kept with its name and data', async () => {
  host({
    'links.save': () => {
      throw new Fault('status', { status: 404 });
    },
  });
  const record = await start();
  assert.equal(record?.state, 'failed');
  assert.equal(record?.error?.name, 'status');
  assert.equal(record?.error?.data.status, 404);
  assert.equal(badges[7], '!');
});

for (const name of ['needs_browser', 'order']) {
  test(`${name}: the record says so, the badge does not, and the queue goes on`, async () => {
    host({
      'links.save': () => {
        throw new Fault(name, { wall: 'challenge' });
      },
      'queue.run': () => ({ ...COUNTS, browser: 1 }),
    });
    const record = await start();
    assert.equal(record?.state, 'failed');
    assert.equal(record?.error?.name, name);
    assert.equal(record?.error?.data.wall, 'challenge');
    assert.equal(badges[7], null);
    await quiesce();
    assert.equal(ports.flatMap((port) => port.requests('queue.run')).length, 1);
    assert.equal(session.queue.browser, 1);
    assert.equal(badges.all, '1');
  });
}

test('a link that had not changed is done, and says so', async () => {
  host({ 'links.save': () => ({ ...RESULT, unchanged: true, kind: 'pdf' }) });
  const record = await start();
  assert.equal(record?.state, 'done');
  assert.equal(record?.result?.unchanged, true);
  assert.equal(record?.result?.kind, 'pdf');
});

test('without a host the save fails with the state', async () => {
  host({ hello: () => new Promise(() => {}) });
  const finished = start();
  await settle();
  ports[0].end('Specified native messaging host not found.');
  assert.equal((await finished)?.error?.name, 'host_missing');
});

test('cancelling reaches the host, and leaves no mark on the badge', async () => {
  host({});
  const finished = start();
  await settle();
  cancel(id);
  const [port] = ports;
  const [{ id: request }] = port.requests('links.save');
  assert.equal(port.requests('cancel')[0].params.id, request);
  port.say({ id: request, error: { code: 1006, message: 'x', data: { name: 'cancelled' } } });
  assert.equal((await finished)?.error?.name, 'cancelled');
  assert.equal(badges[7], null);
});

test('what an earlier life of the background left running was interrupted', async () => {
  const record = { id, job, state: 'running', started: 1, progress: { stage: 'assets' } };
  session[`save:${id}`] = { ...record, worker: 'an earlier one' };
  session['save:done'] = { ...record, id: 'done', state: 'done', worker: 'an earlier one' };
  session.other = 'not a save';
  await sweep();
  assert.equal(session[`save:${id}`].state, 'failed');
  assert.equal(session[`save:${id}`].error.name, 'interrupted');
  assert.equal(session['save:done'].state, 'done');
});

test('the badge of what was interrupted says so, and that of a link that goes on says nothing', async () => {
  const tab = { kind: 'tab', tabId: 8, url: 'http://b/' };
  const more = {
    state: 'running',
    started: 1,
    progress: { stage: 'assets' },
    worker: 'an earlier',
  };
  session['save:tab'] = { ...more, id: 'tab', job: tab };
  session[`save:${id}`] = { ...more, id, job };
  Object.assign(badges, { 7: '45%', 8: '45%' });
  await sweep();
  await settle();
  assert.deepEqual([badges[8], badges[7]], ['!', null]);
});

test('what was begun anew while an earlier life is cleared away goes on', async () => {
  const record = { id, job, state: 'running', started: 1, progress: { stage: 'assets' } };
  session[`save:${id}`] = { ...record, worker: 'an earlier one' };
  host({});
  const swept = sweep();
  const finished = start();
  await swept;
  await settle();
  assert.equal(session[`save:${id}`].state, 'running');
  ports[0].end();
  await finished;
});

test('what runs in this life is not swept away', async () => {
  host({});
  const finished = start();
  await settle();
  await sweep();
  assert.equal(session[`save:${id}`].state, 'running');
  ports[0].end();
  await finished;
});

test('old records do not pile up', async () => {
  for (let i = 0; i < 60; i++) {
    session[`save:${i}`] = { id: String(i), job, state: 'done', started: i, worker: '' };
  }
  host({ 'links.save': () => RESULT });
  await start();
  assert.equal(Object.keys(session).filter((key) => key.startsWith('save:')).length, 51);
  assert.equal(session['save:9'], undefined);
  assert.ok(session['save:10']);
});
