/** What the host could not get: fetched by walkers and by the background, handed over in parts. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import './fakebrowser.mjs';
import { Fault, FakePort } from './fakehost.mjs';

const { supply, supplyLater } = await import('../../extension/background/supply.js');
const { Host } = await import('../../extension/lib/host.js');

/** @type {any} */
const chrome = Reflect.get(globalThis, 'chrome');
const { fetch: realFetch } = globalThis;

/** URLs that the background may read, and what they answer. @type {Record<string, any>} */
let web = {};
/** @type {{ url: string, options: any }[]} */
let fetched = [];
/** @type {string[]} */
let granted = [];

const PAGE = 'https://www.a.example/page';

beforeEach(() => {
  web = {};
  fetched = [];
  granted = [];
  chrome.permissions.contains = async (/** @type {{ origins: string[] }} */ { origins }) =>
    origins.every((each) => granted.includes(each));
  chrome.tabs.query = async () => [];
  globalThis.fetch = /** @type {any} */ (
    async (/** @type {string} */ url, /** @type {any} */ options) => {
      fetched.push({ url, options });
      const { body, type = 'image/png', status = 200, moved } = web[url] ?? { status: 404 };
      if (moved && options.redirect === 'error') {
        throw new TypeError('redirected');
      }
      return new Response(body ?? '', { status, headers: { 'content-type': type } });
    }
  );
});
test.after(() => {
  globalThis.fetch = realFetch;
});

/** @param {string[]} urls */
const result = (...urls) => ({
  page: 1,
  snapshot: 7,
  version: 1,
  state: /** @type {const} */ ('incomplete'),
  assets: { total: 5, stored: 3, reused: 1, failed: urls.length },
  failures: [],
  wanted: urls.map((url) => ({ url, kind: 'image' })),
  bytes: 1000,
  ms: 10,
});

/** @param {Record<string, import('./fakehost.mjs').Handler>} [handlers] */
function host(handlers = {}) {
  const port = new FakePort({
    'capture.begin': () => ({ capture: '9' }),
    'capture.add': () => ({ received: 1 }),
    'capture.cancel': () => ({}),
    'capture.commit': () => ({
      ...result(),
      state: 'complete',
      assets: { total: 5, stored: 2, reused: 0, failed: 0 },
      bytes: 500,
      ms: 5,
    }),
    ...handlers,
  });
  return { port, host: new Host(() => port) };
}

/**
 * A walker that has these.
 *
 * @param {string} url - of its frame
 * @param {Record<string, string[]>} has - parts by URL
 */
function walker(url, has) {
  /** @type {any[]} */
  let parts = [];
  /** @type {any[]} */
  const asked = [];
  const ask = async (/** @type {any} */ request) => {
    if (request.ask === 'next') {
      return parts.shift() ?? null;
    }
    asked.push(request);
    parts = request.wanted.flatMap((/** @type {any} */ each) =>
      (has[each.url] ?? []).map((data, i, all) => ({
        data,
        last: i === all.length - 1,
        ...(i === 0 ? { url: each.url, base: `${each.url}?end`, media_type: 'image/png' } : {}),
      })),
    );
    return {};
  };
  return /** @type {any} */ ({ url, asked, ask, closed: false, close() {} });
}

/** @param {FakePort} port */
const adds = (port) => port.requests('capture.add').map(({ params }) => params);

test('without anything wanted nothing is done', async () => {
  const { port, host: to } = host();
  const before = result();
  assert.equal(await supply(to, before, PAGE, []), before);
  assert.deepEqual(port.sent, []);
});

test('a walker of the same origin fetches, whole, in parts', async () => {
  const { port, host: to } = host();
  const a = 'https://a.example/a.png';
  const b = 'https://b.example/b.png';
  const top = walker('https://a.example/page', { [a]: ['AAAA', 'BBBB', 'CC=='], [b]: [] });
  const frame = walker('https://b.example/frame', { [b]: ['DDDD'] });
  const progress = /** @type {any[]} */ ([]);
  const answer = await supply(to, result(a, b), PAGE, [top, frame], {
    onProgress: (each) => progress.push(each),
  });
  assert.deepEqual(top.asked[0].wanted, [{ url: a, kind: 'image' }]);
  assert.deepEqual(frame.asked[0].wanted, [{ url: b, kind: 'image' }]);
  const [{ params: begun }] = port.requests('capture.begin');
  assert.equal(begun.snapshot, 7);
  assert.deepEqual(Object.keys(begun).sort(), [
    'language',
    'media_limit',
    'snapshot',
    'user_agent',
  ]);
  const head = { kind: 'resource', media_type: 'image/png' };
  assert.deepEqual(adds(port), [
    { capture: '9', item: 0, seq: 0, ...head, url: a, base: `${a}?end`, data: 'AAAA', last: false },
    { capture: '9', item: 0, seq: 1, data: 'BBBB', last: false },
    { capture: '9', item: 0, seq: 2, data: 'CC==', last: true },
    { capture: '9', item: 1, seq: 0, ...head, url: b, base: `${b}?end`, data: 'DDDD', last: true },
  ]);
  assert.equal(answer.state, 'complete');
  assert.deepEqual(answer.assets, { total: 5, stored: 5, reused: 1, failed: 0 });
  assert.equal(answer.bytes, 1500);
  assert.equal(answer.ms, 15);
  assert.deepEqual(progress, [
    { stage: 'assets', done: 1, total: 2 },
    { stage: 'assets', done: 2, total: 2 },
  ]);
  assert.deepEqual(fetched, []);
});

