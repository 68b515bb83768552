/** Text that goes to the host: well-formed and within the protocol's ceilings. */
import { LIMITS } from './protocol.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The text with lone surrogates and NULs replaced, cut to at most so many bytes of UTF-8 between two
 * characters.
 *
 * @param {string} text
 * @param {number} limit
 * @returns {string}
 */
export function clip(text, limit) {
  // No message may hold a NUL, and nothing that a person means does.
  const all = encoder.encode(text.replaceAll('\0', ' '));
  let end = Math.min(all.length, limit);
  // 10xxxxxx continues a character.
  while (end > 0 && end < all.length && (all[end] & 0xc0) === 0x80) {
    end--;
  }
  return decoder.decode(all.subarray(0, end));
}

/**
 * A tag as it is kept: no `#` in front, single spaces, composed characters, at most the ceiling.
 *
 * @param {string} text
 * @returns {string} empty when nothing is left
 */
export function cleanTag(text) {
  const tag = clip(text, LIMITS.frame)
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Z}\s]+/gu, ' ')
    .replace(/^[\s#＃]+|\s+$/g, '');
  return [...tag].slice(0, LIMITS.tag).join('').trimEnd();
}

/**
 * Adds tags to a list, leaving out those that are there in whatever case, up to the ceiling.
 *
 * @param {readonly string[]} tags
 * @param {readonly string[]} more
 * @returns {string[]}
 */
export function joinTags(tags, more) {
  const joined = [...tags];
  const seen = new Set(tags.map(foldTag));
  for (const tag of more.map(cleanTag)) {
    if (tag && !seen.has(foldTag(tag)) && joined.length < LIMITS.tags) {
      seen.add(foldTag(tag));
      joined.push(tag);
    }
  }
  return joined;
}

/**
 * Whether two pages have the same tags. The host keeps them in an order of its own.
 *
 * @param {readonly string[]} some
 * @param {readonly string[]} others
 * @returns {boolean}
 */
export function sameTags(some, others) {
  return [...some].sort().join('\n') === [...others].sort().join('\n');
}

/**
 * Splits what is being typed at the separators of both scripts. What follows the last one is not
 * finished yet.
 *
 * @param {string} text
 * @returns {{ done: string[], rest: string }}
 */
export function splitTags(text) {
  const parts = text.split(/[,，、;；\n\r\t]/);
  const rest = parts.pop() ?? '';
  return { done: parts, rest };
}

/**
 * What tags that are the same have in common.
 *
 * @param {string} tag
 */
export function foldTag(tag) {
  return tag.normalize('NFKC').toLowerCase();
}

/**
 * A tag as a search term.
 *
 * @param {string} tag
 * @returns {string}
 */
export function tagTerm(tag) {
  if (/^[\p{L}\p{N}_/.-]+$/u.test(tag)) {
    return `tag:${tag}`;
  }
  // The marks of one family close each other; the first family that the name does not use.
  const [open, close] = QUOTES.find(([, , family]) => !family.test(tag)) ?? QUOTES[0];
  return `tag:${open}${tag.replaceAll(close, '')}${close}`;
}

/** Quotation marks of searches. @type {[string, string, RegExp][]} */
const QUOTES = [
  ['"', '"', /["“”„＂]/],
  ['「', '」', /」/],
  ['『', '』', /』/],
];

/**
 * Adds a term to a query, or takes it out where it is there.
 *
 * @param {string} query
 * @param {string} term
 * @returns {string}
 */
export function toggleTerm(query, term) {
  if (!hasTerm(query, term)) {
    const closed = query.trim() + ((query.match(/["“”„＂]/g) ?? []).length % 2 ? '"' : '');
    return `${holdsOr(closed) ? `(${closed})` : closed} ${term}`.trim();
  }
  const rest = ` ${query} `.split(` ${term} `).join(' ');
  return rest.trim().replace(/\s+/g, ' ');
}

/**
 * Whether a query is one of alternatives, which binds looser than a term beside it.
 *
 * @param {string} query
 */
function holdsOr(query) {
  let depth = 0;
  for (const [token] of query.matchAll(/["“”„＂][^"“”„＂]*["“”„＂]|[()（）]|[^\s()（）"“”„＂]+/g)) {
    if (/^[(（]$/.test(token)) {
      depth += 1;
    } else if (/^[)）]$/.test(token)) {
      depth -= 1;
    } else if (depth <= 0 && /^(OR|\|\|?)$/.test(token.normalize('NFKC'))) {
      return true;
    }
  }
  return false;
}

/**
 * @param {string} query
 * @param {string} term
 * @returns {boolean}
 */
export function hasTerm(query, term) {
  return ` ${query.replace(/\s+/g, ' ')} `.includes(` ${term} `);
}
