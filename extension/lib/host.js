/**
 * The one module that talks to the host (host/PROTOCOL.md).
 *
 * A Host is a port that is opened when it is first needed and again after it was lost, `hello` first
 * each time. Each page of the extension has one of its own, so a long capture never blocks a search.
 * Requests may be sent without waiting for earlier ones: the host answers them in their order.
 */
import { api } from './api.js';
import { HostError, fromAnswer, fromDisconnect } from './errors.js';
import { HOST_NAME, LIMITS, PROTOCOL } from './protocol.js';

/** @typedef {import('./protocol.js').Hello} Hello */
/** @typedef {import('./protocol.js').HostProgress} HostProgress */

/**
 * What Host needs of a runtime.Port.
 *
 * @typedef {object} PortLike
 * @property {(message: any) => void} postMessage
 * @property {() => void} disconnect
 * @property {{ addListener(listener: (message: any) => void): void }} onMessage
 * @property {{ addListener(listener: (port: any) => void): void }} onDisconnect
 */

/**
 * @typedef {object} Pending
 * @property {(result: any) => void} resolve
 * @property {(error: HostError) => void} reject
 * @property {((progress: HostProgress) => void) | undefined} onProgress
 */

/**
 * @typedef {object} RequestOptions
 * @property {(progress: HostProgress) => void} [onProgress]
 * @property {AbortSignal} [signal] - asks the host to stop; the request then fails with `cancelled`
 *   unless the host had finished it
 */

/** A host that starts but says nothing for so long is broken. It waits 10 s for a busy store. */
const HELLO_MS = 20_000;

/** A host that does not stop for so long after `cancel` is left by closing the port. */
const CANCEL_MS = 10_000;

/** JSON may write a UTF-16 unit as six bytes; below this no message can reach the frame ceiling. */
const SURELY_SMALL = LIMITS.frame / 6 - 64 * 1024;

export class Host {
  #connect;
  /** @type {PortLike | null} */
  #port = null;
  /** @type {Promise<Hello> | null} */
  #hello = null;
  #greeted = false;
  /** In the order of sending. @type {Map<number, Pending>} */
  #pending = new Map();
  #nextId = 1;

  /** @param {() => PortLike} [connect] */
  constructor(connect = () => api.runtime.connectNative(HOST_NAME)) {
    this.#connect = connect;
  }

  /**
   * Opens the port if it is not open. Resolves with the host's greeting, where `store.state` tells
   * whether the store can be read and written.
   *
   * @returns {Promise<Hello>}
   */
  hello() {
    if (!this.#hello) {
      const opening = this.#open();
      this.#hello = opening;
      opening.catch(() => {
        if (this.#hello === opening) {
          this.#hello = null;
        }
      });
    }
    return this.#hello;
  }

  /**
   * @param {string} method
   * @param {Record<string, unknown>} [params]
   * @param {RequestOptions} [options]
   * @returns {Promise<any>} the answer's `result`; rejects with a HostError
   */
  async request(method, params = {}, options = {}) {
    throwIfAborted(options.signal);
    if (isOversized(params)) {
      throw new HostError('limit', `${method} is larger than a frame`);
    }
    await this.hello();
    throwIfAborted(options.signal);
    return this.#send(method, params, options);
  }

  /** Closes the port: what is under way is cancelled. A later request opens it again. */
  close() {
    const port = this.#port;
    if (port) {
      this.#lost(port, new HostError('cancelled', 'the port was closed'));
      port.disconnect();
    }
  }

  /** @returns {Promise<Hello>} */
  async #open() {
    let port;
    try {
      port = this.#connect();
    } catch (error) {
      throw fromDisconnect(String(error), false);
    }
    const opened = port;
    this.#port = opened;
    opened.onMessage.addListener((message) => this.#receive(opened, message));
    opened.onDisconnect.addListener((from) => {
      // Firefox tells the reason on the port, Chromium in lastError.
      const message = from?.error?.message ?? api?.runtime?.lastError?.message ?? '';
      this.#lost(opened, fromDisconnect(message, this.#greeted));
    });
    return this.#greet(opened);
  }

  /**
   * @param {PortLike} port
   * @returns {Promise<Hello>}
   */
  async #greet(port) {
    const timer = setTimeout(() => {
      this.#lost(port, new HostError('host_broken', 'the host does not answer'));
      port.disconnect();
    }, HELLO_MS);
    try {
      const version = api?.runtime?.getManifest?.().version ?? '0';
      const params = { protocol: PROTOCOL, client: 'linksnap-extension', version };
      const hello = await this.#send('hello', params, {});
      if (hello?.protocol !== PROTOCOL || !hello.store) {
        throw fromAnswer({ data: { name: 'protocol', protocol: hello?.protocol } }, PROTOCOL);
      }
      this.#greeted = true;
      return hello;
    } catch (error) {
      this.#lost(port, /** @type {HostError} */ (error));
      port.disconnect();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * @param {string} method
   * @param {Record<string, unknown>} params
   * @param {RequestOptions} options
   * @returns {Promise<any>}
   */
  async #send(method, params, { onProgress, signal }) {
    const port = this.#port;
    if (!port) {
      throw new HostError('disconnected', 'the port is closed');
    }
    const id = this.#nextId++;
    const answer = new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onProgress });
    });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const abort = () => {
      port.postMessage({ jsonrpc: '2.0', method: 'cancel', params: { id } });
      timer = setTimeout(() => {
        this.#lost(port, new HostError('cancelled', 'the host did not stop'));
        port.disconnect();
      }, CANCEL_MS);
    };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      port.postMessage({ jsonrpc: '2.0', id, method, params });
      return await answer;
    } catch (error) {
      this.#pending.delete(id);
      throw error instanceof HostError ? error : new HostError('disconnected', String(error));
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  /**
   * @param {PortLike} port
   * @param {any} message
   */
  #receive(port, message) {
    if (port !== this.#port || !message || typeof message !== 'object') {
      return;
    }
    if (message.method === 'progress') {
      this.#pending.get(message.params?.id)?.onProgress?.(message.params);
      return;
    }
    // A message that the host could not read is answered without its id. Answers keep the order of
    // the requests, so it belongs to the oldest.
    const id = message.id === null ? this.#pending.keys().next().value : message.id;
    const pending = this.#pending.get(id);
    if (!pending) {
      return;
    }
    this.#pending.delete(id);
    if (message.error) {
      pending.reject(fromAnswer(message.error, PROTOCOL));
    } else {
      pending.resolve(message.result);
    }
  }

  /**
   * The port is of no more use: everything that waits for an answer fails.
   *
   * @param {PortLike} port
   * @param {HostError} error
   */
  #lost(port, error) {
    if (port !== this.#port) {
      return;
    }
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    this.#port = null;
    this.#hello = null;
    this.#greeted = false;
    for (const { reject } of pending) {
      reject(error);
    }
  }
}

/** @param {AbortSignal | undefined} signal */
function throwIfAborted(signal) {
  if (signal?.aborted) {
    throw new HostError('cancelled', 'cancelled before it was sent');
  }
}

/**
 * Whether a message would pass the host's frame ceiling. Measured only where the lengths of its
 * strings leave a doubt: writing every part as JSON twice would cost as much as sending it.
 *
 * @param {Record<string, unknown>} params
 * @returns {boolean}
 */
function isOversized(params) {
  let units = 0;
  for (const value of Object.values(params).flat()) {
    units += typeof value === 'string' ? value.length : 16;
  }
  if (units < SURELY_SMALL) {
    return false;
  }
  return new TextEncoder().encode(JSON.stringify(params)).length + 1024 > LIMITS.frame;
}
