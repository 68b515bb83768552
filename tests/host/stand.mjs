// What tests of links and queues stand on: a store of its own, ports to it, a site, a terminal.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { environment, Port, programs, scratch } from './port.mjs';
import { serve } from './server.mjs';

/** @typedef {Record<string, import('./server.mjs').Route>} Routes */
/** @typedef {Awaited<ReturnType<typeof serve>>} Server */

/** A page with text enough that nobody takes it for a shell. @param {string} title @param {string} [words] */
export function article(title, words = '') {
  const text = 'Reading on paper is slow, and reading on a screen is quick and forgetful. '.repeat(
    8,
  );
  return `<!DOCTYPE html><title>${title}</title><link rel=icon href="data:,"><h1>${title}</h1><p>${words} ${text}`;
}

/**
 * @typedef {object} Stand
 * @property {string} folder
 * @property {Server} server
 * @property {string} origin of the server
 * @property {Port} port greeted
 * @property {() => Promise<Port>} open another greeted port to the same store
 */

/**
 * Runs `act` with a site and a port; whatever is left over is ended afterwards.
 * @param {Routes} routes may be changed meanwhile
 * @param {(stand: Stand) => Promise<void>} act
 */
export async function withStand(routes, act) {
  const { folder, remove } = scratch();
  const server = await serve(routes);
  /** @type {Port[]} */
  const ports = [];
  const open = async () => {
    const port = new Port(folder);
    ports.push(port);
    await port.hello();
    return port;
  };
  try {
    const port = await open();
    await act({ folder, server, origin: server.origin, port, open });
    for (const each of ports) {
      if (each.child.exitCode === null && each.child.signalCode === null) {
        assert.equal(await each.close(), 0, each.log);
      }
    }
  } finally {
    for (const each of ports) {
      each.child.kill('SIGKILL');
    }
    await Promise.all(ports.map(({ ended }) => ended));
    await server.close();
    remove();
  }
}

/**
 * The command line. Ends by itself within `timeout`.
 * @param {string} folder
 * @param {string[]} args
 * @param {{ input?: string | Buffer, timeout?: number, env?: Record<string, string> }} [options]
 * @returns {Promise<{status: number, out: Buffer, text: string, err: string, json: any[]}>}
 */
export function linksnap(folder, args, { input = '', timeout = 60_000, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(join(programs, 'linksnap'), args, {
      env: { ...environment(folder), ...env },
      timeout,
      killSignal: 'SIGKILL',
    });
    /** @type {Buffer[]} */
    const parts = [];
    let err = '';
    child.stdout.on('data', (part) => parts.push(part));
    child.stderr.on('data', (part) => (err += part));
    child.on('error', reject);
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('close', (status) => {
      const out = Buffer.concat(parts);
      const text = out.toString();
      const lines = args.includes('--json') ? text.split('\n').filter(Boolean) : [];
      const json = lines.map((line) => JSON.parse(line));
      resolve({ status: status ?? -1, out, text, err, json });
    });
  });
}

/**
 * Asks again until it is so.
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} ask
 * @param {number} [timeout] ms
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, ask, timeout = 30_000) {
  for (const end = Date.now() + timeout; ; await sleep(50)) {
    const answer = await ask();
    if (answer) {
      return answer;
    }
    assert.ok(Date.now() < end, `${what}: not within ${timeout} ms`);
  }
}

/** All jobs, by their URL. @param {Port} port @returns {Promise<Record<string, any>>} */
export async function jobs(port) {
  /** @type {Record<string, any>} */
  const all = {};
  for (let offset = 0; offset !== null;) {
    const answer = await port.request('queue.list', { offset, limit: 200 });
    for (const job of answer.jobs) {
      all[job.url] ??= job;
    }
    offset = answer.next;
  }
  return all;
}

/**
 * The processes that a process has begun and that live, without the one that starts programs for it.
 * @param {number | undefined} pid
 */
export function children(pid) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => parent(each) === pid && !isLauncher(each));
}

/** @param {number} pid */
function isLauncher(pid) {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8') === 'linksnap-launch\n';
  } catch {
    return false;
  }
}

/** @param {number} pid @returns {number | undefined} undefined for one that is gone, or only waits to be */
function parent(pid) {
  try {
    const [state, ppid] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return state === 'Z' ? undefined : Number(ppid);
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
export const isAlive = (pid) => parent(pid) !== undefined;
