/** The settings. What is changed is kept at once; what another tab changes is shown here as well. */
import { showDiagnosis } from '../lib/doctorview.js';
import { $, el } from '../lib/dom.js';
import { Host } from '../lib/host.js';
import { localize, t } from '../lib/i18n.js';
import { changeSettings, readSettings, watchSettings } from '../lib/settings.js';
import {
  askForNotifications,
  askForTabs,
  giveUpNotifications,
  giveUpTabs,
  mayNotify,
  maySeeTabs,
  watchSites,
} from '../lib/sites.js';
import { siteNav } from '../lib/sitenav.js';
import { showRights, startRights } from './rights.js';
import { showShortcuts, startShortcuts } from './shortcuts.js';
import { startStorage } from './storage.js';

/** @typedef {import('../lib/settings.js').Settings} Settings */

const MIB = 1024 * 1024;

/** What is offered for one audio or video file, in MiB. */
const LIMITS_OFFERED = [0, 10, 50, 100, 200];

/** How long something is said: as long as it takes to read. */
const SAID_MS = 1500;
const LETTER_MS = 50;

const host = new Host();
host.hello().catch(() => {}); // starts the host now; the parts that need it deal with what it says
localize();
document.title = `${t('optionsTitle')} · ${t('name')}`;
$('.site-nav-place').append(siteNav('settings'));

/**
 * The switches that need nothing but to be set.
 *
 * @type {readonly ['scroll', 'fonts']}
 */
const PLAIN = ['scroll', 'fonts'];

/**
 * Those that take a permission: they are on only where they can do what they say.
 *
 * @type {{ name: 'mark' | 'notify', may: () => Promise<boolean>, ask: () => Promise<boolean>,
 *   giveUp: () => Promise<boolean>, refused: () => string }[]}
 */
const PERMITTED = [
  {
    name: 'mark',
    may: maySeeTabs,
    ask: askForTabs,
    giveUp: giveUpTabs,
    refused: () => t('optionsMarkRefused'),
  },
  {
    name: 'notify',
    may: mayNotify,
    ask: askForNotifications,
    giveUp: giveUpNotifications,
    refused: () => t('optionsNotifyRefused'),
  },
];

/** @type {HTMLSelectElement} */
const media = $('#media');

/** @param {string} name @returns {HTMLInputElement} */
const box = (name) => $(`#${name}`);

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} text */
function say(text) {
  // A letter of Chinese says more than one of English.
  const length = [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 2 : 1), 0);
  clearTimeout(timer);
  $('#saved').textContent = text;
  timer = setTimeout(() => $('#saved').replaceChildren(), SAID_MS + length * LETTER_MS);
}

/** @param {Settings} settings */
function show(settings) {
  for (const name of PLAIN) {
    box(name).checked = settings[name];
  }
  const offered = [...LIMITS_OFFERED.map((size) => size * MIB), settings.mediaLimit];
  const options = [...new Set(offered)]
    .sort((a, b) => a - b)
    .map((bytes) => el('option', { value: bytes }, limitText(bytes)));
  media.replaceChildren(...options);
  media.value = String(settings.mediaLimit);
  for (const name of /** @type {const} */ (['theme', 'language'])) {
    /** @type {HTMLInputElement} */ ($(`#${name} [value=${settings[name]}]`)).checked = true;
  }
}

async function showPermitted() {
  const settings = await readSettings();
  for (const { name, may } of PERMITTED) {
    box(name).checked = settings[name] && (await may());
  }
}

/**
 * Nothing may be awaited before a browser is made to ask.
 *
 * @param {PERMITTED[number]} setting
 */
async function changePermitted({ name, ask, giveUp, refused }) {
  const wanted = box(name).checked;
  const given = wanted ? await ask().catch(() => false) : await giveUp().catch(() => true);
  if (wanted && !given) {
    say(refused());
  } else {
    await change({ [name]: wanted });
  }
  await showPermitted();
}

/** @param {number} bytes */
function limitText(bytes) {
  return bytes === 0
    ? t('optionsMediaNone')
    : t('optionsMediaUpTo', Number((bytes / MIB).toFixed(2)));
}

/** @param {Partial<Settings>} changes */
async function change(changes) {
  try {
    await changeSettings(changes);
    say(t('savedNow'));
  } catch {
    say(t('optionsFailed'));
    show(await readSettings());
  }
}

/** @param {Event} event */
const chosen = ({ target }) => /** @type {any} */ (/** @type {HTMLInputElement} */ (target).value);

for (const name of PLAIN) {
  box(name).addEventListener('change', () => change({ [name]: box(name).checked }));
}
for (const setting of PERMITTED) {
  box(setting.name).addEventListener('change', () => changePermitted(setting));
}
media.addEventListener('change', () => change({ mediaLimit: Number(media.value) }));
$('#theme').addEventListener('change', (event) => change({ theme: chosen(event) }));
$('#language').addEventListener('change', (event) => change({ language: chosen(event) }));
watchSettings((settings) => {
  show(settings);
  showPermitted();
});
watchSites(() => {
  showRights();
  showPermitted();
});
window.addEventListener('focus', () => showShortcuts());

startRights();
startShortcuts();
startStorage(host, say);
showDiagnosis($('#doctor-findings'));
show(await readSettings());
showPermitted();
