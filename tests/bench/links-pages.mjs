// The pages of `make bench-links`: an article with its own style sheets, pictures and fonts. The
// same number makes the same bytes, and no two files of any two pages are alike.
import { PNG } from 'pngjs';
import { WORDS } from './figures.mjs';

/** Pages 0 to SMALL - 1: three rounds each, the page, its sheet and pictures, what the sheet asks for. */
export const SMALL = 500;
export const SMALL_SIZE = { assets: 6, sheets: 1, bytes: 30_000 };
/** The pages for one at a time. */
export const LARGE = [
  { number: 1040, assets: 40, sheets: 2, bytes: 60_000 },
  { number: 1200, assets: 200, sheets: 4, bytes: 120_000 },
];

const LATIN =
  'link snapshot page reader archive offline search queue server answer picture library year city';

/** @typedef {{type: string, body: Buffer}} File */

/** Numbers from 0 to 1, the same for the same seed (mulberry32). @param {number} seed */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bytes that no compression makes smaller. @param {number} size @param {() => number} next */
function noise(size, next) {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i++) {
    bytes[i] = next() * 256;
  }
  return bytes;
}

/** About 5 kB. @param {() => number} next */
function picture(next) {
  const png = new PNG({ width: 40, height: 40, colorType: 2 });
  noise(png.data.length, next).copy(png.data);
  return PNG.sync.write(png, { colorType: 2, deflateLevel: 1 });
}

/** A WOFF2 by its first bytes; no browser is to draw with it. @param {() => number} next */
function font(next) {
  return Buffer.concat([Buffer.from('wOF2\0\x01\0\0', 'latin1'), noise(16_000, next)]);
}

/** @param {() => number} next */
function sentence(next) {
  const latin = LATIN.split(' ');
  const words = Array.from({ length: 12 }, () =>
    next() < 0.5 ? WORDS[Math.floor(next() * WORDS.length)] : latin[Math.floor(next() * 15)],
  );
  return `${words.join(' ')} ${Math.floor(next() * 10_000)}.`;
}

/** @param {() => number} next */
function paragraph(next) {
  const [a, b, c, d] = Array.from({ length: 4 }, () => sentence(next));
  return `<p class="text">${a} <a href="/other/${Math.floor(next() * 500)}">${b}</a> ${c} <em>${d}</em></p>`;
}

/**
 * Rules as sites have them, of which one asks for a picture and one for a font.
 * @param {string} image
 * @param {string} face
 * @param {number} sheet
 */
function style(image, face, sheet) {
  const rules = Array.from(
    { length: 60 },
    (_, i) =>
      `.s${sheet}-${i} > .text:not(.wide) { margin: ${i}px auto; color: rgb(${i}, 40, 40); padding: 0 1em }`,
  );
  return `@font-face { font-family: "f${sheet}"; src: url("${face}") format("woff2") }
body, .s${sheet} { font-family: "f${sheet}", serif; background: url("${image}") repeat-x }
@media (min-width: 40em) { article { max-width: 60ch } }
${rules.join('\n')}
`;
}

/**
 * A page and its assets by path: an icon, `sheets` style sheets with a picture and a
 * font each, and pictures, so that there are `assets` in all.
 * @param {number} number
 * @param {{assets: number, sheets: number, bytes: number}} size
 * @returns {Map<string, File>}
 */
export function makePage(number, { assets, sheets, bytes }) {
  const next = random(number + 1);
  /** @type {Map<string, File>} */
  const files = new Map();
  const own = (/** @type {string} */ name) => `/${number}/${name}`;
  const put = (
    /** @type {string} */ name,
    /** @type {string} */ type,
    /** @type {Buffer} */ body,
  ) => files.set(own(name), { type, body });
  put('icon.png', 'image/png', picture(next));
  const links = ['<link rel="icon" href="icon.png">'];
  for (let i = 0; i < sheets; i++) {
    put(`style${i}.css`, 'text/css', Buffer.from(style(`back${i}.png`, `face${i}.woff2`, i)));
    put(`back${i}.png`, 'image/png', picture(next));
    put(`face${i}.woff2`, 'font/woff2', font(next));
    links.push(`<link rel="stylesheet" href="style${i}.css">`);
  }
  let body = '';
  for (let i = 0; i < assets - 3 * sheets - 1; i++) {
    put(`img${i}.png`, 'image/png', picture(next));
    body += `<figure><img src="img${i}.png" alt="${i}" width="40" height="40"><figcaption>${sentence(next)}</figcaption></figure>\n`;
  }
  const title = `${WORDS[number % WORDS.length]} ${number}`;
  const items = Array.from({ length: 20 }, (_, i) => `<li><a href="/other/${i}">${i}</a></li>`);
  body = `<nav><ul>${items.join('')}</ul></nav>
<article class="s0"><h1>${title}</h1>
${body}`;
  while (Buffer.byteLength(body) < bytes) {
    body += `<h2 class="s0-1">${sentence(next)}</h2>\n${paragraph(next)}\n${paragraph(next)}\n`;
  }
  const html = `<!DOCTYPE html>
<html lang="zh"><head><meta charset="utf-8"><title>${title}</title>
<meta name="description" content="${sentence(next)}">
${links.join('\n')}
</head><body>
${body}
</article><footer><p>${sentence(next)}</p></footer></body></html>
`;
  files.set(own('page.html'), { type: 'text/html; charset=utf-8', body: Buffer.from(html) });
  return files;
}
