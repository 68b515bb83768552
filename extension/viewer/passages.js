/**
 * The text of a document as one string, and the way between places in it and the nodes that hold them.
 * A highlight is kept as what it says and what stands around it, so it is found again in another
 * version of its page, and in the reader view: white space, which changes with the markup, counts for
 * nothing there.
 *
 * @typedef {{ from: number, to: number }} Place - in the text, in UTF-16 units
 * @typedef {Pick<import('../lib/inks.js').Highlight, 'quote' | 'prefix' | 'suffix' | 'place'>} Quoted
 */
import { LIMITS } from '../lib/protocol.js';
import { clip } from '../lib/text.js';
import { bareOf, isBlank } from './bare.js';
import { runsOf } from './runs.js';

/** Between two lines; of the characters that are white space, the one that no page is likely to have. */
const BREAK = '\u2029';

/** How much of the text around a quote is kept, in UTF-16 units. */
const AROUND = 48;

/** Of more equal passages than this, the first ones are compared. */
const MOST_EQUAL = 1000;

/** One line of a text stays one, and so does what divides two. @param {string} text */
function tidy(text) {
  return text.replace(/\s+/g, (gap) => (gap.includes(BREAK) ? '\n' : ' ')).trim();
}

export class Passages {
  /** Text nodes in their order, and where each begins. @type {Text[]} */
  #nodes = [];
  #starts = /** @type {number[]} */ ([]);
  /** @type {Map<Node, number>} */
  #at = new Map();
  #text = '';
  /** @type {import('./bare.js').Bare | null} */
  #bare = null;

  /** @param {Document} page - parsed, or one that a frame shows */
  constructor(page) {
    const pieces = /** @type {string[]} */ ([]);
    let at = 0;
    for (const run of runsOf(page)) {
      for (const node of run) {
        const isCode =
          node.parentElement && Element.prototype.closest.call(node.parentElement, 'pre');
        pieces.push(isCode ? node.data.replaceAll('\n', BREAK) : node.data);
        this.#nodes.push(node);
        this.#starts.push(at);
        this.#at.set(node, at);
        at += node.length;
      }
      pieces.push(BREAK);
      at += 1;
    }
    this.#text = pieces.join('');
  }

  get text() {
    return this.#text;
  }

  /** Each node of it with its place. @returns {{ node: Text, from: number }[]} */
  get nodes() {
    return this.#nodes.map((node, i) => ({ node, from: this.#starts[i] }));
  }

