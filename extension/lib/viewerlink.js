/** Where the viewer shows a snapshot. */
import { termsOf } from './terms.js';

/**
 * @param {number} snapshot
 * @param {string} [query] - that led there: its words are marked
 * @returns {string} a path inside the extension
 */
export function viewerPath(snapshot, query = '') {
  const search = new URLSearchParams({ snapshot: String(snapshot) });
  if (termsOf(query).length) {
    search.set('find', query.trim());
  }
  return `viewer/viewer.html?${search}`;
}
