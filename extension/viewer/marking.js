/**
 * Marks words in a snapshot before it is shown. The frame that shows it can neither run a script nor be
 * reached from here, so the marks are put into its text, each with an id to go to.
 */
import { matchesIn } from './matches.js';
import { documentOf, headOf, make, put } from './nodes.js';
import { runsOf } from './runs.js';

/** @typedef {import('../lib/terms.js').Term} Term */

/** Past this many, marks would cost more than they tell. */
export const MOST = 5000;

/** Elements of the marks; no page has this prefix by chance. */
const PREFIX = 'linksnap-hit-';

/** @param {number} hit - from 0 */
export function hitId(hit) {
  return `${PREFIX}${hit}`;
}

const STYLE = `
  .${PREFIX}mark { border-radius: 2px !important; background: #ffe066 !important; color: #1a1d1c !important;
    scroll-margin-block: 30vh !important; }
  .${PREFIX}mark:target, .${PREFIX}mark:target ~ .${PREFIX}rest { background: #ff9632 !important;
    outline: 2px solid #b34700 !important; }`;

/**
 * @param {Document} parsed - gets the marks
 * @param {Term[]} terms
 * @returns {number} hits
 */
export function markHits(parsed, terms) {
  let hits = 0;
  for (const run of terms.length ? runsOf(parsed) : []) {
    const text = run.map(({ data }) => data).join('');
    const matches = matchesIn(text, terms).slice(0, MOST - hits);
    wrap(run, matches, hits);
    hits += matches.length;
    if (hits >= MOST) {
      break;
    }
  }
  if (hits) {
    addStyle(parsed, STYLE);
  }
  return hits;
}

/**
 * @param {Document} parsed
 * @param {string} css
 */
export function addStyle(parsed, css) {
  const head = headOf(parsed);
  if (head) {
    const style = make(parsed, 'style');
    style.textContent = css;
    put(head, style);
  }
}

/**
 * @param {Text[]} run
 * @param {import('./matches.js').Match[]} matches - in what it says
 * @param {number} first - number of the first hit
 */
function wrap(run, matches, first) {
  let start = 0;
  let next = 0;
  for (const node of run) {
    const end = start + node.length;
    /** @type {(string | Element)[]} */
    const pieces = [];
    let at = start;
    while (next < matches.length && matches[next].from < end) {
      const { from, to } = matches[next];
      const inside = { from: Math.max(from, start), to: Math.min(to, end) };
      pieces.push(node.data.slice(at - start, inside.from - start));
      const text = node.data.slice(inside.from - start, inside.to - start);
      if (text) {
        pieces.push(markOf(node, text, first + next, inside.from === from));
      }
      at = inside.to;
      if (to > end) {
        break;
      }
      next++;
    }
    if (pieces.length) {
      node.replaceWith(...pieces.filter(Boolean), node.data.slice(at - start));
    }
    start = end;
  }
}

/**
 * @param {Text} of
 * @param {string} text
 * @param {number} hit
 * @param {boolean} isFirst - of the pieces of the hit
 */
function markOf(of, text, hit, isFirst) {
  const mark = make(/** @type {Document} */ (documentOf(of)), 'mark');
  mark.className = isFirst ? `${PREFIX}mark` : `${PREFIX}mark ${PREFIX}rest`;
  if (isFirst) {
    mark.id = hitId(hit);
  }
  mark.textContent = text;
  return mark;
}
