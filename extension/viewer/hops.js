/** The way from the address that was asked for to the page: a few words, and on request every step. */
import { $, el } from '../lib/dom.js';
import * as format from '../lib/format.js';
import { t } from '../lib/i18n.js';

/**
 * Fills the list of steps, too.
 *
 * @param {import('../lib/protocol.js').Snapshot} snapshot
 * @returns {HTMLElement | null} null where the address led there at once
 */
export function hopsButton({ hops = [], url }) {
  if (hops.length === 0) {
    return null;
  }
  const steps = hops.map(({ url: from, how }) => {
    const why = how === 'refresh' ? t('hopsRefresh') : t('hopsStatus', how);
    return el('li', {}, address(from), el('span', { class: 'how' }, why));
  });
  $('#hops ol').replaceChildren(...steps, el('li', {}, address(url)));
  const attributes = { type: 'button', class: 'link-button', popovertarget: 'hops' };
  const words = t('hopsOpen', format.site(hops[0].url));
  return el('button', { ...attributes, title: t('hopsTitle') }, words);
}

/** @param {string} url */
function address(url) {
  return el('span', { class: 'url', dir: 'ltr' }, url);
}
