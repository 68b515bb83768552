/**
 * Linksnap in a real browser, on the sample site, in a throw-away profile:
 *
 *     node tests/browser/demo.mjs [--browser chromium|firefox] [--locale en|zh-CN] [--keep-open]
 *
 * Saves a page with the toolbar button, finds it, stops the site, opens the snapshot. Pictures of each
 * step and a table are left in build/demo/. With --keep-open the browser is shown and left to you.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { startSite } from '../site/server.mjs';
import { isInstalled, startBrowser } from './browsers.mjs';
import { Popup, SNAPSHOT } from './popup.mjs';
import { ROOT } from './profile.mjs';

const PROGRAMS = path.join(ROOT, 'build/plain');
const FOLDER = path.join(ROOT, 'build/demo');

const { values } = parseArgs({
  options: {
    browser: { type: 'string', default: 'chromium' },
    locale: { type: 'string', default: 'en' },
    'keep-open': { type: 'boolean', default: false },
  },
});

/** @typedef {import('./browsers.mjs').Browser} Browser */
/** @typedef {Awaited<ReturnType<typeof startSite>>} Site */

/** Rows of the table. @type {[what: string, value: string][]} */
const table = [];

/**
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function timed(what, work) {
  const started = performance.now();
  const result = await work();
  table.push([what, `${Math.round(performance.now() - started)} ms`]);
  return result;
}

/**
 * @param {Browser} browser
 * @param {Site} site
 */
async function tour(browser, site) {
  let number = 0;
  /**
   * @param {import('./browsers.mjs').BrowserPage} page
   * @param {string} name
   */
  const picture = async (page, name) => {
    const file = `${String(++number).padStart(2, '0')}-${name}.png`;
    await page.screenshot(path.join(FOLDER, file));
    console.log(`  ${path.relative(process.cwd(), path.join(FOLDER, file))}`);
  };

  const page = await timed('the page opens', () =>
    browser.open(`${site.origin}/articles/snapshots`),
  );
  await page.waitFor(() => document.body.hasAttribute('data-ready'));
  await picture(page, 'page');

  const popup = await timed('the popup opens', () => Popup.open(browser, page));
  await popup.addTag('网页');
  await popup.addTag('library');
  await picture(popup.page, 'tags');
  const outcome = await timed('the page is saved', () => popup.save());
  await picture(popup.page, 'saved');

  for (const [query, name] of [
    ['快照', 'search-word'],
    ['tag:网页', 'search-tag'],
  ]) {
    const { titles } = await popup.search(query);
    if (titles.length !== 1) {
      throw new Error(`“${query}” finds ${titles.length} pages`);
    }
    await picture(popup.page, name);
  }

  await site.close();
  await browser.takeRequests();
  const viewer = await timed('its snapshot opens, the site is gone', () => popup.openFirst());
  await picture(viewer, 'snapshot');
  await viewer.evaluateInFrame(SNAPSHOT, () =>
    document.querySelector('#chart')?.scrollIntoView({ block: 'center' }),
  );
  await picture(viewer, 'snapshot-chart');
  const requests = await browser.takeRequests();
  table.push(['requests of the snapshot', String(requests.length)]);

  const saved = await describeSaved(browser.store);
  table.unshift(
    ['page', saved.title],
    ['assets', `${saved.assets}, ${saved.failed} missing at its site`],
    ['bytes', Number(saved.bytes).toLocaleString('en')],
    ['the popup says', outcome.split('\n').filter(Boolean).slice(0, 2).join('; ')],
  );
  if (requests.length > 0) {
    throw new Error(`the snapshot asked for ${requests.join(', ')}`);
  }
}

/**
 * What the command line knows of the page that was saved.
 *
 * @param {string} store
 * @returns {Promise<{ title: string, assets: number, failed: number, bytes: number }>}
 */
async function describeSaved(store) {
  const program = path.join(PROGRAMS, 'linksnap');
  const { stdout } = await promisify(execFile)(program, ['--db', store, '--json', 'list']);
  return JSON.parse(stdout.split('\n')[0]);
}

async function writeTable() {
  const width = Math.max(...table.map(([what]) => what.length));
  const text = table.map(([what, value]) => `${what.padEnd(width)}  ${value}\n`).join('');
  await fs.writeFile(path.join(FOLDER, 'table.txt'), text);
  console.log(`\n${text}`);
}

/**
 * @param {Browser} browser
 * @param {Site} site
 */
async function leaveOpen(browser, site) {
  await browser.open(`${site.origin}/articles/snapshots`);
  console.log(
    `Linksnap is in the toolbar (or under the puzzle piece; Alt+Shift+S opens it).\n` +
      `The sample site: ${site.origin}/\n` +
      'Everything is gone when you close the browser.',
  );
  await Promise.race([
    browser.closed,
    new Promise((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    }),
  ]);
}

async function main() {
  const { browser: name, locale } = values;
  const keepOpen = values['keep-open'];
  if (!['chromium', 'firefox'].includes(name) || !isInstalled(name)) {
    throw new Error(`${name}: no such browser here`);
  }
  if (keepOpen && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    throw new Error(
      'There is no display to show a browser on (DISPLAY, WAYLAND_DISPLAY are unset).',
    );
  }
  const site = await startSite();
  /** @type {Browser | null} */
  let browser = null;
  try {
    browser = await startBrowser(name, {
      host: path.join(PROGRAMS, 'linksnap-host'),
      locale: locale === 'zh-CN' ? 'zh-CN' : 'en',
      headed: keepOpen,
    });
    if (keepOpen) {
      await leaveOpen(browser, site);
      return;
    }
    await fs.rm(FOLDER, { recursive: true, force: true });
    await fs.mkdir(FOLDER, { recursive: true });
    await tour(browser, site);
    await writeTable();
  } finally {
    await browser?.stop();
    await site.close();
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
