/**
 * The first page a person sees, and the one that helps when the host cannot be reached: it says which
 * of the five states this is and what to type, and notices by itself when the host answers.
 */
import { $, clone, el, icon } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import { Host } from '../lib/host.js';
import { localize, t } from '../lib/i18n.js';
import { STATE_KEYS, faultText } from '../lib/words.js';
import { detectBrowser } from './browsers.js';

/** @typedef {import('../lib/errors.js').HostState} HostState */

const CHECK_MS = 2500;
const COPIED_MS = 2000;

localize();

const { builds, likely } = await detectBrowser();
let chosen = likely;

/** What is shown, so that looking again does not disturb what is being read. */
let shown = '';

/** @param {string} text */
function command(text) {
  const root = clone('command');
  $('code', root).textContent = text;
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

const installStep = () =>
  step(t('welcomeBuild'), t('welcomeBuildText'), command('make install-user'));

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
    line.replaceChildren(
      build?.snap === 'closed' ? '' : command(`linksnap install --browser ${chosen}`),
      note ? el('p', { class: 'aside' }, t(note)) : '',
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
  too_old: () => [step(t('welcomeUpdate'), t('welcomeUpdateText'), command('make install-user'))],
  too_new: () => [step(t('welcomeUpdateExtension'), t('welcomeUpdateExtensionText'))],
  broken: () => [
    step(t('welcomeDoctor'), t('welcomeDoctorText'), command('linksnap doctor')),
    registerStep(t('welcomeReinstall'), t('welcomeAgainText')),
  ],
};

/** @param {HostState} state */
function showState(state) {
  const { title, text } = STATE_KEYS[state];
  $('#first').hidden = true;
  $('#state').replaceChildren(
    el('h2', { class: 'warn' }, icon('warn'), t(title)),
    el('p', {}, t(text)),
    el('ol', { class: 'steps' }, ...STEPS[state]()),
    el('p', { class: 'waiting' }, el('span', { class: 'pulse' }), t('welcomeWaiting')),
  );
}

/** @param {import('../lib/protocol.js').Hello} hello */
function showReady({ version, store }) {
  const ready = store.state === 'ready';
  const fault = { name: store.error?.name ?? 'store' };
  const lead = store.state === 'readonly' ? 'storeReadonlyLead' : 'storeErrorLead';
  $('#first').hidden = store.state === 'error';
  $('#state').replaceChildren(
    ready
      ? el('h2', { class: 'good' }, icon('check'), t('welcomeReady'))
      : el('h2', { class: 'warn' }, icon('warn'), t(lead)),
    ready ? '' : el('p', {}, faultText(fault)),
    el('p', {}, t('welcomeReadyText', version)),
    el('p', { class: 'path' }, store.path ?? ''),
  );
}

async function check() {
  const host = new Host();
  let found = '';
  let show = () => {};
  try {
    const hello = await host.hello();
    found = `${hello.version} ${hello.store.state} ${hello.store.error?.name}`;
    show = () => showReady(hello);
  } catch (thrown) {
    const state = asHostError(thrown).state ?? 'broken';
    found = state;
    show = () => showState(state);
  } finally {
    host.close();
  }
  if (found !== shown) {
    shown = found;
    show();
  }
}

/** Looks again and again while somebody is looking. */
async function watch() {
  await check();
  if (document.hidden) {
    await new Promise((resolve) => {
      document.addEventListener('visibilitychange', resolve, { once: true });
    });
  } else {
    await new Promise((resolve) => {
      setTimeout(resolve, CHECK_MS);
    });
  }
  watch();
}

$('#state').replaceChildren(el('p', {}, t('welcomeChecking')));
watch();
