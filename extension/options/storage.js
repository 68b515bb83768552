/** Where the library is, what it may take, and its trash. */
import { $, el, linkButton, setBar, strip } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import { bytes } from '../lib/format.js';
import { language, plural, t } from '../lib/i18n.js';
import { STATE_KEYS, faultText } from '../lib/words.js';

/** @typedef {import('../lib/host.js').Host} Host */
/** @typedef {import('../lib/protocol.js').Storage} Storage */

const GB = 1e9;

/** What is offered as a limit. */
const OFFERED = [1, 2, 5, 10, 20, 50, 100].map((size) => size * GB);

const COPIED_MS = 2000;

/** Work that is longer shows that it goes on. */
const SLOW_MS = 500;

/** @type {Host} */
let host;

/** @type {(text: string) => void} */
let say;

/** Something is in the way, which somebody may be seeing to. */
let isFaulty = false;

/** @type {HTMLSelectElement} */
const quota = $('#quota');

/** @type {HTMLSelectElement} */
const whenFull = $('#when-full');

/** @param {number} size */
const sized = (size) => bytes(size, language);

/** @param {Storage} storage */
function show({ path, bytes: taken, free, quota: limit, when_full: then }) {
  $('#storage-path').textContent = path;
  $('#storage-sizes').textContent = limit
    ? t('optionsStorageQuota', sized(taken), sized(limit), sized(free))
    : t('optionsStorageSizes', sized(taken), sized(free));
  const share = Math.min(1, taken / (limit || taken + free || 1));
  const meter = $('#storage-meter');
  const isOver = limit > 0 && taken > limit;
  meter.style.setProperty('--share', String(share));
  meter.classList.toggle('over', isOver);
  const over = strip('warn', 'warn', t('optionsStorageOver'), t('optionsStorageOverText'));
  $('#storage-state').replaceChildren(...(isOver ? [over] : []));
  const offered = [...new Set([...OFFERED, ...(limit ? [limit] : [])])].sort((a, b) => a - b);
  quota.replaceChildren(
    el('option', { value: 0 }, t('optionsQuotaNone')),
    ...offered.map((size) => el('option', { value: size }, sized(size))),
  );
  quota.value = String(limit);
  whenFull.value = then;
  $('#when-full-setting').hidden = limit === 0;
  const meaning = { warn: 'optionsFullWarnText', no_media: 'optionsFullMediaText' }[String(then)];
  $('#when-full-text').textContent = t(meaning ?? 'optionsFullRefuseText');
  $('#storage-body').hidden = false;
}

/** @param {Partial<Storage>} changes */
async function change(changes) {
  try {
    show(await host.request('storage.set', changes));
    say(t('savedNow'));
  } catch (thrown) {
    say(faultText(asHostError(thrown)));
    await load();
  }
}

/** @returns {Promise<boolean>} whether there is something in the trash */
async function countTrash() {
  const { pages, snapshots } = await host.request('trash.empty', { count: true });
  const held = pages ? plural('optionsTrashHolds', pages) : '';
  const versions = plural('optionsTrashVersions', snapshots);
  $('#trash-text').textContent = held || (snapshots ? versions : t('optionsTrashNone'));
  $('#trash-question').textContent = plural('optionsTrashAsk', snapshots);
  /** @type {HTMLButtonElement} */ ($('#trash-empty')).disabled = snapshots === 0 && pages === 0;
  return snapshots > 0 || pages > 0;
}

/** @param {boolean} asking */
function ask(asking) {
  $('#trash-ask').hidden = !asking;
  $('#trash-empty').hidden = asking;
}

/** Deletes what is in the trash; what takes long can be stopped. */
async function emptyTrash() {
  const stop = new AbortController();
  const bar = el('div', { class: 'bar', role: 'progressbar', 'aria-label': t('optionsTrash') });
  bar.append(el('div'));
  setBar(bar, 0, 0);
  const line = el('div', { class: 'working' }, bar);
  line.append(linkButton(t('stop'), () => stop.abort()));
  ask(false);
  $('#trash-empty').hidden = true;
  const slow = setTimeout(() => $('#trash-text').replaceChildren(line), SLOW_MS);
  try {
    const { bytes: freed } = await host.request(
      'trash.empty',
      {},
      { signal: stop.signal, onProgress: ({ done = 0, total = 0 }) => setBar(bar, done, total) },
    );
    say(t('optionsTrashDone', sized(freed ?? 0)));
  } catch (thrown) {
    const error = asHostError(thrown);
    say(error.name === 'cancelled' ? t('optionsTrashStopped') : faultText(error));
  } finally {
    clearTimeout(slow);
    $('#trash-empty').hidden = false;
  }
  await load();
}

/** Shows how things are now, or why nobody can know. */
async function load() {
  const state = $('#storage-state');
  try {
    show(await host.request('storage.get'));
    await countTrash();
    const { store } = await host.hello();
    const isReadonly = store.state === 'readonly';
    quota.disabled = isReadonly;
    whenFull.disabled = isReadonly;
    /** @type {HTMLButtonElement} */ ($('#trash-empty')).disabled ||= isReadonly;
    isFaulty = isReadonly;
    if (isReadonly) {
      const why = faultText({ name: store.error?.name ?? 'store_readonly' });
      state.replaceChildren(strip('warn', 'warn', t('storeReadonlyLead'), why));
    }
  } catch (thrown) {
    const error = asHostError(thrown);
    const retry = linkButton(t('checkAgain'), again);
    isFaulty = true;
    $('#storage-body').hidden = true;
    state.replaceChildren(
      error.state
        ? strip(
            'warn',
            'warn',
            t(STATE_KEYS[error.state].title),
            el('p', {}, setUpLink(), ' · ', retry),
          )
        : strip('bad', 'error', faultText(error), retry),
    );
  }
}

const setUpLink = () => el('a', { href: '/welcome/welcome.html' }, t('setUp'));

function again() {
  isFaulty = false;
  host.close();
  load();
}

async function copy() {
  await navigator.clipboard.writeText($('#storage-path').textContent ?? '');
  const words = $('#storage-copy span');
  words.textContent = t('welcomeCopied');
  setTimeout(() => (words.textContent = t('welcomeCopy')), COPIED_MS);
}

/**
 * @param {Host} shared
 * @param {(text: string) => void} tell
 */
export function startStorage(shared, tell) {
  host = shared;
  say = tell;
  quota.addEventListener('change', () => change({ quota: Number(quota.value) }));
  whenFull.addEventListener('change', () =>
    change({ when_full: /** @type {Storage['when_full']} */ (whenFull.value) }),
  );
  $('#storage-copy').addEventListener('click', copy);
  $('#trash-empty').addEventListener('click', () => {
    ask(true);
    $('#trash-no').focus();
  });
  $('#trash-no').addEventListener('click', () => {
    ask(false);
    $('#trash-empty').focus();
  });
  $('#trash-yes').addEventListener('click', emptyTrash);
  $('#trash-ask').addEventListener(
    'keydown',
    ({ key }) => key === 'Escape' && $('#trash-no').click(),
  );
  window.addEventListener('focus', () => isFaulty && again());
  load();
}
