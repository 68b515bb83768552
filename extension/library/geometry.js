/** Where the pages of a long list stand. */

/** Boxes that are much taller are cut off by a browser: Firefox ends at 17.8 million pixels. */
const CEILING = 15_000_000;

/** @typedef {'rows' | 'cards'} View */

/**
 * @typedef {object} Grid
 * @property {number} columns
 * @property {number} pitch - from one line to the next
 * @property {number} item - the height of an item
 */

const GAP = { rows: 2, cards: 16 };

/** Lines of text, and the picture beside them; with what was found in the text, two lines more. */
const ROW = { plain: 84, found: 122 };

/** What stands below the picture of a card. */
const CARD = { plain: 126, found: 164 };
const CARD_WIDTH = 226;

/**
 * @param {View} view
 * @param {number} width - of the list
 * @param {boolean} isFound - what was found in the texts is shown
 * @returns {Grid}
 */
export function gridOf(view, width, isFound) {
  const gap = GAP[view];
  const kind = isFound ? 'found' : 'plain';
  if (view === 'rows') {
    return { columns: 1, item: ROW[kind], pitch: ROW[kind] + gap };
  }
  const columns = Math.max(1, Math.floor((width + gap) / (CARD_WIDTH + gap)));
  const card = (width + gap) / columns - gap;
  const item = Math.round((card * 10) / 16) + CARD[kind];
  return { columns, item, pitch: item + gap };
}

/**
 * The way along which the list is scrolled. It is as tall as the list up to a ceiling; above, what is
 * scrolled by is multiplied.
 */
export class Track {
  #content;
  #view;

  /**
   * @param {number} content - the height of all lines
   * @param {number} view - of the window
   */
  constructor(content, view) {
    this.#content = content;
    this.#view = view;
    this.height = Math.min(content, CEILING);
  }

  get #ratio() {
    return this.height < this.#content
      ? (this.#content - this.#view) / (this.height - this.#view)
      : 1;
  }

  /** @param {number} scrolled - from the list's top @returns {number} what stands there */
  contentAt(scrolled) {
    return scrolled * this.#ratio;
  }

  /** @param {number} content @returns {number} how far to scroll for it */
  scrolledTo(content) {
    return content / this.#ratio;
  }
}

/**
 * Where a key leads.
 *
 * @param {string} key
 * @param {object} where
 * @param {number} where.place
 * @param {number} where.total
 * @param {number} where.columns
 * @param {number} where.lines - in view
 * @returns {number | null} -1: out of the list at its top; null: the key does not move
 */
export function placeFor(key, { place, total, columns, lines }) {
  const last = total - 1;
  const page = Math.max(1, lines - 1) * columns;
  const steps = /** @type {Record<string, number>} */ ({
    ArrowDown: columns,
    ArrowUp: -columns,
    PageDown: page,
    PageUp: -page,
    ...(columns > 1 && { ArrowRight: 1, ArrowLeft: -1 }),
  });
  if (key === 'Home' || key === 'End') {
    return key === 'Home' ? 0 : last;
  }
  if (!(key in steps)) {
    return null;
  }
  const to = place + steps[key];
  if (key === 'ArrowUp' && to < 0) {
    return -1;
  }
  // The last line may be shorter: down leads to its end.
  const isLastLine = Math.floor(place / columns) === Math.floor(last / columns);
  return key === 'ArrowDown' && isLastLine ? place : Math.max(0, Math.min(last, to));
}
