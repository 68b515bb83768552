// The site that captures under kills are made of. Every byte follows from the address, so that who
// checks a snapshot knows what must be in it.
import { createHash } from 'node:crypto';

import { png, serve } from './server.mjs';

/** Numbers below `end`, the same for the same seed. @param {number} seed */
export function numbersOf(seed) {
  let state = seed >>> 0;
  return (/** @type {number} */ end) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end;
  };
}

/** A word that only this page has. @param {number} page */
export const wordOf = (page) => `zq${page.toString(36)}xw`;

/** What the pages share. @param {number} page */
const sharedOf = (page) => [page % 5, (page * 7 + 3) % 11];

/** The pictures of a page, by path. @param {number} page */
export function picturesOf(page) {
  const own = Array.from({ length: 1 + (page % 7) }, (_, i) => `/own.png?n=${page}&i=${i}`);
  return [...own, ...sharedOf(page).map((j) => `/shared.png?j=${j}`)];
}

/** The bytes of a picture: one in thirty is large. @param {string} path */
function pictureOf(path) {
  const seed = createHash('sha256').update(path).digest().readUInt32LE();
  const random = numbersOf(seed);
  const length = Math.floor(random(30) < 1 ? 400_000 : random(30_000));
  const tail = Buffer.alloc(length);
  for (let i = 0; i + 4 <= length; i += 4) {
    tail.writeUInt32LE(Math.floor(random(2 ** 32)), i);
  }
  return Buffer.concat([png, Buffer.from(path), tail]);
}

/** @type {Map<string, string>} */
const digests = new Map();

/** The name that a picture's bytes have in a store. @param {string} path */
export function digestOf(path) {
  const known = digests.get(path) ?? createHash('sha256').update(pictureOf(path)).digest('hex');
  digests.set(path, known);
  return known;
}

/** The inside of a page's body. @param {number} page @param {string} origin @param {number} visit */
export function bodyOf(page, origin, visit) {
  const images = picturesOf(page).map(
    (path) => `<img src="${origin}${path.replace('&', '&amp;')}"/>`,
  );
  const words = `Page ${page}, as it was the ${visit}th time. 光明图书馆第${page}页。`.repeat(12);
  return `<h1>${wordOf(page)}</h1><p>${words}</p>${images.join('')}`;
}

/** A place on the site. @param {string} url */
const numberIn = (url) => Number(new URL(url, 'http://x/').searchParams.get('n'));

/**
 * Serves it: `/p?n=` are pages, whatever else the query says, and `/r?n=` leads there.
 * @param {(path: string) => boolean} [lacks] asked at each picture: true answers that it is gone
 */
export async function startSite(lacks = () => false) {
  let visits = 0;
  /** @param {string} url */
  const page = (url) => {
    visits += 1;
    const n = numberIn(url);
    const link = `<link rel="canonical" href="/p?n=${n}">`;
    const sheet = `<link rel="stylesheet" href="/style.css?j=${n % 3}">`;
    const head = `<title>Page ${n}</title><link rel=icon href="data:,">${link}${sheet}`;
    return `<!DOCTYPE html><html><head>${head}</head><body>${bodyOf(n, '', visits)}`;
  };
  /**
   * Answers a little later, so that there are instants to be killed at.
   * @param {string} type
   * @param {(url: string) => string | Buffer} make
   * @returns {import('./server.mjs').Route}
   */
  const slowly = (type, make) => (request, response) => {
    const url = request.url ?? '/';
    const body = make(url);
    const status = type === 'image/png' && lacks(url) ? 404 : 200;
    setTimeout(() => {
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    }, body.length % 5);
  };
  const html = 'text/html; charset=utf-8';
  return serve({
    '/p': slowly(html, page),
    '/r': (request, response) => {
      response.writeHead(302, { location: `/p?n=${numberIn(request.url ?? '')}` });
      response.end();
    },
    '/own.png': slowly('image/png', pictureOf),
    '/shared.png': slowly('image/png', pictureOf),
    '/style.css': slowly('text/css', (url) => `p { color: #${url.slice(-1)}23 }`),
  });
}
