/**
 * Plots, drawn as SVG in the colours of the theme. Axes begin at zero. A plot of columns stands beside
 * a table that says the same, so it is left out for those who hear the page; a ranked list is a table
 * itself.
 */
import { el } from '../lib/dom.js';
import { ticks } from './months.js';

/**
 * @typedef {object} Column
 * @property {number} value
 * @property {string} said - for the line above the plot
 * @property {string} shown - the value alone
 * @property {string} tick - below the column, may be empty
 * @property {string} year - below that, where a year begins
 * @property {string | null} href
 * @property {boolean} isNow - not over yet
 */

/**
 * @typedef {object} Rank
 * @property {string} name
 * @property {string} [more] - beside the name
 * @property {string | null} [href]
 * @property {number} value
 * @property {string} shown
 * @property {'good' | 'warn' | 'bad' | 'none'} [tone]
 */

const SVG = 'http://www.w3.org/2000/svg';

/** Room for the numbers of the scale, above the highest line, and below for months and years. */
const LEFT = 56;
const TOP = 20;
const BOTTOM = 38;

const WIDEST = 44;

/** Half the width of a letter of a value, about. */
const LETTER = 4;

/** What a year takes below the columns. */
const YEAR_ROOM = 48;

/** Names below columns may be left out, but not so many that nobody could tell which. */
const SKIPPED = [1, 2, 3, 4];

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 * @returns {SVGElement}
 */
function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/**
 * Columns over time, drawn anew when the place for them changes its width.
 *
 * @param {HTMLElement} root
 * @param {readonly Column[]} columns
 * @param {{ height: number, scale: (value: number) => string, said: string }} look - `said` stands
 *   above the plot while no column is pointed at
 */
export function columnPlot(root, columns, { height, scale, said }) {
  const line = el('p', { class: 'readout' }, said);
  const place = el('div', { class: 'plot', 'aria-hidden': 'true' });
  root.replaceChildren(line, place);
  const draw = () => {
    const width = place.clientWidth;
    if (width > 0) {
      place.replaceChildren(drawColumns(columns, width, height, scale));
    }
  };
  place.addEventListener('pointerover', ({ target }) => {
    const band = /** @type {Element} */ (target).closest('[data-column]');
    const column = columns[Number(band?.getAttribute('data-column') ?? -1)];
    line.textContent = column?.said ?? said;
    line.classList.toggle('pointed', Boolean(column));
  });
  place.addEventListener('pointerleave', () => {
    line.textContent = said;
    line.classList.remove('pointed');
  });
  new ResizeObserver(draw).observe(place);
}

/**
 * @param {readonly Column[]} columns
 * @param {number} width
 * @param {number} height
 * @param {(value: number) => string} scale
 * @returns {SVGElement}
 */
function drawColumns(columns, width, height, scale) {
  const lines = ticks(Math.max(...columns.map(({ value }) => value)));
  const most = lines[lines.length - 1];
  const bottom = height - BOTTOM;
  const y = (/** @type {number} */ value) => bottom - (value / most) * (bottom - TOP);
  const band = (width - LEFT) / columns.length;
  const thick = Math.min(WIDEST, Math.max(2, band * 0.72));
  const middle = (/** @type {number} */ i) => LEFT + (i + 0.5) * band;
  const root = svg('svg', { width, height, viewBox: `0 0 ${width} ${height}` });
  for (const value of lines) {
    root.append(
      svg('line', {
        class: value ? 'grid' : 'base',
        x1: LEFT,
        x2: width,
        y1: y(value),
        y2: y(value),
      }),
      svg('text', { class: 'scale', x: LEFT - 8, y: y(value) + 4 }, scale(value)),
    );
  }
  columns.forEach(({ value, href, isNow }, i) => {
    const around = svg(href && value ? 'a' : 'g', {
      'data-column': i,
      ...(href && value ? { href, tabindex: -1 } : {}),
    });
    around.append(
      svg('rect', { class: 'band', x: middle(i) - band / 2, y: 0, width: band, height: bottom }),
    );
    if (value) {
      const tall = Math.max(1, bottom - y(value));
      const box = { x: middle(i) - thick / 2, y: bottom - tall, width: thick, height: tall };
      around.append(
        svg('rect', { class: isNow ? 'column now' : 'column', rx: Math.min(2, thick / 4), ...box }),
      );
    }
    root.append(around);
  });
  root.append(...axis(columns, middle, band, bottom, width), ...direct(columns, middle, y, width));
  return root;
}

