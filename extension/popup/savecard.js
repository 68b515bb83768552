/**
 * The card that saves one page: the one in the tab, or one whose address is typed. It finds out
 * whether the page is saved already, begins saves and follows them. What it looks like is the
 * matter of cardview.js.
 */
import { asHostError } from '../lib/errors.js';
import { typedUrl } from '../lib/format.js';
import { LIMITS } from '../lib/protocol.js';
import { cancelSave, removeSave, startSave } from '../lib/saves.js';
import { askForAllSites } from '../lib/sites.js';
import { clip, joinTags } from '../lib/text.js';
import { CardView } from './cardview.js';
import { begun, changesOf, differs, findSaved } from './known.js';

/** @typedef {import('../lib/protocol.js').Page} Page */
/** @typedef {import('../lib/protocol.js').Snapshot} Snapshot */
/** @typedef {import('../lib/saves.js').SaveRecord} SaveRecord */

/**
 * @typedef {object} Options
 * @property {import('../lib/host.js').Host} host
 * @property {chrome.tabs.Tab} tab - the one that is shown
 * @property {boolean} isLink - for an address that is typed
 * @property {(part: string) => Promise<import('../lib/protocol.js').Tag[]>} complete
 * @property {(url: string, title: string) => Promise<import('../lib/protocol.js').Tag[]>} suggest
 * @property {(snapshot: number) => void} view
 * @property {(snapshot: number) => void} report
 * @property {(page: number) => void} onPage - shows all that is kept of one
 * @property {() => void} onSettings
 * @property {() => void} onChanged - the library has changed
 * @property {() => void} [onClose]
 */

