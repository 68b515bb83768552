/** What stands in place of everything else while nothing works, or above it while half of it does. */
import { $, el, linkButton, strip } from './dom.js';
import { t } from './i18n.js';
import { STATE_KEYS, faultText } from './words.js';

/**
 * There is no host to talk to.
 *
 * @param {import('./errors.js').HostState} state
 * @param {() => void} again
 * @param {() => void} setUp - leads to the page that helps
 */
export function showNoHost(state, again, setUp) {
  const { title, text } = STATE_KEYS[state];
  const primary = { type: 'button', class: 'button primary', onclick: setUp };
  stop(t(title), t(text), el('button', primary, t('setUp')), againButton(again));
}

/**
 * The host cannot open its store.
 *
 * @param {import('./protocol.js').StoreState} store
 * @param {() => void} again
 */
export function showNoStore({ error }, again) {
  stop(t('storeErrorLead'), faultText({ name: error?.name ?? 'store' }), againButton(again));
}

/**
 * The library cannot be changed.
 *
 * @param {import('./protocol.js').StoreState} store
 * @param {() => void} again - when a person has seen to it
 * @returns {HTMLElement}
 */
export function readonlyStrip({ error }, again) {
  const why = el('p', {}, faultText({ name: error?.name ?? 'store_readonly' }));
  return strip('warn', 'error', t('storeReadonlyLead'), why, linkButton(t('checkAgain'), again));
}

/**
 * The library can be used, perhaps again.
 *
 * @param {HTMLElement | null} notice - what is to be known all the same
 */
export function goOn(notice) {
  $('main').classList.remove('stopped');
  $('#notices').replaceChildren(...(notice ? [notice] : []));
}

/** @param {() => void} again */
function againButton(again) {
  return el('button', { type: 'button', class: 'button', onclick: again }, t('checkAgain'));
}

/**
 * @param {string} title
 * @param {string} text
 * @param {...Node} buttons
 */
function stop(title, text, ...buttons) {
  $('main').classList.add('stopped');
  $('#notices').replaceChildren(
    el(
      'div',
      { class: 'message', role: 'alert' },
      el('img', { src: '/icons/icon.svg', alt: '', width: 44, height: 44 }),
      el('p', { class: 'lead' }, title),
      el('p', {}, text),
      el('div', {}, ...buttons),
    ),
  );
}
