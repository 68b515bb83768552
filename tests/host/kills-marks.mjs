// What a person marks in versions, and versions in the trash, while processes are killed.
import { createHash } from 'node:crypto';

import { changed, free, isThere, pick, shownVersions, workOn } from './kills-desk.mjs';

/**
 * @typedef {import('./kills-desk.mjs').Desk} Desk
 * @typedef {import('./kills-desk.mjs').Plan} Plan
 * @typedef {import('./kills-model.mjs').State} State
 */

/** Which highlights there are, by what the model knows of them. @type {Map<string, number>} */
const numbers = new Map();

/** A word that stands nowhere else. @param {Desk} desk */
const word = ({ serial }) => `mk${(serial.count += 1)}q`;

/** @param {Desk} desk @returns {Plan | null} */
export function mark(desk) {
  const [page] = free(desk, (each) => isThere(each) && shownVersions(each).length > 0);
  if (!page) {
    return null;
  }
  const snapshot = pick(desk, shownVersions(page));
  const [quote, note] = [word(desk), word(desk)];
  const entry = `${snapshot} ${quote} ${note}`;
  const work = workOn(desk, 'highlight', [page], (before) => {
    const state = /** @type {State} */ (before);
    return [changed(state, { marks: [...state.marks, entry] })];
  });
  return {
    kind: 'highlight',
    works: [work],
    run: async ({ port }) => {
      const wish = { snapshot, quote, note, place: desk.serial.count };
      numbers.set(entry, (await port.request('highlights.add', wish)).highlight);
      desk.model.end(work, 1);
    },
  };
}

/** Another note, or none of it any more, or that and back again. @param {Desk} desk @returns {Plan | null} */
export function remark(desk) {
  const known = (/** @type {State | null} */ state) =>
    state?.marks.filter((each) => numbers.has(each)) ?? [];
  const [page] = free(desk, ({ state }) => known(state).length > 0);
  if (!page) {
    return null;
  }
  const entry = pick(desk, known(page.state));
  const highlight = numbers.get(entry);
  const note = word(desk);
  const renamed = `${entry.slice(0, entry.lastIndexOf(' '))} ${note}`;
  const way = pick(desk, ['update', 'delete', 'restore']);
  const work = workOn(desk, `highlight ${way}`, [page], (before) => {
    const state = /** @type {State} */ (before);
    const others = state.marks.filter((each) => each !== entry);
    return [changed(state, { marks: way === 'update' ? [...others, renamed] : others })];
  });
  return {
    kind: `highlight, ${way}`,
    works: [work],
    run: async ({ port }) => {
      if (way === 'update') {
        await port.request('highlights.update', { highlight, note });
        numbers.set(renamed, Number(highlight));
      } else {
        await port.request('highlights.delete', { highlight });
      }
      if (way === 'restore') {
        await port.request('highlights.restore', { highlight });
      }
      desk.model.end(work, way === 'restore' ? 0 : 1);
    },
  };
}

/** @param {Desk} desk @returns {Plan | null} */
export function picture(desk) {
  const [page] = free(desk, (each) => isThere(each) && shownVersions(each).length > 0);
  if (!page) {
    return null;
  }
  const snapshot = pick(desk, shownVersions(page));
  const bytes = Buffer.from(`\x89PNG\r\n\x1a\n ${Math.floor(desk.random(9))}`, 'latin1');
  const digest = createHash('sha256').update(bytes).digest('hex');
  const work = workOn(desk, 'small picture', [page], (before) => {
    const state = /** @type {State} */ (before);
    const others = state.small.filter((each) => !each.startsWith(`${snapshot} `));
    return [changed(state, { small: [...others, `${snapshot} image/png ${digest}`] })];
  });
  return {
    kind: 'small picture',
    works: [work],
    run: async ({ port }) => {
      const wish = { snapshot, media_type: 'image/png', data: bytes.toString('base64') };
      await port.request('thumbnails.set', wish);
      desk.model.end(work, 1);
    },
  };
}

/** A version into the trash, or out of it. @param {Desk} desk @returns {Plan | null} */
export function hide(desk) {
  // As with pages: not while the trash is emptied.
  const back = desk.emptying || desk.random(2) < 1;
  const [page] = free(desk, (each) => {
    const hidden = each.state?.hidden.length ?? 0;
    return back ? hidden > 0 : isThere(each) && hidden === 0 && shownVersions(each).length > 1;
  });
  if (!page?.state) {
    return null;
  }
  const snapshot = back ? page.state.hidden[0] : pick(desk, shownVersions(page));
  const kind = back ? 'version restore' : 'version trash';
  const work = workOn(desk, kind, [page], (state) => [
    changed(/** @type {State} */ (state), { hidden: back ? [] : [snapshot] }),
  ]);
  return {
    kind,
    works: [work],
    run: async (actor) => {
      await actor.ask(back ? 'snapshots.restore' : 'snapshots.trash', { snapshot }, [
        back ? 'untrash' : 'trash',
        '--version',
        String(snapshot),
      ]);
      desk.model.end(work, 1);
    },
  };
}

/**
 * What is marked in a version is found, unless the version is in the trash.
 * @param {import('./port.mjs').Port} port
 * @param {import('./kills-model.mjs').Page} page
 * @returns {Promise<string[]>} what is otherwise
 */
export async function marksAstray(port, { n, number, state }) {
  const astray = [];
  for (const entry of state?.marks ?? []) {
    const [snapshot, quote] = entry.split(' ');
    const { pages } = await port.request('pages.search', { query: quote });
    const found = pages.some((/** @type {any} */ each) => each.page === number);
    if (found === state?.hidden.includes(Number(snapshot))) {
      astray.push(`page ${n}: "${quote}" is ${found ? '' : 'not '}found`);
    }
  }
  return astray;
}
