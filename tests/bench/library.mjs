/**
 * The library with 100,000 pages in real browsers: `make bench-library`.
 *
 *     node tests/bench/library.mjs [--pages N] [--browser chromium|firefox]
 *
 * From the host's first answer to the picture on the screen, and how long frames take while somebody
 * scrolls: slowly, as fast as a wheel goes, and with the scroll bar to anywhere.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { BROWSERS, startBrowser } from '../browser/browsers.mjs';
import { ROOT } from '../browser/profile.mjs';
import { programs } from '../host/port.mjs';
import { median, row } from './figures.mjs';
import { makeLibrary } from './library-store.mjs';

/** @typedef {import('../browser/browsers.mjs').BrowserPage} BrowserPage */

const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '100000' },
    browser: { type: 'string' },
  },
});

const RUNS = 7;

/**
 * Runs in the page. The window is scrolled a step for each frame.
 *
 * @param {number} step - pixels
 * @param {number} frames
 * @returns {Promise<number[]>} how long each frame took
 */
async function scrollOn(step, frames) {
  const next = () =>
    new Promise((resolve) => {
      requestAnimationFrame(resolve);
    });
  const times = [];
  let before = await next();
  for (let i = 0; i < frames; i++) {
    scrollBy({ top: step, behavior: 'instant' });
    const now = await next();
    times.push(now - before);
    before = now;
  }
  return times;
}

/**
 * Runs in the page: the scroll bar is let go at a place.
 *
 * @param {number} part - of the way, 0 to 1
 * @returns {Promise<{ frames: number[], shown: number }>} how long until what is there can be read
 */
async function jump(part) {
  const next = () =>
    new Promise((resolve) => {
      requestAnimationFrame(resolve);
    });
  const started = performance.now();
  const frames = [];
  scrollTo({ top: part * document.documentElement.scrollHeight, behavior: 'instant' });
  let before = await next();
  for (;;) {
    const title = document
      .elementsFromPoint(innerWidth / 2, innerHeight / 2)
      .map((each) => each.closest('#results li')?.querySelector('.row-title')?.textContent)
      .find(Boolean);
    const now = await next();
    frames.push(now - before);
    before = now;
    if (title || now - started > 5000) {
      return { frames, shown: now - started };
    }
  }
}

/** @param {number[]} times */
function framesText(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (/** @type {number} */ part) =>
    sorted[Math.floor(part * (sorted.length - 1))].toFixed(0);
  const late = times.filter((time) => time > 50).length;
  return `longest ${at(1)} ms, 99 of 100 within ${at(0.99)} ms, ${late} of ${times.length} over 50 ms`;
}

/** From the first answer to its picture. @param {import('../browser/browsers.mjs').Browser} browser */
async function paints(browser) {
  const times = [];
  for (let i = 0; i < RUNS; i++) {
    const page = await browser.openExtensionPage('library/library.html');
    times.push(
      await page.waitFor(() => {
        const [answer] = performance.getEntriesByName('answer');
        const [painted] = performance.getEntriesByName('painted');
        return (
          painted &&
          answer && { first: painted.startTime - answer.startTime, all: painted.startTime }
        );
      }),
    );
    await page.close();
  }
  return times;
}

/** @param {BrowserPage} page @param {string} what */
async function scrolls(page, what) {
  const goal = 'none over 50 ms';
  row(`${what}, read through`, framesText(await page.evaluate(scrollOn, 24, 300)), goal);
  row(`${what}, wheel`, framesText(await page.evaluate(scrollOn, 240, 300)), goal);
  const jumps = [];
  for (const part of [0.5, 0.9, 0.1, 0.33, 0.999, 0.7, 0.02, 0]) {
    jumps.push(await page.evaluate(jump, part));
  }
  const shown = jumps.map((each) => each.shown);
  row(`${what}, scroll bar`, framesText(jumps.flatMap(({ frames }) => frames)), goal);
  const text = `${median(shown).toFixed(0)} ms, longest ${Math.max(...shown).toFixed(0)} ms`;
  row(`${what}, until the place that the scroll bar leads to can be read`, text, '');
}

const count = Number(values.pages);
const store = await makeLibrary(path.join(ROOT, 'build/library'), count);
const pages = `${count.toLocaleString('en')} pages`;
for (const name of values.browser ? [values.browser] : BROWSERS) {
  const browser = await startBrowser(name, { host: path.join(programs, 'linksnap-host'), store });
  try {
    const times = await paints(browser);
    const first = times.map((each) => each.first);
    row(
      `${name}, ${pages}: from the host's answer to the picture`,
      `${median(first).toFixed(0)} ms (${Math.min(...first).toFixed(0)} to ${Math.max(...first).toFixed(0)})`,
      'under 150 ms',
    );
    row(
      `${name}, ${pages}: from opening the page to the picture`,
      `${median(times.map(({ all }) => all)).toFixed(0)} ms`,
      '',
    );
    const page = await browser.openExtensionPage('library/library.html');
    await page.waitFor(() => document.querySelector('#results .row-title'));
    for (const view of ['rows', 'cards']) {
      await page.click(`#views [value=${view}]`);
      await scrolls(page, `${name}, ${view}`);
    }
  } finally {
    await browser.stop();
  }
}
