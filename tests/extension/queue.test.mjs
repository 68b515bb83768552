/** The background's side of the queue: one host runs it, and somebody is told how many are open. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { quiesce, withClock } from './clock.mjs';
import { badges, chrome, forgetAll, given, session, setPort } from './fakebrowser.mjs';
import { Fault, FakePort, HELLO } from './fakehost.mjs';
import { resetTabs } from './faketabs.mjs';

const { addToQueue, NO_QUEUE, readQueue, runQueue, watchQueue } =
  await import('../../extension/lib/queue.js');

const COUNTS = {
  waiting: 0,
  running: 0,
  browser: 0,
  done: 2,
  failed: 1,
  cancelled: 0,
  paused: false,
};

/** @type {FakePort[]} */
let ports = [];
let lives = 0;

/** A new life of the background: nothing of the earlier ones is known. */
async function life() {
  const path = `../../extension/background/queue.js?life=${++lives}`;
  return /** @type {typeof import('../../extension/background/queue.js')} */ (await import(path));
}

/**
 * @param {Record<string, import('./fakehost.mjs').Handler>} handlers
 * @param {number} [open] - jobs, as hello says
 */
function host(handlers, open = 3) {
  setPort(() => {
    const hello = () => ({ ...HELLO, store: { ...HELLO.store, open } });
    const port = new FakePort({ hello, ...handlers });
    ports.push(port);
    return port;
  });
}

const asked = () => ports.flatMap((port) => port.requests('queue.run'));

/** @param {Record<string, number>} numbers */
function progress(numbers) {
  const port = ports[ports.length - 1];
  const [{ id }] = port.requests('queue.run').slice(-1);
  const all = { done: 0, total: 3, bytes: 0, open: 3, browser: 0, failed: 0, ...numbers };
  port.say({ method: 'progress', params: { id, stage: 'queue', ...all } });
}

/** @param {object} [counts] */
function answer(counts = COUNTS) {
  const port = ports[ports.length - 1];
  const [{ id }] = port.requests('queue.run').slice(-1);
  port.say({ id, result: counts });
}

beforeEach(() => {
  ports = [];
  forgetAll();
  resetTabs();
});

test('one host works on the queue, over a port that is closed afterwards', async () => {
  host({ 'queue.run': () => COUNTS });
  const { run } = await life();
  await run();
  assert.equal(asked().length, 1);
  assert.ok(ports.every(({ closed }) => closed));
  const state = await readQueue();
  assert.equal(state.open, 0);
  assert.equal(state.failed, 1);
  assert.equal(state.running, false);
  assert.ok(state.at > 0);
  assert.equal(badges.all, '');
});

test('what runs already is not begun twice, but looked at once more', () =>
  withClock(async () => {
    host({});
    const { run } = await life();
    const all = Promise.all([run(), run()]);
    await quiesce();
    run();
    run();
    await quiesce();
    assert.equal(asked().length, 1);
    answer();
    await quiesce();
    assert.equal(asked().length, 2);
    answer();
    await all;
    assert.equal(asked().length, 2);
  }));

test('what has changed is written at most four times a second, and shown', () =>
  withClock(async (pass) => {
    host({});
    const { run } = await life();
    let writes = 0;
    watchQueue(() => {
      writes += 1;
    });
    const ended = run();
    await pass(250);
    writes = 0;
    for (let open = 150; open > 120; open--) {
      progress({ open, done: 150 - open, total: 150 });
      await pass(25);
    }
    await pass(250);
    assert.ok(writes >= 3 && writes <= 4, `${writes} writes in 750 ms`);
    assert.equal((await readQueue()).open, 121);
    assert.equal((await readQueue()).done, 29);
    assert.equal((await readQueue()).running, true);
    assert.equal(badges.all, '99+');
    progress({ open: 99, done: 51, total: 150 });
    await pass(250);
    assert.equal(badges.all, '99');
    answer();
    await ended;
    assert.equal(badges.all, '');
  }));

test('a host that goes away is started again, after pauses that grow', () =>
  withClock(async (pass) => {
    host({});
    const { run } = await life();
    const ended = run();
    await pass(0);
    ports[0].end();
    await pass(400);
    assert.equal(ports.length, 1);
    assert.equal((await readQueue()).error, 'disconnected');
    assert.equal((await readQueue()).running, true);
    await pass(100);
    assert.equal(ports.length, 2);
    ports[1].end();
    await pass(999);
    assert.equal(ports.length, 2);
    await pass(1);
    assert.equal(ports.length, 3);
    await pass(250);
    assert.equal((await readQueue()).error, '');
    answer();
    await ended;
    assert.equal((await readQueue()).running, false);
  }));

test('a host that gets on with it before it goes away does not make the pause longer', () =>
  withClock(async (pass) => {
    host({});
    const { run } = await life();
    const ended = run();
    for (let i = 0; i < 30; i++) {
      await pass(500);
      assert.equal(ports.length, i + 1);
      progress({ done: 1 });
      ports[i].end();
    }
    await pass(500);
    answer();
    await ended;
  }));

test('one that goes away every time is given up, until somebody asks again', () =>
  withClock(async (pass) => {
    host({ 'queue.run': () => ports[ports.length - 1].end() });
    const { run } = await life();
    const ended = run();
    await pass(10 * 60_000);
    await ended;
    assert.equal(ports.length, 11);
    assert.equal((await readQueue()).error, 'disconnected');
    host({ 'queue.run': () => COUNTS });
    await run();
    assert.equal((await readQueue()).error, '');
  }));

