/** A library of many pages for the benchmarks: titles, sites, tags and years as people have them. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Port, programs } from '../host/port.mjs';
import { WORDS } from './figures.mjs';

/** Raised when the same number of pages would give another library. */
const VERSION = 1;
const FIELD = '\x1f';
const END = '\x1e\n';

/** How many of the newest have a small picture, so many as anybody scrolls through. */
const PICTURES = 2000;

/** 1 x 1, a WebP: what counts is that there is one to fetch, to decode and to draw. */
const PICTURE = 'UklGRh4AAABXRUJQVlA4TBEAAAAvAAAAAAfQ//73v/+BiOh/AAA=';

/** @param {number} i */
function pageOf(i) {
  const word = (/** @type {number} */ k) => WORDS[(i * 7 + k * k * 3) % WORDS.length];
  const isChinese = i % 3 !== 0;
  const title = isChinese
    ? `${word(1)}与${word(2)}：${word(3)}里的${word(4)}，第 ${i} 篇`
    : `On the ${['quiet', 'long', 'open', 'small'][i % 4]} web, part ${i}`;
  const tags = [`${word(5)}/${word(6)}`, word(7), `topic-${(i * i) % 180}`].slice(0, i % 4);
  const note = i % 11 === 0 ? `${word(8)}，${word(9)}` : '';
  const text = Array.from({ length: 30 }, (_, k) => word(k)).join('，');
  const site = `site${(i * i) % 700}.example`;
  return [title, site, tags.join('\n'), note, isChinese ? 'zh' : 'en', text].join(FIELD) + END;
}

/**
 * Makes it, or finds it made.
 *
 * @param {string} folder
 * @param {number} count
 * @returns {Promise<string>} the store
 */
export async function makeLibrary(folder, count) {
  const store = path.join(folder, `library-${VERSION}-${count}.db`);
  const done = `${store}.done`;
  if (fs.existsSync(done)) {
    return store;
  }
  fs.mkdirSync(folder, { recursive: true });
  ['', '-wal', '-shm', '.pages', '.queries'].forEach((ending) =>
    fs.rmSync(store + ending, { force: true }),
  );
  const pages = fs.openSync(`${store}.pages`, 'w');
  for (let i = 0; i < count; i += 1000) {
    const batch = Array.from({ length: Math.min(1000, count - i) }, (_, k) => pageOf(i + k));
    fs.writeSync(pages, batch.join(''));
  }
  fs.closeSync(pages);
  fs.writeFileSync(`${store}.queries`, '');
  const program = path.join(programs, 'bench/search_store');
  await promisify(execFile)(program, ['fill', `${store}.pages`, `${store}.queries`, store]);
  await addPictures(store, Math.min(PICTURES, count));
  fs.rmSync(`${store}.pages`);
  fs.rmSync(`${store}.queries`);
  fs.writeFileSync(done, '');
  return store;
}

/** @param {string} store @param {number} count */
async function addPictures(store, count) {
  const port = new Port(path.dirname(store), { LINKSNAP_DB: store });
  await port.hello();
  let cursor = '';
  for (let added = 0; added < count;) {
    const found = await port.request('pages.search', { limit: 200, cursor });
    for (const { snapshot } of found.pages) {
      const picture = { snapshot, media_type: 'image/webp', data: PICTURE };
      await port.request('thumbnails.set', picture);
    }
    added += found.pages.length;
    ({ cursor } = found);
  }
  await port.close();
}
