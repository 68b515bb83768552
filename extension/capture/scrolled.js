/**
 * The page walker: where boxes are scrolled to. Nothing in HTML or CSS says it, but a box that must
 * snap to one place is there when it is first laid out. Short animations make it so, and let the
 * reader scroll freely when they are over.
 */
globalThis.linksnap.scrolled = (() => {
  const { nodes } = globalThis.linksnap;

  /** The longest time that a snapshot holds its boxes in place. */
  const HOLD = '0.7s';

  const RULES =
    '@keyframes ls-hold { from, to { scroll-snap-type: both mandatory; scroll-padding: 0; ' +
    'scroll-behavior: auto } }\n' +
    '@keyframes ls-place { from, to { scroll-snap-align: start; scroll-margin: var(--ls-place) } }\n' +
    '@keyframes ls-loose { from, to { scroll-snap-align: none } }';

  /** Places are sought among so many elements of a box, and boxes so deep. */
  const MOST = 1000;
  const DEEPEST = 6;

  /**
   * The children of a box as it shows them.
   *
   * @param {Element} element
   * @returns {Iterable<Element>}
   */
  function childrenOf(element) {
    const shadow = nodes.shadowOf(element, nodes.nameOf(element));
    if (nodes.nameOf(element) === 'slot') {
      const assigned = /** @type {HTMLSlotElement} */ (element).assignedElements();
      return assigned.length > 0 ? assigned : nodes.childrenOf(element);
    }
    return shadow ? shadow.children : nodes.childrenOf(element);
  }

  /** @typedef {{ top: number, right: number, bottom: number, left: number }} Edges */

  /**
   * What is seen of a box's contents.
   *
   * @param {Element} box
   * @param {boolean} isRoot - of its document: then that is the window
   * @returns {Edges}
   */
  function edgesOf(box, isRoot) {
    const { clientWidth, clientHeight, clientLeft, clientTop } = box;
    const rect = box.getBoundingClientRect();
    const left = isRoot ? 0 : rect.left + clientLeft;
    const top = isRoot ? 0 : rect.top + clientTop;
    return { top, left, right: left + clientWidth, bottom: top + clientHeight };
  }

  /**
   * The element in a box that is nearest to the corner where its contents begin to be seen.
   *
   * @param {Element} box
   * @param {Edges} edges
   * @returns {{ element: Element, rect: DOMRect } | null}
   */
  function placeIn(box, edges) {
    /** @type {{ element: Element, rect: DOMRect } | null} */
    let best = null;
    const near = edges.bottom - edges.top;
    let inside = box;
    for (let depth = 0; depth < DEEPEST; depth++) {
      const found = nearest(inside, edges);
      if (!found) {
        break;
      }
      best = found;
      const { overflowX, overflowY } = getComputedStyle(found.element);
      const isBox = /auto|scroll|hidden/.test(overflowX + overflowY);
      if (isBox || distance(found.rect, edges) < near) {
        break;
      }
      inside = found.element;
    }
    return best;
  }

  /**
   * @param {DOMRect} rect
   * @param {Edges} edges
   */
  const distance = (rect, edges) =>
    Math.abs(rect.top - edges.top) + Math.abs(rect.left - edges.left);

  /**
   * @param {Element} parent
   * @param {Edges} edges
   */
  function nearest(parent, edges) {
    /** @type {{ element: Element, rect: DOMRect } | null} */
    let best = null;
    let seen = 0;
    /** @type {Element[]} */
    const waiting = [...childrenOf(parent)].slice(0, MOST);
    for (let element = waiting.shift(); element && seen < MOST; element = waiting.shift()) {
      seen++;
      const rect = element.getBoundingClientRect();
      if (best && distance(rect, edges) >= distance(best.rect, edges)) {
        continue;
      }
      const { position, display } = getComputedStyle(element);
      if (display === 'contents') {
        waiting.unshift(...[...childrenOf(element)].slice(0, MOST));
      } else if (display !== 'none' && position !== 'fixed' && position !== 'sticky') {
        best = { element, rect };
      }
    }
    return best;
  }

  /**
   * The places to which the box snaps by itself let go of it for as long.
   *
   * @param {Element} box
   * @param {Element} place
   * @param {import('./marks.js').Marks} marks
   */
  function loosen(box, place, marks) {
    if (getComputedStyle(box).scrollSnapType === 'none') {
      return;
    }
    let left = MOST;
    for (const child of childrenOf(box)) {
      for (const each of [child, ...nodes.childrenOf(child)]) {
        if (left-- <= 0) {
          return;
        }
        if (each !== place && getComputedStyle(each).scrollSnapAlign !== 'none') {
          marks.add(each, { animations: ['ls-loose'] });
        }
      }
    }
  }

  /**
   * Marks the box and an element in it when it is scrolled.
   *
   * @param {Element} box
   * @param {boolean} isRoot - of its document
   * @param {import('./marks.js').Marks} marks
   */
  function hold(box, isRoot, marks) {
    const edges = edgesOf(box, isRoot);
    const place = placeIn(box, edges);
    const rect = place ? place.rect : textOf(box);
    const margins = [
      rect.top - edges.top,
      edges.right - rect.right,
      edges.bottom - rect.bottom,
      rect.left - edges.left,
    ];
    const lengths = margins.map((margin) => `${Math.round(margin * 100) / 100}px`).join(' ');
    const style = `--ls-place: ${lengths}; `;
    marks.add(box, { animations: ['ls-hold'] });
    if (place) {
      marks.add(place.element, { style, animations: ['ls-place'] });
      loosen(box, place.element, marks);
    } else {
      marks.add(box, { around: `display: block; ${style}animation: ${HOLD} ls-place` });
    }
  }

  /**
   * Where a block around the contents of a box would stand.
   *
   * @param {Element} box - in which there is nothing but text
   * @returns {DOMRect}
   */
  function textOf(box) {
    const range = new Range();
    range.selectNodeContents(box);
    const { left, top, height } = range.getBoundingClientRect();
    const { paddingLeft, paddingRight } = getComputedStyle(box);
    const padding = Number.parseFloat(paddingLeft) + Number.parseFloat(paddingRight);
    return new DOMRect(left, top, box.clientWidth - padding, height);
  }

  /**
   * @param {Element} element
   * @param {string[]} names - of keyframes
   * @returns {string} a declaration; animations of the page's own go on
   */
  function animation(element, names) {
    const now = getComputedStyle(element);
    const own = now.animationName === 'none' ? [] : [now.animation];
    const list = [...own, ...[...new Set(names)].map((name) => `${HOLD} ${name}`)];
    return `animation: ${list.join(', ')} !important`;
  }

  return { hold, animation, RULES };
})();
