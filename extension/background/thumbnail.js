/**
 * The thumbnail of a live page: what is seen of it when it is saved. Browsers let the extension see
 * that because the person has just asked for the save, and of the tab in front alone. Nothing that goes
 * wrong here is a fault of the save: the page then has no thumbnail, or one of its pictures.
 */
import { api } from '../lib/api.js';
import { smallPicture } from '../lib/smallpicture.js';

/** @typedef {{ type: string, base64: string }} Small */

/** A window that is hidden may give no picture, and no error either. */
const WAIT_MS = 2000;

/**
 * To be called before anything moves the page.
 *
 * @param {number} tabId
 * @returns {{ taken: Promise<unknown>, small: Promise<Small | null> }} `taken`: the page may be moved
 */
export function photograph(tabId) {
  const taken = within(see(tabId), WAIT_MS).catch(() => '');
  return { taken, small: taken.then(shrink).catch(() => null) };
}

/**
 * @param {import('../lib/host.js').Host} host
 * @param {number} snapshot
 * @param {Promise<Small | null>} picture
 */
export async function keepThumbnail(host, snapshot, picture) {
  try {
    const small = await picture;
    if (small) {
      const { type, base64 } = small;
      await host.request('thumbnails.set', { snapshot, media_type: type, data: base64 });
    }
  } catch {
    // The save is what counts.
  }
}

/**
 * @param {number} tabId
 * @returns {Promise<string>} a data: URL; empty when another tab is, or came, in front
 */
async function see(tabId) {
  let isAnother = false;
  /** @param {{ tabId: number }} info */
  const activated = (info) => {
    isAnother ||= info.tabId !== tabId;
  };
  api.tabs.onActivated.addListener(activated);
  try {
    const { active, windowId } = await api.tabs.get(tabId);
    if (!active) {
      return '';
    }
    const options = /** @type {const} */ ({ format: 'jpeg', quality: 90 });
    const url = await api.tabs.captureVisibleTab(windowId, options);
    const after = await api.tabs.get(tabId);
    return after.active && after.windowId === windowId && !isAnother ? url : '';
  } finally {
    api.tabs.onActivated.removeListener(activated);
  }
}

/**
 * @param {string} url - a data: URL of a JPEG, or empty
 * @returns {Promise<Small | null>}
 */
async function shrink(url) {
  const base64 = url.slice(url.indexOf(',') + 1);
  const bytes = Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0));
  return url ? smallPicture(new Blob([bytes], { type: 'image/jpeg' })) : null;
}

/**
 * @param {Promise<string>} promise
 * @param {number} ms
 * @returns {Promise<string>}
 */
function within(promise, ms) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(''), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
