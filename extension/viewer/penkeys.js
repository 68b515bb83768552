/** Selects with the keys, word by word and line by line, in Chinese as well. */
import { language } from '../lib/i18n.js';

/** @typedef {import('./passages.js').Place} Place */

const segmenter = new Intl.Segmenter(language, { granularity: 'word' });

export class PenKeys {
  #frame;
  /** Where selecting began: one word. @type {Place | null} */
  #anchor = null;
  /** The word that it has reached. @type {Place | null} */
  #head = null;

  /** @param {import('./penframe.js').PenFrame} frame */
  constructor(frame) {
    this.#frame = frame;
  }

  /** Something else was selected. */
  reset() {
    this.#anchor = null;
    this.#head = null;
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether it was one of these keys
   */
  take({ key, shiftKey }) {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[key];
    const isLine = key === 'ArrowDown' || key === 'ArrowUp';
    // Before anything is selected, these scroll.
    if (step === undefined || (isLine && !this.#head)) {
      return false;
    }
    const next = this.#head ? this.#next(this.#head, step, isLine) : this.#first();
    if (next) {
      this.#head = next;
      this.#anchor = shiftKey && this.#anchor ? this.#anchor : next;
      this.#frame.select({
        from: Math.min(this.#anchor.from, next.from),
        to: Math.max(this.#anchor.to, next.to),
      });
    }
    return true;
  }

  #first() {
    const { from, to } = this.#frame.passages.lineAt(this.#frame.top);
    return this.#wordsIn({ from, to })[0] ?? this.#next({ from, to }, 1, true);
  }

  /**
   * @param {Place} place
   * @param {number} step
   * @param {boolean} isLine
   * @returns {Place | null}
   */
  #next(place, step, isLine) {
    const { passages } = this.#frame;
    let line = passages.lineAt(place.from);
    const words = this.#wordsIn(line);
    const at = words.findIndex(({ to }) => to > place.from) + step;
    if (!isLine && words[at]) {
      return words[at];
    }
    for (;;) {
      const edge = step > 0 ? line.to + 1 : line.from - 1;
      if (edge < 0 || edge >= passages.text.length) {
        return null;
      }
      line = passages.lineAt(edge);
      const found = this.#wordsIn(line).at(step > 0 || isLine ? 0 : -1);
      if (found) {
        return found;
      }
    }
  }

  /** @param {Place} line @returns {Place[]} */
  #wordsIn({ from, to }) {
    const text = this.#frame.passages.text.slice(from, to);
    return [...segmenter.segment(text)]
      .filter(({ isWordLike }) => isWordLike)
      .map(({ index, segment }) => ({
        from: from + index,
        to: from + index + segment.length,
      }));
  }
}
