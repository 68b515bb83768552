/** The entries of the context menu. */
import { api } from '../lib/api.js';
import { t } from '../lib/i18n.js';

const WEB = ['http://*/*', 'https://*/*'];

/** Browsers keep the entries, so they are made when the extension is installed or updated. */
export function createMenus() {
  api.contextMenus.removeAll(() => {
    api.contextMenus.create({
      id: 'page',
      title: t('menuPage'),
      contexts: ['page', 'frame', 'selection'],
      documentUrlPatterns: WEB,
    });
    api.contextMenus.create({
      id: 'link',
      title: t('menuLink'),
      contexts: ['link'],
      targetUrlPatterns: WEB,
    });
    // Not on web pages alone: addresses are written in PDF files and in mails too.
    api.contextMenus.create({ id: 'links', title: t('menuLinks'), contexts: ['selection'] });
  });
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
