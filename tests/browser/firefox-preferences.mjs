/** What Firefox is told before it starts. */

const PREFERENCES = {
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.startup.page': 0,
  'browser.urlbar.extension.omnibox.timeout': 500,
  // What the extension asks for when a person clicks is given without another question.
  'extensions.webextOptionalPermissionPrompts': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'focusmanager.testmode': true,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.enabled': false,
  'xpinstall.signatures.required': false,
};

/** Requests to this machine go through it too. */
const proxyPreferences = (/** @type {number} */ port) => ({
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': port,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': port,
  'network.proxy.no_proxies_on': '',
  'network.proxy.allow_hijacking_localhost': true,
});

/** @param {{ dark: boolean, proxy: number | null }} options */
export function preferencesOf({ dark, proxy }) {
  return {
    ...PREFERENCES,
    'layout.css.prefers-color-scheme.content-override': dark ? 0 : 1,
    ...(proxy ? proxyPreferences(proxy) : {}),
  };
}
