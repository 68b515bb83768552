/**
 * Highlights, and their five colours.
 *
 * @typedef {'yellow' | 'green' | 'blue' | 'pink' | 'purple'} Colour
 *
 * @typedef {object} Highlight - what a person marked in a snapshot
 * @property {number} highlight
 * @property {number} page
 * @property {number} snapshot
 * @property {number} version
 * @property {string} title - the page's
 * @property {number} made
 * @property {number} changed
 * @property {string} quote
 * @property {string} prefix - what stands before it
 * @property {string} suffix
 * @property {number} place - of its beginning in the document's text, UTF-16 code units
 * @property {Colour} colour
 * @property {string} note
 */
import { t } from './i18n.js';

/**
 * Each has a contrast of 10 or more with the dark text that stands on it.
 *
 * @type {Readonly<Record<Colour, string>>}
 */
const GROUNDS = Object.freeze({
  yellow: '#ffe27a',
  green: '#b7ecae',
  blue: '#b3dcff',
  pink: '#ffc9de',
  purple: '#dccdff',
});

export const COLOURS = /** @type {readonly Colour[]} */ (Object.keys(GROUNDS));

/** @param {Colour} colour */
export function groundOf(colour) {
  return GROUNDS[known(colour)];
}

/** @param {Colour} colour */
export function inkName(colour) {
  return {
    yellow: () => t('inkYellow'),
    green: () => t('inkGreen'),
    blue: () => t('inkBlue'),
    pink: () => t('inkPink'),
    purple: () => t('inkPurple'),
  }[known(colour)]();
}

/** A store from elsewhere may have others. @param {Colour} colour */
function known(colour) {
  return Object.hasOwn(GROUNDS, colour) ? colour : 'yellow';
}
