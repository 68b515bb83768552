/** The one permission that a person may add: to read every site, not only the page that is saved. */
import { api } from './api.js';

const ALL = { origins: ['*://*/*'] };

/** @returns {Promise<boolean>} */
export function mayReadAllSites() {
  return api.permissions.contains(ALL);
}

/**
 * Asks the person. To be called at once when a button is clicked: browsers ask at no other time.
 *
 * @returns {Promise<boolean>} whether it may
 */
export function askForAllSites() {
  return api.permissions.request(ALL);
}

/** Gives back the permission for every site that there is one for. */
export async function giveUpAllSites() {
  const { origins = [] } = await api.permissions.getAll();
  await api.permissions.remove({ origins });
}

/**
 * Calls back when permissions have changed, here or in the browser's own settings.
 *
 * @param {() => void} listener
 */
export function watchSites(listener) {
  api.permissions.onAdded.addListener(listener);
  api.permissions.onRemoved.addListener(listener);
}