test('somebody who asks does not wait for a pause to end', () =>
  withClock(async (pass) => {
    host({});
    const { run } = await life();
    const ended = run();
    await pass(0);
    ports[0].end();
    await pass(10);
    run();
    await pass(0);
    assert.equal(ports.length, 2);
    answer();
    await ended;
  }));

test('without a host, or a store that can be written, nothing is tried again', async () => {
  const { run } = await life();
  setPort(() => {
    throw new Error('Specified native messaging host not found.');
  });
  await run();
  assert.equal((await readQueue()).error, 'host_missing');
  assert.equal((await readQueue()).running, false);
  host({
    'queue.run': () => {
      throw new Fault('store_full');
    },
  });
  await run();
  assert.equal((await readQueue()).error, 'store_full');
  assert.equal(ports.length, 1);
});

test('when the browser starts, open jobs are gone on with', async () => {
  host({ 'queue.run': () => COUNTS }, 3);
  const { resume } = await life();
  await resume();
  assert.equal(asked().length, 1);
});

test('without open jobs the host is only greeted, and not again for a while', () =>
  withClock(async (pass) => {
    host({}, 0);
    await (await life()).resume();
    assert.equal(asked().length, 0);
    assert.equal(ports.length, 1);
    assert.ok(ports[0].closed);
    await (await life()).resume();
    assert.equal(ports.length, 1);
    await pass(10 * 60_000);
    await (await life()).resume();
    assert.equal(ports.length, 2);
  }));

test('a life of the background that ended at work is followed by one that goes on', async () => {
  session.queue = { ...NO_QUEUE, open: 5, running: true, at: Date.now() };
  host({ 'queue.run': () => COUNTS }, 5);
  const { resume } = await life();
  await resume();
  assert.equal(asked().length, 1);
});

test('one that ended with jobs in tabs is, too, where tabs may be opened', async () => {
  session.queue = { ...NO_QUEUE, open: 5, browser: 5, at: Date.now() };
  host({ 'queue.run': () => COUNTS }, 5);
  await (await life()).resume();
  assert.equal(badges.all, '5');
  assert.equal(ports.length, 0);
  given.add('*://*/*');
  await (await life()).resume();
  assert.equal(asked().length, 1);
});

test('pages that were saved are told of, once for each time that some were', () =>
  withClock(async (pass) => {
    host({});
    const { run, whenSaved } = await life();
    let times = 0;
    whenSaved(() => {
      times += 1;
    });
    const ended = run();
    await pass(0);
    progress({ done: 0 });
    progress({ done: 2 });
    progress({ done: 2 });
    progress({ done: 3 });
    answer();
    await ended;
    assert.equal(times, 2);
  }));

test('a page of the extension asks the background', async () => {
  /** @type {any[]} */
  const sent = [];
  chrome.runtime.sendMessage = async (/** @type {any} */ message) => sent.push(message);
  await runQueue();
  assert.deepEqual(sent, [{ type: 'queue.run' }]);
  assert.deepEqual(await readQueue(), NO_QUEUE);
});

test('links are added in as many requests as they take, none past a ceiling', async () => {
  /** @type {any[]} */
  const requests = [];
  const request = async (/** @type {string} */ method, /** @type {any} */ params) => {
    requests.push({ method, params });
    const jobs = params.urls.map((/** @type {string} */ url) => ({ job: 1, url }));
    return { jobs, refused: [] };
  };
  const many = Array.from({ length: 4001 }, (_, i) => `http://a/${i}`);
  const added = await addToQueue({ request }, many, { tags: ['x'] });
  assert.deepEqual(
    requests.map(({ params }) => params.urls.length),
    [2000, 2000, 1],
  );
  assert.ok(requests.every(({ params }) => params.tags[0] === 'x'));
  assert.equal(added.jobs.length, 4001);

  requests.length = 0;
  const long = `http://a/${'x'.repeat(16 * 1024 - 9)}`;
  const { jobs, refused } = await addToQueue({ request }, [
    ...Array.from({ length: 33 }, () => long),
    `${long}x`,
  ]);
  assert.deepEqual(
    requests.map(({ params }) => params.urls.length),
    [32, 1],
  );
  assert.equal(jobs.length, 33);
  assert.deepEqual(
    refused.map(({ name }) => name),
    ['url'],
  );

  requests.length = 0;
  assert.deepEqual(await addToQueue({ request }, []), { jobs: [], refused: [] });
  assert.equal(requests.length, 0);
});

test('what waits for a browser is offered to tabs, unless the queue is paused', () =>
  withClock(async (pass) => {
    given.add('*://*/*');
    host({
      'queue.run': () => ({ ...COUNTS, browser: 1, paused: true }),
      'queue.take': () => ({ job: null }),
    });
    const { run } = await life();
    await run();
    await pass(10_000);
    const takes = () => ports.flatMap((port) => port.requests('queue.take')).length;
    assert.equal(takes(), 0);
    assert.equal((await readQueue()).paused, true);
    host({
      'queue.run': () => ({ ...COUNTS, browser: 1 }),
      'queue.take': () => ({ job: null }),
    });
    await run();
    await pass(10_000);
    assert.equal(takes(), 1);
  }));
