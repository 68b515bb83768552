import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HostError, asHostError, fromDisconnect } from '../../extension/lib/errors.js';
import { Host } from '../../extension/lib/host.js';
import { LIMITS, PROTOCOL } from '../../extension/lib/protocol.js';
import { Fault, FakePort, HELLO, settle, withTimers } from './fakehost.mjs';

/**
 * A Host over ports that a test plays, one after the other.
 *
 * @param {...Record<string, import('./fakehost.mjs').Handler>} handlers - of each port
 */
function connected(...handlers) {
  /** @type {FakePort[]} */
  const ports = [];
  const host = new Host(() => {
    const port = new FakePort(handlers[ports.length]);
    ports.push(port);
    return port;
  });
  return { host, ports };
}

/** @param {string} name */
const named = (name) => (/** @type {unknown} */ error) =>
  error instanceof HostError && error.name === name;

test('a port begins with hello, whatever is asked first', async () => {
  const { host, ports } = connected({ 'tags.list': () => ({ tags: [] }) });
  assert.deepEqual(await host.request('tags.list', {}), { tags: [] });
  assert.equal(ports.length, 1);
  assert.deepEqual(
    ports[0].sent.map(({ method }) => method),
    ['hello', 'tags.list'],
  );
  assert.equal(ports[0].sent[0].params.protocol, PROTOCOL);
  assert.equal(ports[0].sent[0].params.client, 'linksnap-extension');
});

test('hello is asked once for many requests', async () => {
  const { host, ports } = connected({ 'tags.list': () => ({ tags: [] }) });
  await Promise.all([host.hello(), host.request('tags.list'), host.request('tags.list')]);
  assert.equal(ports.length, 1);
  assert.equal(ports[0].requests('hello').length, 1);
});

test('requests are sent without waiting, and each gets its own answer', async () => {
  const { host, ports } = connected({});
  const answers = [1, 2, 3].map((page) => host.request('pages.get', { page }));
  await settle();
  const [port] = ports;
  const sent = port.requests('pages.get');
  assert.deepEqual(
    sent.map(({ params }) => params.page),
    [1, 2, 3],
  );
  for (const { id, params } of sent) {
    port.say({ jsonrpc: '2.0', id, result: { title: `page ${params.page}` } });
  }
  assert.deepEqual(
    (await Promise.all(answers)).map(({ title }) => title),
    ['page 1', 'page 2', 'page 3'],
  );
});

test('progress reaches the request that it belongs to, and no other', async () => {
  const { host, ports } = connected({});
  /** @type {any[]} */
  const first = [];
  /** @type {any[]} */
  const second = [];
  const options = { onProgress: (/** @type {any} */ progress) => first.push(progress) };
  const answer = host.request('links.save', { url: 'http://a/' }, options);
  host.request('links.save', { url: 'http://b/' }, { onProgress: (p) => second.push(p) });
  await settle();
  const [port] = ports;
  const [{ id }] = port.requests('links.save');
  const progress = { id, stage: 'assets', done: 1, total: 4, bytes: 100 };
  port.say({ jsonrpc: '2.0', method: 'progress', params: progress });
  port.say({ jsonrpc: '2.0', method: 'progress', params: { ...progress, id: 999 } });
  port.say({ jsonrpc: '2.0', id, result: {} });
  await answer;
  port.say({ jsonrpc: '2.0', method: 'progress', params: progress });
  assert.deepEqual(first, [progress]);
  assert.deepEqual(second, []);
});

test('an error answer is an error with its name, code and data', async () => {
  const { host } = connected({
    'links.save': () => {
      throw new Fault('status', { status: 404 });
    },
  });
  await assert.rejects(host.request('links.save', { url: 'http://a/' }), (error) => {
    assert.ok(error instanceof HostError);
    assert.equal(error.name, 'status');
    assert.equal(error.code, 1000);
    assert.equal(error.data.status, 404);
    assert.equal(error.state, null);
    return true;
  });
});

