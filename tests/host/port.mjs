// A port to the real linksnap-host, as a browser holds one.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { endianness, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The folder with the programs; `LINKSNAP_BUILD` names another build. */
export const programs = join(root, process.env.LINKSNAP_BUILD ?? 'build/plain');

const little = endianness() === 'LE';

/** @param {string | Buffer} text */
export function frame(text) {
  const body = Buffer.from(text);
  const head = Buffer.alloc(4);
  if (little) {
    head.writeUInt32LE(body.length);
  } else {
    head.writeUInt32BE(body.length);
  }
  return Buffer.concat([head, body]);
}

/** A folder of its own for one test: HOME, the store. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'linksnap-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The environment of a test: nothing of the person's own. @param {string} folder */
export function environment(folder) {
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CONFIG_HOME: join(folder, 'config'),
  };
}

/** An answer with `error`. */
export class AnswerError extends Error {
  /** @param {{code: number, message: string, data: {name: string}}} error */
  constructor(error) {
    super(error.message);
    this.code = error.code;
    this.data = error.data;
    this.fault = error.data.name;
  }
}

/** One host process, spoken to in frames. */
export class Port {
  #buffer = Buffer.alloc(0);
  /** @type {{resolve: (message: any) => void}[]} */
  #readers = [];
  /** @type {any[]} */
  #messages = [];
  #id = 0;

  /**
   * @param {string} folder from scratch()
   * @param {Record<string, string>} [env] more of the environment
   */
  constructor(folder, env = {}) {
    this.child = spawn(join(programs, 'linksnap-host'), ['chrome-extension://test/'], {
      env: { ...environment(folder), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.log = '';
    this.child.stderr.on('data', (part) => {
      this.log += part;
    });
    this.child.stdout.on('data', (part) => this.#take(part));
    this.child.stdin.on('error', () => {});
    /** The exit status, once it has ended. @type {Promise<number | null>} */
    this.ended = new Promise((resolve) => {
      const end = (/** @type {number | null} */ status) => {
        for (const reader of this.#readers.splice(0)) {
          reader.resolve(null);
        }
        resolve(status);
      };
      this.child.on('close', end);
      this.child.on('error', (error) => {
        this.log += error;
        end(-1);
      });
    });
  }

  /** @param {Buffer} part */
  #take(part) {
    this.#buffer = Buffer.concat([this.#buffer, part]);
    while (this.#buffer.length >= 4) {
      const length = little ? this.#buffer.readUInt32LE() : this.#buffer.readUInt32BE();
      if (this.#buffer.length < 4 + length) {
        break;
      }
      const message = JSON.parse(this.#buffer.subarray(4, 4 + length).toString());
      this.#buffer = this.#buffer.subarray(4 + length);
      const reader = this.#readers.shift();
      if (reader) {
        reader.resolve(message);
      } else {
        this.#messages.push(message);
      }
    }
  }

  /** Bytes as they are. @param {Buffer | string} bytes */
  raw(bytes) {
    this.child.stdin.write(bytes);
  }

  /** One message. @param {unknown} message */
  send(message) {
    this.raw(frame(JSON.stringify(message)));
  }

  /**
   * The next message from the host, null when it has ended.
   * @param {number} [timeout] ms
   * @returns {Promise<any>}
   */
  next(timeout = 20_000) {
    if (this.#messages.length > 0) {
      return Promise.resolve(this.#messages.shift());
    }
    return new Promise((resolve, reject) => {
      const reader = { resolve };
      const timer = setTimeout(() => {
        this.#readers.splice(this.#readers.indexOf(reader), 1);
        reject(new Error(`no message within ${timeout} ms; stderr: ${this.log}`));
      }, timeout);
      reader.resolve = (message) => {
        clearTimeout(timer);
        resolve(message);
      };
      this.#readers.push(reader);
    });
  }

  /**
   * Sends a request and reads up to its answer; progress goes to `onProgress`.
   * @param {string} method
   * @param {object} [params]
   * @param {(params: any) => void} [onProgress]
   * @param {number} [timeout] ms without any message
   */
  async request(method, params = {}, onProgress = () => {}, timeout = 20_000) {
    this.#id += 1;
    const id = this.#id;
    this.send({ jsonrpc: '2.0', id, method, params });
    for (;;) {
      const message = await this.next(timeout);
      if (message === null) {
        throw new Error(`the host ended; stderr: ${this.log}`);
      }
      if (message.method === 'progress') {
        onProgress(message.params);
      } else if (message.id === id) {
        if (message.error) {
          throw new AnswerError(message.error);
        }
        return message.result;
      }
    }
  }

  hello() {
    return this.request('hello', { protocol: 4, client: 'test', version: '0' });
  }

  /** Closes the port and waits for the end. */
  async close() {
    this.child.stdin.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
    const status = await this.ended;
    clearTimeout(timer);
    return status;
  }
}
