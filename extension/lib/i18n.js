/**
 * Words from _locales, and the language they are in: the browser's, or the one that was chosen in the
 * settings. The browser knows only its own, so others are read from the extension's files. In pages
 * they are there before the first of them is asked for; the background calls loadWords().
 */
import { api } from './api.js';
import { followLook } from './look.js';
import { keep, recall } from './mirror.js';

/** @typedef {Record<string, string>} Words */

/** Those of another language than the browser's. @type {Words | null} */
let words = pageWords();

/** The language of the words, which is not always the browser's: what Intl must speak as well. */
export let language = t('language');

let rules = new Intl.PluralRules(language);
let numbers = new Intl.NumberFormat(language);

/**
 * @param {string} key
 * @param {...(string | number)} values - for $1, $2, …
 * @returns {string}
 */
export function t(key, ...values) {
  if (words && Object.hasOwn(words, key)) {
    return words[key].replace(/\$([1-9])/g, (_, place) => String(values[place - 1] ?? ''));
  }
  return api.i18n.getMessage(key, values.map(String)) || key;
}

/**
 * A message with a number in it. Its forms stand in one message with `|` between them: `one|other`,
 * or a single form where the language has no plural.
 *
 * @param {string} key
 * @param {number} count - becomes $1
 * @param {...number} more - for $2, …
 * @returns {string}
 */
export function plural(key, count, ...more) {
  const forms = t(key, ...[count, ...more].map((n) => numbers.format(n))).split('|');
  return forms[rules.select(count) === 'one' ? 0 : forms.length - 1] ?? key;
}

/**
 * Speaks the language that was chosen from now on. For the background, which has to ask for the
 * settings and the words; what it has written in another language it writes again afterwards.
 *
 * @param {import('./settings.js').Settings['language']} chosen
 */
export async function loadWords(chosen) {
  words = isOther(chosen) ? simple(await (await fetch(wordsUrl(chosen))).json()) : null;
  language = t('language');
  rules = new Intl.PluralRules(language);
  numbers = new Intl.NumberFormat(language);
}

/**
 * Puts the words into elements that name them: `data-i18n` as text, `data-i18n-title`,
 * `data-i18n-placeholder` and `data-i18n-label` as title, placeholder and aria-label. Done to the
 * document it also lets the page follow the settings for theme and language.
 *
 * @param {ParentNode} root
 */
export function localize(root = document) {
  for (const element of root.querySelectorAll('[data-i18n]')) {
    element.textContent = t(element.getAttribute('data-i18n') ?? '');
  }
  for (const [name, attribute] of [
    ['title', 'title'],
    ['placeholder', 'placeholder'],
    ['label', 'aria-label'],
  ]) {
    for (const element of root.querySelectorAll(`[data-i18n-${name}]`)) {
      element.setAttribute(attribute, t(element.getAttribute(`data-i18n-${name}`) ?? ''));
    }
  }
  for (const template of root.querySelectorAll('template')) {
    localize(template.content);
  }
  if (root === document) {
    document.documentElement.lang = language;
    followLook();
  }
}

/**
 * @param {string | null} chosen - a folder of _locales, or anything else for the browser's language
 * @returns {chosen is 'en' | 'zh_CN'}
 */
function isOther(chosen) {
  const own = api.i18n.getMessage('language').replace('-', '_');
  return (chosen === 'en' || chosen === 'zh_CN') && chosen !== own;
}

/** @param {string} locale */
function wordsUrl(locale) {
  return api.runtime.getURL(`_locales/${locale}/messages.json`);
}

/**
 * @param {Record<string, { message: string }>} messages - a file of _locales
 * @returns {Words}
 */
function simple(messages) {
  return Object.fromEntries(Object.entries(messages).map(([key, { message }]) => [key, message]));
}

/**
 * What this page has to say, without waiting. The file is read but once for each version of the
 * extension, in a request that holds the page up for a moment, as a script in its head would.
 *
 * @returns {Words | null}
 */
function pageWords() {
  const chosen = recall('language');
  if (!isOther(chosen)) {
    return null;
  }
  const { version } = api.runtime.getManifest();
  try {
    const kept = JSON.parse(recall('words') ?? '{}');
    if (kept.locale === chosen && kept.version === version) {
      return kept.words;
    }
    const request = new XMLHttpRequest();
    request.open('GET', wordsUrl(chosen), false);
    request.send();
    const read = simple(JSON.parse(request.responseText));
    keep('words', JSON.stringify({ locale: chosen, version, words: read }));
    return read;
  } catch {
    return null;
  }
}
