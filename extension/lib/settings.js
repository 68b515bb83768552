/**
 * What a person chose, kept in storage.local.
 *
 * @typedef {object} Settings
 * @property {boolean} scroll - the page is scrolled once before it is captured, for pictures that
 *   load only when they come into view
 * @property {number} mediaLimit - bytes of one audio or video file; larger ones are left out, 0
 *   leaves all out
 * @property {boolean} fonts - the fonts of a page are kept
 * @property {'auto' | 'light' | 'dark'} theme - `auto`: as the system
 * @property {'auto' | 'en' | 'zh_CN'} language - `auto`: as the browser; else a folder of _locales
 * @property {boolean} notify - the desktop tells when a queue has ended; it takes the permission that
 *   askForNotifications() of lib/sites.js asks for
 * @property {'rows' | 'cards'} view - of the library
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
  fonts: true,
  theme: 'auto',
  language: 'auto',
  notify: false,
  view: 'rows',
  mark: false,
});

/** @type {{ [name in 'theme' | 'language' | 'view']: readonly Settings[name][] }} */
const CHOICES = {
  theme: ['auto', 'light', 'dark'],
  language: ['auto', 'en', 'zh_CN'],
  view: ['rows', 'cards'],
};

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
  /** @type {any} */
  const settings = { ...DEFAULTS };
  for (const [name, usual] of Object.entries(DEFAULTS)) {
    const value = stored?.[name];
    const choices = /** @type {Record<string, readonly unknown[]>} */ (CHOICES)[name];
    if (choices ? choices.includes(value) : typeof value === typeof usual) {
      settings[name] = value;
    }
  }
  const { mediaLimit } = settings;
  if (!Number.isSafeInteger(mediaLimit) || mediaLimit < 0 || mediaLimit > LIMITS.media) {
    settings.mediaLimit = DEFAULTS.mediaLimit;
  }
  return settings;
}
