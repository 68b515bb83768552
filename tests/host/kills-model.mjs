// What was acknowledged, as the one who was told knows it, held against what a store has.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { digestOf, picturesOf } from './kills-site.mjs';
import { programs } from './port.mjs';

const execute = promisify(execFile);

/**
 * @typedef {object} State what a person sees of a page; null where there is none
 * @property {string} title
 * @property {string} note
 * @property {string[]} tags sorted
 * @property {boolean} trashed
 * @property {number[]} hidden versions in the trash, one at most
 * @property {string[]} marks sorted, "snapshot quote note" each
 * @property {string[]} small sorted, "snapshot type digest" of each small picture
 *
 * @typedef {object} Page
 * @property {number} n
 * @property {number} number in the store, 0 while it has none
 * @property {State | null} state
 * @property {Set<number>} snapshots those that were acknowledged
 * @property {Work | null} work what is being done to it, or was when somebody was killed
 *
 * @typedef {object} Work
 * @property {string} kind
 * @property {{ page: Page, options: (State | null)[] }[]} pages what may become of them; the first
 *   is what was
 * @property {boolean} whole all of them are at the same option
 * @property {boolean} [empties] versions in the trash are gone afterwards
 * @property {boolean} [queued] it is a job, which another may end
 * @property {boolean} [owed] the job was acknowledged
 * @property {boolean} [adrift] who did it was killed, or left it to the queue
 *
 * @typedef {object} Facts
 * @property {Map<number, any>} pages
 * @property {Map<number, string[]>} jobs their states, by page
 * @property {number} givenUp jobs whose workers were killed each time
 * @property {string[]} faults
 */

/** A look at a store with the auditor. @param {string} what @param {string} file @param {string[]} [more] */
export async function audit(what, file, more = []) {
  const program = join(programs, 'store_audit');
  const options = { maxBuffer: 1 << 28, timeout: 300_000 };
  try {
    const { stdout } = await execute(program, [what, file, ...more], options);
    return { status: 0, text: stdout };
  } catch (error) {
    const { code, stdout, stderr } = /** @type {any} */ (error);
    return { status: Number(code) || 2, text: `${stdout ?? error}${stderr ?? ''}` };
  }
}

/** The facts of a store by the numbers in its addresses. @param {string} file @returns {Promise<Facts>} */
export async function factsOf(file) {
  const { status, text } = await audit('facts', file);
  /** @type {Facts} */
  const facts = { pages: new Map(), jobs: new Map(), givenUp: 0, faults: [] };
  if (status !== 0) {
    facts.faults.push(`the store cannot be read: ${text}`);
    return facts;
  }
  for (const line of text.split('\n').filter(Boolean)) {
    const row = JSON.parse(line);
    const n = Number(new URL(row.url).searchParams.get('n'));
    if (row.job) {
      facts.jobs.set(n, [...(facts.jobs.get(n) ?? []), row.state]);
      facts.givenUp += row.state === 'failed' && row.crashes >= 3 ? 1 : 0;
    } else if (facts.pages.has(n)) {
      facts.faults.push(`page ${n} is there twice: ${row.normalized}`);
    } else {
      facts.pages.set(n, row);
    }
  }
  return facts;
}

/** @param {any} row @returns {State | null} */
function stateOf(row) {
  if (!row) {
    return null;
  }
  const hidden = row.snapshots.filter((/** @type {any} */ each) => each.trashed);
  return {
    title: row.title,
    note: row.note,
    tags: row.tags.sort(),
    trashed: row.trashed,
    hidden: hidden.map((/** @type {any} */ each) => each.snapshot),
    marks: row.marks.sort(),
    small: row.small.sort(),
  };
}

/** @param {State | null} one @param {State | null} other */
export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const isOpen = (/** @type {string} */ state) => ['waiting', 'running', 'browser'].includes(state);

export class Model {
  /** @type {string[]} */
  losses = [];

  /** @param {number} count of pages */
  constructor(count) {
    /** @type {Page[]} */
    this.pages = Array.from({ length: count }, (_, n) => ({
      n,
      number: 0,
      state: null,
      snapshots: new Set(),
      work: null,
    }));
  }

  /** Nobody else may touch the pages meanwhile. @template {Work} W @param {W} work */
  begin(work) {
    for (const { page } of work.pages) {
      page.work = work;
    }
    return work;
  }

  /** It was acknowledged, or certainly not done. @param {Work} work @param {number} option */
  end(work, option) {
    for (const { page, options } of work.pages) {
      this.#settle(page, options[option]);
    }
  }

