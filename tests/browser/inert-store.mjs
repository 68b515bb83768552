/** Puts the whole corpus into a store, as files of saved pages and as captures of live tabs. */
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Port, environment, programs, scratch } from '../host/port.mjs';
import { idIn, pageOf, wireOf } from './inert-corpus.mjs';

const run = promisify(execFile);

/** @typedef {import('./inert-corpus.mjs').Vector} Vector */

/** As many as there are cores in the smallest machine that tests run on. */
const AT_ONCE = 2;

/**
 * @template T
 * @param {T[]} list
 * @param {(item: T) => Promise<void>} act
 */
async function each(list, act) {
  const waiting = list.values();
  const work = async () => {
    for (const item of waiting) {
      await act(item);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

export class InertStore {
  #scratch = scratch();
  db = path.join(this.#scratch.folder, 'linksnap.db');
  folder = this.#scratch.folder;
  /** Snapshots of vectors. @type {Map<number, number>} */
  snapshots = new Map();

  /** @param {string[]} args */
  async #linksnap(...args) {
    const { stdout } = await run(
      path.join(programs, 'linksnap'),
      ['--db', this.db, '--json', ...args],
      { env: environment(this.folder), maxBuffer: 256 * 1024 * 1024 },
    );
    return stdout;
  }

  /**
   * Saves each vector as a page of its own: what a link leads to, or where the host wants a browser to
   * look at it, a file; wire documents as a browser sends them.
   *
   * @param {Vector[]} vectors
   * @param {string} address - of the server, which has them at /v/ID/
   */
  async save(vectors, address) {
    const urlOf = (/** @type {number} */ id) => `http://${address}/v/${id}/`;
    const port = await this.#open();
    const links = vectors.filter(({ isWire }) => !isWire);
    await port.request('queue.add', { urls: links.map(({ id }) => urlOf(id)) });
    await port.request('queue.run', {}, undefined, 60_000);
    // Else the extension would open these pages in tabs of its own.
    await port.request('queue.cancel', {});
    for (let offset = 0; offset !== null;) {
      const { jobs, next } = await port.request('queue.list', { offset, limit: 200 });
      for (const { url, state, snapshot } of jobs) {
        if (state === 'done') {
          this.snapshots.set(idIn(url), snapshot);
        }
      }
      offset = next;
    }
    await each(
      links.filter(({ id }) => !this.snapshots.has(id)),
      async (vector) => {
        const file = path.join(this.folder, `${vector.id}.html`);
        await fs.writeFile(file, pageOf(vector, address));
        const said = await this.#linksnap('save', '--file', file, urlOf(vector.id));
        this.snapshots.set(vector.id, JSON.parse(said.trim().split('\n').at(-1) ?? '').snapshot);
      },
    );
    for (const vector of vectors.filter(({ isWire }) => isWire)) {
      const url = urlOf(vector.id);
      const { capture } = await port.request('capture.begin', { url });
      const item = { capture, item: 0, seq: 0, kind: 'document', url, last: true };
      await port.request('capture.add', { ...item, ...wireOf(vector, address) });
      const { snapshot } = await port.request('capture.commit', { capture });
      this.snapshots.set(vector.id, snapshot);
    }
    await port.close();
  }

  /**
   * The snapshots of pages, in their order.
   *
   * @param {string[]} urls
   * @returns {Promise<number[]>}
   */
  async find(urls) {
    const port = await this.#open();
    const snapshots = [];
    for (const url of urls) {
      snapshots.push((await port.request('pages.find', { url })).snapshot);
    }
    await port.close();
    return snapshots;
  }

  async #open() {
    const port = new Port(this.folder, { LINKSNAP_DB: this.db });
    await port.hello();
    return port;
  }

  /**
   * Writes snapshots into files, as a person does who hands them on.
   *
   * @param {Iterable<number>} snapshots
   * @returns {Promise<void>} fileOf() is there then
   */
  async export(snapshots) {
    await each([...snapshots], async (snapshot) => {
      await this.#linksnap('show', '-o', this.fileOf(snapshot), String(snapshot));
    });
  }

  /** @param {number} snapshot */
  fileOf(snapshot) {
    return path.join(this.folder, `snapshot-${snapshot}.html`);
  }

  remove() {
    this.#scratch.remove();
  }
}

/**
 * An exported file without its barriers, and the documents inside of it without theirs.
 *
 * @param {string} html
 * @returns {string}
 */
export function withoutBarriers(html) {
  return html
    .replaceAll('Content-Security-Policy', 'X-Off')
    .replace(/ sandbox=(?="|&quot;)/g, ' data-off=')
    .replace(/(data:text\/html[^,"']*;base64,)([A-Za-z0-9+/=]+)/g, (_, head, body) => {
      const inner = withoutBarriers(Buffer.from(body, 'base64').toString());
      return head + Buffer.from(inner).toString('base64');
    });
}
