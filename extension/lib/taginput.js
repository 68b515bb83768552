/**
 * A field for tags: chips with what was entered, completion from the tags in use.
 *
 * Enter and the commas of both scripts end a tag, but never while an input method composes: there
 * Enter and the comma belong to it. Enter in the empty field means that the person is done.
 */
import { Choices, spansOf } from './choices.js';
import { el, icon, marked } from './dom.js';
import { plural, t } from './i18n.js';
import { tagDot } from './tagcolours.js';
import { cleanTag, joinTags, splitTags } from './text.js';

/** @typedef {import('./protocol.js').Tag} Tag */

const SHOWN = 8;

export class TagInput {
  /** @type {string[]} */
  #tags = [];
  /** @type {Tag[]} */
  #choices = [];
  #asked = 0;
  #options;
  #list;
  #input;
  #said;

  /**
   * @param {object} options
   * @param {(part: string) => Promise<Tag[]>} options.complete - tags in use that contain `part`
   * @param {(tags: string[]) => void} [options.onChange]
   * @param {() => void} [options.onEnter] - Enter in the empty field
   * @param {() => void} [options.onEscape] - Escape where there was nothing to close
   * @param {() => boolean} [options.leaveDown] - an arrow in the empty field: whether there was
   *   somewhere to go
   * @param {string} [options.label]
   */
  constructor(options) {
    this.#options = options;
    this.#said = el('span', { class: 'visually-hidden', role: 'status' });
    this.#input = /** @type {HTMLInputElement} */ (
      el('input', {
        type: 'text',
        autocomplete: 'off',
        spellcheck: 'false',
        dir: 'auto',
        'aria-label': options.label ?? t('tagsLabel'),
      })
    );
    this.#list = new Choices(this.#input, {
      label: t('tagChoices'),
      onChoose: (index) => this.#choose(index),
    });
    this.root = el('div', { class: 'field tag-input' }, this.#input, this.#list.root, this.#said);
    this.root.addEventListener('mousedown', (event) => this.#onPress(event));
    this.root.addEventListener('focusout', (event) => this.#onLeave(event));
    this.#input.addEventListener('keydown', (event) => this.#onKey(event));
    this.#input.addEventListener('input', (event) => this.#onInput(event));
    this.#input.addEventListener('compositionend', () => this.#onText());
    this.#show();
  }

  /** What was entered, the text that is still being typed included. */
  get tags() {
    return joinTags(this.#tags, [this.#input.value]);
  }

  set tags(tags) {
    this.#tags = joinTags([], tags);
    this.#show();
  }

  set disabled(/** @type {boolean} */ disabled) {
    this.#input.disabled = disabled;
    for (const button of this.root.querySelectorAll('button')) {
      button.disabled = disabled;
    }
  }

  focus() {
    this.#input.focus();
  }

  /** @param {string} tag */
  add(tag) {
    this.#add([tag]);
  }

  /** @param {string[]} more */
  #add(more) {
    const joined = joinTags(this.#tags, more);
    const changed = joined.length !== this.#tags.length;
    this.#tags = joined;
    this.#close();
    if (changed) {
      this.#show();
      this.#options.onChange?.(this.#tags);
    }
  }

  /** @param {string} tag */
  #remove(tag) {
    this.#tags = this.#tags.filter((other) => other !== tag);
    this.#show();
    this.#said.textContent = t('tagRemoved', tag);
    this.#input.focus();
    this.#options.onChange?.(this.#tags);
  }

  #show() {
    for (const chip of this.root.querySelectorAll('.chip')) {
      chip.remove();
    }
    for (const tag of this.#tags) {
      const label = t('tagRemove', tag);
      const attributes = { type: 'button', title: label, 'aria-label': label, tabindex: '-1' };
      const button = el('button', { ...attributes, onclick: () => this.#remove(tag) });
      button.append(icon('close'));
      const text = el('span', { class: 'chip-text', dir: 'auto' }, tag);
      this.#input.before(el('span', { class: 'chip' }, tagDot(tag), text, button));
    }
    this.#input.placeholder = this.#tags.length ? '' : t('tagsPlaceholder');
  }

  /** @param {Event} event */
  #onInput(event) {
    if (!(/** @type {InputEvent} */ (event).isComposing)) {
      this.#onText();
    }
  }

  #onText() {
    const { done, rest } = splitTags(this.#input.value);
    if (done.length) {
      this.#input.value = rest.trimStart();
      this.#add(done);
    }
    this.#complete();
    this.#options.onChange?.(this.tags);
  }

  async #complete() {
    const asked = ++this.#asked;
    const part = cleanTag(this.#input.value);
    /** @type {Tag[]} */
    let found = [];
    try {
      found = await this.#options.complete(part);
    } catch {
      // Without completion a tag can still be typed.
    }
    if (asked !== this.#asked || !this.root.contains(document.activeElement)) {
      return;
    }
    const had = new Set(this.#tags);
    this.#choices = found.filter(({ name }) => !had.has(name)).slice(0, SHOWN);
    this.#showChoices(part);
  }

  /** @param {string} part - that was typed */
  #showChoices(part) {
    this.#list.show(
      this.#choices.map(({ name, pages }) => [
        el(
          'span',
          { class: 'choice-tag' },
          tagDot(name),
          el('span', { class: 'chip-text', dir: 'auto' }, ...marked(spansOf(name, part))),
        ),
        el('span', { class: 'choice-count' }, plural('pageCount', pages)),
      ]),
    );
  }

  #close() {
    this.#asked++;
    this.#choices = [];
    this.#list.close();
  }

  /** @param {number} index */
  #choose(index) {
    this.#input.value = '';
    this.#add([this.#choices[index].name]);
    this.#options.onChange?.(this.tags);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    // 229 is what Safari and old input methods say instead of isComposing.
    if (event.isComposing || event.keyCode === 229) {
      return;
    }
    const { isOpen } = this.#list;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === 'Enter' && plain) {
      event.preventDefault();
      this.#onEnterKey();
    } else if (event.key === 'Tab' && this.#list.active >= 0) {
      event.preventDefault();
      this.#choose(this.#list.active);
    } else if (event.key === 'Escape') {
      this.#onEscapeKey(event);
    } else if (event.key === 'Backspace' && !this.#input.value && this.#tags.length) {
      this.#remove(this.#tags[this.#tags.length - 1]);
    } else if (['ArrowDown', 'ArrowRight'].includes(event.key) && !isOpen && this.#leaveDown()) {
      event.preventDefault();
    } else if (event.key === 'ArrowDown' && !isOpen) {
      event.preventDefault();
      this.#complete();
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && isOpen) {
      event.preventDefault();
      this.#list.move(event.key === 'ArrowDown' ? 1 : -1);
    }
  }

  #leaveDown() {
    return this.#input.value === '' && Boolean(this.#options.leaveDown?.());
  }

  #onEnterKey() {
    if (this.#list.active >= 0) {
      this.#choose(this.#list.active);
    } else if (this.#input.value.trim()) {
      const typed = this.#input.value;
      this.#input.value = '';
      this.#add([typed]);
    } else {
      this.#close();
      this.#options.onEnter?.();
    }
  }

  /** @param {KeyboardEvent} event */
  #onEscapeKey(event) {
    if (this.#choices.length) {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else if (this.#options.onEscape) {
      event.preventDefault();
      event.stopPropagation();
      this.#options.onEscape();
    }
  }

  /** @param {MouseEvent} event */
  #onPress(event) {
    const target = /** @type {Element} */ (event.target);
    if (!target.closest('button, input, ul')) {
      event.preventDefault();
      this.#input.focus();
    }
  }

  /** @param {FocusEvent} event */
  #onLeave(event) {
    if (!this.root.contains(/** @type {Node | null} */ (event.relatedTarget))) {
      const typed = this.#input.value;
      this.#input.value = '';
      this.#add([typed]);
    }
  }
}
