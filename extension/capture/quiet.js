/**
 * Waits until a page that was opened in a background tab has drawn itself: a promise, the value of
 * this script.
 *
 * Quiet is a page to which no elements are added and for which nothing arrives. One that shows next to
 * nothing is given longer: its text is still on the way, or it is a check for robots that leads on.
 */
(() => {
  const QUIET_MS = 800;
  const EMPTY_MS = 4000;
  const ALL_MS = 15_000;
  const LOOK_MS = 100;

  /** Characters below which a page shows next to nothing. */
  const LITTLE = 200;

  return new Promise((resolve) => {
    const end = Date.now() + ALL_MS;
    let busy = Date.now();
    const stir = () => {
      busy = Date.now();
    };

    const tree = new MutationObserver((records) => {
      // A clock that ticks changes text, and would go on for ever.
      if (records.some(({ addedNodes }) => [...addedNodes].some((node) => node.nodeType === 1))) {
        stir();
      }
    });
    tree.observe(document, { childList: true, subtree: true });
    const arrivals = new PerformanceObserver(stir);
    arrivals.observe({ type: 'resource' });

    const isEmpty = () => (document.body?.innerText ?? '').trim().length < LITTLE;

    function look() {
      const now = Date.now();
      const quiet = now - busy;
      const isQuiet = quiet >= EMPTY_MS || (quiet >= QUIET_MS && !isEmpty());
      if (now < end && !isQuiet) {
        setTimeout(look, LOOK_MS);
        return;
      }
      tree.disconnect();
      arrivals.disconnect();
      resolve(isQuiet);
    }
    look();
  });
})();
