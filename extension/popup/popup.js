/** The popup: the page in the tab, a link to add, and the library. */
import { api } from '../lib/api.js';
import { $, el, icon } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import { typedUrl } from '../lib/format.js';
import { Host } from '../lib/host.js';
import { localize, t } from '../lib/i18n.js';
import { Library } from '../lib/library.js';
import { QueueView } from '../lib/queueview.js';
import { listSaves, watchSaves } from '../lib/saves.js';
import { goOn, overStrip, readonlyStrip, showNoHost, showNoStore } from '../lib/stopped.js';
import { viewerPath } from '../lib/viewerlink.js';
import { Adder } from './adder.js';
import { SaveCard } from './savecard.js';

const host = new Host();
host.hello().catch(() => {}); // starts the host now; start() deals with what it says
localize();

const [tab] = await api.tabs.query({ active: true, currentWindow: true });
const canSave = /^https?:/.test(tab?.url ?? '');

/**
 * @param {string} part
 * @returns {Promise<import('../lib/protocol.js').Tag[]>}
 */
async function complete(part) {
  const { tags } = await host.request('tags.list', { part, limit: 20 });
  return tags;
}

const setUp = () => open('welcome/welcome.html');

/**
 * @param {string} url
 * @param {string} title
 * @returns {Promise<import('../lib/protocol.js').Tag[]>}
 */
async function suggest(url, title) {
  const { tags } = await host.request('tags.suggest', { url, title, limit: 6 });
  return tags;
}

/**
 * @param {string} path - of a page of the extension
 * @param {boolean} [inBackground]
 */
function open(path, inBackground = false) {
  api.tabs.create({ url: api.runtime.getURL(path), active: !inBackground });
  if (!inBackground) {
    window.close();
  }
}

const library = new Library({
  host,
  open,
  similar: ({ page: like }) => open(`library/library.html?like=${like}`),
  complete,
  chips: true,
  scroller: /** @type {HTMLElement} */ ($('#library')),
  onQuery: (query) => adder.follow(query),
  onEnter: (query) => {
    const isLink = typedUrl(query) !== null;
    if (isLink) {
      adder.card.submit();
    }
    return isLink;
  },
  onChanged: () => cards().forEach((card) => card.lookUp()),
  onError: ({ state }) => state && showNoHost(state, restart, setUp),
});

const queue = new QueueView({
  host,
  onDone: () => library.follow(),
  inLibrary: () => open('library/library.html#queue'),
});

const shared = {
  host,
  tab: tab ?? {},
  complete,
  suggest,
  view: (/** @type {number} */ snapshot) => open(viewerPath(snapshot)),
  report: (/** @type {number} */ snapshot) => open(`${viewerPath(snapshot)}#report`),
  onPage: (/** @type {number} */ number) => open(`page/page.html?page=${number}`),
  onSettings: openSettings,
  onChanged: () => library.refresh(),
};
const page = canSave ? new SaveCard({ ...shared, isLink: false }) : null;
const adder = new Adder({
  ...shared,
  onClose: () => library.focus(),
  onAdded: () => {
    if (typedUrl(library.query) !== null) {
      library.clear();
    }
    queue.refresh();
  },
});

$('#page-card').append(page ? page.root : notSaveable());
$('#queue').append(queue.root);

/** The cards that are shown. */
function cards() {
  return [page, adder.openCard].filter((card) => card !== null);
}

function notSaveable() {
  const text = el(
    'div',
    {},
    el('p', { class: 'lead' }, t('pageClosed')),
    el('p', {}, t('pageClosedText')),
  );
  return el('div', { class: 'card' }, el('div', { class: 'strip' }, icon('error'), text));
}

/** @param {import('../lib/saves.js').SaveRecord[]} records - newest first */
function resume(records) {
  const waiting = records.find(({ job, state }) => job.kind === 'link' && state !== 'done');
  if (waiting) {
    adder.open(waiting.job.url);
  }
  for (const record of records.reverse()) {
    cards().forEach((card) => card.accept(record));
  }
}

async function start() {
  try {
    const { store } = await host.hello();
    if (store.state === 'error') {
      showNoStore(store, restart);
      return;
    }
    goOn(noticeOf(store));
    for (const card of [page, adder]) {
      if (card) {
        card.readonly = store.state === 'readonly';
        card.lookUp();
      }
    }
    await library.refresh();
    await queue.start();
  } catch (error) {
    const { state } = asHostError(error);
    if (state) {
      showNoHost(state, restart, setUp);
    }
  }
}

/** @param {import('../lib/protocol.js').StoreState} store - that can be read */
function noticeOf(store) {
  if (store.state === 'readonly') {
    return readonlyStrip(store, restart);
  }
  return store.over ? overStrip(store, openSettings) : null;
}

function openSettings() {
  api.runtime.openOptionsPage();
  window.close();
}

/** A host that is started anew may find what it missed. */
function restart() {
  host.close();
  start();
}

$('#open-library').addEventListener('click', () => open('library/library.html'));
$('#open-statistics').addEventListener('click', () => open('statistics/statistics.html'));
$('#settings').addEventListener('click', openSettings);

document.addEventListener('keydown', (event) => {
  const typing = /** @type {Element} */ (event.target).matches('input, textarea');
  if (event.isComposing) {
    return;
  }
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    const inLink = adder.isMeant || (typedUrl(library.query) && adder.card.url);
    (inLink ? adder : (page ?? adder)).submit();
  } else if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    library.focus();
  } else if (event.key === 'Escape' && !document.querySelector(':popover-open')) {
    if (library.query) {
      event.preventDefault();
      library.clear();
    } else if (adder.isOpen) {
      event.preventDefault();
      adder.close(true);
    }
  }
});

/** What a save has left on the button is told here. The mark of a saved page stays. */
async function takeBackBadge() {
  const tabId = tab?.id;
  if (tabId === undefined || (await api.action.getBadgeText({ tabId })) === '✓') {
    return;
  }
  // With an empty text the queue's badge would not show through in this tab.
  await api.action.setBadgeText({ tabId, text: /** @type {any} */ (null) });
  await api.action.setTitle({ tabId, title: t('actionTitle') });
}

watchSaves((record) => {
  cards().forEach((card) => card.accept(record));
  if (record.job.kind === 'link' && record.state !== 'running') {
    queue.refresh();
  }
});
start();
resume(await listSaves());
takeBackBadge();
page?.focus();