  /**
   * The node that holds a place, or begins after it.
   *
   * @param {number} place
   * @returns {Text | null}
   */
  nodeAt(place) {
    const i = Math.max(0, lowerBound(this.#starts, place + 1) - 1);
    return this.#nodes[i] ?? null;
  }

  /**
   * @param {Place} place
   * @returns {{ first: Text, start: number, last: Text, end: number } | null} its ends as a range has them
   */
  endsOf({ from, to }) {
    const first = this.nodeAt(from);
    const last = this.nodeAt(to - 1);
    if (!first || !last) {
      return null;
    }
    const start = from - (this.#at.get(first) ?? 0);
    return { first, start, last, end: to - (this.#at.get(last) ?? 0) };
  }

  /**
   * The line that holds a place.
   *
   * @param {number} place
   * @returns {Place}
   */
  lineAt(place) {
    const end = this.#text.indexOf(BREAK, place);
    const begin = place > 0 ? this.#text.lastIndexOf(BREAK, place - 1) + 1 : 0;
    return { from: begin, to: end < 0 ? this.#text.length : end };
  }

  /**
   * @param {Range} range
   * @returns {Place | null} null where it holds nothing that is read
   */
  placeOf(range) {
    const { startContainer, startOffset, endContainer, endOffset } = range;
    const isAfter = (/** @type {Text} */ node) => range.comparePoint(node, 0) >= 0;
    const begin = this.#at.get(startContainer);
    const end = this.#at.get(endContainer);
    let from = begin === undefined ? Infinity : begin + startOffset;
    if (begin === undefined) {
      const first = this.#nodes.findIndex((node) => isIn(node, range) && isAfter(node));
      from = this.#starts[first] ?? Infinity;
    }
    let to = end === undefined ? -1 : end + endOffset;
    if (end === undefined) {
      const last = this.#nodes.findLastIndex(
        (node) => isIn(node, range) && range.comparePoint(node, node.length) <= 0,
      );
      to = last < 0 ? -1 : this.#starts[last] + this.#nodes[last].length;
    }
    return this.trimmed({ from, to });
  }

  /**
   * Without the white space around it.
   *
   * @param {Place} place
   * @returns {Place | null}
   */
  trimmed({ from, to }) {
    while (from < to && isBlank(this.#text.charCodeAt(from))) {
      from++;
    }
    while (from < to && isBlank(this.#text.charCodeAt(to - 1))) {
      to--;
    }
    return from < to ? { from, to } : null;
  }

  /**
   * @param {Place} place
   * @returns {Quoted}
   */
  quoteAt({ from, to }) {
    const before = this.#text.slice(Math.max(0, from - AROUND), from);
    const after = this.#text.slice(to, to + AROUND);
    return {
      // A character that was cut in two is none.
      quote: clip(tidy(this.#text.slice(from, to)), LIMITS.frame),
      prefix: clip(tidy(before.replace(/^[\udc00-\udfff]/, '')), LIMITS.around),
      suffix: clip(tidy(after.replace(/[\ud800-\udbff]$/, '')), LIMITS.around),
      place: from,
    };
  }

  /**
   * @param {Quoted} quoted
   * @param {boolean} isSame - it was taken from this very text, so that its place counts
   * @returns {Place | null}
   */
  find({ quote, prefix, suffix, place }, isSame) {
    const { text, from } = this.#bared();
    const wanted = bareOf(quote).text;
    if (wanted === '') {
      return null;
    }
    if (isSame) {
      const at = lowerBound(from, place);
      if (text.startsWith(wanted, at)) {
        return placeIn(from, at, wanted.length);
      }
    }
    const before = bareOf(prefix).text;
    const after = bareOf(suffix).text;
    let best = { at: -1, score: -1, far: 0 };
    for (const at of occurrences(text, wanted)) {
      const end = at + wanted.length;
      const score =
        commonEnd(before, text.slice(Math.max(0, at - AROUND), at)) +
        commonBegin(after, text.slice(end, end + AROUND));
      const far = isSame ? Math.abs(from[at] - place) : 0;
      if (score > best.score || (score === best.score && far < best.far)) {
        best = { at, score, far };
      }
    }
    return best.at < 0 ? null : placeIn(from, best.at, wanted.length);
  }

  /**
   * Every place where a text stands.
   *
   * @param {string} wanted
   * @returns {Place[]}
   */
  every(wanted) {
    const { text, from } = this.#bared();
    const bare = bareOf(wanted).text;
    return bare ? occurrences(text, bare).map((at) => placeIn(from, at, bare.length)) : [];
  }

  #bared() {
    this.#bare ??= bareOf(this.#text);
    return this.#bare;
  }
}

/** In trees that are not one, as with shadows, nothing can be compared. @param {Node} node @param {Range} range */
function isIn(node, range) {
  return node.getRootNode() === range.startContainer.getRootNode();
}

/** @param {Uint32Array} from @param {number} at @param {number} length */
function placeIn(from, at, length) {
  return { from: from[at], to: from[at + length - 1] + 1 };
}

/** @param {string} text @param {string} wanted */
function occurrences(text, wanted) {
  const found = /** @type {number[]} */ ([]);
  let at = text.indexOf(wanted);
  while (at >= 0 && found.length < MOST_EQUAL) {
    found.push(at);
    at = text.indexOf(wanted, at + 1);
  }
  return found;
}

/** The first of ascending numbers that is as great. @param {ArrayLike<number>} list @param {number} value */
function lowerBound(list, value) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** @param {string} one @param {string} other */
function commonBegin(one, other) {
  let count = 0;
  while (count < one.length && one[count] === other[count]) {
    count++;
  }
  return count;
}

/** @param {string} one @param {string} other */
function commonEnd(one, other) {
  let count = 0;
  while (count < one.length && one[one.length - 1 - count] === other[other.length - 1 - count]) {
    count++;
  }
  return count;
}
