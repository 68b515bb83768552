/** Functions that run in a page; they use nothing from outside themselves. */

/**
 * Where elements are, and how large.
 *
 * @param {string} selector
 */
export function boxesOf(selector) {
  return [...document.querySelectorAll(selector)].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const size = `${Math.round(width)}x${Math.round(height)}`;
    return { id: element.id, x: x + width / 2, y: y + height / 2, size };
  });
}

/** Until pictures and fonts are there and were drawn. */
export async function settled() {
  const pause = (/** @type {number} */ ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms);
    });
  const images = [...document.images].filter(({ complete }) => !complete);
  const all = [document.fonts.ready, ...images.map((each) => each.decode().catch(() => {}))];
  await Promise.race([Promise.all(all), pause(1000)]);
  await Promise.race([
    new Promise((resolve) => {
      requestAnimationFrame(() => requestAnimationFrame(resolve));
    }),
    pause(200),
  ]);
}

/** Until the site's own script says that it is done. */
export function untilReady() {
  return new Promise((resolve, reject) => {
    const look = () =>
      'ready' in document.documentElement.dataset ? resolve(null) : setTimeout(look, 20);
    look();
    setTimeout(() => reject(new Error('the site is not ready')), 5000);
  });
}
