/** A picture made small enough to stand beside a title. */
import { LIMITS } from './protocol.js';

const WIDTH = 320;
const HEIGHT = 200;

/** What is smaller is an ornament, and says nothing of a page. */
const LEAST = 48;

/** In their order, until one is small enough. @type {readonly [string, number][]} */
const WAYS = [
  ['image/webp', 0.82],
  ['image/webp', 0.6],
  ['image/jpeg', 0.7],
  ['image/jpeg', 0.4],
];

/**
 * @param {Blob} source
 * @returns {Promise<{ type: string, base64: string } | null>} null: none can be made of it
 */
export async function smallPicture(source) {
  const picture = await decode(source);
  if (!picture) {
    return null;
  }
  const { width, height } = picture;
  const isOrnament = width < LEAST || height < LEAST;
  const canvas = isOrnament ? null : drawn(picture, width, height);
  if ('close' in picture) {
    picture.close();
  }
  for (const [type, quality] of canvas ? WAYS : []) {
    const blob = await canvas?.convertToBlob({ type, quality });
    // A browser that cannot write a type writes PNG.
    if (blob && blob.type === type && blob.size <= LIMITS.thumbnail) {
      return { type, base64: base64Of(new Uint8Array(await blob.arrayBuffer())) };
    }
  }
  return null;
}

/**
 * @param {Blob} source
 * @returns {Promise<ImageBitmap | HTMLImageElement | null>}
 */
async function decode(source) {
  try {
    return await createImageBitmap(source);
  } catch {
    return source.type.startsWith('image/svg') ? decodeDrawing(source) : null;
  }
}

/** A drawing has pixels only where it is shown. @param {Blob} source */
async function decodeDrawing(source) {
  const picture = new Image();
  const url = URL.createObjectURL(source);
  picture.src = url;
  try {
    await picture.decode();
    return picture;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * As much of it as has the shape of the place where it will stand: of what is tall the top, of what is
 * wide the middle.
 *
 * @param {ImageBitmap | HTMLImageElement} picture
 * @param {number} width
 * @param {number} height
 */
function drawn(picture, width, height) {
  const shape = WIDTH / HEIGHT;
  const partWidth = Math.min(width, height * shape);
  const partHeight = Math.min(height, width / shape);
  const scale = Math.min(1, WIDTH / partWidth);
  const [w, h] = [Math.round(partWidth * scale), Math.round(partHeight * scale)];
  /** @type {ImageBitmap | HTMLImageElement | OffscreenCanvas} */
  let from = picture;
  let [x, fromWidth, fromHeight] = [(width - partWidth) / 2, partWidth, partHeight];
  for (;;) {
    // By halves: Firefox looks at few of the pixels when it shrinks by more at once.
    const nextWidth = Math.max(w, Math.ceil(fromWidth / 2));
    const nextHeight = Math.max(h, Math.ceil(fromHeight / 2));
    const canvas = new OffscreenCanvas(nextWidth, nextHeight);
    const context = canvas.getContext('2d');
    if (context) {
      context.fillStyle = '#fff'; // behind what is transparent
      context.fillRect(0, 0, nextWidth, nextHeight);
      context.imageSmoothingQuality = 'high';
      context.drawImage(from, x, 0, fromWidth, fromHeight, 0, 0, nextWidth, nextHeight);
    }
    if (nextWidth === w && nextHeight === h) {
      return canvas;
    }
    [from, x, fromWidth, fromHeight] = [canvas, 0, nextWidth, nextHeight];
  }
}

/** @param {Uint8Array} bytes */
function base64Of(bytes) {
  let text = '';
  for (const byte of bytes) {
    text += String.fromCharCode(byte);
  }
  return btoa(text);
}
