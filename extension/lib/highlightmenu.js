/**
 * The entry "highlight" of the context menu. It belongs to the viewer, but browsers ask for the address
 * of the frame that was clicked in, and a snapshot has none that a pattern could name (about:srcdoc,
 * data:, blob:). So the entry is there for any selection, hidden, and a viewer that is in front shows
 * it.
 */
import { api } from './api.js';

/** The id of the entry, and the `type` of the message that a choice of it becomes. */
export const HIGHLIGHT = 'highlight';

/** When two viewers change places, the one that was left may say its word last. */
const AGAIN_MS = 300;

/** Follows whether this page is in front, for as long as it is there. */
export function followHighlightMenu() {
  let isFocused = true;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const tell = () => {
    clearTimeout(timer);
    const isInFront = isFocused && document.visibilityState === 'visible';
    showHighlightMenu(isInFront);
    if (isInFront) {
      timer = setTimeout(() => showHighlightMenu(true), AGAIN_MS);
    }
  };
  // Not the page's own focus events: the frame of the snapshot has the focus, and nobody hears it lose it.
  api.windows.onFocusChanged.addListener(async (windowId) => {
    // Some systems count the menu itself as no window.
    if (windowId !== api.windows.WINDOW_ID_NONE) {
      isFocused = windowId === (await api.tabs.getCurrent())?.windowId;
      tell();
    }
  });
  document.addEventListener('visibilitychange', tell);
  globalThis.addEventListener('pagehide', () => {
    clearTimeout(timer);
    showHighlightMenu(false);
  });
  tell();
}

/** @param {boolean} visible */
export function showHighlightMenu(visible) {
  // Where the entry is not there, there is nothing to show.
  api.contextMenus.update(HIGHLIGHT, { visible }).catch(() => {});
}
