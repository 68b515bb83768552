/**
 * Which lines of two texts are the same, in their order. Lines that both have exactly once are found
 * first and hold the rest in its place (patience diff); between them the shortest way is sought, as
 * long as it is short.
 *
 * @typedef {object} Hunk
 * @property {boolean} same
 * @property {number} from - its first line in the one text
 * @property {number} to - and in the other
 * @property {number} gone - lines of the one; as many as `added` where they are the same
 * @property {number} added - lines of the other
 */
import { diffArrays } from '../vendor/diff/array.js';

/** Lines that may differ between two that are held. */
const EDITS = 1500;

const TIME_MS = 500;

/**
 * @param {string[]} from
 * @param {string[]} to
 * @param {number} until - a time; what is not found until then counts as changed
 * @returns {Hunk[]}
 */
export function alignLines(from, to, until) {
  const numbers = new Map();
  const numberOf = (/** @type {string} */ line) => {
    const known = numbers.get(line) ?? numbers.size;
    numbers.set(line, known);
    return known;
  };
  const [a, b] = [from.map(numberOf), to.map(numberOf)];
  const hunks = new Hunks();
  for (const [x, y] of [...anchors(a, b, numbers.size), [a.length, b.length]]) {
    between(a, b, x, y, hunks, until);
    hunks.add(true, Number(x < a.length), Number(x < a.length));
  }
  return hunks.list;
}

/**
 * What lies before the next pair that is held.
 *
 * @param {number[]} a
 * @param {number[]} b
 * @param {number} x - where it ends
 * @param {number} y
 * @param {Hunks} hunks
 * @param {number} until
 */
function between(a, b, x, y, hunks, until) {
  let head = 0;
  while (
    hunks.from + head < x &&
    hunks.to + head < y &&
    a[hunks.from + head] === b[hunks.to + head]
  ) {
    head += 1;
  }
  hunks.add(true, head, head);
  let tail = 0;
  while (x - tail > hunks.from && y - tail > hunks.to && a[x - tail - 1] === b[y - tail - 1]) {
    tail += 1;
  }
  const [gone, added] = [a.slice(hunks.from, x - tail), b.slice(hunks.to, y - tail)];
  const timeout = Math.min(TIME_MS, until - Date.now());
  const found =
    gone.length && added.length && timeout > 0
      ? diffArrays(gone, added, { maxEditLength: EDITS, timeout })
      : null;
  if (found) {
    for (const { added: isAdded, removed, count } of found) {
      hunks.add(!isAdded && !removed, isAdded ? 0 : count, removed ? 0 : count);
    }
  } else {
    hunks.add(false, gone.length, added.length);
  }
  hunks.add(true, tail, tail);
}

/**
 * The longest row of lines, in their order, of which both texts have each exactly once.
 *
 * @param {number[]} a
 * @param {number[]} b
 * @param {number} count - of different lines
 * @returns {[number, number][]}
 */
function anchors(a, b, count) {
  const [inA, inB] = [onlyPlaces(a, count), onlyPlaces(b, count)];
  /** The lowest end of a row of each length, and before each pair the one that it goes on from. */
  const ends = /** @type {number[]} */ ([]);
  const before = new Int32Array(a.length).fill(-1);
  for (let x = 0; x < a.length; x++) {
    const y = inA[a[x]] === x ? inB[a[x]] : -1;
    if (y < 0) {
      continue;
    }
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      [low, high] = inB[a[ends[middle]]] < y ? [middle + 1, high] : [low, middle];
    }
    before[x] = low > 0 ? ends[low - 1] : -1;
    ends[low] = x;
  }
  const pairs = /** @type {[number, number][]} */ ([]);
  for (let x = ends.at(-1) ?? -1; x >= 0; x = before[x]) {
    pairs.push([x, inB[a[x]]]);
  }
  return pairs.reverse();
}

/**
 * @param {number[]} lines
 * @param {number} count
 * @returns {Int32Array} of each line its place, negative where it has none or more
 */
function onlyPlaces(lines, count) {
  const places = new Int32Array(count).fill(-1);
  lines.forEach((line, i) => {
    places[line] = places[line] === -1 ? i : -2;
  });
  return places;
}

/** Hunks as they are found, those of one kind joined. */
class Hunks {
  /** @type {Hunk[]} */
  list = [];
  from = 0;
  to = 0;

  /**
   * @param {boolean} same
   * @param {number} gone
   * @param {number} added
   */
  add(same, gone, added) {
    if (gone + added === 0) {
      return;
    }
    const last = this.list.at(-1);
    if (last && last.same === same) {
      last.gone += gone;
      last.added += added;
    } else {
      this.list.push({ same, from: this.from, to: this.to, gone, added });
    }
    this.from += gone;
    this.to += added;
  }
}
