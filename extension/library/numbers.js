/** Pages by their numbers, for what takes no query. */
import { LIMITS } from '../lib/protocol.js';

/** @typedef {import('../lib/host.js').Host} Host */

/**
 * @param {Host} host
 * @param {string} query
 * @returns {Promise<number[]>} of all pages that it finds
 */
export async function numbersOf(host, query) {
  const pages = /** @type {number[]} */ ([]);
  let cursor = '';
  do {
    const params = { query, sort: 'newest', limit: LIMITS.results, cursor };
    const found = await host.request('pages.search', params);
    pages.push(...found.pages.map((/** @type {{ page: number }} */ { page }) => page));
    ({ cursor } = found);
  } while (cursor);
  return pages;
}

/**
 * Has links visited.
 *
 * @param {Host} host
 * @param {number[]} pages
 * @returns {Promise<number>} how many will be
 */
export async function sendChecks(host, pages) {
  let added = 0;
  for (let i = 0; i < pages.length; i += LIMITS.jobNumbers) {
    const some = pages.slice(i, i + LIMITS.jobNumbers);
    const answer = await host.request('queue.check', { pages: some });
    added += answer.added;
  }
  return added;
}
