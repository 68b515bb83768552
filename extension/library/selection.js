/**
 * Which pages are selected: some by their numbers, or all that a query finds but for some. What is
 * selected need not be in view, nor held by the list.
 */
export class Selection {
  /** Those that are; where all are, those that are not. @type {Set<number>} */
  #numbers = new Set();
  #isAll = false;
  /** The place where a range begins. @type {number | null} */
  #anchor = null;
  /** @type {(() => void)[]} */
  #watchers = [];

  /** @param {() => void} watch */
  watch(watch) {
    this.#watchers.push(watch);
  }

  #tell() {
    this.#watchers.forEach((watch) => watch());
  }

  /** All that is found, but for `numbers`. */
  get isAll() {
    return this.#isAll;
  }

  get isEmpty() {
    return !this.#isAll && this.#numbers.size === 0;
  }

  get numbers() {
    return [...this.#numbers];
  }

  get anchor() {
    return this.#anchor;
  }

  /** @param {number} total - that the query finds */
  count(total) {
    return this.#isAll ? Math.max(0, total - this.#numbers.size) : this.#numbers.size;
  }

  /** @param {number} page */
  has(page) {
    return this.#numbers.has(page) !== this.#isAll;
  }

  /** @param {number | null} place - where a range will begin; null: nobody knows */
  from(place) {
    this.#anchor = place;
  }

  /**
   * @param {number} page
   * @param {number} place
   */
  toggle(page, place) {
    if (!this.#numbers.delete(page)) {
      this.#numbers.add(page);
    }
    this.#anchor = place;
    this.#tell();
  }

  /**
   * @param {readonly number[]} pages - to be selected too
   * @param {readonly number[]} [others] - not to be selected any more
   */
  add(pages, others = []) {
    const [inside, outside] = this.#isAll ? [others, pages] : [pages, others];
    inside.forEach((page) => this.#numbers.add(page));
    outside.forEach((page) => this.#numbers.delete(page));
    this.#tell();
  }

  /** @param {number} page - is not among those that are found any more */
  drop(page) {
    if (this.#numbers.delete(page)) {
      this.#tell();
    }
  }

  takeAll() {
    this.#isAll = true;
    this.#numbers.clear();
    this.#tell();
  }

  clear() {
    this.#anchor = null;
    if (!this.isEmpty) {
      this.#isAll = false;
      this.#numbers.clear();
      this.#tell();
    }
  }

  /** @param {readonly number[]} pages - that are left: no others are selected any more */
  keep(pages) {
    const left = new Set(pages);
    const before = this.#numbers.size;
    this.#numbers = new Set(this.numbers.filter((page) => left.has(page)));
    if (this.#numbers.size !== before) {
      this.#tell();
    }
  }
}
