/** The strip that says how a save went, or what a saved page is missing. */
import { el, linkButton, strip } from '../lib/dom.js';
import { failureList } from '../lib/failures.js';
import * as format from '../lib/format.js';
import { language, plural, t } from '../lib/i18n.js';
import { errorText, remedyText } from '../lib/words.js';

/** @typedef {import('../lib/protocol.js').Failure} Failure */

/**
 * @typedef {object} Actions
 * @property {(snapshot: number) => void} retry
 * @property {(snapshot: number) => void} report - shows all that was kept, and all that was not
 * @property {() => void} allow - lets the capture into frames of other sites
 * @property {() => void} anyway - adds a version even though nothing has changed
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
    linkButton(t('reportOpen'), () => report(snapshot)),
    linkButton(t('retryMissing'), () => retry(snapshot)),
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
  return el('p', { class: 'foreign' }, text, ' ', linkButton(t('foreignAllow'), allow));
}

/**
 * @param {import('../lib/protocol.js').SaveResult} result
 * @param {boolean} wasRetry - an earlier snapshot got what it lacked
 * @param {Actions} actions
 * @param {number} [since] - when the newest version was taken
 * @returns {HTMLElement}
 */
export function doneStrip(result, wasRetry, actions, since = 0) {
  if (result.unchanged) {
    const lead = since
      ? t('unchangedSince', format.since(since, Date.now(), language))
      : t('unchangedNow');
    return strip('good', 'check', lead, linkButton(t('saveAnyway'), actions.anyway));
  }
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
      linkButton(t('reportOpen'), () => actions.report(snapshot)),
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
 * @param {{ text: string, run: () => void } | null} action - what may help
 * @returns {HTMLElement}
 */
export function failedStrip(error, action) {
  if (error.name === 'cancelled') {
    return strip('warn', 'error', t('errorCancelled'));
  }
  const remedy = remedyText(error);
  return strip(
    'bad',
    'error',
    errorText(error),
    remedy ? el('p', {}, remedy) : null,
    action ? linkButton(action.text, action.run) : null,
  );
}
