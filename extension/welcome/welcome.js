/**
 * The first page a person sees, and the one that helps when the host cannot be reached: it says how
 * things stand and what to type, notices by itself when the host answers, and then leads through the
 * first snapshot.
 */
import { $, el, icon } from '../lib/dom.js';
import { showDiagnosis } from '../lib/doctorview.js';
import { asHostError } from '../lib/errors.js';
import { Host } from '../lib/host.js';
import { localize, t } from '../lib/i18n.js';
import { errorText } from '../lib/words.js';
import { hideFirst, showFirst } from './first.js';
import { showState } from './states.js';

/**
 * How long after a look the next one follows: soon while something is being done, later the longer
 * nothing has changed, and at once when somebody comes back to the page.
 */
const SOON_MS = 1500;
const READY_MS = 10_000;
const LATE_MS = 20_000;
const SHARE = 1 / 40;

/** An answer that comes sooner needs no word that it is waited for. */
const SLOW_MS = 300;

localize();
document.title = `${t('welcomeTitle')} · ${t('name')}`;

const details = /** @type {HTMLDetailsElement} */ ($('#doctor'));

/** What is shown, so that looking again does not disturb what is being read. */
let shown = '';

/** Since when that is so, or somebody has been away. */
let since = Date.now();

/** Ends the pause that is being made. */
let wake = () => {};

/** @param {import('../lib/protocol.js').Hello} hello */
function showReady({ version, store }) {
  const isReady = store.state === 'ready';
  const fault = { name: store.error?.name ?? 'store' };
  const lead = store.state === 'readonly' ? 'storeReadonlyLead' : 'storeErrorLead';
  $('#state').replaceChildren(
    isReady
      ? el('h2', { class: 'good' }, icon('check'), t('welcomeReady'))
      : el('h2', { class: 'warn' }, icon('warn'), t(lead)),
    isReady ? '' : el('p', {}, errorText(fault)), // what helps is said by the doctor below
    el('p', {}, t('welcomeReadyText', version)),
    el('p', { class: 'path' }, store.path ?? ''),
  );
  details.hidden = false;
  details.open = !isReady;
  if (store.state === 'error') {
    hideFirst();
  } else {
    showFirst(store.pages ?? 0, store.state === 'readonly');
  }
}

/** @returns {Promise<boolean>} whether the host answers */
async function check() {
  const host = new Host();
  let found = '';
  let isThere = false;
  let show = () => {};
  try {
    const hello = await host.hello();
    const { state, error, pages = 0 } = hello.store;
    found = [hello.version, state, error?.name, pages > 0].join(' ');
    show = () => showReady(hello);
    isThere = state === 'ready';
  } catch (thrown) {
    const state = asHostError(thrown).state ?? 'broken';
    found = state;
    show = () => {
      details.hidden = true;
      hideFirst();
      showState(state);
    };
  } finally {
    host.close();
  }
  if (found !== shown) {
    shown = found;
    since = Date.now();
    show();
  }
  return isThere;
}

/** Looks again and again while somebody is looking. */
async function watch() {
  for (;;) {
    const isThere = await check();
    await new Promise((resolve) => {
      wake = () => resolve(undefined);
      if (!document.hidden) {
        const ms = Math.max(isThere ? READY_MS : SOON_MS, (Date.now() - since) * SHARE);
        setTimeout(resolve, Math.min(ms, LATE_MS));
      }
    });
  }
}

/** Somebody is back, perhaps from the terminal. */
function lookAgain() {
  if (!document.hidden) {
    since = Date.now();
    wake();
  }
}

details.addEventListener('toggle', () => details.open && showDiagnosis($('#doctor-findings')));
setTimeout(() => {
  if (!shown) {
    $('#state').replaceChildren(el('p', {}, t('welcomeChecking')));
  }
}, SLOW_MS);
document.addEventListener('visibilitychange', lookAgain);
window.addEventListener('focus', lookAgain);
hideFirst();
watch();
