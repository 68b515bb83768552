/** What a library with nothing in it shows in the place of its list: the ways that pages come in. */
import { $, el, icon } from '../lib/dom.js';
import { api } from '../lib/api.js';
import { t } from '../lib/i18n.js';

/** The command that opens the popup. */
const POPUP = '_execute_action';

export class Invite {
  #root = $('#invite');
  #main = $('main');
  #key = el('small');
  #buttons;

  /**
   * @param {object} on
   * @param {() => void} on.links - somebody wants to add some
   * @param {() => void} on.file
   */
  constructor({ links, file }) {
    this.#buttons = [
      way('button', 'link', t('linkAdd'), t('inviteLinks'), links),
      way('button', 'upload', t('inviteFile'), t('importDrop'), file),
    ];
    const first = way('div', 'camera', t('invitePage'), t('invitePageText'));
    first.lastElementChild?.append(this.#key);
    const ways = [first, ...this.#buttons].map((one) => el('li', {}, one));
    this.#root.append(
      el('img', { src: '/icons/icon.svg', alt: '', width: 56, height: 56 }),
      el('p', { class: 'lead' }, t('emptyLead')),
      el('p', {}, t('emptyText')),
      el('ul', { class: 'ways' }, ...ways),
    );
  }

  /** Nothing can be added. */
  set readonly(/** @type {boolean} */ readonly) {
    for (const button of this.#buttons) {
      /** @type {HTMLButtonElement} */ (button).disabled = readonly;
    }
  }

  /** @param {boolean} isEmpty - the library, not what was searched for in it */
  show(isEmpty) {
    if (isEmpty && this.#root.hidden) {
      this.#showKey();
    }
    this.#root.hidden = !isEmpty;
    this.#main.classList.toggle('empty', isEmpty);
  }

  async #showKey() {
    const commands = await api.commands.getAll();
    const key = commands.find(({ name }) => name === POPUP)?.shortcut;
    this.#key.textContent = key ? t('welcomeKey', key) : '';
  }
}

/**
 * @param {'div' | 'button'} kind
 * @param {string} drawing
 * @param {string} words
 * @param {string} text
 * @param {() => void} [onclick]
 */
function way(kind, drawing, words, text, onclick) {
  const attributes = kind === 'button' ? { type: 'button', onclick } : {};
  const label = el('span', {}, el('strong', {}, words), el('small', {}, text));
  return el(kind, { class: 'way', ...attributes }, icon(drawing), label);
}
