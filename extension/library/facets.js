/**
 * What the results consist of, beside them: states, tags as a tree, sites and years with their numbers.
 * A click puts a term into the query, another takes it out.
 */
import { $, el, icon, linkButton } from '../lib/dom.js';
import { language, t } from '../lib/i18n.js';
import { tagDot } from '../lib/tagcolours.js';
import { hasTerm, tagTerm } from '../lib/text.js';
import { treeOf } from './tree.js';

/** Of each kind, asked for and shown at first. */
export const ASKED = 60;
const SHOWN = 8;

/** Terms, with the words and the drawing for each. */
export const STATES = Object.freeze([
  ['is:highlighted', 'filterHighlighted', 'highlight'],
  ['is:untagged', 'filterUntagged', 'untag'],
  ['is:incomplete', 'filterIncomplete', 'warn'],
  ['is:broken', 'filterBroken', 'broken'],
  ['is:trashed', 'filterTrashed', 'trash'],
]);

const numbers = new Intl.NumberFormat(language);

/**
 * @typedef {{ term: string, label: string, pages: number | null, tag?: string, drawing?: string }} Item
 */

export class Facets {
  #root = $('#facets');
  #onToggle;
  #query = '';
  /** @type {import('../lib/protocol.js').Facets} */
  #facets = { tags: [], sites: [], years: [] };
  /** Kinds that are shown whole, and tags whose children are. @type {Set<string>} */
  #open = new Set();
  /** How many pages are in each state. @type {Map<string, number>} */
  #states = new Map();

  /** @param {(term: string) => void} onToggle */
  constructor(onToggle) {
    this.#onToggle = onToggle;
    const toggle = $('#facets-toggle');
    toggle.addEventListener('click', () => {
      const isOpen = this.#root.classList.toggle('open');
      toggle.setAttribute('aria-expanded', String(isOpen));
    });
  }

  /**
   * @param {string} term
   * @param {number} pages
   */
  setState(term, pages) {
    this.#states.set(term, pages);
    const button = $('#facet-states').querySelector(`[data-key="${CSS.escape(term)}"]`);
    // Nothing is drawn anew under somebody's mouse.
    button?.querySelector('.facet-count')?.remove();
    button?.append(countOf(pages));
  }

  /**
   * @param {import('../lib/protocol.js').Facets | undefined} facets - undefined: as they were
   * @param {string} query
   */
  show(facets, query) {
    this.#facets = facets ?? this.#facets;
    this.#query = query;
    const { sites, tags, years } = this.#facets;
    const states = STATES.map(([term, key, drawing]) => ({
      term,
      label: t(key),
      pages: this.#states.get(term) ?? null,
      drawing,
    }));
    const byName =
      (/** @type {string} */ field) =>
      (/** @type {any} */ { name, pages }) => ({
        term: `${field}:${name}`,
        label: name,
        pages,
      });
    const focused = this.#focusedKey();
    $('#facet-states').replaceChildren(...this.#list('states', states));
    $('#facet-tags').replaceChildren(...this.#tags(tags));
    $('#facet-sites').replaceChildren(...this.#list('sites', sites.map(byName('site'))));
    $('#facet-years').replaceChildren(...this.#list('years', years.map(byName('on'))));
    for (const part of this.#root.querySelectorAll('section')) {
      part.hidden = part.id !== 'tags-section' && $('.facet-list', part).children.length === 0;
    }
    if (focused) {
      const again = this.#root.querySelector(`[data-key="${CSS.escape(focused)}"]`);
      /** @type {HTMLElement | null} */ (again)?.focus();
    }
  }

  #focusedKey() {
    const active = document.activeElement;
    return this.#root.contains(active) ? active?.getAttribute('data-key') : null;
  }

  /**
   * @param {string} kind
   * @param {Item[]} items
   */
  #list(kind, items) {
    const isOn = (/** @type {Item} */ { term }) => hasTerm(this.#query, term);
    // What is chosen is always there to be taken back.
    const ordered = [...items.filter(isOn), ...items.filter((item) => !isOn(item))];
    const inOrder = kind === 'states' || kind === 'years' ? items : ordered;
    const shown = this.#open.has(kind) ? inOrder : inOrder.slice(0, SHOWN);
    const rows = shown.map((item) => el('li', {}, this.#button(item)));
    return [...rows, ...this.#more(kind, items.length)];
  }

  /** @param {import('../lib/protocol.js').Facet[]} tags */
  #tags(tags) {
    const roots = treeOf(tags);
    const shown = this.#open.has('tags') ? roots : roots.slice(0, SHOWN + 4);
    const more = roots.length > SHOWN + 4 ? this.#more('tags', roots.length) : [];
    return [...shown.map((node) => this.#node(node)), ...more];
  }

  /** @param {import('./tree.js').Node} node */
  #node(node) {
    const { children, name, pages, path } = node;
    const button = this.#button({ term: tagTerm(path), label: name, pages, tag: path });
    const line = el('div', { class: 'facet-line' }, button);
    if (children.length === 0) {
      return el('li', {}, line);
    }
    const key = `tag:${path}`;
    const isOpen = this.#open.has(key) !== this.#isOnBelow(node);
    const attributes = { type: 'button', class: 'twisty', 'aria-expanded': String(isOpen) };
    const label = t('facetsBelow', path);
    const more = { 'aria-label': label, title: label, 'data-key': `below ${path}` };
    const onclick = () => this.#flip(key);
    line.prepend(el('button', { ...attributes, ...more, onclick }, icon('unfold')));
    const list = el('ul', { hidden: !isOpen }, ...children.map((child) => this.#node(child)));
    return el('li', {}, line, list);
  }

  /**
   * @param {import('./tree.js').Node} node
   * @returns {boolean} whether a tag below it is chosen
   */
  #isOnBelow({ children }) {
    return children.some(
      (child) => hasTerm(this.#query, tagTerm(child.path)) || this.#isOnBelow(child),
    );
  }

  /** @param {Item} item */
  #button({ drawing, label, pages, tag, term }) {
    const isOn = hasTerm(this.#query, term);
    const attributes = {
      type: 'button',
      class: 'facet',
      'aria-pressed': String(isOn),
      title: term,
    };
    const onclick = () => this.#onToggle(term);
    return el(
      'button',
      { ...attributes, 'data-key': term, onclick },
      tag ? tagDot(tag) : null,
      drawing ? icon(drawing) : null,
      el('span', { class: 'facet-name', dir: 'auto' }, label),
      pages === null ? null : countOf(pages),
    );
  }

  /**
   * @param {string} kind
   * @param {number} count
   */
  #more(kind, count) {
    if (count <= SHOWN) {
      return [];
    }
    const words = t(this.#open.has(kind) ? 'facetsLess' : 'facetsMore');
    const button = linkButton(words, () => this.#flip(kind));
    button.dataset.key = `more ${kind}`;
    return [el('li', { class: 'facet-more' }, button)];
  }

  /** @param {string} key */
  #flip(key) {
    if (!this.#open.delete(key)) {
      this.#open.add(key);
    }
    this.show(undefined, this.#query);
  }
}

/** @param {number} pages */
function countOf(pages) {
  return el('span', { class: 'facet-count' }, numbers.format(pages));
}