test('the background fetches the rest, where it is allowed to', async () => {
  const { port, host: to } = host();
  const a = 'https://a.example:8080/a.png';
  const other = 'https://other.example/x.png';
  const moved = 'https://a.example:8080/moved.png';
  granted = ['https://a.example/*'];
  web[a] = { body: 'hello' };
  web[moved] = { body: 'inside', moved: true };
  web[other] = { body: 'never' };
  await supply(to, result(a, other, moved), PAGE, [walker('https://x.example/', {})]);
  assert.deepEqual(fetched.map(({ url }) => url).sort(), [a, moved].sort());
  assert.equal(fetched[0].options.cache, 'force-cache');
  assert.deepEqual(
    adds(port).map(({ url, base, data }) => ({ url, base, data })),
    [{ url: a, base: a, data: btoa('hello') }],
  );
});

test('cookies go to what is the page’s own, and to nobody else', async () => {
  const { host: to } = host();
  const hosts = ['www.a.example', 'a.example', 'img.a.example', 'a.example.evil', 'ba.example'];
  granted = hosts.map((each) => `https://${each}/*`);
  await supply(to, result(...hosts.map((each) => `https://${each}/x`)), PAGE, []);
  const sent = fetched
    .filter(({ options }) => options.credentials !== 'omit')
    .map(({ url }) => new URL(url).hostname);
  assert.deepEqual([...new Set(sent)].sort(), ['a.example', 'img.a.example', 'www.a.example']);
  assert.ok(fetched.every(({ options }) => options.redirect === 'error'));
});

test('large ones go in parts that can be joined; what is past the ceiling does not go', async () => {
  const { port, host: to } = host();
  const large = 'https://a.example/large.png';
  const huge = 'https://a.example/huge.png';
  granted = ['https://a.example/*'];
  const bytes = new Uint8Array(1_500_001).map((_, i) => (i * 2654435761) >>> 24);
  web[large] = { body: bytes };
  web[huge] = { body: new Uint8Array(50 * 1024 * 1024 + 1) };
  await supply(to, result(large, huge), PAGE, []);
  const sent = adds(port);
  assert.ok(sent.every(({ data }) => data.length <= 1024 * 1024));
  assert.deepEqual(
    sent.map(({ last }) => last),
    [false, false, true],
  );
  const joined = Buffer.concat(sent.map(({ data }) => Buffer.from(data, 'base64')));
  assert.ok(joined.equals(Buffer.from(bytes)));
});

test('what comes in may want more, three times at most', async () => {
  let n = 0;
  const { port, host: to } = host({
    'capture.commit': () => result(`https://a.example/${++n}.css`),
  });
  granted = ['https://a.example/*'];
  for (let i = 0; i < 9; i++) {
    web[`https://a.example/${i}.css`] = { body: 'a{}', type: 'text/css' };
  }
  await supply(to, result('https://a.example/0.css'), PAGE, []);
  assert.equal(port.requests('capture.commit').length, 3);
  assert.deepEqual(
    adds(port).map(({ url }) => url),
    [0, 1, 2].map((i) => `https://a.example/${i}.css`),
  );
});

test('a frame that goes away in the middle of one hands over none of it', async () => {
  const { port, host: to } = host();
  const a = 'https://a.example/a.png';
  const gone = walker('https://a.example/', { [a]: ['AAAA', 'BBBB'] });
  const { ask } = gone;
  let asked = 0;
  gone.ask = async (/** @type {any} */ request) => {
    if (++asked > 2) {
      throw new Error('the frame is gone');
    }
    return ask(request);
  };
  const before = result(a);
  assert.equal(await supply(to, before, PAGE, [gone]), before);
  assert.deepEqual(port.sent, []);
});

test('a host that refuses leaves the answer as it was', async () => {
  const { port, host: to } = host({
    'capture.commit': () => {
      throw new Fault('params');
    },
  });
  granted = ['https://a.example/*'];
  web['https://a.example/a.png'] = { body: 'x' };
  const before = result('https://a.example/a.png');
  assert.equal(await supply(to, before, PAGE, []), before);
  assert.equal(port.requests('capture.cancel').length, 1);
});

test('a person who stops it keeps what is stored', async () => {
  const { port, host: to } = host();
  const controller = new AbortController();
  const stuck = walker('https://a.example/', {});
  stuck.ask = () => new Promise(() => {});
  const before = result('https://a.example/a.png');
  const done = supply(to, before, PAGE, [stuck], { signal: controller.signal });
  controller.abort();
  assert.equal(await done, before);
  assert.deepEqual(port.requests('capture.commit'), []);
});

test('later, only a tab that shows the page is asked', async () => {
  const { host: to } = host();
  let queries = 0;
  chrome.tabs.query = async () => {
    queries++;
    return [{ id: 1 }, { id: 2, url: 'https://other.example/' }];
  };
  granted = ['https://a.example/*'];
  web['https://a.example/a.png'] = { body: 'x' };
  const answer = await supplyLater(to, result('https://a.example/a.png'), {
    url: 'https://a.example/page',
  });
  assert.equal(answer.state, 'complete');
  assert.equal(queries, 1);
  await supplyLater(to, result(), { url: 'https://a.example/page' });
  assert.equal(queries, 1);
});
