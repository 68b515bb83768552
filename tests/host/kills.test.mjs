// Whoever is killed, and whenever: what was acknowledged is there, whole.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { unsaid } from './kills-desk.mjs';
import { audit, factsOf, Model } from './kills-model.mjs';
import { picturesOf, startSite } from './kills-site.mjs';
import { KillRun } from './kills.mjs';
import { Port, scratch } from './port.mjs';
import { png } from './server.mjs';

test(
  'three processes at one store, killed 60 times, lose nothing',
  { timeout: 240_000 },
  async (t) => {
    const seed = Number(process.env.SEED || Date.now() % 1_000_000);
    const run = new KillRun({ seed, kills: 60, pages: 40 });
    try {
      await run.run();
      for (const line of run.lines()) {
        t.diagnostic(line);
      }
      assert.deepEqual(run.losses, []);
      assert.ok(run.kills >= 60);
      assert.equal(run.orphans, 0);
    } finally {
      run.remove();
    }
  },
);

test('who looks after the kills would see a loss', async () => {
  const { folder, remove } = scratch();
  const site = await startSite();
  const port = new Port(folder);
  const file = join(folder, 'data/linksnap/linksnap.db');
  const model = new Model(3);
  /** @param {number} n @param {object} [changes] */
  const told = (n, changes = {}) => ({ ...unsaid(`Page ${n}`), ...changes });
  const losses = async () => {
    model.losses = [];
    model.compare(await factsOf(file));
    return model.losses.join('\n');
  };
  try {
    await port.hello();
    for (const page of model.pages) {
      const url = `${site.origin}/p?n=${page.n}`;
      model.saved(page, await port.request('links.save', { url }));
      page.state = told(page.n);
    }
    assert.equal(await losses(), '');
    assert.equal((await audit('check', file)).status, 0);

    await port.request('pages.trash', { page: model.pages[0].number });
    assert.match(await losses(), /^page 0: .*"trashed":false.* was acknowledged/);
    model.pages[0].state = told(0, { trashed: true });
    const [snapshot] = model.pages[1].snapshots;
    const wish = { snapshot, quote: 'q', note: 'n', place: 0 };
    await port.request('highlights.add', wish);
    assert.match(await losses(), /^page 1: .*"marks":\[\].* was acknowledged/);
    model.pages[1].state = told(1, { marks: [`${snapshot} q n`] });
    assert.equal(await losses(), '');
    model.pages[1].snapshots.add(77);
    assert.match(await losses(), /^page 1: snapshot 77 was acknowledged and is gone$/);
    model.pages[1].snapshots.delete(77);
    model.pages[2].n = 1;
    assert.match(await losses(), /page 1: .*Page 2.*, .*Page 1.* is there/);
    assert.match(await losses(), /was acknowledged and is gone|without \/own\.png/);

    assert.equal(await port.close(), 0);
    const bytes = readFileSync(file);
    const at = bytes.indexOf(Buffer.concat([png, Buffer.from(picturesOf(0)[0])]));
    assert.ok(at > 0);
    bytes[at] ^= 1;
    writeFileSync(file, bytes);
    const { status, text } = await audit('check', file);
    assert.equal(status, 1);
    assert.match(text, /^blob \d+: is not what its name says$/m);
  } finally {
    port.child.kill('SIGKILL');
    await port.ended;
    await site.close();
    remove();
  }
});
