/** What stands in place of everything else while nothing works. */
import { api } from '../lib/api.js';
import { $, el } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { STATE_KEYS, faultText } from '../lib/words.js';

/**
 * There is no host to talk to.
 *
 * @param {import('../lib/errors.js').HostState} state
 * @param {() => void} again
 */
export function showNoHost(state, again) {
  const setUp = () => {
    api.tabs.create({ url: api.runtime.getURL('welcome/welcome.html') });
    window.close();
  };
  const { title, text } = STATE_KEYS[state];
  const primary = { type: 'button', class: 'button primary', onclick: setUp };
  stop(t(title), t(text), el('button', primary, t('setUp')), againButton(again));
}

/**
 * The host cannot open its store.
 *
 * @param {import('../lib/protocol.js').StoreState} store
 * @param {() => void} again
 */
export function showNoStore({ error }, again) {
  stop(t('storeErrorLead'), faultText({ name: error?.name ?? 'store' }), againButton(again));
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
