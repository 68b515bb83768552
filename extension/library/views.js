/** Rows or cards: the switch, and what was chosen the last time. */
import { keep, recall } from '../lib/mirror.js';
import { changeSettings, readSettings } from '../lib/settings.js';

/** @typedef {import('./geometry.js').View} View */

/** What is known before the settings are read. @returns {View} */
export function viewNow() {
  return recall('view') === 'cards' ? 'cards' : 'rows';
}

/**
 * @param {HTMLElement} group - of a button for each view
 * @param {(view: View) => void} show
 */
export function watchView(group, show) {
  const buttons = [...group.querySelectorAll('button')];
  let shown = viewNow();
  /** @param {View} view */
  const choose = (view) => {
    for (const button of buttons) {
      button.setAttribute('aria-pressed', String(button.value === view));
    }
    keep('view', view);
    if (view !== shown) {
      shown = view;
      show(view);
    }
  };
  choose(shown);
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const view = /** @type {View} */ (button.value);
      choose(view);
      changeSettings({ view }).catch(() => {}); // this page keeps it all the same
    });
  }
  readSettings().then(({ view }) => choose(view));
}
