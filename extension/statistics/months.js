/** Months without gaps, so that a plot's axis is as long as the time was. */

/** @typedef {{ month: string, pages: number, snapshots: number, bytes: number }} Month */

/**
 * @typedef {object} Span - a month, or a year where there are too many months
 * @property {string} key - `2026-11` or `2026`, as `on:` takes it
 * @property {number} year
 * @property {number} month - 1 to 12, 0: all of it
 * @property {boolean} isNow - it is not over yet
 * @property {number} pages
 * @property {number} snapshots
 * @property {number} bytes
 */

/** A new library shows the year that it began in. */
const LEAST = 12;

/** More columns than this are too thin to be told apart. */
const MOST = 120;

/**
 * @param {readonly Month[]} months - those with something in them, the earliest first
 * @param {Date} now
 * @returns {Span[]}
 */
export function spans(months, now) {
  const thisMonth = now.getFullYear() * 12 + now.getMonth();
  const found = new Map(months.map((one) => [indexOf(one.month), one]));
  const known = [...found.keys()];
  const last = Math.max(thisMonth, ...known);
  const first = Math.min(last - LEAST + 1, ...known);
  const byYear = last - first + 1 > MOST;
  /** @type {Map<string, Span>} */
  const all = new Map();
  for (let index = first; index <= last; index++) {
    const year = Math.floor(index / 12);
    const month = byYear ? 0 : (index % 12) + 1;
    const key = byYear ? String(year) : `${year}-${String(month).padStart(2, '0')}`;
    const span = all.get(key) ?? {
      ...{ key, year, month, pages: 0, snapshots: 0, bytes: 0 },
      isNow: byYear ? year === now.getFullYear() : index === thisMonth,
    };
    const { pages = 0, snapshots = 0, bytes = 0 } = found.get(index) ?? {};
    span.pages += pages;
    span.snapshots += snapshots;
    span.bytes += bytes;
    all.set(key, span);
  }
  return [...all.values()];
}

/** @param {string} month - `2026-11` */
function indexOf(month) {
  const [year, number] = month.split('-').map(Number);
  return year * 12 + number - 1;
}

/**
 * @param {Span} span
 * @param {string} language
 * @returns {string} such as `November 2026`
 */
export function spanName({ year, month }, language) {
  const format = new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: month ? 'long' : undefined,
  });
  return format.format(new Date(year, Math.max(0, month - 1), 1));
}

/**
 * Where the lines of a scale stand: from zero, in steps that people count in, to the first that is not
 * below the greatest value.
 *
 * @param {number} most
 * @param {number} [wanted] - how many steps, about
 * @returns {number[]}
 */
export function ticks(most, wanted = 3) {
  const rough = Math.max(most, 1) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5].find((n) => n * power >= rough) ?? 10) * power);
  const count = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: count + 1 }, (_, i) => i * step);
}
