import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { WORDS, openBrowser, texts, until } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const MIB = 1024 * 1024;

/**
 * The settings in a scene; faults of the page's scripts fail the test.
 *
 * @param {import('./ui-stub.mjs').Scene} scene
 * @param {(tab: Tab) => Promise<void>} body
 * @param {string} [locale]
 */
async function options(scene, body, locale = 'en') {
  const look = { locale, width: 900, height: 800 };
  const { tab, faults } = await browser.open('options/options.html', scene, look);
  try {
    await body(tab);
    assert.deepEqual(faults, []);
  } finally {
    await tab.close();
  }
}

/** What the page shows. @param {Tab} tab */
const shown = (tab) =>
  tab.evaluate(() => ({
    scroll: /** @type {HTMLInputElement} */ (document.querySelector('#scroll')).checked,
    media: Number(/** @type {HTMLSelectElement} */ (document.querySelector('#media')).value),
  }));

/** What is stored. @param {Tab} tab */
const stored = (tab) =>
  tab.evaluate(
    async () =>
      (await /** @type {any} */ (globalThis).chrome.storage.local.get('settings')).settings,
  );

/** @param {Tab} tab */
const asked = (tab) => tab.evaluate(() => /** @type {any} */ (globalThis).seen.asked);

test('a new profile scrolls, and keeps audio and video up to 50 MB', () =>
  options({}, async (tab) => {
    assert.deepEqual(await shown(tab), { scroll: true, media: 50 * MIB });
    assert.deepEqual(
      await tab.$$eval('#media option', (found) => found.map((one) => one.textContent)),
      ['None', 'Up to 10 MB each', 'Up to 50 MB each', 'Up to 100 MB each', 'Up to 200 MB each'],
    );
    assert.equal(await tab.title(), 'Settings · Linksnap');
  }));

test('what is chosen with the mouse is kept at once, and said quietly', () =>
  options({}, async (tab) => {
    assert.deepEqual(await texts(tab, '#saved'), ['']);
    await tab.click('#scroll');
    await until(async () => (await texts(tab, '#saved'))[0] === 'Saved', 'said');
    assert.deepEqual(await stored(tab), { scroll: false, mediaLimit: 50 * MIB, mark: false });
    await tab.select('#media', String(200 * MIB));
    await until(async () => (await stored(tab)).mediaLimit === 200 * MIB, 'stored');
    assert.deepEqual(await stored(tab), { scroll: false, mediaLimit: 200 * MIB, mark: false });
    await until(async () => (await texts(tab, '#saved'))[0] === '', 'gone again');
  }));

test('the words of a setting are part of what can be clicked', () =>
  options({}, async (tab) => {
    await tab.click('label[for=scroll]');
    assert.deepEqual(await shown(tab), { scroll: false, media: 50 * MIB });
  }));

test('the keyboard reaches and changes everything', () =>
  options({}, async (tab) => {
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Space');
    await until(async () => (await stored(tab))?.scroll === false, 'scroll');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('ArrowUp');
    await until(async () => (await stored(tab)).mediaLimit === 10 * MIB, 'media');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Space');
    await until(async () => (await stored(tab)).mark === true, 'mark');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Enter');
    await until(async () => (await texts(tab, '#sites-state'))[0] === 'Allowed', 'allowed');
  }));

for (const settings of [
  'x',
  7,
  [],
  { scroll: 'no', mediaLimit: '10' },
  { scroll: 1, mediaLimit: -1 },
  { mediaLimit: 200 * MIB + 1 },
  { mediaLimit: 1.5 },
  { scroll: null, mediaLimit: null, more: true },
]) {
  test(`stored settings that cannot be (${JSON.stringify(settings)}) count as none`, () =>
    options({ local: { settings } }, async (tab) => {
      assert.deepEqual(await shown(tab), { scroll: true, media: 50 * MIB });
      await tab.click('#scroll');
      await until(async () => (await stored(tab)).scroll === false, 'stored');
      assert.deepEqual(await stored(tab), { scroll: false, mediaLimit: 50 * MIB, mark: false });
    }));
}

test('a limit that is not offered, but may be, is shown and kept', () =>
  options({ local: { settings: { mediaLimit: 30 * MIB } } }, async (tab) => {
    assert.deepEqual(await shown(tab), { scroll: true, media: 30 * MIB });
    assert.equal(
      await tab.$eval('#media option:checked', (one) => one.textContent),
      'Up to 30 MB each',
    );
  }));

