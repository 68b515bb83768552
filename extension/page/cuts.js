/** Texts cut into what can be compared: paragraphs, and the words of a paragraph. */

/** A longer line is cut into sentences: cutting words takes more than its share of time with the length. */
const LONG = 1500;

/** What ends a sentence, with the marks that close behind it. */
const END = /(?:[。！？!?…；;]+|\.(?=[”’」』）)\]"']*(?:\s|$)))[”’」』）)\]"']*\s*/gu;

const HAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

const segmenters = new Map(
  ['zh', 'en'].map((locale) => [locale, new Intl.Segmenter(locale, { granularity: 'word' })]),
);

/**
 * Words, marks and spaces, which together are the text again.
 *
 * @param {string} text
 * @returns {string[]}
 */
export function cutWords(text) {
  const segmenter = segmenters.get(HAN.test(text) ? 'zh' : 'en');
  return Array.from(segmenter?.segment(text) ?? [], ({ segment }) => segment);
}

/**
 * The paragraphs of a text, without empty ones and without the space around them.
 *
 * @param {string} text
 * @returns {string[]} none longer than LONG
 */
export function cutLines(text) {
  const lines = [];
  for (const line of text.split('\n')) {
    const words = line.trim();
    if (words.length > LONG) {
      for (const part of cutLong(words)) {
        lines.push(part);
      }
    } else if (words) {
      lines.push(words);
    }
  }
  return lines;
}

/**
 * @param {string} line
 * @returns {string[]} its sentences
 */
function cutLong(line) {
  const parts = [];
  let at = 0;
  for (const { 0: end, index } of line.matchAll(END)) {
    parts.push(line.slice(at, index + end.length));
    at = index + end.length;
  }
  parts.push(line.slice(at));
  return parts.flatMap(cutHard).filter(Boolean);
}

/** What has no sentences is cut anywhere, but not within a character. @param {string} part */
function cutHard(part) {
  const pieces = [];
  for (let at = 0; at < part.length;) {
    let end = Math.min(part.length, at + LONG);
    if (end < part.length && /[\uDC00-\uDFFF]/.test(part[end])) {
      end -= 1;
    }
    pieces.push(part.slice(at, end).trim());
    at = end;
  }
  return pieces;
}

/**
 * Whether a text is only space and marks.
 *
 * @param {string} text
 */
export const isMarks = (text) => !/[\p{L}\p{N}]/u.test(text);
