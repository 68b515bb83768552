/** The popup: the page in the tab, a link to add, and the library. */
import { api } from '../lib/api.js';
import { $, el, icon } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import { typedUrl } from '../lib/format.js';
import { Host } from '../lib/host.js';
import { localize, t } from '../lib/i18n.js';
import { listSaves, watchSaves } from '../lib/saves.js';
import { Library } from './library.js';
import { readonlyStrip } from './outcome.js';
import { SaveCard } from './savecard.js';
import { showNoHost, showNoStore } from './stopped.js';

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

/**
 * @param {number} snapshot
 * @param {boolean} [inBackground]
 * @param {string} [part] - of the viewer, `#report`
 */
function view(snapshot, inBackground = false, part = '') {
  const url = api.runtime.getURL(`viewer/viewer.html?snapshot=${snapshot}${part}`);
  api.tabs.create({ url, active: !inBackground });
  if (!inBackground) {
    window.close();
  }
}

const library = new Library({
  host,
  view,
  complete,
  onQuery: (query) => {
    const url = typedUrl(query);
    if (url) {
      openLink(url);
    } else if (link.url && !link.root.contains(document.activeElement)) {
      closeLink();
    }
  },
  onEnter: (query) => {
    const isLink = typedUrl(query) !== null;
    if (isLink) {
      link.submit();
    }
    return isLink;
  },
  onChanged: () => cards().forEach((card) => card.lookUp()),
  onError: ({ state }) => state && showNoHost(state, restart),
});

const shared = {
  host,
  tab: tab ?? {},
  complete,
  view,
  report: (/** @type {number} */ snapshot) => view(snapshot, false, '#report'),
  onChanged: () => library.refresh(),
};
const page = canSave ? new SaveCard({ ...shared, isLink: false }) : null;
const link = new SaveCard({ ...shared, isLink: true, onClose: () => closeLink(true) });

$('#page-card').append(page ? page.root : notSaveable());
$('#link-card').append(link.root);
$('#link-card').hidden = true;

/** The cards that are shown. */
function cards() {
  return [page, $('#link-card').hidden ? null : link].filter((card) => card !== null);
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

/** @param {string | null} url - null: to be typed */
function openLink(url) {
  $('#link-card').hidden = false;
  $('#add-link').setAttribute('aria-expanded', 'true');
  if (url === null) {
    link.focus();
  } else if (url !== link.url) {
    link.setUrl(url);
  }
}

/** @param {boolean} [refocus] */
function closeLink(refocus = false) {
  $('#link-card').hidden = true;
  $('#add-link').setAttribute('aria-expanded', 'false');
  link.setUrl(null);
  if (refocus) {
    library.focus();
  }
}

/** @param {import('../lib/saves.js').SaveRecord[]} records - newest first */
function resume(records) {
  const waiting = records.find(({ job, state }) => job.kind === 'link' && state !== 'done');
  if (waiting) {
    openLink(waiting.job.url);
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
    $('main').classList.remove('stopped');
    $('#notices').replaceChildren(...(store.state === 'ready' ? [] : [readonlyStrip(store)]));
    for (const card of [page, link]) {
      if (card) {
        card.readonly = store.state === 'readonly';
        card.lookUp();
      }
    }
    await library.refresh();
  } catch (error) {
    const { state } = asHostError(error);
    if (state) {
      showNoHost(state, restart);
    }
  }
}

/** A host that is started anew may find what it missed. */
function restart() {
  host.close();
  start();
}

$('#add-link').addEventListener('click', () => {
  if ($('#link-card').hidden) {
    openLink(null);
  } else {
    closeLink(true);
  }
});

$('#settings').addEventListener('click', () => {
  api.runtime.openOptionsPage();
  window.close();
});

document.addEventListener('keydown', (event) => {
  const typing = /** @type {Element} */ (event.target).matches('input, textarea');
  if (event.isComposing) {
    return;
  }
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    const inLink =
      link.root.contains(document.activeElement) || (typedUrl(library.query) && link.url);
    (inLink ? link : (page ?? link)).submit();
  } else if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    library.focus();
  } else if (event.key === 'Escape') {
    if (library.query) {
      event.preventDefault();
      library.clear();
    } else if (!$('#link-card').hidden) {
      event.preventDefault();
      closeLink(true);
    }
  }
});

watchSaves((record) => cards().forEach((card) => card.accept(record)));
start();
resume(await listSaves());
if (tab?.id !== undefined) {
  api.action.setBadgeText({ tabId: tab.id, text: '' }).catch(() => {});
}
page?.focus();
