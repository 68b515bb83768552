/**
 * Queries for `make bench-search`, drawn from a sample of the pages: real words by how many pages hold
 * them, phrases, pieces of text.
 */

/** @typedef {import('./search-corpus.mjs').Page} Page */
/** @typedef {{kind: string, query: string, needles: string[]}} Query */

/** A generator of numbers in [0, 1), the same for the same seed (mulberry32). */
export function random(seed = 1) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * How many of the texts hold each word, as a dictionary of the language cuts them.
 *
 * @param {string[]} texts
 */
export function wordsOf(texts) {
  const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const text of texts) {
    const words = new Set();
    for (const { segment, isWordLike } of segmenter.segment(text)) {
      if (isWordLike) {
        words.add(segment);
      }
    }
    for (const word of words) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return counts;
}

/** @param {string} text */
const sequences = (text) => text.match(/\p{Script=Han}+|[a-z]+(?: [a-z]+)*/giu) ?? [];

/** Draws queries from a sample of the pages. */
export class Asker {
  #pages;
  #next;
  /** Words with the number of pages that hold them, the commonest first. */
  #words;

  /** @param {Page[]} pages @param {number} seed */
  constructor(pages, seed) {
    this.#pages = pages;
    this.#next = random(seed);
    this.#words = [...wordsOf(pages.map(({ text }) => text.toLowerCase()))];
    this.#words.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }

  /** @template T @param {T[]} list @returns {T} */
  #pick(list) {
    return list[Math.floor(this.#next() * list.length)];
  }

  /**
   * Different words of one form: the ten commonest, and others by their document frequency.
   *
   * @param {RegExp} form
   * @param {number} count
   */
  #draw(form, count) {
    const fit = this.#words.filter(([word]) => form.test(word));
    const drawn = new Set(fit.slice(0, 10).map(([word]) => word));
    const total = fit.reduce((sum, [, pages]) => sum + pages, 0);
    for (let tries = 0; drawn.size < count && tries < 50 * count; tries++) {
      let at = this.#next() * total;
      const found = fit.find(([, pages]) => (at -= pages) < 0);
      drawn.add((found ?? fit[0])[0]);
    }
    return [...drawn];
  }

  /** Words of a page that stand together in one query. @param {Page} page */
  #wordOf(page) {
    const words = [...wordsOf([page.text.toLowerCase()]).keys()];
    const fit = words.filter((word) => /^(\p{Script=Han}{1,4}|[a-z]{2,})$/u.test(word));
    return fit.length > 0 ? this.#pick(fit) : 'the';
  }

  /** @param {Page} page */
  #phrase(page) {
    const all = sequences(page.text).filter((run) =>
      /^[a-z]+ [a-z]|^\p{Script=Han}{5}/iu.test(run),
    );
    const run = all.length > 0 ? this.#pick(all) : 'of the';
    const parts = /^[a-z]/i.test(run) ? run.split(' ') : [...run];
    const most = /^[a-z]/i.test(run) ? 2 + this.#next() * 3 : 5 + this.#next() * 4;
    const from = Math.floor(this.#next() * Math.max(1, parts.length - most));
    return parts.slice(from, from + most).join(/^[a-z]/i.test(run) ? ' ' : '');
  }

  /** @param {Page} page */
  #cut(page) {
    const run = this.#pick([...sequences(page.text), ...sequences(page.title), 'a']);
    const parts = run.match(/\p{Script=Han}|[a-z]+/giu) ?? ['a'];
    const from = Math.floor(this.#next() * parts.length);
    return parts.slice(from, from + 1 + Math.floor(this.#next() * 3));
  }

  /** @param {number} count of each kind @returns {Query[]} */
  queries(count) {
    const han = (/** @type {number} */ length) => new RegExp(`^\\p{Script=Han}{${length}}$`, 'u');
    const pages = Array.from({ length: count }, () => this.#pick(this.#pages));
    const tagged = this.#pages.filter(({ tags }) => tags.length > 0);
    /** @type {[string, Omit<Query, 'kind'>[]][]} */
    const kinds = [
      ...[1, 2, 3, 4].map((length) => {
        return /** @type {[string, Omit<Query, 'kind'>[]]} */ ([
          `zh${length}`,
          this.#draw(han(length), count).map((word) => ({ query: word, needles: [wanted(word)] })),
        ]);
      }),
      [
        'word',
        this.#draw(/^[a-z]{2,}$/, count).map((word) => ({
          query: `${word} `,
          needles: [wanted(word)],
        })),
      ],
      [
        'prefix',
        this.#draw(/^[a-z]{4,}$/, count).map((word) => {
          const start = word.slice(0, 2 + Math.floor(this.#next() * Math.min(5, word.length - 2)));
          return { query: `${start}*`, needles: [`p:${start}`] };
        }),
      ],
      [
        'phrase',
        pages.map((page) => {
          const phrase = this.#phrase(page);
          return { query: `"${phrase}"`, needles: [wanted(phrase)] };
        }),
      ],
      [
        'two',
        pages.map((page) => {
          const words = [this.#wordOf(page), this.#wordOf(page)];
          return { query: `${words.join(' ')} `, needles: words.map(wanted) };
        }),
      ],
      [
        'tag',
        pages.map(() => {
          const page = this.#pick(tagged);
          const word = this.#wordOf(page);
          const tag = this.#pick(page.tags);
          return { query: `${word} tag:"${tag}"`, needles: [wanted(word), `t:${tag}`] };
        }),
      ],
    ];
    return kinds.flatMap(([kind, list]) => list.map((query) => ({ kind, ...query })));
  }

  /**
   * Pieces of pages, which nobody would ask for: only whether they are found matters.
   *
   * @param {number} count
   * @returns {Query[]}
   */
  pieces(count) {
    return Array.from({ length: count }, () => {
      const parts = this.#cut(this.#pick(this.#pages));
      const text = parts.join(/^[a-z]/i.test(parts[0]) ? ' ' : '');
      return { kind: 'piece', query: `"${text}"`, needles: [wanted(text)] };
    });
  }
}

/** How a plain scan looks for it: whole words, or characters wherever they stand. @param {string} text */
const wanted = (text) => (/^[a-z]/i.test(text) ? `w:${text}` : `s:${text}`);
