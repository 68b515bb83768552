/**
 * How articles look, as the person has chosen: kept in storage.local, changed in a popover.
 *
 * @typedef {object} Look
 * @property {'serif' | 'sans'} face
 * @property {'auto' | 'light' | 'sepia' | 'dark'} ground
 * @property {'narrow' | 'medium' | 'wide'} width
 * @property {number} size - of the text, 1 is the ordinary one
 */
import { api } from '../lib/api.js';
import { $, el } from '../lib/dom.js';
import { t } from '../lib/i18n.js';

const KEY = 'reader';

/** What there is to choose, the first as long as nothing is chosen. */
const CHOICES = Object.freeze({
  face: Object.freeze(['serif', 'sans']),
  ground: Object.freeze(['auto', 'light', 'sepia', 'dark']),
  width: Object.freeze(['medium', 'narrow', 'wide']),
});

/** Steps of zoom, in the page and in the article. */
export const SIZES = Object.freeze([0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3]);

/** @param {string} choice @returns {string} */
function nameOf(choice) {
  /** @type {Record<string, () => string>} */
  const names = {
    serif: () => t('readerSerif'),
    sans: () => t('readerSans'),
    auto: () => t('readerAuto'),
    light: () => t('readerLight'),
    sepia: () => t('readerSepia'),
    dark: () => t('readerDark'),
    narrow: () => t('readerNarrow'),
    medium: () => t('readerMedium'),
    wide: () => t('readerWide'),
  };
  return names[choice]();
}

/** Stored by another version, or by another hand. @param {any} stored @returns {Look} */
function checked(stored) {
  const one = (/** @type {'face' | 'ground' | 'width'} */ what) =>
    CHOICES[what].includes(stored?.[what]) ? stored[what] : CHOICES[what][0];
  const size = SIZES.includes(stored?.size) ? stored.size : 1;
  return { face: one('face'), ground: one('ground'), width: one('width'), size };
}

class ReaderLook {
  /** @type {Look} */
  #look = checked(null);
  #reading = api.storage.local.get(KEY).then((stored) => {
    this.#look = checked(stored[KEY]);
  });

  /** When it is known. */
  get ready() {
    return this.#reading.catch(() => {});
  }

  get size() {
    return this.#look.size;
  }

  /** With a ground that is one. */
  get shown() {
    const { theme } = document.documentElement.dataset;
    const dark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    const { ground } = this.#look;
    return { ...this.#look, ground: ground === 'auto' ? (dark ? 'dark' : 'light') : ground };
  }

  /** @param {Partial<Look>} changes */
  change(changes) {
    this.#look = checked({ ...this.#look, ...changes });
    // What cannot be kept is as it was the next time.
    api.storage.local.set({ [KEY]: this.#look }).catch(() => {});
  }

  /**
   * Draws the choices.
   *
   * @param {() => void} onChange
   */
  offer(onChange) {
    const names = { face: t('readerFace'), ground: t('readerGround'), width: t('readerWidth') };
    const groups = /** @type {('face' | 'ground' | 'width')[]} */ (Object.keys(names)).map(
      (what) => {
        const order = what === 'width' ? ['narrow', 'medium', 'wide'] : CHOICES[what];
        const choices = order.map((value) => {
          const input = el('input', {
            ...{ type: 'radio', name: `reader-${what}`, value },
            checked: this.#look[what] === value,
          });
          input.addEventListener('change', () => {
            this.change({ [what]: value });
            onChange();
          });
          return el(
            'label',
            { class: `choice ${what}-${value}` },
            input,
            el('span', {}, nameOf(value)),
          );
        });
        return el('fieldset', {}, el('legend', {}, names[what]), el('div', {}, ...choices));
      },
    );
    $('#look-choices').replaceChildren(...groups);
  }
}

export const look = new ReaderLook();
