/** What to do in each state without a working host: steps, each with the exact command. */
import { $, clone, el, icon } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { STATE_KEYS } from '../lib/words.js';
import { detectBrowser, detectSystem } from './browsers.js';

/** @typedef {import('../lib/errors.js').HostState} HostState */

const COPIED_MS = 2000;

const [{ builds, likely }, system] = await Promise.all([detectBrowser(), detectSystem()]);
let chosen = likely;

/** How many were shown: each has a name of its own. */
let commands = 0;

/** @param {string} text */
function command(text) {
  const root = clone('command');
  const id = `command-${++commands}`;
  $('code', root).textContent = text;
  $('code', root).id = id;
  $('button', root).setAttribute('aria-describedby', id);
  $('button', root).addEventListener('click', async () => {
    await navigator.clipboard.writeText(text);
    $('span', root).textContent = t('welcomeCopied');
    setTimeout(() => ($('span', root).textContent = t('welcomeCopy')), COPIED_MS);
  });
  return root;
}

/**
 * @param {string} title
 * @param {string} text
 * @param {...Node} rest
 */
function step(title, text, ...rest) {
  return el('li', {}, el('h3', {}, title), el('p', {}, text), ...rest);
}

/** With what it is built from, so that it works the first time it is typed. */
const installStep = () =>
  step(t('welcomeBuild'), t('welcomeBuildText'), command('make deps install-user'));

/**
 * The command for the browser that is chosen.
 *
 * @param {string} title
 * @param {string} text
 */
function registerStep(title, text) {
  const select = el('select', { 'aria-label': t('welcomeBrowser') });
  for (const { name, title: label } of builds) {
    select.append(el('option', { value: name, selected: name === chosen }, label));
  }
  const line = el('div', {});
  const show = () => {
    const build = builds.find(({ name }) => name === chosen);
    const note = { '': '', asks: 'welcomeSnapAsk', closed: 'welcomeSnapClosed' }[build?.snap ?? ''];
    const isClosed = build?.snap === 'closed';
    line.replaceChildren(
      isClosed ? '' : command(`linksnap install --browser ${chosen}`),
      note ? el('p', { class: 'aside' }, t(note)) : '',
      isClosed ? '' : el('p', { class: 'aside' }, t('welcomeNoCommand')),
    );
  };
  select.addEventListener('change', () => {
    chosen = /** @type {HTMLSelectElement} */ (select).value;
    show();
  });
  show();
  return step(title, text, el('label', { class: 'browser' }, t('welcomeBrowser'), select), line);
}

/** @type {Record<HostState, () => HTMLElement[]>} */
const STEPS = {
  missing: () => [installStep(), registerStep(t('welcomeTell'), t('welcomeTellText'))],
  forbidden: () => [registerStep(t('welcomeReinstall'), t('welcomeAgainText'))],
  too_old: () => [
    step(t('welcomeUpdate'), t('welcomeUpdateText'), command('make deps install-user')),
  ],
  too_new: () => [step(t('welcomeUpdateExtension'), t('welcomeUpdateExtensionText'))],
  broken: () => [
    step(t('welcomeDoctor'), t('welcomeDoctorText'), command('linksnap doctor')),
    registerStep(t('welcomeReinstall'), t('welcomeAgainText')),
  ],
};

/** @param {HostState} state */
export function showState(state) {
  const { title, text } = STATE_KEYS[state];
  const browser = builds.find(({ name }) => name === likely)?.title ?? '';
  $('#state').replaceChildren(
    el('h2', { class: 'warn' }, icon('warn'), t(title)),
    el('p', {}, t(text)),
    el('p', { class: 'detected' }, t('welcomeDetected', browser, system.title)),
    system.isServed ? '' : el('p', { class: 'aside' }, t('welcomeOtherSystem', system.title)),
    el('ol', { class: 'steps' }, ...STEPS[state]()),
    el('p', { class: 'waiting' }, el('span', { class: 'pulse' }), t('welcomeWaiting')),
  );
}
