/**
 * Compares two texts beside the page, which stays quick meanwhile: it holds the texts, and hands out
 * what is shown. It is asked with `{ id, ask, … }` and answers with `{ id, answer }`.
 *
 * @typedef {object} Overview - the answer to `compare`
 * @property {import('./textdiff.js').TextDiff['counts']} counts
 * @property {boolean} coarse
 * @property {number} blocks - how many there are
 * @property {number} changes - places with changes
 *
 * @typedef {Exclude<import('./textdiff.js').Block, { kind: 'same' }> |
 *   import('./textdiff.js').SameBlock & { lines: string[] }} ShownBlock - of what is the same, the first
 *   and the last line; all of a few
 */
import { cutLines } from './cuts.js';
import { compareTexts } from './textdiff.js';

/** @type {string[]} */
let shown = [];

/** @type {import('./textdiff.js').Block[]} */
let blocks = [];

/** So many lines that are the same are shown, and not folded. */
const FEW = 3;

/**
 * @param {import('./textdiff.js').Block} block
 * @returns {ShownBlock}
 */
function withLines(block) {
  if (block.kind !== 'same') {
    return block;
  }
  const { count, to } = block;
  const lines = count <= FEW ? shown.slice(to, to + count) : [shown[to], shown[to + count - 1]];
  return { ...block, lines };
}

/** @type {Record<string, (asked: any) => unknown>} */
const answers = {
  compare: ({ from, to }) => {
    shown = cutLines(to);
    const { blocks: found, ...overview } = compareTexts(cutLines(from), shown);
    blocks = found;
    const isStart = (
      /** @type {import('./textdiff.js').Block} */ { kind },
      /** @type {number} */ i,
    ) => kind !== 'same' && (i === 0 || blocks[i - 1].kind === 'same');
    return { ...overview, blocks: blocks.length, changes: blocks.filter(isStart).length };
  },
  /** Some blocks, from one on. */
  blocks: ({ at, count }) => blocks.slice(at, at + count).map(withLines),
  /** Lines that are the same in both. */
  lines: ({ at, count }) => shown.slice(at, at + count),
};

addEventListener('message', ({ data: { id, ask, ...asked } }) => {
  postMessage({ id, answer: answers[ask](asked) });
});
