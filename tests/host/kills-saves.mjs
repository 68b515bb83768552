// Pages that are saved while processes are killed: links, tabs, a queue.
import { changed, familyTag, free, pick, unsaid, workOn } from './kills-desk.mjs';
import { bodyOf } from './kills-site.mjs';

/**
 * @typedef {import('./kills-desk.mjs').Desk} Desk
 * @typedef {import('./kills-desk.mjs').Plan} Plan
 * @typedef {import('./kills-model.mjs').Page} Page
 * @typedef {import('./kills-model.mjs').State} State
 */

/** @param {Desk} desk @param {Page} page */
function wishFor(desk, page) {
  const tags = [`own-${page.n}`, ...(desk.random(2) < 1 ? [familyTag(desk, page.n)] : [])];
  const note = desk.random(3) < 1 ? { note: `备注 ${(desk.serial.count += 1)}` } : {};
  return { tags, ...note };
}

/** @param {{ tags: string[], note?: string }} wish @returns {(state: State | null, page: Page) => State[]} */
const afterSave = (wish) => (state, page) => {
  const before = state ?? unsaid(`Page ${page.n}`);
  const tags = [...before.tags, ...wish.tags];
  return [changed(before, { note: wish.note, tags, trashed: false })];
};

/** @param {Desk} desk @returns {Plan | null} */
export function saveLink(desk) {
  const [page] = free(desk);
  if (!page) {
    return null;
  }
  const wish = wishFor(desk, page);
  // Three spellings of one page: its own, a redirect, and one that names the first as its own.
  const way = pick(desk, ['p?', 'p?', 'r?', `p?from=${Math.floor(desk.random(3))}&`]);
  const url = `${desk.origin}/${way}n=${page.n}`;
  const again = desk.random(3) < 2;
  const work = workOn(desk, 'save', [page], afterSave(wish), { queued: true });
  const note = wish.note === undefined ? [] : ['--note', wish.note];
  const tags = wish.tags.flatMap((tag) => ['--tag', tag]);
  return {
    kind: 'save',
    works: [work],
    run: async (actor) => {
      const answer = await actor.ask('links.save', { url, ...wish, again }, [
        'save',
        ...tags,
        ...note,
        ...(again ? ['--again'] : []),
        url,
      ]);
      desk.model.saved(page, answer);
      desk.model.end(work, 1);
    },
  };
}

/** @param {Desk} desk @returns {Plan | null} */
export function saveTab(desk) {
  const [page] = free(desk);
  if (!page) {
    return null;
  }
  const wish = wishFor(desk, page);
  const url = `${desk.origin}/p?n=${page.n}`;
  const body = bodyOf(page.n, desk.origin, (desk.serial.count += 1));
  const head = `<head><title>Page ${page.n}</title><link rel="icon" href="data:,"/></head>`;
  const data = `<html xmlns="http://www.w3.org/1999/xhtml">${head}<body>${body}</body></html>`;
  const work = workOn(desk, 'capture', [page], afterSave(wish));
  return {
    kind: 'capture',
    works: [work],
    run: async ({ port }) => {
      const title = `Page ${page.n}`;
      const { capture } = await port.request('capture.begin', { url, title, ...wish });
      const cut = Math.floor(desk.random(data.length));
      const first = { capture, item: 0, seq: 0, kind: 'document', url, last: false };
      await port.request('capture.add', { ...first, data: data.slice(0, cut) });
      await port.request('capture.add', {
        capture,
        item: 0,
        seq: 1,
        data: data.slice(cut),
        last: true,
      });
      desk.model.saved(page, await port.request('capture.commit', { capture }));
      desk.model.end(work, 1);
    },
  };
}

/** @param {Desk} desk @returns {Plan | null} */
export function queueLinks(desk) {
  const pages = free(desk, undefined, 1 + Math.floor(desk.random(4)));
  if (pages.length === 0) {
    return null;
  }
  const wish = { tags: [`queued-${(desk.serial.count += 1)}`] };
  const urls = pages.map(({ n }) => `${desk.origin}/p?n=${n}`);
  // Each of them is a job of its own.
  const works = pages.map((page) =>
    workOn(desk, 'queue', [page], afterSave(wish), { queued: true }),
  );
  return {
    kind: 'queue.add',
    works,
    run: async (actor) => {
      await actor.ask('queue.add', { urls, ...wish }, [
        'save',
        '--later',
        '--tag',
        wish.tags[0],
        ...urls,
      ]);
      for (const work of works) {
        work.owed = true;
        work.adrift = true;
      }
    },
  };
}

/** @returns {Plan} */
export const runQueue = () => ({
  kind: 'queue.run',
  works: [],
  run: (actor) => actor.ask('queue.run', {}, ['queue', 'run']),
});
