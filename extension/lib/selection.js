/** Which pages of a list are selected: some by number, or all that a query finds. */

export class Selection {
  /** @type {Set<number>} */
  #ids = new Set();
  #isAll = false;
  /** Where a range begins. */
  #anchor = 0;
  /** @type {(() => void)[]} */
  #watchers = [];
  /** What is shown is all there is: no query stands for it. */
  onlyShown = false;

  /** @param {() => void} watch */
  watch(watch) {
    this.#watchers.push(watch);
  }

  #tell() {
    this.#watchers.forEach((watch) => watch());
  }

  /** All that is found, shown or not. */
  get isAll() {
    return this.#isAll;
  }

  get isEmpty() {
    return !this.#isAll && this.#ids.size === 0;
  }

  /** The shown ones that are selected, where not all are. */
  get ids() {
    return [...this.#ids];
  }

  /** @param {number} id */
  has(id) {
    return this.#isAll || this.#ids.has(id);
  }

  /**
   * @param {number} id
   * @param {readonly number[]} shown - in their order
   */
  toggle(id, shown) {
    this.#settle(shown);
    if (!this.#ids.delete(id)) {
      this.#ids.add(id);
    }
    this.#anchor = id;
    this.#tell();
  }

  /**
   * All from the one that was touched last to this one.
   *
   * @param {number} id
   * @param {readonly number[]} shown
   */
  extend(id, shown) {
    this.#settle(shown);
    const from = Math.max(0, shown.indexOf(this.#anchor));
    const to = shown.indexOf(id);
    shown.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((one) => this.#ids.add(one));
    this.#anchor ||= shown[0] ?? 0;
    this.#tell();
  }

  /** @param {number} id - where a range will begin */
  from(id) {
    this.#anchor = id;
  }

  /** @param {readonly number[]} shown */
  takeShown(shown) {
    this.#isAll = false;
    this.#ids = new Set(shown);
    this.#tell();
  }

  takeAll() {
    if (this.onlyShown) {
      return;
    }
    this.#isAll = true;
    this.#ids.clear();
    this.#tell();
  }

  clear() {
    if (!this.isEmpty) {
      this.#isAll = false;
      this.#ids.clear();
      this.#tell();
    }
  }

  /**
   * Lets go of those that the list does not hold any more.
   *
   * @param {readonly number[]} shown
   */
  keep(shown) {
    const held = new Set(shown);
    const left = [...this.#ids].filter((id) => held.has(id));
    const isLess = left.length < this.#ids.size || (this.#isAll && shown.length === 0);
    this.#ids = new Set(left);
    this.#isAll &&= shown.length > 0;
    if (isLess) {
      this.#tell();
    }
  }

  /** From here on the shown ones count, each by itself. @param {readonly number[]} shown */
  #settle(shown) {
    if (this.#isAll) {
      this.#isAll = false;
      this.#ids = new Set(shown);
    }
  }
}
