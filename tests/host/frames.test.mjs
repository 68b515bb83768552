// Frames and messages that a browser would never send: one clear error each, and the host goes on
// where the stream still makes sense.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { frame, Port, scratch } from './port.mjs';

/**
 * Runs `act` with a greeted port and checks that nothing was stored.
 * @param {(port: Port) => Promise<void>} act
 */
async function withPort(act) {
  const { folder, remove } = scratch();
  const port = new Port(folder);
  try {
    await port.hello();
    await act(port);
    await port.close();
    const again = new Port(folder);
    const { store } = await again.hello();
    assert.equal(store.pages, 0);
    await again.close();
  } finally {
    await port.close();
    remove();
  }
}

/** @type {[string, Buffer, string][]} */
const unreadable = [
  ['a length of zero', Buffer.from([0, 0, 0, 0]), 'frame'],
  ['a length past the ceiling', Buffer.from([0xff, 0xff, 0xff, 0x7f]), 'frame'],
  ['a length one past the ceiling', Buffer.from([1, 0, 0x80, 0]), 'frame'],
];

for (const [name, bytes, fault] of unreadable) {
  test(`${name} gets one last answer and ends the host`, () =>
    withPort(async (port) => {
      port.raw(bytes);
      const answer = await port.next();
      assert.equal(answer.id, null);
      assert.equal(answer.error.data.name, fault);
      assert.equal(await port.next(), null);
      assert.equal(await port.ended, 1);
    }));
}

test('a frame cut short gets one last answer', () =>
  withPort(async (port) => {
    port.raw(frame('{"jsonrpc":"2.0","id":1,"method":"pages.search"}').subarray(0, 20));
    port.child.stdin.end();
    const answer = await port.next();
    assert.equal(answer.error.data.name, 'frame');
    assert.equal(await port.ended, 1);
  }));

/** @type {[string, string | Buffer, string][]} */
const unreadableMessages = [
  ['no JSON', 'hello', 'parse'],
  ['two values', '{}{}', 'parse'],
  ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'parse'],
  ['a NUL escape', '{"jsonrpc":"2.0","id":1,"method":"a\\u0000b"}', 'parse'],
  ['an array', '[]', 'request'],
  ['no version', '{"id":1,"method":"pages.search"}', 'request'],
  ['deep nesting', '['.repeat(100_000), 'limit'],
  ['a million values', `[${'0,'.repeat(1_000_000)}0]`, 'limit'],
];

for (const [name, text, fault] of unreadableMessages) {
  test(`a message with ${name} is answered and the host goes on`, () =>
    withPort(async (port) => {
      port.raw(frame(text));
      const answer = await port.next();
      assert.equal(answer.error.data.name, fault);
      assert.equal(typeof answer.error.message, 'string');
      const { pages } = await port.request('pages.search');
      assert.deepEqual(pages, []);
    }));
}

test('requests sent ahead are answered in their order', () =>
  withPort(async (port) => {
    for (let id = 100; id < 300; id++) {
      port.send({ jsonrpc: '2.0', id, method: 'pages.search', params: {} });
    }
    for (let id = 100; id < 300; id++) {
      assert.equal((await port.next()).id, id);
    }
  }));

test('a document of 100 MB is refused, not cut', () =>
  withPort(async (port) => {
    const url = 'http://127.0.0.1:9/';
    const { capture } = await port.request('capture.begin', { url });
    const data = 'x'.repeat(1 << 20);
    let received = 0;
    await assert.rejects(
      async () => {
        for (let seq = 0; seq < 100; seq++) {
          const first = seq === 0 ? { kind: 'document', url } : {};
          const part = { capture, item: 0, seq, ...first, data, last: seq === 99 };
          ({ received } = await port.request('capture.add', part));
        }
      },
      { fault: 'limit' },
    );
    assert.equal(received, 64 << 20);
  }));

test('a part one byte past its ceiling is refused', () =>
  withPort(async (port) => {
    const url = 'http://127.0.0.1:9/';
    const { capture } = await port.request('capture.begin', { url });
    const part = { capture, item: 0, seq: 0, kind: 'document', url, last: false };
    const data = 'é'.repeat(1 << 19);
    await assert.rejects(port.request('capture.add', { ...part, data: `${data}x` }), {
      fault: 'limit',
    });
    assert.deepEqual(await port.request('capture.add', { ...part, data }), { received: 1 << 20 });
  }));

test('only so many captures are open at once', () =>
  withPort(async (port) => {
    const url = 'http://127.0.0.1:9/';
    for (let i = 0; i < 4; i++) {
      await port.request('capture.begin', { url });
    }
    await assert.rejects(port.request('capture.begin', { url }), { fault: 'limit' });
    await port.request('capture.cancel', { capture: '2' });
    assert.deepEqual(await port.request('capture.begin', { url }), { capture: '5' });
  }));
