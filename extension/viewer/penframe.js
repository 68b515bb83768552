/**
 * The document that the pen's frame shows: what is selected in it, and where. It is a page's own, with
 * names that may stand before any property of a document, so everything is asked through prototypes.
 * No script runs there; the listeners are ours and run here.
 */
import { highlightAt } from './ink.js';
import { isElement } from './nodes.js';
import { Passages } from './passages.js';

/** @typedef {import('./passages.js').Place} Place */

const { addEventListener } = EventTarget.prototype;
const { createRange, getSelection } = Document.prototype;
const { scrollIntoView } = Element.prototype;

export class PenFrame {
  #frame;
  #page;
  /** @type {Passages | null} */
  #passages = null;

  /**
   * @param {import('./cell.js').Shown} shown
   */
  constructor({ frame, cell }) {
    this.#frame = frame;
    this.cell = cell;
    this.#page = /** @type {Document} */ (frame.contentDocument);
  }

  get page() {
    return this.#page;
  }

  /** The text as it stands now. */
  get passages() {
    this.#passages ??= new Passages(this.#page);
    return this.#passages;
  }

  /** Nodes were cut or joined. */
  changed() {
    this.#passages = null;
  }

  /**
   * @param {string} type
   * @param {(event: any) => void} listener
   */
  on(type, listener) {
    addEventListener.call(this.#page, type, listener, true);
  }

  /** @returns {Place | null} */
  get selected() {
    const selection = getSelection.call(this.#page);
    if (!selection || selection.isCollapsed || selection.rangeCount === 0) {
      return null;
    }
    return this.passages.placeOf(selection.getRangeAt(0));
  }

  /** @param {Place} place */
  select(place) {
    const ends = this.passages.endsOf(place);
    if (ends) {
      const { first, start, last, end } = ends;
      getSelection.call(this.#page)?.setBaseAndExtent(first, start, last, end);
      if (first.parentElement) {
        scrollIntoView.call(first.parentElement, { block: 'nearest' });
      }
    }
  }

  unselect() {
    getSelection.call(this.#page)?.removeAllRanges();
  }

  /**
   * @param {Place} place
   * @returns {DOMRect | null} on the screen of the viewer
   */
  boxOf(place) {
    const range = this.#rangeOf(place);
    if (!range) {
      return null;
    }
    const box = range.getBoundingClientRect();
    const outer = this.cell.getBoundingClientRect();
    const scale = this.#frame.getBoundingClientRect().width / (this.#frame.offsetWidth || 1);
    return new DOMRect(
      outer.x + box.x * scale,
      outer.y + box.y * scale,
      box.width * scale,
      box.height * scale,
    );
  }

  /** @param {Place} place */
  #rangeOf(place) {
    const ends = this.passages.endsOf(place);
    if (!ends) {
      return null;
    }
    const range = createRange.call(this.#page);
    range.setStart(ends.first, ends.start);
    range.setEnd(ends.last, ends.end);
    return range;
  }

  /** @param {Event} event @returns {number | null} the highlight that was pointed at */
  highlightOf(event) {
    const { target } = event;
    return target && isElement(/** @type {Node} */ (target))
      ? highlightAt(/** @type {Element} */ (target))
      : null;
  }

  /** The first place that is in sight. @returns {number} */
  get top() {
    const range = createRange.call(this.#page);
    for (const { node, from } of this.passages.nodes) {
      if (/\S/.test(node.data)) {
        range.selectNodeContents(node);
        const { bottom, height } = range.getBoundingClientRect();
        if (height > 0 && bottom > 0) {
          return from;
        }
      }
    }
    return 0;
  }

  get isScrolled() {
    return (this.#frame.contentWindow?.scrollY ?? 0) > 0;
  }

  focus() {
    // One that is the active element of its own document already would stay as it is.
    this.#frame.blur();
    this.#frame.focus();
    this.#frame.contentWindow?.focus();
  }
}
