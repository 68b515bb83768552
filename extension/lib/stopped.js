/** What stands in place of everything else while nothing works, or above it while half of it does. */
import { $, el, linkButton, strip } from './dom.js';
import { asHostError } from './errors.js';
import * as format from './format.js';
import { language, t } from './i18n.js';
import { STATE_KEYS, faultText } from './words.js';

/**
 * Begins a page of the library: greets the host, and says what stands in the way.
 *
 * @param {import('./host.js').Host} host
 * @param {object} page
 * @param {(isReadonly: boolean) => Promise<unknown>} page.show
 * @param {(error: import('./errors.js').HostError, again: () => void) => void} page.fail - though there
 *   are a host and a store
 * @param {() => void} page.start - all of it once more
 */
export async function startPage(host, { show, fail, start }) {
  // A host that is started anew may find what it missed.
  const again = () => {
    host.close();
    start();
  };
  try {
    const { store } = await host.hello();
    if (store.state === 'error') {
      showNoStore(store, again);
      return;
    }
    const isReadonly = store.state === 'readonly';
    goOn(isReadonly ? readonlyStrip(store, again) : null);
    await show(isReadonly);
  } catch (thrown) {
    const error = asHostError(thrown);
    if (error.state) {
      showNoHost(error.state, again, setUp);
    } else {
      fail(error, again);
    }
  }
}

/** Leads to the page that helps. */
export function setUp() {
  location.assign('/welcome/welcome.html');
}

/**
 * There is no host to talk to.
 *
 * @param {import('./errors.js').HostState} state
 * @param {() => void} again
 * @param {() => void} help - leads to the page that helps
 */
export function showNoHost(state, again, help) {
  const { title, text } = STATE_KEYS[state];
  const primary = { type: 'button', class: 'button primary', onclick: help };
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
 * The library takes more room than the person has given it.
 *
 * @param {import('./protocol.js').StoreState} store
 * @param {() => void} settings - leads to where that is changed
 * @returns {HTMLElement}
 */
export function overStrip({ bytes = 0, quota = 0 }, settings) {
  const sizes = [bytes, quota].map((size) => format.bytes(size, language));
  const text = el('p', {}, t('overText', ...sizes));
  return strip('warn', 'warn', t('overLead'), text, linkButton(t('optionsTitle'), settings));
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
