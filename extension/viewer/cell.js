/**
 * Puts a snapshot on the screen: in a frame that may run no script and has no origin, inside a page
 * of its own whose policy the frame inherits.
 */
import { el } from '../lib/dom.js';

/**
 * Past this size a blob: URL is shown. Browsers open it up to ten times faster than srcdoc (50 MB in
 * 0.3 s instead of 3 s), but do not follow its links to a place in the same page.
 */
const LARGE = 16 * 1024 * 1024;

/** Chromium opens no longer one. */
const LONGEST_URL = 2_000_000;

/**
 * What stands in srcdoc is never in quirks mode: a page that was gets a URL.
 * @param {string} text
 * @returns {string} - empty where srcdoc does as well
 */
function urlOfQuirks(text) {
  return /^<!doctype html>/i.test(text)
    ? ''
    : `data:text/html;charset=utf-8,${encodeURIComponent(text)}`;
}

/**
 * @param {HTMLElement} place - what it holds is replaced
 * @param {Blob} file
 * @param {string} address - of the file, a blob: URL
 * @param {string} title
 * @param {boolean} isMade - by the host, from a file that was no page: it has a dark form too
 * @returns {Promise<((id: string) => void) | null>} goes to a place in the page; null: another one
 *   has taken the place of this
 */
export async function showInCell(place, file, address, title, isMade) {
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
  frame.setAttribute('sandbox', 'allow-popups allow-popups-to-escape-sandbox');
  frame.referrerPolicy = 'no-referrer';
  frame.title = title;
  frame.classList.toggle('made', isMade);
  const url = urlOfQuirks(text);
  if (file.size > LARGE || url.length > LONGEST_URL) {
    frame.src = address;
  } else if (url) {
    frame.src = url;
  } else {
    frame.srcdoc = text;
  }
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
  return (id) => frame.contentWindow?.location.replace(`${base}#${id}`);
}
