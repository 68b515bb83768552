import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HostError } from '../../extension/lib/errors.js';
import { Host } from '../../extension/lib/host.js';
import { PROTOCOL } from '../../extension/lib/protocol.js';
import { names, read } from '../protocol/transcript.mjs';
import { FakePort, HELLO } from './fakehost.mjs';

/** A port that speaks a transcript of the real host, whatever ids the extension gives. */
class Recorded extends FakePort {
  /** @type {any[]} */
  #answers;

  /** @param {any[]} answers - in their order */
  constructor(answers) {
    super();
    this.#answers = answers;
  }

  /**
   * @override
   * @param {any} message
   */
  postMessage(message) {
    super.postMessage(message);
    if (message.method !== 'hello') {
      const answer = this.#answers.shift();
      queueMicrotask(() => this.say({ ...answer, id: message.id }));
    }
  }
}

for (const name of names) {
  test(`the extension speaks ${name}`, async () => {
    const steps = read(name);
    const asked = steps.filter(
      ({ sent, message: { id, method } }) =>
        sent && id !== undefined && method && method !== 'hello',
    );
    const answers = asked.map(
      ({ message: { id } }) =>
        steps.find(({ sent, message }) => !sent && message.id === id && !message.method)?.message,
    );
    const port = new Recorded([...answers]);
    const host = new Host(() => port);
    // All at once: each gets the answer that belongs to it.
    const results = await Promise.allSettled(
      asked.map(({ message: { method, params } }) => host.request(method, params)),
    );
    assert.deepEqual(
      port.sent.slice(1).map(({ method, params }) => ({ method, params })),
      asked.map(({ message: { method, params = {} } }) => ({ method, params })),
    );
    for (const [i, settled] of results.entries()) {
      const expected = answers[i] ?? assert.fail(`no answer in ${name}:${asked[i].line}`);
      if (settled.status === 'fulfilled') {
        assert.deepEqual(settled.value, expected.result);
      } else {
        assert.ok(settled.reason instanceof HostError);
        assert.equal(settled.reason.code, expected.error.code);
        assert.equal(settled.reason.name, expected.error.data.name ?? 'internal');
      }
    }
  });
}

test('the extension greets as the transcripts do', () => {
  const greeting = names
    .flatMap((name) => read(name))
    .find(({ sent, message }) => sent && message.method === 'hello')?.message;
  const port = new FakePort();
  new Host(() => port).hello();
  assert.deepEqual(Object.keys(port.sent[0].params), Object.keys(greeting.params));
  assert.equal(port.sent[0].params.protocol, PROTOCOL);
  assert.equal(HELLO.protocol, PROTOCOL);
});
