/** The way between the pages of the library: one row of links in each page's head. */
import { el, icon } from './dom.js';
import { t } from './i18n.js';

/** @typedef {'library' | 'highlights' | 'tags' | 'statistics' | 'settings'} Place */

/** @type {readonly [Place, string, string, () => string][]} */
const PLACES = [
  ['library', 'library/library.html', 'library', () => t('libraryTitle')],
  ['highlights', 'highlights/highlights.html', 'highlight', () => t('highlightsTitle')],
  ['tags', 'tags/tags.html', 'tag', () => t('tagsTitle')],
  ['statistics', 'statistics/statistics.html', 'chart', () => t('statisticsTitle')],
  ['settings', 'options/options.html', 'settings', () => t('optionsTitle')],
];

/**
 * @param {Place | null} current - null: a page that is none of these
 * @returns {HTMLElement}
 */
export function siteNav(current) {
  const links = PLACES.map(([place, path, drawing, name]) => {
    const attributes = { href: `/${path}`, 'aria-current': place === current ? 'page' : null };
    const words = el('span', { 'data-words': name() }, name());
    return el('a', { ...attributes, title: name() }, icon(drawing), words);
  });
  return el('nav', { class: 'site-nav', 'aria-label': t('siteNav') }, ...links);
}
