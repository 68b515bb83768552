/**
 * What a query finds, by places in the order that was asked for. Of a long list only the pages near
 * those that are looked at are held; any others are asked for when somebody goes there.
 */

/** @typedef {import('../lib/protocol.js').Page} Page */
/** @typedef {import('../lib/library.js').At} At */

/** Asked for at once. */
const PIECE = 50;

/** Held at most: beyond, those that are furthest away are let go. */
const HELD = 1500;

/** Of a request that is only for numbers: the ceiling of one answer. */
const MOST = 200;

export class Hits {
  #at;
  #onCame;
  #onFault;
  /** @type {Map<number, Page>} */
  #pages = new Map();
  /** As they were before the latest change; they stand there until they came again. */
  #old = /** @type {Map<number, Page>} */ (new Map());
  #total = 0;
  /** Lists that were shown. */
  #lists = 0;
  #wanted = { from: 0, to: 0 };
  /** @type {{ from: number, to: number, stop: AbortController } | null} */
  #asking = null;

  /**
   * @param {object} options
   * @param {At} options.at
   * @param {() => void} options.onCame - there are others than before
   * @param {(error: unknown) => void} options.onFault
   */
  constructor({ at, onCame, onFault }) {
    this.#at = at;
    this.#onCame = onCame;
    this.#onFault = onFault;
  }

  get total() {
    return this.#total;
  }

  /** @param {number} place */
  page(place) {
    return this.#pages.get(place) ?? this.#old.get(place) ?? null;
  }

  /** Those that are held, in their order. */
  get pages() {
    return [...this.#pages].sort(([a], [b]) => a - b).map(([, page]) => page);
  }

  /**
   * @param {number} id
   * @returns {number} -1: it is not held
   */
  placeOf(id) {
    for (const held of [this.#pages, this.#old]) {
      for (const [place, { page }] of held) {
        if (page === id) {
          return place;
        }
      }
    }
    return -1;
  }

  /**
   * @param {{ total: number, pages: Page[] }} found - from the first one on
   * @param {boolean} kept - the same query: what is not there yet is as it was
   */
  begin({ total, pages }, kept) {
    this.#stop();
    this.#old = kept ? new Map([...this.#old, ...this.#pages]) : new Map();
    this.#pages = new Map(pages.map((page, place) => [place, page]));
    this.#total = total;
    if (!kept) {
      this.#lists++;
      this.#wanted = { from: 0, to: 0 };
    }
    this.#next();
  }

  /**
   * These are looked at now.
   *
   * @param {number} from
   * @param {number} to
   */
  want(from, to) {
    this.#wanted = { from: Math.max(0, from), to: Math.min(this.#total, to) };
    this.#next();
  }

  #stop() {
    this.#asking?.stop.abort();
    this.#asking = null;
  }

  /** Asks for what is missing, one piece at a time; an answer that nobody waits for is not waited for. */
  #next() {
    const gap = this.#gap();
    if (!gap) {
      return;
    }
    if (this.#asking) {
      const { from, to } = this.#asking;
      if (from < this.#wanted.to && to > this.#wanted.from) {
        return;
      }
      this.#stop();
    }
    this.#fetch(gap.from, gap.to);
  }

  /** A piece around the first that is missing. */
  #gap() {
    let { from } = this.#wanted;
    while (from < this.#wanted.to && this.#pages.has(from)) {
      from++;
    }
    if (from >= this.#wanted.to) {
      return null;
    }
    let to = from;
    while (to < this.#total && to - from < PIECE && !this.#pages.has(to)) {
      to++;
    }
    while (from > 0 && to - from < PIECE && !this.#pages.has(from - 1)) {
      from--;
    }
    return { from, to };
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  async #fetch(from, to) {
    const asking = { from, to, stop: new AbortController() };
    this.#asking = asking;
    try {
      const found = await this.#at(from, to - from, asking.stop.signal);
      if (this.#asking !== asking) {
        return;
      }
      this.#asking = null;
      this.#take(from, to, found);
      this.#onCame();
      this.#next();
    } catch (error) {
      if (this.#asking === asking) {
        this.#asking = null;
        this.#onFault(error);
      }
    }
  }

  /**
   * @param {number} from
   * @param {number} to
   * @param {{ total: number, pages: Page[] }} found
   */
  #take(from, to, { total, pages }) {
    const isShort = pages.length < Math.min(to, total) - from;
    const now = isShort ? from + pages.length : total;
    if (now !== this.#total) {
      // Somebody else has changed the library: what was held may stand elsewhere by now.
      this.#old = new Map([...this.#old, ...this.#pages]);
      this.#pages.clear();
      this.#total = now;
    }
    pages.forEach((page, i) => this.#pages.set(from + i, page));
    this.#wanted.to = Math.min(this.#wanted.to, now);
    if (this.#pages.size > HELD) {
      this.#trim();
    }
  }

  #trim() {
    const middle = (this.#wanted.from + this.#wanted.to) / 2;
    for (const held of [this.#pages, this.#old]) {
      for (const place of held.keys()) {
        if (Math.abs(place - middle) > HELD / 3) {
          held.delete(place);
        }
      }
    }
  }

  /**
   * Takes one out, or puts one in; those behind it move.
   *
   * @param {number} place
   * @param {Page | null} page - null: the one that is there goes
   */
  splice(place, page) {
    this.#stop();
    const step = page ? 1 : -1;
    for (const held of [this.#pages, this.#old]) {
      const moved = [...held].filter(([at]) => at >= place);
      moved.forEach(([at]) => held.delete(at));
      moved.forEach(([at, one]) => (page || at > place) && held.set(at + step, one));
    }
    if (page) {
      this.#pages.set(place, page);
    }
    this.#total += step;
    this.#wanted.to = Math.min(this.#wanted.to, this.#total);
    this.#next();
  }

  /** @param {number} place @param {Page} page - as it is now */
  put(place, page) {
    this.#pages.set(place, page);
  }

  /**
   * The numbers of all pages of a range, those too that are not held.
   *
   * @param {number} from
   * @param {number} to - the first behind it
   * @param {{ signal: AbortSignal, step: (done: number, total: number) => void }} work
   * @returns {Promise<number[] | null>} null: another list is shown by now
   */
  async numbers(from, to, { signal, step }) {
    const list = this.#lists;
    const numbers = [];
    for (let place = from; place < to;) {
      const held = this.page(place);
      if (held) {
        numbers.push(held.page);
        place++;
        continue;
      }
      const { pages } = await this.#at(place, Math.min(MOST, to - place), signal);
      if (list !== this.#lists) {
        return null;
      }
      if (pages.length === 0) {
        break;
      }
      numbers.push(...pages.map(({ page }) => page));
      place += pages.length;
      step(place - from, to - from);
    }
    return numbers;
  }
}
