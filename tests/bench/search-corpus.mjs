/**
 * Pages and queries for `make bench-search`, made of real texts and the same in every run: a page is
 * stretches of consecutive paragraphs from different places of one language, of a length as web
 * pages have it.
 */
import fs from 'node:fs';
import path from 'node:path';
import { Asker, random, wordsOf } from './search-queries.mjs';
import { readTexts } from './search-texts.mjs';

/** Raised when the same texts would give other pages or queries. */
const VERSION = 2;

/** Between the fields of a page, and after each page. */
const FIELD = '\x1f';
const END = '\x1e\n';

/** @typedef {{title: string, site: string, tags: string[], note: string, text: string, lang: string}} Page */

/** How many pages of a hundred are in which language. */
const SHARES = [
  ['zh', 55],
  ['en', 31],
  ['zh-TW', 9],
  ['ja', 2],
  ['ko', 1],
  ['fr', 1],
  ['ru', 1],
];

const QUERIES = 2000;
const OF_EACH_KIND = 200;

const LENGTH = { median: 1300, spread: 0.95, least: 150, most: 150_000 };

class Maker {
  #texts;
  #next;
  /** @type {string[]} */
  #tags = [];

  /** @param {Map<string, string[][]>} texts @param {number} seed */
  constructor(texts, seed) {
    this.#texts = texts;
    this.#next = random(seed);
    const sample = ['zh', 'en'].flatMap((language) => {
      return Array.from({ length: 1000 }, () => this.#paragraph(language));
    });
    const words = [...wordsOf(sample).keys()].filter((word) => /^\p{L}{2,12}$/u.test(word));
    while (this.#tags.length < 300) {
      const name = this.#pick(words);
      this.#tags.push(this.#next() < 0.2 ? `${this.#pick(words)}/${name}` : name);
    }
  }

  /** @param {string} language */
  #paragraph(language) {
    return this.#pick(this.#pick(this.#texts.get(language) ?? []));
  }

  /** @template T @param {T[]} list @returns {T} */
  #pick(list) {
    return list[Math.floor(this.#next() * list.length)];
  }

  /** Few are common, most are rare. @param {number} count */
  #skewed(count) {
    return Math.floor(count * this.#next() ** 3);
  }

  #language() {
    let at = this.#next() * 100;
    for (const [language, share] of SHARES) {
      at -= Number(share);
      if (at < 0) {
        return String(language);
      }
    }
    return 'en';
  }

  /** A length whose logarithm is distributed normally. */
  #length() {
    const normal =
      Math.sqrt(-2 * Math.log(1 - this.#next())) * Math.cos(2 * Math.PI * this.#next());
    const length = LENGTH.median * Math.exp(LENGTH.spread * normal);
    return Math.min(Math.max(length, LENGTH.least), LENGTH.most);
  }

  /** @returns {Page} */
  page() {
    const lang = this.#language();
    const sources = this.#texts.get(lang) ?? [];
    const length = this.#length();
    const parts = [];
    let title = '';
    for (let bytes = 0; bytes < length;) {
      const source = this.#pick(sources);
      const at = Math.floor(this.#next() * source.length);
      for (const part of source.slice(at, at + 1 + Math.floor(this.#next() * 8))) {
        parts.push(part);
        bytes += Buffer.byteLength(part);
        title = title || part.split(/[。.!?！？；;\n]/, 1)[0].slice(0, 60);
      }
    }
    const tags = Array.from({ length: Math.floor(this.#next() * 4) }, () => {
      return this.#tags[this.#skewed(this.#tags.length)];
    });
    return {
      title: title || parts[0].slice(0, 60),
      site: `site${this.#skewed(800)}.example`,
      tags: [...new Set(tags)],
      note: this.#next() < 0.1 ? this.#paragraph(lang).slice(0, 200) : '',
      text: parts.join('\n'),
      lang,
    };
  }
}

/**
 * Writes pages and queries, or finds them written.
 *
 * @param {string} folder
 * @param {number} count
 */
export async function makeCorpus(folder, count) {
  const pagesFile = path.join(folder, `${VERSION}-${count}.pages`);
  const queriesFile = path.join(folder, `${VERSION}-${count}.queries`);
  if (fs.existsSync(queriesFile)) {
    return { pagesFile, queriesFile };
  }
  fs.mkdirSync(folder, { recursive: true });
  const maker = new Maker(await readTexts(), 5);
  const sample = [];
  const each = Math.max(1, Math.floor(count / 1000));
  const out = fs.openSync(`${pagesFile}.new`, 'w');
  let batch = '';
  for (let i = 0; i < count; i++) {
    const page = maker.page();
    if (i % each === 0) {
      sample.push(page);
    }
    const { title, site, tags, note, lang, text } = page;
    batch += [title, site, tags.join('\n'), note, lang, text].join(FIELD) + END;
    if (batch.length > 4e6 || i === count - 1) {
      fs.writeSync(out, batch);
      batch = '';
    }
  }
  fs.closeSync(out);
  fs.renameSync(`${pagesFile}.new`, pagesFile);
  const asker = new Asker(sample, 7);
  const queries = asker.queries(OF_EACH_KIND);
  const all = [...queries, ...asker.pieces(QUERIES - queries.length)];
  const lines = all.map(({ kind, query, needles }) => [kind, query, ...needles].join('\t'));
  fs.writeFileSync(`${queriesFile}.new`, `${lines.join('\n')}\n`);
  fs.renameSync(`${queriesFile}.new`, queriesFile);
  return { pagesFile, queriesFile };
}
