/**
 * Marks words in a snapshot before it is shown. The frame that shows it can neither run a script nor be
 * reached from here, so the marks are put into its text, each with an id to go to.
 */
import { matchesIn } from './matches.js';

/** @typedef {import('../lib/terms.js').Term} Term */

/** Past this many, marks would cost more than they tell. */
export const MOST = 5000;

/** What is in these is no text that is read, or cannot hold a mark. */
const CLOSED = new Set(
  'script style title textarea select option noscript iframe object embed canvas audio video template head'.split(
    ' ',
  ),
);

/** What runs on within a line: a word may begin before one of these and end in it. */
const INLINE = new Set(
  `a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small
   span strike strong sub sup time tt u var wbr`.split(/\s+/),
);

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
 * @param {string} html
 * @param {Term[]} terms
 * @returns {{ html: string, hits: number }} where nothing is found the text is as it was
 */
export function markHtml(html, terms) {
  if (terms.length === 0) {
    return { html, hits: 0 };
  }
  // In a document of this kind nothing runs and nothing is fetched.
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const hits = markIn(parsed, terms);
  if (hits === 0) {
    return { html, hits };
  }
  const style = parsed.createElement('style');
  style.textContent = STYLE;
  parsed.head.append(style);
  return { html: written(parsed), hits };
}

/**
 * @param {Document} parsed
 * @param {Term[]} terms
 * @returns {number} hits
 */
function markIn(parsed, terms) {
  let hits = 0;
  for (const run of runsOf(parsed.body)) {
    const text = run.map(({ data }) => data).join('');
    const matches = matchesIn(text, terms).slice(0, MOST - hits);
    wrap(run, matches, hits);
    hits += matches.length;
    if (hits >= MOST) {
      break;
    }
  }
  return hits;
}

/**
 * Texts that stand in one line, one after the other.
 *
 * @param {HTMLElement} body
 * @returns {Text[][]}
 */
function runsOf(body) {
  const runs = /** @type {Text[][]} */ ([]);
  /** @type {Text[]} */
  let run = [];
  const cut = () => {
    if (run.length) {
      runs.push(run);
      run = [];
    }
  };
  /** @type {Node[]} */
  const waiting = [body];
  while (waiting.length) {
    const node = /** @type {Node} */ (waiting.pop());
    if (node.nodeType === Node.TEXT_NODE) {
      run.push(/** @type {Text} */ (node));
    } else if (isOpen(node)) {
      const { localName } = node;
      if (!INLINE.has(localName)) {
        cut();
        waiting.push(END);
      }
      const shadow =
        localName === 'template' ? /** @type {HTMLTemplateElement} */ (node).content : node;
      for (let child = shadow.lastChild; child; child = child.previousSibling) {
        waiting.push(child);
      }
    } else if (node === END || node.nodeType === Node.ELEMENT_NODE) {
      cut();
    }
  }
  cut();
  return runs;
}

/** Stands behind an element that is a block of its own. */
const END = document.createComment('');

/**
 * @param {Node} node
 * @returns {node is HTMLElement}
 */
function isOpen(node) {
  if (!(node instanceof HTMLElement)) {
    return false;
  }
  const isShadow = node.localName === 'template' && node.hasAttribute('shadowrootmode');
  return isShadow || (!CLOSED.has(node.localName) && !node.hidden);
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
        pieces.push(markOf(node.ownerDocument, text, first + next, inside.from === from));
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
 * @param {Document} parsed
 * @param {string} text
 * @param {number} hit
 * @param {boolean} isFirst - of the pieces of the hit
 */
function markOf(parsed, text, hit, isFirst) {
  const mark = parsed.createElement('mark');
  mark.className = isFirst ? `${PREFIX}mark` : `${PREFIX}mark ${PREFIX}rest`;
  if (isFirst) {
    mark.id = hitId(hit);
  }
  mark.textContent = text;
  return mark;
}

/** @param {Document} parsed */
function written({ doctype, documentElement }) {
  const { name = '', publicId = '', systemId = '' } = doctype ?? {};
  const ids = publicId
    ? ` PUBLIC "${publicId}"${systemId ? ` "${systemId}"` : ''}`
    : systemId
      ? ` SYSTEM "${systemId}"`
      : '';
  // eslint-disable-next-line no-restricted-syntax -- read, not set
  return `${doctype ? `<!DOCTYPE ${name}${ids}>` : ''}${documentElement.outerHTML}`;
}
