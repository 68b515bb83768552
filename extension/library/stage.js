/**
 * What of a long list is there as elements: what is in view, and a little around it. The list is as tall
 * as all of it, and the window scrolls along it.
 */
import { Track, gridOf } from './geometry.js';
import { blankItem } from './item.js';

/** @typedef {import('../lib/protocol.js').Page} Page */
/** @typedef {import('./geometry.js').View} View */
/** @typedef {{ row: HTMLElement, page: Page | null, at: string }} Item - `page` null: it is on its way;
 *   `at`: where it stands */

/**
 * @typedef {object} Options
 * @property {import('./hits.js').Hits} hits
 * @property {(page: Page) => HTMLElement} make - an item
 * @property {(item: Item, place: number, hadFocus: boolean) => void} onPut - it stands in the list;
 *   `hadFocus`: the one that stood there before
 * @property {(seen: number[]) => void} onDrawn - snapshots of what is in view
 */

/** Of what is out of view, this much is there: it can be scrolled to before it is drawn. */
const AROUND = 600;

/** Pictures are asked for a little before they come into view. */
const NEAR = 200;

export class Stage {
  #root;
  #options;
  /** @type {Map<number, Item>} */
  #items = new Map();
  #grid = { columns: 1, item: 1, pitch: 1 };
  #track = new Track(0, 0);
  /** What the list was fitted to. */
  #fitted = '';
  #isDrawing = false;
  /** @type {View} */
  view = 'rows';
  /** What was found in the texts is shown. */
  isFound = false;

