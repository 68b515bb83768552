/**
 * Draws highlights into a document: into one that is shown afterwards, or into one that the pen's frame
 * shows. Only text is wrapped, so that the tree is the same when it is read again.
 */
import { COLOURS, groundOf } from '../lib/inks.js';
import { addStyle } from './marking.js';
import { all, documentOf, make } from './nodes.js';

/** @typedef {import('../lib/inks.js').Highlight} Highlight */
/** @typedef {Pick<Highlight, 'highlight' | 'colour' | 'note'> & import('./passages.js').Place} Inked */

const PREFIX = 'linksnap-ink';

/** What lies over more than these is not drawn. */
const MOST_OVER = 8;

/** @param {number} highlight */
export function inkId(highlight) {
  return `${PREFIX}-${highlight}`;
}

/** On a page of whatever colours, so it brings both of its own. */
const STYLE = `
  .${PREFIX} { padding: 0 !important; border-radius: 2px !important; color: #1a1d1c !important;
    scroll-margin-block: 30vh !important; -webkit-box-decoration-break: clone; box-decoration-break: clone;
    -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .${PREFIX}[data-note='yes'] { text-decoration: underline dotted 2px #1a1d1c99 !important; }
  .${PREFIX}:target { outline: 2px solid #b34700 !important; outline-offset: 2px !important; }
  ${COLOURS.map((colour) => `.${PREFIX}[data-ink='${colour}'] { background: ${groundOf(colour)} !important; }`).join('\n')}`;

/**
 * @param {import('./passages.js').Passages} passages - not valid afterwards: nodes are cut
 * @param {Inked[]} list
 */
export function draw(passages, list) {
  const sorted = [...list].sort((a, b) => a.from - b.from || b.to - a.to);
  const begun = new Set();
  let next = 0;
  /** @type {Inked[]} */
  let active = [];
  for (const { node, from } of passages.nodes) {
    const end = from + node.length;
    active = active.filter(({ to }) => to > from);
    while (next < sorted.length && sorted[next].from < end) {
      const one = sorted[next++];
      if (active.filter(({ to }) => to > one.from).length < MOST_OVER) {
        active.push(one);
      }
    }
    active = active.filter(({ to }) => to > from);
    if (active.length) {
      cut(node, from, active, begun);
    }
  }
}

/**
 * @param {Text} node
 * @param {number} start - of the node
 * @param {Inked[]} active
 * @param {Set<number>} begun - those that have a piece already
 */
function cut(node, start, active, begun) {
  const end = start + node.length;
  const cuts = new Set([start, end]);
  for (const { from, to } of active) {
    cuts.add(Math.max(from, start));
    cuts.add(Math.min(to, end));
  }
  const edges = [...cuts].sort((a, b) => a - b);
  const of = /** @type {Document} */ (documentOf(node));
  const pieces = edges.slice(1).map((edge, i) => {
    const from = edges[i];
    const text = node.data.slice(from - start, edge - start);
    const over = active.filter((one) => one.from <= from && one.to >= edge);
    // Between two blocks there may be no element, as between the rows of a table.
    return over.length && /\S/.test(text) ? wrapped(of, text, over, begun) : text;
  });
  if (pieces.some((piece) => typeof piece !== 'string')) {
    node.replaceWith(...pieces);
  }
}

/**
 * @param {Document} of
 * @param {string} text
 * @param {Inked[]} over - from the outermost
 * @param {Set<number>} begun
 * @returns {HTMLElement}
 */
function wrapped(of, text, over, begun) {
  let inner = /** @type {string | HTMLElement} */ (text);
  for (const one of [...over].reverse()) {
    const mark = make(of, 'mark');
    mark.className = PREFIX;
    mark.dataset.highlight = String(one.highlight);
    dress(mark, one);
    if (!begun.has(one.highlight)) {
      begun.add(one.highlight);
      mark.id = inkId(one.highlight);
    }
    mark.append(inner);
    inner = mark;
  }
  return /** @type {HTMLElement} */ (inner);
}

/**
 * @param {HTMLElement} mark
 * @param {Pick<Highlight, 'colour' | 'note'>} of
 */
function dress(mark, { colour, note }) {
  mark.dataset.ink = colour;
  mark.dataset.note = note ? 'yes' : 'no';
  mark.title = note;
}

/** @param {Document} page */
export function addInkStyle(page) {
  addStyle(page, STYLE);
}

/**
 * @param {Document} page
 * @param {number} highlight
 * @returns {HTMLElement[]}
 */
export function piecesOf(page, highlight) {
  const found = all(page, `mark.${PREFIX}[data-highlight="${highlight}"]`);
  return /** @type {HTMLElement[]} */ (found);
}

/** @param {Document} page @param {Highlight} highlight */
export function redraw(page, highlight) {
  piecesOf(page, highlight.highlight).forEach((mark) => dress(mark, highlight));
}

/** @param {Document} page @param {number} highlight */
export function erase(page, highlight) {
  piecesOf(page, highlight).forEach((mark) => mark.replaceWith(...mark.childNodes));
}

/**
 * @param {Element} element - of a page that is shown
 * @returns {number | null} the highlight that it stands in
 */
export function highlightAt(element) {
  const mark = Element.prototype.closest.call(element, `mark.${PREFIX}`);
  return mark ? Number(mark.getAttribute('data-highlight')) : null;
}
