/** What is shown of a snapshot: its page or its article, with highlights and the words looked for. */
import { $ } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { showInCell } from './cell.js';
import { addInkStyle, draw, inkId } from './ink.js';
import { all, headOf, make, parse, rootOf, written } from './nodes.js';
import { Passages } from './passages.js';
import { articleOf, dressed } from './reader.js';

/**
 * @typedef {'read' | 'pen' | 'print'} Way - what the frame is for
 *
 * @typedef {object} Source
 * @property {Blob} file
 * @property {boolean} isMade - by the host, from a file that was no page
 * @property {import('../lib/protocol.js').Snapshot} snapshot
 */

/** More than this is shown as it is. */
export const LARGEST = 64 * 1024 * 1024;

/** Highlights are looked for so long; a page of somebody else's may have quotes made to take hours. */
const FINDING_MS = 3000;

/** Where one stood before the page was shown anew. */
const HERE = 'linksnap-here';

/** What cell.html says, once more. */
const POLICY = `default-src 'none'; style-src 'unsafe-inline' data:; img-src data:; font-src data:;
  media-src data:; frame-src data:; base-uri about:; form-action 'none'`;

export class Screen {
  #find;
  #marks;
  #onShown;
  /** @type {Source | null} */
  #source = null;
  /** What reads as an article; null: nothing does. @type {Promise<Document | null> | null} */
  #article = null;
  #address = '';
  #number = 0;
  /** @type {import('./cell.js').Shown | null} */
  #shown = null;
  /** Where the person was sent last. */
  #last = '';
  #isNew = false;

  isReader = false;

  /** @type {Way} */
  way = 'read';

  /**
   * @param {object} options
   * @param {import('./find.js').Find} options.find
   * @param {import('./marks.js').Marks} options.marks
   * @param {(shown: import('./cell.js').Shown) => void} options.onShown
   */
  constructor({ find, marks, onShown }) {
    this.#find = find;
    this.#marks = marks;
    this.#onShown = onShown;
  }

  get source() {
    return this.#source;
  }

  /** Whether it can be read as a document here. */
  get isOpen() {
    return this.#source !== null && this.#source.file.size <= LARGEST;
  }

  /** @param {Source} source - to be shown next */
  take(source) {
    this.#source = source;
    this.#article = null;
    this.#shown = null;
    this.#last = '';
  }

  /** Something else has taken its place. */
  leave() {
    this.#number++;
    this.#source = null;
    this.#article = null;
    this.#shown = null;
    this.#find.hide();
  }

  /**
   * @returns {Promise<boolean>} whether there is an article in it
   */
  async hasArticle() {
    return (await this.article()) !== null;
  }

  /** @returns {Promise<Document | null>} */
  article() {
    const source = this.#source;
    this.#article ??= source
      ? source.file.text().then((html) => articleOf(html, source.snapshot))
      : Promise.resolve(null);
    return this.#article;
  }

