/** Links that come into the library: typed, pasted, dropped, or out of a file of bookmarks. */
import { $, el, icon } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { LinksPanel } from '../lib/linkspanel.js';
import { LIMITS } from '../lib/protocol.js';
import { clip } from '../lib/text.js';
import { toast } from '../lib/toast.js';
import { readBookmarks } from './bookmarks.js';
import { Dropping } from './dropping.js';
import { ImportPanel } from './importpanel.js';
import { tellQueued } from './queued.js';

/** No file of bookmarks is larger. */
const LARGEST = 64 * 1024 * 1024;

export class Adding {
  #root = $('#links');
  #toggle = $('#add-link');
  #links;
  #import;
  #from;
  /** @type {() => void} */
  #choose = () => {};

  /**
   * @param {object} options
   * @param {import('../lib/host.js').Host} options.host
   * @param {import('../lib/work.js').Work} options.work
   * @param {(part: string) => Promise<import('../lib/protocol.js').Tag[]>} options.complete
   * @param {() => void} options.onQueued
   */
  constructor({ host, work, complete, onQueued }) {
    const onClose = () => this.close();
    this.#links = new LinksPanel({
      host,
      complete,
      onClose,
      onAdded: (_count, refused, jobs) => {
        this.close();
        tellQueued(host, { jobs, refused }, onQueued);
      },
    });
    this.#import = new ImportPanel({
      host,
      work,
      complete,
      onClose,
      onAdded: (added) => {
        this.close();
        tellQueued(host, added, onQueued);
      },
    });
    this.#from = this.#fileLine();
    this.#root.append(this.#links.root, this.#from, this.#import.root);
    this.#toggle.addEventListener('click', () => (this.isOpen ? this.close() : this.open()));
    new Dropping($('#drop'), {
      onLinks: (text) => this.open(text),
      onFiles: (files) => this.#read(files),
    });
  }

  /** The way to a file without a mouse. */
  #fileLine() {
    const accept = '.html,.htm,.txt,.md,.csv,text/html,text/plain';
    const input = /** @type {HTMLInputElement} */ (
      el('input', {
        type: 'file',
        accept,
        class: 'visually-hidden',
        tabindex: '-1',
        'aria-hidden': 'true',
      })
    );
    input.addEventListener('change', () => {
      this.#read([...(input.files ?? [])]);
      input.value = '';
    });
    this.#choose = () => input.click();
    const attributes = { type: 'button', class: 'button quiet', onclick: this.#choose };
    const button = el('button', attributes, icon('upload'), t('importFile'));
    return el('p', { class: 'import-line' }, button, el('span', {}, t('importDrop')), input);
  }

  get isOpen() {
    return !this.#root.hidden;
  }

  /** Nothing can be added. */
  set readonly(/** @type {boolean} */ readonly) {
    this.#links.readonly = readonly;
    this.#import.readonly = readonly;
  }

  /** @param {string} [text] - to look for links in */
  open(text) {
    this.#show('links');
    if (text) {
      this.#links.text = text;
    }
    this.#links.focus();
    this.#links.root.scrollIntoView({ block: 'nearest' });
  }

  /** Has a file chosen to take links from. */
  choose() {
    this.#choose();
  }

  close() {
    const hadFocus = this.#root.contains(document.activeElement);
    this.#root.hidden = true;
    this.#toggle.setAttribute('aria-expanded', 'false');
    this.#links.clear();
    this.#import.clear();
    if (hadFocus || document.activeElement === document.body) {
      this.#toggle.focus();
    }
  }

  save() {
    (this.#import.root.hidden ? this.#links : this.#import).save();
  }

  /** @param {'links' | 'file'} which */
  #show(which) {
    this.#root.hidden = false;
    this.#toggle.setAttribute('aria-expanded', 'true');
    this.#links.root.hidden = which !== 'links';
    this.#from.hidden = which !== 'links';
    this.#import.root.hidden = which !== 'file';
  }

  /** @param {readonly File[]} files */
  async #read(files) {
    const links = [];
    const texts = [];
    for (const file of files) {
      if (file.size > LARGEST) {
        toast(t('errorTooLarge'));
      } else if (/\.html?$/i.test(file.name) || file.type === 'text/html') {
        links.push(...readBookmarks(await file.text()));
      } else if (/^(text\/|application\/(json|xml)|$)/.test(file.type)) {
        texts.push(await file.text());
      }
    }
    if (links.length) {
      this.#show('file');
      this.#import.show(files.map(({ name }) => name).join(' · '), links);
      scrollTo(0, 0);
    } else if (texts.join('').trim()) {
      this.open(clip(texts.join('\n'), LIMITS.linksText));
    } else {
      toast(t('linksNone'));
    }
  }
}
