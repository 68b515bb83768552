/** The background: listeners at top level, so that each event can wake it. */
import { api } from '../lib/api.js';
import { createMenus, menuJob } from './menus.js';
import { cancel, save, sweep } from './saves.js';

api.runtime.onInstalled.addListener(({ reason }) => {
  createMenus();
  if (reason === 'install') {
    openWelcome();
  }
});

api.contextMenus.onClicked.addListener(async (info, tab) => {
  const job = menuJob(info, tab);
  const record = job && (await save(job));
  if (record?.error?.name.startsWith('host_')) {
    openWelcome();
  }
});

api.runtime.onMessage.addListener((message, sender, answer) => {
  // Content scripts can send messages too; these two are for the extension's own pages.
  if (!sender.url?.startsWith(api.runtime.getURL(''))) {
    return false;
  }
  if (message?.type === 'save.start') {
    save(message.job);
    answer(true);
  } else if (message?.type === 'save.cancel') {
    cancel(message.id);
    answer(true);
  }
  return false;
});

sweep();

function openWelcome() {
  api.tabs.create({ url: api.runtime.getURL('welcome/welcome.html') });
}
