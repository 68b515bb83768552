/** Addresses that a person types. */
import { LIMITS } from './protocol.js';
import { clip } from './text.js';

/** A name with a dot in it and letters at its end, or an address of numbers, and what may follow. */
const BARE =
  /^(?:[^\s/:?#@\\]+\.(?:\p{L}[\p{L}\p{N}-]+)|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\]|localhost)\.?(?::\d+)?(?:[/?#]\S*)?$/iu;

/**
 * The address that a text is, whole.
 *
 * @param {string} text
 * @returns {string} '' when it is none; with a scheme, the secure one where none was typed
 */
export function addressIn(text) {
  const typed = text.trim();
  const hasScheme = /^https?:\/\/[^\s/]\S*$/i.test(typed);
  if (!hasScheme && !BARE.test(typed)) {
    return '';
  }
  try {
    const { href } = new URL(hasScheme ? typed : `https://${typed}`);
    return clip(href, LIMITS.url) === href ? href : '';
  } catch {
    return '';
  }
}
