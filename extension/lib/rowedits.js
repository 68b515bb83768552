/** What is done to one page in the list. */
import { asHostError } from './errors.js';
import { t } from './i18n.js';
import { toast } from './toast.js';
import { offerUndo, tellChange } from './undo.js';
import { errorText } from './words.js';

/** @typedef {import('./protocol.js').Page} Page */

/**
 * Moves a page to the trash, or back.
 *
 * @param {import('./host.js').Host} host
 * @param {Page} page
 * @param {{ remove: (id: number) => () => void }} list - where it is taken out at once
 * @param {() => void} onChanged
 */
export async function trashPage(host, page, list, onChanged) {
  const [there, back] = page.trashed
    ? ['pages.restore', 'pages.trash']
    : ['pages.trash', 'pages.restore'];
  /** @param {'undo' | 'redo'} kind */
  const away = async (kind) => {
    const putBack = list.remove(page.page);
    onChanged();
    try {
      await host.request(there, { page: page.page });
    } catch (error) {
      putBack();
      onChanged();
      throw error;
    }
    const act = async () => {
      await host.request(back, { page: page.page });
      putBack();
      onChanged();
      offerUndo(t('undone'), () => away('undo'), 'redo');
    };
    offerUndo(t(page.trashed ? 'restored' : 'trashed'), act, kind);
  };
  try {
    await away('undo');
  } catch (error) {
    toast(errorText(asHostError(error)));
  }
}

/**
 * Takes a page out of a list.
 *
 * @param {import('./pagelist.js').List} list
 * @param {number} id
 * @param {(more: 1 | -1) => void} count
 * @param {() => boolean} again - another list is shown by now: it was asked for anew
 * @returns {() => void} the way back
 */
export function takeOut(list, id, count, again) {
  const before = list.size;
  const putBack = list.remove(id);
  const wasThere = list.size < before;
  if (wasThere) {
    count(-1);
  }
  return () => {
    if (!again() && wasThere) {
      putBack();
      count(1);
    }
  };
}

/**
 * @param {import('./host.js').Host} host
 * @param {Page} page
 * @param {string[]} tags
 * @param {object} on
 * @param {() => void} on.changed
 * @param {() => void} on.undone
 * @returns {Promise<Page>} as it is now
 */
export async function retagPage(host, page, tags, on) {
  try {
    const updated = await host.request('pages.update', { page: page.page, tags });
    tellChange(host, t('tagsChanged'), updated.step ?? 0, on.undone);
    on.changed();
    return updated;
  } catch (error) {
    toast(errorText(asHostError(error)));
    return page;
  }
}
