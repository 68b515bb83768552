/**
 * Fonts that a page names and does without.
 *
 * @typedef {object} Usage - of one document: faces as host/PROTOCOL.md names them
 * @property {string[]} used
 * @property {string[]} unused
 */
import { LIMITS } from '../lib/protocol.js';
import { clip } from '../lib/text.js';

/**
 * @param {Usage[]} documents
 * @returns {string[]} faces that no document has text for
 */
export function unusedFonts(documents) {
  const used = new Set(documents.flatMap((usage) => usage.used));
  const unused = new Set(documents.flatMap((usage) => usage.unused));
  return [...unused]
    .filter((key) => !used.has(key) && clip(key, LIMITS.fontName) === key)
    .slice(0, LIMITS.fonts);
}
