/**
 * Pages that are hard on a capture: each ends in bounded time, with a snapshot of what there was and a
 * word on what is missing.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BROWSERS } from './browsers.mjs';
import { Session } from './features-session.mjs';

/** @typedef {import('./browsers.mjs').BrowserPage} BrowserPage */

/**
 * @typedef {object} Case
 * @property {string} it
 * @property {string} page
 * @property {number} within - seconds from the click to the outcome
 * @property {() => unknown} [ready]
 * @property {(snapshot: any) => void} [report] - what is said of it
 * @property {() => unknown} see - on the page and in the snapshot
 * @property {unknown} is
 * @property {string} [once] - why one browser is enough
 * @property {boolean} [live] - false: only in the snapshot
 */

const text = () => document.getElementById('text')?.textContent;

const lastIsGreen = () => {
  const last = document.getElementById('last');
  return last && getComputedStyle(last).backgroundColor;
};

/** @param {any} snapshot */
function isComplete({ state, failures }) {
  assert.deepEqual(failures, []);
  assert.equal(state, 'complete');
}

/** @type {Case[]} */
const CASES = [
  {
    it: 'keeps a page whose frames vanish and navigate meanwhile',
    page: 'frames',
    within: 20,
    see: text,
    is: 'frames come and go',
  },
  {
    it: 'keeps a page that is never at rest and grows when it is scrolled',
    page: 'restless',
    within: 20,
    report: isComplete,
    see: text,
    is: 'never at rest',
  },
  {
    it: 'keeps 50,000 elements',
    page: 'elements',
    within: 20,
    report: isComplete,
    see: () => document.querySelectorAll('b').length,
    is: 50_000,
  },
  {
    it: 'keeps a style sheet of 30 MB',
    page: 'sheet-large',
    within: 30,
    report: isComplete,
    see: lastIsGreen,
    is: 'rgb(0, 128, 0)',
  },
  {
    it: 'says that a style sheet of 33 MB is too large',
    live: false,
    page: 'sheet-too-large',
    within: 30,
    report: ({ failures: [sheet] }) => {
      assert.match(sheet?.url, /too-large\.css$/);
      assert.equal(sheet.name, 'too_large');
    },
    see: lastIsGreen,
    is: 'rgba(0, 0, 0, 0)',
  },
  {
    it: 'keeps 5,000 pictures',
    live: false,
    page: 'images',
    within: 25,
    report: ({ failures }) => {
      const names = failures.map((/** @type {any} */ { kind, name: why }) => `${kind} ${why}`);
      // No place is left for the icon of the site.
      assert.deepEqual(names, ['icon limit']);
    },
    see: async () => {
      await Promise.all([...document.images].map((img) => img.decode().catch(() => {})));
      return [...document.images].filter(({ naturalWidth }) => naturalWidth === 9).length;
    },
    is: 5000,
  },
  {
    it: 'passes nests of 100,000 url()',
    page: 'nests',
    within: 20,
    see: lastIsGreen,
    is: 'rgb(0, 128, 0)',
  },
  {
    it: 'ends circles and chains of @import, and says where',
    page: 'circles',
    within: 20,
    report: ({ failures }) => {
      assert.ok(failures.length < 3, JSON.stringify(failures));
    },
    see: lastIsGreen,
    is: 'rgb(0, 128, 0)',
  },
  {
    it: 'waits for a page whose script runs for 3 seconds',
    page: 'blocked',
    within: 20,
    ready: () => {
      setTimeout(() => /** @type {any} */ (globalThis).block(), 400);
    },
    report: isComplete,
    see: text,
    is: 'blocked for a while',
  },
  {
    it: 'says which picture never came',
    once: 'it is the host that waits, for half a minute',
    page: 'hanging',
    within: 25,
    report: ({ failures: [picture] }) => {
      assert.match(picture?.url, /never\?picture$/);
      assert.equal(picture.name, 'timeout');
    },
    ready: () => {
      const img = new Image();
      img.src = 'never?picture';
      document.body.append(img);
    },
    see: text,
    is: 'waits',
  },
];

/** `HARD=images` leaves the others out. */
const ONLY = new RegExp(process.env.HARD ?? '');

for (const name of BROWSERS) {
  describe(`hard pages in ${name}`, { timeout: 300_000 }, () => {
    /** @type {Session} */
    let session;
    before(async () => {
      session = await Session.start(name, {});
    });
    after(() => session?.stop());

    for (const each of CASES.filter(({ page }) => ONLY.test(page))) {
      const skip = name === BROWSERS[0] ? false : (each.once ?? false);
      it(each.it, { skip }, async () => {
        const url = `${session.sites.origin}/hard/${each.page}`;
        const snapshot = await capture(url, each);
        each.report?.(snapshot);
        const file = await session.export(snapshot.snapshot);
        await session.browser.takeRequests();
        const shown = await session.browser.open(`file://${file}`);
        const seen = await shown.evaluate(each.see);
        const requests = await session.browser.takeRequests();
        await shown.close();
        assert.deepEqual(seen, each.is);
        assert.deepEqual(requests, []);
      });
    }

    /**
     * @param {string} url
     * @param {Case} hard
     */
    async function capture(url, { ready = () => {}, see, is, live = true, within }) {
      const page = await session.browser.open(url);
      try {
        await page.evaluate(ready);
        if (live) {
          assert.deepEqual(await page.evaluate(see), is, 'on the page');
        }
        const started = performance.now();
        const snapshot = await session.saveTab(page, url, { limit: within * 1000 });
        const seconds = (performance.now() - started) / 1000;
        assert.ok(seconds < within, `${seconds.toFixed(1)} s`);
        return snapshot;
      } finally {
        await page.close();
      }
    }
  });
}