  /** @param {Page} page @param {State | null} state */
  #settle(page, state) {
    const before = page.state?.hidden ?? [];
    const emptied = page.work?.empties ? before : [];
    page.state = state;
    page.work = null;
    for (const id of emptied.filter((each) => !state?.hidden.includes(each))) {
      page.snapshots.delete(id);
    }
    if (state === null) {
      page.number = 0;
      page.snapshots.clear();
    }
  }

  /** A snapshot was acknowledged. @param {Page} page @param {any} answer */
  saved(page, answer) {
    if (page.number !== 0 && page.number !== answer.page) {
      this.losses.push(`page ${page.n} was ${page.number} and is saved as ${answer.page}`);
    }
    if (answer.state !== 'complete') {
      this.losses.push(`page ${page.n}: acknowledged as ${answer.state}`);
    }
    page.number = answer.page;
    page.snapshots.add(answer.snapshot);
  }

  /** Work of which nobody tells what came. */
  adrift() {
    const all = new Set(this.pages.map(({ work }) => work));
    return [...all].filter((work) => work !== null).filter(({ adrift }) => adrift);
  }

  /**
   * The store tells it, unless another may still end it.
   * @param {Work[]} works that were adrift before the facts were asked for
   * @param {Facts} facts
   */
  resolve(works, facts) {
    for (const work of works) {
      if (work.pages.every(({ page }) => page.work === work)) {
        this.#look(work, facts);
      }
    }
  }

  /** @param {Work} work @param {Facts} facts */
  #look(work, facts) {
    const open = work.pages.some(({ page }) => facts.jobs.get(page.n)?.some(isOpen));
    if (work.queued && open) {
      return;
    }
    const found = work.pages.map(({ page, options }) =>
      options.findIndex((option) => same(option, stateOf(facts.pages.get(page.n)))),
    );
    for (const [i, { page, options }] of work.pages.entries()) {
      const now = stateOf(facts.pages.get(page.n));
      const failed = facts.jobs.get(page.n)?.includes('failed');
      if (found[i] < 0) {
        const [may, is] = [JSON.stringify(options), JSON.stringify(now)];
        this.losses.push(`${work.kind} of page ${page.n}: it may be ${may}, and is ${is}`);
      } else if (work.owed && found[i] === 0 && !same(options[0], options[1]) && !failed) {
        this.losses.push(`${work.kind} of page ${page.n}: was acknowledged and is gone`);
      }
      this.#settle(page, now);
      page.number = facts.pages.get(page.n)?.page ?? 0;
    }
    const told = new Set(
      found.filter((_, i) => !same(work.pages[i].options[0], work.pages[i].options[1])),
    );
    if (work.whole && told.size > 1) {
      this.losses.push(`${work.kind}: done to some pages and not to others`);
    }
  }

  /** Holds every page that nobody is at work on against the store. @param {Facts} facts */
  compare(facts) {
    this.losses.push(...facts.faults);
    for (const page of this.pages) {
      const row = facts.pages.get(page.n);
      const now = stateOf(row);
      if (page.work === null && !same(page.state, now)) {
        const [was, is] = [JSON.stringify(page.state), JSON.stringify(now)];
        this.losses.push(`page ${page.n}: ${was} was acknowledged, ${is} is there`);
      }
      if (row) {
        this.#compareSnapshots(page, row);
      }
    }
  }

  /** @param {Page} page @param {any} row */
  #compareSnapshots(page, row) {
    const stored = new Map(row.snapshots.map((/** @type {any} */ each) => [each.snapshot, each]));
    for (const id of page.snapshots) {
      const snapshot = stored.get(id);
      if (!snapshot) {
        this.losses.push(`page ${page.n}: snapshot ${id} was acknowledged and is gone`);
        continue;
      }
      const assets = new Set(
        snapshot.assets.map(
          (/** @type {any} */ each) =>
            `${new URL(each.url).pathname}${new URL(each.url).search} ${each.sha256}`,
        ),
      );
      const missing = picturesOf(page.n).filter((path) => !assets.has(`${path} ${digestOf(path)}`));
      if (snapshot.state !== 'complete' || missing.length > 0) {
        const what = `${snapshot.state}, without ${missing.join(' ') || 'nothing'}`;
        this.losses.push(`snapshot ${id} of page ${page.n} was acknowledged whole and is ${what}`);
      }
    }
  }
}