  /**
   * @param {HTMLElement} root - the <ul>
   * @param {Options} options
   */
  constructor(root, options) {
    this.#root = root;
    this.#options = options;
    addEventListener('scroll', () => this.#drawSoon(), { passive: true });
    addEventListener('resize', () => this.#drawSoon());
    new ResizeObserver(() => this.fit()).observe(root);
    // What stands above the list grows and goes.
    const main = /** @type {Element} */ (root.closest('main'));
    new ResizeObserver(() => this.#drawSoon()).observe(main);
  }

  /** What is there, by place. @returns {ReadonlyMap<number, Item>} */
  get items() {
    return this.#items;
  }

  get columns() {
    return this.#grid.columns;
  }

  /** Lines that a window shows. */
  get lines() {
    return Math.floor(innerHeight / this.#grid.pitch);
  }

  get #total() {
    return this.#options.hits.total;
  }

  clear() {
    this.#items.forEach(({ row }) => row.remove());
    this.#items.clear();
  }

  /** The list, or the room for it, has another size. */
  fit() {
    const { classList, clientWidth, style } = this.#root;
    this.#grid = gridOf(this.view, clientWidth, this.isFound);
    const { columns, item, pitch } = this.#grid;
    this.#track = new Track(Math.ceil(this.#total / columns) * pitch, innerHeight);
    const fitted = [this.view, this.isFound, columns, item, this.#track.height].join();
    if (fitted !== this.#fitted) {
      this.#fitted = fitted;
      style.setProperty('--columns', String(columns));
      style.setProperty('--item', `${item}px`);
      style.setProperty('block-size', `${this.#track.height}px`);
      classList.toggle('cards', this.view === 'cards');
      classList.toggle('with-hits', this.isFound);
    }
    this.draw();
  }

  /** How far the window is scrolled past the list's top. */
  get #scrolled() {
    return -this.#root.getBoundingClientRect().top;
  }

  /** The place of what stands below the head of the page. */
  get top() {
    const y = this.#track.contentAt(this.#scrolled + this.#above);
    return Math.max(0, Math.ceil(y / this.#grid.pitch) * this.#grid.columns);
  }

  /** What lies over the top of the window. */
  get #above() {
    return parseFloat(getComputedStyle(this.#root).scrollMarginTop) || 0;
  }

  #drawSoon() {
    if (!this.#isDrawing) {
      this.#isDrawing = true;
      requestAnimationFrame(() => {
        this.#isDrawing = false;
        this.draw();
      });
    }
  }

  draw() {
    const { columns, pitch } = this.#grid;
    const scrolled = this.#scrolled;
    const content = this.#track.contentAt(scrolled);
    const placeAt = (/** @type {number} */ y) =>
      Math.max(0, Math.min(this.#total, Math.floor(y / pitch) * columns));
    const from = placeAt(content - AROUND);
    const to = placeAt(content + innerHeight + AROUND + pitch);
    this.#sweep(from, to);
    for (let place = from; place < to; place++) {
      this.#put(place);
    }
    const shift = scrolled - content;
    this.#items.forEach((item, place) => this.#stand(item, place, shift));
    this.#options.hits.want(from, to);
    const first = placeAt(content - NEAR);
    const last = placeAt(content + innerHeight + NEAR + pitch);
    const seen = [...this.#items].flatMap(([place, { page }]) =>
      page && place >= first && place < last ? [page.snapshot] : [],
    );
    this.#options.onDrawn(seen);
  }

  /**
   * Takes away what is out of view; not what somebody works in.
   *
   * @param {number} from
   * @param {number} to
   */
  #sweep(from, to) {
    for (const [place, { row }] of this.#items) {
      const isOut = place < from || place >= to;
      if (place >= this.#total || (isOut && !row.contains(document.activeElement))) {
        row.remove();
        this.#items.delete(place);
      }
    }
  }

  /** Sees to it that an item is there, as its page is. @param {number} place */
  #put(place) {
    const there = this.#items.get(place);
    const page = this.#options.hits.page(place);
    if (there?.page === page || there?.row.matches('.editing')) {
      return;
    }
    const row = page ? this.#options.make(page) : blankItem();
    row.dataset.place = String(place);
    row.setAttribute('aria-posinset', String(place + 1));
    row.setAttribute('aria-setsize', String(this.#total));
    const item = { row, page, at: '' };
    const hadFocus = there?.row.contains(document.activeElement) ?? false;
    this.#items.set(place, item);
    if (there) {
      there.row.replaceWith(row);
    } else {
      const before = this.#items.get(place - 1)?.row ?? this.#rowBefore(place);
      this.#root.insertBefore(row, before ? before.nextSibling : this.#root.firstChild);
    }
    this.#options.onPut(item, place, hadFocus);
  }

  /** @param {number} place */
  #rowBefore(place) {
    const rows = /** @type {HTMLElement[]} */ ([...this.#root.children]);
    return rows.findLast((one) => Number(one.dataset.place) < place);
  }

  /**
   * @param {Item} item
   * @param {number} place
   * @param {number} shift - of the track against what stands on it
   */
  #stand(item, place, shift) {
    const { columns, pitch } = this.#grid;
    const top = `${Math.floor(place / columns) * pitch + shift}px`;
    const at = `${top} ${place % columns}`;
    if (item.at !== at) {
      item.at = at;
      item.row.style.setProperty('inset-block-start', top);
      item.row.style.setProperty('--column', String(place % columns));
    }
  }

  /**
   * @param {number} place
   * @param {'start' | 'nearest'} how
   */
  scrollTo(place, how) {
    const { columns, item, pitch } = this.#grid;
    const above = this.#above;
    const y = this.#track.scrolledTo(Math.floor(place / columns) * pitch);
    const scrolled = this.#scrolled;
    const listTop = scrollY - scrolled;
    if (place < columns && listTop + item < innerHeight) {
      scrollTo({ top: 0, behavior: 'instant' }); // what stands above the list is seen as well
    } else if (how === 'start' || y < scrolled + above) {
      scrollTo({ top: listTop + y - above, behavior: 'instant' });
    } else if (y + item + 12 > scrolled + innerHeight) {
      scrollTo({ top: listTop + y + item + 12 - innerHeight, behavior: 'instant' });
    }
  }
}
