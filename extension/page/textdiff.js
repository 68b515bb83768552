/**
 * What changed between two texts: paragraphs that are the same, gone, added, or changed, and within
 * changed ones the words. However long the texts are, it takes a few seconds at most: past that, only
 * whole paragraphs are told.
 *
 * @typedef {{ kind: 'same', from: number, to: number, count: number }} SameBlock - line numbers
 * @typedef {{ kind: 'changed', from: number, to: number, parts: import('./worddiff.js').Part[] }}
 *   ChangedBlock
 * @typedef {{ kind: 'gone' | 'added', line: number, text: string }} WholeBlock
 * @typedef {SameBlock | ChangedBlock | WholeBlock} Block
 *
 * @typedef {object} TextDiff
 * @property {Block[]} blocks
 * @property {{ changed: number, gone: number, added: number }} counts - of paragraphs
 * @property {boolean} coarse - of some, only whole paragraphs were compared
 */
import { alignLines } from './align.js';
import { pairLines } from './pairing.js';
import { diffWords, likeness } from './worddiff.js';

/** For the lines, then for the words in them. */
const LINES_MS = 4000;
const WORDS_MS = 6000;

/** Paragraphs that keep less of each other are told as one gone and one added. */
const KEPT = 0.3;

/**
 * @param {string[]} from - lines
 * @param {string[]} to
 * @param {{ linesMs?: number, wordsMs?: number }} [time]
 * @returns {TextDiff}
 */
export function compareTexts(from, to, { linesMs = LINES_MS, wordsMs = WORDS_MS } = {}) {
  const hunks = alignLines(from, to, Date.now() + linesMs);
  const until = Date.now() + wordsMs;
  /** @type {TextDiff} */
  const found = { blocks: [], counts: { changed: 0, gone: 0, added: 0 }, coarse: false };
  for (const { same, from: x, to: y, gone, added } of hunks) {
    if (same) {
      found.blocks.push({ kind: 'same', from: x, to: y, count: gone });
    } else {
      compareHunk(from, to, { x, y, gone, added }, found, until);
    }
  }
  return found;
}

/**
 * @param {string[]} from
 * @param {string[]} to
 * @param {{ x: number, y: number, gone: number, added: number }} hunk
 * @param {TextDiff} found
 * @param {number} until
 */
function compareHunk(from, to, { x, y, gone, added }, found, until) {
  const isLate = Date.now() > until;
  const pairs = isLate ? [] : pairLines(from.slice(x, x + gone), to.slice(y, y + added), until);
  found.coarse ||= isLate && gone > 0 && added > 0;
  let [i, j] = [0, 0];
  const whole = (/** @type {number} */ endI, /** @type {number} */ endJ) => {
    for (; i < endI; i++) {
      found.blocks.push({ kind: 'gone', line: x + i, text: from[x + i] });
      found.counts.gone += 1;
    }
    for (; j < endJ; j++) {
      found.blocks.push({ kind: 'added', line: y + j, text: to[y + j] });
      found.counts.added += 1;
    }
  };
  for (const [a, b] of pairs) {
    whole(a, b);
    const parts = Date.now() > until ? null : diffWords(from[x + a], to[y + b]);
    found.coarse ||= parts === null;
    if (parts && likeness(parts) >= KEPT) {
      found.blocks.push({ kind: 'changed', from: x + a, to: y + b, parts });
      found.counts.changed += 1;
      [i, j] = [a + 1, b + 1];
    } else {
      whole(a + 1, b + 1);
    }
  }
  whole(gone, added);
}
