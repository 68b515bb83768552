/** What the host finds of itself, drawn as a list in words. */
import { findingWords } from './doctorwords.js';
import { el, icon, strip } from './dom.js';
import { asHostError } from './errors.js';
import { Host } from './host.js';
import { t } from './i18n.js';
import { STATE_KEYS, faultText } from './words.js';

/** @typedef {import('./protocol.js').Diagnosis} Diagnosis */
/** @typedef {import('./protocol.js').Finding} Finding */

/** An answer that comes sooner needs no word that it is on its way. */
const SLOW_MS = 300;

/** @type {Readonly<Record<Finding['level'], { tone: 'good' | 'warn' | 'bad', drawing: string }>>} */
const LEVELS = Object.freeze({
  ok: { tone: 'good', drawing: 'check' },
  warn: { tone: 'warn', drawing: 'warn' },
  bad: { tone: 'bad', drawing: 'error' },
});

const LEVEL_WORDS = {
  ok: () => t('doctorOk'),
  warn: () => t('doctorWarn'),
  bad: () => t('doctorBad'),
};

/**
 * @param {Finding} finding
 * @returns {HTMLElement}
 */
function row(finding) {
  const { tone, drawing } = LEVELS[finding.level] ?? LEVELS.warn;
  const { text, remedy, command } = findingWords(finding);
  return el(
    'li',
    { class: `finding ${tone}`, 'data-finding': finding.name },
    icon(drawing),
    el(
      'div',
      {},
      el('p', { dir: 'auto' }, text),
      remedy ? el('p', { class: 'remedy', dir: 'auto' }, remedy) : null,
      command ? el('code', {}, command) : null,
    ),
  );
}

/**
 * What is wrong first, what is well after it.
 *
 * @param {Diagnosis} diagnosis
 * @returns {HTMLElement}
 */
function list({ findings }) {
  const order = ['bad', 'warn', 'ok'];
  const sorted = [...findings].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
  return el('ul', { class: 'findings' }, ...sorted.map(row));
}

/** @param {unknown} thrown */
function fault(thrown) {
  const error = asHostError(thrown);
  const help = el('p', {}, el('a', { href: '/welcome/welcome.html' }, t('setUp')));
  return error.state
    ? strip('warn', 'warn', t(STATE_KEYS[error.state].title), help)
    : strip('bad', 'error', faultText(error));
}

/**
 * Asks the host and shows its answer; the button asks again. Each time it is a new host, which may find
 * what an older one missed, and nothing that another is at work on is disturbed.
 *
 * @param {HTMLElement} root
 */
export async function showDiagnosis(root) {
  const slow = setTimeout(() => {
    const running = el('p', { class: 'examining' }, el('span', { class: 'pulse' }));
    running.append(t('doctorRunning'));
    root.replaceChildren(running);
  }, SLOW_MS);
  const host = new Host();
  /** @type {Node[]} */
  let shown;
  try {
    const diagnosis = /** @type {Diagnosis} */ (await host.request('doctor'));
    const { tone, drawing } = LEVELS[diagnosis.level] ?? LEVELS.warn;
    const lead = (LEVEL_WORDS[diagnosis.level] ?? LEVEL_WORDS.warn)();
    shown = [strip(tone, drawing, lead), list(diagnosis)];
  } catch (thrown) {
    shown = [fault(thrown)];
  } finally {
    host.close();
    clearTimeout(slow);
  }
  const again = () => showDiagnosis(root);
  const button = el('button', { type: 'button', class: 'button', onclick: again });
  button.append(icon('retry'), t('doctorAgain'));
  const isAsked = root.contains(document.activeElement);
  root.replaceChildren(el('div', { role: 'status', class: 'diagnosis' }, ...shown), button);
  if (isAsked) {
    button.focus();
  }
}
