/** The pages that are selected, for what is done to each of them. */
import { LIMITS } from '../lib/protocol.js';

/** @typedef {import('../lib/host.js').Host} Host */
/** @typedef {import('../lib/protocol.js').Page} Page */

/**
 * @typedef {object} Which
 * @property {string | null} query - all that it finds
 * @property {number[]} numbers - of the pages; with a query, of those that are not meant
 */

/**
 * @param {Host} host
 * @param {Which} which
 * @param {import('../lib/work.js').Doing} doing
 * @param {(id: number) => Page | undefined} known - what need not be asked for
 * @returns {AsyncGenerator<{ page: Page, total: number }>}
 */
export async function* pagesOf(host, { query, numbers }, { signal }, known) {
  if (query === null) {
    for (const number of numbers) {
      const page = known(number) ?? (await host.request('pages.get', { page: number }, { signal }));
      yield { page, total: numbers.length };
    }
    return;
  }
  const left = new Set(numbers);
  let cursor = '';
  do {
    const params = { query, sort: 'newest', limit: LIMITS.results, cursor };
    const found = await host.request('pages.search', params, { signal });
    for (const page of found.pages) {
      if (!left.has(page.page)) {
        yield { page, total: found.total - left.size };
      }
    }
    ({ cursor } = found);
  } while (cursor);
}

/**
 * @param {Host} host
 * @param {Which} which
 * @param {import('../lib/work.js').Doing} doing
 * @returns {Promise<number[]>}
 */
export async function numbersOf(host, which, doing) {
  if (which.query === null) {
    return which.numbers;
  }
  const numbers = /** @type {number[]} */ ([]);
  for await (const { page, total } of pagesOf(host, which, doing, () => undefined)) {
    numbers.push(page.page);
    doing.step(numbers.length, total);
  }
  return numbers;
}

/**
 * Does something in requests that are not too large.
 *
 * @template T
 * @param {readonly T[]} all
 * @param {import('../lib/work.js').Doing} doing
 * @param {(some: readonly T[]) => Promise<unknown>} act
 */
export async function inParts(all, { signal, step }, act) {
  for (let i = 0; i < all.length && !signal.aborted; i += LIMITS.jobNumbers) {
    await act(all.slice(i, i + LIMITS.jobNumbers));
    step(Math.min(all.length, i + LIMITS.jobNumbers), all.length);
  }
}
