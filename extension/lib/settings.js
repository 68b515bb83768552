/**
 * What a person chose, kept in storage.local.
 *
 * @typedef {object} Settings
 * @property {boolean} scroll - the page is scrolled once before it is captured, for pictures that
 *   load only when they come into view
 * @property {number} mediaLimit - bytes of one audio or video file; larger ones are left out, 0
 *   leaves all out
 * @property {boolean} mark - the toolbar button shows whether the page in the tab is saved; it takes
 *   the permission that askForTabs() of lib/sites.js asks for
 */
import { api } from './api.js';
import { LIMITS } from './protocol.js';

const KEY = 'settings';

/** @type {Readonly<Settings>} */
export const DEFAULTS = Object.freeze({
  scroll: true,
  mediaLimit: 50 * 1024 * 1024,
  mark: false,
});

/** @returns {Promise<Settings>} */
export async function readSettings() {
  const { [KEY]: stored } = await api.storage.local.get(KEY);
  return checked(stored);
}

/** @param {Partial<Settings>} changes */
export async function changeSettings(changes) {
  await api.storage.local.set({ [KEY]: checked({ ...(await readSettings()), ...changes }) });
}

/**
 * Calls back when they were changed, here or in another tab.
 *
 * @param {(settings: Settings) => void} listener
 */
export function watchSettings(listener) {
  api.storage.onChanged.addListener((changes, area) => {
    if (area === 'local' && Object.hasOwn(changes, KEY)) {
      listener(checked(changes[KEY].newValue));
    }
  });
}

/**
 * What is stored may be of another version, or of another hand: each value that cannot be one is the
 * one that a new profile has.
 *
 * @param {any} stored
 * @returns {Settings}
 */
function checked(stored) {
  const { scroll, mediaLimit, mark } = stored ?? {};
  const isLimit = Number.isSafeInteger(mediaLimit) && mediaLimit >= 0 && mediaLimit <= LIMITS.media;
  return {
    scroll: typeof scroll === 'boolean' ? scroll : DEFAULTS.scroll,
    mediaLimit: isLimit ? mediaLimit : DEFAULTS.mediaLimit,
    mark: typeof mark === 'boolean' ? mark : DEFAULTS.mark,
  };
}
