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
import { Selection } from '../lib/selection.js';
import { goOn, readonlyStrip, showNoHost, showNoStore } from '../lib/stopped.js';
import { toast } from '../lib/toast.js';
import { faultText } from '../lib/words.js';
import { BulkBar } from './bulkbar.js';
import { ASKED, Facets } from './facets.js';
import { Like } from './like.js';

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
 * @param {string} path - of a page of the extension
 * @param {boolean} inBackground
 */
function open(path, inBackground) {
  const url = api.runtime.getURL(path);
  if (inBackground) {
    api.tabs.create({ url, active: false });
  } else {
    location.assign(url);
  }
}

/**
 * The way back from a snapshot, and a reload, lead to what is shown.
 *
 * @param {Record<string, string>} search
 * @param {string} title
 */
function remember(search, title) {
  const params = new URLSearchParams(search);
  const suffix = params.size ? `?${params}` : '';
  history.replaceState(null, '', `${location.pathname}${suffix}${location.hash}`);
  document.title = [title, t('libraryTitle'), t('name')].filter(Boolean).join(' · ');
}

const selection = new Selection();

/** Pages that the query finds. */
let total = 0;

/** What was asked for last. */
let asked = '';

const library = new Library({
  host,
  open,
  similar: ({ page }) => showLike(page),
  complete,
  scroller: null,
  extras: { facets: ASKED },
  selection,
  onQuery: (query) => {
    remember(query ? { q: query } : {}, query);
    facets.show(undefined, query);
    if (query.trim() !== asked) {
      asked = query.trim();
      selection.clear();
      hideLike();
    }
  },
  onFound: (found) => {
    total = found.total;
    facets.show(found.facets, library.query);
    bulk.show();
  },
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

const facets = new Facets((term) => library.toggle(term));

const bulk = new BulkBar({
  host,
  selection,
  library,
  complete,
  total: () => total,
  onQueued: () => queue.refresh(),
  leave: () => library.focusList(),
});

const like = new Like(host, library, () => leaveLike());

/** @param {number} page */
async function showLike(page) {
  selection.clear();
  library.query = '';
  const words = await like.show(page);
  if (words) {
    selection.onlyShown = true;
    total = library.pages.length;
    remember({ like: String(page) }, words);
    scrollTo(0, 0);
  }
}

function hideLike() {
  like.hide();
  selection.onlyShown = false;
}

async function leaveLike() {
  hideLike();
  remember({}, '');
  library.focus();
  await library.refresh();
}

const queue = new QueueView({ host, onDone: () => like.isShown || library.follow() });

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
$('#bulk').append(bulk.root);

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
    goOn(isReadonly ? readonlyStrip(store, restart) : null);
    links.readonly = isReadonly;
    /** @type {HTMLButtonElement} */ ($('#check')).disabled = isReadonly;
    bulk.readonly = isReadonly;
    const wanted = new URLSearchParams(location.search);
    const page = Number(wanted.get('like'));
    library.query = wanted.get('q') ?? '';
    await library.refresh();
    if (page > 0) {
      await showLike(page);
    }
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
  } else if (event.key === 'Escape' && !document.querySelector(':popover-open')) {
    if (!selection.isEmpty) {
      event.preventDefault();
      selection.clear();
    } else if (!$('#links').hidden) {
      event.preventDefault();
      closeLinks();
    } else if (library.query) {
      event.preventDefault();
      library.clear();
    } else if (like.isShown) {
      event.preventDefault();
      leaveLike();
    }
  }
});

start();
library.focus();
