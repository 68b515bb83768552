/** What the library holds and takes, drawn. Each plot leads to the search that shows what it counts. */
import { $, el, icon, setBar } from '../lib/dom.js';
import { bytes } from '../lib/format.js';
import { Host } from '../lib/host.js';
import { language, localize, plural, t } from '../lib/i18n.js';
import { siteNav } from '../lib/sitenav.js';
import { startPage } from '../lib/stopped.js';
import { errorText, remedyText } from '../lib/words.js';
import { search, showLists } from './lists.js';
import { spanName, spans } from './months.js';
import { columnPlot } from './plots.js';

/** @typedef {import('../lib/protocol.js').Statistics} Statistics */
/** @typedef {import('./months.js').Span} Span */

/** What takes longer than this shows how far it is. */
const SLOW_MS = 300;

const host = new Host();
host.hello().catch(() => {}); // starts the host now; start() deals with what it says
localize();
document.title = [t('statisticsTitle'), t('libraryTitle'), t('name')].join(' · ');
$('.site-nav-place').append(siteNav('statistics'));

const numbers = new Intl.NumberFormat(language);
const compact = new Intl.NumberFormat(language, { notation: 'compact' });

/** @param {number} size */
const sized = (size) => bytes(size, language);

/** @type {AbortController} */
let counting;

/** @param {Statistics} all */
function showFigures(all) {
  const figures = [
    [numbers.format(all.pages), plural('statisticsPages', all.pages), search('')],
    [numbers.format(all.snapshots), plural('statisticsSnapshots', all.snapshots)],
    [sized(all.bytes.file), t('statisticsFile')],
    [
      numbers.format(all.highlights),
      plural('statisticsHighlights', all.highlights),
      '/highlights/highlights.html',
    ],
    [numbers.format(all.tags), plural('statisticsTags', all.tags), '/tags/tags.html'],
    [numbers.format(all.trashed), t('statisticsTrashed'), search('is:trashed')],
  ];
  $('#figures').replaceChildren(
    ...figures.map(([figure, words, href]) => {
      const value = href ? el('a', { href }, figure) : figure;
      return el('div', {}, el('dt', {}, words), el('dd', {}, value));
    }),
  );
}

/**
 * @param {Span} span
 * @param {string} what
 */
function said(span, what) {
  const name = spanName(span, language);
  return t('statisticsSpan', span.isNow ? t('statisticsSoFar', name) : name, what);
}

/** @param {Span[]} all */
function showMonths(all) {
  const month = new Intl.DateTimeFormat(language, { month: 'short' });
  const year = new Intl.DateTimeFormat(language, { year: 'numeric' });
  const plot = (
    /** @type {string} */ selector,
    /** @type {'pages' | 'bytes'} */ what,
    look = {},
  ) => {
    const words = (/** @type {number} */ value) =>
      what === 'pages' ? plural('pageCount', value) : sized(value);
    const columns = all.map((span, i) => {
      const begin = new Date(span.year, Math.max(0, span.month - 1), 1);
      const isFirst = i === 0 || all[i - 1].year !== span.year;
      return {
        value: span[what],
        said: said(span, words(span[what])),
        shown: what === 'pages' ? numbers.format(span.pages) : sized(span.bytes),
        tick: (span.month ? month : year).format(begin),
        year: isFirst && span.month ? year.format(begin) : '',
        href: search(`on:${span.key}`),
        isNow: span.isNow,
      };
    });
    const total = all.reduce((sum, span) => sum + span[what], 0);
    const scale = what === 'pages' ? compact.format : sized;
    columnPlot($(selector), columns, { height: 190, scale, said: words(total), ...look });
  };
  plot('#months-pages', 'pages');
  plot('#months-bytes', 'bytes', { height: 160 });
  showMonthsTable(all);
}

/** @param {Span[]} all */
function showMonthsTable(all) {
  const heads = [
    'statisticsWhen',
    'statisticsPagesHead',
    'statisticsVersionsHead',
    'statisticsBytesHead',
  ];
  const head = el('tr', {}, ...heads.map((key) => el('th', { scope: 'col' }, t(key))));
  const rows = all
    .filter(({ pages, snapshots }) => pages || snapshots)
    .reverse()
    .map((span) => {
      const link = el('a', { href: search(`on:${span.key}`) }, spanName(span, language));
      const cells = [numbers.format(span.pages), numbers.format(span.snapshots), sized(span.bytes)];
      const values = cells.map((value) => el('td', {}, value));
      return el('tr', {}, el('th', { scope: 'row' }, link), ...values);
    });
  const caption = el('caption', { class: 'visually-hidden' }, t('statisticsMonths'));
  const table = el(
    'table',
    { class: 'plain' },
    caption,
    el('thead', {}, head),
    el('tbody', {}, ...rows),
  );
  $('#months-table').replaceChildren($('summary', $('#months-table')), table);
}

/** @param {Statistics} all */
function show(all) {
  const isEmpty = all.pages === 0 && all.trashed === 0;
  $('#all').hidden = isEmpty;
  $('#nothing').hidden = !isEmpty;
  if (isEmpty) {
    message(
      t('statisticsNone'),
      t('emptyText'),
      el('a', { class: 'button', href: '/library/library.html' }, t('libraryTitle')),
    );
    return;
  }
  showFigures(all);
  $('#months').hidden = all.months.length === 0;
  showMonths(spans(all.months, new Date()));
  showLists(all);
}

/**
 * What stands in place of the plots.
 *
 * @param {string} lead
 * @param {string} text
 * @param {...Node} buttons
 */
function message(lead, text, ...buttons) {
  $('#all').hidden = true;
  $('#nothing').hidden = false;
  $('#nothing').replaceChildren(
    icon('chart'),
    el('p', { class: 'lead' }, lead),
    el('p', {}, text),
    el('div', {}, ...buttons),
  );
}

async function start() {
  counting = new AbortController();
  $('#nothing').hidden = true;
  setBar($('#bar'), 0, 0);
  const slow = setTimeout(() => ($('#waiting').hidden = false), SLOW_MS);
  await startPage(host, { show: count, fail, start });
  clearTimeout(slow);
  $('#waiting').hidden = true;
}

async function count() {
  const { signal } = counting;
  const onProgress = ({ done = 0, total = 0 }) => setBar($('#bar'), done, total);
  show(await host.request('statistics', {}, { signal, onProgress }));
}

/**
 * @param {import('../lib/errors.js').HostError} error
 * @param {() => void} again
 */
function fail(error, again) {
  const button = el('button', { type: 'button', class: 'button', onclick: again });
  button.append(icon('retry'), t('statisticsAgain'));
  if (error.name === 'cancelled') {
    message(t('statisticsStopped'), '', button);
  } else {
    message(errorText(error), remedyText(error), button);
  }
}

$('#stop').addEventListener('click', () => counting.abort());
start();
