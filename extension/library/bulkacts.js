/** What is done to all pages that are selected. */
import { plural, t } from '../lib/i18n.js';
import { addToQueue, runQueue } from '../lib/queue.js';
import { toast } from '../lib/toast.js';
import { tellChange } from '../lib/undo.js';
import { wishes } from '../lib/wishes.js';
import { inParts, numbersOf, pagesOf } from './numbers.js';
import { tellQueued } from './queued.js';

/** @typedef {import('./numbers.js').Which} Which */
/** @typedef {import('./bulkbar.js').Options} Options */

/**
 * @param {Options} options
 * @param {Which} which
 * @param {{ add?: string[], remove?: string[], trash?: boolean }} what
 * @returns {Promise<boolean>} whether it was done, if only in part
 */
export async function changeAll({ host, library, onChanged, work }, which, what) {
  const steps = /** @type {number[]} */ ([]);
  let changed = 0;
  /** @param {object} some */
  const edit = async (some) => {
    const answer = await host.request('pages.edit', { ...some, ...what });
    steps.push(answer.step);
    changed += answer.changed;
  };
  await work.run(t('bulkChanging'), async (doing) => {
    if (which.query !== null && which.numbers.length === 0) {
      await edit({ query: which.query });
    } else {
      const numbers = await numbersOf(host, which, doing);
      await inParts(numbers, doing, (pages) => edit({ pages }));
    }
  });
  if (steps.length === 0) {
    return false;
  }
  await library.again();
  const words = changed > 0 ? plural('bulkChanged', changed) : t('bulkUnchanged');
  tellChange(host, words, steps, () => {
    library.again();
    onChanged();
  });
  onChanged();
  return true;
}

/**
 * Has their links visited.
 *
 * @param {Options} options
 * @param {Which} which
 */
export async function checkAll({ host, onQueued, work }, which) {
  let added = 0;
  await work.run(t('bulkQueueing'), async (doing) => {
    const numbers = await numbersOf(host, which, doing);
    await inParts(numbers, doing, async (pages) => {
      added += (await host.request('queue.check', { pages })).added;
    });
  });
  if (added > 0) {
    toast(plural('libraryChecking', added));
    await runQueue();
    onQueued();
  }
}

/**
 * Has them fetched again: what has changed becomes a new version.
 *
 * @param {Options} options
 * @param {Which} which
 */
export async function saveAllAgain({ host, library, onQueued, work }, which) {
  const known = pagesKnown(library);
  /** @type {import('../lib/queue.js').QueueAdded} */
  const added = { jobs: [], refused: [] };
  await work.run(t('bulkQueueing'), async (doing) => {
    const urls = [];
    for await (const { page, total } of pagesOf(host, which, doing, known)) {
      urls.push(page.url);
      doing.step(urls.length, total);
    }
    const params = await wishes();
    await inParts(urls, doing, async (some) => {
      const { jobs, refused } = await addToQueue(host, some, params);
      added.jobs.push(...jobs);
      added.refused.push(...refused);
    });
  });
  if (added.jobs.length + added.refused.length > 0) {
    await tellQueued(host, added, onQueued);
  }
}

/**
 * @param {Options} options
 * @param {Which} which
 * @param {'bookmarks' | 'pages'} how
 */
export async function exportAll({ host, library, work }, which, how) {
  const known = pagesKnown(library);
  const words = t('exporting');
  await work.run(words, async (doing) => {
    // Only who exports needs what packs.
    const { exportBookmarks, exportPages } = await import('./exporting.js');
    if (how === 'bookmarks') {
      const pages = await exportBookmarks(host, which, known, doing);
      toast(plural('exported', pages));
    } else {
      const { failed, pages } = await exportPages(host, which, known, doing);
      const lost = failed > 0 ? plural('exportLost', failed) : '';
      toast([plural('exported', pages), lost].filter(Boolean).join(' · '));
    }
  });
}

/** @param {import('../lib/library.js').Library} library */
function pagesKnown(library) {
  const pages = new Map(library.pages.map((page) => [page.page, page]));
  return (/** @type {number} */ id) => pages.get(id);
}
