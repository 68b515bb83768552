/** What a file of bookmarks would add: shown before anything is done. */
import { el, icon, iconButton } from '../lib/dom.js';
import { plural, t } from '../lib/i18n.js';
import { LinkChoice } from '../lib/linkchoice.js';
import { TagInput } from '../lib/taginput.js';
import { wishes } from '../lib/wishes.js';
import { addLinks, knownOf } from './importing.js';

/** @typedef {import('./bookmarks.js').Link} Link */

/**
 * @typedef {object} Options
 * @property {import('../lib/host.js').Host} host
 * @property {import('../lib/work.js').Work} work
 * @property {(part: string) => Promise<import('../lib/protocol.js').Tag[]>} complete
 * @property {() => void} onClose
 * @property {(added: import('../lib/queue.js').QueueAdded) => void} onAdded
 */

export class ImportPanel {
  #options;
  /** @type {Map<string, Link>} */
  #links = new Map();
  #title = el('h2', { class: 'links-title', dir: 'auto' });
  #choice = new LinkChoice(() => this.#showSave());
  #box = /** @type {HTMLInputElement} */ (el('input', { type: 'checkbox', checked: true }));
  #tagWords = el('span');
  #keepTags = el('label', { class: 'import-tags' }, this.#box, this.#tagWords);
  #tags;
  #save = /** @type {HTMLButtonElement} */ (
    el('button', { type: 'submit', class: 'button primary', title: t('saveTitle') })
  );
  #isBusy = false;
  #readonly = false;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    this.#tags = new TagInput({ complete: options.complete, onEnter: () => this.save() });
    const close = iconButton('close', t('close'), () => options.onClose());
    const leave = el(
      'button',
      { type: 'button', class: 'button', onclick: options.onClose },
      t('cancel'),
    );
    this.root = el(
      'form',
      { class: 'card import links', 'aria-label': t('importLabel'), hidden: true },
      el('div', { class: 'links-head' }, icon('upload'), this.#title, close),
      this.#choice.root,
      this.#keepTags,
      this.#tags.root,
      el('div', { class: 'card-buttons' }, el('span', { class: 'space' }), leave, this.#save),
    );
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      this.save();
    });
  }

  set readonly(/** @type {boolean} */ readonly) {
    this.#readonly = readonly;
    this.#showSave();
  }

  /**
   * @param {string} name - of the file
   * @param {readonly Link[]} links
   */
  async show(name, links) {
    this.#links = new Map(links.map((link) => [link.url, link]));
    this.#title.textContent = t('importTitle', name);
    const names = new Set(links.flatMap(({ tags }) => tags));
    this.#keepTags.hidden = names.size === 0;
    this.#tagWords.textContent = plural('importTags', names.size);
    this.#showLinks(new Map());
    this.#save.focus();
    const { host, work } = this.#options;
    const urls = [...this.#links.keys()];
    const known = await work.run(t('importLooking'), (doing) => knownOf(host, urls, doing));
    if (known?.size && urls[0] === this.#links.keys().next().value) {
      this.#showLinks(known);
    }
  }

  /** @param {Map<string, number>} known - pages by address */
  #showLinks(known) {
    const links = [...this.#links.values()].map(({ title, url }) => ({
      url,
      title,
      page: known.get(url) ?? null,
    }));
    this.#choice.show({ links, refused: [], more: false });
    this.#showSave();
  }

  clear() {
    this.root.hidden = true;
    this.#links.clear();
    this.#choice.show(null);
    this.#tags.tags = [];
    this.#box.checked = true;
  }

  #showSave() {
    const count = this.#choice.urls.length;
    this.#save.textContent = count > 0 ? plural('linksSave', count) : t('linksSaveNone');
    this.#save.disabled = count === 0 || this.#isBusy || this.#readonly;
  }

  /** Puts those that were not left out into the queue. */
  async save() {
    const links = this.#choice.urls.flatMap((url) => this.#links.get(url) ?? []);
    if (links.length === 0 || this.#isBusy || this.#readonly) {
      return;
    }
    this.#isBusy = true;
    this.#showSave();
    const { host, onAdded, work } = this.#options;
    const common = { tags: this.#tags.tags, ...(await wishes()) };
    const keepTags = this.#box.checked && !this.#keepTags.hidden;
    const given = links.map((link) => (keepTags ? link : { ...link, tags: [] }));
    /** @type {import('../lib/queue.js').QueueAdded} */
    const added = { jobs: [], refused: [] };
    await work.run(plural('importAdding', given.length), (doing) =>
      addLinks(host, given, common, doing, added),
    );
    this.#isBusy = false;
    this.#showSave();
    if (added.jobs.length + added.refused.length > 0) {
      onAdded(added);
    }
  }
}
