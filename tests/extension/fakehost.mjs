/**
 * The host's end of a port, played by a test. What the extension sends is kept in `sent`; a test
 * answers by hand, or gives handlers by method.
 *
 * @typedef {(params: any, message: any) => any} Handler - returns the result; throws a Fault
 */

/** A refusal by its stable name. */
export class Fault extends Error {
  /**
   * @param {string} name
   * @param {Record<string, unknown>} [data]
   */
  constructor(name, data = {}) {
    super(`the host says ${name}`);
    this.data = { name, ...data };
  }
}

export const HELLO = {
  protocol: 4,
  version: '0.1.0',
  store: { state: 'ready', path: '/tmp/linksnap.db', pages: 0, snapshots: 0, pending: 0, open: 0 },
};

export class FakePort {
  /** @type {any[]} */
  sent = [];
  closed = false;
  /** @type {Record<string, Handler>} */
  #handlers;
  /** @type {((message: any) => void)[]} */
  #onMessage = [];
  /** @type {((port: any) => void)[]} */
  #onDisconnect = [];
  onMessage = {
    addListener: (/** @type {(message: any) => void} */ listener) => this.#onMessage.push(listener),
  };
  onDisconnect = {
    addListener: (/** @type {(port: any) => void} */ listener) => this.#onDisconnect.push(listener),
  };

  /** @param {Record<string, Handler>} [handlers] - `hello` is answered unless one says otherwise */
  constructor(handlers = {}) {
    this.#handlers = { hello: () => HELLO, ...handlers };
  }

  /** @param {any} message */
  postMessage(message) {
    if (this.closed) {
      throw new Error('Attempting to use a disconnected port object');
    }
    // What a port carries is JSON.
    const copy = JSON.parse(JSON.stringify(message));
    this.sent.push(copy);
    const handler = this.#handlers[copy.method];
    if (handler && copy.id !== undefined) {
      queueMicrotask(() => this.#answer(handler, copy));
    }
  }

  /**
   * @param {Handler} handler
   * @param {any} message
   */
  async #answer(handler, message) {
    try {
      const result = await handler(message.params, message);
      this.say({ jsonrpc: '2.0', id: message.id, result });
    } catch (error) {
      const { data, message: text } = /** @type {Fault} */ (error);
      this.say({ jsonrpc: '2.0', id: message.id, error: { code: 1000, message: text, data } });
    }
  }

  disconnect() {
    this.closed = true;
  }

  /** @param {any} message - the host says this */
  say(message) {
    if (!this.closed) {
      this.#onMessage.forEach((listener) => listener(message));
    }
  }

  /** @param {string} [reason] - the host ends, and the browser says why */
  end(reason) {
    this.closed = true;
    const port = reason === undefined ? this : { ...this, error: { message: reason } };
    this.#onDisconnect.forEach((listener) => listener(port));
  }

  /** @param {string} method */
  requests(method) {
    return this.sent.filter((message) => message.method === method);
  }
}

/** Lets everything that waits for nothing run. */
export function settle() {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/**
 * Timers that run when a test says so.
 *
 * @param {(elapse: (ms: number) => void) => Promise<void>} body
 */
export async function withTimers(body) {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  /** @type {Map<number, { at: number, run: () => void }>} */
  const waiting = new Map();
  let now = 0;
  let next = 1;
  const fake = {
    setTimeout: (/** @type {() => void} */ run, ms = 0) => {
      waiting.set(next, { at: now + ms, run });
      return next++;
    },
    clearTimeout: (/** @type {number} */ id) => waiting.delete(id),
  };
  Object.assign(globalThis, fake);
  try {
    await body((ms) => {
      now += ms;
      for (const [id, { at, run }] of [...waiting]) {
        if (at <= now && waiting.delete(id)) {
          run();
        }
      }
    });
  } finally {
    Object.assign(globalThis, real);
  }
}
