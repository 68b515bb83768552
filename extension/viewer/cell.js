/**
 * Puts a snapshot on the screen: in a frame that may run no script, inside a page of its own whose
 * policy the frame inherits. While one reads, the frame has no origin either.
 *
 * The pen has to read what is selected, and a frame without an origin cannot be reached into. So it gets
 * one that has `allow-same-origin`, and never `allow-scripts`: without scripts, handlers or javascript:
 * URLs nothing in it can make use of an origin. What it could load or send is cut off by the policy as
 * before, which is written into the document besides; popups, forms and leaving the frame need words
 * of the sandbox that it does not have.
 */
import { el } from '../lib/dom.js';

/** @typedef {import('./screen.js').Way} Way */

/**
 * Past this size a blob: URL is shown. Browsers open it up to ten times faster than srcdoc (50 MB in
 * 0.3 s instead of 3 s), but do not follow its links to a place in the same page.
 */
const LARGE = 16 * 1024 * 1024;

/** Chromium opens no longer one. */
const LONGEST_URL = 2_000_000;

const READING = 'allow-popups allow-popups-to-escape-sandbox';
const PEN = 'allow-same-origin';

/** The browser's dialog is no script: the page cannot open it. */
const PRINTING = 'allow-same-origin allow-modals';

/**
 * What stands in srcdoc is never in quirks mode: a page that was gets a URL.
 *
 * @param {string} text
 */
function isQuirky(text) {
  return !/^<!doctype html>/i.test(text);
}

/**
 * @typedef {object} Shown
 * @property {(id: string) => void} go - to a place in the page
 * @property {HTMLIFrameElement} frame - the inner one
 * @property {HTMLIFrameElement} cell
 */

/**
 * @param {HTMLElement} place - what it holds is replaced
 * @param {object} what
 * @param {Blob} what.file
 * @param {string} what.address - of the file, a blob: URL
 * @param {string} what.title
 * @param {boolean} what.isMade - by the host, from a file that was no page: it has a dark form too
 * @param {Way} what.way
 * @returns {Promise<Shown | null>} null: another one has taken the place of this
 */
export async function showInCell(place, { file, address, title, isMade, way }) {
  // A new frame each time: another page in the old one would be a step in the tab's history.
  const cell = /** @type {HTMLIFrameElement} */ (el('iframe', { src: 'cell.html', title }));
  const loaded = new Promise((resolve) => {
    cell.addEventListener('load', resolve, { once: true });
  });
  place.replaceChildren(cell);
  const [text] = await Promise.all([file.size > LARGE ? '' : file.text(), loaded]);
  const inside = cell.contentDocument;
  if (!inside) {
    return null; // replaced by a later one
  }
  inside.title = title;
  const frame = inside.createElement('iframe');
  frame.setAttribute('sandbox', { read: READING, pen: PEN, print: PRINTING }[way]);
  frame.referrerPolicy = 'no-referrer';
  frame.title = title;
  frame.classList.toggle('made', isMade);
  fill(frame, { text, file, address, way });
  const shown = new Promise((resolve) => {
    frame.addEventListener('load', resolve, { once: true });
  });
  const takeFocus = () => {
    // Who works in the header, or its report, stays there.
    if (document.activeElement === document.body || document.activeElement === cell) {
      frame.focus();
    }
  };
  frame.addEventListener('load', takeFocus, { once: true });
  inside.body.append(frame);
  await shown;
  // The frame cannot be reached into, but be sent to a place in what it shows, which loads nothing.
  const base = frame.getAttribute('src') ?? 'about:srcdoc';
  const go = (/** @type {string} */ id) => frame.contentWindow?.location.replace(`${base}#${id}`);
  return { go, frame, cell };
}

/**
 * @param {HTMLIFrameElement} frame
 * @param {{ text: string, file: Blob, address: string, way: Way }} what
 */
function fill(frame, { text, file, address, way }) {
  if (file.size > LARGE) {
    frame.src = address;
  } else if (!isQuirky(text)) {
    frame.srcdoc = text;
  } else {
    // A data: URL never has the origin that the pen needs.
    const url = `data:text/html;charset=utf-8,${encodeURIComponent(text)}`;
    frame.src = way === 'read' && url.length <= LONGEST_URL ? url : address;
  }
}
