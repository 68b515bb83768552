// What somebody who takes over the host in the middle of a capture comes to: planted.c tries it
// from inside the real programs, and shows from outside that it could.
import { once } from 'node:events';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { platform } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { pdf } from './documents.mjs';
import { Port, scratch } from './port.mjs';
import { article, linksnap, withStand } from './stand.mjs';

const needed = ['use_certificates', 'use_resolver', 'use_store'];
const EPERM = 1;
const EACCES = 13;
const EXDEV = 18;

const built = scratch();
const library = join(built.folder, 'planted.so');
const program = join(built.folder, 'planted');
/** What this kernel has. @type {{landlock: number, filter: boolean}} */
let offered = { landlock: 0, filter: false };

before(async () => {
  const source = fileURLToPath(new URL('planted.c', import.meta.url));
  const cc = process.env.CC ?? 'cc';
  execFileSync(cc, ['-shared', '-fPIC', '-O1', '-w', '-o', library, source, '-ldl']);
  execFileSync(cc, ['-DPLANTED_PROGRAM', '-O1', '-w', '-o', program, source, '-ldl']);
  const { json } = await linksnap(built.folder, ['--json', 'doctor']);
  const { text } = json.find(({ subject }) => subject === 'Confinement');
  offered = {
    landlock: Number(text.match(/Landlock (\d+)/)?.[1] ?? 0),
    filter: /seccomp hold/.test(text),
  };
});
after(() => built.remove());

/** @param {import('node:test').TestContext} t */
function isLacking(t) {
  const lacking = platform() !== 'linux' || offered.landlock === 0 || !offered.filter;
  if (lacking) {
    t.skip('this kernel lacks Landlock or seccomp');
  }
  return lacking;
}

/** A home with what others keep there. @param {string} folder */
function furnish(folder) {
  mkdirSync(join(folder, '.ssh'), { recursive: true });
  mkdirSync(join(folder, '.mozilla/firefox'), { recursive: true });
  mkdirSync(join(folder, 'data/linksnap'), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, '.ssh/id_rsa'), 'a key', { mode: 0o600 });
  writeFileSync(join(folder, '.mozilla/firefox/cookies.sqlite'), 'cookies');
  writeFileSync(join(folder, '.bashrc'), 'as it was');
  writeFileSync(join(folder, 'victim'), 'still here');
  return {
    PLANTED_HOME: folder,
    PLANTED_STORE: join(folder, 'data/linksnap'),
    PLANTED_SOCKET: join(folder, 'bus'),
  };
}

/** @param {string} folder */
function assertUntouched(folder) {
  assert.equal(readFileSync(join(folder, '.bashrc'), 'utf8'), 'as it was');
  assert.equal(readFileSync(join(folder, 'victim'), 'utf8'), 'still here');
  assert.equal(statSync(join(folder, '.ssh/id_rsa')).mode & 0o777, 0o600);
  for (const name of ['made', 'data/linksnap/symlink', 'data/linksnap/hardlink']) {
    assert.equal(existsSync(join(folder, name)), false, name);
  }
}

/** The lines of planted.c, by name. @param {string} log */
function attempts(log) {
  const lines = [...log.matchAll(/^planted (\w+) (\d+)$/gm)];
  return new Map(lines.map(([, name, errno]) => [name, Number(errno)]));
}

/** Something that listens as the session bus does. @param {string} folder */
async function bus(folder) {
  const server = createServer((socket) => socket.end());
  server.listen(join(folder, 'bus'));
  await once(server, 'listening');
  return async () => {
    server.close();
    await once(server, 'close');
  };
}

