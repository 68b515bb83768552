/**
 * The mark of pages that are saved, on the toolbar button: a setting, off at first. Addresses of tabs
 * go to the host on this computer and nowhere else; those of private windows not even there.
 *
 * The listeners are added with all others when the background starts, since a browser wakes it only
 * for those; without the setting they are taken back, so that no change of tabs wakes it again.
 */
import { api } from '../lib/api.js';
import { moment } from '../lib/format.js';
import { language, plural, t } from '../lib/i18n.js';
import { LIMITS } from '../lib/protocol.js';
import { readSettings, watchSettings } from '../lib/settings.js';
import { maySeeTabs, watchSites } from '../lib/sites.js';
import { clip } from '../lib/text.js';
import { showMark, whenFreed } from './badge.js';
import { IdleHost } from './idlehost.js';

/**
 * What is known of an address, as it is kept in storage.session.
 *
 * @typedef {{ url: string, at: number, versions: number, saved: number }} Known - no versions: not saved
 */

const KEY = 'marks';

/** Addresses that are kept, and for how long: pages are trashed elsewhere too. */
const KEPT = 200;
const KEPT_MS = 5 * 60_000;

/** How long the host stays after a question. */
const IDLE_MS = 30_000;

const host = new IdleHost(IDLE_MS);

/** Counts what makes answers stale that are on their way. */
let age = 0;

/** Listens from now on, where the person wishes it. */
export function startMarks() {
  listen();
  watchSettings(change);
  watchSites(change);
  whenFreed(look);
  isOn().then((on) => on || unlisten());
}

/** Pages have been saved, or may have been: what was known of addresses is no longer. */
export async function forgetMarks() {
  age += 1;
  await api.storage.session.remove(KEY);
  if (await isOn()) {
    const tabs = await api.tabs.query({ active: true });
    await Promise.all(tabs.map(({ id }) => id !== undefined && look(id)));
  }
}

async function isOn() {
  const [{ mark }, isAllowed] = await Promise.all([readSettings(), maySeeTabs()]);
  return mark && isAllowed;
}

/** The setting or the permission has changed, perhaps. */
async function change() {
  const on = await isOn();
  if (on) {
    listen();
  } else {
    unlisten();
  }
  const tabs = await api.tabs.query(on ? { active: true } : {});
  await Promise.all(tabs.map(({ id }) => id !== undefined && (on ? look(id) : show(id, null))));
}

function listen() {
  // One that is there already is not added again.
  api.tabs.onActivated.addListener(activated);
  api.tabs.onUpdated.addListener(updated);
}

function unlisten() {
  api.tabs.onActivated.removeListener(activated);
  api.tabs.onUpdated.removeListener(updated);
}

/** @param {{ tabId: number }} info */
function activated({ tabId }) {
  look(tabId);
}

/**
 * @param {number} tabId
 * @param {{ url?: string, status?: string }} change - the browser takes a tab's badge away when its
 *   page is left
 */
function updated(tabId, { url, status }) {
  if (url !== undefined || status === 'complete') {
    look(tabId);
  }
}

/** @param {number} tabId */
async function look(tabId) {
  if (!(await isOn())) {
    return;
  }
  try {
    const url = await addressOf(tabId);
    const known = url ? await find(url) : null;
    if (url === (await addressOf(tabId))) {
      await show(tabId, known);
    }
  } catch {
    // Without a tab, or a host, there is no mark.
  }
}

/**
 * @param {number} tabId
 * @returns {Promise<string>} '' when it is none that could be saved
 */
async function addressOf(tabId) {
  const { url = '', incognito } = await api.tabs.get(tabId);
  const [bare] = url.split('#');
  const isKept = !incognito && /^https?:/.test(bare) && clip(bare, LIMITS.url) === bare;
  return isKept ? bare : '';
}

/**
 * @param {string} url
 * @returns {Promise<Known>}
 */
async function find(url) {
  const now = Date.now();
  const known = (await readKnown()).find((each) => each.url === url);
  if (known && now - known.at < KEPT_MS) {
    return known;
  }
  const asked = age;
  /** @type {import('../lib/protocol.js').Found} */
  const { page, versions = 0, saved = 0, trashed = 0 } = await host.request('pages.find', { url });
  const isSaved = page !== null && !trashed;
  const found = { url, at: now, versions: isSaved ? versions : 0, saved };
  if (asked === age) {
    const others = (await readKnown()).filter((each) => each.url !== url);
    await api.storage.session.set({ [KEY]: [found, ...others].slice(0, KEPT) });
  }
  return found;
}

/** @returns {Promise<Known[]>} */
async function readKnown() {
  const { [KEY]: known } = await api.storage.session.get(KEY);
  return /** @type {Known[] | undefined} */ (known) ?? [];
}

/**
 * @param {number} tabId
 * @param {Known | null} known
 */
async function show(tabId, known) {
  const isSaved = known !== null && known.versions > 0;
  const title = isSaved
    ? t('markTitle', plural('markTimes', known.versions), moment(known.saved, language, 'medium'))
    : t('actionTitle');
  await showMark(tabId, isSaved, title);
}
