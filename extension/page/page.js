/** One saved page: its versions, what changed between them, what is missing, its note and highlights. */
import { $, el } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import { Host } from '../lib/host.js';
import { localize, t } from '../lib/i18n.js';
import { straight } from '../lib/outside.js';
import { fillReport, retryText } from '../lib/report.js';
import { Retry } from '../lib/retry.js';
import { siteNav } from '../lib/sitenav.js';
import { startPage } from '../lib/stopped.js';
import { loadColours } from '../lib/tagcolours.js';
import { toast } from '../lib/toast.js';
import { listenForUndo } from '../lib/undo.js';
import { errorText, faultText, remedyText } from '../lib/words.js';
import { Changes } from './changes.js';
import { Note } from './note.js';
import { About } from './about.js';
import { PageMarks } from './marks.js';
import { showHealth, showHops, showSimilar } from './link.js';
import { Timeline } from './timeline.js';

/** @typedef {import('../lib/protocol.js').Page} Page */
/** @typedef {import('../lib/protocol.js').Snapshot} Snapshot */

const host = new Host();
host.hello().catch(() => {}); // starts the host now; start() deals with what it says
/** For what takes long: nothing else waits behind it. */
const other = new Host();
localize();
$('.site-nav-place').append(siteNav(null));

const id = Number(new URLSearchParams(location.search).get('page'));

/** @type {Page | null} */
let page = null;

/** What the address names. */
let asked = named(location.hash) ?? { from: 0, to: 0 };

/** The version that is told of. */
let shown = 0;

/** What it is compared with; 0: the one before. */
let compared = 0;

const changes = new Changes(other, (from, to) => {
  location.hash = `#diff=${from}-${to}`;
});
const about = new About({ host, other, onChanged: show, onSaved: load });
const note = new Note(host, show);
const marks = new PageMarks(host);
const timeline = new Timeline(host, load);
const retry = new Retry({
  shown: () => ({ snapshot: shown, url: page?.url ?? '' }),
  onEnd: () => load(),
});

/** Reads the page, and shows it where it has changed. */
async function load() {
  try {
    show(await host.request('pages.get', { page: id }));
    await timeline.loadTrashed(id);
  } catch (error) {
    toast(faultText(asHostError(error)));
  }
}

/** @param {Page} now */
function show(now) {
  page = { ...now, snapshots: now.snapshots ?? page?.snapshots ?? [] };
  document.title = [straight(page.title || page.url), t('name')].join(' · ');
  about.show(page);
  note.show(page);
  showHealth(page);
  choose();
}

/** Shows the version that the address names, else the latest. */
function choose() {
  const versions = page?.snapshots ?? [];
  const { from, to } = asked;
  const has = (/** @type {number} */ snapshot) => versions.some((one) => one.snapshot === snapshot);
  const latest = versions[0]?.snapshot ?? 0;
  const wanted = has(to) ? to : latest;
  const place = versions.findIndex(({ snapshot }) => snapshot === wanted);
  const before = versions[place + 1]?.snapshot ?? versions[place - 1]?.snapshot ?? 0;
  compared = has(from) && from !== wanted ? from : before;
  timeline.show(versions, { shown: wanted, compared, isReadonly: about.isReadonly });
  // The oldest has none before it: then it is told what came after.
  const isOldest = place === versions.length - 1 && !has(from);
  const pair = isOldest ? { from: wanted, to: compared } : { from: compared, to: wanted };
  changes.offer(versions, compared ? pair : null);
  const isNew = wanted !== shown;
  shown = wanted;
  if (isNew) {
    retry.reset();
  }
  readReport(wanted);
}

/**
 * @param {string} hash - of the address
 * @returns {{ from: number, to: number } | null} snapshots, 0: none is named; null: it is about
 *   something else
 */
function named(hash) {
  const found = /^#(?:diff=(\d+)-|version=)(\d+)$/.exec(hash);
  if (!found && hash) {
    return null;
  }
  return { from: Number(found?.[1] ?? 0), to: Number(found?.[2] ?? 0) };
}

/** @param {number} snapshot */
async function readReport(snapshot) {
  if (!snapshot) {
    return;
  }
  try {
    const one = await host.request('snapshots.get', { snapshot });
    if (snapshot !== shown) {
      return;
    }
    const read = (/** @type {number} */ offset) =>
      host.request('snapshots.get', { snapshot, offset });
    fillReport($('#report-body'), one, { read, onPrivate: () => retry.startPrivate() });
    $('#report-version').textContent = t('versionName', one.version);
    retry.offer(about.isReadonly ? '' : retryText(one));
    showHops(one);
  } catch (error) {
    $('#report-body').replaceChildren(el('p', { role: 'alert' }, errorText(asHostError(error))));
  }
}

async function start() {
  const timer = setTimeout(() => {
    $('#loading').hidden = false;
  }, 300);
  await startPage(host, { show: begin, fail: showNone, start });
  clearTimeout(timer);
  $('#loading').hidden = true;
}

/** @param {boolean} isReadonly */
async function begin(isReadonly) {
  about.isReadonly = isReadonly;
  note.isReadonly = isReadonly;
  show(await host.request('pages.get', { page: id }));
  $('#page').hidden = false;
  const more = [marks.load(id, isReadonly), timeline.loadTrashed(id), showSimilar(host, id)];
  await Promise.allSettled([...more, loadColours(host)]);
}

/** @param {import('../lib/errors.js').HostError} fault */
function showNone(fault) {
  const words =
    fault.name === 'not_found' || fault.name === 'params' ? t('pageNone') : errorText(fault);
  const back = el('a', { class: 'button primary', href: '/library/library.html' }, t('pageBack'));
  const lead = el('p', { class: 'lead' }, words);
  const message = el(
    'div',
    { class: 'message', role: 'alert' },
    lead,
    el('p', {}, remedyText(fault)),
  );
  message.append(el('div', {}, back));
  $('#notices').replaceChildren(message);
}

addEventListener('hashchange', () => {
  const now = named(location.hash);
  if (now && page) {
    asked = now;
    choose();
  }
});

document.addEventListener('keydown', (event) => {
  const target = /** @type {Element} */ (event.target);
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (target.matches('input, textarea, select') || document.querySelector(':popover-open')) {
    return;
  }
  const step = /** @type {Record<string, 1 | -1>} */ ({ n: 1, p: -1 })[event.key];
  if (step) {
    event.preventDefault();
    changes.go(step);
  }
});

listenForUndo();
start();
