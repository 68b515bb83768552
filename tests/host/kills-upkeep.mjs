// What reads a store, and what keeps it in order, while processes are killed.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { changed, free, isShown, workOn } from './kills-desk.mjs';
import { audit, factsOf } from './kills-model.mjs';
import { picturesOf, wordOf } from './kills-site.mjs';

/**
 * @typedef {import('./kills-desk.mjs').Desk} Desk
 * @typedef {import('./kills-desk.mjs').Plan} Plan
 * @typedef {import('./kills-model.mjs').State} State
 */

/** @param {Desk} desk @returns {Plan | null} */
export function find(desk) {
  const [page] = free(desk, (each) => isShown(each) && each.snapshots.size > 0);
  if (!page) {
    return null;
  }
  const work = workOn(desk, 'search', [page], () => []);
  return {
    kind: 'search',
    works: [work],
    run: async ({ port }) => {
      const { pages } = await port.request('pages.search', { query: wordOf(page.n) });
      if (!pages.some((/** @type {any} */ each) => each.page === page.number)) {
        desk.model.losses.push(`page ${page.n} is not found by its word`);
      }
      const snapshot = Math.max(...page.snapshots);
      const file = await read(port, snapshot);
      const shown = file.split('data:image/png;base64,').length - 1;
      if (shown < new Set(picturesOf(page.n)).size || !file.includes(wordOf(page.n))) {
        desk.model.losses.push(`snapshot ${snapshot} of page ${page.n} is not shown whole`);
      }
      desk.model.end(work, 0);
    },
  };
}

/** A snapshot as one file. @param {any} port @param {number} snapshot */
export async function read(port, snapshot) {
  let file = '';
  for (let offset = 0; offset !== null;) {
    const part = await port.request('snapshots.read', { snapshot, offset });
    file += part.data;
    offset = part.next;
  }
  return file;
}

/** Blobs that nothing refers to, and free pages of the file. @param {Desk} desk @returns {Plan} */
export const collect = (desk) => ({
  kind: 'gc',
  works: [],
  run: (actor) => actor.ask('', {}, ['gc', ...(desk.random(8) < 1 ? ['--compact'] : [])]),
});

/** @param {Desk} desk @returns {Plan} */
export function check(desk) {
  const repair = desk.random(2) < 1;
  return {
    kind: repair ? 'fsck --repair' : 'fsck',
    works: [],
    run: async (actor) => {
      const more = repair ? ['--repair', '--no-backup'] : [];
      const answer = await actor.ask('', {}, ['fsck', ...more]);
      // Killed before its last line, it has told a finding alone.
      if (answer.faults > 0 || answer.fault) {
        desk.model.losses.push(`fsck found ${JSON.stringify(answer)}`);
      }
    },
  };
}

/** Pages that are gone for good, each by itself. @param {Desk} desk @returns {Plan | null} */
export function empty(desk) {
  const isTrashed = (/** @type {State | null} */ state) =>
    state !== null && (state.trashed || state.hidden.length > 0);
  const busy = desk.model.pages.some(({ work }) =>
    work?.pages.some(({ options }) => options.some(isTrashed)),
  );
  const pages = free(desk, ({ state }) => isTrashed(state), desk.model.pages.length);
  if (busy || pages.length === 0 || desk.emptying) {
    return null;
  }
  desk.emptying = true;
  const left = (/** @type {State | null} */ state) => {
    if (state === null || state.trashed) {
      return null;
    }
    const stays = (/** @type {string} */ of) => !of.startsWith(`${state.hidden[0]} `);
    const [marks, small] = [state.marks.filter(stays), state.small.filter(stays)];
    return changed(state, { hidden: [], marks, small });
  };
  const how = { whole: false, empties: true };
  const work = workOn(desk, 'trash --empty', pages, (state) => [left(state)], how);
  return {
    kind: 'trash --empty',
    works: [work],
    run: async (actor) => {
      try {
        await actor.ask('trash.empty', {}, ['trash', '--empty', '--yes']);
        desk.model.end(work, 1);
      } finally {
        desk.emptying = false;
      }
    },
  };
}

/** A copy that is whole, with all that was acknowledged before, or none. @param {Desk} desk @returns {Plan} */
export function backup(desk) {
  const folder = join(desk.folder, 'backups');
  const file = join(folder, `${(desk.serial.count += 1)}.db`);
  const known = desk.model.pages.map(({ snapshots }) => [...snapshots]);
  const look = async () => {
    const { status, text } = await audit('check', file);
    if (status !== 0) {
      desk.model.losses.push(`backup: ${text}`);
    }
    const facts = await factsOf(file);
    for (const { n, snapshots } of desk.model.pages) {
      const kept = facts.pages.get(n)?.snapshots.map((/** @type {any} */ each) => each.snapshot);
      const lost = known[n].filter((id) => snapshots.has(id) && !kept?.includes(id));
      if (lost.length > 0) {
        desk.model.losses.push(`backup: is without snapshots ${lost} of page ${n}`);
      }
    }
  };
  return {
    kind: 'backup',
    works: [],
    run: async (actor) => {
      mkdirSync(folder, { recursive: true });
      try {
        await actor.ask('', {}, ['backup', ...(desk.random(2) < 1 ? ['--quick'] : []), file]);
      } finally {
        if (existsSync(file)) {
          await look();
        }
        rmSync(folder, { recursive: true });
      }
    },
  };
}
