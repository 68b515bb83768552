/** Which of the lines that have gone became which of those that were added. */

/** Lines that have less in common are two different ones. */
const ALIKE = 0.35;

/** A line is looked for so far from where it would stand. */
const REACH = 24;

/** More lines than these at one place were not edited, but replaced. */
const MOST = 1500;

/** So much of a line is looked at. */
const SEEN = 400;

/**
 * @param {string[]} gone
 * @param {string[]} added
 * @param {number} until - a time; past it no more are paired
 * @returns {[number, number][]} in their order
 */
export function pairLines(gone, added, until) {
  const [rows, columns] = [gone.length, added.length];
  if (rows === 0 || columns === 0 || rows + columns > MOST) {
    return [];
  }
  const [left, right] = [gone.map(pairsOf), added.map(pairsOf)];
  const width = columns + 1;
  // The best sum of likenesses from each place on.
  const best = new Float32Array((rows + 1) * width);
  const own = new Float32Array(rows * columns);
  for (let i = rows - 1; i >= 0; i--) {
    const middle = rows > 1 ? Math.round((i * (columns - 1)) / (rows - 1)) : 0;
    const isLate = Date.now() > until;
    for (let j = columns - 1; j >= 0; j--) {
      const isNear = rows * columns <= 4000 || Math.abs(j - middle) <= REACH;
      const like = isNear && !isLate ? alike(left[i], right[j]) : 0;
      own[i * columns + j] = like >= ALIKE ? like : 0;
      best[i * width + j] = Math.max(
        best[(i + 1) * width + j],
        best[i * width + j + 1],
        like >= ALIKE ? like + best[(i + 1) * width + j + 1] : 0,
      );
    }
  }
  const pairs = /** @type {[number, number][]} */ ([]);
  for (let i = 0, j = 0; i < rows && j < columns;) {
    const here = best[i * width + j];
    const like = own[i * columns + j];
    if (like > 0 && Math.abs(here - like - best[(i + 1) * width + j + 1]) < 1e-4) {
      pairs.push([i++, j++]);
    } else if (here === best[(i + 1) * width + j]) {
      i++;
    } else {
      j++;
    }
  }
  return pairs;
}

/**
 * @typedef {{ counts: Map<string, number>, size: number }} Pairs - of characters that stand beside
 *   each other
 */

/** @param {string} line @returns {Pairs} */
function pairsOf(line) {
  const text = line.slice(0, SEEN).toLowerCase().replace(/\s+/g, ' ');
  const counts = new Map();
  for (let i = 0; i + 1 < text.length; i++) {
    const pair = text.slice(i, i + 2);
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return { counts, size: Math.max(0, text.length - 1) };
}

/**
 * Of 1, by the pairs of characters that both have (Dice).
 *
 * @param {Pairs} a
 * @param {Pairs} b
 */
function alike(a, b) {
  const all = a.size + b.size;
  if (all === 0 || (2 * Math.min(a.size, b.size)) / all < ALIKE) {
    return 0;
  }
  const [few, many] = a.counts.size < b.counts.size ? [a.counts, b.counts] : [b.counts, a.counts];
  let shared = 0;
  for (const [pair, count] of few) {
    shared += Math.min(count, many.get(pair) ?? 0);
  }
  return (2 * shared) / all;
}
