/** What stands above a list of saved pages: how many, in which order, what to know; or in its place. */
import { $, el, icon } from './dom.js';
import { plural, t } from './i18n.js';
import { errorText, remedyText } from './words.js';

/**
 * @param {object} found
 * @param {number} found.total
 * @param {string} found.query
 * @param {import('./protocol.js').Sort | null} found.sort - null: it cannot be chosen
 * @param {string} [found.hint]
 */
export function showHead({ total, query, sort, hint = '' }) {
  $('#count').textContent = query ? plural('foundTotal', total) : plural('pageTotal', total);
  $('#count').hidden = total === 0;
  $('#sort-label').hidden = sort === null || total < 2;
  $('#sort option[value=rank]').hidden = query === '';
  /** @type {HTMLSelectElement} */ ($('#sort')).value = sort ?? '';
  $('#hint').hidden = hint === '';
  $('#hint').textContent = hint ? t('searchHint', hint) : '';
}

/**
 * @param {string} better - query, or empty
 * @param {(better: string) => void} onChoose
 */
export function showSpelling(better, onChoose) {
  const attributes = { type: 'button', class: 'link-button', dir: 'auto' };
  const button = el('button', { ...attributes, onclick: () => onChoose(better) }, better);
  $('#spelling').hidden = better === '';
  $('#spelling').replaceChildren(t('searchSpelling'), ' ', button);
}

/** @param {string | null} query - that finds nothing; null: there is something to see */
export function showNothing(query) {
  const nothing = $('#nothing');
  nothing.hidden = query === null;
  if (query === 'is:trashed') {
    nothing.replaceChildren(icon('trash'), el('p', { class: 'lead' }, t('trashIsEmpty')));
  } else if (query) {
    nothing.replaceChildren(
      el('p', { class: 'lead' }, t('foundNothing')),
      el('p', {}, t('foundNothingText')),
    );
  } else if (query === '') {
    nothing.replaceChildren(
      el('img', { src: '/icons/icon.svg', alt: '', width: 44, height: 44 }),
      el('p', { class: 'lead' }, t('emptyLead')),
      el('p', {}, t('emptyText')),
    );
  }
}

/** @param {import('./errors.js').HostError} error */
export function showFault(error) {
  for (const part of ['#count', '#sort-label', '#hint', '#spelling']) {
    $(part).hidden = true;
  }
  const nothing = $('#nothing');
  nothing.hidden = false;
  nothing.replaceChildren(
    el('p', { class: 'lead' }, icon('error'), errorText(error)),
    el('p', {}, remedyText(error)),
  );
}
