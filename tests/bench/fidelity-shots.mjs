/** Pictures of pages and of their snapshots, taken in one and the same way. */
import fs from 'node:fs/promises';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';
import { listen } from '../browser/pages.mjs';

/** @typedef {import('puppeteer-core').Page} Page */

export const VIEWPORT = { width: 1280, height: 900, deviceScaleFactor: 1 };
const TALLEST = 6000;
const LIMIT = 30_000;

export const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/**
 * @typedef {object} Shot
 * @property {Buffer} png
 * @property {string[]} pictures - addresses or sizes of those that show something
 * @property {string[]} fonts - faces that were loaded
 */

/**
 * Waits until a page stands still and takes its picture, from the top to its end.
 *
 * @param {Page} page
 * @returns {Promise<Shot>}
 */
export async function shoot(page) {
  await inFrames(page, settle);
  await inFrames(page, freeze);
  await sleep(150);
  const found = await inFrames(page, takeStock);
  const height = await page.evaluate(() => document.scrollingElement?.scrollHeight ?? 0);
  const png = await page.screenshot({
    clip: {
      x: 0,
      y: 0,
      width: VIEWPORT.width,
      height: Math.min(TALLEST, Math.max(VIEWPORT.height, height)),
    },
    captureBeyondViewport: true,
  });
  return {
    png: Buffer.from(png),
    pictures: found.flatMap(({ pictures }) => pictures),
    fonts: [...new Set(found.flatMap(({ fonts }) => fonts))],
  };
}

/**
 * @template T
 * @param {Page} page
 * @param {() => T} script
 * @returns {Promise<Awaited<T>[]>} of those frames that are there
 */
async function inFrames(page, script) {
  const answers = await Promise.allSettled(
    page.frames().map((frame) => {
      const limit = sleep(LIMIT / 3, undefined, { ref: false }).then(() => {
        throw new Error('A frame does not answer');
      });
      return Promise.race([frame.evaluate(script), limit]);
    }),
  );
  return answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}

// What follows runs in pages.

async function settle() {
  const limit = new Promise((resolve) => {
    setTimeout(resolve, 5000);
  });
  const pictures = [...document.images].filter(({ loading }) => loading !== 'lazy');
  const ready = Promise.all([
    document.fonts.ready,
    ...pictures.map((each) => each.decode().catch(() => {})),
  ]);
  await Promise.race([ready, limit]);
  await new Promise((resolve) => {
    setTimeout(resolve, 200);
  });
}

/** Ends animations or puts the endless ones at their start; hides the caret; scrolls to the top. */
function freeze() {
  for (const animation of document.getAnimations()) {
    const isEndless = animation.effect?.getComputedTiming().endTime === Infinity;
    if (isEndless) {
      animation.pause();
      animation.currentTime = 0;
    } else {
      animation.finish();
    }
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { caret-color: transparent !important; scroll-behavior: auto !important }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  if (window.top === window) {
    scrollTo(0, 0);
  }
}

function takeStock() {
  const pictures = [];
  /** @type {(Document | ShadowRoot)[]} */
  const roots = [document];
  for (let root = roots.pop(); root; root = roots.pop()) {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) {
        roots.push(element.shadowRoot);
      }
      const isShown = element instanceof HTMLImageElement && element.naturalWidth > 1;
      if (isShown || element instanceof HTMLCanvasElement) {
        pictures.push(element.localName);
      }
    }
  }
  const fonts = [...document.fonts]
    .filter(({ status }) => status === 'loaded')
    .map(({ family, weight, style, unicodeRange }) =>
      [family.replaceAll(/["']/g, ''), weight, style, unicodeRange].join(' '),
    );
  return { pictures, fonts };
}

/** A browser that reaches nothing: its proxy refuses and counts. */
export class Offline {
  #browser;
  #proxy;
  /** @type {string[]} */
  #asked;

  /**
   * @param {import('puppeteer-core').Browser} browser
   * @param {http.Server} proxy
   * @param {string[]} asked
   */
  constructor(browser, proxy, asked) {
    this.#browser = browser;
    this.#proxy = proxy;
    this.#asked = asked;
  }

  static async start() {
    /** @type {string[]} */
    const asked = [];
    const proxy = http.createServer((request, response) => {
      asked.push(String(request.url));
      response.writeHead(403);
      response.end();
    });
    proxy.on('connect', (request, socket) => {
      asked.push(String(request.url));
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    const port = await listen(proxy);
    const browser = await puppeteer.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      headless: true,
      pipe: true,
      defaultViewport: VIEWPORT,
      args: [
        ...FLAGS,
        `--proxy-server=http://127.0.0.1:${port}`,
        // Without this, what is on the loopback interface goes past the proxy.
        '--proxy-bypass-list=<-loopback>',
      ],
    });
    return new Offline(browser, proxy, asked);
  }

  /**
   * @param {string} file - a snapshot
   * @returns {Promise<Shot & { requests: string[] }>}
   */
  async open(file) {
    await fs.access(file);
    this.#asked.length = 0;
    const page = await this.#browser.newPage();
    try {
      await page.goto(pathToFileURL(file).href, { waitUntil: 'load', timeout: LIMIT });
      const shot = await shoot(page);
      return { ...shot, requests: [...this.#asked] };
    } finally {
      await page.close();
    }
  }

  async stop() {
    await this.#browser.close();
    this.#proxy.closeAllConnections();
    this.#proxy.close();
  }
}
