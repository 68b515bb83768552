/**
 * Takes the hostile pages through one browser, each way that there is to see one, and writes down what
 * the tripwires have felt.
 *
 * @typedef {object} Result
 * @property {number} tried - pages
 * @property {(string | number)[]} missing - of them, that did not load
 * @property {number} looked - frames whose tree was looked at
 * @property {string[]} fired - scripts that ran, requests that left, pages that went elsewhere
 * @property {string[]} faults - what a browser's tree holds that no snapshot may
 * @property {Set<number>} alive - vectors that fired by themselves
 * @property {Set<number>} touched - or when somebody touched what there was
 * @property {number} ms
 *
 * @typedef {object} Way
 * @property {boolean} [isKept] - it went through the sanitizer: a look at the tree shall find nothing
 * @property {boolean} [isLively] - nothing is in its way
 * @property {boolean} [canStay] - scripts of this test run in the pages
 * @property {boolean} [isCrowded] - each page has many in it
 * @property {boolean} [isPen] - in the viewer, the pen is taken up
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ChromiumAlarm } from './inert-chromium.mjs';
import { BRIEFLY, PATIENCE, movedFrames, openFrames, openViewers } from './inert-drive.mjs';
import { FirefoxAlarm } from './inert-firefox.mjs';
import { audit, touch } from './inert-inpage.mjs';
import { Popup } from './popup.mjs';

/** How many pages stand side by side. */
const FRAMES = 60;
const VIEWERS = 12;

/** Of those that have many in them. */
const CROWDS = 2;

/** After loading, and after touching, in milliseconds: for what comes late. */
const SETTLE = 200;

/** All but leaving the test: what is alive shall show it. */
const LIVELY = 'allow-scripts allow-same-origin allow-forms allow-modals';

export class InertSession {
  /**
   * @param {ChromiumAlarm | FirefoxAlarm} alarm
   * @param {import('./inert-server.mjs').InertServer} server
   */
  constructor(alarm, server) {
    this.alarm = alarm;
    this.server = server;
  }

  /**
   * @param {string} name - of the browser
   * @param {import('./inert-server.mjs').InertServer} server
   * @param {import('./profile.mjs').BrowserOptions} options
   */
  static async start(name, server, options) {
    const Alarm = name === 'firefox' ? FirefoxAlarm : ChromiumAlarm;
    const alarm = await Alarm.start({ ...options, proxy: server.port });
    return new InertSession(alarm, server);
  }

  /**
   * Pages in frames of a page of their own site.
   *
   * @param {string[]} urls
   * @param {Way & { home?: string }} [way] - home: where the frames stand
   */
  frames(urls, { home = `http://${this.server.address}/frames`, ...way } = {}) {
    const { isLively = false, isCrowded = false } = way;
    const patience = patienceOf(way);
    return this.#run(urls, isCrowded ? CROWDS : FRAMES, way, async (batch) => {
      await this.alarm.go(home);
      return this.alarm.page.evaluate(openFrames, batch, isLively ? LIVELY : null, patience);
    });
  }

  /**
   * Snapshots in the extension's viewer.
   *
   * @param {number[]} snapshots
   * @param {Way} [way]
   */
  async viewers(snapshots, way = {}) {
    await this.alarm.go(`${this.alarm.browser.origin}/viewer/viewer.html?snapshot=${snapshots[0]}`);
    await this.alarm.page.waitFor(() => document.querySelector('#page iframe'));
    const { isCrowded, isPen = false } = way;
    const size = isCrowded ? CROWDS : VIEWERS;
    return this.#run(snapshots, size, { ...way, canStay: false }, (batch) =>
      this.alarm.page.evaluate(openViewers, batch, patienceOf(way), isPen),
    );
  }

  /**
   * Saves live tabs with the extension, as a person does.
   *
   * @param {string[]} urls
   */
  async capture(urls) {
    for (const url of urls) {
      const page = await this.alarm.browser.open(url);
      const popup = await Popup.open(this.alarm.browser, page);
      await popup.save();
      await popup.page.close().catch(() => {}); // it may have closed itself
      await page.close();
    }
    await this.#calls();
  }

  /**
   * @template {string | number} T
   * @param {T[]} list
   * @param {number} size
   * @param {Way} way
   * @param {(batch: T[]) => Promise<T[]>} open
   * @returns {Promise<Result>}
   */
  async #run(list, size, { isKept = false, isLively = false, canStay = true }, open) {
    const started = performance.now();
    /** @type {Result} */
    const result = {
      ...{ tried: list.length, missing: [], looked: 0, fired: [], faults: [], ms: 0 },
      ...{ alive: new Set(), touched: new Set() },
    };
    const tabs = await this.alarm.tabs();
    for (let at = 0; at < list.length; at += size) {
      const batch = list.slice(at, at + size);
      await this.#calls(); // of the batch before
      result.missing.push(...(await open(batch)));
      await sleep(SETTLE);
      const alone = await this.#calls();
      if (isKept) {
        for (const { url, value } of await this.alarm.inFrames(audit)) {
          result.looked++;
          result.faults.push(...value.map((each) => `${url.slice(0, 80)}: ${each}`));
        }
      }
      await this.alarm.inFrames(touch, canStay);
      await sleep(SETTLE);
      const afterwards = await this.#calls();
      addIds(result.alive, alone);
      addIds(result.touched, afterwards);
      result.fired.push(...alone, ...afterwards);
      if (canStay && isKept) {
        result.fired.push(...(await this.alarm.page.evaluate(movedFrames)));
      }
    }
    const opened = isLively ? 0 : (await this.alarm.tabs()) - tabs;
    if (opened > 0) {
      result.fired.push(`${opened} tabs were opened`);
    }
    result.ms = performance.now() - started;
    return result;
  }

  async #calls() {
    return [...(await this.alarm.take()), ...this.server.take()];
  }

  async stop() {
    await this.alarm.stop();
  }
}

/** Some pages never end loading, most of all when nothing was taken out of them. @param {Way} way */
function patienceOf({ isKept = false, isCrowded = false, isPen = false }) {
  return (isKept && !isCrowded) || isPen ? PATIENCE : BRIEFLY;
}

/**
 * @param {Set<number>} ids
 * @param {string[]} calls
 */
function addIds(ids, calls) {
  for (const call of calls) {
    const [, id] = /(?:\(|\/)(\d{4})\b/.exec(call.replace(/127\.0\.0\.1:\d+/g, '')) ?? [];
    if (id) {
      ids.add(Number(id));
    }
  }
}
