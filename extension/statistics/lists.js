/** Statistics in lists: what takes how much, and how many pages are in which state. */
import { $, el } from '../lib/dom.js';
import { bytes } from '../lib/format.js';
import { language, plural, t } from '../lib/i18n.js';
import { kindText } from '../lib/words.js';
import { rankedTable } from './plots.js';

/** @typedef {import('../lib/protocol.js').Statistics} Statistics */
/** @typedef {import('./plots.js').Rank} Rank */

/** Rows of a list before the rest is asked for. */
const FEW = 8;

const numbers = new Intl.NumberFormat(language);
const percents = new Intl.NumberFormat(language, { style: 'percent' });
const tenths = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });

/** @param {number} size */
const sized = (size) => bytes(size, language);

/**
 * @param {string} query
 * @returns {string} where the library shows what it finds
 */
export const search = (query) => `/library/library.html?q=${encodeURIComponent(query)}`;

/**
 * A part of a whole. What is there is never said to be nothing, and what is not all never to be all.
 *
 * @param {number} part
 * @param {number} whole
 */
function shareText(part, whole) {
  const share = part / whole;
  if (share > 0 && share < 0.0005) {
    return `<${tenths.format(0.001)}`;
  }
  if (share < 1 && share >= 0.9995) {
    return `>${tenths.format(0.999)}`;
  }
  return share < 0.01 || share > 0.99 ? tenths.format(share) : percents.format(share);
}

/** @param {Statistics} all */
export function showLists(all) {
  showSaved(all.bytes);
  showKinds(all.kinds);
  showTop(all);
  showStates(all);
}

/**
 * What each step took away from the one before it, as bars from the same zero.
 *
 * @param {Statistics['bytes']} bytes
 */
function showSaved({ file, stored, unpacked, referenced }) {
  const steps = [
    [t('statisticsEach'), referenced],
    [t('statisticsOnce'), unpacked],
    [t('statisticsPacked'), stored],
    [t('statisticsWhole'), file],
  ];
  const ranks = steps.map(([name, value]) => ({
    name: String(name),
    value: Number(value),
    shown: sized(Number(value)),
  }));
  const gain = referenced - file;
  $('#saved-lead').textContent =
    gain > 0
      ? t('statisticsGain', sized(gain), shareText(gain, referenced))
      : t('statisticsNoGain');
  const heads = /** @type {const} */ ([t('statisticsStep'), t('statisticsBytesHead')]);
  $('#saved-table').replaceChildren(rankedTable(t('statisticsSaved'), heads, ranks));
}

/** What the kinds are called that no report of a snapshot names. */
const KINDS = new Map([
  ['document', () => t('statisticsKindDocument')],
  ['text', () => t('statisticsKindText')],
  ['thumbnail', () => t('statisticsKindThumbnail')],
  ['unused', () => t('statisticsKindUnused')],
]);

/** @param {Statistics['kinds']} kinds */
function showKinds(kinds) {
  const ranks = kinds
    .filter(({ stored }) => stored > 0)
    .sort((a, b) => b.stored - a.stored)
    .map(({ kind, count, stored }) => ({
      name: KINDS.get(kind)?.() ?? kindText(kind),
      more: plural('statisticsFiles', count),
      value: stored,
      shown: sized(stored),
    }));
  const heads = /** @type {const} */ ([t('statisticsKindHead'), t('statisticsBytesHead')]);
  $('#kinds-table').replaceChildren(rankedTable(t('statisticsKinds'), heads, ranks));
}

/**
 * A list of which the first are shown, and the others when they are asked for.
 *
 * @param {string} id
 * @param {string} caption
 * @param {readonly [string, string]} heads
 * @param {Rank[]} ranks
 */
function showList(id, caption, heads, ranks) {
  const place = $(id);
  /** @type {HTMLElement} */ (place.closest('section')).hidden = ranks.length === 0;
  const most = Math.max(...ranks.map(({ value }) => value));
  const draw = (/** @type {number} */ count) =>
    place.replaceChildren(rankedTable(caption, heads, ranks.slice(0, count), most));
  draw(FEW);
  if (ranks.length > FEW) {
    const onclick = () => {
      draw(ranks.length);
      place.querySelectorAll('a')[FEW]?.focus();
    };
    const attributes = { type: 'button', class: 'link-button', onclick };
    place.append(el('button', attributes, plural('statisticsMore', ranks.length)));
  }
}

/** @param {Statistics} all */
function showTop({ largest, sites }) {
  const pages = largest.map(({ page, title, site, bytes: size }) => ({
    name: title.trim() || site,
    more: title.trim() && site,
    href: `/page/page.html?page=${page}`,
    value: size,
    shown: sized(size),
  }));
  const heads = /** @type {const} */ ([t('statisticsPageHead'), t('statisticsBytesHead')]);
  showList('#largest-table', t('statisticsLargest'), heads, pages);
  const hosts = sites.map(({ site, pages: count, bytes: size }) => ({
    name: site,
    more: plural('pageCount', count),
    href: search(`site:${site}`),
    value: size,
    shown: sized(size),
  }));
  const siteHeads = /** @type {const} */ ([t('statisticsSiteHead'), t('statisticsBytesHead')]);
  showList('#sites-table', t('statisticsSites'), siteHeads, hosts);
}

/**
 * Parts of a whole: the bar of each is its share.
 *
 * @param {string} id
 * @param {string} caption
 * @param {[string, number, Rank['tone'], string?][]} parts
 */
function showShares(id, caption, parts) {
  const whole = parts.reduce((sum, [, count]) => sum + count, 0);
  const ranks = parts
    .filter(([, count]) => count > 0)
    .map(([name, count, tone, query]) => ({
      ...{ name, tone, value: count },
      shown: numbers.format(count),
      more: shareText(count, whole),
      href: query ? search(query) : null,
    }));
  /** @type {HTMLElement} */ ($(id).closest('section')).hidden = ranks.length === 0;
  const heads = /** @type {const} */ ([t('statisticsStateHead'), t('statisticsPagesHead')]);
  $(id).replaceChildren(rankedTable(caption, heads, ranks, whole));
}

/** @param {Statistics} all */
function showStates({ health, states }) {
  showShares('#health-table', t('statisticsHealth'), [
    [t('statisticsHealthOk'), health.ok, 'good'],
    [t('statisticsHealthMoved'), health.moved, 'warn', 'is:moved'],
    [t('statisticsHealthChanged'), health.changed, 'warn', 'is:changed'],
    [t('healthGone'), health.gone, 'bad', 'is:broken'],
    [t('healthError'), health.error, 'bad', 'is:broken'],
    [t('statisticsHealthWalled'), health.walled, 'none'],
    [t('statisticsHealthUnchecked'), health.unchecked, 'none'],
  ]);
  showShares('#states-table', t('statisticsStates'), [
    [t('statisticsComplete'), states.complete, 'good', 'is:complete'],
    [t('statisticsIncomplete'), states.incomplete, 'warn', 'is:incomplete'],
    [t('statisticsPending'), states.pending, 'none', 'is:pending'],
  ]);
}
