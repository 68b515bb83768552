/**
 * The page walker: pictures that load only when they come into view. The page is scrolled once, in
 * steps of what is seen of it, and put back to where it was.
 */
globalThis.linksnap.scrolling = (() => {
  const { nodes } = globalThis.linksnap;

  /** Where scripts keep the address of what they load later. */
  const KEPT_IN =
    'data-src data-srcset data-original data-lazy data-lazy-src data-lazy-srcset data-lazyload ' +
    'data-actualsrc data-bg data-background data-background-image data-echo lazy-src';
  const KEEPERS = KEPT_IN.split(' ');
  const WAITING = `img[loading="lazy" i], ${KEEPERS.map((name) => `[${name}]`).join(', ')}`;
  const STAND_INS = '[class*="lazy" i], [class*="skeleton" i], [class*="placeholder" i]';
  const ADDRESS = /^(https?:|\/|\.)|\.(jpe?g|png|gif|webp|avif|svg)\b/i;

  /** A page may be as long as it likes; one that grows is scrolled as far as it was long at first. */
  const MOST_STEPS = 100;
  const MOST_BOXES = 3;
  const MOST_LOOKED_AT = 5000;

  /** All of it together, and how long nothing may arrive before the wait is over. */
  const ALL_MS = 10_000;
  const IDLE_MS = 1500;

  /** A page in a background tab has no frames. */
  const FRAME_MS = 50;

  /** @type {(document: Document) => Element | null} */
  const scrollingOf = nodes.getter(Document.prototype, 'scrollingElement');

  function frame() {
    return new Promise((resolve) => {
      requestAnimationFrame(resolve);
      setTimeout(resolve, FRAME_MS);
    });
  }

  /** @param {number} ms */
  function sleep(ms) {
    return new Promise((resolve) => {
      setTimeout(resolve, ms);
    });
  }

  /**
   * @param {Element} element
   * @returns {boolean} whether it has a place in the page that is out of view
   */
  function isAway(element) {
    if (element.getClientRects().length === 0) {
      return false;
    }
    const { top, bottom } = element.getBoundingClientRect();
    return bottom < 0 || top > innerHeight;
  }

  /** @param {Element} element */
  function isImage(element) {
    return nodes.nameOf(element) === 'img';
  }

  /** @param {any} img */
  const isEmpty = (img) => !img.complete || img.naturalWidth <= 1;

  /**
   * @param {Element} element
   * @returns {boolean} whether it shows less than it will
   */
  function isWaiting(element) {
    if (isImage(element) && !isEmpty(element) && !/^(data|blob):/.test(shownBy(element))) {
      return false;
    }
    if (nodes.attribute(element, 'loading')?.toLowerCase() === 'lazy') {
      return isEmpty(element);
    }
    return KEEPERS.some((name) => {
      const address = nodes.attribute(element, name) ?? '';
      return ADDRESS.test(address) && !isShown(element, address.trim().split(/[\s,]/)[0]);
    });
  }

  /** @param {any} img */
  const shownBy = (img) => /** @type {string} */ (img.currentSrc || img.src || '');

  /**
   * @param {Element} element
   * @param {string} address
   */
  function isShown(element, address) {
    if (isImage(element)) {
      return shownBy(element).includes(address);
    }
    return getComputedStyle(element).backgroundImage.includes(address);
  }

  /** @param {Document} document */
  function waiting(document) {
    const found = [...nodes.all(document, WAITING)].slice(0, MOST_LOOKED_AT);
    return found.filter((element) => isWaiting(element) && isAway(element));
  }

  /**
   * Whether a scroll would bring pictures.
   *
   * @param {Document} document
   * @returns {boolean}
   */
  function isNeeded(document) {
    if (waiting(document).length > 0) {
      return true;
    }
    const stands = [...nodes.all(document, STAND_INS)].slice(0, MOST_LOOKED_AT);
    return stands.some(
      (element) => !isImage(element) && !element.firstElementChild && isAway(element),
    );
  }

  /**
   * The boxes to scroll: the page's own, and others in which pictures wait.
   *
   * @param {Document} document
   * @returns {Element[]}
   */
  function boxesOf(document) {
    const page = scrollingOf(document);
    /** @type {Set<Element>} */
    const boxes = new Set(page ? [page] : []);
    for (const element of waiting(document)) {
      let box = element.parentElement;
      while (box && box !== page && !isScrollable(box)) {
        box = box.parentElement;
      }
      if (box && boxes.size < MOST_BOXES) {
        boxes.add(box);
      }
    }
    return [...boxes];
  }

  /** @param {Element} box */
  function isScrollable(box) {
    return (
      box.scrollHeight > box.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(box).overflowY)
    );
  }

  /**
   * @param {Element} box
   * @param {number} end - a time
   */
  async function pass(box, end) {
    const { scrollTop, scrollLeft, scrollHeight } = box;
    const step = Math.max(200, Math.min(box.clientHeight, innerHeight));
    try {
      for (let i = 0, top = 0; i < MOST_STEPS && top < scrollHeight && Date.now() < end; i++) {
        box.scrollTo({ top, behavior: 'instant' });
        top += step;
        // What observes the page hears of it after one frame, and draws in the next.
        await frame();
        await frame();
      }
    } finally {
      box.scrollTo({ top: scrollTop, left: scrollLeft, behavior: 'instant' });
    }
  }

  /**
   * Waits for the pictures that are on their way.
   *
   * @param {Document} document
   * @param {Set<Element>} before - those that are none of ours
   * @param {number} end - a time
   */
  async function arrive(document, before, end) {
    let left = Infinity;
    let changed = Date.now();
    while (Date.now() < Math.min(end, changed + IDLE_MS)) {
      const loading = [...nodes.all(document, 'img')].filter(
        (img) => !(/** @type {any} */ (img).complete) && !before.has(img),
      ).length;
      if (loading === 0) {
        return;
      }
      if (loading < left) {
        left = loading;
        changed = Date.now();
      }
      await sleep(25);
    }
  }

  /**
   * Scrolls through the page.
   *
   * @param {Document} document
   */
  async function run(document) {
    const end = Date.now() + ALL_MS;
    for (const box of boxesOf(document)) {
      await pass(box, end);
    }
    // Those that did not even begin to load.
    const idle = new Set(waiting(document));
    await arrive(document, idle, end);
    await frame();
  }

  return { isNeeded, run };
})();
