/**
 * The page walker: what an element is only because of a script, and what therefore nothing in the
 * document says: it is not defined, modal, in a state of its own, put into a slot by hand, scrolled,
 * animated.
 * Each gets attributes and declarations besides its own.
 *
 * `ls-is` holds words for the pseudo-classes that match now and would not match in a snapshot; the
 * host writes selectors that ask for the attribute as well (host/PROTOCOL.md).
 *
 * @typedef {object} Mark
 * @property {Record<string, string>} attributes
 * @property {string} style
 * @property {string[]} animations - names of keyframes
 * @property {string} around - the style of a box around all that the element holds, or ''
 *
 * @typedef {object} Marks
 * @property {(element: Element, more: Partial<Mark>) => void} add
 * @property {(element: Element) => Mark | undefined} of
 * @property {Set<Node>} moved - the documents and shadow roots in which an element has an animation
 * @property {(text: Node) => string | undefined} slotOf - of text that stands in one by hand
 * @property {(scope: Document | ShadowRoot, sheets: string[]) => void} gather - marks what is in a
 *   document or shadow root, and the host of that; `sheets` are the texts of its style sheets
 */
globalThis.linksnap.marks = (() => {
  const { animated, nodes } = globalThis.linksnap;

  const WORDS = [
    'popover-open',
    'modal',
    'fullscreen',
    'user-invalid',
    'user-valid',
    'autofill',
    'picture-in-picture',
  ];
  const MARKED = `:is(:not(:defined), ${WORDS.map((word) => `:${word}`).join(', ')})`;

  /** Names of custom states in style sheets, where nothing in them is escaped. */
  const STATES = /:(?:state\(\s*([A-Za-z_][\w-]*)\s*\)|--([A-Za-z_][\w-]*))/g;
  const MOST_STATES = 200;

  const CHECKBOX =
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 13 13'%3E%3Crect " +
    "width='13' height='13' rx='2' fill='%230075ff'/%3E%3Cpath d='M3 6.5h7' stroke='white' " +
    "stroke-width='2'/%3E%3C/svg%3E";

  /**
   * @param {Element} element
   * @param {string} selector - which this browser may not know
   */
  function isMatch(element, selector) {
    try {
      return nodes.isMatch(element, selector);
    } catch {
      return false;
    }
  }

  /** @returns {Mark} */
  const newMark = () => ({
    attributes: {},
    style: '',
    animations: [],
    around: '',
  });

  /** Gathers the marks of one document and its shadow roots. */
  class Gathered {
    /** @type {Set<Node>} */
    moved = new Set();
    /** @type {Map<Element, Mark>} */
    #marks = new Map();
    /** Text nodes that stand in a slot by hand. @type {Map<Node, string>} */
    #texts = new Map();
    /** Words by selector. @type {Map<string, string>} */
    #states = new Map();
    #slots = 0;

    /**
     * @param {Element} element
     * @param {Partial<Mark>} more
     */
    add(element, { attributes, style = '', animations = [], around = '' }) {
      const mark = this.#marks.get(element) ?? newMark();
      Object.assign(mark.attributes, attributes);
      mark.style += style;
      mark.around ||= around;
      mark.animations.push(...animations);
      if (animations.length > 0) {
        this.moved.add(nodes.scopeOf(element));
      }
      this.#marks.set(element, mark);
    }

    /** @param {Element} element */
    of(element) {
      // Most pages have none: even to ask for one would give every element a hash.
      return this.#marks.size > 0 ? this.#marks.get(element) : undefined;
    }

    /** @param {Node} text */
    slotOf(text) {
      return this.#texts.size > 0 ? this.#texts.get(text) : undefined;
    }

    /**
     * @param {Element} element
     * @param {string} word
     */
    #addWord(element, word) {
      const words = this.#marks.get(element)?.attributes['ls-is']?.split(' ') ?? [];
      this.add(element, {
        attributes: { 'ls-is': [...new Set([...words, word])].join(' ') },
      });
    }

    /**
     * Marks what is in a document or shadow root, and the host of that.
     *
     * @param {Document | ShadowRoot} scope
     * @param {string[]} sheets - the texts of its style sheets
     */
    gather(scope, sheets) {
      for (const element of nodes.all(scope, MARKED)) {
        const words = WORDS.filter((word) => isMatch(element, `:${word}`));
        if (!isMatch(element, ':defined')) {
          words.push('undefined');
        }
        words.forEach((word) => this.#addWord(element, word));
      }
      for (const box of nodes.all(scope, 'input[type="checkbox" i]:indeterminate')) {
        const { appearance, width, height } = getComputedStyle(box);
        if (appearance === 'auto') {
          const style =
            `appearance: none; width: ${width}; height: ${height}; ` +
            `background: url("${CHECKBOX}") 0 0 / 100% 100%; `;
          this.add(box, { style });
        }
      }
      animated.gather(scope, this);
      this.#gatherStates(scope, sheets);
      if (nodes.typeOf(scope) === 11) {
        this.#gatherSlots(/** @type {ShadowRoot} */ (scope));
      }
    }

    /**
     * @param {Document | ShadowRoot} scope
     * @param {string[]} sheets
     */
    #gatherStates(scope, sheets) {
      for (const text of sheets) {
        if (!text.includes(':state(') && !text.includes(':--')) {
          continue;
        }
        for (const [, name, old] of text.matchAll(STATES)) {
          if (this.#states.size < MOST_STATES) {
            this.#states.set(name ? `:state(${name})` : `:--${old}`, `state-${name ?? `--${old}`}`);
          }
        }
      }
      for (const [selector, word] of this.#states) {
        const { host } = /** @type {any} */ (scope);
        if (host && isMatch(host, selector)) {
          this.#addWord(host, word);
        }
        try {
          for (const element of nodes.all(scope, selector)) {
            this.#addWord(element, word);
          }
        } catch {
          // A spelling that this browser does not know.
        }
      }
    }

    /**
     * Slots that a script filled have names from here on, and so has what is in them.
     *
     * @param {ShadowRoot} root
     */
    #gatherSlots(root) {
      if (root.slotAssignment !== 'manual') {
        return;
      }
      for (const each of root.host.children) {
        this.add(each, { attributes: { slot: 'ls-none' } });
      }
      for (const each of root.querySelectorAll('slot')) {
        const slot = `ls-${++this.#slots}`;
        this.add(each, { attributes: { name: slot } });
        for (const node of /** @type {HTMLSlotElement} */ (each).assignedNodes()) {
          if (nodes.typeOf(node) === 1) {
            this.add(/** @type {Element} */ (node), { attributes: { slot } });
          } else {
            this.#texts.set(node, slot);
          }
        }
      }
    }
  }

  return { Gathered };
})();
