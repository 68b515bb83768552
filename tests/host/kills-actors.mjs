// Real processes on one store that are killed at an instant: a browser's port, or a terminal.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { environment, Port, programs } from './port.mjs';
import { children } from './stand.mjs';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** The process ended before it had answered. */
export class Interrupted extends Error {}

/** Ends a process, and what it has begun when `all`. @param {ChildProcess | null} child @param {boolean} all */
function end(child, all) {
  if (!child?.pid || child.exitCode !== null || child.signalCode !== null) {
    return false;
  }
  const below = all ? children(child.pid) : [];
  child.kill('SIGKILL');
  for (const pid of below) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  return true;
}

/** A host process, begun when it is needed. */
export class PortActor {
  /** @type {Port | null} */
  #port = null;

  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
  }

  /** A process that has yet to begin takes longer. */
  get isFresh() {
    return this.#port === null;
  }

  get port() {
    return this;
  }

  async #greeted() {
    if (this.#port === null) {
      this.#port = new Port(this.folder);
      const { store } = await this.#answer(this.#port, this.#port.hello());
      if (store.state !== 'ready') {
        throw new Error(`hello says ${JSON.stringify(store)}`);
      }
    }
    return this.#port;
  }

  /** @template T @param {Port} port @param {Promise<T>} answer @returns {Promise<T>} */
  async #answer(port, answer) {
    try {
      return await answer;
    } catch (error) {
      if (port.child.signalCode === 'SIGKILL' || port.child.killed) {
        throw new Interrupted();
      }
      throw error;
    }
  }

  /** @param {string} method @param {object} [params] @returns {Promise<any>} */
  async request(method, params) {
    const port = await this.#greeted();
    return this.#answer(port, port.request(method, params, undefined, 120_000));
  }

  /** @param {string} method @param {object} params */
  ask(method, params) {
    return this.request(method, params);
  }

  /** Calls back at the first byte of the next answer. @param {() => void} act */
  onAnswer(act) {
    this.#port?.child.stdout.prependOnceListener('data', act);
  }

  /** @param {boolean} all */
  kill(all) {
    return end(this.#port?.child ?? null, all);
  }

  /** Waits for the end of a process that was killed. */
  async gone() {
    if (this.#port?.child.killed) {
      await this.#port.ended;
      this.#port = null;
    }
  }

  async close() {
    const port = this.#port;
    this.#port = null;
    return port === null ? 0 : port.close();
  }
}

/** The command line: a process for each thing. */
export class TerminalActor {
  /** @type {ChildProcess | null} */
  #child = null;
  #killed = false;
  /** @type {(() => void) | null} */
  #act = null;

  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
  }

  isFresh = true;

  /** @param {string} _method @param {object} _params @param {string[]} args @returns {Promise<any>} */
  async ask(_method, _params, args) {
    if (this.#killed) {
      throw new Interrupted();
    }
    const child = spawn(join(programs, 'linksnap'), ['--json', ...args], {
      env: environment(this.folder),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let out = '';
    let err = '';
    child.stdout.on('data', (part) => {
      this.#act?.();
      out += part;
    });
    child.stderr.on('data', (part) => (err += part));
    const timer = setTimeout(() => child.kill('SIGKILL'), 120_000);
    await new Promise((resolve) => {
      child.on('close', resolve);
    });
    clearTimeout(timer);
    // A line that can be read is an answer, whatever came afterwards.
    const line = out
      .slice(0, out.lastIndexOf('\n') + 1)
      .trimEnd()
      .split('\n')
      .at(-1);
    const answer = line ? JSON.parse(line) : null;
    if (answer && !answer.error) {
      return answer;
    }
    if (child.exitCode === 0) {
      return {};
    }
    if (this.#killed) {
      throw new Interrupted();
    }
    throw new Error(
      `linksnap ${args.join(' ')}: ${child.exitCode} ${child.signalCode} ${out}${err}`,
    );
  }

  /** @param {() => void} act */
  onAnswer(act) {
    this.#act = act;
  }

  /** @param {boolean} all */
  kill(all) {
    this.#killed = end(this.#child, all) || this.#killed;
    return this.#killed;
  }

  async gone() {
    this.#killed = false;
    this.#act = null;
  }

  async close() {
    return 0;
  }
}

/** Timers are too coarse for what takes a few ms. @param {number} ms @param {() => boolean} isOver */
export async function waitExactly(ms, isOver) {
  const until = performance.now() + ms;
  if (ms > 3) {
    await sleep(ms - 2);
  }
  while (performance.now() < until && !isOver()) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
