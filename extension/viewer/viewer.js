/** The viewer: a snapshot, what is known of it, its versions and what it lacks. */
import { api } from '../lib/api.js';
import { $, el } from '../lib/dom.js';
import { HostError, asHostError } from '../lib/errors.js';
import * as format from '../lib/format.js';
import { Host } from '../lib/host.js';
import { language, localize, plural, t } from '../lib/i18n.js';
import { docText } from '../lib/jobwords.js';
import { errorText, remedyText } from '../lib/words.js';
import { Find } from './find.js';
import { hopsButton } from './hops.js';
import { Original, showsPdf } from './original.js';
import { readSnapshot } from './read.js';
import { retryText, showReport } from './report.js';
import { Retry } from './retry.js';
import { Screen } from './screen.js';
import { offerSimilar } from './similar.js';

/** @typedef {import('../lib/protocol.js').Snapshot} Snapshot */

localize();

const host = new Host();

const wanted = new URLSearchParams(location.search);

/** The snapshot that is shown or on its way. */
let shown = Number(wanted.get('snapshot'));

/** Its page. */
let page = 0;

const screen = new Screen(new Find(wanted.get('find') ?? '', () => screen.again()));

offerSimilar(host, () => page);

let reading = new AbortController();

/** @type {string | null} */
let address = null;

/** The file that the snapshot was made from, if it was no web page. @type {Original | null} */
let original = null;

/** Of a PDF, its text is shown. */
let asText = false;

const retry = new Retry({
  shown: () => ({ snapshot: shown, url: $('#original').getAttribute('href') ?? '' }),
  onEnd: (hasMore) => (hasMore ? show(shown) : readReport(shown)),
});

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
    original?.release();
    original = snapshot.file ? new Original(host, id, snapshot.file) : null;
    if (!(await showPdf(snapshot, { onProgress, signal }))) {
      const { file, leftOut } = await readSnapshot(host, id, { onProgress, signal });
      if (!signal.aborted) {
        showFile(file, snapshot, leftOut);
      }
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
 * Shows a PDF in the browser's own reader.
 *
 * @param {Snapshot} snapshot
 * @param {{ onProgress: (done: number, total: number) => void, signal: AbortSignal }} options
 * @returns {Promise<boolean>} false where its text is to be shown instead
 */
async function showPdf({ kind }, options) {
  const isPdf = kind === 'pdf' && original !== null;
  $('#form').hidden = !isPdf || !showsPdf();
  $('#no-pdf').hidden = true;
  if (!isPdf || asText) {
    return false;
  }
  try {
    const url = showsPdf() ? await original?.read(options) : null;
    if (url && original && !options.signal.aborted) {
      offer(url, original.name);
      $('#left-out').hidden = true;
      screen.leave();
      $('#page').replaceChildren(el('iframe', { src: url, title: t('viewerFrame') }));
      return true;
    }
  } catch (error) {
    if (options.signal.aborted) {
      throw error;
    }
  }
  $('#no-pdf').hidden = false;
  return false;
}

/**
 * @param {Snapshot} snapshot
 * @param {Snapshot[]} versions - newest first
 */
function showFacts(snapshot, versions) {
  page = snapshot.page;
  const title = snapshot.title || snapshot.url;
  document.title = `${title} · ${t('name')}`;
  $('#title').textContent = title;
  $('#title').title = title;
  const saved = el('time', {}, format.moment(snapshot.taken, language));
  const site = el('a', { href: snapshot.url, rel: 'noreferrer', dir: 'ltr', title: snapshot.url });
  site.textContent = format.site(snapshot.url);
  const { file } = snapshot;
  const size = format.bytes(file?.bytes ?? snapshot.bytes, language);
  const kind = docText(snapshot.kind);
  const facts = [site, saved, kind ? `${kind}, ${size}` : size, hopsButton(snapshot)];
  $('#facts').replaceChildren(...facts.flatMap((fact, i) => (fact ? [i ? ' · ' : '', fact] : [])));
  $('#form .wide').textContent = asText ? t('docPdf') : t('viewerText');
  $('#form').title = t(asText ? 'viewerAsPdf' : 'viewerAsText');
  const download = $('#download');
  download.title = file ? t('viewerDownloadFile', file.name) : t('viewerDownload');
  download.toggleAttribute('href', Boolean(file));
  if (file) {
    download.removeAttribute('aria-disabled');
  }
  $('#original').setAttribute('href', snapshot.url);
  const options = versions.map(({ snapshot: id, taken, version }) => {
    const text = t('viewerVersion', version, format.moment(taken, language, 'medium'));
    return el('option', { value: id, selected: id === snapshot.snapshot }, text);
  });
  $('#versions').replaceChildren(...options);
  $('.versions').hidden = versions.length < 2;
  $('#tools').hidden = false;
  report(snapshot);
  if (location.hash === '#report') {
    history.replaceState(null, '', location.search);
    $('#report').showPopover();
  }
}

/** @param {Snapshot} snapshot */
function report(snapshot) {
  showReport(snapshot, {
    read: (offset) => host.request('snapshots.get', { snapshot: snapshot.snapshot, offset }),
    onPrivate: () => retry.startPrivate(),
  });
  retry.offer(retryText(snapshot));
}

/**
 * Reports anew, while the page stays as it is shown.
 *
 * @param {number} id
 */
async function readReport(id) {
  const snapshot = await host.request('snapshots.get', { snapshot: id }).catch(() => null);
  if (snapshot && id === shown) {
    report(snapshot);
  }
}

/**
 * @param {Blob} file
 * @param {Snapshot} snapshot
 * @param {number} leftOut
 */
function showFile(file, snapshot, leftOut) {
  const previous = address;
  address = URL.createObjectURL(file);
  screen.show(file, Boolean(snapshot.file));
  const left = $('#left-out');
  left.hidden = leftOut === 0;
  $('p', left).textContent = plural('viewerLeftOut', leftOut);
  if (previous) {
    URL.revokeObjectURL(previous);
  }
  if (!snapshot.file) {
    offer(address, format.fileName(snapshot.title || format.site(snapshot.url)));
  }
}

/**
 * @param {string} url
 * @param {string} name
 */
function offer(url, name) {
  const download = $('#download');
  download.setAttribute('href', url);
  download.setAttribute('download', name);
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
  screen.leave();
  $('#page').replaceChildren(message);
}

$('#form').addEventListener('click', () => {
  asText = !asText;
  show(shown);
});

/** An original is read only when somebody wants it. */
$('#download').addEventListener('click', async (event) => {
  const asked = original;
  if (!asked || asked.isRead) {
    return;
  }
  event.preventDefault();
  const words = $('#download .wide');
  const before = words.textContent;
  const onProgress = (/** @type {number} */ done, /** @type {number} */ total) => {
    words.textContent = t('viewerDownloading', total ? Math.round((100 * done) / total) : 100);
  };
  try {
    const url = await asked.read({ onProgress, signal: reading.signal });
    if (asked === original) {
      offer(url, asked.name);
      $('#download').click();
    }
  } catch (error) {
    if (asked === original) {
      showError(asHostError(error));
    }
  } finally {
    words.textContent = before;
  }
});

$('#versions').addEventListener('change', (event) => {
  const { value } = /** @type {HTMLSelectElement} */ (event.target);
  history.replaceState(null, '', `?snapshot=${value}`);
  show(Number(value));
  retry.reset();
});

document.addEventListener('keydown', async (event) => {
  if (event.key !== 'Escape' || event.isComposing || document.querySelector(':popover-open')) {
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

retry.reset();
show(shown);
