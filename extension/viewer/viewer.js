/** The viewer: a snapshot, what is known of it, its versions and what it lacks. */
import { api } from '../lib/api.js';

import { $, el } from '../lib/dom.js';
import { HostError, asHostError } from '../lib/errors.js';
import * as format from '../lib/format.js';
import { Host } from '../lib/host.js';
import { localize, plural, t } from '../lib/i18n.js';
import { retryText } from '../lib/report.js';
import { Retry } from '../lib/retry.js';
import { toast } from '../lib/toast.js';
import { faultText } from '../lib/words.js';
import { Download } from './download.js';
import { showFacts } from './facts.js';
import { faultMessage } from './fault.js';
import { Find } from './find.js';
import { Marks } from './marks.js';
import { Modes } from './modes.js';
import { Original, showsPdf } from './original.js';
import { Panel } from './panel.js';
import { Pen } from './pen.js';
import { readSnapshot } from './read.js';
import { showReport } from './report.js';
import { Screen } from './screen.js';
import { offerSimilar } from './similar.js';
import { Zoom } from './zoom.js';

/** @typedef {import('../lib/protocol.js').Snapshot} Snapshot */

localize();

const host = new Host();

const wanted = new URLSearchParams(location.search);

/** The snapshot that is shown or on its way. */
let shown = Number(wanted.get('snapshot'));

/** Its page. */
let page = 0;

/** The highlight that the way here leads to. */
let goal = Number(wanted.get('highlight'));

const marks = new Marks(host, () => panel.show());

const screen = new Screen({
  find: new Find(wanted.get('find') ?? '', () => screen.again()),
  marks,
  onShown: (cell) => {
    zoom.attach(cell.frame);
    if (screen.way === 'pen') {
      pen.attach(cell);
    } else {
      pen.drop();
    }
  },
});

const zoom = new Zoom(() => screen.isReader);

const pen = new Pen({ marks, screen, onLeave: () => modes.take(false) });

const panel = new Panel(marks, {
  shown: () => shown,
  onGo: (highlight) =>
    screen.way === 'pen' ? pen.show(highlight) : screen.goToHighlight(highlight),
  onRemove: (highlight) => pen.removing(highlight),
  onNote: async ({ highlight }, note) => {
    try {
      pen.redraw(await marks.change(highlight, { note }));
    } catch (error) {
      toast(faultText(asHostError(error)));
    }
  },
});

const modes = new Modes({ screen, pen, marks, zoom, panel });

const download = new Download(showError);

offerSimilar(host, () => page);

let reading = new AbortController();

/** Of the snapshot as one file. @type {string | null} */
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
    page = snapshot.page;
    showFacts(snapshot, list.snapshots, asText);
    report(snapshot);
    const onProgress = (/** @type {number} */ done, /** @type {number} */ total) => {
      bar.classList.remove('unknown');
      bar.style.setProperty('--done', String(total ? done / total : 1));
    };
    original?.release();
    original = snapshot.file ? new Original(host, id, snapshot.file) : null;
    download.begin(original, signal);
    await readMarks(signal);
    if (!(await showPdf(snapshot, { onProgress, signal }))) {
      const { file, leftOut } = await readSnapshot(host, id, { onProgress, signal });
      if (!signal.aborted) {
        await showFile(file, snapshot, leftOut);
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
 * The page is shown without its highlights rather than not at all.
 *
 * @param {AbortSignal} signal
 */
async function readMarks(signal) {
  try {
    await marks.read(page, signal);
  } catch (error) {
    if (signal.aborted) {
      throw error;
    }
    marks.clear();
    toast(faultText(asHostError(error)));
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
      download.offer(url, original.name);
      $('#left-out').hidden = true;
      leave();
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

/** Nothing that can be read as a document is shown. */
function leave() {
  pen.drop();
  screen.leave();
  marks.placed(new Map());
  modes.dress();
}

/** @param {Snapshot} snapshot */
function report(snapshot) {
  showReport(snapshot, {
    read: (offset) => host.request('snapshots.get', { snapshot: snapshot.snapshot, offset }),
    onPrivate: () => retry.startPrivate(),
  });
  retry.offer(retryText(snapshot));
  if (location.hash === '#report') {
    history.replaceState(null, '', location.search);
    $('#report').showPopover();
  }
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
async function showFile(file, snapshot, leftOut) {
  const previous = address;
  // Opened in a tab it would have the origin of the extension: it is to be downloaded, not to be read.
  address = URL.createObjectURL(file.slice(0, file.size, 'application/octet-stream'));
  const left = $('#left-out');
  left.hidden = leftOut === 0;
  $('p', left).textContent = plural('viewerLeftOut', leftOut);
  if (previous) {
    URL.revokeObjectURL(previous);
  }
  if (!snapshot.file) {
    download.offer(address, format.fileName(snapshot.title || format.site(snapshot.url)));
  }
  screen.take({ file, isMade: Boolean(snapshot.file), snapshot });
  await modes.begin();
  const isWanted = goal > 0;
  if (isWanted) {
    screen.goToHighlight(goal);
  }
  await screen.again();
  if (isWanted && !marks.placeOf(goal)) {
    panel.toggle(true);
  }
  goal = 0;
}

/** @param {HostError} error */
function showError(error) {
  $('#left-out').hidden = true;
  leave();
  $('#page').replaceChildren(faultMessage(error));
}

$('#form').addEventListener('click', () => {
  asText = !asText;
  show(shown);
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
  if (screen.way === 'pen') {
    modes.take(false);
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
