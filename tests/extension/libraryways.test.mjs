/** The library by keyboard, with nothing in it, and where answers come when nobody waits any more. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import './fakebrowser.mjs';
import { openBrowser, saved, texts, until, violations } from './ui-harness.mjs';

const { Hits } = await import('../../extension/library/hits.js');
const { Picking } = await import('../../extension/library/picking.js');
const { Selection } = await import('../../extension/library/selection.js');

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const pages = Array.from({ length: 30 }, (_, i) => saved(i + 1, { tags: i % 2 ? [] : ['web'] }));

/**
 * @param {import('./ui-stub.mjs').Scene} scene
 * @param {(tab: Tab) => Promise<void>} body
 */
async function library(scene, body) {
  const look = { width: 1100, height: 800 };
  const { tab, faults } = await browser.open('library/library.html', { pages, ...scene }, look);
  try {
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** @param {Tab} tab */
const focused = (tab) => tab.evaluate(() => document.activeElement?.textContent);

/** @param {Tab} tab @param {string} words */
const selected = (tab, words) =>
  until(async () => (await texts(tab, '.bulk-count'))[0] === words, words);

/** @param {Tab} tab @param {'Shift' | 'Control'} with_ @param {import('puppeteer-core').KeyInput} key */
async function press(tab, with_, key) {
  await tab.keyboard.down(with_);
  await tab.keyboard.press(key);
  await tab.keyboard.up(with_);
}

test('a range that ends elsewhere takes the place of the one before', () =>
  library({}, async (tab) => {
    await tab.waitForSelector('.row-title');
    await tab.focus('.row-title');
    await tab.keyboard.press('Space');
    for (const count of [2, 3, 4]) {
      await press(tab, 'Shift', 'ArrowDown');
      await selected(tab, `${count} selected`);
    }
    await press(tab, 'Shift', 'ArrowUp');
    await press(tab, 'Shift', 'ArrowUp');
    await selected(tab, '2 selected');
    await press(tab, 'Shift', 'End');
    await selected(tab, '30 selected');
    assert.equal(await focused(tab), 'Page 30');
  }));

test('Delete takes what is selected, and what it takes is not selected any more', () =>
  library({}, async (tab) => {
    await tab.waitForSelector('.row-title');
    await tab.focus('.row-title');
    await tab.keyboard.press('Space');
    await press(tab, 'Shift', 'ArrowDown');
    await selected(tab, '2 selected');
    await tab.keyboard.press('ArrowDown');
    await tab.keyboard.press('Delete');
    await until(async () => (await texts(tab, '#count'))[0] === '29 pages', 'one less');
    assert.deepEqual(await texts(tab, '.bulk-count'), ['2 selected']);
    assert.equal(await focused(tab), 'Page 4');
    await tab.keyboard.press('ArrowUp');
    await tab.keyboard.press('Delete');
    await until(async () => (await texts(tab, '#count'))[0] === '27 pages', 'three less');
    assert.notEqual(await tab.evaluate(() => document.activeElement?.tagName), 'BODY');
    await press(tab, 'Control', 'z');
    await until(async () => (await texts(tab, '#count'))[0] === '29 pages', 'back');
  }));

test('a tag that is chosen in a row leaves the focus in the list', () =>
  library({}, async (tab) => {
    await tab.waitForSelector('.chip');
    await tab.focus('#results .chip');
    await tab.keyboard.press('Enter');
    await until(async () => (await texts(tab, '#count'))[0] === '15 pages found', 'found');
    await until(async () => (await focused(tab)) === 'Page 1', 'the first');
  }));

test('Home leads to the top of the page, and Alt with an arrow is the browser’s', () =>
  library({}, async (tab) => {
    await tab.waitForSelector('.row-title');
    await tab.focus('.row-title');
    await tab.keyboard.press('End');
    await until(async () => (await focused(tab)) === 'Page 30', 'the last');
    assert.ok((await tab.evaluate(() => scrollY)) > 1000);
    await tab.keyboard.press('Home');
    await until(async () => (await focused(tab)) === 'Page 1', 'the first');
    assert.equal(await tab.evaluate(() => scrollY), 0);
    const kept = await tab.evaluate(() => {
      const options = { key: 'ArrowDown', altKey: true, bubbles: true, cancelable: true };
      return document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', options));
    });
    assert.equal(kept, true);
  }));

test('a library with nothing in it invites, and what was trashed is a click away', async () => {
  await library({ pages: [] }, async (tab) => {
    await tab.waitForSelector('#invite:not([hidden])');
    assert.deepEqual(await texts(tab, '.way strong'), [
      'Save the page you are reading',
      'Add link',
      'Import bookmarks',
    ]);
    assert.deepEqual(await violations(tab), []);
    await tab.click('button.way');
    await until(() => tab.$eval('#links', (one) => !(/** @type {any} */ (one).hidden)), 'open');
    await tab.keyboard.press('Escape');
    await tab.type('#query', 'none');
    await until(async () => (await texts(tab, '#nothing .lead')).length === 1, 'nothing found');
    assert.deepEqual(await texts(tab, '.way'), []);
  });
  await library({ pages: [saved(1)] }, async (tab) => {
    await tab.waitForSelector('.row-title');
    await tab.focus('.row-title');
    await tab.keyboard.press('Delete');
    await tab.waitForSelector('#invite:not([hidden])');
    assert.equal(await tab.evaluate(() => document.activeElement?.id), 'query');
    assert.deepEqual(await texts(tab, '#facet-states .facet-name'), ['Trash']);
    await tab.click('.toast .link-button');
    await until(async () => (await texts(tab, '.way')).length === 0, 'back');
    assert.deepEqual(await texts(tab, '#count'), ['1 page']);
  });
});

/** @param {number} number @returns {any} */
const page = (number) => saved(number);

/** A search whose answers are given by hand. */
function slowHits() {
  /** @type {((found: any) => void)[]} */
  const answers = [];
  const hits = new Hits({
    at: () =>
      new Promise((resolve) => {
        answers.push(resolve);
      }),
    onCame: () => {},
    onFault: (error) => assert.fail(String(error)),
  });
  hits.begin({ total: 500, pages: [page(1)] }, false);
  return { hits, answers };
}

/** @type {any} */
const work = {
  run: (/** @type {string} */ _words, /** @type {any} */ task) =>
    task({ signal: new AbortController().signal, step: () => {} }),
};

test('a range of a list that has gone meanwhile selects nothing', async () => {
  const { answers, hits } = slowHits();
  const selection = new Selection();
  const picking = new Picking(selection, work);
  picking.watch({ hits, changed: () => {} });
  picking.check(1, 0, false);
  const extended = picking.extend(0, 120);
  hits.begin({ total: 500, pages: [page(2000)] }, false);
  answers.forEach((answer) => answer({ total: 500, pages: [saved(3), saved(4)] }));
  await extended;
  assert.deepEqual(selection.numbers, [1]);
});

test('a range that was let go selects nothing, and the latest of two is the one', async () => {
  const { answers, hits } = slowHits();
  const selection = new Selection();
  const picking = new Picking(selection, work);
  picking.watch({ hits, changed: () => {} });
  picking.check(1, 0, false);
  const first = picking.extend(0, 2);
  selection.clear();
  const found = { total: 500, pages: [saved(2), saved(3)] };
  answers.splice(0).forEach((answer) => answer(found));
  await first;
  assert.ok(selection.isEmpty);
  picking.check(1, 0, false);
  const long = picking.extend(0, 2);
  const short = picking.extend(0, 0);
  answers.splice(0).forEach((answer) => answer(found));
  await Promise.all([long, short]);
  assert.deepEqual(selection.numbers, [1]);
});
