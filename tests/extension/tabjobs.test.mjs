/** Jobs that need a browser: background tabs, which are closed whatever happens. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { withClock } from './clock.mjs';
import { chrome, forgetAll, given, session, setPort } from './fakebrowser.mjs';
import { Fault, FakePort } from './fakehost.mjs';
import { events, openTab, pages, resetTabs, tabs, windows } from './faketabs.mjs';

const RESULT = {
  page: 1,
  snapshot: 2,
  version: 1,
  state: 'complete',
  assets: { total: 0, stored: 0, reused: 0, failed: 0 },
  failures: [],
  bytes: 1000,
  ms: 5,
};

/** @type {FakePort[]} */
let ports = [];
/** Addresses of jobs that wait for a browser. @type {string[]} */
let jobs = [];
let nextJob = 1;
let lives = 0;
/** How often somebody was told that a job was done. */
let ended = 0;

async function life() {
  const path = `../../extension/background/tabjobs.js?life=${++lives}`;
  const life = /** @type {typeof import('../../extension/background/tabjobs.js')} */ (
    await import(path)
  );
  const take = (count = jobs.length) =>
    life.takeJobs(count, () => {
      ended += 1;
    });
  return { ...life, take };
}

/** @param {Record<string, import('./fakehost.mjs').Handler>} [handlers] */
function host(handlers = {}) {
  setPort(() => {
    const port = new FakePort({
      'queue.take': () => {
        const url = jobs.shift();
        return { job: url ? { job: nextJob++, url, tags: ['x'] } : null };
      },
      'queue.fail': () => ({}),
      'capture.begin': () => ({ capture: '1' }),
      'capture.add': () => ({ received: 1 }),
      'capture.cancel': () => ({}),
      'capture.commit': () => RESULT,
      ...handlers,
    });
    ports.push(port);
    return port;
  });
}

/** @param {string} method */
const asked = (method) =>
  ports.flatMap((port) => port.requests(method)).map(({ params }) => params);

beforeEach(() => {
  ports = [];
  jobs = [];
  nextJob = 1;
  ended = 0;
  forgetAll();
  resetTabs();
  given.add('*://*/*');
  host();
});

test('a link is opened in the background, without sound, captured and closed', () =>
  withClock(async (pass) => {
    jobs = ['https://a.example/'];
    /** @type {any} */
    let tab;
    host({
      'capture.commit': () => {
        tab = { ...[...tabs.values()][0] };
        return RESULT;
      },
    });
    (await life()).take();
    await pass(1000);
    assert.deepEqual(events, ['open https://a.example/', 'wait', 'read', `close ${tab?.id}`]);
    assert.equal(tab?.muted, true);
    assert.equal(tab?.active, false);
    const [begun] = asked('capture.begin');
    assert.equal(begun.job, 1);
    assert.equal(begun.url, 'https://a.example/');
    assert.deepEqual(begun.tags, ['x']);
    assert.deepEqual(asked('queue.fail'), []);
    assert.equal(ended, 1);
    assert.ok(ports.every(({ closed }) => closed));
    assert.ok(!Object.keys(session).some((key) => key.startsWith('queue-tab')));
  }));

test('without the permission nothing is taken', () =>
  withClock(async (pass) => {
    given.clear();
    jobs = ['https://a.example/'];
    (await life()).take();
    await pass(1000);
    assert.equal(ports.length, 0);
  }));

test('two at once, each over a port of its own, until there are none', () =>
  withClock(async (pass) => {
    jobs = Array.from({ length: 7 }, (_, i) => `https://a.example/${i}`);
    let most = 0;
    host({
      'capture.begin': () => {
        most = Math.max(most, tabs.size);
        return { capture: '1' };
      },
    });
    const { take } = await life();
    take();
    take(5);
    await pass(20_000);
    assert.equal(ports.length, 2);
    assert.equal(most, 2);
    assert.equal(asked('capture.commit').length, 7);
    assert.equal(ended, 7);
    assert.equal(tabs.size, 0);
  }));

test('a page that leads on is waited for again', () =>
  withClock(async (pass) => {
    jobs = ['https://a.example/check'];
    pages['https://a.example/check'] = { leadsTo: 'https://a.example/real' };
    (await life()).take();
    await pass(5000);
    assert.deepEqual(events.slice(1, -1), ['wait', 'wait', 'read']);
    assert.equal(asked('capture.begin')[0].url, 'https://a.example/real');
  }));

test('one that leads on for ever is taken as it is after twenty seconds', () =>
  withClock(async (pass) => {
    jobs = ['https://a.example/'];
    pages['https://a.example/'] = { leadsTo: 'https://a.example/' };
    (await life()).take();
    await pass(19_500);
    assert.ok(!events.includes('read'));
    await pass(1500);
    assert.ok(events.includes('read'));
    assert.equal(tabs.size, 0);
  }));

const FAULTS = /** @type {const} */ ([
  ['a download is no page', { download: true }, 'tab_gone', 2500],
  ['a page that never comes', { loads: false }, 'timeout', 20_500],
  ['a page that lets nobody in', { refuses: 'Cannot access contents of url' }, 'tab_forbidden', 9],
  ['an error page', { refuses: 'Frame with ID 0 is showing error page' }, 'connect', 9],
]);

