/** The link of a page: what its latest check has found, the way it led, and pages that are like it. */
import { avatar } from '../lib/avatar.js';
import { $, el, icon } from '../lib/dom.js';
import * as format from '../lib/format.js';
import { language, t } from '../lib/i18n.js';

/** @typedef {import('../lib/protocol.js').Page} Page */

const SIMILAR = 6;

/** The archive's own copy that is nearest to now. */
const WAYBACK = 'https://web.archive.org/web/2/';

/** @param {Page} page */
export function showHealth({ health, url }) {
  if (!health) {
    $('#health').replaceChildren(el('p', { class: 'quiet' }, t('healthNever')));
    return;
  }
  const { words, tone, drawing } = told(health);
  const status = health.status >= 400 ? t('healthStatus', words, health.status) : words;
  const when = format.ago(health.checked, Date.now(), language, t('justNow'));
  const away = { target: '_blank', rel: 'noreferrer noopener' };
  const lost = health.state === 'gone' || health.state === 'error';
  const parts = [
    el(
      'p',
      { class: `health ${tone}`, title: health.reason },
      icon(drawing),
      el('span', {}, status),
    ),
    el('p', { class: 'quiet' }, t('healthChecked', when)),
  ];
  if (health.state === 'moved' && /^https?:/.test(health.url)) {
    const href = { href: health.url, class: 'url', dir: 'ltr', ...away };
    parts.push(el('p', {}, el('a', href, format.shortUrl(health.url))));
  }
  if (lost) {
    const href = { href: WAYBACK + url, title: t('healthWaybackTitle'), ...away };
    parts.push(el('p', {}, el('a', href, t('healthWayback'))));
  }
  $('#health').replaceChildren(...parts);
}

/** @param {NonNullable<Page['health']>} health */
function told({ state, url }) {
  switch (state) {
    case 'ok':
      return { words: t('healthOk'), tone: 'good', drawing: 'check' };
    case 'moved':
      return { words: t('healthMoved', format.site(url)), tone: 'warn', drawing: 'link' };
    case 'changed':
      return { words: t('healthChanged'), tone: 'warn', drawing: 'diff' };
    case 'gone':
      return { words: t('healthGone'), tone: 'bad', drawing: 'broken' };
    case 'walled':
      return { words: t('healthWalled'), tone: 'warn', drawing: 'lock' };
    default:
      return { words: t('healthError'), tone: 'bad', drawing: 'broken' };
  }
}

/** @param {import('../lib/protocol.js').Snapshot} snapshot */
export function showHops({ hops = [], url }) {
  const steps = hops.map(({ url: from, how }) => {
    const why = how === 'refresh' || how === 'script' ? t('hopsRefresh') : t('hopsStatus', how);
    return el('li', {}, address(from), el('span', { class: 'how' }, why));
  });
  $('#hops').hidden = steps.length === 0;
  $('#hops ol').replaceChildren(...steps, el('li', {}, address(url)));
}

/** @param {string} url */
function address(url) {
  return el('span', { class: 'url', dir: 'ltr', title: url }, format.shortUrl(url));
}

/**
 * @param {import('../lib/host.js').Host} host
 * @param {number} page
 */
export async function showSimilar(host, page) {
  const { pages } = await host.request('pages.similar', { page, limit: SIMILAR });
  $('#similar').hidden = pages.length === 0;
  $('#similar-all').setAttribute('href', `/library/library.html?like=${page}`);
  $('#similar-list').replaceChildren(...pages.map(similarRow));
}

/** @param {Page} page */
function similarRow({ icon: picture, page, saved, site, title, url }) {
  const when = format.ago(saved, Date.now(), language, t('justNow'));
  const words = el(
    'span',
    { class: 'similar-words' },
    el('span', { class: 'similar-title', dir: 'auto' }, title || url),
    el('span', { class: 'similar-meta' }, `${site} · ${when}`),
  );
  return el(
    'li',
    {},
    el('a', { href: `/page/page.html?page=${page}` }, avatar(site, picture), words),
  );
}
