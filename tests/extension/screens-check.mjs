/**
 * What is looked for in a screen beside axe-core: texts that are cut off, that stick out or lie on each
 * other, words of the wrong language or of none, and a focus that nobody sees.
 */
import { WORDS } from './ui-harness.mjs';

/** @typedef {import('puppeteer-core').Page} Tab */

/**
 * Texts that cannot be read where they stand. Runs inside the page.
 *
 * @param {boolean} overlaid
 * @returns {string[]}
 */
function badTexts(overlaid) {
  /** What a text must not stick out of. */
  const CLOSED = 'button, .button, .chip, summary, th, td';
  /** A descender may reach out of its line. */
  const SLACK = { x: 1, y: 5 };
  /** @type {Map<Element, CSSStyleDeclaration>} */
  const styles = new Map();
  const styleOf = (/** @type {Element} */ element) => {
    const style = styles.get(element) ?? getComputedStyle(element);
    styles.set(element, style);
    return style;
  };
  const cuts = (/** @type {string} */ overflow) => overflow === 'hidden' || overflow === 'clip';
  const nameOf = (/** @type {Element} */ element) =>
    element.tagName.toLowerCase() +
    (element.id && `#${element.id}`) +
    [...element.classList].map((name) => `.${name}`).join('');
  /** @type {string[]} */
  const faults = [];
  const { innerWidth } = window;
  if (document.documentElement.scrollWidth > innerWidth) {
    faults.push(`the page is ${document.documentElement.scrollWidth} wide in ${innerWidth}`);
  }

  /** Says so where it is cut off: by dots, or by a title that has all of it. @param {Element} box */
  const admits = (box) => {
    const { textOverflow, webkitLineClamp } = styleOf(box);
    return (
      textOverflow === 'ellipsis' || webkitLineClamp !== 'none' || box.closest('[title]') !== null
    );
  };

  /** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */

  /**
   * @param {Element} parent - of the text
   * @param {DOMRect} rect - where the text is
   * @returns {{ fault: string, layer: Element | null, seen: Box | null }}
   */
  const place = (parent, rect) => {
    let [absolute, freeX] = [false, false];
    let { left, top, right, bottom } = rect;
    /** @type {Element | null} */
    let layer = null;
    for (
      let box = parent;
      box !== document.body;
      box = /** @type {Element} */ (box.parentElement)
    ) {
      const style = styleOf(box);
      const isFixed = style.position === 'fixed' || box.matches(':popover-open, :modal');
      const isAbove = style.position === 'absolute' && style.zIndex !== 'auto';
      if (isFixed || isAbove || style.position === 'sticky') {
        layer ??= box;
      }
      const isLaidOut = style.display !== 'inline' && style.display !== 'contents';
      if (isLaidOut && !(absolute && style.position === 'static')) {
        absolute = style.position === 'absolute';
        const outer = box.getBoundingClientRect();
        if (outer.width <= 2 || outer.height <= 2) {
          return { fault: '', layer, seen: null }; // for screen readers
        }
        const outX = left < outer.left - SLACK.x || right > outer.right + SLACK.x;
        const outY = top < outer.top - SLACK.y || bottom > outer.bottom + SLACK.y;
        // What does not fit a line may stand in one below that nobody sees: it is left out as a whole.
        if (cuts(style.overflowY) && (top >= outer.bottom || bottom <= outer.top)) {
          return { fault: '', layer, seen: null };
        }
        if (((outX && cuts(style.overflowX)) || (outY && cuts(style.overflowY))) && !admits(box)) {
          return { fault: `is cut off by ${nameOf(box)}`, layer, seen: null };
        }
        if (outX && style.overflowX === 'visible' && box.matches(CLOSED)) {
          return { fault: `sticks out of ${nameOf(box)}`, layer, seen: null };
        }
        if (style.overflowX !== 'visible') {
          [left, right] = [Math.max(left, outer.left), Math.min(right, outer.right)];
          freeX = true;
        }
        if (style.overflowY !== 'visible') {
          [top, bottom] = [Math.max(top, outer.top), Math.min(bottom, outer.bottom)];
        }
        if (left >= right || top >= bottom) {
          return { fault: '', layer, seen: null };
        }
      }
      if (isFixed) {
        break;
      }
    }
    const isOut = !freeX && (left < -1 || right > innerWidth + 1);
    const fault = isOut ? 'sticks out of the window' : '';
    return { fault, layer, seen: { left, top, right, bottom } };
  };

  /** @type {{ text: string, parent: Element, rect: Box, layer: Element | null }[]} */
  const shown = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = /** @type {Text} */ (walker.currentNode);
    const parent = /** @type {Element} */ (node.parentElement);
    const text = node.data.trim();
    if (
      !text ||
      parent.closest('script, style, template, select, textarea, svg, [aria-hidden=true]') ||
      !parent.checkVisibility({ visibilityProperty: true })
    ) {
      continue;
    }
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      if (rect.width === 0) {
        continue;
      }
      const { fault, layer, seen } = place(parent, rect);
      if (fault) {
        faults.push(`“${text.slice(0, 60)}” (${nameOf(parent)}) ${fault}`);
        break;
      }
      if (seen) {
        shown.push({ text, parent, rect: seen, layer });
      }
    }
  }

  const heightOf = (/** @type {Box} */ { top, bottom }) => bottom - top;
  for (const [i, one] of overlaid ? [] : shown.entries()) {
    for (const other of shown.slice(i + 1)) {
      if (
        one.layer !== other.layer ||
        one.parent.contains(other.parent) ||
        other.parent.contains(one.parent)
      ) {
        continue;
      }
      const width =
        Math.min(one.rect.right, other.rect.right) - Math.max(one.rect.left, other.rect.left);
      const height =
        Math.min(one.rect.bottom, other.rect.bottom) - Math.max(one.rect.top, other.rect.top);
      const least = Math.min(heightOf(one.rect), heightOf(other.rect));
      if (width > 3 && height > least / 2) {
        faults.push(
          `“${one.text.slice(0, 40)}” (${nameOf(one.parent)}) lies on “${other.text.slice(0, 40)}” (${nameOf(other.parent)})`,
        );
      }
    }
  }
  return [...new Set(faults)];
}