for (const [what, page, name, ms] of FAULTS) {
  test(`${what}: ${name}, and the next one is done`, () =>
    withClock(async (pass) => {
      jobs = ['https://a.example/', 'https://b.example/'];
      pages['https://a.example/'] = page;
      (await life()).take(1);
      await pass(ms);
      await pass(1000);
      assert.deepEqual(
        asked('queue.fail').map((params) => [params.job, params.name]),
        [[1, name]],
      );
      assert.equal(asked('capture.commit').length, 1);
      assert.equal(tabs.size, 0);
    }));
}

test('a tab that the person closes', () =>
  withClock(async (pass) => {
    jobs = ['https://a.example/'];
    pages['https://a.example/'] = { loads: false };
    (await life()).take();
    await pass(500);
    tabs.clear();
    await pass(500);
    assert.equal(asked('queue.fail')[0].name, 'tab_gone');
    assert.equal(ended, 1);
  }));

test('one that is closed while it is waited for', () =>
  withClock(async (pass) => {
    jobs = ['https://a.example/'];
    pages['https://a.example/'] = { quiet: false };
    (await life()).take();
    await pass(500);
    const [id] = [...tabs.keys()];
    await chrome.tabs.remove(id);
    await pass(500);
    assert.equal(asked('queue.fail')[0].name, 'tab_gone');
    assert.ok(!chrome.tabs.onUpdated.hasListeners());
    assert.ok(!chrome.tabs.onRemoved.hasListeners());
  }));

test('what the host refuses fails with its name; what it has ended is nobody’s', () =>
  withClock(async (pass) => {
    jobs = ['https://a.example/', 'https://b.example/'];
    host({
      'capture.commit': () => {
        throw new Fault('document');
      },
      'queue.fail': () => {
        throw new Fault('order');
      },
    });
    (await life()).take(1);
    await pass(2000);
    assert.deepEqual(
      asked('queue.fail').map(({ name }) => name),
      ['document', 'document'],
    );
    assert.equal(tabs.size, 0);
  }));

test('a host that goes away has the job back: the tab is closed, nothing is taken until asked', () =>
  withClock(async (pass) => {
    jobs = ['https://a.example/', 'https://b.example/'];
    host({ 'capture.begin': () => ports[0].end() });
    const { take, allowTabs } = await life();
    take(1);
    await pass(1000);
    assert.equal(tabs.size, 0);
    assert.equal(ended, 0);
    take(1);
    await pass(60_000);
    assert.equal(ports.length, 1);
    host();
    allowTabs();
    take(1);
    await pass(1000);
    assert.equal(asked('capture.commit').length, 1);
  }));

test('a job that was cancelled has its tab closed', () =>
  withClock(async (pass) => {
    jobs = ['https://a.example/', 'https://b.example/'];
    pages['https://a.example/'] = { loads: false };
    pages['https://b.example/'] = { loads: false };
    host({ 'queue.list': () => ({ jobs: [{ job: 2 }] }) });
    const { take, checkTabs } = await life();
    take();
    await pass(500);
    assert.equal(tabs.size, 2);
    checkTabs();
    await pass(0);
    assert.deepEqual(
      [...tabs.values()].map(({ page }) => page),
      [pages['https://b.example/']],
    );
    assert.deepEqual(
      asked('queue.fail').map(({ job, name }) => [job, name]),
      [[1, 'cancelled']],
    );
    await pass(30_000);
    assert.equal(tabs.size, 0);
  }));

test('nothing is opened in a private window', () =>
  withClock(async (pass) => {
    jobs = ['https://a.example/'];
    windows.splice(0, 1, { id: 1, focused: true, incognito: true });
    const { take, allowTabs } = await life();
    take();
    await pass(1000);
    assert.equal(tabs.size, 0);
    assert.equal(asked('queue.fail')[0].name, 'cancelled');
    jobs = ['https://a.example/'];
    windows.push({ id: 2, focused: false, incognito: false });
    allowTabs();
    pages['https://a.example/'] = { loads: false };
    take();
    await pass(1000);
    assert.equal([...tabs.values()][0].windowId, 2);
    await pass(30_000);
  }));

test('what is said to wait and is not to be had is asked for again, not at once', () =>
  withClock(async (pass) => {
    const { take } = await life();
    take(1);
    await pass(100);
    take(1);
    take(1);
    await pass(4000);
    assert.equal(ports.length, 1);
    jobs = ['https://a.example/'];
    await pass(2000);
    assert.equal(ports.length, 2);
    assert.equal(asked('capture.commit').length, 1);
  }));

test('tabs that an earlier life of the background left open are closed, and no others', () =>
  withClock(async (pass) => {
    const [left, other] = [openTab('https://a.example/'), openTab('https://b.example/')];
    session[`queue-tab:${left}`] = true;
    session['queue-tab:99999'] = true;
    jobs = ['https://c.example/'];
    pages['https://c.example/'] = { loads: false };
    (await life()).take();
    await pass(500);
    const { closeLeftOvers } = await import('../../extension/background/tabs.js');
    await closeLeftOvers();
    assert.ok(!tabs.has(left));
    assert.ok(tabs.has(other));
    assert.equal(tabs.size, 2);
    assert.equal(Object.keys(session).filter((key) => key.startsWith('queue-tab')).length, 1);
    await pass(30_000);
    assert.equal(tabs.size, 1);
  }));
