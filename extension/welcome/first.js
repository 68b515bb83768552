/** Leads through the first snapshot, and notices when there is one: by the toolbar button or from here. */
import { api } from '../lib/api.js';
import { $, el, linkButton, setBar, strip } from '../lib/dom.js';
import { shortUrl, typedUrl } from '../lib/format.js';
import { plural, t } from '../lib/i18n.js';
import { cancelSave, saveId, startSave, watchSaves } from '../lib/saves.js';
import { viewerPath } from '../lib/viewerlink.js';
import { faultText, progressText } from '../lib/words.js';

/** @typedef {import('../lib/saves.js').SaveRecord} SaveRecord */

const POPUP = '_execute_action';

/** @type {HTMLInputElement} */
const field = $('#first-url');

let isDone = false;

/** Where the button is and which keys press it, as far as this browser tells. */
async function showWhere() {
  const [commands, place] = await Promise.all([
    api.commands.getAll(),
    api.action.getUserSettings?.() ?? {},
  ]);
  const key = commands.find(({ name }) => name === POPUP)?.shortcut;
  const isHidden = /** @type {any} */ (place).isOnToolbar === false;
  const where = t(isHidden ? 'welcomeHidden' : 'welcomeMayBeHidden');
  $('#first-where').textContent = key ? t('welcomeWhere', where, t('welcomeKey', key)) : where;
}

/** @param {SaveRecord} record */
function showRunning({ id, progress }) {
  const { done = 0, total = 0 } = progress;
  const bar = el('div', { class: 'bar', role: 'progressbar' }, el('div'));
  bar.setAttribute('aria-label', t('welcomeTry'));
  setBar(bar, done, total);
  $('#first-outcome').replaceChildren(
    el(
      'div',
      { class: 'running' },
      el('p', {}, progressText(progress)),
      bar,
      linkButton(t('cancel'), () => cancelSave(id)),
    ),
  );
}

/** @param {SaveRecord} record */
function showFailed({ error, job }) {
  const why = el('p', { dir: 'auto' }, shortUrl(job.url));
  const text = faultText(error ?? { name: 'internal' });
  $('#first-outcome').replaceChildren(strip('warn', 'error', text, why));
}

/**
 * @param {string} lead
 * @param {string} title
 * @param {number | null} snapshot
 */
function showDone(lead, title, snapshot) {
  isDone = true;
  $('#first').hidden = true;
  $('#done').hidden = false;
  $('#done-lead').textContent = lead;
  $('#done-title').textContent = title;
  $('#done-view').hidden = snapshot === null;
  $('#done-library').classList.toggle('primary', snapshot === null);
  $('#done-view').setAttribute('href', `/${viewerPath(snapshot ?? 0)}`);
  $('#way').dataset.at = '3';
}

/** @param {SaveRecord} record */
function accept(record) {
  if (isDone || $('#first').hidden) {
    return;
  }
  if (record.state === 'running') {
    showRunning(record);
  } else if (record.state === 'failed' || !record.result) {
    showFailed(record);
  } else {
    const { title = '', url } = /** @type {import('../lib/saves.js').TabJob} */ (record.job);
    showDone(t('welcomeDone'), title.trim() || shortUrl(url), record.result.snapshot);
    $('#done-name').focus();
  }
}

/** @param {SubmitEvent} event */
async function submit(event) {
  event.preventDefault();
  const text = field.value.trim();
  const url = typedUrl(text) ?? typedUrl(`https://${text}`);
  if (!url) {
    field.focus();
    $('#first-outcome').replaceChildren(el('p', { class: 'hint' }, t('errorUrl')));
    return;
  }
  /** @type {import('../lib/saves.js').LinkJob} */
  const job = { kind: 'link', url };
  accept({
    ...{ id: saveId(job), job, worker: '', state: 'running', started: Date.now() },
    progress: { stage: 'start' },
  });
  await startSave(job);
}

/**
 * The library is there.
 *
 * @param {number} pages - that it holds
 * @param {boolean} isReadonly
 */
export function showFirst(pages, isReadonly) {
  if (isDone) {
    return;
  }
  if (pages > 0) {
    showDone(plural('welcomeHolds', pages), '', null);
    return;
  }
  $('#first').hidden = isReadonly;
  $('#way').dataset.at = '2';
}

/** The host went away: there is nothing to lead through. */
export function hideFirst() {
  isDone = false;
  $('#first').hidden = true;
  $('#done').hidden = true;
  $('#way').dataset.at = '1';
}

$('#first-link').addEventListener('submit', submit);
watchSaves(accept);
showWhere();
