/** What pages say of themselves, and addresses from stores of anybody, as they may be used here. */

/** Signs that turn the direction of all that follows them. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * @param {string} title - for where no element can isolate it, as in the name of a tab
 * @returns {string}
 */
export function straight(title) {
  return title.replace(TURNS, '');
}

/**
 * @param {string} url
 * @returns {string | null} for an href: null where it leads to no place that a page can have
 */
export function webHref(url) {
  return /^(?:https?|ftp|file):/i.test(url) ? url : null;
}
