/** What may be typed into the search, each with an example that goes into the field. */
import { $, el } from './dom.js';
import { t } from './i18n.js';

/** Examples, and the keys of what they find. Those that start with `help` are keys themselves. */
const LINES = Object.freeze([
  [['helpWordsExample'], 'helpWords'],
  [['helpPhraseExample'], 'helpPhrase'],
  [['helpNotExample'], 'helpNot'],
  [['helpOrExample'], 'helpOr'],
  [['snap*'], 'helpPrefix'],
  [['helpTagExample', '#web'], 'helpTag'],
  [['site:example.com'], 'helpSite'],
  [['title:', 'text:', 'note:', 'url:'], 'helpPlace'],
  [['on:2026', 'before:2026-11', 'after:7d'], 'helpTime'],
  [['is:broken', 'is:moved', 'is:changed'], 'helpHealth'],
  [['is:pdf', 'is:image', 'is:audio', 'is:video', 'is:text', 'is:feed', 'is:file'], 'helpKind'],
  [['is:incomplete', 'is:untagged', 'is:highlighted', 'is:trashed'], 'helpState'],
  [['lang:zh'], 'helpLang'],
]);

/**
 * @param {(example: string) => void} onChoose
 */
export function fillQueryHelp(onChoose) {
  const rows = LINES.map(([examples, meaning]) => {
    const buttons = /** @type {string[]} */ (examples).map((example) => {
      const text = example.startsWith('help') ? t(example) : example;
      const attributes = { type: 'button', class: 'example', 'data-example': text };
      return el('button', attributes, el('code', { dir: 'auto' }, text));
    });
    const sample = el('td', {}, ...buttons.flatMap((one) => [one, ' ']));
    return el('tr', {}, sample, el('td', {}, t(String(meaning))));
  });
  const help = $('#query-help');
  $('tbody', help).replaceChildren(...rows);
  help.addEventListener('click', (event) => {
    const button = /** @type {Element} */ (event.target).closest('button[data-example]');
    if (button) {
      help.hidePopover();
      onChoose(button.getAttribute('data-example') ?? '');
    }
  });
}
