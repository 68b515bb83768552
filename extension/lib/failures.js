/** What a snapshot is missing, and why: in short as one list, in full as a list for each reason. */
import { el } from './dom.js';
import { plural, t } from './i18n.js';
import { failureText, kindText, reasonText } from './words.js';

/** @typedef {import('./protocol.js').Failure} Failure */

/** Rows of one reason that are added at a time: a page may lack thousands of files. */
const ROWS = 100;

/**
 * @param {Failure[]} failures - the first of them
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
 * @param {Failure[]} failures
 * @returns {Map<string, Failure[]>} by reason in words, the most frequent first
 */
export function byReason(failures) {
  /** @type {Map<string, Failure[]>} */
  const groups = new Map();
  for (const failure of failures) {
    const reason = reasonText(failure);
    const group = groups.get(reason) ?? [];
    group.push(failure);
    groups.set(reason, group);
  }
  return new Map([...groups].sort(([, a], [, b]) => b.length - a.length));
}

/**
 * Files and where they come from, a hundred at first, the others on request.
 *
 * @param {Failure[]} failures
 * @returns {HTMLElement}
 */
export function fileList(failures) {
  const list = el('ul', { class: 'files' });
  let shown = 0;
  const more = el('button', { type: 'button', class: 'link-button', onclick: () => add(true) });
  /** @param {boolean} moveFocus - to the first that is added: the button may be gone */
  const add = (moveFocus) => {
    const rows = failures.slice(shown, shown + ROWS).map(fileRow);
    list.append(...rows);
    shown += rows.length;
    more.hidden = shown >= failures.length;
    more.textContent = plural('reportMore', Math.min(ROWS, failures.length - shown));
    if (moveFocus) {
      /** @type {HTMLElement | null} */ (rows[0].querySelector('a'))?.focus();
    }
  };
  add(false);
  return el('div', {}, list, more);
}

/** @param {Failure} failure */
function fileRow({ url, kind }) {
  const short = shortened(url);
  const attributes = { class: 'failed-url', dir: 'ltr', title: url };
  const address = /^https?:/.test(url)
    ? el('a', { ...attributes, href: url, target: '_blank', rel: 'noreferrer noopener' }, short)
    : el('span', attributes, short);
  return el('li', {}, address, el('span', { class: 'failed-kind' }, kindText(kind)));
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
