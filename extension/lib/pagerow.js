/** One saved page as a row of a list. */
import { avatar } from './avatar.js';
import { el, icon, iconButton, marked } from './dom.js';
import * as format from './format.js';
import { brokenLine, healthMark } from './healthline.js';
import { language, plural, t } from './i18n.js';
import { docText } from './jobwords.js';
import { tagDot } from './tagcolours.js';

/** @typedef {import('./protocol.js').Page} Page */

/**
 * @typedef {object} RowActions
 * @property {(page: Page) => string} address - of the snapshot in the viewer
 * @property {(page: Page, event: MouseEvent) => void} open
 * @property {(page: Page) => void} openOriginal
 * @property {(page: Page) => void} similar
 * @property {(page: Page) => string} details - the address of the page's own view
 * @property {(page: Page) => void} trash - or takes it out of there
 * @property {(row: HTMLElement) => void} edit - its tags
 * @property {(tag: string) => void} chooseTag
 */

const SHOWN_TAGS = 3;

/** Characters of a tag that need not give way to others. */
const SHORT_TAG = 6;

/**
 * @param {Page} page
 * @param {RowActions} actions
 * @returns {HTMLElement}
 */
export function pageRow(page, actions) {
  const head = headOf(page, actions);
  const main = el('div', { class: 'row-main' }, head, snippetOf(page));
  main.append(metaOf(page, actions.chooseTag));
  const broken = brokenOf(page, actions);
  if (broken) {
    main.append(broken);
  }
  const row = el('li', { class: 'row' }, avatar(page.site, page.icon), main);
  row.append(buttonsOf(page, row, actions));
  return row;
}

/**
 * Its title, which leads to the snapshot, and what it is if it is no web page.
 *
 * @param {Page} page
 * @param {Pick<RowActions, 'address' | 'open'>} actions
 */
export function headOf(page, actions) {
  const title = page.title || page.url;
  const open = (/** @type {MouseEvent} */ event) => actions.open(page, event);
  const address = { href: actions.address(page), dir: 'auto', title };
  const link = el('a', { class: 'row-title', ...address, onclick: open });
  link.append(...marked(page.title_spans?.length && page.title ? page.title_spans : [title]));
  const kind = docText(page.kind);
  const mark = kind ? el('span', { class: 'row-kind' }, kind) : null;
  return el('div', { class: 'row-head' }, link, mark);
}

/** @param {Page} page */
export function snippetOf({ snippet }) {
  return snippet?.some((text) => text.trim())
    ? el('p', { class: 'snippet', dir: 'auto' }, ...marked(snippet))
    : null;
}

/**
 * @param {Page} page
 * @param {Pick<RowActions, 'address' | 'open'>} actions
 */
export function brokenOf(page, actions) {
  const open = (/** @type {Event} */ event) =>
    actions.open(page, /** @type {MouseEvent} */ (event));
  return brokenLine(page, actions.address(page), open);
}

/**
 * @param {Page} page
 * @param {(tag: string) => void} chooseTag
 */
function metaOf(page, chooseTag) {
  const meta = el('p', { class: 'row-meta' }, siteOf(page), whenOf(page));
  if (page.versions > 1) {
    meta.append(el('span', {}, plural('versionCount', page.versions)));
  }
  const missing = missingOf(page);
  if (missing) {
    meta.append(missing);
  }
  const health = healthMark(page);
  if (health) {
    meta.append(health);
  }
  if (page.tags.length) {
    meta.append(tagsOf(page.tags, chooseTag));
  }
  return meta;
}

/** @param {Page} page */
export function siteOf({ site, url }) {
  return el('span', { class: 'row-site', dir: 'ltr', title: url }, site);
}

/** @param {Page} page */
export function whenOf({ saved }) {
  const when = format.ago(saved, Date.now(), language, t('justNow'));
  return el('time', { title: format.moment(saved, language) }, when);
}

/** @param {Page} page */
export function missingOf({ failed, state }) {
  if (state === 'complete') {
    return null;
  }
  const missing = failed > 0 ? plural('missingCount', failed) : t('pendingBadge');
  return el('span', { class: 'row-missing' }, icon('warn'), missing);
}

/**
 * @param {string[]} tags
 * @param {(tag: string) => void} chooseTag
 */
export function tagsOf(tags, chooseTag) {
  const group = el('span', { class: 'row-tags' });
  for (const tag of tags.slice(0, SHOWN_TAGS)) {
    const kind = [...tag].length > SHORT_TAG ? 'chip long' : 'chip';
    const attributes = { type: 'button', class: kind, title: t('tagFilter', tag) };
    const text = el('span', { class: 'chip-text', dir: 'auto' }, tag);
    group.append(el('button', { ...attributes, onclick: () => chooseTag(tag) }, tagDot(tag), text));
  }
  if (tags.length > SHOWN_TAGS) {
    const others = tags.slice(SHOWN_TAGS).join(' · ');
    group.append(el('span', { title: others }, `+${tags.length - SHOWN_TAGS}`));
  }
  return group;
}

/**
 * @param {Page} page
 * @param {HTMLElement} row
 * @param {RowActions} actions
 */
export function buttonsOf(page, row, actions) {
  const details = { title: t('pageDetails'), 'aria-label': t('pageDetails') };
  return el(
    'div',
    { class: 'row-actions' },
    iconButton('external', t('openOriginal'), () => actions.openOriginal(page)),
    iconButton('tag', t('editTags'), () => actions.edit(row)),
    iconButton('similar', t('similar'), () => actions.similar(page)),
    el('a', { class: 'icon-button', href: actions.details(page), ...details }, icon('info')),
    page.trashed
      ? iconButton('restore', t('restore'), () => actions.trash(page))
      : iconButton('trash', t('moveToTrash'), () => actions.trash(page)),
  );
}
