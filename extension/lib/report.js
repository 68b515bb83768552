/**
 * What a snapshot kept, what it lacks and why, in full and in a few words. The way to get what is
 * missing stands below it (lib/retry.js); styles/report.css draws both.
 */
import { el, icon } from './dom.js';
import { byReason, fileList } from './failures.js';
import * as format from './format.js';
import { language, plural, t } from './i18n.js';
import { mayReadAllSites } from './sites.js';
import { kindText, noteText } from './words.js';

/** @typedef {import('./protocol.js').Failure} Failure */
/** @typedef {import('./protocol.js').KindCount} KindCount */
/** @typedef {import('./protocol.js').Snapshot} Snapshot */

/** Lists of so few files are open from the beginning. */
const FEW = 10;

/** The snapshot that is reported on. @type {Snapshot | null} */
let reported = null;

/** Where its list goes on, or null. @type {number | null} */
let next = null;

/**
 * A page shows one report: what it showed before is left behind.
 *
 * @param {HTMLElement} place
 * @param {Snapshot} snapshot - with the first part of its lists
 * @param {object} options
 * @param {(offset: number) => Promise<Snapshot>} options.read - the part from there on
 * @param {() => void} options.onPrivate - the person lets the page have what is in the private network
 */
export function fillReport(place, snapshot, { read, onPrivate }) {
  reported = snapshot;
  next = snapshot.next ?? null;
  const failures = [...(snapshot.failures ?? [])];
  const leftOut = [...(snapshot.left_out ?? [])];
  const missing = el('div', {});
  const left = el('div', {});
  const fill = () => {
    missing.replaceChildren(...missingPart(failures, snapshot));
    left.replaceChildren(...leftOutPart(leftOut));
  };
  fill();
  const rest = el('button', { type: 'button', class: 'link-button' }, t('reportNext'));
  rest.hidden = next === null;
  rest.addEventListener('click', async () => {
    try {
      const part = await read(next ?? 0);
      if (reported !== snapshot) {
        return;
      }
      failures.push(...(part.failures ?? []));
      leftOut.push(...(part.left_out ?? []));
      next = part.next ?? null;
      fill();
      rest.hidden = next === null;
    } catch {
      rest.replaceWith(el('p', { role: 'alert' }, t('reportFailed')));
    }
  });
  const { kinds = [], notes = [] } = snapshot;
  const parts = [lead(snapshot), kindTable(kinds), missing, rest, left, notesPart(notes)];
  place.replaceChildren(...parts);
  offerSession(snapshot, missing);
  if (snapshot.failures?.some(({ name }) => name === 'private')) {
    const allow = el('button', { type: 'button', class: 'link-button' }, t('reportPrivateAllow'));
    allow.addEventListener('click', onPrivate);
    missing.after(el('p', { class: 'hint' }, t('reportPrivate'), ' ', allow));
  }
}

/**
 * What there is to fetch, as the words of the button that does.
 *
 * @param {Snapshot} snapshot
 * @returns {string} empty when there is nothing
 */
export function retryText({ state, kinds = [] }) {
  if (state !== 'complete') {
    return t('retryMissing');
  }
  return sum(kinds, 'left_out') > 0 ? t('retryLeftOut') : '';
}

/**
 * @param {Snapshot} snapshot
 * @returns {string} how it stands, in a few words
 */
export function reportText(snapshot) {
  return snapshot.state === 'complete' ? keptText(snapshot) : missingText(snapshot);
}

/** @param {Snapshot} snapshot */
function missingText({ assets: { failed } }) {
  return failed > 0 ? plural('missingCount', failed) : t('pendingBadge');
}

/** @param {Snapshot} snapshot */
function keptText({ assets: { total }, kinds = [] }) {
  const leftOut = sum(kinds, 'left_out');
  if (leftOut > 0) {
    return `${plural('keptCount', total - leftOut)} · ${plural('leftOutCount', leftOut)}`;
  }
  return total > 0 ? plural('keptAll', total) : t('keptNone');
}

