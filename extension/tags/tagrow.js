/** A tag as a row of the list of all tags. */
import { el, icon, iconButton, marked } from '../lib/dom.js';
import { spansOf } from '../lib/choices.js';
import { plural, t } from '../lib/i18n.js';
import { colourOf } from '../lib/tagcolours.js';
import { foldTag, tagTerm } from '../lib/text.js';

/** @typedef {import('../lib/protocol.js').Tag} Tag */

/**
 * @typedef {object} Actions
 * @property {(tag: Tag, button: HTMLElement) => void} colour
 * @property {(tag: Tag, name: string) => Promise<void>} rename
 * @property {(tag: Tag) => void} remove
 * @property {(tag: Tag, isOn: boolean) => void} select
 * @property {(name: string) => Tag | undefined} find - another tag of this name
 */

/**
 * @param {Tag} tag
 * @param {object} look
 * @param {number} look.depth - slashes above it that are tags, too
 * @param {string} look.part - that was typed to filter
 * @param {boolean} look.isSelected
 * @param {boolean} look.isReadonly
 * @param {Actions} actions
 * @returns {HTMLElement}
 */
export function tagRow(tag, { depth, part, isSelected, isReadonly }, actions) {
  const { name } = tag;
  const box = /** @type {HTMLInputElement} */ (
    el('input', { type: 'checkbox', 'aria-label': t('tagsSelect', name), disabled: isReadonly })
  );
  box.checked = isSelected;
  box.addEventListener('change', () => actions.select(tag, box.checked));

  const label = t('tagsColour', name);
  const swatch = el('button', {
    type: 'button',
    class: 'swatch',
    title: label,
    'aria-label': label,
    disabled: isReadonly,
    onclick: () => actions.colour(tag, swatch),
  });
  const colour = colourOf(name);
  swatch.classList.toggle('none', !colour);
  swatch.style.setProperty('--tag', colour || 'transparent');

  const href = `/library/library.html?${new URLSearchParams({ q: tagTerm(name) })}`;
  const shown = depth > 0 && !part ? name.slice(name.lastIndexOf('/') + 1) : name;
  const link = el('a', { class: 'tag-name', href, dir: 'auto', title: name });
  link.append(...marked(spansOf(shown, part)));

  const row = el('li', { class: 'tag-row', 'data-tag': name }, box, swatch, link);
  row.style.setProperty('--depth', String(part ? 0 : depth));
  row.append(el('span', { class: 'tag-count' }, countOf(tag)));
  if (!isReadonly) {
    const edit = () => editName(tag, row, actions);
    row.append(
      el(
        'span',
        { class: 'tag-actions' },
        iconButton('edit', t('tagsRename', name), edit),
        iconButton('trash', t('tagsDelete', name), () => actions.remove(tag)),
      ),
    );
    row.addEventListener('dblclick', (event) => {
      if (!(/** @type {Element} */ (event.target).closest('button, input'))) {
        edit();
      }
    });
    row.addEventListener('keydown', (event) => {
      const isField = /** @type {Element} */ (event.target).matches('input:not([type=checkbox])');
      if (event.key === 'F2' && !isField) {
        event.preventDefault();
        edit();
      } else if (event.key === 'Delete' && !isField) {
        event.preventDefault();
        actions.remove(tag);
      }
    });
  }
  return row;
}

/** @param {Tag} tag */
function countOf({ below = 0, pages }) {
  if (pages === 0 && below === 0) {
    return t('tagsUnused');
  }
  return below > pages ? plural('tagsBelow', pages, below) : plural('pageCount', pages);
}

/**
 * The name becomes a field, in its place. Enter renames; where there is a tag of that name already it
 * asks once more; Escape leaves all as it was.
 *
 * @param {Tag} tag
 * @param {HTMLElement} row
 * @param {Actions} actions
 */
function editName(tag, row, actions) {
  const link = row.querySelector('.tag-name');
  if (!link) {
    return;
  }
  const input = /** @type {HTMLInputElement} */ (
    el('input', { type: 'text', 'aria-label': t('tagsNewName', tag.name), dir: 'auto' })
  );
  input.value = tag.name;
  const ask = el('p', { class: 'tag-ask', role: 'status', hidden: true });
  const form = el('form', { class: 'tag-form' }, el('div', { class: 'field' }, input), ask);
  const leave = (/** @type {boolean} */ refocus) => {
    form.replaceWith(link);
    row.classList.remove('editing');
    if (refocus) {
      /** @type {HTMLElement} */ (link).focus();
    }
  };
  const other = () => {
    const found = actions.find(input.value);
    return found && foldTag(found.name) !== foldTag(tag.name) ? found : undefined;
  };
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const name = input.value.trim();
    const merged = other();
    if (!name || name === tag.name) {
      leave(true);
    } else if (merged && ask.hidden) {
      const submit = el('button', { type: 'submit', class: 'button primary' }, t('tagsMergeDo'));
      const cancel = el('button', { type: 'button', class: 'button' }, t('cancel'));
      cancel.addEventListener('click', () => leave(true));
      ask.replaceChildren(
        icon('warn'),
        el('span', {}, t('tagsMerge', merged.name)),
        submit,
        cancel,
      );
      ask.hidden = false;
    } else {
      await actions.rename(tag, name);
    }
  });
  input.addEventListener('input', () => (ask.hidden = true));
  form.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Escape' && !event.isComposing) {
      event.preventDefault();
      leave(true);
    }
  });
  form.addEventListener('focusout', (event) => {
    const to = /** @type {Node | null} */ (event.relatedTarget);
    // Switching windows is no leaving.
    if (form.isConnected && to && !form.contains(to)) {
      leave(false);
    }
  });
  row.classList.add('editing');
  link.replaceWith(form);
  input.focus();
  input.select();
}
