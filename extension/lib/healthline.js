/** What the latest check found of a saved link, where that is worth saying. */
import { el, icon } from './dom.js';
import * as format from './format.js';
import { language, t } from './i18n.js';

/** @typedef {import('./protocol.js').Page} Page */

/** The archive's own copy that is nearest to now. */
const WAYBACK = 'https://web.archive.org/web/2/';

/**
 * @param {Page} page
 * @returns {HTMLElement | null} a small mark; null where the link is well, or nobody can tell
 */
export function healthMark({ health }) {
  switch (health?.state) {
    case 'moved': {
      const to = format.site(health.url);
      return quiet('moved', t('healthMoved', to), health.url, health.checked);
    }
    case 'changed':
      return quiet('changed', t('healthChanged'), '', health.checked);
    default:
      return null;
  }
}

/**
 * @param {Page} page
 * @param {string} address - of its snapshot in the viewer
 * @param {(event: Event) => void} open - the snapshot
 * @returns {HTMLElement | null} what is wrong, and where the page can still be read
 */
export function brokenLine({ health, url }, address, open) {
  if (health?.state !== 'gone' && health?.state !== 'error') {
    return null;
  }
  const what = t(health.state === 'gone' ? 'healthGone' : 'healthError');
  const told = health.status >= 400 ? t('healthStatus', what, health.status) : what;
  const when = format.ago(health.checked, Date.now(), language, t('justNow'));
  const away = { target: '_blank', rel: 'noreferrer noopener', title: t('healthWaybackTitle') };
  return el(
    'p',
    { class: 'row-broken' },
    icon('broken'),
    el('span', { title: health.reason }, `${told} · ${t('healthChecked', when)}`),
    el('a', { href: address, onclick: open }, t('viewerTitle')),
    el('a', { href: WAYBACK + url, ...away }, t('healthWayback'), icon('external')),
  );
}

/**
 * @param {string} name
 * @param {string} text
 * @param {string} title
 * @param {number} checked
 */
function quiet(name, text, title, checked) {
  const when = t('healthChecked', format.ago(checked, Date.now(), language, t('justNow')));
  return el('span', { class: `row-${name}`, title: title ? `${title} · ${when}` : when }, text);
}
