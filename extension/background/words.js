/**
 * The language that was chosen, for what the background says: entries of menus, titles, notifications.
 * Pages have the words before they begin; the background has to read them.
 */
import { loadWords } from '../lib/i18n.js';
import { readSettings, watchSettings } from '../lib/settings.js';

/** What was asked for last; empty at first. */
let spoken = '';

/** @type {Promise<void>} */
let ready = readSettings()
  .then(speak)
  .catch(() => {});

/** Resolves when t() speaks the language that was chosen. */
export function wordsReady() {
  return ready;
}

/** @param {() => void} listener - called when another language was chosen */
export function whenLanguageChanges(listener) {
  watchSettings((settings) => {
    ready = ready.then(() => change(settings, listener)).catch(() => {}); // as it was
  });
}

/**
 * @param {import('../lib/settings.js').Settings} settings
 * @param {() => void} listener
 */
async function change(settings, listener) {
  const before = spoken;
  await speak(settings);
  if (spoken !== before) {
    listener();
  }
}

/** @param {import('../lib/settings.js').Settings} settings */
async function speak({ language }) {
  if (language !== spoken) {
    await loadWords(language);
    spoken = language;
  }
}
