/** The entries of the context menu. */
import { api } from '../lib/api.js';
import { HIGHLIGHT } from '../lib/highlightmenu.js';
import { t } from '../lib/i18n.js';
import { wordsReady } from './words.js';

const WEB = ['http://*/*', 'https://*/*'];

/** Of the making that is at work: two at once would make every entry twice. */
let making = Promise.resolve();

/**
 * Browsers keep the entries, so they are made when the extension is installed or updated, and when it
 * is to speak another language.
 */
export function createMenus() {
  making = making.then(wordsReady).then(make);
}

async function make() {
  await api.contextMenus.removeAll();
  for (const entry of entries()) {
    api.contextMenus.create(entry);
  }
}

/** @returns {chrome.contextMenus.CreateProperties[]} */
function entries() {
  return [
    {
      id: 'page',
      title: t('menuPage'),
      contexts: ['page', 'frame', 'selection'],
      documentUrlPatterns: WEB,
    },
    { id: 'link', title: t('menuLink'), contexts: ['link'], targetUrlPatterns: WEB },
    // Not on web pages alone: addresses are written in PDF files and in mails too.
    { id: 'links', title: t('menuLinks'), contexts: ['selection'] },
    // Shown while a viewer is in front: see lib/highlightmenu.js.
    { id: HIGHLIGHT, title: t('menuHighlight'), contexts: ['selection'], visible: false },
    { id: 'library', title: t('menuLibrary'), contexts: ['action'] },
  ];
}

/**
 * @param {chrome.contextMenus.OnClickData} info
 * @param {chrome.tabs.Tab} [tab]
 * @returns {import('../lib/saves.js').Job | null} what to save
 */
export function menuJob(info, tab) {
  if (info.menuItemId === 'link' && info.linkUrl) {
    const page = info.frameUrl ?? info.pageUrl ?? '';
    return { kind: 'link', url: info.linkUrl, tabId: tab?.id, page };
  }
  if (info.menuItemId === 'page' && tab?.id !== undefined && tab.url) {
    return { kind: 'tab', tabId: tab.id, url: tab.url, title: tab.title };
  }
  return null;
}

/**
 * @param {chrome.contextMenus.OnClickData} info
 * @param {chrome.tabs.Tab} [tab]
 * @returns {import('./selection.js').Selection | null} what to look for links in
 */
export function menuSelection(info, tab) {
  const { menuItemId, selectionText = '', pageUrl = '' } = info;
  return menuItemId === 'links' ? { text: selectionText, tabId: tab?.id, page: pageUrl } : null;
}

/**
 * Hands what is selected to the viewer in the tab, which knows where it stands.
 *
 * @param {chrome.contextMenus.OnClickData} info
 * @param {chrome.tabs.Tab} [tab]
 * @returns {boolean} whether it was that entry
 */
export function menuHighlight({ menuItemId, selectionText = '' }, tab) {
  if (menuItemId !== HIGHLIGHT) {
    return false;
  }
  if (tab?.id !== undefined) {
    // In a tab without a viewer there is nobody to answer.
    api.tabs.sendMessage(tab.id, { type: HIGHLIGHT, text: selectionText }).catch(() => {});
  }
  return true;
}
