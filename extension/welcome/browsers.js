/** Which browser this is, in the names that `linksnap install --browser` takes. */
import { api } from '../lib/api.js';

/**
 * A sandboxed build looks like any other from inside, so the person says which it is.
 *
 * @typedef {object} Build
 * @property {string} name
 * @property {string} title
 * @property {'' | 'asks' | 'closed'} snap - a Snap asks before it starts a program, or cannot
 */

/** @type {readonly Build[]} */
const FIREFOX = [
  { name: 'firefox', title: 'Firefox', snap: '' },
  { name: 'firefox-snap', title: 'Firefox (Snap)', snap: 'asks' },
  { name: 'firefox-flatpak', title: 'Firefox (Flatpak)', snap: '' },
  { name: 'librewolf', title: 'LibreWolf', snap: '' },
  { name: 'librewolf-flatpak', title: 'LibreWolf (Flatpak)', snap: '' },
];

/** @type {readonly Build[]} */
const CHROMIUM = [
  { name: 'chromium', title: 'Chromium', snap: '' },
  { name: 'chromium-snap', title: 'Chromium (Snap)', snap: 'closed' },
  { name: 'chromium-flatpak', title: 'Chromium (Flatpak)', snap: '' },
  { name: 'chrome', title: 'Google Chrome', snap: '' },
  { name: 'chrome-beta', title: 'Google Chrome Beta', snap: '' },
  { name: 'chrome-unstable', title: 'Google Chrome Unstable', snap: '' },
  { name: 'chrome-flatpak', title: 'Google Chrome (Flatpak)', snap: '' },
  { name: 'edge', title: 'Microsoft Edge', snap: '' },
  { name: 'edge-beta', title: 'Microsoft Edge Beta', snap: '' },
  { name: 'edge-dev', title: 'Microsoft Edge Dev', snap: '' },
  { name: 'edge-flatpak', title: 'Microsoft Edge (Flatpak)', snap: '' },
  { name: 'brave', title: 'Brave', snap: '' },
  { name: 'brave-beta', title: 'Brave Beta', snap: '' },
  { name: 'brave-nightly', title: 'Brave Nightly', snap: '' },
  { name: 'brave-snap', title: 'Brave (Snap)', snap: 'closed' },
  { name: 'brave-flatpak', title: 'Brave (Flatpak)', snap: '' },
  { name: 'vivaldi', title: 'Vivaldi', snap: '' },
  { name: 'vivaldi-snap', title: 'Vivaldi (Snap)', snap: 'closed' },
  { name: 'vivaldi-flatpak', title: 'Vivaldi (Flatpak)', snap: '' },
];

/** What a brand of User-Agent Client Hints is called. The first that is there counts. */
const BRANDS = [
  ['Microsoft Edge', 'edge'],
  ['Brave', 'brave'],
  ['Vivaldi', 'vivaldi'],
  ['Google Chrome', 'chrome'],
];

/** @returns {Promise<{ builds: readonly Build[], likely: string }>} */
export async function detectBrowser() {
  const { getBrowserInfo } = /** @type {any} */ (api.runtime);
  if (getBrowserInfo) {
    const { name } = await getBrowserInfo();
    return { builds: FIREFOX, likely: /librewolf/i.test(name) ? 'librewolf' : 'firefox' };
  }
  const { brands = [] } = /** @type {any} */ (navigator).userAgentData ?? {};
  const names = new Set(brands.map((/** @type {{ brand: string }} */ { brand }) => brand));
  const found = BRANDS.find(([brand]) => names.has(brand));
  return { builds: CHROMIUM, likely: found?.[1] ?? 'chromium' };
}

/** What people call the systems that a browser tells of. */
const SYSTEMS = new Map([
  ['linux', 'Linux'],
  ['mac', 'macOS'],
  ['win', 'Windows'],
  ['cros', 'ChromeOS'],
  ['android', 'Android'],
  ['openbsd', 'OpenBSD'],
]);

/**
 * The system, and whether the host is made for it.
 *
 * @returns {Promise<{ title: string, isServed: boolean }>}
 */
export async function detectSystem() {
  const { os } = await api.runtime.getPlatformInfo();
  return { title: SYSTEMS.get(os) ?? os, isServed: os === 'linux' };
}
