/** The settings. What is changed is kept at once; what another tab changes is shown here as well. */
import { $, el, icon } from '../lib/dom.js';
import { localize, t } from '../lib/i18n.js';
import { changeSettings, readSettings, watchSettings } from '../lib/settings.js';
import {
  askForAllSites,
  askForTabs,
  giveUpAllSites,
  giveUpTabs,
  mayReadAllSites,
  maySeeTabs,
  watchSites,
} from '../lib/sites.js';

/** @typedef {import('../lib/settings.js').Settings} Settings */

const MIB = 1024 * 1024;

/** What is offered for one audio or video file, in MiB. */
const LIMITS_OFFERED = [0, 10, 50, 100, 200];

const SAID_MS = 2000;

localize();
document.title = `${t('optionsTitle')} · ${t('name')}`;

/** @type {HTMLInputElement} */
const scroll = $('#scroll');
/** @type {HTMLSelectElement} */
const media = $('#media');

/** @type {HTMLInputElement} */
const mark = $('#mark');

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} text */
function say(text) {
  clearTimeout(timer);
  $('#saved').textContent = text;
  timer = setTimeout(() => $('#saved').replaceChildren(), SAID_MS);
}

/** @param {Settings} settings */
function show(settings) {
  scroll.checked = settings.scroll;
  const offered = [...LIMITS_OFFERED.map((size) => size * MIB), settings.mediaLimit];
  const options = [...new Set(offered)]
    .sort((a, b) => a - b)
    .map((bytes) => el('option', { value: bytes }, limitText(bytes)));
  media.replaceChildren(...options);
  media.value = String(settings.mediaLimit);
}

/** It is on only where it can do what it says. */
async function showMark() {
  const [settings, may] = await Promise.all([readSettings(), maySeeTabs()]);
  mark.checked = settings.mark && may;
}

/** Nothing may be awaited before a browser is made to ask. */
async function changeMark() {
  const wanted = mark.checked;
  const given = wanted
    ? await askForTabs().catch(() => false)
    : await giveUpTabs().catch(() => true);
  if (wanted && !given) {
    say(t('optionsMarkRefused'));
  } else {
    await change({ mark: wanted });
  }
  await showMark();
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

async function showSites() {
  const given = await mayReadAllSites();
  const state = $('#sites-state');
  state.classList.toggle('given', given);
  const drawing = given ? icon('check') : icon('lock');
  state.replaceChildren(drawing, t(given ? 'optionsSitesGiven' : 'optionsSitesKept'));
  $('#sites-change').textContent = t(given ? 'optionsSitesTake' : 'optionsSitesGive');
  $('#sites-change').classList.toggle('primary', !given);
}

scroll.addEventListener('change', () => change({ scroll: scroll.checked }));
media.addEventListener('change', () => change({ mediaLimit: Number(media.value) }));
$('#sites-change').addEventListener('click', async () => {
  // What is shown decides: nothing may be awaited before a browser is made to ask.
  const given = $('#sites-state').classList.contains('given');
  await (given ? giveUpAllSites() : askForAllSites()).catch(() => {});
  showSites();
});
mark.addEventListener('change', changeMark);
watchSettings((settings) => {
  show(settings);
  showMark();
});
watchSites(() => {
  showSites();
  showMark();
});
show(await readSettings());
showSites();
showMark();
