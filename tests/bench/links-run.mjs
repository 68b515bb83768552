// What `make bench-links` starts: the server, and programs whose processor time counts.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { environment, programs } from '../host/port.mjs';

/** @param {number} origins @param {number} pause ms before each answer */
export async function startServer(origins, pause) {
  const file = fileURLToPath(new URL('links-server.mjs', import.meta.url));
  const child = fork(file, [String(origins), String(pause)]);
  const [ready] = /** @type {[import('./links-server.mjs').Ready]} */ (
    await once(child, 'message')
  );
  return {
    ...ready,
    /** @returns {Promise<import('./links-server.mjs').Figures>} */
    async figures() {
      const told = once(child, 'message');
      child.send('figures');
      return (await told)[0];
    },
    async close() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/** `0m1.234s`, as times of the shell prints it. @param {string} time */
function seconds(time) {
  const [, minutes, rest] = /^(\d+)m([\d.]+)s$/.exec(time) ?? [];
  return Number(minutes) * 60 + Number(rest);
}

/**
 * Runs a program to its end.
 *
 * @param {string[]} command
 * @param {{folder: string, input?: string, mayFail?: boolean}} options `folder` from scratch(), its HOME
 * @returns {Promise<{seconds: number, processor: number, output: string}>} processor time with that
 *   of all its children, in seconds
 */
export async function run(command, { folder, input = '', mayFail = false }) {
  const script = '"$@"; status=$?; times >&3; exit $status';
  const started = process.hrtime.bigint();
  const child = spawn('/bin/sh', ['-c', script, 'sh', ...command], {
    cwd: folder,
    env: environment(folder),
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const [stdin, stdout, stderr, times] = child.stdio;
  const closed = once(child, 'close');
  stdin.on('error', () => {});
  stdin.end(input);
  const texts = [stdout, stderr, /** @type {import('node:stream').Readable} */ (times)].map(text);
  const [status] = await closed;
  const wall = Number(process.hrtime.bigint() - started) / 1e9;
  const [output, log, spent] = await Promise.all(texts);
  if (status !== 0 && !mayFail) {
    throw new Error(`${command.slice(0, 4).join(' ')} ended with ${status}: ${log.slice(-2000)}`);
  }
  const children = spent.trim().split('\n')[1].split(' ').map(seconds);
  return { seconds: wall, processor: children[0] + children[1], output };
}

/** The command line. @param {string[]} args */
export function linksnap(...args) {
  return [join(programs, 'linksnap'), ...args];
}
