/** How rows of a list are selected, and shown to be. */

/** @typedef {import('./protocol.js').Page} Page */
/** @typedef {import('./selection.js').Selection} Selection */

/**
 * Space, Ctrl+A, Shift with an arrow, Escape.
 *
 * @param {Selection} selection
 * @param {KeyboardEvent} event
 * @param {object} where
 * @param {number} where.page - of the row that has the focus
 * @param {number[]} where.ids - of all rows, in their order
 * @returns {number | boolean} whether it was one of these keys; the page whose row it leads to
 */
export function selectByKey(selection, event, { page, ids }) {
  const { key, ctrlKey, metaKey, shiftKey } = event;
  const isLink = /** @type {Element} */ (event.target).matches('a');
  if (key === ' ' && isLink) {
    select(selection, page, ids, shiftKey);
  } else if (key.toLowerCase() === 'a' && (ctrlKey || metaKey)) {
    if (!selection.isAll && ids.every((id) => selection.has(id))) {
      selection.takeAll();
    } else {
      selection.takeShown(ids);
    }
  } else if (shiftKey && (key === 'ArrowDown' || key === 'ArrowUp')) {
    if (selection.isEmpty) {
      selection.from(page);
    }
    const next = ids[ids.indexOf(page) + (key === 'ArrowDown' ? 1 : -1)];
    selection.extend(next ?? page, ids);
    return next ?? true;
  } else if (key === 'Escape' && !selection.isEmpty) {
    selection.clear();
  } else {
    return false;
  }
  return true;
}

/**
 * @param {Selection} selection
 * @param {number} page
 * @param {number[]} ids
 * @param {boolean} isRange
 */
export function select(selection, page, ids, isRange) {
  if (isRange) {
    selection.extend(page, ids);
  } else {
    selection.toggle(page, ids);
  }
}

/**
 * @param {HTMLElement} root - of the rows
 * @param {Map<HTMLElement, Page>} pages
 * @param {Selection} selection
 */
export function showSelection(root, pages, selection) {
  root.classList.toggle('selecting', !selection.isEmpty);
  for (const [row, { page }] of pages) {
    const isOn = selection.has(page);
    row.classList.toggle('selected', isOn);
    const box = /** @type {HTMLInputElement | null} */ (row.querySelector('.row-check input'));
    if (box) {
      box.checked = isOn;
    }
  }
}
