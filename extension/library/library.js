/** The library in a tab: what the popup shows below its card, with more room, and the queue. */
import { api } from '../lib/api.js';
import { $ } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import { holdsLinks, typedUrl } from '../lib/format.js';
import { Host } from '../lib/host.js';
import { localize, plural, t } from '../lib/i18n.js';
import { Library } from '../lib/library.js';
import { LinksPanel } from '../lib/linkspanel.js';
import { runQueue } from '../lib/queue.js';
import { QueueView } from '../lib/queueview.js';
import { goOn, readonlyStrip, showNoHost, showNoStore } from '../lib/stopped.js';
import { toast } from '../lib/toast.js';
import { faultText } from '../lib/words.js';

/** Tags that are offered to filter by. */
const FILTERS = 40;

const host = new Host();
host.hello().catch(() => {}); // starts the host now; start() deals with what it says
localize();

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
 * @param {boolean} inBackground
 */
function view(snapshot, inBackground) {
  const url = api.runtime.getURL(`viewer/viewer.html?snapshot=${snapshot}`);
  if (inBackground) {
    api.tabs.create({ url, active: false });
  } else {
    location.assign(url);
  }
}

/** The way back from a snapshot, and a reload, lead to what was searched for. @param {string} query */
function remember(query) {
  const search = query ? `?${new URLSearchParams({ q: query })}` : '';
  history.replaceState(null, '', `${location.pathname}${search}${location.hash}`);
  document.title = [query, t('libraryTitle'), t('name')].filter(Boolean).join(' · ');
}

const library = new Library({
  host,
  view,
  complete,
  scroller: null,
  filters: FILTERS,
  terms: [{ term: 'is:broken', label: t('filterBroken') }],
  onQuery: remember,
  onEnter: (query) => {
    const url = typedUrl(query);
    if (url) {
      openLinks(url);
    }
    return url !== null;
  },
  onChanged: () => {},
  onError: ({ state }) => state && showNoHost(state, restart, setUp),
});

const queue = new QueueView({ host, onDone: () => library.follow() });

const links = new LinksPanel({
  host,
  complete,
  onClose: () => closeLinks(),
  onAdded: (count) => {
    closeLinks();
    toast(plural('linksAdded', count));
    queue.refresh();
  },
});

$('#links').append(links.root);
$('#queue').append(queue.root);

function setUp() {
  location.assign(api.runtime.getURL('welcome/welcome.html'));
}

/** @param {string} [text] - to look for links in */
function openLinks(text) {
  $('#links').hidden = false;
  $('#add-link').setAttribute('aria-expanded', 'true');
  if (text) {
    links.text = text;
  }
  links.focus();
  links.root.scrollIntoView({ block: 'nearest' });
}

function closeLinks() {
  $('#links').hidden = true;
  $('#add-link').setAttribute('aria-expanded', 'false');
  links.clear();
  $('#add-link').focus();
}

/** Visits links that were not visited for long. */
async function checkLinks() {
  try {
    const { added } = await host.request('queue.check', {});
    toast(added > 0 ? plural('libraryChecking', added) : t('libraryCheckNone'));
    await runQueue();
    await queue.refresh();
  } catch (error) {
    toast(faultText(asHostError(error)));
  }
}

async function start() {
  try {
    const { store } = await host.hello();
    if (store.state === 'error') {
      showNoStore(store, restart);
      return;
    }
    const isReadonly = store.state === 'readonly';
    goOn(isReadonly ? readonlyStrip(store) : null);
    links.readonly = isReadonly;
    /** @type {HTMLButtonElement} */ ($('#check')).disabled = isReadonly;
    library.query = new URLSearchParams(location.search).get('q') ?? '';
    await library.refresh();
    await queue.start();
    if (location.hash === '#queue') {
      queue.unfold(true);
    }
  } catch (error) {
    const { state } = asHostError(error);
    if (state) {
      showNoHost(state, restart, setUp);
    }
  }
}

/** A host that is started anew may find what it missed. */
function restart() {
  host.close();
  start();
}

$('#add-link').addEventListener('click', () => {
  if ($('#links').hidden) {
    openLinks();
  } else {
    closeLinks();
  }
});

$('#check').addEventListener('click', checkLinks);

$('#query').addEventListener('paste', (event) => {
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (holdsLinks(text)) {
    event.preventDefault();
    openLinks(text);
  }
});

document.addEventListener('keydown', (event) => {
  if (event.isComposing) {
    return;
  }
  const typing = /** @type {Element} */ (event.target).matches('input, textarea');
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !$('#links').hidden) {
    event.preventDefault();
    links.save();
  } else if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    library.focus();
  } else if (event.key === 'Escape') {
    if (!$('#links').hidden) {
      event.preventDefault();
      closeLinks();
    } else if (library.query) {
      event.preventDefault();
      library.clear();
    }
  }
});

start();
library.focus();
