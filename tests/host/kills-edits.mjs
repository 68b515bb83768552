// What a person says of pages while processes are killed.
import {
  changed,
  familyOf,
  familyTag,
  free,
  isFamily,
  isShown,
  isThere,
  pick,
  workOn,
} from './kills-desk.mjs';

/**
 * @typedef {import('./kills-desk.mjs').Desk} Desk
 * @typedef {import('./kills-desk.mjs').Plan} Plan
 * @typedef {import('./kills-model.mjs').State} State
 */

/** @param {Desk} desk @returns {Plan | null} */
export function update(desk) {
  const [page] = free(desk, isThere);
  if (!page?.state) {
    return null;
  }
  const serial = (desk.serial.count += 1);
  const title = `标题 ${page.n} ${serial}`;
  const note = `note ${serial}`;
  const tag = `edit-${serial}`;
  const tags = [...page.state.tags, tag];
  const work = workOn(desk, 'update', [page], () => [
    changed(/** @type {State} */ (page.state), { title, note, tags }),
  ]);
  return {
    kind: 'update',
    works: [work],
    run: async (actor) => {
      const params = { page: page.number, title, note, tags };
      const args = ['edit', '--title', title, '--note', note, '--tag', tag, String(page.number)];
      await actor.ask('pages.update', params, args);
      desk.model.end(work, 1);
    },
  };
}

/** @param {Desk} desk @returns {Plan | null} */
export function editMany(desk) {
  const family = familyOf(Math.floor(desk.random(desk.model.pages.length)));
  const pages = free(desk, (page) => isShown(page) && familyOf(page.n) === family, 5);
  if (pages.length === 0) {
    return null;
  }
  const [add, remove] = [familyTag(desk, family), familyTag(desk, family)];
  const work = workOn(desk, 'edit', pages, (state) => {
    const { tags } = /** @type {State} */ (state);
    const kept = [...tags, add].filter((tag) => tag !== remove || tag === add);
    return [changed(/** @type {State} */ (state), { tags: kept })];
  });
  return {
    kind: 'edit',
    works: [work],
    run: async ({ port }) => {
      const numbers = pages.map(({ number }) => number);
      const drop = remove === add ? {} : { remove: [remove] };
      await port.request('pages.edit', { pages: numbers, add: [add], ...drop });
      desk.model.end(work, 1);
    },
  };
}

/** One tag becomes another, which there may be; perhaps that is undone. @param {Desk} desk @returns {Plan | null} */
export function rename(desk) {
  const [any] = free(desk, ({ state }) => state !== null && state.tags.some(isFamily));
  const kin = desk.model.pages.filter(({ n }) => any && familyOf(n) === familyOf(any.n));
  if (!any?.state || kin.some(({ work }) => work !== null)) {
    return null;
  }
  const from = pick(desk, any.state.tags.filter(isFamily));
  const to = familyTag(desk, any.n);
  if (from === to) {
    return null;
  }
  const undone = desk.random(2) < 1;
  // The others may not get either name meanwhile.
  const work = workOn(desk, 'rename', kin.filter(isThere), (state) => {
    const tags = state?.tags.map((tag) => (tag === from ? to : tag));
    return [changed(/** @type {State} */ (state), { tags })];
  });
  return {
    kind: undone ? 'rename, undo' : 'rename',
    works: [work],
    run: async (actor) => {
      const renaming = { tag: from, name: to };
      const { step } = await actor.ask('tags.rename', renaming, ['tag', 'rename', from, to]);
      if (undone) {
        await actor.ask('undo', { step }, ['undo', String(step)]);
      }
      desk.model.end(work, undone ? 0 : 1);
    },
  };
}

/** @param {Desk} desk @returns {Plan | null} */
export function trash(desk) {
  // What is put into the trash while it is emptied may be gone or not.
  const back = desk.emptying || desk.random(2) < 1;
  const [page] = free(desk, back ? (each) => isThere(each) && !isShown(each) : isShown);
  if (!page) {
    return null;
  }
  const kind = back ? 'restore' : 'trash';
  const work = workOn(desk, kind, [page], (state) => [
    changed(/** @type {State} */ (state), { trashed: !back }),
  ]);
  return {
    kind,
    works: [work],
    run: async (actor) => {
      const number = page.number;
      await actor.ask(`pages.${kind}`, { page: number }, [
        back ? 'untrash' : 'trash',
        String(number),
      ]);
      desk.model.end(work, 1);
    },
  };
}
