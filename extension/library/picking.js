/** How the pages of the list are selected: by the mouse, by keys, over any distance. */
import { t } from '../lib/i18n.js';

/** @typedef {import('./selection.js').Selection} Selection */
/** @typedef {import('./hits.js').Hits} Hits */

export class Picking {
  #selection;
  #work;
  /** @type {Hits | null} */
  #hits = null;
  /** Ranges that were asked for: an answer counts only if it is that of the latest. */
  #turn = 0;
  /** What the latest range has added: one that ends elsewhere takes its place. */
  #range = { begin: -1, added: /** @type {number[]} */ ([]) };
  /** What is listed is all there is: no query stands for it. */
  onlyListed = false;

  /**
   * @param {Selection} selection
   * @param {import('../lib/work.js').Work} work - shows a range that takes long to take
   */
  constructor(selection, work) {
    this.#selection = selection;
    this.#work = work;
  }

  /** @param {{ hits: Hits, changed: () => void }} list */
  watch({ hits, changed }) {
    this.#hits = hits;
    this.#selection.watch(changed);
  }

  /** @param {number} page */
  has(page) {
    return this.#selection.has(page);
  }

  /** Other pages are listed: a place says nothing any more. */
  restart() {
    this.#forget();
    this.#selection.from(null);
  }

  /** @param {number} page - is not listed any more */
  drop(page) {
    this.#selection.drop(page);
  }

  #forget() {
    this.#turn++;
    this.#range = { begin: -1, added: [] };
  }

  /**
   * @param {number} page
   * @param {number} place
   * @param {boolean} isRange
   */
  check(page, place, isRange) {
    if (isRange) {
      this.extend(this.#selection.anchor ?? place, place);
    } else {
      this.#forget();
      this.#selection.toggle(page, place);
    }
  }

  /**
   * Ctrl and Shift select; without them the click opens the page, from where a range may begin.
   *
   * @param {number} page
   * @param {number} place
   * @param {MouseEvent} event
   * @returns {boolean} whether it was one that selects
   */
  byClick(page, place, event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      event.preventDefault();
      this.check(page, place, event.shiftKey);
      return true;
    }
    this.#selection.from(place);
    return false;
  }

  /**
   * Space, Ctrl+A, Escape.
   *
   * @param {number} page - of the item that has the focus
   * @param {number} place
   * @param {KeyboardEvent} event
   * @returns {boolean} whether it was one of these
   */
  byKey(page, place, event) {
    const { key, ctrlKey, metaKey, shiftKey } = event;
    const isLink = /** @type {Element} */ (event.target).matches('.row-title');
    if (key === ' ' && isLink) {
      this.check(page, place, shiftKey);
    } else if (key.toLowerCase() === 'a' && (ctrlKey || metaKey)) {
      this.all();
    } else if (key === 'Escape' && !this.#selection.isEmpty) {
      this.#selection.clear();
    } else {
      return false;
    }
    return true;
  }

  all() {
    this.#forget();
    if (this.onlyListed) {
      this.#selection.add(this.#hits?.pages.map(({ page }) => page) ?? []);
    } else {
      this.#selection.takeAll();
    }
  }

  /**
   * Selects everything from one place to another. The first of them is where the next range begins,
   * which takes the place of this one.
   *
   * @param {number} from - if no range has begun yet
   * @param {number} to
   */
  async extend(from, to) {
    const hits = this.#hits;
    if (!hits) {
      return;
    }
    const turn = ++this.#turn;
    const begin = this.#selection.anchor ?? from;
    this.#selection.from(begin);
    const [low, high] = [Math.min(begin, to), Math.max(begin, to) + 1];
    const taken = await this.#work.run(t('selecting'), (work) => hits.numbers(low, high, work));
    if (!taken || turn !== this.#turn || this.#selection.anchor !== begin) {
      return; // another range, another list, or nothing is meant by now
    }
    const before = this.#range.begin === begin ? this.#range.added : [];
    const now = new Set(taken);
    const added = [
      ...before.filter((page) => now.has(page)),
      ...taken.filter((one) => !this.has(one)),
    ];
    this.#range = { begin, added };
    const others = before.filter((page) => !now.has(page));
    this.#selection.add(taken, others);
  }
}
