/** The pages that are most like the one that is shown, in a popover. */
import { avatar } from '../lib/avatar.js';
import { $, el } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import * as format from '../lib/format.js';
import { language, t } from '../lib/i18n.js';
import { viewerPath } from '../lib/viewerlink.js';
import { errorText } from '../lib/words.js';

const WANTED = 10;

/**
 * @param {import('../lib/host.js').Host} host
 * @param {() => number} page - that is shown
 */
export function offerSimilar(host, page) {
  const popover = $('#similar');
  popover.addEventListener('toggle', async (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== 'open') {
      return;
    }
    const id = page();
    $('#similar-all').setAttribute('href', `/library/library.html?like=${id}`);
    $('#similar-list').replaceChildren();
    $('#similar-said').textContent = t('similarSeeking');
    try {
      const { pages } = await host.request('pages.similar', { page: id, limit: WANTED });
      if (id === page()) {
        $('#similar-said').textContent = pages.length ? '' : t('similarNone');
        $('#similar-all').hidden = pages.length === 0;
        $('#similar-list').replaceChildren(...pages.map(rowOf));
      }
    } catch (error) {
      $('#similar-said').textContent = errorText(asHostError(error));
    }
  });
}

/** @param {import('../lib/protocol.js').Page} page */
function rowOf({ icon, saved, site, snapshot, title, url }) {
  const when = format.ago(saved, Date.now(), language, t('justNow'));
  const words = el(
    'span',
    { class: 'similar-words' },
    el('span', { class: 'similar-title', dir: 'auto' }, title || url),
    el('span', { class: 'similar-meta' }, `${site} · ${when}`),
  );
  const link = el('a', { href: `/${viewerPath(snapshot)}` }, avatar(site, icon), words);
  return el('li', {}, link);
}
