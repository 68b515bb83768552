/** The keys that the browser gives to the extension: what they are now, and where they are changed. */
import { api } from '../lib/api.js';
import { $, el } from '../lib/dom.js';
import { t } from '../lib/i18n.js';

/** @type {ReadonlyMap<string, () => string>} */
const NAMES = new Map([
  ['_execute_action', () => t('shortcutPopup')],
  ['save-page', () => t('shortcutSave')],
  ['open-library', () => t('shortcutLibrary')],
  ['highlight', () => t('shortcutPen')],
]);

/** Chromium's own page, which an extension may open, but not link to. */
const CHROMIUM_PAGE = 'chrome://extensions/shortcuts';

const isFirefox = 'getBrowserInfo' in api.runtime;

/**
 * @param {string} shortcut - `Alt+Shift+S`, or as a Mac writes it: `⌥⇧S`
 * @returns {HTMLElement}
 */
function keys(shortcut) {
  const parts = shortcut.split('+').filter(Boolean);
  return el('span', { class: 'keys' }, ...parts.map((part) => el('kbd', {}, part)));
}

export async function showShortcuts() {
  const commands = await api.commands.getAll();
  const order = [...NAMES.keys()]; // each browser has one of its own
  commands.sort((a, b) => order.indexOf(a.name ?? '') - order.indexOf(b.name ?? ''));
  const rows = commands.flatMap(({ name = '', description, shortcut }) => {
    const words = NAMES.get(name)?.() ?? description;
    return words ? [row(words, shortcut ? keys(shortcut) : none())] : [];
  });
  const typed = el('span', { class: 'keys' }, el('kbd', {}, 'ls'), el('kbd', {}, t('keySpace')));
  $('#shortcuts-list').replaceChildren(...rows, row(t('shortcutOmnibox'), typed));
}

const none = () => el('span', { class: 'none' }, t('shortcutNone'));

/**
 * @param {string} words
 * @param {HTMLElement} value
 */
const row = (words, value) => el('div', {}, el('dt', {}, words), el('dd', {}, value));

export function startShortcuts() {
  $('#shortcuts-how').textContent = isFirefox
    ? t('optionsShortcutsFirefox')
    : t('optionsShortcutsChromium');
  $('#shortcuts-change').addEventListener('click', () => {
    const { openShortcutSettings } = /** @type {any} */ (api.commands);
    if (openShortcutSettings) {
      openShortcutSettings();
    } else {
      api.tabs.create({ url: CHROMIUM_PAGE });
    }
  });
  showShortcuts();
}
