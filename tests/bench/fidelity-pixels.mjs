/** How far two pictures of a page are alike. */
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

/**
 * @typedef {object} Likeness
 * @property {number} all - share of the pixels that are alike, 0 to 1
 * @property {number} content - the same of those alone that are not background in both
 * @property {Buffer} diff - PNG; what differs is red
 */

/**
 * Where one picture is larger, what the other lacks counts as content that differs.
 *
 * @param {Buffer} reference - PNG
 * @param {Buffer} other - PNG
 * @returns {Likeness}
 */
export function compare(reference, other) {
  const pictures = [PNG.sync.read(reference), PNG.sync.read(other)];
  const width = Math.max(...pictures.map((each) => each.width));
  const height = Math.max(...pictures.map((each) => each.height));
  const [a, b] = pictures.map((each) => enlarge(each, width, height));
  const mask = new PNG({ width, height });
  // Anti-aliased edges that differ by a shade are forgiven, for all tools alike.
  const options = { threshold: 0.1, diffMask: true };
  pixelmatch(a.data, b.data, mask.data, width, height, options);
  const background = commonest(a);
  const [left, right, wrong] = [a, b, mask].map(words);
  let content = 0;
  let different = 0;
  for (let i = 0; i < left.length; i++) {
    const differs = wrong[i] !== 0;
    different += Number(differs);
    content += Number(differs || left[i] !== background || right[i] !== background);
  }
  return {
    all: 1 - different / left.length,
    content: content === 0 ? 1 : 1 - different / content,
    diff: show(a, wrong),
  };
}

/**
 * @param {PNG} picture
 * @returns {Uint32Array} a word for each pixel
 */
function words({ data }) {
  return new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
}

/**
 * @param {PNG} picture
 * @param {number} width
 * @param {number} height
 */
function enlarge(picture, width, height) {
  if (picture.width === width && picture.height === height) {
    return picture;
  }
  const large = new PNG({ width, height });
  // Transparent, which no page is: pixelmatch draws a pattern there.
  PNG.bitblt(picture, large, 0, 0, picture.width, picture.height, 0, 0);
  return large;
}

/** @param {PNG} picture */
function commonest(picture) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  let best = 0;
  let most = 0;
  const all = words(picture);
  for (let i = 0; i < all.length; i += 3) {
    const count = (counts.get(all[i]) ?? 0) + 1;
    counts.set(all[i], count);
    if (count > most) {
      most = count;
      best = all[i];
    }
  }
  return best;
}

/**
 * The reference, pale, with what differs in red.
 *
 * @param {PNG} reference
 * @param {Uint32Array} wrong
 */
function show(reference, wrong) {
  const { width, height } = reference;
  const picture = new PNG({ width, height });
  for (let i = 0; i < wrong.length; i++) {
    const at = i * 4;
    const pale = (/** @type {number} */ k) => 255 - (255 - reference.data[at + k]) / 5;
    picture.data.set(wrong[i] ? [255, 0, 0, 255] : [pale(0), pale(1), pale(2), 255], at);
  }
  return PNG.sync.write(picture, { deflateLevel: 1 });
}