test('an answer without id belongs to the oldest request', async () => {
  const { host, ports } = connected({});
  const oldest = host.request('pages.get', { page: 1 });
  const younger = host.request('pages.get', { page: 2 });
  await settle();
  ports[0].say({ id: null, error: { code: -32700, message: 'no', data: { name: 'parse' } } });
  await assert.rejects(oldest, named('parse'));
  ports[0].say({ id: ports[0].sent[2].id, result: 'fine' });
  assert.equal(await younger, 'fine');
});

test('what is no answer is left alone', async () => {
  const { host, ports } = connected({});
  const answer = host.request('pages.get', { page: 1 });
  await settle();
  for (const message of [null, 'text', 7, [], {}, { id: 77, result: 1 }, { method: 'news' }]) {
    ports[0].say(message);
  }
  ports[0].say({ id: ports[0].sent[1].id, result: 'still here' });
  assert.equal(await answer, 'still here');
});

test('aborting sends cancel, and the answer decides', async () => {
  const { host, ports } = connected({});
  const controller = new AbortController();
  const stopped = host.request('links.save', { url: 'http://a/' }, { signal: controller.signal });
  const finished = host.request('links.save', { url: 'http://b/' }, { signal: controller.signal });
  await settle();
  const [port] = ports;
  const [one, two] = port.requests('links.save').map(({ id }) => id);
  controller.abort();
  assert.deepEqual(
    port.requests('cancel').map(({ id, params }) => [id, params.id]),
    [
      [undefined, one],
      [undefined, two],
    ],
  );
  port.say({ id: one, error: { code: 1006, message: 'x', data: { name: 'cancelled' } } });
  port.say({ id: two, result: { page: 1 } });
  await assert.rejects(stopped, named('cancelled'));
  assert.deepEqual(await finished, { page: 1 });
});

test('a host that does not stop is left after a while', () =>
  withTimers(async (elapse) => {
    const { host, ports } = connected({});
    const controller = new AbortController();
    const answer = host.request('links.save', {}, { signal: controller.signal });
    const refused = assert.rejects(answer, named('cancelled'));
    await settle();
    controller.abort();
    elapse(9_999);
    assert.ok(!ports[0].closed);
    elapse(1);
    await refused;
    assert.ok(ports[0].closed);
  }));

test('what was aborted before is not sent', async () => {
  const { host, ports } = connected({});
  const signal = AbortSignal.abort();
  await assert.rejects(host.request('tags.list', {}, { signal }), named('cancelled'));
  assert.equal(ports.length, 0);
});

test('what is aborted while the port opens is not sent', async () => {
  const { host, ports } = connected({});
  const controller = new AbortController();
  const answer = host.request('tags.list', {}, { signal: controller.signal });
  controller.abort();
  await assert.rejects(answer, named('cancelled'));
  assert.equal(ports[0].requests('tags.list').length, 0);
});

test('a frame at the ceiling is sent, one past it is not', async () => {
  const { host, ports } = connected({ 'capture.add': () => ({ received: 1 }) });
  // Quotes are two bytes in JSON, so length alone would let this pass.
  const half = '"'.repeat(LIMITS.frame / 2 - 518);
  await host.request('capture.add', { data: half });
  await assert.rejects(host.request('capture.add', { data: `${half}""` }), named('limit'));
  await assert.rejects(host.request('capture.add', { tags: [half, '""'] }), named('limit'));
  assert.equal(ports[0].requests('capture.add').length, 1);
});

test('a part at its own ceiling passes, however it is escaped', async () => {
  const { host } = connected({ 'capture.add': () => ({ received: 1 }) });
  await host.request('capture.add', { data: '\u0001'.repeat(LIMITS.part) });
});

test('a host that ends fails everything that waits, and the next request opens a port', async () => {
  const { host, ports } = connected({}, { 'pages.get': () => 'again' });
  const answers = [1, 2].map((page) => host.request('pages.get', { page }));
  const refused = answers.map((answer) => assert.rejects(answer, named('disconnected')));
  await settle();
  ports[0].end();
  await Promise.all(refused);
  assert.equal(await host.request('pages.get', { page: 1 }), 'again');
  assert.equal(ports.length, 2);
  assert.equal(ports[1].sent[0].method, 'hello');
});

