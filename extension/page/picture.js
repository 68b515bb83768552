/**
 * Files of a snapshot as pictures. A blob: URL has the origin of the extension, and "open image in a new
 * tab" makes a document of it: so only what begins as a raster picture gets one, of the type that it
 * shows itself to be. A drawing (SVG) is a document, whatever it says: it is drawn on a canvas.
 */
import { el } from '../lib/dom.js';

/** Of a drawing, in pixels: as large as the page shows it, twice. */
const WIDTH = 280;
const HEIGHT = 200;

/** How they begin, in hexadecimal; a dot is any digit. @type {readonly [RegExp, string][]} */
const BEGINNINGS = [
  [/^89504e470d0a1a0a/, 'image/png'],
  [/^ffd8ff/, 'image/jpeg'],
  [/^47494638(?:37|39)61/, 'image/gif'],
  [/^52494646.{8}57454250/, 'image/webp'],
  [/^.{8}66747970617669(?:66|73)/, 'image/avif'],
  [/^424d.{8}00000000/, 'image/bmp'],
  [/^00000100..00/, 'image/x-icon'],
];

/**
 * @param {Blob} file - whatever it says of itself
 * @returns {Promise<string | null>} its type, if it is a raster picture
 */
async function rasterType(file) {
  const bytes = new Uint8Array(await file.slice(0, 16).arrayBuffer());
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return BEGINNINGS.find(([begin]) => begin.test(digits))?.[1] ?? null;
}

/**
 * @param {Blob} file
 * @param {string} label
 * @param {(url: string) => void} onUrl - a blob: URL to be revoked in the end
 * @returns {Promise<HTMLElement>} rejects where it is no picture
 */
export async function pictureOf(file, label, onUrl) {
  const type = await rasterType(file);
  if (!type) {
    return drawing(await file.text(), label);
  }
  const src = URL.createObjectURL(new Blob([file], { type }));
  onUrl(src);
  const image = /** @type {HTMLImageElement} */ (el('img', { src, alt: label }));
  await image.decode();
  return image;
}

/**
 * @param {string} text - of an SVG
 * @param {string} label
 */
async function drawing(text, label) {
  const svg = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  if (svg.namespaceURI !== 'http://www.w3.org/2000/svg' || svg.localName !== 'svg') {
    throw new TypeError('no picture');
  }
  // Without a size of its own, it has none that a canvas could use in every browser.
  if (!isLength(svg.getAttribute('width')) || !isLength(svg.getAttribute('height'))) {
    const [, , width, height] = (svg.getAttribute('viewBox') ?? '').split(/[\s,]+/);
    const isSized = isLength(width) && isLength(height);
    svg.setAttribute('width', isSized ? width : String(WIDTH));
    svg.setAttribute('height', isSized ? height : String(HEIGHT));
  }
  const image = new Image();
  const markup = new XMLSerializer().serializeToString(svg);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(markup)}`;
  await image.decode();
  const { naturalHeight, naturalWidth } = image;
  const scale = Math.min(WIDTH / naturalWidth, HEIGHT / naturalHeight);
  const canvas = /** @type {HTMLCanvasElement} */ (
    el('canvas', { role: 'img', 'aria-label': label })
  );
  canvas.width = Math.max(1, Math.round(naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(naturalHeight * scale));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** @param {string | null | undefined} value */
const isLength = (value) => parseFloat(value ?? '') > 0 && !value?.includes('%');
