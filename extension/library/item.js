/** One saved page in the library: as a row, or with the same parts as a card. */
import { avatar } from '../lib/avatar.js';
import { el, icon } from '../lib/dom.js';
import * as format from '../lib/format.js';
import { healthMark } from '../lib/healthline.js';
import { language, plural, t } from '../lib/i18n.js';
import * as parts from '../lib/pagerow.js';

/** @typedef {import('../lib/protocol.js').Page} Page */

/**
 * @typedef {import('../lib/pagerow.js').RowActions & {
 *   check: (page: Page, event: MouseEvent) => void,
 *   shot: (box: HTMLElement, page: Page) => void,
 * }} ItemActions - `check`: the box that selects it; `shot`: puts its picture there when there is one
 */

/**
 * @param {Page} page
 * @param {ItemActions} actions
 * @returns {HTMLElement}
 */
export function itemOf(page, actions) {
  const mark = avatar(page.site, page.icon);
  const shot = el('span', { class: 'shot', 'aria-hidden': 'true' }, mark);
  shot.style.setProperty('--hue', mark.style.getPropertyValue('--hue'));
  actions.shot(shot, page);
  const main = el(
    'div',
    { class: 'row-main' },
    parts.headOf(page, actions),
    parts.snippetOf(page),
    metaOf(page, actions),
    footOf(page, actions),
  );
  const row = el('li', { class: 'row item' }, checkOf(page, actions), shot, main);
  row.classList.toggle('broken', row.querySelector('.row-broken') !== null);
  row.append(parts.buttonsOf(page, row, actions));
  return row;
}

/** A place whose page is on its way. */
export function blankItem() {
  const lines = el('span', { class: 'row-main' }, el('i'), el('i'), el('i'));
  return el(
    'li',
    { class: 'row item blank', 'aria-hidden': 'true' },
    el('span', { class: 'shot' }),
    lines,
  );
}

/**
 * @param {Page} page
 * @param {ItemActions} actions
 */
function checkOf(page, actions) {
  const label = t('selectPage', page.title || page.url);
  const box = el('input', { type: 'checkbox', 'aria-label': label });
  box.addEventListener('click', (event) => actions.check(page, event));
  return el('label', { class: 'row-check' }, box);
}

/**
 * @param {Page} page
 * @param {ItemActions} actions
 */
function metaOf(page, actions) {
  const details = actions.details(page);
  const { highlights = 0, versions } = page;
  const isPicture = page.icon.startsWith('data:image/');
  const favicon = isPicture ? el('img', { class: 'favicon', src: page.icon, alt: '' }) : null;
  favicon?.addEventListener('error', () => favicon.remove());
  const meta = el(
    'p',
    { class: 'row-meta' },
    el('span', { class: 'row-from' }, favicon, parts.siteOf(page)),
    parts.whenOf(page),
    parts.missingOf(page),
    healthMark(page),
    versions > 1 ? el('a', { href: details }, plural('versionCount', versions)) : null,
    highlights > 0 ? marksOf(highlights, details) : null,
    el('span', { class: 'row-size', title: keptText(page) }, format.bytes(page.bytes, language)),
  );
  meta.title = [...meta.children].map(({ textContent }) => textContent).join(' · ');
  return meta;
}

/**
 * @param {number} highlights
 * @param {string} details
 */
function marksOf(highlights, details) {
  const words = plural('highlightCount', highlights);
  return el('a', { class: 'row-highlights', href: details }, icon('highlight'), words);
}

/** @param {Page} page @returns {string} how complete its snapshot is */
function keptText({ assets, failed, state }) {
  return state === 'complete' ? plural('keptAll', assets) : plural('missingLead', failed, assets);
}

/**
 * Its tags, and what a person has noted; else what the page says of itself.
 *
 * @param {Page} page
 * @param {ItemActions} actions
 */
function footOf(page, actions) {
  const foot = el('div', { class: 'row-foot' });
  if (page.tags.length) {
    foot.append(parts.tagsOf(page.tags, actions.chooseTag));
  }
  const broken = parts.brokenOf(page, actions);
  const words = page.note || page.description;
  if (broken) {
    foot.append(broken);
  } else if (words.trim()) {
    const text = words.slice(0, 400);
    const kind = page.note ? 'row-note' : 'row-about';
    const drawing = page.note ? icon('note') : null;
    const attributes = { class: kind, dir: 'auto', title: page.note ? text : null };
    foot.append(el('p', attributes, drawing, text));
  }
  return foot;
}

/**
 * @param {HTMLElement} row
 * @param {boolean} isCurrent - Tab leads there
 */
export function reach(row, isCurrent) {
  row.classList.toggle('current', isCurrent);
  const inner = 'a, button:not(.tag-input *), .row-check input';
  for (const target of /** @type {NodeListOf<HTMLElement>} */ (row.querySelectorAll(inner))) {
    // What has no room in its line cannot be seen; its button leads to the same page.
    target.tabIndex = isCurrent && !target.matches('.row-meta a') ? 0 : -1;
  }
}
