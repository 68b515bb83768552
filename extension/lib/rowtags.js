/** The tags of a page, edited in its row. */
import { TagInput } from './taginput.js';
import { sameTags } from './text.js';

/** @typedef {import('./protocol.js').Page} Page */

/**
 * Puts a field for the tags in the place of a part of the row. Leaving it keeps them, Escape does not.
 *
 * @param {HTMLElement} row
 * @param {Element} part
 * @param {Page} page
 * @param {object} options
 * @param {(part: string) => Promise<import('./protocol.js').Tag[]>} options.complete
 * @param {(page: Page, tags: string[]) => Promise<Page>} options.retag
 * @param {(page: Page, hadFocus: boolean) => void} options.done - the page as it is now
 */
export function editTags(row, part, page, { complete, retag, done }) {
  let open = true;
  /** @param {boolean} keep */
  const finish = async (keep) => {
    if (!open) {
      return;
    }
    open = false;
    const hadFocus = input.root.contains(document.activeElement);
    const changed = keep && !sameTags(input.tags, page.tags);
    const updated = changed ? await retag(page, input.tags) : page;
    row.classList.remove('editing');
    done({ ...page, tags: updated.tags }, hadFocus);
  };
  const input = new TagInput({
    complete,
    onEnter: () => finish(true),
    onEscape: () => finish(false),
  });
  input.tags = page.tags;
  input.root.addEventListener('focusout', (event) => {
    if (!input.root.contains(/** @type {Node | null} */ (event.relatedTarget))) {
      finish(true);
    }
  });
  row.classList.add('editing');
  part.replaceWith(input.root);
  input.focus();
}
