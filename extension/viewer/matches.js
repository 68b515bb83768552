/** Where the words that are looked for stand in a text. */
import { fold, isSpaced } from '../lib/terms.js';

/** @typedef {import('../lib/terms.js').Term} Term */
/** @typedef {{ from: number, to: number }} Match - places in the text, in UTF-16 units */

/** What there is of a text that counts. */
const COUNTS = /[\p{L}\p{N}\p{S}\u3099\u309a]/u;

/** How single UTF-16 units fold; most of any text is found here. @type {(string | undefined)[]} */
const known = [];

/**
 * @param {string} character
 * @returns {string} folded; what counts for nothing is a space
 */
function foldOf(character) {
  const code = character.length === 1 ? character.charCodeAt(0) : -1;
  const before = code < 0 ? undefined : known[code];
  if (before !== undefined) {
    return before;
  }
  const folded = [...fold(character)].map((one) => (COUNTS.test(one) ? one : ' ')).join('');
  if (code >= 0) {
    known[code] = folded;
  }
  return folded;
}

/**
 * A text folded, and for each of its characters where it came from. Runs of what is neither letter,
 * digit nor symbol are one space, as they are between the words of a phrase.
 *
 * @param {string} text
 */
function foldText(text) {
  const folded = /** @type {string[]} */ ([]);
  const from = /** @type {number[]} */ ([]);
  let at = 0;
  let wasGap = false;
  for (const character of text) {
    const units = foldOf(character);
    for (let i = 0; i < units.length; i++) {
      const isGap = units[i] === ' ';
      if (!isGap || !wasGap) {
        folded.push(units[i]);
        from.push(at);
      }
      wasGap = isGap;
    }
    at += character.length;
  }
  from.push(at);
  return { folded: folded.join(''), from };
}

/** @param {string} folded @param {number} at */
function characterBefore(folded, at) {
  const code = folded.charCodeAt(at - 1);
  const isLow = code >= 0xdc00 && code <= 0xdfff;
  return folded.slice(Math.max(0, at - (isLow ? 2 : 1)), at);
}

/**
 * @param {string} folded
 * @param {number} from
 * @param {number} to
 * @param {boolean} prefix
 * @returns {boolean} whether what stands there is whole words, as far as their script has any
 */
function isWhole(folded, from, to, prefix) {
  const first = String.fromCodePoint(folded.codePointAt(from) ?? 0);
  if (isSpaced(first) && isSpaced(characterBefore(folded, from))) {
    return false;
  }
  const next = to < folded.length ? String.fromCodePoint(folded.codePointAt(to) ?? 0) : '';
  if (/[\u3099\u309a]/.test(next)) {
    return false;
  }
  return prefix || !isSpaced(characterBefore(folded, to)) || !isSpaced(next);
}

/**
 * @param {string} text
 * @param {Term[]} terms
 * @returns {Match[]} in their order; where two overlap they are one
 */
export function matchesIn(text, terms) {
  const { folded, from } = foldText(text);
  const found = /** @type {Match[]} */ ([]);
  for (const { prefix, text: wanted } of terms) {
    let at = folded.indexOf(wanted);
    while (at >= 0) {
      const end = at + wanted.length;
      // A ligature is not cut.
      const isCut = from[at] === from[at - 1] || from[end] === from[end - 1];
      if (!isCut && isWhole(folded, at, end, prefix)) {
        found.push({ from: from[at], to: endOf(text, from, end) });
      }
      at = folded.indexOf(wanted, at + 1);
    }
  }
  return joined(found);
}

/**
 * Where the last character of a match ends: marks that fold to nothing belong to it.
 *
 * @param {string} text
 * @param {number[]} from
 * @param {number} end
 */
function endOf(text, from, end) {
  const last = from[end - 1];
  const size = (text.codePointAt(last) ?? 0) > 0xffff ? 2 : 1;
  const marks = /^\p{M}*/u.exec(text.slice(last + size, last + size + 8));
  return Math.min(from[end], last + size + (marks?.[0].length ?? 0));
}

/** @param {Match[]} found */
function joined(found) {
  found.sort((a, b) => a.from - b.from || b.to - a.to);
  const kept = /** @type {Match[]} */ ([]);
  for (const match of found) {
    const last = kept[kept.length - 1];
    if (last && match.from < last.to) {
      last.to = Math.max(last.to, match.to);
    } else {
      kept.push({ ...match });
    }
  }
  return kept;
}
