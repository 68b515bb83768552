/** The text of two versions, with the changes first: what is the same is folded, and asked for when wanted. */
import { $, el, icon } from '../lib/dom.js';
import { language, plural, t } from '../lib/i18n.js';
import { addedRow, changedRow, goneRow, sameRow } from './diffrows.js';

/** @typedef {import('./differ.js').Block} Block */

/** Blocks that are drawn at a time. */
const PART = 200;

/** Lines that one press unfolds. */
const UNFOLDED = 100;

export class DiffView {
  #root = $('#diff');
  #more = $('#diff-more');
  #place = $('#diff-place');
  /** @type {import('./differ.js').Differ | null} */
  #differ = null;
  #total = 0;
  #changes = 0;
  #drawn = 0;
  /** The change that was gone to, from 1 on. */
  #at = 0;

  constructor() {
    this.#more.addEventListener('click', () => this.#draw());
    $('#diff-next').addEventListener('click', () => this.go(1));
    $('#diff-previous').addEventListener('click', () => this.go(-1));
  }

  clear() {
    this.#differ = null;
    this.#root.replaceChildren();
    this.#more.hidden = true;
    $('#diff-tools').hidden = true;
  }

  /**
   * @param {import('./differ.js').Differ} differ
   * @param {import('./diffworker.js').Overview} overview
   */
  async show(differ, { blocks, changes }) {
    this.clear();
    this.#differ = differ;
    [this.#total, this.#changes, this.#drawn, this.#at] = [blocks, changes, 0, 0];
    if (changes === 0) {
      return;
    }
    await this.#draw();
    this.#showPlace();
    $('#diff-tools').hidden = false;
  }

  /** To the next change, or the one before. @param {1 | -1} step */
  async go(step) {
    if (!this.#differ || this.#changes === 0) {
      return;
    }
    this.#at = this.#at + step < 1 ? this.#changes : ((this.#at + step - 1) % this.#changes) + 1;
    while (this.#starts.length < this.#at && this.#drawn < this.#total) {
      await this.#draw();
    }
    const row = this.#starts[this.#at - 1];
    this.#root.querySelector('.current')?.classList.remove('current');
    row?.classList.add('current');
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'center', behavior: 'smooth' });
    this.#showPlace();
  }

  /** First rows of changes that are drawn. @returns {HTMLElement[]} */
  get #starts() {
    return [
      .../** @type {NodeListOf<HTMLElement>} */ (this.#root.querySelectorAll('[data-start]')),
    ];
  }

  #showPlace() {
    const number = new Intl.NumberFormat(language);
    this.#place.textContent = this.#at
      ? t('diffPlace', number.format(this.#at), number.format(this.#changes))
      : plural('diffChanges', this.#changes);
  }

  async #draw() {
    const differ = this.#differ;
    const at = this.#drawn;
    const found = (await differ?.blocks(at, PART)) ?? [];
    if (differ !== this.#differ || at !== this.#drawn) {
      return;
    }
    this.#drawn += found.length;
    found.forEach((block, i) => this.#root.append(...this.#rowsOf(block, at + i)));
    const left = this.#total - this.#drawn;
    this.#more.hidden = left <= 0;
    this.#more.textContent = t('diffMore');
  }

  /**
   * @param {Block} block
   * @param {number} index
   * @returns {HTMLElement[]}
   */
  #rowsOf(block, index) {
    if (block.kind === 'same') {
      return this.#sameRows(block, index);
    }
    const row =
      block.kind === 'changed'
        ? changedRow(block.parts)
        : (block.kind === 'gone' ? goneRow : addedRow)(block.text);
    const before = this.#root.lastElementChild;
    if (!before || before.matches('.same, .diff-fold')) {
      row.setAttribute('data-start', '');
    }
    // Rows come by the part: those of one part are appended one after the other.
    return [row];
  }

  /**
   * @param {Extract<Block, { kind: 'same' }>} block
   * @param {number} index
   * @returns {HTMLElement[]} a line on either side of changes, and what is folded between
   */
  #sameRows({ count, lines, to }, index) {
    const hasBefore = index > 0;
    const hasAfter = index < this.#total - 1;
    if (count === lines.length && hasBefore && hasAfter) {
      return lines.map(sameRow);
    }
    const head = hasBefore ? [sameRow(lines[0])] : [];
    const tail = hasAfter && count > head.length ? [sameRow(lines[lines.length - 1])] : [];
    const hidden = count - head.length - tail.length;
    const fold = hidden > 0 ? [this.#fold(to + head.length, hidden)] : [];
    return [...head, ...fold, ...tail];
  }

  /**
   * @param {number} at - the first line that is hidden
   * @param {number} count
   */
  #fold(at, count) {
    const words = el('span', {}, plural('diffFolded', count));
    const button = el('button', { type: 'button' }, icon('unfold'), words);
    const fold = el('li', { class: 'diff-fold' }, button);
    button.addEventListener('click', async () => {
      const lines = (await this.#differ?.lines(at, Math.min(UNFOLDED, count))) ?? [];
      const rows = lines.map(sameRow);
      fold.before(...rows);
      at += lines.length;
      count -= lines.length;
      words.textContent = plural('diffFolded', count);
      if (count <= 0 || lines.length === 0) {
        rows[0]?.setAttribute('tabindex', '-1');
        rows[0]?.focus({ preventScroll: true });
        fold.remove();
      }
    });
    return fold;
  }
}
