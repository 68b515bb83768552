/** The strip that says how a save went, or what a saved page is missing. */
import { el, icon } from '../lib/dom.js';
import { failureList } from '../lib/failures.js';
import * as format from '../lib/format.js';
import { language, plural, t } from '../lib/i18n.js';
import { errorText, faultText, remedyText } from '../lib/words.js';

/** @typedef {import('../lib/protocol.js').Failure} Failure */

/**
 * @param {'good' | 'warn' | 'bad'} tone
 * @param {string} drawing
 * @param {string} lead
 * @param {...(Node | string | null)} rest
 */
function strip(tone, drawing, lead, ...rest) {
  const body = el('div', {}, el('p', { class: 'lead' }, lead), ...rest);
  return el('div', { class: `strip ${tone}` }, icon(drawing), body);
}

/**
 * @param {string} text
 * @param {() => void} onclick
 */
function action(text, onclick) {
  return el('button', { type: 'button', class: 'link-button', onclick }, text);
}

/**
 * @typedef {object} Actions
 * @property {(snapshot: number) => void} retry
 * @property {(snapshot: number) => void} report - shows all that was kept, and all that was not
 * @property {() => void} allow - lets the capture into frames of other sites
 */

/**
 * @param {{ snapshot: number, failures?: Failure[], assets: { failed: number } }} what
 * @param {Pick<Actions, 'retry' | 'report'>} actions
 */
function more({ snapshot, failures = [], assets }, { retry, report }) {
  const list = failures.length ? failureList(failures, assets.failed) : null;
  const buttons = el(
    'div',
    { class: 'more-actions' },
    action(t('reportOpen'), () => report(snapshot)),
    action(t('retryMissing'), () => retry(snapshot)),
  );
  return el('div', { class: 'more' }, list, buttons);
}

/**
 * Frames of other sites, and how to let the capture into them.
 *
 * @param {number} count
 * @param {() => void} allow
 */
function foreignLine(count, allow) {
  const text = el('span', {}, plural('foreignFrames', count));
  return el('p', { class: 'foreign' }, text, ' ', action(t('foreignAllow'), allow));
}

/**
 * @param {import('../lib/protocol.js').SaveResult} result
 * @param {boolean} wasRetry - an earlier snapshot got what it lacked
 * @param {Actions} actions
 * @returns {HTMLElement}
 */
export function doneStrip(result, wasRetry, actions) {
  const { assets, bytes, foreign = 0, snapshot, state, version } = result;
  const { left_out: leftOut = 0 } = assets;
  const facts = [
    plural('fileCount', assets.stored),
    format.bytes(bytes, language),
    assets.reused > 0 ? plural('reusedCount', assets.reused) : '',
    leftOut > 0 ? plural('leftOutCount', leftOut) : '',
  ];
  const line = el('p', {}, facts.filter(Boolean).join(' · '));
  const frames = foreign > 0 ? foreignLine(foreign, actions.allow) : null;
  if (state === 'complete') {
    const title = version > 1 ? t('savedVersion', version) : t('savedNow');
    line.append(
      ' · ',
      action(t('reportOpen'), () => actions.report(snapshot)),
    );
    return strip('good', 'check', wasRetry ? t('completedNow') : title, line, frames);
  }
  const lead = assets.failed > 0 ? plural('savedMissing', assets.failed) : t('savedPending');
  return strip('warn', 'warn', lead, line, more(result, actions), frames);
}

/**
 * @param {import('../lib/protocol.js').Snapshot} snapshot
 * @param {Pick<Actions, 'retry' | 'report'>} actions
 * @returns {HTMLElement}
 */
export function missingStrip(snapshot, actions) {
  const { assets } = snapshot;
  const lead =
    assets.failed > 0 ? plural('missingLead', assets.failed, assets.total) : t('pendingLead');
  return strip('warn', 'warn', lead, more(snapshot, actions));
}

/**
 * @param {import('../lib/saves.js').Fault} error
 * @param {(() => void) | null} asLink - lets the host fetch the page instead
 * @returns {HTMLElement}
 */
export function failedStrip(error, asLink) {
  if (error.name === 'cancelled') {
    return strip('warn', 'error', t('errorCancelled'));
  }
  const remedy = remedyText(error);
  return strip(
    'bad',
    'error',
    errorText(error),
    remedy ? el('p', {}, remedy) : null,
    asLink ? action(t('saveAsLink'), asLink) : null,
  );
}

/**
 * The library cannot be changed.
 *
 * @param {import('../lib/protocol.js').StoreState} store
 * @returns {HTMLElement}
 */
export function readonlyStrip({ error }) {
  const why = el('p', {}, faultText({ name: error?.name ?? 'store_readonly' }));
  return strip('warn', 'error', t('storeReadonlyLead'), why);
}
