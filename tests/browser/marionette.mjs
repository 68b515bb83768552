/**
 * Marionette, Firefox's own remote protocol, spoken over TCP: each message is `LENGTH:JSON`, a
 * command is `[0, id, name, parameters]`, an answer `[1, id, error, result]`.
 */
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const COMMAND_MS = 30_000;

/**
 * Connects, waiting for the browser to come up.
 *
 * @param {number} port
 * @param {() => boolean} isAlive - false ends the waiting
 * @param {number} [limit] - milliseconds
 * @returns {Promise<Marionette>}
 */
export async function connect(port, isAlive, limit = 60_000) {
  const deadline = Date.now() + limit;
  while (Date.now() < deadline && isAlive()) {
    const socket = await open(port);
    if (socket) {
      const marionette = new Marionette(socket);
      await marionette.ready;
      return marionette;
    }
    await sleep(100);
  }
  throw new Error(`Firefox does not answer on port ${port}`);
}

/**
 * @param {number} port
 * @returns {Promise<net.Socket | null>}
 */
function open(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', () => resolve(null));
  });
}

export class Marionette {
  #socket;
  #input = Buffer.alloc(0);
  #nextId = 1;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  #pending = new Map();
  #context = 'content';
  /** @type {Promise<void>} the greeting that Firefox sends first */
  ready;

  /** @param {net.Socket} socket */
  constructor(socket) {
    this.#socket = socket;
    /** @type {() => void} */
    let greeted = () => {};
    this.ready = new Promise((resolve) => {
      greeted = resolve;
    });
    socket.on('data', (chunk) => {
      this.#input = Buffer.concat([this.#input, chunk]);
      for (const message of this.#takeMessages()) {
        if (Array.isArray(message)) {
          this.#receive(message);
        } else {
          greeted();
        }
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      greeted();
      for (const { reject } of this.#pending.values()) {
        reject(new Error('Firefox closed the connection'));
      }
      this.#pending.clear();
    });
  }

  *#takeMessages() {
    for (;;) {
      const colon = this.#input.indexOf(':');
      if (colon < 0) {
        return;
      }
      const end = colon + 1 + Number(this.#input.toString('latin1', 0, colon));
      if (this.#input.length < end) {
        return;
      }
      const message = JSON.parse(this.#input.toString('utf8', colon + 1, end));
      this.#input = this.#input.subarray(end);
      yield message;
    }
  }

  /** @param {any[]} message */
  #receive([, id, error, result]) {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) {
      pending?.reject(new Error(`${error.error}: ${error.message}`));
    } else {
      pending?.resolve(result);
    }
  }

  /**
   * @param {string} name
   * @param {Record<string, unknown>} [parameters]
   * @returns {Promise<any>}
   */
  command(name, parameters = {}) {
    const id = this.#nextId++;
    const body = Buffer.from(JSON.stringify([0, id, name, parameters]));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new Error(`${name} took longer than ${COMMAND_MS} ms`));
      }, COMMAND_MS);
      const settle = (/** @type {(value: any) => void} */ how) => (/** @type {any} */ value) => {
        clearTimeout(timer);
        how(value);
      };
      this.#pending.set(id, { resolve: settle(resolve), reject: settle(reject) });
      this.#socket.write(Buffer.concat([Buffer.from(`${body.length}:`), body]));
    });
  }

  /**
   * Runs a function in the page of the current window ("content") or in the browser's own window
   * ("chrome"). Its arguments and its value are JSON.
   *
   * @param {'content' | 'chrome'} context
   * @param {Function | string} script - a string is `function (...) { }` as text
   * @param {unknown[]} [args]
   * @returns {Promise<any>}
   */
  async run(context, script, args = []) {
    await this.use(context);
    const { value } = await this.command('WebDriver:ExecuteAsyncScript', {
      script: `const done = arguments[arguments.length - 1];
        const args = [...arguments].slice(0, -1);
        (async () => (${script})(...args))().then(
          (value) => done({ value: value === undefined ? null : value }),
          (error) => done({ error: String(error) + (error?.stack ? '\\n' + error.stack : '') }));`,
      args,
      newSandbox: false,
      sandbox: context === 'chrome' ? 'system' : null,
      scriptTimeout: COMMAND_MS,
    });
    if (value?.error !== undefined) {
      throw new Error(value.error);
    }
    return value?.value;
  }

  /** @param {'content' | 'chrome'} context */
  async use(context) {
    if (this.#context !== context) {
      await this.command('Marionette:SetContext', { value: context });
      this.#context = context;
    }
  }

  close() {
    this.#socket.destroy();
  }
}
