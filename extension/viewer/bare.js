/**
 * Texts without their blanks, in which quotes are looked for.
 *
 * @typedef {{ text: string, from: Uint32Array }} Bare - and where each of its units stands in the whole
 */

/** @param {number} unit - white space, or a sign that shows nothing */
export function isBlank(unit) {
  return (
    unit <= 0x20 ||
    unit === 0xa0 ||
    unit === 0xad ||
    unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200f) ||
    (unit >= 0x2028 && unit <= 0x202f) ||
    unit === 0x205f ||
    unit === 0x2060 ||
    unit === 0x3000 ||
    unit === 0xfeff
  );
}

/**
 * @param {string} text
 * @returns {Bare}
 */
export function bareOf(text) {
  const pieces = /** @type {string[]} */ ([]);
  const from = new Uint32Array(text.length);
  let count = 0;
  let begin = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i === text.length || isBlank(text.charCodeAt(i))) {
      if (begin < i) {
        pieces.push(text.slice(begin, i));
      }
      begin = i + 1;
    } else {
      from[count++] = i;
    }
  }
  return { text: pieces.join(''), from: from.subarray(0, count) };
}
