// Stores that cannot be written or read: each said by name, nothing lost.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Port, scratch } from './port.mjs';
import { serve } from './server.mjs';

const body = '<title>光明图书馆</title><p>链接快照';
const site = { '/': { body }, '/b': { body } };

test('a full disk is said in hello and by every save, and it goes on once there is room', async (t) => {
  const { folder, remove } = scratch();
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'linksnap-test', disk], {
      stdio: 'pipe',
    });
  } catch {
    remove();
    t.skip('a small file system cannot be mounted here');
    return;
  }
  const server = await serve(site);
  const env = { LINKSNAP_DB: join(disk, 'linksnap.db') };
  const filler = join(disk, 'filler');
  let port = new Port(folder, env);
  try {
    await port.hello();
    await port.request('links.save', { url: `${server.origin}/` });
    assert.throws(() => writeFileSync(filler, Buffer.alloc(8 << 20)));
    await assert.rejects(port.request('links.save', { url: `${server.origin}/b` }), {
      fault: 'store_full',
    });
    await port.close();
    port = new Port(folder, env);
    const { store } = await port.hello();
    assert.equal(store.state, 'readonly');
    assert.equal(store.error.name, 'store_full');
    assert.equal((await port.request('pages.search', { query: '快照' })).total, 1);
    execFileSync('rm', [filler]);
    const again = { url: `${server.origin}/`, again: true };
    assert.equal((await port.request('links.save', again)).version, 2);
  } finally {
    await port.close();
    await server.close();
    execFileSync('umount', [disk]);
    remove();
  }
});

test('a store that may not be written is said so', async (t) => {
  const { folder, remove } = scratch();
  const env = { LINKSNAP_DB: join(folder, 'store', 'linksnap.db') };
  try {
    let port = new Port(folder, env);
    await port.hello();
    await port.close();
    if (process.getuid?.() === 0) {
      try {
        execFileSync(
          'mount',
          ['--bind', '-o', 'ro', join(folder, 'store'), join(folder, 'store')],
          {
            stdio: 'pipe',
          },
        );
      } catch {
        t.skip('as root only a read-only mount refuses writing, and none can be made here');
        return;
      }
    } else {
      chmodSync(join(folder, 'store', 'linksnap.db'), 0o400);
      chmodSync(join(folder, 'store'), 0o500);
    }
    port = new Port(folder, env);
    const { store } = await port.hello();
    assert.equal(store.state, 'readonly');
    assert.equal(store.error.name, 'store_readonly');
    assert.equal((await port.request('pages.search')).total, 0);
    await assert.rejects(port.request('links.save', { url: 'http://127.0.0.1:1/' }), {
      fault: 'store_readonly',
    });
    await port.close();
  } finally {
    if (process.getuid?.() === 0) {
      execFileSync('sh', ['-c', `umount '${join(folder, 'store')}' 2>/dev/null || true`]);
    } else {
      chmodSync(join(folder, 'store'), 0o700);
    }
    remove();
  }
});

test('a file that is no store is refused and left as it is', async () => {
  const { folder, remove } = scratch();
  const file = join(folder, 'linksnap.db');
  writeFileSync(
    file,
    'this is no database, and longer than a header of one hundred bytes. '.repeat(3),
  );
  const port = new Port(folder, { LINKSNAP_DB: file });
  try {
    const { store } = await port.hello();
    assert.equal(store.state, 'error');
    assert.equal(store.error.name, 'store_corrupt');
    await assert.rejects(port.request('pages.search'), { fault: 'store_corrupt' });
    assert.ok(!existsSync(`${file}-wal`));
  } finally {
    await port.close();
    remove();
  }
});
