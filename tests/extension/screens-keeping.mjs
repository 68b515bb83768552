/** The states of statistics, settings and welcome. See screens.mjs. */
import {
  DIAGNOSIS,
  NO_HOST,
  PAGES,
  READONLY,
  STATISTICS,
  STATISTICS_EMPTY,
} from './screens-data.mjs';

/** @typedef {import('./screens.mjs').Screen} Screen */

/** @type {Record<string, Screen>} */
export const KEEPING = {
  'the settings': { path: 'options/options.html', scene: {} },
  'the settings, changed, with access to all sites': {
    path: 'options/options.html',
    scene: { allowed: true, local: { settings: { scroll: false, mediaLimit: 0 } } },
    act: (tab) => tab.select('#media', '10485760'),
  },
  'the welcome page': { path: 'welcome/welcome.html', scene: {} },
  'the welcome page without a host': {
    path: 'welcome/welcome.html',
    scene: NO_HOST,
  },
  'the welcome page with a host that is too old': {
    path: 'welcome/welcome.html',
    scene: { protocol: 0 },
  },
  'the settings, in another language and theme than the browser': {
    path: 'options/options.html',
    scene: { local: { settings: { theme: 'dark', language: 'en' } } },
    isOwnLook: true,
  },
  'the settings of a library that is nearly full': {
    path: 'options/options.html',
    scene: {
      pages: PAGES,
      storage: { quota: 107_374_182, when_full: 'refuse', free: 20_000_000 },
      diagnosis: DIAGNOSIS,
    },
    act: (tab) => tab.waitForSelector('#storage-body:not([hidden])'),
  },
  'the settings without a host': { path: 'options/options.html', scene: NO_HOST },
  'the settings of a library that is read only': {
    path: 'options/options.html',
    scene: READONLY,
  },
  'the statistics': {
    path: 'statistics/statistics.html',
    scene: { pages: PAGES, statistics: STATISTICS },
    act: (tab) => tab.waitForSelector('#all:not([hidden])'),
  },
  'the statistics with their tables': {
    path: 'statistics/statistics.html',
    scene: { pages: PAGES, statistics: STATISTICS },
    act: (tab) => tab.click('#months-table summary'),
  },
  'the statistics of an empty library': {
    path: 'statistics/statistics.html',
    scene: { statistics: STATISTICS_EMPTY },
  },
  'the statistics, failing': { path: 'statistics/statistics.html', scene: {} },
  'the statistics without a host': { path: 'statistics/statistics.html', scene: NO_HOST },
  'the welcome page with a library': {
    path: 'welcome/welcome.html',
    scene: {
      pages: PAGES,
      store: { state: 'ready', path: '/home/li/linksnap.db', pages: 4 },
      diagnosis: DIAGNOSIS,
    },
    act: (tab) => tab.click('#doctor summary'),
  },
  'the welcome page with a damaged library': {
    path: 'welcome/welcome.html',
    scene: { store: { state: 'error', error: { name: 'store_corrupt' } }, diagnosis: DIAGNOSIS },
  },
};
