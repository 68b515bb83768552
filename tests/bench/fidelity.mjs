/**
 * Linksnap and SingleFile, page for page: how far each snapshot looks as its page did, its size, the
 * time it took, what it lacks, and what it still asks the network for.
 *
 *     node tests/bench/fidelity.mjs [--only NAME]... [--tool linksnap|singlefile]...
 *
 * Pictures and the table are left in build/fidelity/.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../browser/profile.mjs';
import { fetchPackage } from './corpus-fetch.mjs';
import { CorpusServer } from './corpus-server.mjs';
import { CORPUS } from './corpus.mjs';
import { compare } from './fidelity-pixels.mjs';
import { print, report } from './fidelity-report.mjs';
import { Offline } from './fidelity-shots.mjs';
import { Live, SingleFile } from './fidelity-tools.mjs';

/** @typedef {import('./corpus.mjs').CorpusPage} CorpusPage */
/** @typedef {import('./fidelity-report.mjs').Row} Row */
/** @typedef {import('./fidelity-shots.mjs').Shot} Shot */

const FOLDER = path.join(ROOT, 'build/fidelity');

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    tool: { type: 'string', multiple: true, default: ['linksnap', 'singlefile'] },
    again: { type: 'boolean', default: false },
  },
});

/** @param {string} name @param {string} what */
const fileOf = (name, what) => path.join(FOLDER, `${name}-${what}`);

class Bench {
  /** @type {Row[]} */
  rows = [];

  /**
   * @param {CorpusServer} server
   * @param {Live} live
   * @param {SingleFile | null} singleFile
   * @param {Offline} offline
   */
  constructor(server, live, singleFile, offline) {
    this.server = server;
    this.live = live;
    this.singleFile = singleFile;
    this.offline = offline;
  }

  /** @param {CorpusPage} page */
  async run(page) {
    const { name, ready = 'true' } = page;
    /** @type {Shot} */
    let reference;
    const url = this.server.origin + page.path;
    try {
      for (const spec of page.packages) {
        this.server.add(spec, await fetchPackage(spec));
      }
      this.server.twist(page.twists ?? {});
      reference = await this.live.reference(url, ready);
      await fs.writeFile(fileOf(name, 'reference.png'), reference.png);
    } catch (error) {
      this.#fail(name, 'page', error);
      return;
    }
    if (values.again) {
      await this.#try(name, 'itself', async () => {
        const shot = await this.live.reference(url, ready);
        return this.#judge(name, 'itself', reference, { ...shot, requests: [] });
      });
    }
    if (values.tool.includes('linksnap')) {
      await this.#try(name, 'linksnap', async () => {
        const file = fileOf(name, 'linksnap.html');
        const saved = await this.live.save(url, ready, file);
        return { ...(await this.#judgeFile(name, 'linksnap', reference, file)), ...saved };
      });
    }
    const { singleFile } = this;
    if (singleFile) {
      await this.#try(name, 'singlefile', () => this.#better(singleFile, name, url, reference));
    }
  }

  /**
   * SingleFile is judged by its better side, with its waits or without, and timed without them.
   *
   * @param {SingleFile} singleFile
   * @param {string} name
   * @param {string} url
   * @param {Shot} reference
   */
  async #better(singleFile, name, url, reference) {
    const sides = [];
    const faults = [];
    for (const waits of [false, true]) {
      try {
        const file = fileOf(name, waits ? 'singlefile-waits.html' : 'singlefile.html');
        const saved = await singleFile.save(url, file, waits);
        const picture = path.basename(file, '.html').slice(name.length + 1);
        sides.push({ ...(await this.#judgeFile(name, picture, reference, file)), ...saved });
      } catch (error) {
        faults.push(error);
      }
    }
    const ms = sides[0]?.ms ?? null;
    const [best] = sides.sort((a, b) => b.content - a.content);
    if (!best) {
      throw faults[0];
    }
    return { ...best, ms };
  }

  /**
   * @param {string} name
   * @param {string} tool
   * @param {Shot} reference
   * @param {string} file
   */
  async #judgeFile(name, tool, reference, file) {
    const shot = await this.offline.open(file);
    const { size } = await fs.stat(file);
    return { ...(await this.#judge(name, tool, reference, shot)), bytes: size };
  }

  /**
   * @param {string} name
   * @param {string} tool
   * @param {Shot} reference
   * @param {Shot & { requests: string[] }} shot
   */
  async #judge(name, tool, reference, shot) {
    const { diff, all, content } = compare(reference.png, shot.png);
    await fs.writeFile(fileOf(name, `${tool}.png`), shot.png);
    await fs.writeFile(fileOf(name, `${tool}-diff.png`), diff);
    const fonts = reference.fonts.filter((each) => !shot.fonts.includes(each));
    const pictures = Math.max(0, reference.pictures.length - shot.pictures.length);
    return { all, content, missing: pictures + fonts.length, requests: shot.requests };
  }

  /**
   * @param {string} page
   * @param {string} tool
   * @param {() => Promise<Omit<Row, 'page' | 'tool'>>} work
   */
  async #try(page, tool, work) {
    try {
      this.#add({ page, tool, ...(await work()) });
    } catch (error) {
      this.#fail(page, tool, error);
    }
  }

  /**
   * @param {string} page
   * @param {string} tool
   * @param {unknown} error
   */
  #fail(page, tool, error) {
    const reason = error instanceof Error ? error.message : String(error);
    this.#add({ page, tool, error: reason.replaceAll(/\s+/g, ' ').slice(0, 300) });
  }

  /** @param {Row} row */
  #add(row) {
    this.rows.push(row);
    print(row);
  }
}

await fs.mkdir(FOLDER, { recursive: true });
const pages = CORPUS.filter(({ name }) => values.only.length === 0 || values.only.includes(name));
const server = await CorpusServer.start();
const live = await Live.start();
const offline = await Offline.start();
const singleFile = values.tool.includes('singlefile') ? await SingleFile.start() : null;
try {
  const bench = new Bench(server, live, singleFile, offline);
  for (const page of pages) {
    await bench.run(page);
  }
  const text = report(bench.rows, pages.length);
  await fs.writeFile(path.join(FOLDER, 'report.md'), text);
  console.log(`\n${text}`);
} finally {
  await Promise.allSettled([live.stop(), offline.stop(), singleFile?.stop(), server.close()]);
}