test('what another tab changes is shown', () =>
  options({}, async (tab) => {
    await tab.evaluate(() =>
      /** @type {any} */ (globalThis).putLocal({ settings: { scroll: false, mediaLimit: 0 } }),
    );
    assert.deepEqual(await shown(tab), { scroll: false, media: 0 });
    await tab.evaluate(() => /** @type {any} */ (globalThis).putLocal({ other: 1 }));
    assert.deepEqual(await shown(tab), { scroll: false, media: 0 });
  }));

test('what cannot be kept is said, and the page shows what is', () =>
  options({ local: { full: true } }, async (tab) => {
    await tab.click('#scroll');
    await until(async () => (await texts(tab, '#saved'))[0] === 'It could not be saved', 'said');
    assert.deepEqual(await shown(tab), { scroll: true, media: 50 * MIB });
  }));

/** @param {Tab} tab */
const isMarked = (tab) =>
  tab.$eval('#mark', (one) => /** @type {HTMLInputElement} */ (one).checked);

test('saved pages are marked only with the permission that it takes, which is asked for', () =>
  options({}, async (tab) => {
    assert.equal(await isMarked(tab), false);
    assert.match((await texts(tab, '#mark-text'))[0], /this computer.*nowhere else/);
    await tab.click('#mark');
    await until(async () => (await stored(tab))?.mark === true, 'kept');
    assert.deepEqual(await asked(tab), [{ permissions: ['tabs'] }]);
    assert.equal(await isMarked(tab), true);
    await tab.click('#mark');
    await until(async () => (await stored(tab)).mark === false, 'off');
    assert.equal(
      await tab.evaluate(() =>
        /** @type {any} */ (globalThis).chrome.permissions.contains({ permissions: ['tabs'] }),
      ),
      false,
    );
  }));

test('without the permission pages stay unmarked, and that is said', () =>
  options({ refuses: true }, async (tab) => {
    await tab.click('#mark');
    await until(async () => /stays off/.test((await texts(tab, '#saved'))[0]), 'said');
    assert.equal(await isMarked(tab), false);
    assert.equal(await stored(tab), undefined);
  }));

test('a permission that was taken back elsewhere is noticed', () =>
  options({ local: { settings: { mark: true } }, tabs: true }, async (tab) => {
    await until(() => isMarked(tab), 'on');
    await tab.evaluate(() =>
      /** @type {any} */ (globalThis).chrome.permissions.remove({ permissions: ['tabs'] }),
    );
    await until(async () => !(await isMarked(tab)), 'off');
  }));

test('access to all sites is given and taken back', () =>
  options({}, async (tab) => {
    assert.deepEqual(await texts(tab, '#sites-state'), [
      'Not allowed: only the page you save is read',
    ]);
    await tab.click('#sites-change');
    await until(async () => (await texts(tab, '#sites-state'))[0] === 'Allowed', 'given');
    assert.deepEqual(await asked(tab), [{ origins: ['*://*/*'] }]);
    assert.deepEqual(await texts(tab, '#sites-change'), ['Take it back']);
    await tab.click('#sites-change');
    await until(async () => (await texts(tab, '#sites-change'))[0] === 'Allow all sites', 'back');
    assert.equal((await asked(tab)).length, 1);
  }));

test('a refusal changes nothing', () =>
  options({ refuses: true }, async (tab) => {
    await tab.click('#sites-change');
    await until(async () => (await asked(tab)).length === 1, 'asked');
    assert.deepEqual(await texts(tab, '#sites-change'), ['Allow all sites']);
  }));

test("what is given in the browser's own settings is noticed", () =>
  options({}, async (tab) => {
    await tab.evaluate(() => /** @type {any} */ (globalThis).allow(true));
    await until(async () => (await texts(tab, '#sites-state'))[0] === 'Allowed', 'given');
  }));

test('nothing sticks out of a narrow window', async () => {
  for (const locale of Object.keys(WORDS)) {
    const look = { locale, width: 320, height: 640 };
    const { tab } = await browser.open('options/options.html', {}, look);
    assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), 320, locale);
    await tab.close();
  }
});

test('the popup and the welcome page lead to the settings', async () => {
  const { tab } = await browser.open('popup/popup.html', {});
  await tab.click('#settings');
  const { options: opened, closed } = await tab.evaluate(
    () => /** @type {any} */ (globalThis).seen,
  );
  assert.deepEqual([opened, closed], [1, 1]);
  await tab.close();
  const { tab: welcome } = await browser.open('welcome/welcome.html', {}, { width: 900 });
  await welcome.click('a[href$="options.html"]');
  await until(async () => (await welcome.title()) === 'Settings · Linksnap', 'the settings');
  await welcome.close();
});
