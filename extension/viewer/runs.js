/** The text of a saved page as one reads it: line by line. */
import { bodyOf, has, insides, isElement, isHtml, isText, lastChildOf, nameOf } from './nodes.js';
import { previousOf } from './nodes.js';

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

/** Stands behind an element that is a block of its own. */
const END = document.createComment('');

/**
 * Texts that stand in one line, one after the other.
 *
 * @param {Document} page - parsed, or one that a frame shows
 * @returns {Text[][]}
 */
export function runsOf(page) {
  const runs = /** @type {Text[][]} */ ([]);
  /** @type {Text[]} */
  let run = [];
  const cut = () => {
    if (run.length) {
      runs.push(run);
      run = [];
    }
  };
  const body = bodyOf(page);
  /** @type {Node[]} */
  const waiting = body ? [body] : [];
  while (waiting.length) {
    const node = /** @type {Node} */ (waiting.pop());
    if (isText(node)) {
      run.push(node);
    } else if (isOpen(node)) {
      if (!INLINE.has(nameOf(node))) {
        cut();
        waiting.push(END);
      }
      for (const place of insides(node).reverse()) {
        for (let child = lastChildOf(place); child; child = previousOf(child)) {
          waiting.push(child);
        }
      }
    } else if (node === END || isElement(node)) {
      cut();
    }
  }
  cut();
  return runs;
}

/**
 * @param {Node} node
 * @returns {node is HTMLElement}
 */
function isOpen(node) {
  if (!isHtml(node)) {
    return false;
  }
  const name = nameOf(node);
  const isShadow = name === 'template' && has(node, 'shadowrootmode');
  return isShadow || (!CLOSED.has(name) && !has(node, 'hidden'));
}
