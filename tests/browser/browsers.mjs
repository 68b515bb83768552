/**
 * Real browsers with the extension and the host in a throw-away profile. A test is written once, for
 * the interface below, and runs in both.
 *
 * @typedef {object} BrowserPage - a tab, the popup, or any page of the extension
 * @property {() => string} url
 * @property {<A extends unknown[], R>(script: (...args: A) => R, ...args: A) => Promise<Awaited<R>>} evaluate
 *   runs a function in the page; what goes in and out is JSON
 * @property {<A extends unknown[], R>(path: string[], script: (...args: A) => R, ...args: A) => Promise<Awaited<R>>} evaluateInFrame
 *   the same inside a frame; `path` has a selector for its element in each document on the way
 * @property {<A extends unknown[], R>(script: (...args: A) => R, ...args: A) => Promise<NonNullable<Awaited<R>>>} waitFor
 *   until its value is true
 * @property {(selector: string) => Promise<void>} click
 * @property {(selector: string, text: string) => Promise<void>} type
 * @property {(selector: string, text: string) => Promise<void>} paste
 * @property {(keys: string) => Promise<void>} press - a KeyboardEvent.key, after `Control+` or the like
 * @property {(file: string) => Promise<void>} screenshot - a PNG of what is in view
 * @property {() => Promise<void>} close
 *
 * @typedef {object} Browser
 * @property {string} name
 * @property {string} origin - of the extension's pages
 * @property {string} store - the host's database
 * @property {Promise<unknown>} closed - when a person has closed it
 * @property {(url: string) => Promise<BrowserPage>} open - in a new tab, in front, loaded
 * @property {(file: string) => Promise<BrowserPage>} openExtensionPage
 * @property {(page: any) => Promise<BrowserPage>} clickToolbarButton - resolves with the popup
 * @property {(isIt: (url: string) => boolean) => Promise<BrowserPage>} waitForPage
 * @property {(page: any, selector: string, entry: { id: string, label: string }) => Promise<void>} chooseFromContextMenu
 *   of a link
 * @property {(text: string) => Promise<string[]>} typeInAddressBar - after the extension's keyword;
 *   resolves with what is offered
 * @property {(text: string) => Promise<void>} enterInAddressBar
 * @property {(host: string) => Promise<void>} installHost - where none was installed
 * @property {() => Promise<string[]>} urls - of all tabs
 * @property {() => Promise<string[]> | string[]} takeRequests - http(s) URLs that pages asked for since
 *   the last call
 * @property {() => Promise<import('./profile.mjs').Profile>} suspend - ends it as a person would, and
 *   keeps its profile for another start
 * @property {() => Promise<void>} stop
 */
import { accessSync, constants } from 'node:fs';
import { Chromium } from './chromium.mjs';
import { Firefox } from './firefox.mjs';

/** @type {Record<string, { start: (options: any) => Promise<any>, program: string }>} */
const DRIVERS = {
  chromium: { start: Chromium.start, program: process.env.CHROMIUM ?? '/usr/bin/chromium' },
  firefox: { start: Firefox.start, program: process.env.FIREFOX ?? '/usr/bin/firefox-esr' },
};

/** Those that are installed, or the one that $BROWSER names. */
export const BROWSERS = Object.keys(DRIVERS).filter(
  (name) => (process.env.BROWSER ?? name) === name && isInstalled(name),
);

/** @param {string} name */
export function isInstalled(name) {
  try {
    accessSync(DRIVERS[name].program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} name - `chromium` or `firefox`
 * @param {import('./profile.mjs').BrowserOptions} [options]
 * @returns {Promise<Browser>}
 */
export function startBrowser(name, options = {}) {
  return DRIVERS[name].start(options);
}
