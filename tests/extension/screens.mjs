/**
 * Every page of the extension in every state, shared by everywhere.test.mjs, which looks for faults in
 * them, and by screenshots.mjs, which takes their pictures.
 *
 * @typedef {object} Screen
 * @property {string} path - inside extension/
 * @property {import('./ui-stub.mjs').Scene} scene
 * @property {(tab: import('puppeteer-core').Page) => Promise<unknown>} [act] - what leads to the state
 * @property {number[]} [widths] - where it is not the same at any width
 * @property {boolean} [isOwnLook] - language and theme are those of its settings
 * @property {boolean} [overlaid] - something lies over the rest, so texts may meet
 */
import { KEEPING } from './screens-keeping.mjs';
import { LIST } from './screens-library.mjs';
import { POPUP } from './screens-popup.mjs';
import { READING } from './screens-reading.mjs';

/** @type {[name: string, screen: Screen][]} */
export const SCREENS = Object.entries({ ...POPUP, ...LIST, ...READING, ...KEEPING });

/** The popup has one width, the pages have any. */
export const WIDTHS = /** @type {const} */ ([1280, 760, 400]);

/** @param {Screen} screen */
export const widthsOf = ({ path, widths }) =>
  widths ?? (path.startsWith('popup/') ? [400] : [...WIDTHS]);

/** @param {number} width @param {Screen} screen */
export function viewportOf(width, { path }) {
  if (path.startsWith('popup/')) {
    return { width, height: 584 };
  }
  return { width, height: width === 400 ? 800 : 860 };
}

/**
 * What is clicked, or typed into, may be drawn a little later.
 *
 * @param {import('puppeteer-core').Page} tab
 */
function makePatient(tab) {
  for (const name of /** @type {const} */ (['click', 'focus', 'hover', 'select', 'type'])) {
    const act = /** @type {(selector: string, ...more: any[]) => Promise<any>} */ (
      tab[name].bind(tab)
    );
    /** @type {any} */ (tab)[name] = async (
      /** @type {string} */ selector,
      /** @type {any[]} */ ...more
    ) => {
      await tab.waitForSelector(selector);
      return act(selector, ...more);
    };
  }
}

/**
 * Opens a screen, in the widest of its widths, and leads it to its state.
 *
 * @param {Awaited<ReturnType<typeof import('./ui-harness.mjs').openBrowser>>} browser
 * @param {Screen} screen
 * @param {{ locale: string, dark: boolean }} look
 */
export async function openScreen(browser, screen, look) {
  const [width] = widthsOf(screen);
  const opened = await browser.open(screen.path, screen.scene, {
    ...look,
    ...viewportOf(width, screen),
  });
  opened.tab.setDefaultTimeout(8000);
  makePatient(opened.tab);
  await screen.act?.(opened.tab);
  return opened;
}

/**
 * Gives the window another size, and lets what follows from it happen. `setViewport` would take the
 * mouse away from a window that has its size already.
 *
 * @param {import('puppeteer-core').Page} tab
 * @param {{ width: number, height: number }} size
 */
export async function resize(tab, size) {
  const session = await tab.createCDPSession();
  const metrics = { ...size, deviceScaleFactor: 1, mobile: false };
  await session.send('Emulation.setDeviceMetricsOverride', metrics);
  await settle(tab);
}

/** @param {import('puppeteer-core').Page} tab */
export async function settle(tab) {
  await tab.evaluate(
    () =>
      new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 60)));
      }),
  );
}
