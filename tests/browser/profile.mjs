/**
 * What both drivers share: a throw-away folder with the browser's profile, the host's manifest and
 * its store; programs that end when the test does; waiting with a limit.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const HOST_NAME = 'org.linksnap.host';
export const CHROMIUM_ID = 'clamihfaboappfgpcjhpjjkmnpccmfbg';
export const GECKO_ID = 'linksnap@linksnap';

/**
 * @typedef {object} BrowserOptions
 * @property {string} [extension] - its folder
 * @property {string | null} [host] - the program; null: none is installed
 * @property {'en' | 'zh-CN'} [locale]
 * @property {boolean} [dark]
 * @property {boolean} [headed]
 * @property {boolean} [bridge] - only the capture's files, with a page that stands in for the background
 *   and may read every site (bridge/bridge.js)
 * @property {boolean} [allowed] - the person has given every permission that the extension may ask for
 * @property {boolean} [lasting] - the extension is still there when the browser is started again;
 *   Chromium is given it anew each time
 * @property {Profile | null} [profile] - that of a browser that was suspended
 * @property {string | null} [store] - the database of another browser, to be shared with it
 * @property {number | null} [proxy] - a port of this machine that every request goes to, whatever its
 *   host is
 */

/** @param {BrowserOptions} options */
export function complete(options) {
  return {
    extension: path.join(ROOT, 'extension'),
    host: path.join(ROOT, 'build/plain/linksnap-host'),
    locale: /** @type {'en' | 'zh-CN'} */ ('en'),
    dark: false,
    headed: false,
    bridge: false,
    allowed: false,
    lasting: false,
    profile: /** @type {Profile | null} */ (null),
    store: /** @type {string | null} */ (null),
    proxy: /** @type {number | null} */ (null),
    ...options,
  };
}

export class Profile {
  /**
   * @param {string} folder
   * @param {string | null} [store] - of another profile
   */
  constructor(folder, store = null) {
    this.folder = folder;
    this.store = store ?? path.join(folder, 'store', 'linksnap.db');
  }

  /** @param {string | null} [store] */
  static async create(store = null) {
    return new Profile(await fs.mkdtemp(path.join(os.tmpdir(), 'linksnap-')), store);
  }

  /** The environment of the browser: nothing of the person's own is in reach. */
  get environment() {
    return {
      // For a browser that is shown: X looks for it in HOME otherwise.
      XAUTHORITY: path.join(os.homedir(), '.Xauthority'),
      ...process.env,
      HOME: this.folder,
      XDG_DATA_HOME: path.join(this.folder, 'data'),
      XDG_CONFIG_HOME: path.join(this.folder, 'config'),
      XDG_CACHE_HOME: path.join(this.folder, 'cache'),
    };
  }

  /**
   * Installs the host for one browser, with a store of its own.
   *
   * @param {string} folder - where that browser looks
   * @param {string} host
   * @param {Record<string, unknown>} allowed - the manifest's word for who may start it
   */
  async installHost(folder, host, allowed) {
    const program = path.join(this.folder, 'host.sh');
    const quote = (/** @type {string} */ text) => `'${text.replaceAll("'", "'\\''")}'`;
    await fs.writeFile(
      program,
      `#!/bin/sh\nLINKSNAP_DB=${quote(this.store)} exec ${quote(host)} "$@"\n`,
      { mode: 0o755 },
    );
    await fs.mkdir(folder, { recursive: true });
    await fs.writeFile(
      path.join(folder, `${HOST_NAME}.json`),
      JSON.stringify({
        name: HOST_NAME,
        description: 'Linksnap host under test',
        path: program,
        type: 'stdio',
        ...allowed,
      }),
    );
  }

  /**
   * The extension as it stands, with every permission from the start, or the part of it that captures,
   * with the bridge.
   *
   * @param {{ extension: string, bridge: boolean, allowed: boolean }} options
   */
  async prepareExtension({ extension, bridge, allowed }) {
    const copy = path.join(this.folder, 'extension');
    if (!bridge) {
      return allowed ? this.#allow(extension, copy) : extension;
    }
    for (const part of ['background', 'capture', 'lib']) {
      await fs.cp(path.join(extension, part), path.join(copy, part), { recursive: true });
    }
    await fs.cp(fileURLToPath(new URL('bridge', import.meta.url)), path.join(copy, 'bridge'), {
      recursive: true,
    });
    const file = await fs.readFile(path.join(extension, 'manifest.json'), 'utf8');
    const { manifest_version, version, key, browser_specific_settings, permissions } =
      JSON.parse(file);
    const manifest = {
      manifest_version,
      name: 'bridge',
      version,
      key,
      browser_specific_settings,
      permissions,
      host_permissions: ['<all_urls>'],
    };
    await fs.writeFile(path.join(copy, 'manifest.json'), JSON.stringify(manifest));
    return copy;
  }

  /**
   * Chromium asks in a window that no test can reach: what is optional is asked for at installation.
   *
   * @param {string} extension
   * @param {string} copy
   */
  async #allow(extension, copy) {
    await fs.cp(extension, copy, { recursive: true });
    const file = path.join(copy, 'manifest.json');
    const manifest = JSON.parse(await fs.readFile(file, 'utf8'));
    manifest.permissions.push(...manifest.optional_permissions);
    manifest.host_permissions = manifest.optional_host_permissions;
    await fs.writeFile(file, JSON.stringify(manifest));
    return copy;
  }

  async remove() {
    await fs.rm(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/**
 * Ends a program and waits until it has ended.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
export async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  child.kill('SIGTERM');
  await Promise.race([ended, sleep(5000, undefined, { ref: false })]);
  child.kill('SIGKILL');
  await Promise.race([ended, sleep(5000, undefined, { ref: false })]);
}

/**
 * Asks again and again until the answer is true.
 *
 * @template T
 * @param {string} what - for the error
 * @param {() => Promise<T> | T} ask
 * @param {number} [limit] - milliseconds
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, ask, limit = 15_000) {
  const deadline = Date.now() + limit;
  /** @type {unknown} */
  let fault = null;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) {
        return answer;
      }
      fault = null;
    } catch (error) {
      fault = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`Waited ${limit} ms in vain: ${what}`, { cause: fault });
    }
    await sleep(50);
  }
}
