/** The viewer: a snapshot, what is known of it, its versions and what it lacks. */
import { api } from '../lib/api.js';
import { $, el } from '../lib/dom.js';
import { HostError, asHostError } from '../lib/errors.js';
import { failureList } from '../lib/failures.js';
import * as format from '../lib/format.js';
import { Host } from '../lib/host.js';
import { language, localize, plural, t } from '../lib/i18n.js';
import { startSave, watchSaves } from '../lib/saves.js';
import { errorText, progressText, remedyText } from '../lib/words.js';
import { showInCell } from './cell.js';
import { readSnapshot } from './read.js';

/** @typedef {import('../lib/protocol.js').Snapshot} Snapshot */

localize();

const host = new Host();

/** The snapshot that is shown or on its way. */
let shown = Number(new URLSearchParams(location.search).get('snapshot'));

let reading = new AbortController();

/** @type {string | null} */
let address = null;

/** @param {number} id */
async function show(id) {
  shown = id;
  reading.abort();
  reading = new AbortController();
  const { signal } = reading;
  const bar = $('#loading');
  bar.hidden = false;
  bar.classList.add('unknown');
  try {
    if (!Number.isSafeInteger(id) || id <= 0) {
      throw new HostError('not_found');
    }
    const snapshot = await host.request('snapshots.get', { snapshot: id }, { signal });
    const list = await host.request('snapshots.list', { page: snapshot.page }, { signal });
    showFacts(snapshot, list.snapshots);
    const onProgress = (/** @type {number} */ done, /** @type {number} */ total) => {
      bar.classList.remove('unknown');
      bar.style.setProperty('--done', String(total ? done / total : 1));
    };
    const { file, leftOut } = await readSnapshot(host, id, { onProgress, signal });
    if (!signal.aborted) {
      showFile(file, snapshot, leftOut);
    }
  } catch (error) {
    if (!signal.aborted) {
      showError(asHostError(error));
    }
  } finally {
    bar.hidden = bar.hidden || reading.signal === signal;
  }
}

/**
 * @param {Snapshot} snapshot
 * @param {Snapshot[]} versions - newest first
 */
function showFacts(snapshot, versions) {
  const title = snapshot.title || snapshot.url;
  document.title = `${title} · ${t('name')}`;
  $('#title').textContent = title;
  $('#title').title = title;
  const saved = el('time', {}, format.moment(snapshot.taken, language));
  const site = el('a', { href: snapshot.url, rel: 'noreferrer', dir: 'ltr', title: snapshot.url });
  site.textContent = format.site(snapshot.url);
  $('#facts').replaceChildren(site, ' · ', saved, ` · ${format.bytes(snapshot.bytes, language)}`);
  $('#original').setAttribute('href', snapshot.url);
  const options = versions.map(({ snapshot: id, taken, version }) => {
    const text = t('viewerVersion', version, format.moment(taken, language, 'medium'));
    return el('option', { value: id, selected: id === snapshot.snapshot }, text);
  });
  $('#versions').replaceChildren(...options);
  $('.versions').hidden = versions.length < 2;
  $('#tools').hidden = false;
  showMissing(snapshot);
}

/** @param {Snapshot} snapshot */
function showMissing({ assets, failures = [], state }) {
  const lead =
    assets.failed > 0 ? plural('missingLead', assets.failed, assets.total) : t('pendingLead');
  $('#missing').hidden = state === 'complete';
  $('#missing span').textContent =
    assets.failed > 0 ? plural('missingCount', assets.failed) : t('pendingBadge');
  const list = failureList(failures, assets.failed);
  /** @type {HTMLDetailsElement} */ (list).open = true;
  const parts = [el('p', { class: 'lead' }, lead), failures.length ? list : ''];
  $('#missing-list').replaceChildren(...parts);
  $('#retrying').hidden = true;
  $('#retry').hidden = false;
}

/**
 * @param {Blob} file
 * @param {Snapshot} snapshot
 * @param {number} leftOut
 */
function showFile(file, snapshot, leftOut) {
  const previous = address;
  address = URL.createObjectURL(file);
  showInCell($('#page'), file, address, t('viewerFrame'));
  const left = $('#left-out');
  left.hidden = leftOut === 0;
  $('p', left).textContent = plural('viewerLeftOut', leftOut);
  if (previous) {
    URL.revokeObjectURL(previous);
  }
  const download = $('#download');
  download.setAttribute('href', address);
  download.setAttribute('download', format.fileName(snapshot.title || format.site(snapshot.url)));
  download.removeAttribute('aria-disabled');
}

/** @param {HostError} error */
function showError(error) {
  const message = el(
    'div',
    { class: 'message', role: 'alert' },
    el('img', { src: '/icons/icon.svg', alt: '', width: 44, height: 44 }),
    el('p', { class: 'lead' }, errorText(error)),
    el('p', {}, remedyText(error)),
  );
  if (error.state) {
    const link = el('a', { href: '/welcome/welcome.html', class: 'button primary' }, t('setUp'));
    message.append(el('div', {}, link));
  }
  $('#left-out').hidden = true;
  $('#page').replaceChildren(message);
}

/** @param {import('../lib/saves.js').SaveRecord} record */
function onSave({ job, state, progress, error }) {
  if (job.kind !== 'retry' || job.snapshot !== shown) {
    return;
  }
  const { done = 0, total = 0 } = progress;
  const running = state === 'running';
  $('#retrying').hidden = state === 'done';
  $('#retrying .bar').hidden = !running;
  $('#retrying .bar').classList.toggle('unknown', total === 0);
  $('#retrying .bar').style.setProperty('--done', String(total ? done / total : 0));
  $('#retrying p').textContent = error ? errorText(error) : progressText(progress);
  $('#retry').hidden = running;
  if (state === 'done') {
    show(shown);
  }
}

$('#versions').addEventListener('change', (event) => {
  const { value } = /** @type {HTMLSelectElement} */ (event.target);
  history.replaceState(null, '', `?snapshot=${value}`);
  show(Number(value));
});

$('#retry').addEventListener('click', () => {
  const url = $('#original').getAttribute('href') ?? '';
  startSave({ kind: 'retry', snapshot: shown, url });
});

document.addEventListener('keydown', async (event) => {
  if (event.key !== 'Escape' || event.isComposing || $('#missing-more').matches(':popover-open')) {
    return;
  }
  if (history.length > 1) {
    history.back();
  } else {
    const tab = await api.tabs.getCurrent();
    if (tab?.id !== undefined) {
      api.tabs.remove(tab.id);
    }
  }
});

watchSaves(onSave);
show(shown);
