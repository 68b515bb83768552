/** Words from _locales, and the language they are in. */
import { api } from './api.js';

/**
 * @param {string} key
 * @param {...(string | number)} values - for $1, $2, …
 * @returns {string}
 */
export function t(key, ...values) {
  return api.i18n.getMessage(key, values.map(String)) || key;
}

/** The language of the words, which is not always the browser's: what Intl must speak as well. */
export const language = t('language');

const rules = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language);

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
 * Puts the words into elements that name them: `data-i18n` as text, `data-i18n-title`,
 * `data-i18n-placeholder` and `data-i18n-label` as title, placeholder and aria-label.
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
  }
}
