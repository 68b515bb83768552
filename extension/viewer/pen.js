/**
 * The pen: while it is in the hand, what is selected in the page can be highlighted, and a highlight can
 * be pointed at. The page is shown in the frame of cell.js that can be reached into.
 */
import { $ } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import { COLOURS } from '../lib/inks.js';
import { LIMITS } from '../lib/protocol.js';
import { clip } from '../lib/text.js';
import { t } from '../lib/i18n.js';
import { toast } from '../lib/toast.js';
import { faultText } from '../lib/words.js';
import { draw, erase, piecesOf, redraw } from './ink.js';
import { PenFrame } from './penframe.js';
import { PenKeys } from './penkeys.js';
import { PenTool } from './pentool.js';

/** @typedef {import('../lib/inks.js').Highlight} Highlight */
/** @typedef {import('./passages.js').Place} Place */

/** Selecting goes on meanwhile. */
const PAUSE_MS = 150;

/** @param {unknown} error */
const tellFault = (error) => toast(faultText(asHostError(error)));

export class Pen {
  #marks;
  #screen;
  #onLeave;
  #tool;
  /** @type {PenFrame | null} */
  #frame = null;
  /** @type {PenKeys | null} */
  #keys = null;
  /** @type {Place | null} */
  #selected = null;
  #current = 0;
  #isPressed = false;
  /** The highlight that was clicked on; 0: beside all of them. @type {number | null} */
  #pointed = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {import('./marks.js').Marks} options.marks
   * @param {import('./screen.js').Screen} options.screen
   * @param {() => void} options.onLeave
   */
  constructor({ marks, screen, onLeave }) {
    this.#marks = marks;
    this.#screen = screen;
    this.#onLeave = onLeave;
    this.#tool = new PenTool({
      onColour: (colour) => this.#colour(colour),
      onNote: (note) => this.#note(note),
      onRemove: () => this.#remove(),
      onLeave: () => this.#frame?.focus(),
    });
  }

  /** What was shown is gone. */
  drop() {
    clearTimeout(this.#timer);
    this.#frame = null;
    this.#keys = null;
    this.#clear();
  }

  #clear() {
    this.#selected = null;
    this.#current = 0;
    this.#tool.hide();
  }

  /** The place to go on reading at; null at the top. */
  get top() {
    return this.#frame?.isScrolled ? this.#frame.top : null;
  }

  /** @param {import('./cell.js').Shown} shown - in the way of the pen */
  attach(shown) {
    this.drop();
    const frame = new PenFrame(shown);
    this.#frame = frame;
    this.#keys = new PenKeys(frame);
    frame.on('pointerdown', () => {
      this.#isPressed = true;
      this.#keys?.reset();
    });
    frame.on('pointerup', (event) => {
      this.#isPressed = false;
      this.#pointed = frame.highlightOf(event) ?? 0;
      this.#later();
    });
    frame.on('selectionchange', () => this.#later());
    frame.on('scroll', () => this.#follow());
    frame.on('keydown', (event) => this.#onKey(event));
    // Links lead nowhere here: who clicks on one wants to mark it.
    for (const type of ['click', 'auxclick', 'submit', 'dragstart']) {
      frame.on(type, (event) => event.preventDefault());
    }
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => !this.#isPressed && this.#look(), PAUSE_MS);
  }

  #look() {
    const place = this.#frame?.selected ?? null;
    const pointed = this.#pointed;
    this.#pointed = null;
    if (place) {
      this.#selected = place;
      this.#current = 0;
      this.#showTool();
    } else if (pointed) {
      this.#open(pointed);
    } else if (pointed !== null || this.#selected) {
      this.#clear();
    }
  }

  /** @param {number} highlight */
  #open(highlight) {
    this.#selected = null;
    this.#current = highlight;
    this.#showTool();
  }

  #follow() {
    if (this.#tool.isShown) {
      this.#showTool();
    }
  }

  #showTool() {
    const current = this.#marks.get(this.#current) ?? null;
    const place = current ? this.#marks.placeOf(current.highlight) : this.#selected;
    const box = place && this.#frame?.boxOf(place);
    if (box) {
      this.#tool.show(box, current);
    } else {
      this.#tool.hide();
    }
  }

  /** @param {import('../lib/inks.js').Colour} colour */
  async #colour(colour) {
    this.#marks.colour = colour;
    await (this.#current ? this.#change({ colour }) : this.#add());
  }

  /** @param {string | null} note - null: one begins to write */
  async #note(note) {
    if (!this.#current) {
      await this.#add();
    }
    if (this.#current && note === null) {
      this.#tool.write();
    } else if (this.#current) {
      await this.#change({ note: note ?? '' });
    }
  }

  async #add() {
    const [place, frame, source] = [this.#selected, this.#frame, this.#screen.source];
    if (!place || !frame || !source) {
      return;
    }
    const quoted = frame.passages.quoteAt(place);
    if (clip(quoted.quote, LIMITS.quote) !== quoted.quote) {
      toast(t('penTooLong'));
      return;
    }
    try {
      const own = await this.#screen.ownPlace(quoted);
      const snapshot = source.snapshot.snapshot;
      const added = await this.#marks.add(snapshot, { ...quoted, place: own }, place);
      if (frame !== this.#frame) {
        return;
      }
      draw(frame.passages, [{ ...added, ...place }]);
      frame.changed();
      frame.unselect();
      this.#keys?.reset();
      this.#open(added.highlight);
    } catch (error) {
      tellFault(error);
    }
  }

  /** @param {{ colour?: import('../lib/inks.js').Colour, note?: string }} changes */
  async #change(changes) {
    try {
      this.redraw(await this.#marks.change(this.#current, changes));
      this.#follow();
    } catch (error) {
      tellFault(error);
    }
  }

  #remove() {
    const current = this.#marks.get(this.#current);
    if (current) {
      this.removing(current);
    }
  }

  /** @param {Highlight} one */
  async removing(one) {
    try {
      const place = this.#marks.placeOf(one.highlight);
      await this.#marks.remove(one);
      this.#erase(one.highlight, place ?? null);
      const act = async () => {
        await this.#marks.restore(one);
        if (this.#frame && place) {
          draw(this.#frame.passages, [{ ...one, ...place }]);
          this.#frame.changed();
        } else {
          await this.#screen.again(place?.from ?? null);
        }
      };
      toast(t('highlightDeleted'), { label: t('undo'), act });
    } catch (error) {
      tellFault(error);
    }
  }

  /** @param {Highlight} changed */
  redraw(changed) {
    if (this.#frame) {
      redraw(this.#frame.page, changed);
    }
  }

  /**
   * @param {number} highlight
   * @param {Place | null} place - where it was
   */
  #erase(highlight, place) {
    if (this.#frame) {
      erase(this.#frame.page, highlight);
      this.#frame.changed();
      this.#clear();
    } else if (place) {
      this.#screen.again(place.from);
    }
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const { key, ctrlKey, altKey, metaKey } = event;
    if (ctrlKey || altKey || metaKey) {
      return;
    }
    if (this.#act(key) || this.#keys?.take(event)) {
      event.preventDefault();
    }
  }

  /** @param {string} key @returns {boolean} whether it does something */
  #act(key) {
    const isChosen = Boolean(this.#selected ?? this.#current);
    const colour = COLOURS[Number(key) - 1];
    if (key === 'Escape') {
      if (isChosen) {
        this.#frame?.unselect();
        this.#clear();
      } else {
        this.#onLeave();
      }
    } else if (key === 'h') {
      this.#onLeave();
    } else if (isChosen && colour) {
      this.#colour(colour);
    } else if (this.#selected && key === 'Enter') {
      this.#colour(this.#marks.colour);
    } else if (isChosen && key === 'n') {
      this.#note(null);
    } else if (this.#current && (key === 'Delete' || key === 'Backspace')) {
      this.#remove();
    } else if (isChosen && key === 'Tab') {
      $('#pen-tool button').focus();
    } else {
      return false;
    }
    return true;
  }

  /** @param {number} highlight */
  show(highlight) {
    const [piece] = this.#frame ? piecesOf(this.#frame.page, highlight) : [];
    piece?.scrollIntoView({ block: 'center' });
    this.#open(highlight);
  }
}
