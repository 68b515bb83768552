/**
 * Faults with a stable name. The names of host/PROTOCOL.md come from the host; the rest are found on
 * this side of the wire:
 *
 * - `host_missing`, `host_forbidden`, `host_too_old`, `host_too_new`, `host_broken`: no host to talk to;
 * - `disconnected`: the host went away in the middle of a request;
 * - `tab_forbidden`: the browser keeps extensions out of this page;
 * - `tab_gone`: the tab was closed or went to another page while it was read;
 * - `interrupted`: the browser stopped the background while a save was running.
 */

/** @typedef {'missing' | 'forbidden' | 'too_old' | 'too_new' | 'broken'} HostState */

export class HostError extends Error {
  /**
   * @param {string} name - stable, see above
   * @param {string} [message] - for the log; people read the words of lib/words.js
   * @param {{ code?: number, data?: Record<string, unknown> }} [more]
   */
  constructor(name, message = name, { code = 0, data = {} } = {}) {
    super(message);
    this.name = name;
    this.code = code;
    this.data = data;
  }

  /**
   * Which of the five states without a working host this is, or null.
   *
   * @returns {HostState | null}
   */
  get state() {
    return this.name.startsWith('host_') ? /** @type {HostState} */ (this.name.slice(5)) : null;
  }
}

/**
 * The error of a JSON-RPC answer. Another protocol number becomes `host_too_old` or `host_too_new`.
 *
 * @param {any} error - the answer's `error`, as it came
 * @param {number} protocol - ours
 * @returns {HostError}
 */
export function fromAnswer(error, protocol) {
  const data = error?.data && typeof error.data === 'object' ? error.data : {};
  const name = typeof data.name === 'string' ? data.name : 'internal';
  const message = typeof error?.message === 'string' ? error.message : name;
  const more = { code: Number(error?.code) || 0, data };
  if (name !== 'protocol') {
    return new HostError(name, message, more);
  }
  return new HostError(
    Number(data.protocol) > protocol ? 'host_too_new' : 'host_too_old',
    message,
    more,
  );
}

/**
 * The error of a port that was closed from the other side.
 *
 * @param {string} message - what the browser said, or ''
 * @param {boolean} greeted - whether the host had answered `hello` before
 * @returns {HostError}
 */
export function fromDisconnect(message, greeted) {
  if (/not found|no such native application/i.test(message)) {
    return new HostError('host_missing', message);
  }
  if (/forbidden|does not have permission/i.test(message)) {
    return new HostError('host_forbidden', message);
  }
  return new HostError(greeted ? 'disconnected' : 'host_broken', message || 'the host ended');
}

/**
 * Any thrown value as a HostError, so that one table has words for all of them.
 *
 * @param {unknown} error
 * @returns {HostError}
 */
export function asHostError(error) {
  if (error instanceof HostError) {
    return error;
  }
  return new HostError('internal', error instanceof Error ? error.message : String(error));
}
