/**
 * Firefox, driven by Marionette over TCP. See browsers.mjs for the interface.
 */
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { frameScript } from './firefox-frame.mjs';
import { FirefoxPage } from './firefox-page.mjs';
import { preferencesOf } from './firefox-preferences.mjs';
import { install } from './firefox-window.mjs';
import { connect } from './marionette.mjs';
import { GECKO_ID, Profile, ROOT, complete, end, until } from './profile.mjs';

const UUID = '6c3a4f52-8d0e-4f6b-9a51-1f2e3d4c5b6a';
const BUTTON = `${GECKO_ID.replaceAll(/[^a-z0-9_-]/g, '_')}-browser-action`;
const FRAME_SCRIPT = `data:application/javascript;charset=utf-8,${encodeURIComponent(`(${frameScript})(this, Cu, Cc, Ci)`)}`;

export class Firefox {
  name = 'firefox';
  origin = `moz-extension://${UUID}`;
  #child;
  #marionette;
  #profile;

  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {import('./marionette.mjs').Marionette} marionette
   * @param {Profile} profile
   */
  constructor(child, marionette, profile) {
    this.#child = child;
    this.#marionette = marionette;
    this.#profile = profile;
  }

  /** @param {import('./profile.mjs').BrowserOptions} given */
  static async start(given) {
    const options = complete(given);
    const profile = options.profile ?? (await Profile.create(options.store));
    const child = await launch(profile, options);
    try {
      const isAlive = () => child.exitCode === null && child.signalCode === null;
      const port = Number(await fs.readFile(path.join(profile.folder, 'port'), 'utf8'));
      const marionette = await connect(port, isAlive);
      await marionette.command('WebDriver:NewSession', {
        capabilities: { alwaysMatch: { unhandledPromptBehavior: 'ignore' } },
      });
      const self = new Firefox(child, marionette, profile);
      await self.#prepare(options);
      return self;
    } catch (error) {
      await end(child);
      await profile.remove();
      throw error;
    }
  }