/**
 * Words that nobody wrote for this language. Runs inside the page.
 *
 * @param {{ keys: string[], foreign: string[] }} words - `foreign`: messages of the other language only
 * @returns {string[]}
 */
function badWords({ keys, foreign }) {
  /** @type {string[]} */
  const faults = [];
  const wrong = new Set([...keys, ...foreign]);
  /** @param {string} text @param {string} where */
  const look = (text, where) => {
    const words = text.trim();
    if (wrong.has(words)) {
      faults.push(`“${words}” in ${where} is no word of this language`);
    }
    if (/\$\d\b|\bundefined\b|\bNaN\b|\[object |Invalid Date/.test(words)) {
      faults.push(`“${words.slice(0, 80)}” in ${where}`);
    }
  };
  for (const element of document.querySelectorAll('body, body *:not(script, style)')) {
    const where = `${element.tagName.toLowerCase()}#${element.id}.${element.className}`;
    for (const node of element.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) {
        look(/** @type {Text} */ (node).data, where);
      }
    }
    for (const name of ['title', 'aria-label', 'placeholder', 'alt', 'aria-description']) {
      look(element.getAttribute(name) ?? '', `${where} ${name}`);
    }
  }
  look(document.title, 'the title');
  return [...new Set(faults)];
}

const CJK = /[\u3400-\u9fff]/;

