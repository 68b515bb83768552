/** What is taken out of the library: a file of bookmarks, or an archive of self-contained pages. */
import { fileName } from '../lib/format.js';
import { Zip, ZipDeflate } from '../vendor/fflate.js';
import { bookmarksOf } from './bookmarks.js';
import { pagesOf } from './numbers.js';

/** @typedef {import('../lib/protocol.js').Page} Page */
/** @typedef {import('../lib/work.js').Doing} Doing */
/** @typedef {{ push: (data: Uint8Array, isLast: boolean) => void, mtime: number }} ZipFile */

/** An archive without 64-bit numbers ends at 4 GiB and 65,535 files; what is more goes into another. */
const FULL = { bytes: 2 * 1024 ** 3, files: 60_000 };

/** An archive knows no others. */
const DATES = { first: Date.UTC(1980, 0, 2), last: Date.UTC(2099, 11, 30) };

/** A browser moves what is put together to its disk. */
const PIECE = 16 * 1024 * 1024;

/**
 * @param {import('../lib/host.js').Host} host
 * @param {import('./numbers.js').Which} which
 * @param {(id: number) => Page | undefined} known
 * @param {Doing} doing
 * @returns {Promise<number>} how many pages
 */
export async function exportBookmarks(host, which, known, doing) {
  const pages = [];
  for await (const { page, total } of pagesOf(host, which, doing, known)) {
    pages.push(page);
    doing.step(pages.length, total);
  }
  doing.signal.throwIfAborted();
  if (pages.length) {
    const type = 'text/html;charset=utf-8';
    saveAs(new Blob([bookmarksOf(pages)], { type }), nameOf('bookmarks', 'html'));
  }
  return pages.length;
}

/**
 * @param {import('../lib/host.js').Host} host
 * @param {import('./numbers.js').Which} which
 * @param {(id: number) => Page | undefined} known
 * @param {Doing} doing
 * @returns {Promise<{ pages: number, failed: number }>}
 */
export async function exportPages(host, which, known, doing) {
  const { signal, step } = doing;
  let archive = new Archive();
  let [pages, failed, part] = [0, 0, 0];
  for await (const { page, total } of pagesOf(host, which, doing, known)) {
    if (archive.isFull) {
      saveAs(await archive.end(), nameOf('pages', 'zip', ++part));
      archive = new Archive();
    }
    try {
      await addPage(host, archive, page, signal);
      pages++;
    } catch (error) {
      if (signal.aborted || /** @type {any} */ (error).name !== 'not_found') {
        throw error;
      }
      failed++; // somebody has deleted it meanwhile
    }
    step(pages + failed, total);
  }
  signal.throwIfAborted();
  if (pages) {
    saveAs(await archive.end(), nameOf('pages', 'zip', part && part + 1));
  }
  return { pages, failed };
}

/**
 * @param {import('../lib/host.js').Host} host
 * @param {Archive} archive
 * @param {Page} page
 * @param {AbortSignal} signal
 */
async function addPage(host, archive, { saved, snapshot, title, site }, signal) {
  const encoder = new TextEncoder();
  let offset = 0;
  /** @type {ZipFile | null} */
  let file = null;
  while (true) {
    const part = await host.request('snapshots.read', { snapshot, offset }, { signal });
    file ??= archive.add(fileName(title || site), saved);
    file.push(encoder.encode(part.data), part.next === null);
    if (part.next === null) {
      return;
    }
    offset = part.next;
  }
}

/** A ZIP file that grows. */
class Archive {
  /** @type {Blob[]} */
  #done = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  #fresh = [];
  #freshBytes = 0;
  #bytes = 0;
  /** In lower case: some systems do not tell the others apart. @type {Set<string>} */
  #names = new Set();
  /** How often each was wanted. @type {Map<string, number>} */
  #times = new Map();
  #files = 0;
  #zip = new Zip(
    (/** @type {Error | null} */ error, /** @type {Uint8Array<ArrayBuffer>} */ data) => {
      if (error) {
        throw error;
      }
      this.#take(data);
    },
  );

  get isFull() {
    return this.#bytes > FULL.bytes || this.#files >= FULL.files;
  }

  /** @param {Uint8Array<ArrayBuffer>} data */
  #take(data) {
    this.#fresh.push(data);
    this.#bytes += data.length;
    this.#freshBytes += data.length;
    if (this.#freshBytes > PIECE) {
      this.#done.push(new Blob(this.#fresh));
      this.#fresh = [];
      this.#freshBytes = 0;
    }
  }

  /**
   * @param {string} name
   * @param {number} when
   * @returns {ZipFile} takes the contents
   */
  add(name, when) {
    const own = this.#nameOf(name);
    const file = /** @type {ZipFile} */ (
      /** @type {unknown} */ (new ZipDeflate(own, { level: 6, mem: 6 }))
    );
    file.mtime = Math.min(Math.max(when, DATES.first), DATES.last);
    this.#zip.add(file);
    this.#files++;
    return file;
  }

  /**
   * @param {string} name
   * @returns {string} the same, with a number if there is such a file already
   */
  #nameOf(name) {
    let own = name;
    let times = this.#times.get(name) ?? 1;
    while (this.#names.has(own.toLowerCase())) {
      own = name.replace(/\.html$/, ` (${++times}).html`);
    }
    this.#times.set(name, times);
    this.#names.add(own.toLowerCase());
    return own;
  }

  /** @returns {Blob} */
  end() {
    this.#zip.end();
    return new Blob([...this.#done, ...this.#fresh], { type: 'application/zip' });
  }
}

/**
 * @param {string} what
 * @param {string} ending
 * @param {number} [part] - 0: there is one
 */
function nameOf(what, ending, part = 0) {
  const day = new Date().toLocaleDateString('sv');
  return `linksnap-${what}-${day}${part ? `-${part}` : ''}.${ending}`;
}

/**
 * @param {Blob} file
 * @param {string} name
 */
function saveAs(file, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
