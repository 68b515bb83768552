/**
 * What a person chose, kept in storage.local.
 *
 * @typedef {object} Settings
 * @property {boolean} scroll - the page is scrolled once before it is captured, for pictures that
 *   load only when they come into view
 * @property {number} mediaLimit - bytes of one audio or video file; larger ones are left out, 0
 *   leaves all out
 */
import { api } from './api.js';

const KEY = 'settings';

/** @type {Settings} */
const DEFAULTS = { scroll: true, mediaLimit: 50 * 1024 * 1024 };

/** @returns {Promise<Settings>} */
export async function readSettings() {
  const { [KEY]: chosen } = await api.storage.local.get(KEY);
  return { ...DEFAULTS, ...chosen };
}

/** @param {Partial<Settings>} changes */
export async function changeSettings(changes) {
  await api.storage.local.set({ [KEY]: { ...(await readSettings()), ...changes } });
}
