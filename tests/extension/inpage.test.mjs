/** Scripts that run in pages besides the walkers: what is selected, and when a page is quiet. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import puppeteer from 'puppeteer-core';

import { read } from './files.mjs';

const SELECTED = read('extension/capture/selected.js');
const QUIET = read('extension/capture/quiet.js');

/** @type {import('puppeteer-core').Browser} */
let browser;
/** @type {import('puppeteer-core').Page} */
let page;

before(async () => {
  browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    pipe: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  page = await browser.newPage();
});
after(() => browser?.close());

/**
 * @param {string} body
 * @param {[string, string]} [ends] - of the selection: from before the first to after the other
 */
async function selectedIn(body, ends) {
  await page.setContent(`<!DOCTYPE html><base href="https://a.example/x/">${body}`);
  await page.evaluate((all) => {
    const selection = /** @type {Selection} */ (getSelection());
    selection.removeAllRanges();
    const [from, to] = (all ?? []).map((each) => document.querySelector(each));
    if (from && to) {
      const range = document.createRange();
      range.setStartBefore(from);
      range.setEndAfter(to);
      selection.addRange(range);
    }
  }, ends);
  return /** @type {any} */ (await page.evaluate(SELECTED));
}

test('links inside the selection are found, web addresses alone, each once', async () => {
  const { links, texts } = await selectedIn(
    `<a href="/before">before</a>
    <p id="a">x <a href="one">One <b>of</b> them</a></p>
    <ul><li><a href="https://b.example/?q=1#part">b.example/…</a> <a href="one">again</a></ul>
    <a href="javascript:alert(1)">no</a> <a href="mailto:li@a.example">no</a> <a name="x">no</a>
    <map name="m"><area href="/area"></map>
    <p id="z"><a href="ftp://a.example/">no</a></p> <a href="/after">after</a>`,
    ['#a', '#z'],
  );
  assert.deepEqual(links, [
    'https://a.example/x/one',
    'https://b.example/?q=1#part',
    'https://a.example/area',
  ]);
  assert.deepEqual(texts, ['One of them', 'b.example/…', 'again', '']);
});

test('a selection inside a link is that link', async () => {
  const { links } = await selectedIn('<a href="/a">one <b id="b">two</b></a>', ['#b', '#b']);
  assert.deepEqual(links, ['https://a.example/a']);
});

test('nothing selected is nothing found', async () => {
  const nothing = { page: 'about:blank', links: [], texts: [] };
  assert.deepEqual(await selectedIn('<a href="/a">one</a>'), nothing);
});

test('a page of a million links does not become a list of them all', async () => {
  const many = Array.from({ length: 2100 }, (_, i) => `<a href="/${i}">x</a>`).join('');
  const { links } = await selectedIn(`<p id="p">${many}</p>`, ['#p', '#p']);
  assert.equal(links.length, 2000);
});

/**
 * @param {string} body
 * @returns {Promise<{ isQuiet: boolean, ms: number }>}
 */
async function waited(body) {
  await page.setContent(`<!DOCTYPE html><body>${body}`);
  const start = Date.now();
  const isQuiet = /** @type {boolean} */ (await page.evaluate(QUIET));
  return { isQuiet, ms: Date.now() - start };
}

const TEXT = `<p>${'Words that a person reads. '.repeat(20)}</p>`;

test('a page that is there is quiet soon, though a clock ticks in it', async () => {
  const clock = `<p id="clock">0</p><script>
    setInterval(() => { clock.textContent = Date.now(); clock.className = 'x' + Date.now(); }, 50);
  </script>`;
  const { isQuiet, ms } = await waited(`${TEXT}${clock}`);
  assert.equal(isQuiet, true);
  assert.ok(ms >= 750 && ms < 3000, `${ms} ms`);
});

test('one that still draws itself is waited for', async () => {
  const { isQuiet, ms } = await waited(`${TEXT}<script>
    let n = 0;
    const draw = setInterval(() => {
      document.body.append(document.createElement('hr'));
      if (++n === 5) clearInterval(draw);
    }, 500);</script>`);
  assert.equal(isQuiet, true);
  assert.ok(ms >= 3000 && ms < 7000, `${ms} ms`);
});

test('one that shows nothing yet is given longer', async () => {
  const { isQuiet, ms } = await waited(`<p>Loading…</p><script>
    setTimeout(() => {
      const p = document.createElement('p');
      p.textContent = 'what came late '.repeat(40);
      document.body.append(p);
    }, 2500);</script>`);
  assert.equal(isQuiet, true);
  assert.ok(ms >= 3000 && ms < 7000, `${ms} ms`);
});

test('one that shows nothing in the end is not waited for for ever', async () => {
  const { isQuiet, ms } = await waited('');
  assert.equal(isQuiet, true);
  assert.ok(ms >= 3900 && ms < 8000, `${ms} ms`);
});

test('one that gives no rest is left after fifteen seconds', async () => {
  const { isQuiet, ms } = await waited(`${TEXT}<script>
    setInterval(() => document.body.append(document.createElement('hr')), 100);</script>`);
  assert.equal(isQuiet, false);
  assert.ok(ms >= 14_500 && ms < 20_000, `${ms} ms`);
});
