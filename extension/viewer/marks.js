/** The highlights of a page, and where each stands in the snapshot that is shown. */
import { LIMITS } from '../lib/protocol.js';
import { clip } from '../lib/text.js';

/** @typedef {import('../lib/inks.js').Highlight} Highlight */
/** @typedef {import('../lib/inks.js').Colour} Colour */
/** @typedef {import('./passages.js').Place} Place */
/** @typedef {import('./passages.js').Quoted} Quoted */

/** Of one answer. */
const PART = 200;

export class Marks {
  #host;
  #onChange;
  /** @type {Map<number, Place>} */
  #places = new Map();

  /** @type {Highlight[]} */
  list = [];

  /** What the next one is drawn in. @type {Colour} */
  colour = 'yellow';

  /**
   * @param {import('../lib/host.js').Host} host
   * @param {() => void} onChange
   */
  constructor(host, onChange) {
    this.#host = host;
    this.#onChange = onChange;
  }

  /** Whether the page that is shown has any. */
  get isDrawn() {
    return this.#places.size > 0;
  }

  /**
   * @param {number} page
   * @param {AbortSignal} signal
   */
  async read(page, signal) {
    const list = /** @type {Highlight[]} */ ([]);
    let cursor = '';
    do {
      const params = { page, limit: PART, ...(cursor ? { cursor } : {}) };
      const part = await this.#host.request('highlights.list', params, { signal });
      list.push(...part.highlights);
      cursor = part.highlights.length > 0 ? part.cursor : '';
    } while (cursor && list.length < LIMITS.highlights);
    this.list = list;
    this.#places = new Map();
    this.#onChange();
  }

  /** Nothing that can have one is shown. */
  clear() {
    this.list = [];
    this.placed(new Map());
  }

  /** @param {Map<number, Place>} places - of those that were found */
  placed(places) {
    this.#places = places;
    this.#onChange();
  }

  /** @param {number} highlight @returns {Place | undefined} */
  placeOf(highlight) {
    return this.#places.get(highlight);
  }

  /** @param {number} highlight */
  get(highlight) {
    return this.list.find((one) => one.highlight === highlight);
  }

  /** In the order of the text; those that this version does not have stand last. */
  get ordered() {
    const at = (/** @type {Highlight} */ one) => this.placeOf(one.highlight)?.from ?? Infinity;
    return [...this.list].sort((a, b) => (at(a) === at(b) ? a.made - b.made : at(a) - at(b)));
  }

  /**
   * @param {number} snapshot
   * @param {Quoted} quoted
   * @param {Place} place - in what is shown
   * @returns {Promise<Highlight>} rejects with a HostError
   */
  async add(snapshot, quoted, place) {
    const params = { snapshot, ...quoted, colour: this.colour };
    const added = await this.#host.request('highlights.add', params);
    this.list.push(added);
    this.#places.set(added.highlight, place);
    this.#onChange();
    return added;
  }

  /**
   * @param {number} highlight
   * @param {{ colour?: Colour, note?: string }} changes
   * @returns {Promise<Highlight>} rejects with a HostError
   */
  async change(highlight, changes) {
    const note =
      changes.note === undefined ? {} : { note: clip(changes.note, LIMITS.highlightNote) };
    const params = { highlight, ...changes, ...note };
    const changed = await this.#host.request('highlights.update', params);
    this.list = this.list.map((one) => (one.highlight === highlight ? changed : one));
    this.#onChange();
    return changed;
  }

  /** @param {Highlight} one */
  async remove(one) {
    await this.#host.request('highlights.delete', { highlight: one.highlight });
    this.list = this.list.filter(({ highlight }) => highlight !== one.highlight);
    this.#onChange();
  }

  /** @param {Highlight} one */
  async restore(one) {
    await this.#host.request('highlights.restore', { highlight: one.highlight });
    this.list.push(one);
    this.#onChange();
  }
}
