/** The states of the library's list, and of its tags. See screens.mjs. */
import { paste } from './ui-harness.mjs';
import { CHECKED, KINDS, QUEUE, QUEUE_STATE } from './ui-pages.mjs';
import {
  FOUND,
  LIBRARY,
  MANY_LINKS,
  NO_HOST,
  PAGES,
  READONLY,
  SHOWN,
  STRAINED,
} from './screens-data.mjs';

/** @typedef {import('./screens.mjs').Screen} Screen */

/** @type {Record<string, Screen>} */
export const LIST = {
  'the library': {
    path: 'library/library.html',
    scene: { pages: [...CHECKED, ...KINDS, ...PAGES] },
    act: (tab) => tab.hover('#results li:first-child'),
  },
  'the library, searching': {
    path: 'library/library.html?q=Page',
    scene: { pages: PAGES },
    act: (tab) => tab.waitForSelector('mark'),
  },
  'the library, adding links': {
    path: 'library/library.html',
    scene: { pages: PAGES },
    act: async (tab) => {
      await paste(tab, '#query', MANY_LINKS);
      await tab.waitForSelector('.found li');
      await tab.click('.links .card-note-toggle');
    },
  },
  'the library with a queue': {
    path: 'library/library.html#queue',
    scene: { pages: PAGES, jobs: QUEUE, queue: QUEUE_STATE },
    act: (tab) => tab.waitForSelector('.job'),
  },
  'the library, checking links': {
    path: 'library/library.html',
    scene: { pages: PAGES },
    act: async (tab) => {
      await tab.click('#check');
      await tab.waitForSelector('.toast');
    },
  },
  'the library with rows selected': {
    path: 'library/library.html',
    scene: FOUND,
    act: async (tab) => {
      await tab.focus('#results .row-title');
      await tab.keyboard.press('Space');
      await tab.keyboard.press('Tab');
      await tab.click('.bulk .button');
      await tab.keyboard.type('w');
      await tab.waitForSelector('.bulk li');
    },
  },
  'the library, narrowed': {
    path: 'library/library.html?q=tag%3Aweb',
    scene: FOUND,
    widths: [400],
    act: (tab) => tab.click('#facets-toggle'),
  },
  'the library, showing what is like a page': {
    path: 'library/library.html?like=1',
    scene: FOUND,
    act: (tab) => tab.waitForSelector('#like:not([hidden])'),
  },
  'the library, finding a better spelling': {
    path: 'library/library.html?q=zzz',
    scene: FOUND,
    act: (tab) => tab.waitForSelector('#spelling:not([hidden])'),
  },
  'the library with the help of its search': {
    path: 'library/library.html',
    scene: FOUND,
    act: (tab) => tab.click('#help'),
  },
  'the library, empty': { path: 'library/library.html', scene: {} },
  'the library, read only': {
    path: 'library/library.html',
    scene: READONLY,
  },
  'the library without a host': {
    path: 'library/library.html',
    scene: NO_HOST,
  },
  'the tags': {
    path: 'tags/tags.html',
    scene: FOUND,
    act: async (tab) => {
      await tab.waitForSelector('.tag-row');
      await tab.click('.tag-row input');
    },
  },
  'the tags, choosing a colour': {
    path: 'tags/tags.html',
    scene: FOUND,
    act: async (tab) => {
      await tab.waitForSelector('.tag-row');
      await tab.click('.swatch');
    },
  },
  'the tags, merging': {
    path: 'tags/tags.html',
    scene: FOUND,
    act: async (tab) => {
      await tab.waitForSelector('.tag-row');
      await tab.focus('.tag-row[data-tag=old] a');
      await tab.keyboard.press('F2');
      await tab.keyboard.type('web');
      await tab.keyboard.press('Enter');
    },
  },
  'the library of some years': { path: 'library/library.html', scene: SHOWN },
  'the library with titles that strain it': { path: 'library/library.html', scene: STRAINED },
  'the library, damaged': {
    path: 'library/library.html',
    scene: { store: { state: 'error', error: { name: 'store_corrupt' } } },
  },
  'the library, its search failing': {
    path: 'library/library.html',
    scene: { pages: PAGES, fails: { 'pages.search': 'store' } },
  },
  'the tags without any': { path: 'tags/tags.html', scene: {} },
  'the tags without a host': { path: 'tags/tags.html', scene: NO_HOST },
  'the tags with names that strain them': { path: 'tags/tags.html', scene: STRAINED },
  'the library as cards': {
    path: 'library/library.html',
    scene: SHOWN,
    act: (tab) => tab.click('#views [value=cards]'),
  },
  'the library as cards, with titles that strain it': {
    path: 'library/library.html',
    scene: STRAINED,
    act: (tab) => tab.click('#views [value=cards]'),
  },
  'the library with 100,000 pages': {
    path: 'library/library.html',
    scene: {
      ...SHOWN,
      endless: 100_000,
    },
    act: async (tab) => {
      await tab.waitForSelector('#results .row-title');
      await tab.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
      await tab.waitForSelector('#results li[aria-posinset="50000"] .row-title');
    },
    widths: [1280],
  },
  'the trash': {
    path: 'library/library.html?q=is%3Atrashed',
    scene: { pages: LIBRARY.slice(0, 3).map((page) => ({ ...page, trashed: 1 })) },
  },
};
