/**
 * The badge on the toolbar button, and the button's title, which says the same in words. A tab's own
 * tells how a save in it goes when no popup is open, or that its page is saved; under it lies the
 * queue's badge, which every tab shows.
 *
 * A tab that was closed in the meantime has no badge, and that is all there is to it.
 */
import { api } from '../lib/api.js';
import { plural, t } from '../lib/i18n.js';
import { faultText } from '../lib/words.js';
import { wordsReady } from './words.js';

/** How long the badge of a finished save stays. */
const SHOWN_MS = 5000;

/** What the width of a badge has room for. */
const MOST = 99;

const BUSY = '#0f6e68';
const GOOD = '#15803d';
const PART = '#b45309';
const BAD = '#b42318';
const QUIET = '#64748b';

const DONE = '✓';
const FAILED = '!';

/** Tabs whose badge belongs to a save of this life of the background, and how many it has. */
const owners = /** @type {Map<number, number>} */ (new Map());

/** @type {(tabId: number) => void} */
let freed = () => {};

/**
 * @param {number | undefined} tabId
 * @param {import('../lib/saves.js').Progress} progress
 */
export function showProgress(tabId, { done = 0, total = 0 }) {
  set(tabId, total > 0 ? `${Math.floor((100 * done) / total)}%` : '…', BUSY, t('badgeBusy'));
}

/**
 * @param {number | undefined} tabId
 * @param {boolean} incomplete
 */
export function showDone(tabId, incomplete) {
  const title = t(incomplete ? 'badgePart' : 'badgeDone');
  showBriefly(tabId, DONE, incomplete ? PART : GOOD, title);
}

/**
 * How many links were taken from a page.
 *
 * @param {number | undefined} tabId
 * @param {number} count
 */
export function showCount(tabId, count) {
  showBriefly(tabId, short(count), count > 0 ? GOOD : QUIET, plural('badgeLinks', count));
}

/**
 * The mark stays until the popup is opened, which says what went wrong.
 *
 * @param {number | undefined} tabId
 * @param {{ name: string, data?: Record<string, unknown> }} error
 */
export function showFailed(tabId, error) {
  set(tabId, FAILED, BAD, t('badgeFailed', faultText(error)));
}

/**
 * The tab has no badge of its own any more.
 *
 * @param {number | undefined} tabId
 */
export function clear(tabId) {
  set(tabId, null, BUSY, t('actionTitle'));
}

/** The title of the button where a tab has none of its own: the manifest speaks only as the browser does. */
export async function showTitle() {
  await wordsReady();
  await api.action.setTitle({ title: t('actionTitle') });
}

/** @param {number} open - jobs of the queue */
export function showQueue(open) {
  write(undefined, open > 0 ? short(open) : '', BUSY);
}

/**
 * The quiet mark of a page that is saved, unless a save has the badge or has failed in this tab.
 *
 * @param {number} tabId
 * @param {boolean} saved
 * @param {string} title
 */
export async function showMark(tabId, saved, title) {
  const text = await api.action.getBadgeText({ tabId }).catch(() => FAILED);
  if (owners.has(tabId) || text === FAILED) {
    return;
  }
  if (saved) {
    set(tabId, DONE, QUIET, title);
  } else if (text === DONE) {
    set(tabId, null, BUSY, title);
  } else {
    await api.action.setTitle({ tabId, title }).catch(() => {});
  }
}

/**
 * @param {(tabId: number) => void} listener - called when saves have left a tab's badge
 */
export function whenFreed(listener) {
  freed = listener;
}

/**
 * @param {number | undefined} tabId
 * @param {string} text
 * @param {string} color
 * @param {string} title
 */
function showBriefly(tabId, text, color, title) {
  if (tabId === undefined) {
    return;
  }
  set(tabId, text, color, title);
  const release = own(tabId);
  setTimeout(() => {
    if (owners.get(tabId) === 1) {
      clear(tabId);
    }
    release();
  }, SHOWN_MS);
}

/**
 * Keeps marks off a tab's badge.
 *
 * @param {number | undefined} tabId
 * @returns {() => void} to be called once
 */
export function own(tabId) {
  if (tabId === undefined) {
    return () => {};
  }
  owners.set(tabId, (owners.get(tabId) ?? 0) + 1);
  return () => {
    const left = (owners.get(tabId) ?? 1) - 1;
    if (left > 0) {
      owners.set(tabId, left);
    } else {
      owners.delete(tabId);
      freed(tabId);
    }
  };
}

/** @param {number} count */
const short = (count) => (count > MOST ? `${MOST}+` : String(count));

/**
 * @param {number | undefined} tabId - what is of no tab has no badge: that one is the queue's
 * @param {string | null} text - null: the queue's shows through
 * @param {string} color
 * @param {string} title
 */
function set(tabId, text, color, title) {
  if (tabId !== undefined) {
    write(tabId, text, color);
    api.action.setTitle({ tabId, title }).catch(() => {});
  }
}

/**
 * @param {number | undefined} tabId - undefined: every tab without one of its own
 * @param {string | null} text
 * @param {string} color
 */
function write(tabId, text, color) {
  const ignore = () => {};
  const place = tabId === undefined ? {} : { tabId };
  api.action.setBadgeText({ ...place, text: /** @type {any} */ (text) }).catch(ignore);
  api.action.setBadgeBackgroundColor({ ...place, color }).catch(ignore);
  api.action.setBadgeTextColor({ ...place, color: '#ffffff' }).catch(ignore);
}