test('closing cancels what is under way', async () => {
  const { host, ports } = connected({});
  const answer = host.request('links.save', { url: 'http://a/' });
  const refused = assert.rejects(answer, named('cancelled'));
  await settle();
  host.close();
  await refused;
  assert.ok(ports[0].closed);
  host.close();
});

const SAID = /** @type {const} */ ([
  ['Specified native messaging host not found.', 'host_missing', 'missing'],
  ['No such native application org.linksnap.host', 'host_missing', 'missing'],
  ['Access to the specified native messaging host is forbidden.', 'host_forbidden', 'forbidden'],
  ['Native host has exited.', 'host_broken', 'broken'],
  ['Error when communicating with the native messaging host.', 'host_broken', 'broken'],
  ['An unexpected error occurred', 'host_broken', 'broken'],
  ['', 'host_broken', 'broken'],
]);

for (const [said, name, state] of SAID) {
  test(`a port that ends with "${said}" means ${state}`, async () => {
    const { host, ports } = connected({ hello: () => new Promise(() => {}) });
    const refused = assert.rejects(host.hello(), (error) => {
      assert.ok(error instanceof HostError);
      assert.equal(error.name, name);
      assert.equal(error.state, state);
      return true;
    });
    await settle();
    ports[0].end(said);
    await refused;
  });
}

test('the same end after hello means that the host stopped', () => {
  assert.equal(fromDisconnect('Native host has exited.', true).name, 'disconnected');
  assert.equal(fromDisconnect('Native host has exited.', true).state, null);
});

test('another protocol number means too old or too new', async () => {
  for (const [protocol, name] of /** @type {const} */ ([
    [PROTOCOL - 1, 'host_too_old'],
    [PROTOCOL + 1, 'host_too_new'],
  ])) {
    const refusing = connected({
      hello: () => {
        throw new Fault('protocol', { protocol });
      },
    });
    await assert.rejects(refusing.host.hello(), named(name));
    const answering = connected({ hello: () => ({ ...HELLO, protocol }) });
    await assert.rejects(answering.host.hello(), named(name));
    assert.ok(answering.ports[0].closed);
  }
});

test('a greeting that is none means too old', async () => {
  const { host } = connected({ hello: () => ({}) });
  await assert.rejects(host.hello(), named('host_too_old'));
});

test('a host that does not greet is broken', () =>
  withTimers(async (elapse) => {
    const { host, ports } = connected({ hello: () => new Promise(() => {}) });
    const refused = assert.rejects(host.hello(), named('host_broken'));
    await settle();
    elapse(20_000);
    await refused;
    assert.ok(ports[0].closed);
  }));

test('hello can be tried again after it failed', async () => {
  let attempts = 0;
  const host = new Host(() => {
    attempts++;
    if (attempts === 1) {
      throw new Error('no permission');
    }
    return new FakePort();
  });
  await assert.rejects(host.hello(), named('host_broken'));
  assert.deepEqual(await host.hello(), HELLO);
});

test('a late message on a port that was left changes nothing', async () => {
  const { host, ports } = connected({}, { 'pages.get': () => 'new' });
  const old = assert.rejects(host.request('pages.get', { page: 1 }), named('cancelled'));
  await settle();
  host.close();
  await old;
  const fresh = host.request('pages.get', { page: 1 });
  ports[0].closed = false;
  ports[0].say({ id: 2, result: 'old' });
  ports[0].end();
  assert.equal(await fresh, 'new');
});

test('a store that cannot be opened is told by hello, not thrown', async () => {
  const store = { state: 'error', error: { code: 1205, name: 'store_corrupt', message: 'x' } };
  const { host } = connected({ hello: () => ({ ...HELLO, store }) });
  assert.equal((await host.hello()).store.error?.name, 'store_corrupt');
});

test('anything thrown becomes an error with a name', () => {
  const error = new HostError('timeout');
  assert.equal(asHostError(error), error);
  assert.equal(asHostError(new TypeError('x')).name, 'internal');
  assert.equal(asHostError('text').message, 'text');
});
