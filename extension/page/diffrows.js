/**
 * Paragraphs of a comparison as rows. What has gone is struck through, what was added is underlined,
 * each row has a sign, and a screen reader is told in words: colour alone says nothing.
 */
import { el } from '../lib/dom.js';
import { t } from '../lib/i18n.js';

/** @typedef {import('./worddiff.js').Part} Part */

/**
 * @param {Part[]} parts
 * @returns {HTMLElement}
 */
export function changedRow(parts) {
  return row('changed', '±', parts);
}

/** @param {string} text */
export const goneRow = (text) => row('gone', '−', [['gone', text]]);

/** @param {string} text */
export const addedRow = (text) => row('added', '+', [['added', text]]);

/** @param {string} text */
export const sameRow = (text) => row('same', '', [['same', text]]);

/**
 * One text above the other's place: the old version, the new one, and both in one line, of which the
 * style sheet shows what is asked for.
 *
 * @param {string} kind
 * @param {string} sign
 * @param {Part[]} parts
 */
function row(kind, sign, parts) {
  const isSame = kind === 'same';
  const mark = el('span', { class: 'diff-sign', 'aria-hidden': 'true' }, sign);
  const one = el('p', { class: 'diff-one', dir: 'auto' }, ...parts.map(drawn));
  const sides = (/** @type {string} */ name, /** @type {string} */ without) =>
    el(
      'p',
      { class: `diff-side ${name}`, dir: 'auto' },
      ...parts.filter(([op]) => op !== without).map(drawn),
    );
  const halves = [sides('old', 'added'), sides('new', 'gone')];
  return el(
    'li',
    { class: `diff-row ${kind}`, tabindex: isSame ? null : '-1' },
    mark,
    one,
    ...halves,
  );
}

/** @param {Part} part */
function drawn([op, text]) {
  if (op === 'same') {
    return text;
  }
  const words = t(op === 'gone' ? 'diffGone' : 'diffAdded');
  const begin = el('span', { class: 'visually-hidden' }, `[${words} `);
  const end = el('span', { class: 'visually-hidden' }, ']');
  return el(op === 'gone' ? 'del' : 'ins', {}, begin, text, end);
}