/**
 * About how wide a text is.
 *
 * @param {string} text
 */
function lengthOf(text) {
  return [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 12 : 7), 0);
}

/**
 * Months where there is room for their names, and years where they begin.
 *
 * @param {readonly Column[]} columns
 * @param {(i: number) => number} middle
 * @param {number} band
 * @param {number} bottom
 * @param {number} width
 */
function axis(columns, middle, band, bottom, width) {
  const room = Math.max(...columns.map((one) => lengthOf(one.tick))) + 10;
  const every = SKIPPED.find((count) => count * band >= room) ?? 0;
  /** @type {SVGElement[]} */
  const marks = [];
  let free = 0;
  columns.forEach(({ tick, year }, i) => {
    if (tick && every && i % every === (columns.length - 1) % every) {
      const x = Math.min(middle(i), width - lengthOf(tick) / 2);
      marks.push(svg('text', { class: 'tick', x, y: bottom + 16 }, tick));
    }
    const start = Math.min(middle(i) - band / 2, width - YEAR_ROOM);
    const next = columns.findIndex((one, j) => j > i && one.year !== '');
    const left = (next < 0 ? width : middle(next) - band / 2) - start;
    if (year && start >= free && (left >= YEAR_ROOM || next < 0)) {
      const low = bottom + (every ? 32 : 16);
      const edge = { x1: start, x2: start, y1: bottom, y2: low };
      marks.push(svg('line', { class: 'grid', ...edge }));
      marks.push(svg('text', { class: 'year', x: start + 5, y: low }, year));
      free = start + YEAR_ROOM;
    }
  });
  return marks;
}

/**
 * The highest and the latest value, said where they stand.
 *
 * @param {readonly Column[]} columns
 * @param {(i: number) => number} middle
 * @param {(value: number) => number} y
 * @param {number} width
 */
function direct(columns, middle, y, width) {
  const highest = columns.reduce(
    (best, { value }, i) => (value > columns[best].value ? i : best),
    0,
  );
  const latest = columns.length - 1;
  const half = (/** @type {number} */ i) => columns[i].shown.length * LETTER;
  const place = (/** @type {number} */ i) =>
    Math.min(Math.max(middle(i), LEFT + half(i)), width - half(i));
  // A lower one that others tower over is left to the line above the plot.
  const isFree = columns.every(
    ({ value }, i) =>
      value <= columns[latest].value ||
      Math.abs(middle(i) - place(latest)) > half(latest) + WIDEST / 2,
  );
  const isFar = place(latest) - place(highest) > half(latest) + half(highest) + LETTER;
  return [highest, ...(isFar && isFree ? [latest] : [])]
    .filter((i) => columns[i].value > 0)
    .map((i) =>
      svg('text', { class: 'value', x: place(i), y: y(columns[i].value) - 6 }, columns[i].shown),
    );
}

/**
 * A table whose rows show their values as bars as well.
 *
 * @param {string} caption
 * @param {readonly [string, string]} heads - of the names and of the values
 * @param {readonly Rank[]} ranks
 * @param {number} [most] - what a whole bar stands for; without it the greatest value
 * @returns {HTMLElement}
 */
export function rankedTable(
  caption,
  heads,
  ranks,
  most = Math.max(...ranks.map((one) => one.value)),
) {
  const rows = ranks.map(({ name, more, href, value, shown, tone }) => {
    const words = href
      ? el('a', { href, dir: 'auto', title: name }, name)
      : el('span', { dir: 'auto' }, name);
    const label = el(
      'div',
      { class: 'name' },
      words,
      more ? el('span', { class: 'more' }, more) : null,
    );
    const share = most > 0 ? (100 * value) / most : 0;
    const bar = svg('svg', { class: `bar-of ${tone ?? 'plain'}`, 'aria-hidden': 'true' });
    bar.append(svg('rect', { class: 'track', width: '100%', height: 6, rx: 3 }));
    if (value > 0) {
      bar.append(
        svg('rect', { class: 'part', width: `${Math.max(share, 0.6)}%`, height: 6, rx: 3 }),
      );
    }
    return el('tr', {}, el('th', { scope: 'row' }, label, bar), el('td', {}, shown));
  });
  const head = el('tr', {}, ...heads.map((words) => el('th', { scope: 'col' }, words)));
  return el(
    'table',
    { class: 'ranked' },
    el('caption', { class: 'visually-hidden' }, caption),
    el('colgroup', {}, el('col'), el('col', { class: 'values' })),
    el('thead', {}, head),
    el('tbody', {}, ...rows),
  );
}
