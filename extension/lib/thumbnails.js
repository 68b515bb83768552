/**
 * Small pictures of snapshots: asked for as they come into view, and made of a picture of the snapshot
 * where there is none yet. One request at a time, so that a search never waits behind them.
 */
import { LIMITS } from './protocol.js';
import { smallPicture } from './smallpicture.js';

/** A pause in scrolling. What is passed by is not asked for. */
const PAUSE_MS = 90;

/** Of those that are out of view, so many are held. */
const HELD = 600;

/** A picture that is larger makes no thumbnail: reading it would hold up everything else. */
const LARGEST = 6 * 1024 * 1024;

export class Thumbnails {
  #host;
  /** `data:` URLs by snapshot, the latest last; empty where there is none. @type {Map<number, string>} */
  #known = new Map();
  /** Boxes that wait, by snapshot. @type {Map<number, Set<WeakRef<HTMLElement>>>} */
  #boxes = new Map();
  /** @type {readonly number[]} */
  #wanted = [];
  /** To be made of a picture, by snapshot. @type {Map<number, string>} */
  #pictures = new Map();
  #isBusy = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {{ request: import('./host.js').Host['request'] }} host */
  constructor(host) {
    this.#host = host;
  }

  /**
   * Puts the picture into a box, now or when it has come.
   *
   * @param {HTMLElement} box
   * @param {number} snapshot
   */
  dress(box, snapshot) {
    const data = this.#known.get(snapshot);
    if (data !== undefined) {
      show(box, data);
      return;
    }
    const boxes = this.#boxes.get(snapshot) ?? new Set();
    this.#boxes.set(snapshot, boxes.add(new WeakRef(box)));
  }

  /** @param {readonly number[]} snapshots - that are in view */
  want(snapshots) {
    this.#wanted = snapshots;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#go(), PAUSE_MS);
    if (this.#boxes.size > HELD) {
      this.#forget();
    }
  }

  /** Boxes that were scrolled past wait for nothing any more. */
  #forget() {
    for (const [snapshot, boxes] of this.#boxes) {
      if (![...boxes].some((box) => box.deref()?.isConnected)) {
        this.#boxes.delete(snapshot);
      }
    }
  }

  async #go() {
    if (this.#isBusy) {
      return;
    }
    this.#isBusy = true;
    try {
      while ((await this.#ask()) || (await this.#make())) {
        // the next one
      }
    } catch {
      // Without them the list works as well; they are asked for again when it moves.
    }
    this.#isBusy = false;
  }

  /** @returns {Promise<boolean>} whether there was something to ask for */
  async #ask() {
    const missing = this.#wanted.filter(
      (snapshot) => !this.#known.has(snapshot) && !this.#pictures.has(snapshot),
    );
    const snapshots = missing.slice(0, LIMITS.thumbnails);
    if (snapshots.length === 0) {
      return false;
    }
    const answer = await this.#host.request('thumbnails.get', { snapshots });
    /** @type {Map<number, import('./protocol.js').Thumbnail>} */
    const came = new Map(answer.thumbnails.map((/** @type {any} */ one) => [one.snapshot, one]));
    for (const snapshot of snapshots) {
      const { data = '', picture = '' } = came.get(snapshot) ?? {};
      if (!data && picture) {
        this.#pictures.set(snapshot, picture);
      } else {
        this.#learn(snapshot, data);
      }
    }
    return true;
  }

  /** Makes one of those that are in view. @returns {Promise<boolean>} whether there was one to make */
  async #make() {
    const snapshot = this.#wanted.find((one) => this.#pictures.has(one));
    const asset = snapshot === undefined ? undefined : this.#pictures.get(snapshot);
    if (snapshot === undefined || asset === undefined) {
      return false;
    }
    this.#pictures.delete(snapshot);
    this.#known.set(snapshot, ''); // unless one can be made
    const source = await this.#read(snapshot, asset).catch(gone);
    const small = source && (await smallPicture(source));
    const params = small
      ? { media_type: small.type, data: small.base64 }
      : { media_type: 'image/webp', data: '' };
    this.#learn(snapshot, small ? `data:${small.type};base64,${small.base64}` : '');
    try {
      await this.#host.request('thumbnails.set', { snapshot, ...params });
    } catch {
      // A store that is read only: it is made again another time.
    }
    return true;
  }

  /**
   * @param {number} snapshot
   * @param {string} asset
   * @returns {Promise<Blob | null>} null: it is too large
   */
  async #read(snapshot, asset) {
    const parts = [];
    let type = '';
    /** @type {number | null} */
    let offset = 0;
    while (offset !== null) {
      const part = await this.#host.request('snapshots.read', { snapshot, asset, offset });
      if (part.size > LARGEST) {
        return null;
      }
      parts.push(Uint8Array.from(atob(part.data), (letter) => letter.charCodeAt(0)));
      type = part.media_type ?? type;
      offset = part.next;
    }
    return new Blob(parts, { type });
  }

  /**
   * @param {number} snapshot
   * @param {string} data
   */
  #learn(snapshot, data) {
    this.#known.delete(snapshot);
    this.#known.set(snapshot, data);
    for (const waiting of this.#boxes.get(snapshot) ?? []) {
      const box = waiting.deref();
      if (box) {
        show(box, data);
      }
    }
    this.#boxes.delete(snapshot);
    for (const old of this.#known.keys()) {
      if (this.#known.size <= HELD) {
        break;
      }
      this.#known.delete(old);
    }
  }
}

/** It was deleted meanwhile. @param {unknown} error @returns {null} */
function gone(error) {
  if (/** @type {Error} */ (error).name !== 'not_found') {
    throw error;
  }
  return null;
}

/**
 * @param {HTMLElement} box
 * @param {string} data
 */
function show(box, data) {
  if (!data.startsWith('data:image/')) {
    return;
  }
  const picture = document.createElement('img');
  picture.alt = '';
  picture.decoding = 'async';
  picture.addEventListener('load', () => {
    box.classList.add('pictured');
    box.replaceChildren(picture);
  });
  picture.src = data;
}