/** What an unconfined program comes to, here and now. @returns {Promise<Map<string, number>>} */
async function unconfined() {
  const { folder, remove } = scratch();
  const env = { PATH: process.env.PATH, ...furnish(folder) };
  const close = await bus(folder);
  try {
    const child = spawn(program, [], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    child.stderr.on('data', (part) => (log += part));
    await once(child, 'close');
    return attempts(log);
  } finally {
    await close();
    remove();
  }
}

/**
 * Every attempt was made and failed, for want of a right.
 * @param {string} log
 * @param {string} where
 * @param {boolean} [ownParent] the process was begun by another of ours, which it may signal
 */
function assertRefused(log, where, ownParent = false) {
  const tried = attempts(log);
  assert.ok(tried.size >= 28, `${where}: ${log}`);
  for (const [name, errno] of tried) {
    if (needed.includes(name)) {
      assert.equal(errno, 0, `${where}: ${name}`);
    } else if (name !== 'signal_browser' || (offered.landlock >= 6 && !ownParent)) {
      assert.ok([EPERM, EACCES, EXDEV].includes(errno), `${where}: ${name} ended with ${errno}`);
    }
  }
}

test('without confinement what is planted succeeds', async () => {
  const tried = await unconfined();
  // Some machines refuse their people these.
  const perhaps = ['new_namespace', 'trace', 'peek', 'ring', 'read_browser_memory'];
  for (const [name, errno] of tried) {
    assert.ok(errno === 0 || perhaps.includes(name), `${name} ended with ${errno}`);
  }
  assert.ok(tried.size >= 28);
});

/** @param {string} at @param {(stand: {port: Port, origin: string, folder: string}) => Promise<void>} act */
async function withPlanted(at, act) {
  /** @type {import('./stand.mjs').Routes} */
  const routes = {
    '/page': { body: article('Confined', '<img src=/dot.png>') },
    '/second': { body: article('Second') },
    '/dot.png': { type: 'image/png', body: Buffer.from('89504e470d0a1a0a', 'hex') },
    '/notes.md': { type: 'text/markdown', body: '# Notes\n\nOf a confined kind.\n' },
    '/paper.pdf': { type: 'application/pdf', body: pdf('Portable words') },
  };
  await withStand(routes, async ({ origin, folder }) => {
    const env = { LD_PRELOAD: library, PLANTED_AT: at, ...furnish(folder) };
    const close = await bus(folder);
    const port = new Port(folder, env);
    try {
      await port.hello();
      await act({ port, origin, folder });
      assert.equal(await port.close(), 0, port.log);
      assertUntouched(folder);
    } finally {
      port.child.kill('SIGKILL');
      await close();
    }
  });
}

test('in the middle of a transfer nothing of it succeeds, and the capture does', async (t) => {
  if (isLacking(t)) {
    return;
  }
  await withPlanted('transfer', async ({ port, origin }) => {
    const saved = await port.request('links.save', { url: `${origin}/page` });
    assert.equal(saved.assets.failed, 0);
    assert.equal((await port.request('pages.search', { query: 'Confined' })).total, 1);
    assertRefused(port.log, 'transfer');
  });
});

test('nor while the store is written', async (t) => {
  if (isLacking(t)) {
    return;
  }
  await withPlanted('store', async ({ port, origin }) => {
    await port.request('links.save', { url: `${origin}/second` });
    assertRefused(port.log, 'store');
  });
});

test('nor in a worker of the queue, which reads a PDF all the same', async (t) => {
  if (isLacking(t)) {
    return;
  }
  await withPlanted('transfer', async ({ port, origin }) => {
    const urls = ['page', 'second', 'paper.pdf', 'notes.md'].map((name) => `${origin}/${name}`);
    await port.request('queue.add', { urls });
    const counts = await port.request('queue.run', {}, undefined, 60_000);
    assert.deepEqual([counts.done, counts.failed], [4, 0]);
    assert.equal((await port.request('pages.search', { query: '"Portable words"' })).total, 1);
    assertRefused(port.log, 'worker', true);
  });
});

test('nor in the command line', async (t) => {
  if (isLacking(t)) {
    return;
  }
  await withStand({ '/page': { body: article('Typed') } }, async ({ origin, folder }) => {
    const env = { LD_PRELOAD: library, PLANTED_AT: 'transfer', ...furnish(folder) };
    const close = await bus(folder);
    try {
      const { status, err } = await linksnap(folder, ['save', `${origin}/page`], { env });
      assert.equal(status, 0, err);
      assertRefused(err, 'command line');
      assertUntouched(folder);
    } finally {
      await close();
    }
  });
});

// A child that computes: what it only asks for is refused, all else ends it.
for (const [place, page] of [
  ['parser', 'page'],
  ['markdown', 'notes.md'],
]) {
  test(`the ${place} can neither open nor start nor call anything`, async (t) => {
    if (isLacking(t)) {
      return;
    }
    for (const name of ['read_key', 'write_home', 'list_home']) {
      await withPlanted(`${place}:${name}`, async ({ port, origin }) => {
        await port.request('links.save', { url: `${origin}/${page}` });
        assert.deepEqual([...attempts(port.log)], [[name, EPERM]]);
      });
    }
    for (const name of [
      'run_shell',
      'spawn_shell',
      'serve',
      'call_bus',
      'signal_browser',
      'ring',
    ]) {
      await withPlanted(`${place}:${name}`, async ({ port, origin }) => {
        // The page is lost, or kept as text; the host is there.
        await port.request('links.save', { url: `${origin}/${page}` }).catch(() => {});
        await port.request('pages.search', {});
        assert.match(port.log, /^planted child begun$/m, name);
        assert.equal(attempts(port.log).size, 0, `${name}: ${port.log}`);
      });
    }
  });
}

test('a confined host finds this machine by its name', () =>
  withStand({ '/page': { body: article('By name') } }, async ({ origin, port }) => {
    const url = `${origin.replace('127.0.0.1', 'localhost')}/page`;
    await port.request('links.save', { url });
    assert.equal((await port.request('pages.search', { query: 'name' })).total, 1);
  }));

test('a store that a link leads to is used where it lies', async () => {
  const { folder, remove } = scratch();
  const elsewhere = join(folder, 'disk');
  mkdirSync(elsewhere);
  mkdirSync(join(folder, 'data/linksnap'), { recursive: true });
  const file = join(folder, 'page.html');
  writeFileSync(file, article('Linked'));
  const save = ['save', '--file', file, 'http://127.0.0.1:9/linked'];
  try {
    assert.equal((await linksnap(folder, ['--db', join(elsewhere, 'real.db'), ...save])).status, 0);
    symlinkSync(join(elsewhere, 'real.db'), join(folder, 'data/linksnap/linksnap.db'));
    const second = await linksnap(folder, save);
    assert.equal(second.status, 0, second.err);
    const out = join(folder, 'out.html');
    const shown = await linksnap(folder, ['show', '-o', out, '1']);
    assert.equal(shown.status, 0, shown.err);
    assert.match(readFileSync(out, 'utf8'), /Linked/);
  } finally {
    remove();
  }
});

test('doctor tells what holds the host', async (t) => {
  const { folder, remove } = scratch();
  const { json } = await linksnap(folder, ['--json', 'doctor']);
  remove();
  const found = json.filter(({ subject }) => subject === 'Confinement');
  assert.equal(found.length, 1);
  if (isLacking(t)) {
    assert.equal(found[0].level, 'warn');
    return;
  }
  assert.equal(found[0].level, 'ok');
  assert.match(found[0].text, /^Landlock \d+ and seccomp hold linksnap-host/);
});
