/** All tags: how many pages have them, their colours, their names, and which are to go. */
import { $, el } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import { Host } from '../lib/host.js';
import { localize, plural, t } from '../lib/i18n.js';
import { siteNav } from '../lib/sitenav.js';
import { startPage } from '../lib/stopped.js';
import { learnColours } from '../lib/tagcolours.js';
import { cleanTag, foldTag } from '../lib/text.js';
import { toast } from '../lib/toast.js';
import { listenForUndo, tellChange } from '../lib/undo.js';
import { faultText } from '../lib/words.js';
import { chooseColour } from './colours.js';
import { tagRow } from './tagrow.js';

/** @typedef {import('../lib/protocol.js').Tag} Tag */

/** A pause in typing. */
const PAUSE_MS = 120;

const host = new Host();
host.hello().catch(() => {}); // starts the host now; start() deals with what it says
localize();
$('.site-nav-place').append(siteNav('tags'));
document.title = [t('tagsTitle'), t('libraryTitle'), t('name')].join(' · ');

/** @type {HTMLInputElement} */
const field = $('#part');

/** All there are, by name. @type {Tag[]} */
let tags = [];

/** Of what is typed. @type {Tag[] | null} */
let found = null;

/** Names of those that are selected. @type {Set<string>} */
const selected = new Set();

let isReadonly = false;
let asked = 0;

async function load() {
  const { more, tags: all } = await host.request('tags.list', { all: true, unused: true });
  tags = all;
  $('#more').hidden = !more;
  learnColours(tags);
  const names = new Set(tags.map(({ name }) => name));
  [...selected].filter((name) => !names.has(name)).forEach((name) => selected.delete(name));
  await filter();
}

/** Asks for the tags of what is typed, which the host knows by pinyin as well. */
async function filter() {
  const number = ++asked;
  const part = cleanTag(field.value);
  const answer = part
    ? await host.request('tags.list', { part, unused: true, limit: 200 })
    : { tags: null };
  if (number === asked) {
    found = answer.tags;
    show();
  }
}

function show() {
  const part = cleanTag(field.value);
  const held = document.activeElement?.closest('.tag-row')?.getAttribute('data-tag');
  const names = new Set(tags.map(({ name }) => foldTag(name)));
  const actions = { colour, rename, remove, select, find };
  const rows = (found ?? tags).map((tag) => {
    const look = { depth: depthOf(tag.name, names), part, isReadonly };
    return tagRow(tag, { ...look, isSelected: selected.has(tag.name) }, actions);
  });
  $('#tags').replaceChildren(...rows);
  $('#tags').hidden = rows.length === 0;
  const again = rows.find(({ dataset }) => dataset.tag === held);
  /** @type {HTMLElement | null | undefined} */ (again?.querySelector('.tag-name'))?.focus();
  $('#nothing').hidden = rows.length > 0;
  $('#nothing').replaceChildren(
    el('p', { class: 'lead' }, t(tags.length ? 'tagsNoneFound' : 'tagsNone')),
  );
  showHead();
}

/**
 * @param {string} name
 * @param {Set<string>} names - folded, of all tags
 */
function depthOf(name, names) {
  const parts = foldTag(name).split('/');
  const above = parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'));
  return above.filter((one) => names.has(one)).length;
}

function showHead() {
  const unused = tags.filter(({ below = 0, pages }) => pages === 0 && below === 0).length;
  $('#count').textContent = plural('tagsTotal', (found ?? tags).length);
  $('#delete-unused').hidden = unused === 0 || isReadonly;
  $('#delete-unused').textContent = plural('tagsDeleteUnused', unused);
  $('#delete-selected').hidden = selected.size === 0;
  $('#delete-selected').textContent = plural('tagsDeleteSelected', selected.size);
}

/** @param {string} name */
function find(name) {
  const folded = foldTag(cleanTag(name));
  return tags.find((tag) => foldTag(tag.name) === folded);
}

/**
 * @param {Tag} tag
 * @param {boolean} isOn
 */
function select({ name }, isOn) {
  if (isOn) {
    selected.add(name);
  } else {
    selected.delete(name);
  }
  showHead();
}

/**
 * @param {Tag} tag
 * @param {HTMLElement} button
 */
function colour({ name, colour: current = '' }, button) {
  chooseColour(button, t('tagsColour', name), current, (chosen) =>
    attempt(async () => {
      await host.request('tags.colour', { tag: name, colour: chosen });
      await load();
    }),
  );
}

/**
 * @param {Tag} tag
 * @param {string} name
 */
function rename({ name: tag }, name) {
  return attempt(async () => {
    const { merged, step } = await host.request('tags.rename', { tag, name: cleanTag(name) });
    await load();
    const row = [...$('#tags').children].find(
      (one) => one.getAttribute('data-tag') === (find(name)?.name ?? ''),
    );
    /** @type {HTMLElement | null | undefined} */ (row?.querySelector('.tag-name'))?.focus();
    tell(t(merged ? 'tagsMerged' : 'tagsRenamed', name), step);
  });
}

/** @param {Tag} tag */
function remove({ name }) {
  const row = [...$('#tags').children].find((one) => one.getAttribute('data-tag') === name);
  const next = row?.nextElementSibling ?? row?.previousElementSibling;
  const near = next?.getAttribute('data-tag');
  return erase({ tags: [name] }, near ?? null);
}

/**
 * @param {{ tags: string[] } | { unused: true }} which
 * @param {string | null} near - has the focus then
 */
function erase(which, near) {
  return attempt(async () => {
    const { deleted, step } = await host.request('tags.delete', which);
    await load();
    const row = [...$('#tags').children].find((one) => one.getAttribute('data-tag') === near);
    const target = row?.querySelector('.tag-name') ?? field;
    /** @type {HTMLElement} */ (target).focus();
    tell(plural('tagsDeleted', deleted), step);
  });
}

/**
 * @param {string} words
 * @param {number} step
 */
function tell(words, step) {
  tellChange(host, words, step, () => attempt(load));
}

/** @param {() => Promise<void>} work */
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    toast(faultText(asHostError(error)));
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

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
field.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(() => attempt(filter), PAUSE_MS);
});

$('#delete-unused').addEventListener('click', () => erase({ unused: true }, null));
$('#delete-selected').addEventListener('click', () => erase({ tags: [...selected] }, null));

document.addEventListener('keydown', (event) => {
  const rows = [...$('#tags').children];
  const row = /** @type {Element} */ (event.target).closest('.tag-row');
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && (row || event.target === field) && !event.isComposing) {
    event.preventDefault();
    const to = row ? rows[rows.indexOf(row) + step] : step > 0 ? rows[0] : null;
    /** @type {HTMLElement} */ (to?.querySelector('.tag-name') ?? field).focus();
  } else if (event.key === 'Escape' && field.value && !document.querySelector(':popover-open')) {
    field.value = '';
    attempt(filter);
  }
});

listenForUndo();
start();
field.focus();
