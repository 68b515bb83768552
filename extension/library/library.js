/** The library in a tab: every saved page, found, looked through and put in order. */
import { api } from '../lib/api.js';
import { $ } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import { holdsLinks, typedUrl } from '../lib/format.js';
import { Host } from '../lib/host.js';
import { localize, plural, t } from '../lib/i18n.js';
import { Library } from '../lib/library.js';
import { runQueue } from '../lib/queue.js';
import { QueueView } from '../lib/queueview.js';
import { siteNav } from '../lib/sitenav.js';
import { setUp, showNoHost, startPage } from '../lib/stopped.js';
import { Thumbnails } from '../lib/thumbnails.js';
import { toast } from '../lib/toast.js';
import { listenForUndo } from '../lib/undo.js';
import { faultText } from '../lib/words.js';
import { Adding } from './adding.js';
import { BulkBar } from './bulkbar.js';
import { ASKED, Facets } from './facets.js';
import { Invite } from './invite.js';
import { Like } from './like.js';
import { LongList } from './longlist.js';
import { Picking } from './picking.js';
import { Selection } from './selection.js';
import { StateCounts } from './statecounts.js';
import { Trash } from './trash.js';
import { viewNow, watchView } from './views.js';
import { Work } from '../lib/work.js';

const host = new Host();
host.hello().catch(() => {}); // starts the host now; start() deals with what it says
localize();
$('.site-nav-place').append(siteNav('library'));

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

const work = new Work($('#works'));
const selection = new Selection();
const picking = new Picking(selection, work);
const thumbnails = new Thumbnails(host);

/** What was asked for last. */
let asked = '';

const library = new Library({
  host,
  open,
  similar: ({ page }) => showLike(page),
  complete,
  scroller: null,
  extras: { facets: ASKED },
  list: (root, actions, at) => {
    const list = new LongList(root, actions, at, {
      picking,
      thumbnails,
      trashPicked: () => bulk.trash(),
      view: viewNow(),
    });
    watchView($('#views'), (view) => {
      list.view = view;
    });
    return list;
  },
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
    facets.show(found.facets, library.query);
    trash.show(library.asked);
    showCounts();
    states.show(library.asked);
  },
  onEnter: (query) => {
    const url = typedUrl(query);
    if (url) {
      adding.open(url);
    }
    return url !== null;
  },
  onChanged: () => {
    states.changed();
    showCounts();
  },
  onError: ({ state }) => {
    invite.show(false);
    if (state) {
      showNoHost(state, restart, setUp);
    }
  },
});

const facets = new Facets((term) => library.toggle(term));
const states = new StateCounts(host, facets);
const trash = new Trash({ host, work, onEmptied: () => library.refresh() });

const bulk = new BulkBar({
  host,
  selection,
  library,
  work,
  complete,
  total: () => library.size,
  onQueued: () => queue.refresh(),
  onChanged: () => states.changed(),
  all: () => picking.all(),
  leave: () => library.focusList(),
});

const like = new Like(host, library, () => leaveLike());

/** More or fewer pages are listed than before. */
function showCounts() {
  bulk.show();
  invite.show(library.size === 0 && library.asked === '' && !like.isShown);
}

/** @param {number} page */
async function showLike(page) {
  selection.clear();
  library.query = '';
  const words = await like.show(page);
  if (words) {
    picking.onlyListed = true;
    remember({ like: String(page) }, words);
    scrollTo(0, 0);
  }
}

function hideLike() {
  like.hide();
  picking.onlyListed = false;
}

async function leaveLike() {
  hideLike();
  remember({}, '');
  library.focus();
  await library.refresh();
}

const queue = new QueueView({ host, onDone: () => like.isShown || library.follow() });
const adding = new Adding({ host, work, complete, onQueued: () => queue.refresh() });
const invite = new Invite({ links: () => adding.open(), file: () => adding.choose() });

$('#queue').append(queue.root);
$('#bulk').append(bulk.root);

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

function start() {
  // What the list cannot be had for it says itself.
  return startPage(host, { show, fail: () => {}, start });
}

/** @param {boolean} isReadonly */
async function show(isReadonly) {
  /** @type {HTMLButtonElement} */ ($('#check')).disabled = isReadonly;
  for (const part of [adding, bulk, invite, trash]) {
    part.readonly = isReadonly;
  }
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
}

/** A host that is started anew may find what it missed. */
function restart() {
  host.close();
  start();
}

$('#check').addEventListener('click', checkLinks);

$('#query').addEventListener('paste', (event) => {
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (holdsLinks(text)) {
    event.preventDefault();
    adding.open(text);
  }
});

/** What Escape leaves, the innermost first: each tells whether it was there. */
const LEAVES = [
  () => !selection.isEmpty && (selection.clear(), true),
  () => adding.isOpen && (adding.close(), true),
  () => library.query !== '' && (library.clear(), true),
  () => like.isShown && (leaveLike(), true),
];

document.addEventListener('keydown', (event) => {
  if (event.isComposing || document.querySelector(':modal')) {
    return;
  }
  const typing = /** @type {Element} */ (event.target).matches('input, textarea');
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && adding.isOpen) {
    event.preventDefault();
    adding.save();
  } else if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    library.focus();
  } else if (event.key === 'Escape' && !document.querySelector(':popover-open')) {
    if (LEAVES.some((leave) => leave())) {
      event.preventDefault();
    }
  }
});

listenForUndo();
start();
library.focus();