/** @param {Snapshot} snapshot */
function lead(snapshot) {
  const { assets, state } = snapshot;
  if (state === 'complete') {
    return el('p', { class: 'strip good' }, icon('check'), keptText(snapshot));
  }
  const words =
    assets.failed > 0 ? plural('missingLead', assets.failed, assets.total) : t('pendingLead');
  return el('p', { class: 'strip warn' }, icon('warn'), words);
}

/** @param {KindCount[]} kinds */
function kindTable(kinds) {
  const lacks = sum(kinds, 'failed') + sum(kinds, 'left_out') > 0;
  const rows = [...kinds]
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ kind, kept, failed, left_out: leftOut, bytes }) => {
      const lack = [
        failed > 0 ? el('span', { class: 'lack' }, t('reportMissing', number(failed))) : '',
        leftOut > 0 ? el('span', {}, plural('leftOutCount', leftOut)) : '',
      ];
      return el(
        'tr',
        {},
        el('th', { scope: 'row' }, kindText(kind)),
        el('td', {}, number(kept)),
        el('td', {}, bytes > 0 ? format.bytes(bytes, language) : '–'),
        lacks ? el('td', {}, ...lack.filter(Boolean)) : null,
      );
    });
  const columns = ['reportKind', 'reportKept', 'reportSize', ...(lacks ? ['reportLack'] : [])];
  const heads = columns.map((key) => el('th', { scope: 'col' }, t(key)));
  const caption = el('caption', { class: 'visually-hidden' }, t('reportKinds'));
  const head = el('thead', {}, el('tr', {}, ...heads));
  return el('table', { hidden: rows.length === 0 }, caption, head, el('tbody', {}, ...rows));
}

/**
 * @param {Failure[]} failures
 * @param {Snapshot} snapshot
 */
function missingPart(failures, { assets }) {
  if (failures.length === 0) {
    return [];
  }
  const few = Math.max(assets.failed, failures.length) <= FEW;
  const groups = [...byReason(failures)].map(([reason, files]) => {
    const count = `${number(files.length)}${next === null ? '' : '+'}`;
    const summary = el('summary', {}, reason, el('span', { class: 'count' }, count));
    return el('details', { class: 'group', open: few }, summary, fileList(files));
  });
  return [el('h3', {}, t('reportWhy')), ...groups];
}

/** @param {Failure[]} leftOut */
function leftOutPart(leftOut) {
  if (leftOut.length === 0) {
    return [];
  }
  const text = el('p', {}, t('reportLeftOutText'), ' ', settingsLink('reportLimit'));
  return [el('h3', {}, t('reportLeftOut')), text, fileList(leftOut)];
}

/** @param {{ name: string, count: number }[]} notes */
function notesPart(notes) {
  const lines = notes
    .filter(({ count }) => count > 0)
    .map(noteText)
    .filter(Boolean);
  const list = el('ul', { class: 'notes' }, ...lines.map((line) => el('li', {}, line)));
  return el('div', { hidden: lines.length === 0 }, el('h3', {}, t('reportNotes')), list);
}

/**
 * Says that a permission may help, where it may.
 *
 * @param {Snapshot} snapshot
 * @param {HTMLElement} place
 */
async function offerSession(snapshot, place) {
  const helps = snapshot.failures?.some(isRefused) || snapshot.notes?.some(isForeign);
  if (helps && !(await mayReadAllSites()) && reported === snapshot) {
    place.after(el('p', { class: 'hint' }, t('reportSession'), ' ', settingsLink('reportAllow')));
  }
}

/** @param {Failure} failure */
const isRefused = ({ name, status = 0 }) => name === 'status' && status !== 404 && status !== 410;

/** @param {{ name: string, count: number }} note */
const isForeign = ({ name, count }) => name === 'frames_unread' && count > 0;

/** @param {'reportLimit' | 'reportAllow'} words */
function settingsLink(words) {
  return el('a', { href: '/options/options.html', target: '_blank' }, t(words));
}

/**
 * @param {KindCount[]} kinds
 * @param {'kept' | 'failed' | 'left_out' | 'bytes'} what
 */
function sum(kinds, what) {
  return kinds.reduce((all, kind) => all + kind[what], 0);
}

/** @param {number} count */
const number = (count) => new Intl.NumberFormat(language).format(count);
