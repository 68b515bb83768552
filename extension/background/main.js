/** The background: listeners at top level, so that each event can wake it. */
import { api } from '../lib/api.js';
import { readQueue } from '../lib/queue.js';
import { watchSites } from '../lib/sites.js';
import { forgetMarks, startMarks } from './marks.js';
import { createMenus, menuJob, menuSelection } from './menus.js';
import { startOmnibox } from './omnibox.js';
import { changed, resume, run, whenSaved } from './queue.js';
import { cancel, save, sweep, whenStored } from './saves.js';
import { saveSelection } from './selection.js';
import { closeLeftOvers } from './tabs.js';

api.runtime.onInstalled.addListener(({ reason }) => {
  createMenus();
  if (reason === 'install') {
    openWelcome();
  }
});

// What is done at every start of the background is done then too; this starts it with the browser.
api.runtime.onStartup.addListener(() => {});

api.contextMenus.onClicked.addListener(async (info, tab) => {
  const selection = menuSelection(info, tab);
  if (selection) {
    explain(await saveSelection(selection));
    return;
  }
  const job = menuJob(info, tab);
  if (job) {
    begin(job);
  }
});

api.runtime.onMessage.addListener((message, sender, answer) => {
  // Content scripts can send messages too; these are for the extension's own pages.
  if (!sender.url?.startsWith(api.runtime.getURL(''))) {
    return false;
  }
  if (message?.type === 'save.start') {
    save(message.job);
    answer(true);
  } else if (message?.type === 'save.cancel') {
    cancel(message.id);
    answer(true);
  } else if (message?.type === 'queue.run') {
    changed();
    answer(true);
  }
  return false;
});

// Jobs that waited for the permission may now be done, wherever it was given.
watchSites(async () => {
  if ((await readQueue()).browser > 0) {
    run();
  }
});

whenSaved(forgetMarks);
whenStored(forgetMarks);
startMarks();
startOmnibox(begin);
sweep();
closeLeftOvers();
resume();

/** @param {import('../lib/saves.js').Job} job */
async function begin(job) {
  const record = await save(job);
  explain(record?.error);
}

/** @param {{ name: string } | null | undefined} error - without a host there is something to set up */
function explain(error) {
  if (error?.name.startsWith('host_')) {
    openWelcome();
  }
}

function openWelcome() {
  api.tabs.create({ url: api.runtime.getURL('welcome/welcome.html') });
}
