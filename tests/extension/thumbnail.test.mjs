/** The thumbnail of a page that is saved: of that page alone, small, and never in the way of the save. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { chrome, forgetAll } from './fakebrowser.mjs';
import { Fault, FakePort } from './fakehost.mjs';
import { openTab, resetTabs, tabs } from './faketabs.mjs';
import { openBrowser } from './ui-harness.mjs';

const { keepThumbnail, photograph } = await import('../../extension/background/thumbnail.js');
const { Host } = await import('../../extension/lib/host.js');

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
/** What was asked of the browser. @type {any[]} */
let shots = [];
/** What happens while it takes the picture. */
let meanwhile = async () => {};
/** Sizes of the pictures that were opened, and closed. @type {string[]} */
let opened = [];

before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

beforeEach(() => {
  forgetAll();
  resetTabs();
  shots = [];
  opened = [];
  meanwhile = async () => {};
  chrome.tabs.captureVisibleTab = async (/** @type {any[]} */ ...all) => {
    shots.push(all);
    await meanwhile();
    return `data:image/jpeg;base64,${btoa('JPEG')}`;
  };
  Object.assign(globalThis, {
    createImageBitmap: async (/** @type {Blob} */ blob) => {
      opened.push(`${blob.type} ${await blob.text()}`);
      return { width: 1280, height: 720, close: () => opened.push('closed') };
    },
    OffscreenCanvas: class {
      getContext = () => ({ fillRect() {}, drawImage() {} });
      convertToBlob = async (/** @type {any} */ { type }) => new Blob(['small'], { type });
    },
  });
});

const SMALL = { type: 'image/webp', base64: btoa('small') };
const SENT = { media_type: 'image/webp', data: btoa('small') };
const url = 'https://a.example/';

test('it is what is seen of the tab in front', async () => {
  const { taken, small } = photograph(openTab(url, { windowId: 4 }));
  await taken;
  assert.deepEqual(shots, [[4, { format: 'jpeg', quality: 90 }]]);
  assert.deepEqual(await small, SMALL);
  assert.deepEqual(opened, ['image/jpeg JPEG', 'closed']);
  assert.ok(!chrome.tabs.onActivated.hasListeners());
});

test('nothing is seen of a tab in the background, nor of a page that is closed to extensions', async () => {
  assert.equal(await photograph(openTab(url, { active: false })).small, null);
  assert.equal(await photograph(1).small, null);
  assert.deepEqual(shots, []);
  meanwhile = async () => {
    throw new Error("Either the '<all_urls>' or 'activeTab' permission is required.");
  };
  assert.equal(await photograph(openTab(url)).small, null);
});

test('a picture that may be of another tab is thrown away', async () => {
  const mine = openTab(url, { windowId: 4 });
  const other = openTab('https://b.example/', { active: false });
  const all = [
    () => Object.assign(tabs.get(mine), { active: false }),
    // another tab was there for a moment
    () => [other, mine].forEach((tabId) => chrome.tabs.onActivated.fire({ tabId })),
    () => Object.assign(tabs.get(mine), { windowId: 5 }),
    () => tabs.delete(mine),
  ];
  for (const change of all) {
    tabs.set(mine, { ...tabs.get(mine), active: true, windowId: 4 });
    meanwhile = async () => void change();
    assert.equal(await photograph(mine).small, null);
  }
  assert.equal(shots.length, 4);
  assert.deepEqual(opened, []);
});

test('a browser that gives no picture does not hold up the page', async () => {
  const real = globalThis.setTimeout;
  const waits = /** @type {number[]} */ ([]);
  Object.assign(globalThis, {
    setTimeout: (/** @type {() => void} */ run, /** @type {number} */ ms) => {
      waits.push(ms);
      return real(run, 0);
    },
  });
  try {
    meanwhile = () => new Promise(() => {});
    const { taken, small } = photograph(openTab(url));
    await taken;
    assert.equal(await small, null);
    assert.deepEqual(waits, [2000]);
  } finally {
    Object.assign(globalThis, { setTimeout: real });
  }
});

test('it is kept with the snapshot, and no failure of it is the save’s', async () => {
  let set = () => ({});
  const port = new FakePort({ 'thumbnails.set': () => set() });
  const host = new Host(() => port);
  await keepThumbnail(host, 23, Promise.resolve(SMALL));
  await keepThumbnail(host, 23, Promise.resolve(null));
  set = () => {
    throw new Fault('limit');
  };
  await keepThumbnail(host, 24, Promise.resolve(SMALL));
  await keepThumbnail(host, 25, Promise.reject(new Error('no picture')));
  assert.deepEqual(
    port.requests('thumbnails.set').map(({ params }) => params),
    [
      { snapshot: 23, ...SENT },
      { snapshot: 24, ...SENT },
    ],
  );
});

/**
 * What is made of a picture, by a real browser.
 *
 * @param {{ width: number, height: number, without?: string }} picture - red above a line of 5:8 of its
 *   width, blue below; `without`: a type that the browser cannot write
 */
async function made(picture) {
  const { tab, faults } = await browser.open('popup/popup.html', {});
  try {
    const result = await tab.evaluate(async ({ width, height, without }) => {
      const { smallPicture } = await import(String(new URL('/lib/smallpicture.js', location.href)));
      const canvas = new OffscreenCanvas(width, height);
      const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
      context.fillStyle = '#f00';
      context.fillRect(0, 0, width, height);
      context.fillStyle = '#00f';
      context.fillRect(0, Math.ceil((width * 5) / 8), width, height);
      const shot = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
      if (without) {
        const { convertToBlob } = OffscreenCanvas.prototype;
        OffscreenCanvas.prototype.convertToBlob = function (/** @type {any} */ options) {
          return convertToBlob.call(this, options.type === without ? {} : options);
        };
      }
      const { type, base64 } = await smallPicture(shot);
      const bytes = Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type }));
      const look = new OffscreenCanvas(bitmap.width, bitmap.height);
      const seen = /** @type {OffscreenCanvasRenderingContext2D} */ (look.getContext('2d'));
      seen.drawImage(bitmap, 0, 0);
      const at = (/** @type {number} */ y) => [...seen.getImageData(1, y, 1, 1).data.slice(0, 3)];
      const head = String.fromCharCode(...bytes.slice(0, 12));
      const ends = [at(0), at(bitmap.height - 2)];
      return { size: [bitmap.width, bitmap.height], bytes: bytes.length, type, head, ends };
    }, picture);
    assert.deepEqual(faults, []);
    return result;
  } finally {
    await tab.close();
  }
}

test('it is at most 320 by 200, of the top of what was seen', async () => {
  for (const [width, height] of /** @type {const} */ ([
    [1280, 720],
    [2560, 1600],
    [1279, 2000],
    [390, 844],
  ])) {
    const { size, bytes, type, head } = await made({ width, height });
    assert.deepEqual(size, [320, 200], `${width}x${height}`);
    assert.ok(bytes <= 24 * 1024);
    assert.equal(type, 'image/webp');
    assert.match(head, /^RIFF....WEBP/s);
  }
  const { ends } = await made({ width: 800, height: 2000 });
  for (const [red, green, blue] of ends) {
    assert.ok(red > 230 && green < 25 && blue < 25, `${red} ${green} ${blue}`);
  }
});

test('a browser that writes no WebP writes JPEG', async () => {
  const plain = await made({ width: 640, height: 400, without: 'image/webp' });
  assert.equal(plain.type, 'image/jpeg');
  assert.match(plain.head, /^\u00ff\u00d8\u00ff/);
});
