/** The states of the viewer, of a page's own view and of the highlights. See screens.mjs. */
import { saved } from './ui-harness.mjs';
import { CHECKED, KINDS, LACKING, LEFT_OUT } from './ui-pages.mjs';
import {
  FOUND,
  HARD,
  HIGHLIGHTS,
  NO_HOST,
  PAGES,
  READONLY,
  SHOWN,
  STRAINED,
  VERSIONED,
} from './screens-data.mjs';

/** @typedef {import('./screens.mjs').Screen} Screen */

const FILLING = '馆里的人来来去去，书在架上，灯在桌上，谁也不必着急。'.repeat(9);

/** What a snapshot says where it is read and marked. */
const ARTICLE = `<!DOCTYPE html><html lang="zh-CN"><title>链接会断，快照还在</title><body><article>
<h1>链接会断，快照还在</h1><p>链接会断，快照还在。${FILLING}</p>
<p>一张快照不是一张截图：文字还是文字，能选，能搜，能读出声来。${FILLING}</p>
<p>And remember: what is kept must be what was seen. ${FILLING}</p></article></body></html>`;

/** @type {Record<string, Screen>} */
export const READING = {
  'the viewer, finding words': {
    path: 'viewer/viewer.html?snapshot=100&find=saved',
    scene: FOUND,
    act: (tab) => tab.waitForSelector('#find-next:not(:disabled)'),
  },
  'the viewer': { path: 'viewer/viewer.html?snapshot=100', scene: { pages: PAGES } },
  'the viewer, reporting that all was kept': {
    path: 'viewer/viewer.html?snapshot=100#report',
    scene: { pages: PAGES },
  },
  'the viewer, reporting what is missing': {
    path: 'viewer/viewer.html?snapshot=700',
    scene: { pages: [LACKING] },
    act: async (tab) => {
      await tab.click('#report-open');
      await tab.click('.group summary');
    },
  },
  'the viewer, reporting what was left out': {
    path: 'viewer/viewer.html?snapshot=800#report',
    scene: { pages: [LEFT_OUT] },
  },
  'the viewer, fetching what is missing': {
    path: 'viewer/viewer.html?snapshot=700#report',
    scene: { pages: [LACKING] },
    act: (tab) => tab.click('#retry'),
  },
  'the viewer with a PDF': { path: 'viewer/viewer.html?snapshot=2100', scene: { pages: KINDS } },
  'the viewer with the text of a PDF, and how one came there': {
    path: 'viewer/viewer.html?snapshot=2100',
    scene: { pages: KINDS, noPdf: true },
    act: (tab) => tab.click('#facts button'),
  },
  'the viewer without a snapshot': {
    path: 'viewer/viewer.html?snapshot=7',
    scene: { pages: PAGES },
  },
  'the viewer without a host': { path: 'viewer/viewer.html?snapshot=100', scene: NO_HOST },
  'the viewer with a title that strains it': {
    path: 'viewer/viewer.html?snapshot=4200',
    scene: { pages: HARD },
  },
  'the viewer with highlights': {
    path: 'viewer/viewer.html?snapshot=100',
    scene: { ...VERSIONED, parts: [ARTICLE] },
    act: (tab) => tab.click('#marks-open'),
  },
  'the viewer with the pen': {
    path: 'viewer/viewer.html?snapshot=100',
    scene: { ...VERSIONED, parts: [ARTICLE] },
    act: async (tab) => {
      await tab.click('#pen-open');
      await tab.waitForSelector('#pen-hint:not([hidden])');
    },
  },
  'the viewer, showing the article alone': {
    path: 'viewer/viewer.html?snapshot=100',
    scene: { ...VERSIONED, parts: [ARTICLE] },
    act: async (tab) => {
      await tab.click('#reader-open');
      await tab.waitForSelector('#reader-open[aria-pressed=true]');
      await tab.click('#look-open');
    },
    overlaid: true,
  },
  'the viewer, with what else can be done': {
    path: 'viewer/viewer.html?snapshot=100',
    scene: VERSIONED,
    act: (tab) => tab.click('#more-open'),
    overlaid: true,
  },
  'a page': {
    path: 'page/page.html?page=1',
    scene: VERSIONED,
    act: (tab) => tab.waitForSelector('#diff .diff-row'),
  },
  'a page, its note being written': {
    path: 'page/page.html?page=1',
    scene: VERSIONED,
    act: async (tab) => {
      await tab.click('#note-tools button');
      await tab.waitForSelector('.note-preview');
    },
  },
  'a page, its versions side by side': {
    path: 'page/page.html?page=1#diff=99-100',
    scene: VERSIONED,
    act: async (tab) => {
      await tab.waitForSelector('#diff .diff-row');
      await tab.click('#diff-sides');
    },
    widths: [1280],
  },
  'a page with one version': { path: 'page/page.html?page=5', scene: SHOWN },
  'a page that lacks files': { path: 'page/page.html?page=7', scene: { pages: [LACKING] } },
  'a page that lacks files and may not be changed': {
    path: 'page/page.html?page=7',
    scene: { ...READONLY, pages: [LACKING] },
  },
  'a page with a title that strains it': {
    path: 'page/page.html?page=42',
    scene: { ...STRAINED, highlights: HIGHLIGHTS },
  },
  'a page with many tags and a long note': { path: 'page/page.html?page=47', scene: STRAINED },
  'a page in Arabic': {
    path: 'page/page.html?page=44',
    scene: { ...STRAINED, highlights: HIGHLIGHTS },
  },
  'a page of a PDF': { path: 'page/page.html?page=21', scene: { pages: KINDS } },
  'a page whose link is gone': { path: 'page/page.html?page=31', scene: { pages: CHECKED } },
  'a page that is in the trash': {
    path: 'page/page.html?page=9',
    scene: { pages: [saved(9, { trashed: 1 })] },
  },
  'a page that does not exist': { path: 'page/page.html?page=777', scene: { pages: PAGES } },
  'a page without a host': { path: 'page/page.html?page=1', scene: NO_HOST },
  'the highlights': {
    path: 'highlights/highlights.html',
    scene: VERSIONED,
    act: (tab) => tab.waitForSelector('main blockquote, main .quote'),
  },
  'the highlights with texts that strain them': {
    path: 'highlights/highlights.html',
    scene: { ...STRAINED, highlights: HIGHLIGHTS },
  },
  'the highlights without any': { path: 'highlights/highlights.html', scene: {} },
  'the highlights, read only': {
    path: 'highlights/highlights.html',
    scene: { ...READONLY, highlights: HIGHLIGHTS },
  },
  'the highlights without a host': { path: 'highlights/highlights.html', scene: NO_HOST },
};
