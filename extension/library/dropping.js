/** Links and files that are dragged onto the page. */
import { el, icon } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { readBookmarks } from './bookmarks.js';

export class Dropping {
  #root;
  #on;
  /** What is dragged comes from this page: nothing is added by that. */
  #isOwn = false;

  /**
   * @param {HTMLElement} root - shown while something is over the page
   * @param {object} on
   * @param {(text: string) => void} on.onLinks
   * @param {(files: File[]) => void} on.onFiles
   */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.append(
      el(
        'div',
        {},
        icon('upload'),
        el('p', { class: 'lead' }, t('dropLead')),
        el('p', {}, t('dropText')),
      ),
    );
    const ends = () => {
      this.#isOwn = false;
    };
    addEventListener('dragstart', () => {
      this.#isOwn = true;
      // What was dragged may have been scrolled away by then, and tells nobody of its end. While
      // something is dragged the mouse does not move.
      addEventListener('mousemove', ends, { once: true });
    });
    addEventListener('dragend', ends);
    for (const type of /** @type {const} */ (['dragenter', 'dragover'])) {
      addEventListener(type, (event) => this.#over(event));
    }
    addEventListener('dragleave', (event) => {
      // Only out of the window: between elements there is another that is entered.
      if (!event.relatedTarget) {
        root.hidden = true;
      }
    });
    addEventListener('drop', (event) => this.#drop(event));
  }

  /** @param {DragEvent} event */
  #takes({ dataTransfer }) {
    const types = dataTransfer?.types ?? [];
    return !this.#isOwn && (types.includes('Files') || types.includes('text/uri-list'));
  }

  /** @param {DragEvent} event */
  #over(event) {
    if (this.#takes(event) && event.dataTransfer) {
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      this.#root.hidden = false;
    }
  }

  /** @param {DragEvent} event */
  #drop(event) {
    this.#root.hidden = true;
    const data = event.dataTransfer;
    if (!this.#takes(event) || !data) {
      return;
    }
    event.preventDefault();
    if (data.files.length) {
      this.#on.onFiles([...data.files]);
      return;
    }
    const listed = data.getData('text/uri-list').split(/\r?\n/);
    const within = readBookmarks(data.getData('text/html')).map(({ url }) => url);
    const links = [...listed.filter((line) => line && !line.startsWith('#')), ...within];
    this.#on.onLinks([...new Set(links)].join('\n'));
  }
}