export class SaveCard {
  #options;
  #view;
  #url;
  /** The page as it is saved. @type {Page | null} */
  #page = null;
  /** What the newest snapshot is missing. @type {Snapshot | null} */
  #missing = null;
  /** @type {SaveRecord | null} */
  #record = null;
  /** @type {import('../lib/saves.js').Fault | null} */
  #fault = null;
  #readonly = false;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    this.#url = options.isLink ? '' : (options.tab.url ?? '');
    this.#view = new CardView({
      ...options,
      onInput: () => this.#onInput(),
      onPrimary: () => this.#primary(),
      onEnter: () => this.#isClean() || this.#primary(),
      onAgain: () => this.save(),
      onAnyway: () => this.save(true),
      onCancel: () => this.#record && cancelSave(this.#record.id),
      onRetry: (snapshot) => this.#retry(snapshot),
      onReport: options.report,
      onAllow: () => this.#allowFrames(),
      onAsLink: () => this.#saveAsLink(),
    });
    this.root = this.#view.root;
    this.#show();
  }

  get url() {
    return this.#url;
  }

  /**
   * @param {string | null} url - what was typed, as an address
   * @param {boolean} [fill] - puts it into the field as well
   */
  setUrl(url, fill = true) {
    if (fill) {
      this.#view.name = url ?? '';
    }
    if (url !== this.#url) {
      this.#url = url ?? '';
      this.#record = null;
      this.#page = null;
      this.#missing = null;
      this.#fault = null;
      this.#view.suggest([]);
      this.lookUp();
    }
    this.#show();
  }

  /**
   * What was said of the link elsewhere.
   *
   * @param {string[]} tags
   * @param {string} note
   */
  fill(tags, note) {
    this.#view.tags = joinTags(this.#view.tags, tags);
    this.#view.note ||= note;
  }

  /** The library can be read only: nothing can be saved. */
  set readonly(/** @type {boolean} */ readonly) {
    this.#readonly = readonly;
    this.#show();
  }

  focus() {
    this.#view.focus(this.#options.isLink && !this.#url);
  }

  /** Asks the host whether the page is saved, and fills in what is known of it. */
  async lookUp() {
    const url = this.#url;
    try {
      const { page, missing } = await findSaved(this.#options.host, url);
      if (url === this.#url) {
        this.#fill(page);
        this.#page = page;
        this.#missing = missing;
        this.#show();
        await this.#suggest();
      }
    } catch {
      // The list below says what is wrong with the host; saving is still offered.
    }
  }

  /** For a page that is new, tags that fit. */
  async #suggest() {
    const url = this.#url;
    if (url && !this.#page) {
      const title = this.#options.isLink ? '' : clip(this.#view.name, LIMITS.title);
      const tags = await this.#options.suggest(url, title);
      if (url === this.#url) {
        this.#view.suggest(tags);
      }
    }
  }

  /**
   * What was typed before the page was found stays.
   *
   * @param {Page | null} page
   */
  #fill(page) {
    if (!page || this.#page) {
      return;
    }
    const view = this.#view;
    view.tags = joinTags(page.tags, view.tags);
    view.note ||= page.note;
    if (!this.#options.isLink && page.title && view.name === this.#options.tab.title) {
      view.name = page.title;
    }
  }

  /**
   * What the background reports. A finished save that is shown here is told, and forgotten.
   *
   * @param {SaveRecord} record
   */
  accept(record) {
    const { job } = record;
    const { isLink, tab } = this.#options;
    const here = job.kind === 'tab' ? !isLink && job.tabId === tab.id : true;
    if (!this.#url || !here || job.url !== this.#url) {
      return;
    }
    this.#record = record;
    this.#fault = null;
    if (record.state !== 'running') {
      removeSave(record.id);
      this.lookUp();
      this.#options.onChanged();
    }
    this.#show();
  }

  /**
   * Saves the page now, as a new version if it is saved already and has changed.
   *
   * @param {boolean} [again] - a new version even if it has not
   */
  async save(again = false) {
    const { isLink, tab } = this.#options;
    if (!this.#url || this.#isRunning() || this.#readonly) {
      return;
    }
    const note = clip(this.#view.note, LIMITS.note);
    const said = { tags: this.#view.tags, ...(note && { note }), ...(again && { again }) };
    const more = { url: this.#url, ...said, tabId: tab.id };
    if (this.#page && this.#isDirty() && !(await this.#update())) {
      return;
    }
    if (isLink) {
      await this.#start({ kind: 'link', ...more });
    } else if (tab.id !== undefined) {
      const title = clip(this.#view.name.trim(), LIMITS.title);
      await this.#start({ kind: 'tab', ...more, title, tabId: tab.id });
    }
  }

  /** What Ctrl+Enter does. */
  async submit() {
    await (this.#page && this.#isDirty() ? this.#update() : this.save());
  }

  /** @param {import('../lib/saves.js').Job} job */
  async #start(job) {
    this.#fault = null;
    this.#record = begun(job);
    this.#show();
    try {
      await startSave(job);
    } catch (error) {
      this.#record = null;
      this.#fault = asHostError(error);
      this.#show();
    }
  }

  /** @param {number} snapshot */
  #retry(snapshot) {
    this.#start({ kind: 'retry', snapshot, url: this.#url, tabId: this.#options.tab.id });
  }

  /** @returns {Promise<boolean>} whether what is said of the page is stored */
  async #update() {
    if (!this.#page) {
      return false;
    }
    try {
      const changes = changesOf(this.#page, this.#view, this.#options.isLink);
      this.#page = await this.#options.host.request('pages.update', changes);
      this.#fault = null;
      this.#options.onChanged();
    } catch (error) {
      this.#fault = asHostError(error);
    }
    this.#show();
    return this.#fault === null;
  }

  #primary() {
    if (this.#isClean() && this.#page) {
      this.#options.view(this.#page.snapshot);
    } else {
      this.submit();
    }
  }

  /** The page in the tab, fetched by the host where the browser keeps extensions out of it. */
  #saveAsLink() {
    const { tags, note } = this.#view;
    this.#start({ kind: 'link', url: this.#url, tags, note, tabId: this.#options.tab.id });
  }

  /** Asks for the sites of all frames, once and for all, and saves again with them. */
  async #allowFrames() {
    if (await askForAllSites()) {
      await this.save();
    }
  }

  #onInput() {
    if (this.#options.isLink) {
      this.setUrl(typedUrl(this.#view.name), false);
    } else {
      this.#show();
    }
  }

  #isRunning() {
    return this.#record?.state === 'running';
  }

  #isClean() {
    return this.#page !== null && !this.#isDirty();
  }

  #isDirty() {
    return this.#page !== null && differs(this.#page, this.#view, this.#options.isLink);
  }

  #show() {
    this.#view.show({
      url: this.#url,
      page: this.#page,
      missing: this.#missing,
      record: this.#record,
      fault: this.#fault,
      isDirty: this.#isDirty(),
      isReadonly: this.#readonly,
    });
  }
}