/** @param {string} locale */
function wrongWords(locale) {
  const [own, other] = locale === 'en' ? [WORDS.en, WORDS.zh_CN] : [WORDS.zh_CN, WORDS.en];
  const said = new Set(Object.values(own).map(({ message }) => message));
  const foreign = Object.values(other)
    .map(({ message }) => message)
    .filter(
      (message) =>
        !said.has(message) &&
        !/\S:\S/.test(message) &&
        (CJK.test(message) || /[a-z] [a-z]/i.test(message)),
    );
  const keys = Object.keys(own).filter((key) => /[a-z][A-Z]/.test(key));
  return { keys, foreign };
}

/**
 * @param {Tab} tab
 * @param {{ overlaid?: boolean }} screen
 * @returns {Promise<string[]>}
 */
export function layoutFaults(tab, { overlaid = false }) {
  return tab.evaluate(badTexts, overlaid);
}

/**
 * @param {Tab} tab
 * @param {string} locale
 * @returns {Promise<string[]>}
 */
export function wordFaults(tab, locale) {
  return tab.evaluate(badWords, wrongWords(locale));
}

/** Remembers how everything looks without the focus. Runs inside the page. */
function rememberLooks() {
  const page = /** @type {any} */ (globalThis);
  page.lookOf = (/** @type {Element} */ element) =>
    [null, '::before', '::after']
      .map((part) => {
        const style = getComputedStyle(element, part);
        const { outlineStyle, outlineWidth, boxShadow, backgroundColor, borderColor } = style;
        const outline = outlineStyle === 'none' ? '' : `${outlineStyle} ${outlineWidth}`;
        return [outline, boxShadow, backgroundColor, borderColor].join();
      })
      .join('|');
  const looks = new Map();
  for (const element of document.querySelectorAll('body *')) {
    looks.set(element, page.lookOf(element));
  }
  page.looks = looks;
  page.focused = new Set();
  page.focused.add(document.activeElement);
}

/**
 * What has the focus now. Runs inside the page.
 *
 * @returns {{ ended: boolean, fault: string }}
 */
function lookAtFocus() {
  const page = /** @type {any} */ (globalThis);
  const element = document.activeElement;
  if (!element || element === document.body || page.focused.has(element)) {
    return { ended: true, fault: '' };
  }
  page.focused.add(element);
  const around = element.nextElementSibling ? [element.nextElementSibling] : [];
  for (let each = /** @type {Element | null} */ (element); each && around.length < 6;) {
    around.push(each);
    each = each.parentElement;
  }
  const differs = around.some((each) => {
    const before = page.looks.get(each);
    return (
      each &&
      (before === undefined ? /solid|auto/.test(page.lookOf(each)) : before !== page.lookOf(each))
    );
  });
  const { width, height, bottom, top, left, right } = element.getBoundingClientRect();
  const inView = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  const isLabelled = element.matches('input[type=checkbox], input[type=radio]');
  const hits = (/** @type {DOMRect} */ rect) =>
    [rect.left + 3, (rect.left + rect.right) / 2, rect.right - 3].some((x) =>
      document
        .elementsFromPoint(x, (rect.top + rect.bottom) / 2)
        .some((each) => element.contains(each)),
    );
  const isThere = isLabelled || [...element.getClientRects()].some(hits);
  const hidden = width * height === 0 || (inView && !isThere) || !inView;
  const fault = hidden ? 'is not to be seen' : 'does not show its focus';
  const name = `${element.outerHTML.slice(0, 120)}`;
  const isFrame = element.tagName === 'IFRAME';
  return { ended: false, fault: hidden || (!differs && !isFrame) ? `${name} ${fault}` : '' };
}

/**
 * Goes through a page by Tab.
 *
 * @param {Tab} tab
 * @param {number} most
 * @returns {Promise<string[]>}
 */
export async function focusFaults(tab, most) {
  const faults = [];
  await tab.evaluate(rememberLooks);
  for (let i = 0; i < most; i++) {
    await tab.keyboard.press('Tab');
    const { ended, fault } = await tab.evaluate(lookAtFocus);
    if (ended) {
      break;
    }
    if (fault) {
      faults.push(fault);
    }
  }
  return faults;
}
