/** What is done to one page in the list. */
import { asHostError } from './errors.js';
import { t } from './i18n.js';
import { toast } from './toast.js';
import { errorText } from './words.js';

/** @typedef {import('./protocol.js').Page} Page */

/**
 * Moves a page to the trash, or back.
 *
 * @param {import('./host.js').Host} host
 * @param {Page} page
 * @param {import('./pagelist.js').PageList} list
 * @param {() => void} onChanged
 */
export async function trashPage(host, page, list, onChanged) {
  const putBack = list.remove(page.page);
  const [there, back] = page.trashed
    ? ['pages.restore', 'pages.trash']
    : ['pages.trash', 'pages.restore'];
  try {
    await host.request(there, { page: page.page });
  } catch (error) {
    putBack();
    toast(errorText(asHostError(error)));
    return;
  }
  onChanged();
  const act = async () => {
    try {
      await host.request(back, { page: page.page });
      putBack();
      onChanged();
    } catch (error) {
      toast(errorText(asHostError(error)));
    }
  };
  toast(t(page.trashed ? 'restored' : 'trashed'), { label: t('undo'), act });
}

/**
 * @param {import('./host.js').Host} host
 * @param {Page} page
 * @param {string[]} tags
 * @param {() => void} onChanged
 * @returns {Promise<Page>} as it is now
 */
export async function retagPage(host, page, tags, onChanged) {
  try {
    const updated = await host.request('pages.update', { page: page.page, tags });
    onChanged();
    return updated;
  } catch (error) {
    toast(errorText(asHostError(error)));
    return page;
  }
}
