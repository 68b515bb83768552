/** The badge on the toolbar button: how a save goes when no popup is open. */
import { api } from '../lib/api.js';

/** How long the badge of a finished save stays. */
const SHOWN_MS = 5000;

const BUSY = '#0f6e68';
const GOOD = '#15803d';
const PART = '#b45309';
const BAD = '#b42318';

/**
 * @param {number | undefined} tabId
 * @param {import('../lib/saves.js').Progress} progress
 */
export function showProgress(tabId, { done = 0, total = 0 }) {
  set(tabId, total > 0 ? `${Math.floor((100 * done) / total)}%` : '…', BUSY);
}

/**
 * @param {number | undefined} tabId
 * @param {boolean} incomplete
 */
export function showDone(tabId, incomplete) {
  set(tabId, '✓', incomplete ? PART : GOOD);
  setTimeout(() => set(tabId, '', GOOD), SHOWN_MS);
}

/**
 * The mark stays until the popup is opened, which says what went wrong.
 *
 * @param {number | undefined} tabId
 * @param {boolean} cancelled
 */
export function showFailed(tabId, cancelled) {
  set(tabId, cancelled ? '' : '!', BAD);
}

/**
 * @param {number | undefined} tabId
 * @param {string} text
 * @param {string} color
 */
function set(tabId, text, color) {
  // A tab that was closed in the meantime has no badge, and that is all there is to it.
  const ignore = () => {};
  api.action.setBadgeText({ tabId, text }).catch(ignore);
  api.action.setBadgeBackgroundColor({ tabId, color }).catch(ignore);
  api.action.setBadgeTextColor({ tabId, color: '#ffffff' }).catch(ignore);
}
