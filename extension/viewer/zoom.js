/** Larger and smaller: the page for this while, the text of articles for good. */
import { $ } from '../lib/dom.js';
import { language } from '../lib/i18n.js';
import { SIZES, look } from './look.js';

const percent = new Intl.NumberFormat(language, { style: 'percent' });

export class Zoom {
  #page = 1;
  #isReader;
  /** @type {HTMLIFrameElement | null} */
  #frame = null;

  /** @param {() => boolean} isReader - an article is shown */
  constructor(isReader) {
    this.#isReader = isReader;
    $('#zoom-out').addEventListener('click', () => this.step(-1));
    $('#zoom-in').addEventListener('click', () => this.step(1));
    $('#zoom-reset').addEventListener('click', () => this.step(0));
  }

  get #scale() {
    return this.#isReader() ? look.size : this.#page;
  }

  /** @param {HTMLIFrameElement} frame - that is shown */
  attach(frame) {
    this.#frame = frame;
    this.#apply();
  }

  /** @param {-1 | 0 | 1} step - 0: as it was made */
  step(step) {
    const at = SIZES.indexOf(this.#scale);
    const size = step === 0 ? 1 : (SIZES[at + step] ?? this.#scale);
    if (this.#isReader()) {
      look.change({ size });
    } else {
      this.#page = size;
    }
    this.#apply();
  }

  /**
   * The frame is drawn larger, in as much less room: so the page is laid out anew, as if the browser had
   * zoomed it.
   */
  #apply() {
    const scale = this.#scale;
    $('#zoom-reset').textContent = percent.format(scale);
    /** @type {HTMLButtonElement} */ ($('#zoom-out')).disabled = scale === SIZES[0];
    /** @type {HTMLButtonElement} */ ($('#zoom-in')).disabled = scale === SIZES.at(-1);
    if (this.#frame) {
      const { style } = this.#frame;
      style.width = scale === 1 ? '' : `${100 / scale}%`;
      style.height = scale === 1 ? '' : `${100 / scale}%`;
      style.transform = scale === 1 ? '' : `scale(${scale})`;
      style.transformOrigin = '0 0';
    }
  }
}
