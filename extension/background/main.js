/** The background: listeners at top level, so that each event can wake it. */
import { api } from '../lib/api.js';
import { showHighlightMenu } from '../lib/highlightmenu.js';
import { readQueue } from '../lib/queue.js';
import { watchSites } from '../lib/sites.js';
import { showTitle } from './badge.js';
import { openLibrary, startCommands } from './commands.js';
import { forgetMarks, startMarks } from './marks.js';
import { createMenus, menuHighlight, menuJob, menuSelection } from './menus.js';
import { startNotices } from './notice.js';
import { startOmnibox } from './omnibox.js';
import { changed, resume, run, whenSaved } from './queue.js';
import { cancel, save, sweep, whenStored } from './saves.js';
import { saveSelection } from './selection.js';
import { closeLeftOvers } from './tabs.js';
import { whenLanguageChanges } from './words.js';

api.runtime.onInstalled.addListener(({ reason }) => {
  showWords();
  if (reason === 'install') {
    openWelcome();
  }
});

// What is done at every start of the background is done then too; this starts it with the browser.
api.runtime.onStartup.addListener(() => {
  // The viewer that showed it may have ended with the browser.
  showHighlightMenu(false);
  showTitle();
});

api.contextMenus.onClicked.addListener(async (info, tab) => {
  if (info.menuItemId === 'library') {
    openLibrary();
    return;
  }
  if (menuHighlight(info, tab)) {
    return;
  }
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
startCommands(begin);
startNotices();
whenLanguageChanges(showWords);
sweep();
closeLeftOvers();
resume();

/** What the browser shows of the extension, in the language that was chosen. */
function showWords() {
  createMenus();
  showTitle();
}

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