  /** @param {ReturnType<typeof complete>} options */
  async #prepare(options) {
    const { allowed, bridge, locale, profile } = options;
    await this.#marionette.run(
      'chrome',
      `(script) => (${install})(Services.wm.getMostRecentWindow('navigator:browser'), script)`,
      [FRAME_SCRIPT],
    );
    if (locale !== 'en') {
      await this.call('setLocale', locale);
    }
    if (profile) {
      return; // all of it is there still
    }
    await this.#install(options);
    if (bridge || allowed) {
      await this.call('allowAllSites', GECKO_ID, bridge ? [] : ['tabs']);
    }
    if (!bridge) {
      await until('the page that greets', async () =>
        (await this.urls()).some((url) => url.startsWith(`${this.origin}/welcome/`)),
      );
    }
  }

  /** @param {ReturnType<typeof complete>} options */
  async #install({ extension, bridge, lasting }) {
    // Here permissions are given afterwards.
    const folder = await this.#profile.prepareExtension({ extension, bridge, allowed: false });
    await this.#marionette.command('Addon:Install', {
      path: lasting ? await packed(folder, this.#profile.folder) : folder,
      temporary: !lasting,
    });
  }

  /**
   * Calls a function of firefox-window.mjs.
   *
   * @param {string} name
   * @param {unknown[]} args
   * @returns {Promise<any>}
   */
  call(name, ...args) {
    return this.#marionette.run(
      'chrome',
      `(name, args) => Services.wm.getMostRecentWindow('navigator:browser').linksnapTest[name](...args)`,
      [name, args],
    );
  }

  /**
   * Runs a function in the browser's own window.
   *
   * @param {Function} script - its first argument is the window
   * @param {unknown[]} args
   * @returns {Promise<any>}
   */
  inWindow(script, ...args) {
    return this.#marionette.run(
      'chrome',
      `(args) => (${script})(Services.wm.getMostRecentWindow('navigator:browser'), ...args)`,
      [args],
    );
  }

  get store() {
    return this.#profile.store;
  }

  get closed() {
    return new Promise((resolve) => {
      this.#child.once('exit', resolve);
    });
  }

  /** @param {string} host - the program */
  installHost(host) {
    return installHost(this.#profile, host);
  }

  takeRequests() {
    return this.call('takeRequests');
  }

  /**
   * @param {string} url
   * @returns {Promise<FirefoxPage>}
   */
  async open(url) {
    const id = await this.call('open', url);
    return new FirefoxPage(this, id, await this.call('urlOf', id));
  }

  /** @param {string} file - of the extension */
  openExtensionPage(file) {
    return this.open(`${this.origin}/${file}`);
  }

  /**
   * Clicks the extension's toolbar button while `page` is in front.
   *
   * @param {FirefoxPage} page
   * @returns {Promise<FirefoxPage>} the popup
   */
  async clickToolbarButton(page) {
    await this.call('clickButton', page.id, BUTTON);
    return this.waitForPage((url) => url.startsWith(`${this.origin}/popup/`));
  }

  /**
   * A page that something else opened.
   *
   * @param {(url: string) => boolean} isIt
   * @returns {Promise<FirefoxPage>}
   */
  async waitForPage(isIt) {
    const { id, url } = await until('the page', async () =>
      (await this.call('pages')).find((/** @type {{ url: string }} */ each) => isIt(each.url)),
    );
    const isReady = '(async () => JSON.stringify(document.readyState === "complete"))()';
    const request = { action: 'run', path: [], source: isReady };
    await until('the page to be ready', () => this.call('ask', id, request, 1000));
    return new FirefoxPage(this, id, url);
  }

  /** @returns {Promise<string[]>} the addresses of all tabs */
  urls() {
    return this.call('urls');
  }

  /**
   * @param {FirefoxPage} page
   * @param {string} selector
   * @param {{ label: string }} entry
   */
  async chooseFromContextMenu(page, selector, { label }) {
    await this.call('chooseFromContextMenu', page.id, await page.box(selector), label);
  }

  /**
   * @param {string} text - after the extension's keyword
   * @returns {Promise<string[]>} what is offered
   */
  typeInAddressBar(text) {
    return this.call('typeAddress', `ls ${text}`);
  }

  /** @param {string} text */
  async enterInAddressBar(text) {
    await this.typeInAddressBar(text);
    await this.call('enterAddress');
  }

  /** Ends the browser; its profile is for another start. */
  async suspend() {
    const ended = this.closed;
    await this.call('quit').catch(() => {}); // it may be gone before it answers
    await ended;
    this.#marionette.close();
    return this.#profile;
  }

  async stop() {
    this.#marionette.close();
    await end(this.#child);
    await this.#profile.remove();
  }
}

/**
 * @param {string} extension - its folder
 * @param {string} folder
 * @returns {Promise<string>} the file from which a browser installs it for good
 */
async function packed(extension, folder) {
  const file = path.join(folder, 'linksnap.xpi');
  await promisify(execFile)(path.join(ROOT, 'tests/node_modules/.bin/web-ext'), [
    ...['build', '--no-config-discovery', '--source-dir', extension],
    ...['--artifacts-dir', folder, '--filename', path.basename(file)],
  ]);
  return file;
}

/**
 * @param {Profile} profile
 * @param {ReturnType<typeof complete>} options
 */
async function launch(profile, { host, dark, headed, proxy }) {
  const folder = path.join(profile.folder, 'profile');
  const port = await freePort();
  await fs.mkdir(folder, { recursive: true });
  await fs.writeFile(path.join(profile.folder, 'port'), String(port));
  const preferences = {
    ...preferencesOf({ dark, proxy }),
    'marionette.port': port,
    'extensions.webextensions.uuids': JSON.stringify({ [GECKO_ID]: UUID }),
  };
  await fs.writeFile(
    path.join(folder, 'user.js'),
    Object.entries(preferences)
      .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
      .join(''),
  );
  if (host) {
    await installHost(profile, host);
  }
  const size = headed ? [] : ['--headless', '--width', '1280', '--height', '960'];
  return spawn(
    process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    [
      ...size,
      '--marionette',
      '--remote-allow-system-access',
      '--no-remote',
      '--profile',
      folder,
      'about:blank',
    ],
    { stdio: 'ignore', env: profile.environment },
  );
}

/**
 * @param {Profile} profile
 * @param {string} host
 */
function installHost(profile, host) {
  const folder = path.join(profile.folder, '.mozilla', 'native-messaging-hosts');
  return profile.installHost(folder, host, { allowed_extensions: [GECKO_ID] });
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {net.AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}
