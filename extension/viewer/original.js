/** The file that a snapshot was made from, where a link led to something other than a web page. */
import { readOriginal } from './read.js';

/** @returns {boolean} whether the browser has a reader for PDF files */
export function showsPdf() {
  return navigator.pdfViewerEnabled;
}

export class Original {
  #host;
  #snapshot;
  #file;
  /** @type {Promise<string> | null} */
  #reading = null;
  #url = '';

  /**
   * @param {import('../lib/host.js').Host} host
   * @param {number} snapshot
   * @param {import('../lib/protocol.js').FileInfo} file
   */
  constructor(host, snapshot, file) {
    this.#host = host;
    this.#snapshot = snapshot;
    this.#file = file;
  }

  get name() {
    return this.#file.name;
  }

  get isRead() {
    return this.#url !== '';
  }

  /**
   * @param {{ onProgress: (done: number, total: number) => void, signal: AbortSignal }} options
   * @returns {Promise<string>} a blob: URL of the file, valid until release()
   */
  read(options) {
    this.#reading ??= this.#read(options).catch((error) => {
      this.#reading = null;
      throw error;
    });
    return this.#reading;
  }

  /** @param {{ onProgress: (done: number, total: number) => void, signal: AbortSignal }} options */
  async #read(options) {
    const blob = await readOriginal(this.#host, this.#snapshot, this.#safeType, options);
    this.#url = URL.createObjectURL(blob);
    return this.#url;
  }

  /**
   * A blob: URL has the origin of the extension: what could run there is never given its own type.
   */
  get #safeType() {
    return this.#file.media_type === 'application/pdf'
      ? 'application/pdf'
      : 'application/octet-stream';
  }

  /** Nobody needs the URL any more. */
  release() {
    if (this.#url) {
      URL.revokeObjectURL(this.#url);
      this.#url = '';
    }
    this.#reading = null;
  }
}
