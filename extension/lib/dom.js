/** Small helpers to build and find elements. Text is set as text, never as markup. */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] - `on…` functions become listeners; false and null
 *   leave the attribute out
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const SPRITE = '/icons/sprite.svg';

/**
 * The drawings, once they are here. A list copies them: Chromium reads the whole file anew for each
 * `<use>` that refers to it, which a list that is scrolled has no time for.
 *
 * @type {Document | null}
 */
let drawings = null;

async function loadDrawings() {
  const answer = await fetch(SPRITE);
  drawings = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml');
}

loadDrawings().catch(() => {}); // each icon then refers to its drawing

/**
 * One of the drawings of icons/sprite.svg. It says nothing to a screen reader: the button around it
 * has a name.
 *
 * @param {string} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const drawing = drawings?.getElementById(name);
  if (drawing) {
    svg.setAttribute('viewBox', drawing.getAttribute('viewBox') ?? '');
    svg.append(...document.importNode(drawing, true).childNodes);
  } else {
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    use.setAttribute('href', `${SPRITE}#${name}`);
    svg.append(use);
  }
  return svg;
}

/**
 * @param {string} name - of the drawing
 * @param {string} label - what the button does
 * @param {() => void} onclick
 * @returns {HTMLButtonElement}
 */
export function iconButton(name, label, onclick) {
  const attributes = { type: 'button', class: 'icon-button', title: label, 'aria-label': label };
  const button = el('button', { ...attributes, onclick }, icon(name));
  return /** @type {HTMLButtonElement} */ (button);
}

/**
 * A strip that tells how something stands.
 *
 * @param {'good' | 'warn' | 'bad'} tone
 * @param {string} drawing
 * @param {string} lead
 * @param {...(Node | string | null)} rest
 * @returns {HTMLElement}
 */
export function strip(tone, drawing, lead, ...rest) {
  const body = el('div', {}, el('p', { class: 'lead' }, lead), ...rest);
  return el('div', { class: `strip ${tone}` }, icon(drawing), body);
}

/**
 * A button that reads like a link.
 *
 * @param {string} text
 * @param {() => void} onclick
 * @returns {HTMLElement}
 */
export function linkButton(text, onclick) {
  return el('button', { type: 'button', class: 'link-button', onclick }, text);
}

/**
 * Shows how far something is.
 *
 * @param {HTMLElement} bar - a `.bar` with the role progressbar
 * @param {number} done
 * @param {number} total - 0: nobody knows
 */
export function setBar(bar, done, total) {
  bar.classList.toggle('unknown', total === 0);
  bar.style.setProperty('--done', String(total ? done / total : 0));
  if (total) {
    bar.setAttribute('aria-valuenow', String(Math.round((100 * done) / total)));
  } else {
    bar.removeAttribute('aria-valuenow');
  }
}

/**
 * The element of a selector that must be there.
 *
 * @template {Element} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T}
 */
export function $(selector, root = document) {
  const found = root.querySelector(selector);
  if (!found) {
    throw new Error(`no ${selector}`);
  }
  return /** @type {T} */ (found);
}

/**
 * A copy of a <template>'s only element.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function clone(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  const first = template.content.firstElementChild;
  return /** @type {HTMLElement} */ (document.importNode(/** @type {Element} */ (first), true));
}

/**
 * Text in which every second string is a hit.
 *
 * @param {readonly string[]} spans
 * @returns {(string | HTMLElement)[]}
 */
export function marked(spans) {
  return spans.map((text, i) => (i % 2 ? el('mark', {}, text) : text));
}
