/**
 * What `make bench-search` measured, as a page of Markdown.
 */

/** @typedef {{wall: number, processor: number, hits: number}} Time */

/** Goals at 100,000 pages, ms. */
const GOAL_P50 = 2;
const GOAL_P99 = 20;
const GOAL_INDEX = 1.4;

/** @type {Record<string, string>} */
const KINDS = {
  zh1: 'Chinese, 1 character',
  zh2: 'Chinese, 2 characters',
  zh3: 'Chinese, 3 characters',
  zh4: 'Chinese, 4 characters',
  word: 'English word',
  prefix: 'beginning of a word',
  phrase: 'phrase',
  two: 'two words',
  tag: 'word and tag',
  piece: 'any piece of text',
};

/** @param {number[]} sorted @param {number} part */
function percentile(sorted, part) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

/**
 * Times by kind and order.
 *
 * @param {string[][]} lines
 * @param {string} what
 */
function group(lines, what) {
  /** @type {Map<string, Time[]>} */
  const groups = new Map();
  for (const [name, kind, sort, wall, processor, hits] of lines) {
    if (name === what) {
      const key = `${kind} ${sort}`;
      const times = groups.get(key) ?? [];
      times.push({ wall: Number(wall), processor: Number(processor), hits: Number(hits) });
      groups.set(key, times);
    }
  }
  return groups;
}

/** @param {Time[] | undefined} times @param {'wall' | 'processor'} clock */
function figures(times, clock) {
  if (!times) {
    return null;
  }
  const sorted = times.map((time) => time[clock]).sort((a, b) => a - b);
  return [0.5, 0.95, 0.99].map((part) => percentile(sorted, part));
}

/** @param {number[] | null} list */
const shown = (list) => (list ? list.map((value) => value.toFixed(1)).join(' / ') : '–');

/**
 * @param {string[][]} store
 * @param {string[][]} xapian
 */
function table(store, xapian) {
  const ours = group(store, 'time');
  const theirs = group(xapian, 'time');
  const bare = group(xapian, 'bare');
  const missed = [];
  const rows = [];
  for (const [key, times] of ours) {
    const [kind, sort] = key.split(' ');
    const hits = percentile(
      times.map((time) => time.hits).sort((a, b) => a - b),
      0.5,
    );
    const own = figures(times, 'wall');
    const other = figures(theirs.get(key), 'wall');
    if (!own) {
      continue;
    }
    if (own[0] >= GOAL_P50 || own[2] >= GOAL_P99) {
      missed.push(`${KINDS[kind]}, ${sort}: p50 ${own[0].toFixed(1)}, p99 ${own[2].toFixed(1)} ms`);
    }
    if (other && (own[0] > other[0] || own[2] > other[2])) {
      missed.push(`${KINDS[kind]}, ${sort}: Xapian is quicker`);
    }
    rows.push(
      [
        KINDS[kind] ?? kind,
        sort === 'rank' ? 'best' : sort,
        times.length,
        hits,
        shown(own),
        shown(figures(times, 'processor')),
        shown(other),
        shown(figures(bare.get(key), 'wall')),
      ].join(' | '),
    );
  }
  return { rows, missed };
}

/**
 * How many queries Xapian answers with another number of pages, by kind.
 *
 * @param {string[][]} store
 * @param {string[][]} xapian
 */
function disagreements(store, xapian) {
  const right = store.filter(([name]) => name === 'answers');
  /** @type {Map<string, {wrong: number, all: number}>} */
  const kinds = new Map();
  xapian
    .filter(([name]) => name === 'answers')
    .forEach(([, kind, hits], i) => {
      const count = kinds.get(kind) ?? { wrong: 0, all: 0 };
      count.all += 1;
      count.wrong += Number(hits !== right[i]?.[2]);
      kinds.set(kind, count);
    });
  return [...kinds].map(([kind, { wrong, all }]) => `${KINDS[kind]} ${wrong} of ${all}`).join(', ');
}

/**
 * @param {string[][]} store
 * @param {string[][]} xapian
 * @param {{load: number[], rounds: number}} machine
 */
export function report(store, xapian, { load, rounds }) {
  const size = Object.fromEntries(
    store.filter(([name]) => name === 'size').map(([, name, bytes]) => [name, Number(bytes)]),
  );
  const [, pages, seconds, processor] = store.find(([name]) => name === 'fill') ?? [];
  const [, queries, , wrong] = store.find(([name]) => name === 'checked') ?? [];
  const xapianFill = xapian.find(([name]) => name === 'fill');
  const ratio = size.index / size.text;
  const { rows, missed } = table(store, xapian);
  const rate = (/** @type {string} */ taken) => Math.round(Number(pages) / Number(taken));
  if (ratio > GOAL_INDEX) {
    missed.push(`the index is ${ratio.toFixed(2)} times the text`);
  }
  if (wrong !== '0') {
    missed.push(`${wrong} answers are not exact`);
  }
  return `# Search in ${pages} pages, ${new Date().toISOString().slice(0, 10)}

- text: ${(size.text / 1e6).toFixed(1)} MB; index: ${ratio.toFixed(2)} times the text (goal: at most ${GOAL_INDEX})
- filling: ${rate(seconds)} pages a second (${rate(processor)} a second of processor time)${
    xapianFill ? `; Xapian: ${rate(xapianFill[2])} (${rate(xapianFill[3])})` : ''
  }
- exactness: ${queries} queries against a plain scan of the folded text, ${wrong} wrong
- load of the machine at the beginning and end: ${load.map((value) => value.toFixed(1)).join(', ')}

Milliseconds, p50 / p95 / p99 (goals: under ${GOAL_P50}, –, under ${GOAL_P99}), each query's best of ${rounds}. Ours: the
whole count, 20 results with tags and a snippet each. Xapian: an estimated count, 20 results with a
snippet each, and without snippets.

| queries | order | queries | hits, median | ours | ours, processor | Xapian | Xapian, no snippets |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}

${xapian.length > 0 ? `Xapian gives another number of pages for: ${disagreements(store, xapian)}.\n` : ''}
Missed goals: ${missed.length > 0 ? `\n\n- ${missed.join('\n- ')}` : 'none.'}
`;
}
