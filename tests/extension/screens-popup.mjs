/** The popup's states. See screens.mjs. */
import { paste } from './ui-harness.mjs';
import { CHECKED, KINDS, QUEUE, QUEUE_STATE } from './ui-pages.mjs';
import {
  FOUND,
  MANY_LINKS,
  NO_HOST,
  PAGES,
  READONLY,
  RESULT,
  SHOWN,
  STRAINED,
  saveOf,
} from './screens-data.mjs';

/** @typedef {import('./screens.mjs').Screen} Screen */

/** @type {Record<string, Screen>} */
export const POPUP = {
  'the popup with a library': {
    path: 'popup/popup.html',
    scene: { pages: PAGES },
    act: (tab) => tab.hover('#results li:nth-child(2)'),
  },
  'the popup, searching': {
    path: 'popup/popup.html',
    scene: { pages: PAGES },
    act: async (tab) => {
      await tab.type('#query', 'Page');
      await tab.waitForSelector('mark');
      await tab.keyboard.press('ArrowDown');
    },
  },
  'the popup, choosing a tag': {
    path: 'popup/popup.html',
    scene: { pages: PAGES },
    act: async (tab) => {
      await tab.type('.tag-input input', '读');
      await tab.waitForSelector('.choices li');
      await tab.keyboard.press('ArrowDown');
    },
  },
  'the popup, editing tags in the list': {
    path: 'popup/popup.html',
    scene: { pages: PAGES },
    act: (tab) => tab.click('#results .icon-button:nth-child(2)'),
  },
  'the popup, moving to the trash': {
    path: 'popup/popup.html',
    scene: { pages: PAGES },
    act: async (tab) => {
      await tab.focus('#results .row-title');
      await tab.keyboard.press('Delete');
      await tab.waitForSelector('.toast');
    },
  },
  'the popup, saving': {
    path: 'popup/popup.html',
    scene: {
      saves: saveOf({
        state: 'running',
        progress: { stage: 'assets', done: 3, total: 9, bytes: 5 },
      }),
    },
  },
  'the popup after an incomplete save': {
    path: 'popup/popup.html',
    scene: { pages: PAGES, saves: saveOf({ state: 'done', result: RESULT }) },
    act: (tab) => tab.click('summary'),
  },
  'the popup after a complete save that met pages of other sites': {
    path: 'popup/popup.html',
    scene: {
      pages: PAGES,
      saves: saveOf({
        state: 'done',
        result: {
          ...RESULT,
          state: 'complete',
          assets: { total: 43, stored: 43, reused: 0, failed: 0, left_out: 1 },
          foreign: 3,
        },
      }),
    },
  },
  'the popup after a failed save': {
    path: 'popup/popup.html',
    scene: {
      saves: saveOf({
        state: 'failed',
        error: { name: 'tab_forbidden', message: '', data: {} },
      }),
    },
  },
  'the popup, adding a link': {
    path: 'popup/popup.html',
    scene: { pages: PAGES, tab: { id: 5, url: 'about:blank', title: 'x' } },
    act: (tab) => tab.click('#add-link'),
  },
  'the popup, adding many links': {
    path: 'popup/popup.html',
    scene: { pages: PAGES },
    act: async (tab) => {
      await paste(tab, '#query', MANY_LINKS);
      await tab.waitForSelector('.found li');
      await tab.click('.found li:last-child input');
    },
  },
  'the popup, finding no links': {
    path: 'popup/popup.html',
    scene: { pages: PAGES },
    act: async (tab) => {
      await paste(tab, '#query', 'a.example/x and more');
      await tab.waitForSelector('.links-said:not(:empty)');
    },
  },
  'the popup after a save of what has not changed': {
    path: 'popup/popup.html',
    scene: {
      pages: PAGES,
      saves: saveOf({ state: 'done', result: { ...RESULT, unchanged: true } }),
    },
  },
  'the popup with a queue': {
    path: 'popup/popup.html',
    scene: { pages: PAGES, jobs: QUEUE, queue: QUEUE_STATE, allowed: true },
    act: (tab) => tab.waitForSelector('.queue-words:not(:empty)'),
  },
  'the popup with a queue that needs a permission': {
    path: 'popup/popup.html',
    scene: { pages: PAGES, jobs: QUEUE, queue: QUEUE_STATE, refuses: true },
    act: async (tab) => {
      await tab.waitForSelector('.wall:not([hidden])');
      await tab.click('.wall .button');
    },
  },
  'the popup with a queue unfolded': {
    path: 'popup/popup.html',
    scene: { pages: PAGES, jobs: QUEUE, queue: { ...QUEUE_STATE, error: 'store_full' } },
    act: async (tab) => {
      await tab.click('.queue-toggle');
      await tab.waitForSelector('.job');
      await tab.click('.queue-chips .chip');
    },
  },
  'the popup with a queue that is paused': {
    path: 'popup/popup.html',
    scene: { pages: PAGES, jobs: QUEUE, paused: true, allowed: true },
  },
  'the popup with links that failed': {
    path: 'popup/popup.html',
    scene: {
      pages: PAGES,
      jobs: QUEUE.filter(({ state }) => state === 'failed' || state === 'done'),
    },
    act: async (tab) => {
      await tab.click('.queue-toggle');
      await tab.waitForSelector('.job');
    },
  },
  'the popup with links that were checked': {
    path: 'popup/popup.html',
    scene: { pages: [...CHECKED, ...KINDS] },
    act: (tab) => tab.hover('#results li:first-child'),
  },
  'the popup with tags suggested': {
    path: 'popup/popup.html',
    scene: FOUND,
    act: (tab) => tab.waitForSelector('.ghost'),
  },
  'the popup, proposing titles': {
    path: 'popup/popup.html',
    scene: FOUND,
    act: async (tab) => {
      await tab.type('#query', 'gm');
      await tab.waitForSelector('.find-line li');
      await tab.keyboard.press('ArrowDown');
    },
  },
  'the popup, finding nothing': {
    path: 'popup/popup.html',
    scene: { pages: PAGES },
    act: async (tab) => {
      await tab.type('#query', 'zzz date:x');
      await tab.waitForSelector('#nothing .lead');
    },
  },
  'the popup with an empty library': { path: 'popup/popup.html', scene: {} },
  'the popup with a library that is read only': {
    path: 'popup/popup.html',
    scene: READONLY,
  },
  'the popup with a damaged library': {
    path: 'popup/popup.html',
    scene: { store: { state: 'error', error: { name: 'store_corrupt' } } },
  },
  'the popup without a host': {
    path: 'popup/popup.html',
    scene: NO_HOST,
  },
  'the popup with a library of some years': { path: 'popup/popup.html', scene: SHOWN },
  'the popup with titles that strain it': {
    path: 'popup/popup.html',
    scene: STRAINED,
    act: (tab) => tab.hover('#results li:nth-child(3)'),
  },
};
