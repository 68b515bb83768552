// A store on a small disk, and what is asserted of it once the disk is spoilt.
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { SmallDisk, whyNoDisk } from './full.mjs';
import { audit } from './kills-model.mjs';
import { startSite } from './kills-site.mjs';
import { Port, scratch } from './port.mjs';

/** @typedef {import('./full-stages.mjs').Place} Place */

const faults = {
  store_full: /no room|full/i,
  store_readonly: /cannot be written|read-only|reading only/i,
};

/** The rows of a store, one line a table. @param {string} file */
export async function dump(file) {
  const { status, text } = await audit('dump', file);
  assert.equal(status, 0, text);
  return text;
}

/** @param {string} file */
export async function assertWhole(file) {
  const { status, text } = await audit('check', file);
  assert.equal(status, 0, text);
}

/** @param {Port} port */
export async function assertReads(port) {
  const { pages } = await port.request('pages.search', { query: '光明图书馆' });
  assert.equal(pages.length, 2);
  const { data } = await port.request('snapshots.read', { snapshot: pages[0].snapshot, offset: 0 });
  assert.match(data, /data:image\/png;base64,/);
}

/** @param {Promise<unknown>} answer @param {keyof typeof faults} fault */
export async function assertRefused(answer, fault) {
  await assert.rejects(answer, (/** @type {any} */ error) => {
    assert.equal(error.fault, fault, String(error));
    assert.match(error.message, faults[fault]);
    return true;
  });
}

/**
 * @typedef {object} Ground
 * @property {string} folder a HOME
 * @property {SmallDisk} disk
 * @property {string} file the store on it
 * @property {Record<string, string>} env with the store's name
 * @property {Omit<Place, 'port' | 'spoil'>} place
 * @property {() => Promise<Port>} open a greeted port
 */

/** Disks for one file of tests. */
export class Grounds {
  #scratch = scratch();
  /** @type {Awaited<ReturnType<typeof startSite>> | null} */
  #site = null;
  #lacking = false;
  /** Called whenever the site is asked for a picture. */
  whenAsked = () => {};

  constructor() {
    this.why = whyNoDisk(this.#scratch.folder) || false;
  }

  get folder() {
    return this.#scratch.folder;
  }

  async start() {
    this.#site = await startSite((path) => {
      this.whenAsked();
      return this.#lacking && path === '/own.png?n=7&i=0';
    });
  }

  async stop() {
    await this.#site?.close();
    this.#scratch.remove();
  }

  /**
   * A disk with a store on it that has a little of everything: `act` may do with it what it likes.
   * @param {(ground: Ground) => Promise<void>} act
   */
  async with(act) {
    const disk = new SmallDisk(join(this.folder, 'disk'));
    const file = join(disk.folder, 'linksnap.db');
    const env = { LINKSNAP_DB: file };
    /** @type {Port[]} */
    const ports = [];
    const open = async () => {
      const port = new Port(this.folder, env);
      ports.push(port);
      await port.hello();
      return port;
    };
    try {
      const port = await open();
      const place = await this.#furnish(port);
      assert.equal(await port.close(), 0, port.log);
      await act({ folder: this.folder, disk, file, env, place, open });
    } finally {
      this.whenAsked = () => {};
      await Promise.all(ports.map((port) => port.close()));
      disk.remove();
    }
  }

  /** @param {Port} port */
  async #furnish(port) {
    const origin = this.#site?.origin ?? '';
    const saved = [];
    this.#lacking = true;
    for (const n of [1, 2, 7]) {
      const wish = { url: `${origin}/p?n=${n}`, tags: ['one', 'two'] };
      saved.push(await port.request('links.save', wish));
    }
    this.#lacking = false;
    const [{ page }, { page: trashed }, { snapshot }] = saved;
    await port.request('pages.trash', { page: trashed });
    const { step } = await port.request('pages.edit', { pages: [page], add: ['three'] });
    const versions = [];
    for (let i = 0; i < 2; i++) {
      const wish = { url: `${origin}/p?n=1`, again: true };
      versions.push((await port.request('links.save', wish)).snapshot);
    }
    const [hidden, version] = versions;
    await port.request('snapshots.trash', { snapshot: hidden });
    const marks = [];
    for (const place of [1, 2]) {
      const wish = { snapshot: version, quote: '光明', place };
      marks.push((await port.request('highlights.add', wish)).highlight);
    }
    const [highlight, deleted] = marks;
    await port.request('highlights.delete', { highlight: deleted });
    return { origin, page, trashed, step, snapshot, version, hidden, highlight, deleted };
  }
}
