/**
 * The one module that names the browser's API. Firefox calls it `browser`, Chromium `chrome`; both
 * answer with promises under Manifest V3.
 *
 * @type {typeof chrome}
 */
export const api =
  /** @type {any} */ (globalThis).browser ?? /** @type {any} */ (globalThis).chrome;
