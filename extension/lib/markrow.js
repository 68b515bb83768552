/** A highlight as a row: what was marked, its note, and what can be done with it. */
import { el, icon, iconButton } from './dom.js';
import * as format from './format.js';
import { language, t } from './i18n.js';
import { COLOURS, groundOf, inkName } from './inks.js';
import { LIMITS } from './protocol.js';
import { clip } from './text.js';

/** @typedef {import('./inks.js').Highlight} Highlight */

/**
 * @typedef {object} Actions
 * @property {(one: Highlight, changes: { note?: string, colour?: import('./inks.js').Colour }) =>
 *   Promise<Highlight>} change
 * @property {(one: Highlight) => void} remove
 */

/**
 * @param {Highlight} one
 * @param {Actions | null} actions - null: nothing can be changed
 * @returns {HTMLElement}
 */
export function markRow(one, actions) {
  const row = el('li', { class: 'mark', 'data-highlight': one.highlight });
  dress(row, one, actions);
  return row;
}

/** Where the viewer shows it. @param {Highlight} one */
function markPath({ highlight, snapshot }) {
  return `/viewer/viewer.html?snapshot=${snapshot}&highlight=${highlight}`;
}

/**
 * @param {HTMLElement} row
 * @param {Highlight} one
 * @param {Actions | null} actions
 */
function dress(row, one, actions) {
  row.style.setProperty('--ink', groundOf(one.colour));
  const go = { class: 'mark-quote', href: markPath(one), dir: 'auto', title: t('markGo') };
  const ink = el('span', { class: 'visually-hidden' }, `${inkName(one.colour)} `);
  const when = format.ago(one.made, Date.now(), language, t('justNow'));
  const facts = el('span', { class: 'mark-facts' }, `${t('versionName', one.version)} · ${when}`);
  const note = one.note ? el('p', { class: 'mark-note', dir: 'auto' }, one.note) : null;
  const tools = actions
    ? el(
        'div',
        { class: 'mark-tools' },
        inks(row, one, actions),
        iconButton('note', one.note ? t('markNoteEdit') : t('markNoteAdd'), () =>
          edit(row, one, actions),
        ),
        iconButton('trash', t('markRemove'), () => actions.remove(one)),
      )
    : null;
  const quote = el('blockquote', {}, ink, el('a', go, one.quote));
  row.replaceChildren(quote, note ?? '', el('div', { class: 'mark-foot' }, facts, tools));
}

/**
 * @param {HTMLElement} row
 * @param {Highlight} one
 * @param {Actions} actions
 */
function inks(row, one, actions) {
  const name = `ink-${one.highlight}`;
  const choices = COLOURS.map((colour) => {
    const attributes = { type: 'radio', name, value: colour, checked: colour === one.colour };
    const radio = el('input', {
      ...attributes,
      'aria-label': inkName(colour),
      title: inkName(colour),
    });
    radio.style.setProperty('--ink', groundOf(colour));
    radio.addEventListener('change', async () => {
      dress(row, await actions.change(one, { colour }), actions);
      /** @type {HTMLElement | null} */ (row.querySelector('input:checked'))?.focus();
    });
    return radio;
  });
  return el(
    'span',
    { class: 'inks', role: 'radiogroup', 'aria-label': t('markColour') },
    ...choices,
  );
}

/**
 * @param {HTMLElement} row
 * @param {Highlight} one
 * @param {Actions} actions
 */
function edit(row, one, actions) {
  const field = /** @type {HTMLTextAreaElement} */ (
    el('textarea', {
      rows: '2',
      dir: 'auto',
      'aria-label': t('markNote'),
      placeholder: t('markNote'),
    })
  );
  field.value = one.note;
  const leave = (/** @type {Highlight} */ now) => {
    dress(row, now, actions);
    /** @type {HTMLElement | null} */ (row.querySelector('.mark-tools > button'))?.focus();
  };
  const save = async () => {
    const note = clip(field.value.trim(), LIMITS.highlightNote);
    leave(note === one.note ? one : await actions.change(one, { note }));
  };
  field.addEventListener('keydown', (event) => {
    if (event.isComposing) {
      return;
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      leave(one);
    }
  });
  const buttons = el(
    'div',
    { class: 'mark-foot' },
    el('span', { class: 'mark-facts' }, t('markNoteHint')),
    el('button', { type: 'button', class: 'button', onclick: () => leave(one) }, t('cancel')),
    el('button', { type: 'button', class: 'button primary', onclick: save }, t('noteSave')),
  );
  row.querySelector('.mark-note')?.remove();
  row.querySelector('.mark-foot')?.replaceWith(el('div', { class: 'field' }, field), buttons);
  field.focus();
}

/**
 * How many there are of each colour, as buttons that filter.
 *
 * @param {Map<import('./inks.js').Colour, number>} counts
 * @param {import('./inks.js').Colour | ''} chosen
 * @param {(colour: import('./inks.js').Colour | '') => void} choose
 * @returns {HTMLElement[]}
 */
export function inkFilters(counts, chosen, choose) {
  return COLOURS.filter((colour) => counts.has(colour) || colour === chosen).map((colour) => {
    const isOn = colour === chosen;
    const dot = el('span', { class: 'ink-dot' }, isOn ? icon('check') : '');
    dot.style.setProperty('--ink', groundOf(colour));
    const count = el('span', { class: 'chip-count' }, String(counts.get(colour) ?? 0));
    const attributes = { type: 'button', class: 'chip', 'aria-pressed': String(isOn) };
    const onclick = () => choose(isOn ? '' : colour);
    return el(
      'button',
      { ...attributes, 'data-ink': colour, onclick },
      dot,
      inkName(colour),
      count,
    );
  });
}
