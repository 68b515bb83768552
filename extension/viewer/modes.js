/**
 * How the snapshot is shown: as its page or as an article, to be read or with the pen in the hand; and
 * what leads to that, buttons, keys and the browser's context menu.
 */
import { api } from '../lib/api.js';
import { $ } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import { HIGHLIGHT, followHighlightMenu } from '../lib/highlightmenu.js';
import { t } from '../lib/i18n.js';
import { toast } from '../lib/toast.js';
import { faultText } from '../lib/words.js';
import { offerKeys } from './keys.js';
import { look } from './look.js';
import { print } from './print.js';

const button = (/** @type {string} */ selector) => /** @type {HTMLButtonElement} */ ($(selector));

export class Modes {
  #screen;
  #pen;
  #marks;
  #zoom;
  #panel;

  /**
   * @param {object} parts
   * @param {import('./screen.js').Screen} parts.screen
   * @param {import('./pen.js').Pen} parts.pen
   * @param {import('./marks.js').Marks} parts.marks
   * @param {import('./zoom.js').Zoom} parts.zoom
   * @param {import('./panel.js').Panel} parts.panel
   */
  constructor({ screen, pen, marks, zoom, panel }) {
    this.#screen = screen;
    this.#pen = pen;
    this.#marks = marks;
    this.#zoom = zoom;
    this.#panel = panel;
    $('#reader-open').addEventListener('click', () => this.read());
    $('#pen-open').addEventListener('click', () => this.take());
    $('#pen-leave').addEventListener('click', () => this.take(false));
    $('#no-article-close').addEventListener('click', () => {
      $('#no-article').hidden = true;
    });
    $('#print').addEventListener('click', () => this.#print());
    look.ready.then(() => {
      look.offer(() => screen.again());
      if (screen.isReader) {
        screen.again();
      }
    });
    document.addEventListener('keydown', (event) => this.#onKey(event));
    api.runtime.onMessage.addListener((message) => {
      if (message?.type === HIGHLIGHT && typeof message.text === 'string') {
        this.#highlight(message.text);
      }
    });
    followHighlightMenu();
    offerKeys({ onPen: () => this.take() });
    // What opens under the head stands under it, however many lines it takes.
    new ResizeObserver(([{ target }]) => {
      const { bottom } = target.getBoundingClientRect();
      document.documentElement.style.setProperty('--head', `${bottom}px`);
    }).observe($('header'));
  }

  /** Another snapshot, or none, is shown. */
  dress() {
    const { isOpen, isReader, way } = this.#screen;
    const isPen = way === 'pen' && isOpen;
    for (const name of ['#reader-open', '#pen-open']) {
      button(name).disabled = !isOpen;
    }
    button('#print').disabled = this.#screen.source === null;
    $('#reader-open').setAttribute('aria-pressed', String(isReader));
    $('#look-open').hidden = !isReader;
    $('#pen-open').setAttribute('aria-pressed', String(isPen));
    $('#pen-hint').hidden = !isPen;
    $('#zoom').hidden = this.#screen.source === null;
  }

  /** A snapshot is about to be shown. */
  async begin() {
    $('#no-article').hidden = true;
    if (this.#screen.isReader && !(await this.#screen.hasArticle())) {
      this.#screen.isReader = false;
      $('#no-article').hidden = false;
    }
    this.dress();
  }

  /** @param {boolean} [on] */
  async read(on = !this.#screen.isReader) {
    if (!this.#screen.isOpen) {
      return;
    }
    await look.ready;
    this.#screen.isReader = on;
    await this.begin();
    if (!on || this.#screen.isReader) {
      await this.#screen.again();
    }
  }

  /**
   * Takes up the pen, or puts it down.
   *
   * @param {boolean} [on]
   * @param {number | null} [at] - the place in the text to begin at
   */
  async take(on = this.#screen.way !== 'pen', at = this.#pen.top) {
    if (!this.#screen.isOpen || on === (this.#screen.way === 'pen')) {
      return;
    }
    this.#pen.drop();
    this.#screen.way = on ? 'pen' : 'read';
    this.dress();
    await this.#screen.again(at);
  }

  /**
   * A text was chosen in the page and then "Highlight" in the browser's context menu.
   *
   * @param {string} text
   */
  async #highlight(text) {
    const { source } = this.#screen;
    if (!source || !this.#screen.isOpen) {
      return;
    }
    const passages = await this.#screen.passages();
    const places = passages.every(text);
    if (places.length !== 1) {
      toast(t(places.length ? 'penSeveral' : 'penNowhere'));
      await this.take(true, places[0]?.from ?? null);
      return;
    }
    try {
      const [place] = places;
      const quoted = passages.quoteAt(place);
      const own = await this.#screen.ownPlace(quoted);
      const { snapshot } = source.snapshot;
      const added = await this.#marks.add(snapshot, { ...quoted, place: own }, place);
      await this.#screen.again(place.from);
      const act = () => this.#pen.removing(added);
      toast(t('highlightMade'), { label: t('undo'), act });
    } catch (error) {
      toast(faultText(asHostError(error)));
    }
  }

  async #print() {
    $('#more').hidePopover();
    const file = await this.#screen.forPrint();
    if (file) {
      await print(file);
    }
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const { target, key } = event;
    const isTyping = target instanceof HTMLElement && target.matches('input, textarea, select');
    if (isTyping || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) {
      return;
    }
    /** @type {Record<string, () => void>} */
    const acts = {
      h: () => this.take(),
      r: () => this.read(),
      l: () => this.#panel.toggle(),
      p: () => this.#print(),
      '+': () => this.#zoom.step(1),
      '=': () => this.#zoom.step(1),
      '-': () => this.#zoom.step(-1),
      0: () => this.#zoom.step(0),
    };
    if (Object.hasOwn(acts, key)) {
      event.preventDefault();
      acts[key]();
    }
  }
}
