/** The small toolbar at what is selected: five colours, a note, and away with it. */
import { $, el, icon, iconButton } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { COLOURS, groundOf, inkName } from '../lib/inks.js';

/** @typedef {import('../lib/inks.js').Colour} Colour */
/** @typedef {import('../lib/inks.js').Highlight} Highlight */

/** Between it and what it belongs to. */
const GAP = 8;

export class PenTool {
  #root = $('#pen-tool');
  #note = /** @type {HTMLTextAreaElement} */ ($('#pen-note'));
  /** @type {HTMLElement[]} */
  #colours;
  #remove;
  #onNote;
  #onLeave;
  /** @type {Highlight | null} */
  #current = null;
  #isWriting = false;
  #box = new DOMRect();

  /**
   * @param {object} options
   * @param {(colour: Colour) => void} options.onColour
   * @param {(note: string | null) => void} options.onNote - null: one begins to write
   * @param {() => void} options.onRemove
   * @param {() => void} options.onLeave - back to the page
   */
  constructor({ onColour, onNote, onRemove, onLeave }) {
    this.#onNote = onNote;
    this.#onLeave = onLeave;
    this.#colours = COLOURS.map((colour, i) => {
      const name = inkName(colour);
      const attributes = {
        type: 'button',
        class: 'ink',
        'aria-label': name,
        title: `${name} (${i + 1})`,
      };
      const button = el(
        'button',
        { ...attributes, onclick: () => onColour(colour) },
        icon('check'),
      );
      button.style.setProperty('--ink', groundOf(colour));
      return button;
    });
    const note = iconButton('note', t('penNote'), () => this.#onNote(null));
    this.#remove = iconButton('trash', t('penDelete'), onRemove);
    $('.pen-row', this.#root).replaceChildren(...this.#colours, note, this.#remove);
    this.#note.addEventListener('change', () => this.#save());
    $('#pen-done').addEventListener('click', () => this.#end());
    this.#root.addEventListener('keydown', (event) => this.#onKey(event));
  }

  get isShown() {
    return !this.#root.hidden;
  }

  /** Somebody writes in it. */
  get isBusy() {
    return this.isShown && this.#root.contains(document.activeElement);
  }

  /**
   * @param {DOMRect} box - of what it is for
   * @param {Highlight | null} current - null: what is selected is none yet
   */
  show(box, current) {
    if (current?.highlight !== this.#current?.highlight) {
      this.#isWriting = Boolean(current?.note);
      this.#note.value = current?.note ?? '';
    }
    this.#current = current;
    this.#colours.forEach((button, i) =>
      button.setAttribute('aria-pressed', String(COLOURS[i] === current?.colour)),
    );
    this.#remove.hidden = current === null;
    $('.pen-note', this.#root).hidden = current === null || !this.#isWriting;
    this.#root.hidden = false;
    this.#box = box;
    this.#place();
  }

  hide() {
    this.#save();
    const hadFocus = this.isBusy;
    this.#root.hidden = true;
    this.#current = null;
    this.#isWriting = false;
    if (hadFocus) {
      this.#onLeave();
    }
  }

  write() {
    this.#isWriting = true;
    $('.pen-note', this.#root).hidden = false;
    this.#place();
    this.#note.focus();
  }

  /** Above, where there is room. */
  #place() {
    const { bottom, left, top, width } = this.#box;
    const { offsetWidth, offsetHeight } = this.#root;
    const area = $('#page').getBoundingClientRect();
    const x = Math.min(
      Math.max(left + width / 2 - offsetWidth / 2, area.left + GAP),
      area.right - offsetWidth - GAP,
    );
    const above = top - offsetHeight - GAP;
    const y = above > area.top ? above : bottom + GAP;
    const inside = Math.min(Math.max(y, area.top + GAP), area.bottom - offsetHeight - GAP);
    this.#root.style.left = `${x}px`;
    this.#root.style.top = `${inside}px`;
  }

  #save() {
    const { value } = this.#note;
    if (this.#current && value !== this.#current.note) {
      this.#current = { ...this.#current, note: value };
      this.#onNote(value);
    }
  }

  #end() {
    this.#save();
    this.#onLeave();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.isComposing || event.keyCode === 229) {
      return;
    }
    if (event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      event.stopPropagation();
      this.#end();
    }
  }
}
