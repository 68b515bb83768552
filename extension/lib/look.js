/** Theme and language as they were chosen: kept where the next page finds them at once. */
import { keep, recall } from './mirror.js';
import { readSettings, watchSettings } from './settings.js';

/** @typedef {import('./settings.js').Settings} Settings */

/** What this page speaks: its words were read when it began. */
const spoken = recall('language');

/**
 * Shows a theme now, and in every page from now on.
 *
 * @param {Settings['theme']} theme
 */
function showTheme(theme) {
  keep('theme', theme === 'auto' ? null : theme);
  if (theme === 'auto') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
}

/**
 * Pages from now on speak this language.
 *
 * @param {Settings['language']} chosen
 * @returns {boolean} whether this one would, loaded anew; where nothing can be kept it never would
 */
function chooseLanguage(chosen) {
  keep('language', chosen === 'auto' ? null : chosen);
  return recall('language') !== spoken;
}

/** Whether a person has something in hand that would be lost with the page. */
function isWriting() {
  const active = document.activeElement;
  return (
    (active instanceof HTMLTextAreaElement ||
      (active instanceof HTMLInputElement && active.type === 'text')) &&
    active.value !== ''
  );
}

/**
 * Follows the settings. In a page that has just begun what localStorage keeps may be missing (a private
 * window has its own): then the page begins once more, while nobody has typed anything. A page that
 * has been open for long does so when another language is chosen, but not while somebody writes in it.
 */
export async function followLook() {
  watchSettings(({ theme, language }) => {
    showTheme(theme);
    if (chooseLanguage(language) && !isWriting()) {
      location.reload();
    }
  });
  const { theme, language } = await readSettings();
  showTheme(theme);
  if (chooseLanguage(language)) {
    location.reload();
  }
}
