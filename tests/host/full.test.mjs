// Disks that are full to the last byte, and disks that may not be written, at every stage: it is
// said, the store is as it was, and it goes on in the same process once there is room.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { stages } from './full-stages.mjs';
import { assertReads, assertRefused, assertWhole, dump, Grounds } from './full-store.mjs';
import { audit } from './kills-model.mjs';

const grounds = new Grounds();
before(() => grounds.start());
after(() => grounds.stop());

describe('a full disk', { skip: grounds.why, timeout: 240_000 }, () => {
  for (const { name, act } of stages) {
    it(`is said by ${name}; nothing has changed; with room it is done`, () =>
      grounds.with(async ({ disk, file, place, open }) => {
        const port = await open();
        await audit('squeeze', file);
        const was = await dump(file);
        await assertRefused(act({ ...place, port, spoil: () => disk.fill() }), 'store_full');
        assert.equal(await dump(file), was);
        await assertReads(port);
        disk.free();
        await act({ ...place, port, spoil: () => {} });
        await assertWhole(file);
        assert.notEqual(await dump(file), was);
      }));
  }
});

describe('a disk that is read-only', { skip: grounds.why, timeout: 240_000 }, () => {
  for (const { name, act } of stages) {
    it(`is said by ${name}; it is read; and written when it may be`, () =>
      grounds.with(async ({ disk, file, place, open }) => {
        const was = await dump(file);
        disk.setReadOnly(true);
        const port = await open();
        const { store } = await port.hello();
        assert.deepEqual([store.state, store.error.name], ['readonly', 'store_readonly']);
        await assertRefused(act({ ...place, port, spoil: () => {} }), 'store_readonly');
        await assertReads(port);
        disk.setReadOnly(false);
        assert.equal(await dump(file), was);
        await act({ ...place, port, spoil: () => {} });
        await assertWhole(file);
        assert.notEqual(await dump(file), was);
      }));
  }
});
