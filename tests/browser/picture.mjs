/** Screenshots as pixels: the colour at a place, and how much of two pictures differs. */
import { inflateSync } from 'node:zlib';
import { COLORS } from '../site/features/server.mjs';

/** How far a channel may be off: browsers round when they blend. */
const CLOSE = 12;

/** A PNG of 8 bits a channel, RGB or RGBA, as browsers make them. */
export class Picture {
  width = 0;
  height = 0;
  #channels = 0;
  #pixels = Buffer.alloc(0);

  /** @param {Buffer} png */
  constructor(png) {
    this.png = png;
    const data = [];
    for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
      const body = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
      const type = png.toString('latin1', at + 4, at + 8);
      if (type === 'IHDR') {
        this.width = body.readUInt32BE(0);
        this.height = body.readUInt32BE(4);
        this.#channels = body[9] === 6 ? 4 : 3;
      } else if (type === 'IDAT') {
        data.push(body);
      }
    }
    this.#pixels = this.#unfilter(inflateSync(Buffer.concat(data)));
  }

  /**
   * PNG (third edition) §9, "Filtering".
   *
   * @param {Buffer} rows - each with the number of its filter in front
   */
  #unfilter(rows) {
    const step = this.#channels;
    const stride = this.width * step;
    const out = Buffer.alloc(stride * this.height);
    for (let y = 0; y < this.height; y++) {
      const filter = rows[y * (stride + 1)];
      const to = y * stride;
      rows.copy(out, to, y * (stride + 1) + 1, (y + 1) * (stride + 1));
      if (filter === 0) {
        continue;
      }
      for (let x = 0; x < stride; x++) {
        const a = x >= step ? out[to + x - step] : 0;
        const b = y > 0 ? out[to + x - stride] : 0;
        const c = x >= step && y > 0 ? out[to + x - stride - step] : 0;
        out[to + x] += guess(filter, a, b, c);
      }
    }
    return out;
  }

  /**
   * @param {number} x
   * @param {number} y
   * @returns {string} a name of COLORS, or the numbers; '' outside
   */
  colorAt(x, y) {
    const [column, row] = [Math.floor(x), Math.floor(y)];
    if (column < 0 || row < 0 || column >= this.width || row >= this.height) {
      return '';
    }
    const at = (row * this.width + column) * this.#channels;
    const color = [...this.#pixels.subarray(at, at + 3)];
    const named = Object.entries(COLORS).find(([, wanted]) =>
      wanted.every((value, i) => Math.abs(value - color[i]) <= CLOSE),
    );
    return named?.[0] ?? color.join(',');
  }

  /**
   * The share of pixels that differ clearly, of those that are not background in either.
   *
   * @param {Picture} other
   */
  differenceTo(other) {
    if (other.width !== this.width || other.height !== this.height) {
      return 1;
    }
    const background = this.#commonest();
    let drawn = 0;
    let different = 0;
    const [here, there] = [this.#pixels, other.#pixels];
    for (let i = 0, j = 0; i < here.length; i += this.#channels, j += other.#channels) {
      const mine = (here[i] << 16) | (here[i + 1] << 8) | here[i + 2];
      const theirs = (there[j] << 16) | (there[j + 1] << 8) | there[j + 2];
      drawn += mine !== background || theirs !== background ? 1 : 0;
      if (mine !== theirs) {
        const far = [0, 1, 2].some((k) => Math.abs(here[i + k] - there[j + k]) > 3 * CLOSE);
        different += far ? 1 : 0;
      }
    }
    return drawn === 0 ? 0 : different / drawn;
  }

  #commonest() {
    /** @type {Map<number, number>} */
    const counts = new Map();
    for (let i = 0; i < this.#pixels.length; i += this.#channels * 97) {
      const [r, g, b] = this.#pixels.subarray(i, i + 3);
      const color = (r << 16) | (g << 8) | b;
      counts.set(color, (counts.get(color) ?? 0) + 1);
    }
    return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
  }
}

/**
 * What a filter takes for the next byte.
 *
 * @param {number} filter
 * @param {number} a - the one before
 * @param {number} b - the one above
 * @param {number} c - the one before that
 */
function guess(filter, a, b, c) {
  switch (filter) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return (a + b) >> 1;
    default:
      return paeth(a, b, c);
  }
}

/**
 * @param {number} a
 * @param {number} b
 * @param {number} c
 */
function paeth(a, b, c) {
  const guessed = a + b - c;
  const far = Math.abs(guessed - a);
  const up = Math.abs(guessed - b);
  const corner = Math.abs(guessed - c);
  if (far <= up && far <= corner) {
    return a;
  }
  return up <= corner ? b : c;
}
