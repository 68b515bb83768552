/**
 * What a person may allow beyond what comes with the installation: to read every site, not only the
 * page that is saved, to see which page a tab shows, and to show notifications.
 */
import { api } from './api.js';

const ALL = { origins: ['*://*/*'] };

/** @type {{ permissions: chrome.runtime.ManifestPermission[] }} */
const TABS = { permissions: ['tabs'] };

/** @type {{ permissions: chrome.runtime.ManifestPermission[] }} */
const NOTIFICATIONS = { permissions: ['notifications'] };

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

/** @returns {Promise<boolean>} */
export function maySeeTabs() {
  return api.permissions.contains(TABS);
}

/**
 * Asks for what the setting `mark` takes. To be called at once when a button is clicked.
 *
 * @returns {Promise<boolean>} whether it may
 */
export function askForTabs() {
  return api.permissions.request(TABS);
}

/** @returns {Promise<boolean>} whether it was given back */
export function giveUpTabs() {
  return api.permissions.remove(TABS);
}

/** @returns {Promise<boolean>} */
export function mayNotify() {
  return api.permissions.contains(NOTIFICATIONS);
}

/**
 * Asks for what the setting `notify` takes. To be called at once when a button is clicked.
 *
 * @returns {Promise<boolean>} whether it may
 */
export function askForNotifications() {
  return api.permissions.request(NOTIFICATIONS);
}

/** @returns {Promise<boolean>} whether it was given back */
export function giveUpNotifications() {
  return api.permissions.remove(NOTIFICATIONS);
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
