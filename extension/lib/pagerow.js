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
 * @property {(page: Page) => void} trash - or takes it out of there
 * @property {(row: HTMLElement) => void} edit - its tags
 * @property {(tag: string) => void} chooseTag
 * @property {{ isOn: boolean, onCheck: (event: MouseEvent) => void } | null} check - null: it cannot
 *   be selected
 */

const SHOWN_TAGS = 3;

/**
 * @param {Page} page
 * @param {RowActions} actions
 * @returns {HTMLElement}
 */
export function pageRow(page, actions) {
  const title = page.title || page.url;
  const address = actions.address(page);
  const open = (/** @type {MouseEvent} */ event) => actions.open(page, event);
  const link = el('a', { class: 'row-title', href: address, dir: 'auto', title, onclick: open });
  link.append(...marked(page.title_spans?.length && page.title ? page.title_spans : [title]));

  const kind = docText(page.kind);
  const mark = kind ? el('span', { class: 'row-kind' }, kind) : null;
  const main = el('div', { class: 'row-main' }, el('div', { class: 'row-head' }, link, mark));
  if (page.snippet?.some((text) => text.trim())) {
    main.append(el('p', { class: 'snippet', dir: 'auto' }, ...marked(page.snippet)));
  }
  main.append(metaOf(page, actions.chooseTag));
  const broken = brokenLine(page, address, (event) => open(/** @type {MouseEvent} */ (event)));
  if (broken) {
    main.append(broken);
  }
  const row = el('li', { class: 'row' }, avatar(page.site, page.icon), main);
  if (actions.check) {
    row.prepend(checkOf(title, actions.check));
  }
  row.append(buttonsOf(page, row, actions));
  return row;
}

/**
 * @param {string} title
 * @param {{ isOn: boolean, onCheck: (event: MouseEvent) => void }} check
 */
function checkOf(title, { isOn, onCheck }) {
  const box = el('input', { type: 'checkbox', 'aria-label': t('selectPage', title) });
  /** @type {HTMLInputElement} */ (box).checked = isOn;
  box.addEventListener('click', onCheck);
  return el('label', { class: 'row-check' }, box);
}

/**
 * @param {Page} page
 * @param {(tag: string) => void} chooseTag
 */
function metaOf(page, chooseTag) {
  const when = format.ago(page.saved, Date.now(), language, t('justNow'));
  const meta = el(
    'p',
    { class: 'row-meta' },
    el('span', { class: 'row-site', dir: 'ltr', title: page.url }, page.site),
    el('time', { title: format.moment(page.saved, language) }, when),
  );
  if (page.versions > 1) {
    meta.append(el('span', {}, plural('versionCount', page.versions)));
  }
  if (page.state !== 'complete') {
    const missing = page.failed > 0 ? plural('missingCount', page.failed) : t('pendingBadge');
    meta.append(el('span', { class: 'row-missing' }, icon('warn'), missing));
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

/**
 * @param {string[]} tags
 * @param {(tag: string) => void} chooseTag
 */
function tagsOf(tags, chooseTag) {
  const group = el('span', { class: 'row-tags' });
  for (const tag of tags.slice(0, SHOWN_TAGS)) {
    const attributes = { type: 'button', class: 'chip', title: t('tagFilter', tag) };
    const text = el('span', { class: 'chip-text', dir: 'auto' }, tag);
    group.append(el('button', { ...attributes, onclick: () => chooseTag(tag) }, tagDot(tag), text));
  }
  if (tags.length > SHOWN_TAGS) {
    group.append(el('span', {}, `+${tags.length - SHOWN_TAGS}`));
  }
  return group;
}

/**
 * @param {Page} page
 * @param {HTMLElement} row
 * @param {RowActions} actions
 */
function buttonsOf(page, row, actions) {
  return el(
    'div',
    { class: 'row-actions' },
    iconButton('external', t('openOriginal'), () => actions.openOriginal(page)),
    iconButton('tag', t('editTags'), () => actions.edit(row)),
    iconButton('similar', t('similar'), () => actions.similar(page)),
    page.trashed
      ? iconButton('restore', t('restore'), () => actions.trash(page))
      : iconButton('trash', t('moveToTrash'), () => actions.trash(page)),
  );
}
