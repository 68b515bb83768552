/**
 * Chromium, driven by puppeteer-core over a pipe. See browsers.mjs for the interface.
 */
import path from 'node:path';
import puppeteer from 'puppeteer-core';
import { ChromiumPage, LIMIT } from './chromium-page.mjs';
import { CHROMIUM_ID, Profile, complete, until } from './profile.mjs';

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

/** Requests to this machine go through it too, and none is held back because of where it goes. */
const proxyFlags = (/** @type {number} */ port) => [
  `--proxy-server=http://127.0.0.1:${port}`,
  '--proxy-bypass-list=<-loopback>',
  '--disable-features=LocalNetworkAccessChecks',
];

const VIEWPORT = { width: 1280, height: 860 };

export class Chromium {
  name = 'chromium';
  origin = `chrome-extension://${CHROMIUM_ID}`;
  #browser;
  #profile;
  #options;
  /** @type {string[]} */
  #requests = [];

  /**
   * @param {import('puppeteer-core').Browser} browser
   * @param {Profile} profile
   * @param {ReturnType<typeof complete>} options
   */
  constructor(browser, profile, options) {
    this.#browser = browser;
    this.#profile = profile;
    this.#options = options;
  }

  /** @param {import('./profile.mjs').BrowserOptions} given */
  static async start(given) {
    const options = complete(given);
    const profile = options.profile ?? (await Profile.create(options.store));
    try {
      const userDataDir = path.join(profile.folder, 'profile');
      if (options.host) {
        await installHost(profile, options.host);
      }
      const extension = await profile.prepareExtension(options);
      const isRoot = process.getuid?.() === 0;
      const browser = await puppeteer.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        headless: !options.headed,
        pipe: true,
        enableExtensions: [extension],
        userDataDir,
        env: { ...profile.environment, LANGUAGE: options.locale },
        defaultViewport: options.headed ? null : VIEWPORT,
        args: [
          ...FLAGS,
          ...(options.proxy ? proxyFlags(options.proxy) : []),
          `--lang=${options.locale}`,
          ...(isRoot ? ['--no-sandbox'] : []),
        ],
      });
      const self = new Chromium(browser, profile, options);
      if (!options.bridge && !options.profile) {
        await until('the page that greets', () =>
          browser.targets().some((each) => each.url().startsWith(`${self.origin}/welcome/`)),
        );
      }
      return self;
    } catch (error) {
      await profile.remove();
      throw error;
    }
  }

  get store() {
    return this.#profile.store;
  }

  /** Resolves when a person closes the browser. */
  get closed() {
    return new Promise((resolve) => {
      this.#browser.once('disconnected', resolve);
    });
  }

  /** @param {import('puppeteer-core').Page} page */
  async #adopt(page) {
    page.setDefaultTimeout(LIMIT);
    if (this.#options.dark) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    }
    page.on('request', (request) => {
      if (/^(https?|wss?):/.test(request.url())) {
        this.#requests.push(request.url());
      }
    });
    return new ChromiumPage(page);
  }

  /** @param {string} host - the program */
  installHost(host) {
    return installHost(this.#profile, host);
  }

  takeRequests() {
    return this.#requests.splice(0);
  }

  /**
   * @param {string} url
   * @returns {Promise<ChromiumPage>}
   */
  async open(url) {
    const page = await this.#adopt(await this.#browser.newPage());
    await page.raw.bringToFront();
    await page.raw.goto(url, { waitUntil: 'load', timeout: LIMIT });
    return page;
  }

  /** @param {string} file - of the extension */
  openExtensionPage(file) {
    return this.open(`${this.origin}/${file}`);
  }

  /**
   * Clicks the extension's toolbar button while `page` is in front.
   *
   * @param {ChromiumPage} page
   * @returns {Promise<ChromiumPage>} the popup
   */
  async clickToolbarButton(page) {
    await page.raw.bringToFront();
    const extension = (await this.#browser.extensions()).get(CHROMIUM_ID);
    await extension?.triggerAction(page.raw);
    return this.waitForPage((url) => url.startsWith(`${this.origin}/popup/`));
  }

  /**
   * A page that something else opened.
   *
   * @param {(url: string) => boolean} isIt
   * @returns {Promise<ChromiumPage>}
   */
  async waitForPage(isIt) {
    const target = await this.#browser.waitForTarget((each) => isIt(each.url()), {
      timeout: LIMIT,
    });
    const page = await target.asPage();
    const isPopup = target.url().startsWith(`${this.origin}/popup/`);
    if (!isPopup && !this.#options.headed) {
      await page.setViewport(VIEWPORT);
    }
    return this.#adopt(page);
  }

  /**
   * What the browser tells the extension when an entry is chosen. Headless Chromium has no menus: a
   * right click ends it.
   *
   * @param {ChromiumPage} page
   * @param {string} selector - of a link
   * @param {{ id: string }} entry
   */
  async chooseFromContextMenu(page, selector, { id }) {
    const info = await page.evaluate(
      (wanted) => ({
        linkUrl: /** @type {HTMLAnchorElement} */ (document.querySelector(wanted)).href,
        selectionText: String(getSelection()),
        pageUrl: location.href,
      }),
      selector,
    );
    await this.inBackground(
      (details) => {
        const { chrome } = /** @type {any} */ (globalThis);
        chrome.tabs.query({ url: details.pageUrl }, (/** @type {any[]} */ [tab]) => {
          chrome.contextMenus.onClicked.dispatch(details, tab);
        });
      },
      { ...info, menuItemId: id },
    );
  }

  /**
   * Runs a function in the extension's service worker.
   *
   * @template {unknown[]} A
   * @template R
   * @param {(...args: A) => R} script
   * @param {A} args
   * @returns {Promise<Awaited<R>>}
   */
  async inBackground(script, ...args) {
    const target = await this.#browser.waitForTarget(
      (each) => each.type() === 'service_worker' && each.url().startsWith(this.origin),
    );
    const worker = await target.worker();
    return /** @type {Promise<any>} */ (worker?.evaluate(/** @type {any} */ (script), ...args));
  }

  /** @returns {Promise<string[]>} the addresses of all tabs */
  async urls() {
    return (await this.#browser.pages()).map((page) => page.url());
  }

  /**
   * What the browser tells the extension when somebody types: headless Chromium has no address bar.
   *
   * @param {string} text - after the extension's keyword
   * @returns {Promise<string[]>} what is offered
   */
  typeInAddressBar(text) {
    return this.inBackground(
      (typed) =>
        new Promise((resolve) => {
          const { omnibox } = /** @type {any} */ (globalThis).chrome;
          omnibox.onInputChanged.dispatch(typed, (/** @type {{ description: string }[]} */ given) =>
            resolve(given.map(({ description }) => description)),
          );
        }),
      text,
    );
  }

  /** @param {string} text */
  async enterInAddressBar(text) {
    await this.inBackground((typed) => {
      const { omnibox } = /** @type {any} */ (globalThis).chrome;
      omnibox.onInputEntered.dispatch(typed, 'currentTab');
    }, text);
  }

  /** Ends the browser; its profile is for another start. */
  async suspend() {
    await this.#browser.close();
    return this.#profile;
  }

  async stop() {
    const child = this.#browser.process();
    await this.#browser.close().catch(() => child?.kill('SIGKILL'));
    await this.#profile.remove();
  }
}

/**
 * @param {Profile} profile
 * @param {string} host
 */
function installHost(profile, host) {
  const folder = path.join(profile.folder, 'profile', 'NativeMessagingHosts');
  const allowed = { allowed_origins: [`chrome-extension://${CHROMIUM_ID}/`] };
  return profile.installHost(folder, host, allowed);
}
