import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { WORDS, openBrowser, saved, texts, until, violations } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const MIB = 1024 * 1024;

/** What a new profile has. */
const DEFAULTS = {
  ...{ scroll: true, mediaLimit: 50 * MIB, fonts: true, theme: 'auto', language: 'auto' },
  ...{ notify: false, view: 'rows', mark: false },
};

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
    assert.deepEqual(await stored(tab), { ...DEFAULTS, scroll: false });
    await tab.select('#media', String(200 * MIB));
    await until(async () => (await stored(tab)).mediaLimit === 200 * MIB, 'stored');
    assert.deepEqual(await stored(tab), { ...DEFAULTS, scroll: false, mediaLimit: 200 * MIB });
    await until(async () => (await texts(tab, '#saved'))[0] === '', 'gone again');
  }));

test('the words of a setting are part of what can be clicked', () =>
  options({}, async (tab) => {
    await tab.click('label[for=scroll]');
    assert.deepEqual(await shown(tab), { scroll: false, media: 50 * MIB });
  }));

test('the keyboard reaches and changes everything', () =>
  options({}, async (tab) => {
    await tab.focus('#scroll');
    await tab.keyboard.press('Space');
    await until(async () => (await stored(tab))?.scroll === false, 'scroll');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('ArrowUp');
    await until(async () => (await stored(tab)).mediaLimit === 10 * MIB, 'media');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Space');
    await until(async () => (await stored(tab)).fonts === false, 'fonts');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Space');
    await until(async () => (await stored(tab)).mark === true, 'mark');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Space');
    await until(async () => (await stored(tab)).notify === true, 'notify');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('ArrowRight');
    await until(async () => (await stored(tab)).theme === 'light', 'theme');
    await tab.keyboard.press('Tab');
    assert.equal(
      await tab.evaluate(() => /** @type {any} */ (document.activeElement).name),
      'language',
    );
    await tab.focus('#sites-change');
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
  { fonts: 0, theme: 'blue', language: 'de', notify: 'yes', view: {}, mark: [] },
]) {
  test(`stored settings that cannot be (${JSON.stringify(settings)}) count as none`, () =>
    options({ local: { settings } }, async (tab) => {
      assert.deepEqual(await shown(tab), { scroll: true, media: 50 * MIB });
      await tab.click('#scroll');
      await until(async () => (await stored(tab)).scroll === false, 'stored');
      assert.deepEqual(await stored(tab), { ...DEFAULTS, scroll: false });
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

test('notifications take a permission, which is asked for and given back here', () =>
  options({}, async (tab) => {
    assert.deepEqual(await texts(tab, '#notices-change'), []);
    await tab.click('#notify');
    await until(async () => (await stored(tab))?.notify === true, 'kept');
    assert.deepEqual(await asked(tab), [{ permissions: ['notifications'] }]);
    await until(async () => (await texts(tab, '#notices-change')).length === 1, 'shown');
    await tab.click('#notices-change');
    await until(
      async () => (await texts(tab, '#notices-state'))[0] === 'Not allowed',
      'given back',
    );
    assert.equal(
      await tab.$eval('#notify', (one) => /** @type {HTMLInputElement} */ (one).checked),
      false,
    );
  }));

test('notifications that are refused stay off, and that is said', () =>
  options({ refuses: true }, async (tab) => {
    await tab.click('#notify');
    await until(async () => /stays off/.test((await texts(tab, '#saved'))[0]), 'said');
    assert.equal(await stored(tab), undefined);
  }));

test('a theme is shown as soon as it is chosen', () =>
  options({}, async (tab) => {
    const theme = () => tab.evaluate(() => document.documentElement.dataset.theme);
    for (const [value, shows] of [
      ['dark', 'dark'],
      ['light', 'light'],
      ['auto', undefined],
    ]) {
      await tab.click(`#theme label:has([value=${value}])`);
      await until(async () => (await theme()) === shows, String(value));
    }
    assert.equal((await stored(tab)).theme, 'auto');
  }));

test('a language is spoken as soon as it is chosen', () =>
  options({}, async (tab) => {
    // The stub forgets when it is loaded anew.
    await tab.evaluateOnNewDocument(() =>
      /** @type {any} */ (globalThis).putLocal({ settings: { language: 'zh_CN' } }),
    );
    await tab.click('#language label:has([value=zh_CN])');
    await until(async () => (await texts(tab, 'h1').catch(() => []))[0] === '设置', 'Chinese');
    await until(
      () => tab.$eval('#language [value=zh_CN]', (one) => /** @type {any} */ (one).checked),
      'chosen',
    );
    await tab.evaluate(() => localStorage.clear());
  }));

test('shortcuts are shown as they are, and lead to where they are changed', () =>
  options({}, async (tab) => {
    assert.deepEqual(await texts(tab, '#shortcuts-list dt'), [
      'Open Linksnap’s window',
      'Save this page at once',
      'Open the library',
      'Search from the address bar',
    ]);
    assert.deepEqual(await texts(tab, '#shortcuts-list dd'), [
      'AltShiftS',
      'AltShiftA',
      'not set',
      'lsSpace',
    ]);
    await tab.click('#shortcuts-change');
    assert.deepEqual(await tab.evaluate(() => /** @type {any} */ (globalThis).seen.tabs), [
      { url: 'chrome://extensions/shortcuts' },
    ]);
  }));

/** Requests of a method. @param {Tab} tab @param {string} method */
const requests = (tab, method) =>
  tab.evaluate(
    (name) =>
      /** @type {any} */ (globalThis).seen.requests
        .filter((/** @type {any} */ one) => one.method === name)
        .map((/** @type {any} */ one) => one.params),
    method,
  );

test('the library is where it is, and takes what it takes', () =>
  options({}, async (tab) => {
    await until(async () => (await texts(tab, '#storage-path')).length === 1, 'asked');
    assert.deepEqual(await texts(tab, '#storage-path'), [
      '/home/li/.local/share/linksnap/linksnap.db',
    ]);
    assert.deepEqual(await texts(tab, '#storage-sizes'), [
      'The library takes 105\u00a0MB. 50\u00a0GB are free on its disk.',
    ]);
    assert.deepEqual(await texts(tab, '#when-full'), [], 'nothing happens without a limit');
  }));

test('a limit is set, with what is done when it is reached', () =>
  options({}, async (tab) => {
    await until(async () => (await texts(tab, '#quota')).length === 1, 'asked');
    await tab.select('#quota', '5000000000');
    await until(async () => (await texts(tab, '#when-full-text')).length === 1, 'set');
    assert.match((await texts(tab, '#storage-sizes'))[0], /105.MB of 5.GB/);
    await tab.select('#when-full', 'refuse');
    await until(async () => /^Nothing is saved/.test((await texts(tab, '#when-full-text'))[0]), '');
    assert.deepEqual(await requests(tab, 'storage.set'), [{ quota: 5e9 }, { when_full: 'refuse' }]);
  }));

test('a library past its limit says so, with a limit that is not offered', () =>
  options({ storage: { bytes: 2e9, quota: 1.5e9, when_full: 'no_media' } }, async (tab) => {
    await until(async () => (await texts(tab, '#storage-state .lead')).length === 1, 'said');
    assert.deepEqual(await texts(tab, '#storage-state .lead'), [
      'The library takes more than its limit',
    ]);
    assert.equal(await tab.$eval('#quota', (one) => /** @type {any} */ (one).value), '1500000000');
  }));

const TRASHED = [
  { ...saved(1), trashed: 1, versions: 3 },
  { ...saved(2), trashed: 1 },
];

test('the trash is emptied only after a question, which can be declined', () =>
  options({ pages: TRASHED }, async (tab) => {
    await until(
      async () => (await texts(tab, '#trash-text'))[0] === 'It holds 2 pages.',
      'counted',
    );
    await tab.click('#trash-empty');
    assert.match((await texts(tab, '#trash-question'))[0], /^Delete 4 versions .* for good\?/);
    assert.equal(await tab.evaluate(() => document.activeElement?.id), 'trash-no');
    assert.deepEqual(await violations(tab), []);
    await tab.keyboard.press('Escape');
    assert.deepEqual(await texts(tab, '#trash-question'), []);
    assert.equal(await tab.evaluate(() => document.activeElement?.id), 'trash-empty');
    await tab.click('#trash-empty');
    await tab.click('#trash-yes');
    await until(async () => /12.MB were freed/.test((await texts(tab, '#saved'))[0]), 'said');
    await until(
      async () => (await texts(tab, '#trash-text'))[0] === 'The trash is empty.',
      'counted anew',
    );
    assert.equal(
      await tab.$eval('#trash-empty', (one) => /** @type {HTMLButtonElement} */ (one).disabled),
      true,
    );
  }));

test('emptying a large trash shows how far it is, and can be stopped', () =>
  options({ pages: TRASHED }, async (tab) => {
    await tab.evaluateOnNewDocument(() => /** @type {any} */ (globalThis).holdBack('trash.empty'));
    await tab.reload();
    await until(async () => (await texts(tab, '#doctor button')).length === 1, 'examined');
    await tab.click('#trash-empty');
    await tab.click('#trash-yes');
    await until(async () => (await texts(tab, '.working')).length === 1, 'working');
    await tab.click('#doctor button'); // which disturbs nobody at work
    await until(async () => (await texts(tab, '#doctor button')).length === 1, 'examined again');
    assert.equal(await tab.$eval('.bar', (bar) => bar.getAttribute('aria-valuenow')), '75');
    await tab.click('.working button');
    await until(async () => /^Stopped/.test((await texts(tab, '#saved'))[0]), 'stopped');
    await until(async () => (await texts(tab, '#trash-text'))[0] === 'It holds 2 pages.', 'held');
  }));

test('without a host the settings of this browser can be changed all the same', () =>
  options({ host: 'Specified native messaging host not found.' }, async (tab) => {
    await until(async () => (await texts(tab, '#storage-state .lead')).length === 1, 'said');
    assert.deepEqual(await texts(tab, '#storage-path'), []);
    await until(async () => (await texts(tab, '#doctor .lead')).length === 1, 'said there too');
    await tab.click('#scroll');
    await until(async () => (await stored(tab)).scroll === false, 'stored');
    assert.deepEqual(await violations(tab), []);
  }));

test('a library that can only be read is not changed from here', () => {
  const error = { name: 'store_readonly' };
  const store = { state: 'readonly', path: '/x', error };
  return options({ store, pages: TRASHED }, async (tab) => {
    await until(async () => (await texts(tab, '#storage-state .lead')).length === 1, 'said');
    for (const id of ['#quota', '#trash-empty']) {
      assert.equal(await tab.$eval(id, (one) => /** @type {any} */ (one).disabled), true, id);
    }
  });
});

test('in both languages and themes axe finds nothing', async () => {
  for (const locale of Object.keys(WORDS)) {
    for (const dark of [false, true]) {
      const look = { locale, dark, width: 1280, height: 800 };
      const { tab } = await browser.open('options/options.html', { granted: ['tabs'] }, look);
      await until(async () => (await texts(tab, '#doctor .lead')).length === 1, 'examined');
      assert.deepEqual(await violations(tab), [], `${locale} ${dark}`);
      await tab.close();
    }
  }
});

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
