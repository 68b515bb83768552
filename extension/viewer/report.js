/** The report on a snapshot: a panel that a button in the header opens. The button says it in short. */
import { $, el, icon } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { fillReport, reportText } from '../lib/report.js';

/** @typedef {import('../lib/protocol.js').Snapshot} Snapshot */

/**
 * @param {Snapshot} snapshot - with the first part of its lists
 * @param {object} options
 * @param {(offset: number) => Promise<Snapshot>} options.read - the part from there on
 * @param {() => void} options.onPrivate - the person lets the page have what is in the private network
 */
export function showReport(snapshot, options) {
  fillReport($('#report-body'), snapshot, options);
  const isComplete = snapshot.state === 'complete';
  const button = $('#report-open');
  const words = reportText(snapshot);
  button.classList.toggle('lacking', !isComplete);
  button.title = `${t('reportTitle')}: ${words}`;
  button.replaceChildren(icon(isComplete ? 'check' : 'warn'), el('span', {}, words));
}
