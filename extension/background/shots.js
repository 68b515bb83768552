/** Pictures of what is seen of a tab, for canvases that no script may read. */
import { api } from '../lib/api.js';

/** @typedef {import('./walkers.js').Walker} Walker */

/**
 * Hands the walker a picture of what is seen of the tab, if there is one to be had.
 *
 * @param {Walker} top
 * @param {number} tabId
 */
export async function shoot(top, tabId) {
  try {
    const { active, windowId } = await api.tabs.get(tabId);
    const url = active ? await api.tabs.captureVisibleTab(windowId, { format: 'png' }) : '';
    if (!(await api.tabs.get(tabId)).active) {
      return; // it may be a picture of the tab that is there now
    }
    await top.ask({ ask: 'shot', picture: url.slice(url.indexOf(',') + 1) });
  } catch {
    // Its canvases stay empty.
  }
}
