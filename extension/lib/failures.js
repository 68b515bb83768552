/** What a snapshot is missing, and why, as a list that can be unfolded. */
import { el } from './dom.js';
import { plural, t } from './i18n.js';
import { failureText } from './words.js';

/**
 * @param {import('./protocol.js').Failure[]} failures - the first of them
 * @param {number} total
 * @returns {HTMLElement}
 */
export function failureList(failures, total) {
  const items = failures.map((failure) =>
    el(
      'li',
      {},
      el('span', { class: 'failed-url', dir: 'ltr', title: failure.url }, shortened(failure.url)),
      el('span', { class: 'failed-why', title: failure.reason }, failureText(failure)),
    ),
  );
  if (total > failures.length) {
    items.push(el('li', {}, plural('failuresMore', total - failures.length)));
  }
  return el(
    'details',
    { class: 'failures' },
    el('summary', {}, t('failuresShow')),
    // The list scrolls, so the keyboard must reach it.
    el('ul', { tabindex: '0', 'aria-label': t('failuresShow') }, ...items),
  );
}

/**
 * The end of an address says most about a file.
 *
 * @param {string} url
 */
function shortened(url) {
  const plain = url.replace(/^https?:\/\/(www\.)?/, '').replace(/[?#].*$/, '');
  const [host, ...path] = plain.split('/');
  return path.length > 1 ? `${host}/…/${path[path.length - 1]}` : plain;
}
