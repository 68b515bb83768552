/**
 * A list of saved pages as long as it may be: only what is in view is there as elements (stage.js), and
 * what is not held is asked for where it is looked at (hits.js). One item at a time can be reached with
 * Tab; the arrows go from item to item.
 */
import { editTags } from '../lib/rowtags.js';
import { placeFor } from './geometry.js';
import { Hits } from './hits.js';
import { itemOf, reach } from './item.js';
import { Lead } from './lead.js';
import { Stage } from './stage.js';

/** @typedef {import('../lib/protocol.js').Page} Page */
/** @typedef {import('../lib/pagelist.js').Actions} Actions */
/** @typedef {import('../lib/pagelist.js').List} List */

/**
 * @typedef {object} Options
 * @property {import('./picking.js').Picking} picking
 * @property {() => void} trashPicked
 * @property {import('../lib/thumbnails.js').Thumbnails} thumbnails
 * @property {import('./geometry.js').View} view
 */

/** @implements {List} */
export class LongList {
  #root;
  #actions;
  #options;
  #hits;
  #stage;
  #current = 0;
  #lead;

  /**
   * @param {HTMLElement} root - the <ul>
   * @param {Actions} actions
   * @param {import('../lib/library.js').At} at
   * @param {Options} options
   */
  constructor(root, actions, at, options) {
    this.#root = root;
    this.#actions = actions;
    this.#options = options;
    this.#lead = new Lead(root);
    this.#hits = new Hits({
      at,
      onCame: () => this.#stage.fit(),
      onFault: (error) => actions.fail(error),
    });
    this.#stage = new Stage(root, {
      hits: this.#hits,
      make: (page) => this.#item(page),
      onPut: (item, place, hadFocus) => this.#onPut(item, place, hadFocus),
      onDrawn: (seen) => this.#onDrawn(seen),
    });
    this.#stage.view = options.view;
    options.picking.watch({ hits: this.#hits, changed: () => this.#showPicked() });
    root.addEventListener('keydown', (event) => this.#onKey(event));
    root.addEventListener('focusin', (event) => {
      const row = /** @type {HTMLElement} */ (event.target).closest('li');
      if (row) {
        this.#makeCurrent(Number(row.dataset.place));
      }
    });
  }

  /** @type {List['show']} */
  show({ total, pages }, _more, kept) {
    const active = kept ? document.activeElement?.closest('li') : null;
    const held = active && this.#stage.items.get(Number(active.dataset.place))?.page?.page;
    this.#stage.isFound = pages.some(({ snippet }) => snippet?.some((text) => text.trim()));
    this.#hits.begin({ total, pages }, kept);
    if (!kept) {
      const hadFocus = this.#root.contains(document.activeElement);
      this.#stage.clear();
      this.#options.picking.restart();
      this.#current = 0;
      this.#lead.stop();
      if (hadFocus && total > 0) {
        this.#lead.to(0);
      } else if (hadFocus) {
        this.#actions.leaveUp();
      }
    } else if (held) {
      const place = this.#hits.placeOf(held);
      this.#current = Math.max(0, Math.min(place < 0 ? this.#current : place, total - 1));
      this.#lead.to(this.#current);
    }
    this.#stage.fit();
  }

  /** @param {import('./geometry.js').View} view */
  set view(view) {
    const { top } = this.#stage;
    this.#stage.view = view;
    this.#stage.clear();
    this.#stage.fit();
    if (top > 0) {
      this.#stage.scrollTo(top, 'start');
      this.#stage.draw();
    }
  }

  get pages() {
    return this.#hits.pages;
  }

  get ids() {
    return this.pages.map(({ page }) => page);
  }

  get first() {
    return this.#hits.page(0);
  }

  get size() {
    return this.#hits.total;
  }

  /** @returns {boolean} whether there was an item to go to */
  focusOn() {
    if (this.size > 0) {
      this.#go(Math.min(this.#current, this.size - 1));
    }
    return this.size > 0;
  }

  /**
   * Takes a page out; the focus goes to its neighbour.
   *
   * @param {number} id
   * @returns {() => void} puts it back where it was
   */
  remove(id) {
    const place = this.#hits.placeOf(id);
    const page = place < 0 ? null : this.#hits.page(place);
    if (!page) {
      return () => {};
    }
    const hadFocus = this.#stage.items.get(place)?.row.contains(document.activeElement);
    this.#options.picking.drop(id);
    this.#splice(place, null);
    if (hadFocus && this.size > 0) {
      this.#go(Math.min(place, this.size - 1));
    }
    return () => {
      this.#splice(place, page);
      this.#go(place);
    };
  }

  /**
   * @param {number} place
   * @param {Page | null} page
   */
  #splice(place, page) {
    this.#stage.clear();
    this.#hits.splice(place, page);
    this.#stage.fit();
  }

  /** @param {Page} page */
  #item(page) {
    const { picking, thumbnails } = this.#options;
    const placeOf = () => this.#hits.placeOf(page.page);
    return itemOf(page, {
      ...this.#actions,
      open: (of, event) => {
        if (!picking.byClick(of.page, placeOf(), event)) {
          this.#actions.open(of, event);
        }
      },
      check: (of, event) => picking.check(of.page, placeOf(), event.shiftKey),
      edit: (row) => this.#edit(page, row),
      shot: (box, { snapshot }) => thumbnails.dress(box, snapshot),
    });
  }

  /**
   * @param {import('./stage.js').Item} item
   * @param {number} place
   * @param {boolean} hadFocus
   */
  #onPut(item, place, hadFocus) {
    reach(item.row, place === this.#current);
    this.#showItemPicked(item);
    if (hadFocus) {
      this.#lead.to(place);
    }
  }

  /** @param {number[]} seen */
  #onDrawn(seen) {
    this.#options.thumbnails.want(seen);
    this.#lead.follow(this.#stage.items);
  }

  /**
   * @param {Page} page
   * @param {HTMLElement} row
   */
  #edit(page, row) {
    const foot = row.querySelector('.row-foot');
    if (!foot) {
      return;
    }
    const { complete, retag } = this.#actions;
    /** @type {(now: Page, hadFocus: boolean) => void} */
    const done = (now, hadFocus) => {
      const place = this.#hits.placeOf(now.page);
      if (place >= 0) {
        this.#hits.put(place, now);
        if (hadFocus) {
          this.#lead.to(place);
        }
      }
      this.#stage.draw();
    };
    editTags(row, foot, page, { complete, retag, done });
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const row = target.closest('li');
    if (!row || target.matches('input[type=text]') || event.isComposing) {
      return;
    }
    // Who is faster than the pages come goes on from where they are on the way to.
    const place = this.#lead.place ?? Number(row.dataset.place);
    const page = this.#hits.page(place);
    const { columns, lines } = this.#stage;
    const { picking } = this.#options;
    const where = { place, total: this.size, columns, lines };
    const to = event.altKey || event.metaKey ? null : placeFor(event.key, where);
    if (to === null && page && picking.byKey(page.page, place, event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (to !== null && event.shiftKey) {
      picking.extend(place, Math.max(0, to));
    }
    if (to === -1 && !event.shiftKey) {
      this.#actions.leaveUp();
    } else if (to !== null) {
      this.#go(Math.max(0, to));
    } else if (event.key === 'Delete' && page) {
      if (picking.has(page.page)) {
        this.#options.trashPicked();
      } else {
        this.#actions.trash(page);
      }
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Leads there, as soon as its page has come. @param {number} place */
  #go(place) {
    this.#lead.to(place);
    this.#stage.scrollTo(place, 'nearest');
    this.#stage.draw();
  }

  /** @param {number} place */
  #makeCurrent(place) {
    const { items } = this.#stage;
    const before = items.get(this.#current);
    if (before && place !== this.#current) {
      reach(before.row, false);
    }
    this.#current = place;
    const now = items.get(place);
    if (now) {
      reach(now.row, true);
    }
  }

  #showPicked() {
    this.#stage.items.forEach((item) => this.#showItemPicked(item));
  }

  /** @param {import('./stage.js').Item} item */
  #showItemPicked({ page, row }) {
    const isOn = page !== null && this.#options.picking.has(page.page);
    row.classList.toggle('selected', isOn);
    const box = /** @type {HTMLInputElement | null} */ (row.querySelector('.row-check input'));
    if (box) {
      box.checked = isOn;
    }
  }
}
