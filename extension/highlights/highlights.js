/** All highlights of the library, by page, the newest first: filtered by colour and words, copied. */
import { $, el, icon, iconButton, linkButton } from '../lib/dom.js';
import { Host } from '../lib/host.js';
import { localize, plural, t } from '../lib/i18n.js';
import { siteNav } from '../lib/sitenav.js';
import { startPage } from '../lib/stopped.js';
import { toast } from '../lib/toast.js';
import { listenForUndo } from '../lib/undo.js';
import { faultText } from '../lib/words.js';
import { Work } from '../lib/work.js';
import { inkFilters, markRow } from '../lib/markrow.js';
import { changeMark, readMarks, removeMark } from '../lib/markstore.js';
import { marksAsMarkdown } from '../lib/marktext.js';

/** @typedef {import('../lib/inks.js').Highlight} Highlight */

/** A pause in typing. */
const PAUSE_MS = 120;

/** Highlights that are drawn at a time, as whole pages. */
const PART = 60;

const host = new Host();
host.hello().catch(() => {}); // starts the host now; start() deals with what it says
localize();
$('.site-nav-place').append(siteNav('highlights'));
document.title = [t('highlightsTitle'), t('name')].join(' · ');

const work = new Work($('#works'));

/** @type {HTMLInputElement} */
const field = $('#words');

/** All there are, newest first. @type {Highlight[]} */
let marks = [];

/** @type {import('../lib/inks.js').Colour | ''} */
let colour = '';

/** Of what is filtered, by page, those that are not drawn yet. @type {Highlight[][]} */
let waiting = [];

let isReadonly = false;

async function load() {
  await work.run(t('marksReading'), async ({ signal, step }) => {
    /** @type {Highlight[]} */
    const found = [];
    for await (const part of readMarks(host, {}, signal)) {
      found.push(...part);
      step(0, 0);
    }
    marks = found;
  });
  show();
}

/** @returns {Highlight[]} of the words that are typed, whatever their colour */
function matching() {
  const words = fold(field.value).split(/\s+/).filter(Boolean);
  return marks.filter(({ note, quote, title }) => {
    const text = fold(`${quote}\n${note}\n${title}`);
    return words.every((word) => text.includes(word));
  });
}

/** @param {string} text */
const fold = (text) => text.normalize('NFKC').toLowerCase();

function show() {
  const found = matching();
  const counts = new Map();
  found.forEach((one) => counts.set(one.colour, (counts.get(one.colour) ?? 0) + 1));
  const held = document.activeElement?.getAttribute('data-ink');
  const filters = inkFilters(counts, colour, (chosen) => {
    colour = chosen;
    show();
  });
  $('#inks').replaceChildren(...(counts.size > 1 || colour ? filters : []));
  filters.find(({ dataset }) => held && dataset.ink === held)?.focus();
  const shown = found.filter((one) => !colour || one.colour === colour);
  const groups = byPage(shown);
  waiting = groups;
  $('#groups').replaceChildren();
  $('.marks-head').hidden = marks.length === 0;
  const words = [plural('marksTotal', shown.length), plural('marksOfPages', groups.length)];
  $('#count').textContent = shown.length ? words.join(' · ') : '';
  $('#copy').hidden = shown.length === 0;
  showNothing(shown.length === 0);
  draw();
}

/** @param {boolean} isEmpty */
function showNothing(isEmpty) {
  $('#nothing').hidden = !isEmpty;
  if (marks.length === 0) {
    const text = el('p', {}, t('marksAllText'));
    $('#nothing').replaceChildren(icon('highlight'), lead(t('marksAllNone')), text);
  } else {
    const all = linkButton(t('marksShowAll'), () => {
      field.value = '';
      colour = '';
      show();
      field.focus();
    });
    $('#nothing').replaceChildren(lead(t('marksNoneFound')), all);
  }
}

/** @param {string} words */
const lead = (words) => el('p', { class: 'lead' }, words);

/**
 * @param {Highlight[]} list
 * @returns {Highlight[][]} in the order in which their first ones come
 */
function byPage(list) {
  /** @type {Map<number, Highlight[]>} */
  const groups = new Map();
  for (const one of list) {
    const group = groups.get(one.page);
    if (group) {
      group.push(one);
    } else {
      groups.set(one.page, [one]);
    }
  }
  return [...groups.values()];
}

/** Draws some more of those that wait. */
function draw() {
  let count = 0;
  while (waiting.length > 0 && count < PART) {
    const group = waiting.shift() ?? [];
    count += group.length;
    $('#groups').append(groupOf(group));
  }
}

/** @param {Highlight[]} group - of one page */
function groupOf(group) {
  const [{ page, title }] = group;
  const link = el(
    'a',
    { href: `/page/page.html?page=${page}`, dir: 'auto' },
    title || t('pageTitle'),
  );
  const head = el(
    'div',
    { class: 'mark-group-head' },
    el('h2', {}, link),
    el('span', { class: 'count' }, plural('marksTotal', group.length)),
    iconButton('copy', t('marksCopy'), () => copy([group])),
  );
  const ordered = [...group].sort((a, b) => a.snapshot - b.snapshot || a.place - b.place);
  const rows = ordered.map((one) => markRow(one, isReadonly ? null : actions));
  return el('section', { class: 'mark-group' }, head, el('ul', { class: 'marks' }, ...rows));
}

/** @type {import('../lib/markrow.js').Actions} */
const actions = {
  change: (one, changes) => {
    // The row shows its own change; undoing one is shown by drawing all anew.
    let isOwn = true;
    return changeMark(host, one, changes, (now) => {
      marks = marks.map((each) => (each.highlight === now.highlight ? now : each));
      if (!isOwn) {
        show();
      }
      isOwn = false;
    });
  },
  remove: async (one) => {
    const place = marks.findIndex(({ highlight }) => highlight === one.highlight);
    const kept = marks[place];
    await removeMark(host, one, (isThere) => {
      marks = marks.filter(({ highlight }) => highlight !== one.highlight);
      if (isThere) {
        marks.splice(place, 0, kept);
      }
      show();
    });
    /** @type {HTMLElement} */ (document.querySelector('#groups a') ?? field).focus();
  },
};

/** @param {Highlight[][]} groups */
async function copy(groups) {
  const text = await work.run(t('marksCopying'), async ({ signal, step }) => {
    const pages = [];
    for (const group of groups) {
      if (signal.aborted) {
        break;
      }
      const { title, url } = await host.request('pages.get', { page: group[0].page }, { signal });
      pages.push({ title, url, marks: group });
      step(pages.length, groups.length);
    }
    return marksAsMarkdown(pages);
  });
  if (text) {
    await navigator.clipboard.writeText(text);
    toast(t('marksCopied'));
  }
}

function start() {
  return startPage(host, {
    show: (readonly) => {
      isReadonly = readonly;
      return load();
    },
    fail: (error) => toast(faultText(error)),
    start,
  });
}

$('#copy').addEventListener('click', () =>
  copy(byPage(matching().filter((one) => !colour || one.colour === colour))),
);

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
field.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(show, PAUSE_MS);
});

document.addEventListener('keydown', (event) => {
  const isTyping = /** @type {Element} */ (event.target).matches('input, textarea');
  if (event.key === '/' && !isTyping && !event.isComposing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    field.focus();
  } else if (event.key === 'Escape' && event.target === field && field.value) {
    field.value = '';
    show();
  }
});

new IntersectionObserver((entries) => entries.some((one) => one.isIntersecting) && draw(), {
  rootMargin: '600px',
}).observe($('#end'));

listenForUndo();
start();
