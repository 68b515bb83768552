/**
 * What a page must know before it can ask for it: a copy of some settings in localStorage, which is
 * read at once. The background of Chromium has none, and pages may be kept from it; then nothing is
 * known.
 */

/**
 * @param {string} name
 * @returns {string | null}
 */
export function recall(name) {
  try {
    return globalThis.localStorage?.getItem(name) ?? null;
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {string | null} value - null: nothing
 */
export function keep(name, value) {
  try {
    if (value === null) {
      globalThis.localStorage?.removeItem(name);
    } else {
      globalThis.localStorage?.setItem(name, value);
    }
  } catch {
    // It is only a copy.
  }
}
