/** The hostile pages, stored and laid out for browsers to look at: as they came, and as they are kept. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { programs } from '../host/port.mjs';
import { pageOf, readCorpus, wireOf } from './inert-corpus.mjs';
import { PLANTED } from './inert-host.mjs';
import { InertServer } from './inert-server.mjs';
import { InertStore, withoutBarriers } from './inert-store.mjs';

const FRAMES = '<!DOCTYPE html><title>frames</title><body></body>';

const POLICY = /<meta charset="utf-8"><meta http-equiv="Content-Security-Policy"[^>]*>/;

export class InertStage {
  store = new InertStore();
  /** A host that can also show what was never stored (inert-host.mjs). */
  host = path.join(this.store.folder, 'host.sh');
  /** Where frames with files stand. */
  home = path.join(this.store.folder, 'frames.html');
  #planted = path.join(this.store.folder, 'planted');

  /**
   * @param {InertServer} server - that the host asks
   * @param {import('./inert-corpus.mjs').Vector[]} vectors
   */
  constructor(server, vectors) {
    this.server = server;
    this.vectors = vectors;
    this.pages = server.pages;
  }

  static async prepare(vectors = readCorpus()) {
    const server = await InertServer.start(new Map());
    const self = new InertStage(server, vectors);
    self.pages.set('/frames', { type: 'text/html', body: FRAMES });
    await fs.writeFile(self.home, FRAMES);
    const { address } = server;
    for (const vector of self.vectors) {
      const { doctype, data } = wireOf(vector, address);
      self.pages.set(
        `/v/${vector.id}/`,
        vector.isWire
          ? { type: 'application/xhtml+xml', body: doctype + data }
          : { type: 'text/html', body: pageOf(vector, address) },
      );
    }
    await self.store.save(self.vectors, address);
    await self.#layOut();
    return self;
  }

  async #layOut() {
    const { store } = this;
    await store.export(store.snapshots.values());
    await fs.mkdir(this.#planted);
    for (const vector of this.vectors) {
      const snapshot = this.snapshotOf(vector.id);
      const html = await fs.readFile(store.fileOf(snapshot), 'utf8');
      const page = pageOf(vector, this.server.address);
      const [policy] = POLICY.exec(html) ?? [];
      if (!policy) {
        throw new Error(`no policy at the head of ${vector.place}`);
      }
      await fs.writeFile(path.join(this.#planted, `${snapshot}.html`), page);
      this.#serve(`/s/${vector.id}/`, withoutBarriers(html));
      this.#serve(
        `/c/${vector.id}/`,
        page.replace(/^<[^>]*>/, (start) => start + policy),
      );
    }
    const quote = (/** @type {string} */ text) => `'${text.replaceAll("'", "'\\''")}'`;
    const command = [
      ...[process.execPath, fileURLToPath(new URL('inert-host.mjs', import.meta.url))],
      ...[path.join(programs, 'linksnap-host'), this.#planted],
    ];
    await fs.writeFile(this.host, `#!/bin/sh\nexec ${command.map(quote).join(' ')} "$@"\n`, {
      mode: 0o755,
    });
  }

  /**
   * @param {string} pathname
   * @param {string} body
   */
  #serve(pathname, body) {
    this.pages.set(pathname, { type: 'text/html', body });
  }

  /** @param {number} id */
  snapshotOf(id) {
    return this.store.snapshots.get(id) ?? 0;
  }

  get ids() {
    return this.vectors.map(({ id }) => id);
  }

  /**
   * @param {'v' | 's' | 'c'} form - as it came, as it is kept, as it came behind a file's policy
   * @param {Iterable<number>} ids
   */
  urls(form, ids = this.ids) {
    return [...ids].map((id) => `http://${this.server.address}/${form}/${id}/`);
  }

  /** Snapshots as they would be if nothing had been taken out. @param {Iterable<number>} ids */
  planted(ids) {
    return [...ids].map((id) => PLANTED + this.snapshotOf(id));
  }

  /**
   * Pages with many vectors in frames, for the capture of live tabs.
   *
   * @param {string} browser
   * @param {number[]} ids
   * @param {number} size
   */
  crowds(browser, ids, size) {
    const urls = [];
    for (let at = 0; at < ids.length; at += size) {
      const frames = ids
        .slice(at, at + size)
        .map((id) => `<iframe src="/v/${id}/" sandbox="allow-scripts allow-same-origin"></iframe>`);
      const pathname = `/crowd/${browser}/from-${at}`;
      this.#serve(pathname, `<!DOCTYPE html><title>${browser} ${at}</title>${frames.join('')}`);
      urls.push(`http://${this.server.address}${pathname}`);
    }
    return urls;
  }

  /**
   * Stored crowds: files, and pages without barriers.
   *
   * @param {string} browser
   * @param {string[]} urls
   */
  async addCrowds(browser, urls) {
    const snapshots = await this.store.find(urls);
    await this.store.export(snapshots);
    const pages = [];
    for (const snapshot of snapshots) {
      const html = await fs.readFile(this.store.fileOf(snapshot), 'utf8');
      const pathname = `/crowd/${browser}/${snapshot}`;
      this.#serve(pathname, withoutBarriers(html));
      pages.push(`http://${this.server.address}${pathname}`);
    }
    return { snapshots, pages };
  }

  /** @param {Iterable<number>} snapshots */
  files(snapshots) {
    return [...snapshots].map((snapshot) => `file://${this.store.fileOf(snapshot)}`);
  }

  /**
   * Snapshots that Chromium's viewer never ends loading, though it shows them: a picture that is missing
   * is an empty data: URL, and <use> waits for one for ever.
   *
   * @param {(string | number)[]} snapshots
   */
  async notEndless(snapshots) {
    const files = snapshots.map((each) => fs.readFile(this.store.fileOf(Number(each)), 'utf8'));
    const texts = await Promise.all(files);
    return snapshots.filter((_, at) => !/<use [^>]*href="data:/.test(texts[at]));
  }

  remove() {
    this.server.close();
    this.store.remove();
  }
}