  /**
   * Where a quote stands in the page itself, whatever is shown of it.
   *
   * @param {import('./passages.js').Quoted} quoted - of what is shown
   */
  async ownPlace(quoted) {
    if (!this.isReader || !this.#source) {
      return quoted.place;
    }
    const passages = new Passages(parse(await this.#source.file.text()));
    return passages.find(quoted, false)?.from ?? 0;
  }

  /** The text of what is shown. */
  async passages() {
    const article = this.isReader ? await this.article() : null;
    const page = article ? await dressed(article) : parse((await this.#source?.file.text()) ?? '');
    return new Passages(page);
  }

  /** @param {string} id - a place to go to, now or when it is shown */
  go(id) {
    this.#last = id;
    this.#isNew = this.#shown === null;
    this.#shown?.go(id);
  }

  /** @param {number} highlight */
  goToHighlight(highlight) {
    this.go(inkId(highlight));
  }

  /**
   * Shows it once more: other words are looked for, or it is shown in another way.
   *
   * @param {number | null} [at] - the place in the text to begin at
   */
  async again(at = null) {
    const source = this.#source;
    if (!source) {
      return;
    }
    const number = ++this.#number;
    const file = await this.#made(source, at);
    if (number !== this.#number) {
      return;
    }
    const previous = this.#address;
    this.#address = URL.createObjectURL(file);
    if (previous) {
      URL.revokeObjectURL(previous);
    }
    const shown = await showInCell($('#page'), {
      file,
      address: this.#address,
      title: t('viewerFrame'),
      isMade: source.isMade && !this.isReader,
      way: this.way,
    });
    if (!shown || number !== this.#number) {
      return;
    }
    this.#shown = shown;
    this.#onShown(shown);
    const isAtHit = this.#find.shown((id) => shown.go(id));
    if (at !== null) {
      shown.go(HERE);
    } else if (this.#last && (this.#isNew || !isAtHit)) {
      shown.go(this.#last);
    }
    this.#isNew = false;
  }

  /**
   * @param {Source} source
   * @param {number | null} at
   * @returns {Promise<Blob>}
   */
  async #made({ file, snapshot }, at) {
    const terms = this.#find.begin();
    const article = this.isReader ? await this.article() : null;
    const isPlain = terms.length === 0 && this.#marks.list.length === 0 && at === null;
    if (!this.isOpen || (isPlain && !article && this.way === 'read')) {
      this.#find.count(0);
      this.#marks.placed(new Map());
      return file;
    }
    const page = article ? await dressed(article) : parse(await file.text());
    this.#ink(page, { isSame: !article, snapshot: snapshot.snapshot, at });
    const hits = this.#find.mark(page);
    const isChanged = article || hits || this.#marks.isDrawn || this.way !== 'read' || at !== null;
    if (!isChanged) {
      return file;
    }
    if (this.way !== 'read' || article) {
      guard(page);
    }
    return new Blob([written(page)], { type: 'text/html;charset=utf-8' });
  }

  /**
   * What is shown, without the words that are looked for.
   *
   * @returns {Promise<Blob | null>}
   */
  async forPrint() {
    const source = this.#source;
    if (!source || !this.isOpen) {
      return source?.file ?? null;
    }
    const article = this.isReader ? await this.article() : null;
    const page = article ? await dressed(article) : parse(await source.file.text());
    this.#ink(page, { isSame: !article, snapshot: source.snapshot.snapshot, at: null });
    guard(page);
    return new Blob([written(page)], { type: 'text/html;charset=utf-8' });
  }

  /**
   * @param {Document} page
   * @param {{ isSame: boolean, snapshot: number, at: number | null }} options
   */
  #ink(page, { isSame, snapshot, at }) {
    const passages = new Passages(page);
    const places = new Map();
    const until = Date.now() + FINDING_MS;
    for (const one of this.#marks.list) {
      if (Date.now() > until) {
        break;
      }
      const place = passages.find(one, isSame && one.snapshot === snapshot);
      if (place) {
        places.set(one.highlight, place);
      }
    }
    const here = at === null ? null : passages.nodeAt(at);
    if (here) {
      const anchor = make(page, 'a');
      anchor.id = HERE;
      here.before(anchor);
    }
    const drawn = this.#marks.list.filter(({ highlight }) => places.has(highlight));
    draw(
      passages,
      drawn.map((one) => ({ ...one, ...places.get(one.highlight) })),
    );
    if (drawn.length || this.way === 'pen') {
      addInkStyle(page);
    }
    this.#marks.placed(places);
  }
}

/**
 * The policy at the very top, and nothing of the page's own in its way.
 *
 * @param {Document} page
 */
function guard(page) {
  all(page, 'meta[http-equiv="refresh" i], base').forEach((each) => each.remove());
  const policy = make(page, 'meta');
  policy.setAttribute('http-equiv', 'Content-Security-Policy');
  policy.setAttribute('content', POLICY);
  const head = headOf(page) ?? rootOf(page);
  if (head) {
    Element.prototype.prepend.call(head, policy);
  }
}
