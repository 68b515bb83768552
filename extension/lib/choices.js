/** What a field proposes while one types: a listbox below it, that the arrows of the field walk through. */
import { el } from './dom.js';

let lists = 0;

export class Choices {
  #input;
  #onChoose;
  #active = -1;
  /** @type {HTMLElement[]} */
  #items = [];

  /**
   * @param {HTMLInputElement} input
   * @param {object} options
   * @param {string} options.label
   * @param {(index: number, event: Event) => void} options.onChoose
   */
  constructor(input, { label, onChoose }) {
    this.#input = input;
    this.#onChoose = onChoose;
    const id = `choices-${++lists}`;
    this.root = el('ul', {
      id,
      class: 'choices',
      role: 'listbox',
      'aria-label': label,
      hidden: true,
    });
    const roles = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': id };
    for (const [name, value] of Object.entries(roles)) {
      input.setAttribute(name, value);
    }
    this.root.addEventListener('mousedown', (event) => event.preventDefault());
    this.root.addEventListener('click', (event) => {
      const item = /** @type {Element} */ (event.target).closest('li');
      if (item) {
        this.#onChoose(Number(item.dataset.index), event);
      }
    });
    this.show([]);
  }

  get isOpen() {
    return this.#items.length > 0;
  }

  /** The one that the arrows have reached; -1 is the text itself. */
  get active() {
    return this.#active;
  }

  /** @param {Node[][]} rows - what each shows */
  show(rows) {
    this.#active = -1;
    this.#items = rows.map((row, i) =>
      el('li', { id: `${this.root.id}-${i}`, role: 'option', 'data-index': i }, ...row),
    );
    this.root.replaceChildren(...this.#items);
    this.root.hidden = rows.length === 0;
    this.#input.setAttribute('aria-expanded', String(rows.length > 0));
    this.#mark();
  }

  close() {
    this.show([]);
  }

  /**
   * Goes on from the text itself through the choices and around.
   *
   * @param {1 | -1} step
   */
  move(step) {
    const count = this.#items.length + 1;
    this.#active = ((this.#active + 1 + step + count) % count) - 1;
    this.#mark();
  }

  #mark() {
    this.#items.forEach((item, i) =>
      item.setAttribute('aria-selected', String(i === this.#active)),
    );
    const active = this.#items[this.#active];
    if (active) {
      this.#input.setAttribute('aria-activedescendant', active.id);
      active.scrollIntoView({ block: 'nearest' });
    } else {
      this.#input.removeAttribute('aria-activedescendant');
    }
  }
}

/**
 * A name with the part of it that was typed, where it stands there literally.
 *
 * @param {string} name
 * @param {string} part
 * @returns {string[]} every second one is the part
 */
export function spansOf(name, part) {
  const at = part ? name.toLowerCase().indexOf(part.toLowerCase()) : -1;
  const end = at + part.length;
  return at < 0 ? [name] : [name.slice(0, at), name.slice(at, end), name.slice(end)];
}
