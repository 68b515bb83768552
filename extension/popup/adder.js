/**
 * Adds what is not open in a tab: the card for one address, or, once more than one is pasted, the
 * panel for many.
 */
import { $ } from '../lib/dom.js';
import { holdsLinks, typedUrl } from '../lib/format.js';
import { plural } from '../lib/i18n.js';
import { LinksPanel } from '../lib/linkspanel.js';
import { toast } from '../lib/toast.js';
import { SaveCard } from './savecard.js';

export class Adder {
  #options;
  #place = $('#link-card');
  #button = $('#add-link');
  #panel;

  /**
   * @param {Omit<import('./savecard.js').Options, 'isLink' | 'onClose'> & {
   *   onClose: () => void, onAdded: () => void }} options
   */
  constructor(options) {
    this.#options = options;
    const { complete, host } = options;
    const onClose = () => this.close(true);
    this.card = new SaveCard({ ...options, isLink: true, onClose });
    this.#panel = new LinksPanel({
      host,
      complete,
      onClose,
      onAdded: (count) => this.#onAdded(count),
      saveOne: (url, tags, note) => this.#saveOne(url, tags, note),
    });
    this.#place.replaceChildren(this.card.root, this.#panel.root);
    this.#place.hidden = true;
    this.#panel.root.hidden = true;
    this.#button.addEventListener('click', () =>
      this.isOpen ? this.close(true) : this.open(null),
    );
    for (const field of [this.card.root, $('#query')]) {
      field.addEventListener('paste', (event) => this.#onPaste(event));
    }
  }

  get isOpen() {
    return !this.#place.hidden;
  }

  get #isMany() {
    return !this.#panel.root.hidden;
  }

  /** The card for one address while it is shown. */
  get openCard() {
    return this.isOpen && !this.#isMany ? this.card : null;
  }

  /** Whether what is submitted from anywhere is meant for it. */
  get isMeant() {
    return this.#isMany || this.#hasFocus;
  }

  get #hasFocus() {
    return this.#place.contains(document.activeElement);
  }

  set readonly(/** @type {boolean} */ readonly) {
    this.card.readonly = readonly;
    this.#panel.readonly = readonly;
  }

  lookUp() {
    this.card.lookUp();
  }

  submit() {
    if (this.#isMany) {
      this.#panel.save();
    } else {
      this.card.submit();
    }
  }

  /**
   * Follows what is typed into the search field: an address there is one to add.
   *
   * @param {string} query
   */
  follow(query) {
    const url = typedUrl(query);
    if (url && !this.#isMany) {
      this.open(url);
    } else if (!url && this.openCard?.url && !this.#hasFocus) {
      this.close();
    }
  }

  /** @param {string | null} url - null: to be typed */
  open(url) {
    this.#show(false);
    if (url === null) {
      this.card.focus();
    } else if (url !== this.card.url) {
      this.card.setUrl(url);
    }
  }

  /** @param {boolean} [refocus] */
  close(refocus = false) {
    this.#place.hidden = true;
    this.#button.setAttribute('aria-expanded', 'false');
    this.#panel.root.hidden = true;
    this.#panel.clear();
    this.card.root.hidden = false;
    this.card.setUrl(null);
    if (refocus) {
      this.#options.onClose();
    }
  }

  /** @param {boolean} many */
  #show(many) {
    this.#place.hidden = false;
    this.#button.setAttribute('aria-expanded', 'true');
    this.#panel.root.hidden = !many;
    this.card.root.hidden = many;
  }

  /**
   * More than an address is pasted where one was expected.
   *
   * @param {Event} event
   */
  #onPaste(event) {
    const target = /** @type {Element} */ (event.target);
    const text = /** @type {ClipboardEvent} */ (event).clipboardData?.getData('text/plain') ?? '';
    if (target.matches('.card-title, #query') && holdsLinks(text)) {
      event.preventDefault();
      this.#show(true);
      this.#panel.text = text;
      this.#panel.focus();
    }
  }

  /** @param {number} count */
  #onAdded(count) {
    this.close(true);
    toast(plural('linksAdded', count));
    this.#options.onAdded();
  }

  /**
   * One link alone is saved at once, and its card shows how far it is.
   *
   * @param {string} url
   * @param {string[]} tags
   * @param {string} note
   */
  #saveOne(url, tags, note) {
    this.close();
    this.open(url);
    this.card.fill(tags, note);
    this.card.save();
  }
}
