/** Shortcuts. The one for the popup is the browser's own matter. */
import { api } from '../lib/api.js';
import { HostError } from '../lib/errors.js';
import { showFailed } from './badge.js';

/** @typedef {import('../lib/saves.js').TabJob} TabJob */

/** @param {(job: TabJob) => void} save */
export function startCommands(save) {
  // Browsers on phones have none.
  api.commands?.onCommand.addListener(async (command, given) => {
    if (command === 'open-library') {
      openLibrary();
    } else if (command === 'save-page') {
      const tab = given ?? (await activeTab());
      const { id: tabId, title, url = '' } = tab ?? {};
      if (tabId !== undefined && /^https?:/.test(url)) {
        save({ kind: 'tab', tabId, url, title });
      } else {
        showFailed(tabId, new HostError('tab_forbidden'));
      }
    }
  });
}

/** Brings the library to the front: the one that the window has, or a new one. */
export async function openLibrary() {
  const url = api.runtime.getURL('library/library.html');
  const [tab] = await api.tabs.query({ url: `${url}*`, lastFocusedWindow: true });
  await (tab?.id === undefined
    ? api.tabs.create({ url })
    : api.tabs.update(tab.id, { active: true }));
}

async function activeTab() {
  const [tab] = await api.tabs.query({ active: true, lastFocusedWindow: true });
  return tab;
}
