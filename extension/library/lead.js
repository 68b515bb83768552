/** Leads the focus to an item of a long list, which may be on its way when somebody goes there. */

/** @typedef {import('./stage.js').Item} Item */

export class Lead {
  #root;
  /** @type {number | null} */
  #place = null;
  /** What had the focus then. @type {Element | null} */
  #from = null;

  /** @param {HTMLElement} root - the list */
  constructor(root) {
    this.#root = root;
  }

  /** Where it leads to; null: nobody waits. */
  get place() {
    return this.#place;
  }

  /** @param {number} place */
  to(place) {
    this.#place = place;
    this.#from = document.activeElement;
  }

  stop() {
    this.#place = null;
  }

  /** @param {ReadonlyMap<number, Item>} items - that are there now, by place */
  follow(items) {
    const item = this.#place === null ? undefined : items.get(this.#place);
    const active = document.activeElement;
    const isFree = active === document.body || active === this.#from || this.#root.contains(active);
    if (!isFree) {
      this.stop(); // somebody has gone elsewhere meanwhile
    } else if (item?.page) {
      this.stop();
      const title = item.row.querySelector('.row-title');
      /** @type {HTMLElement | null} */ (title)?.focus({ preventScroll: true });
    }
  }
}
