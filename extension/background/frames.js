/**
 * Which document belongs into which frame element: tokens that walkers post into frames, and hear.
 */
import { sleep } from './walkers.js';

/** @typedef {import('./capture.js').Document} Document */

/** How long tokens may be on their way into frames. */
const JOIN_MS = 1000;

/** Documents inside each other; the host reads no more. */
const DEEPEST_FRAME = 8;

/**
 * Waits until every frame has heard the token that its element was given.
 *
 * @param {Document[]} documents
 */
export async function tokensHeard(documents) {
  const given = new Set(documents.flatMap(({ frames }) => frames.map(({ token }) => token)));
  const inside = documents.slice(1).map(({ walker }) => walker);
  const all = Promise.all(
    inside.map(
      (walker) =>
        new Promise((resolve) => {
          walker.onHeard = () => {
            if ([...walker.heard].some((token) => given.has(token))) {
              resolve(undefined);
            }
          };
          walker.onHeard();
        }),
    ),
  );
  await Promise.race([all, sleep(JOIN_MS)]);
}

/**
 * Numbers the documents that can be reached from the page's own and tells each what its frames show.
 *
 * @param {Document[]} documents - the page's own first
 * @returns {Document[]} numbered in their order
 */
export function join(documents) {
  /** @type {Map<string, Document>} */
  const byToken = new Map();
  for (const document of documents.slice(1)) {
    for (const token of document.walker.heard) {
      byToken.set(token, document);
    }
  }
  const joined = documents.slice(0, 1);
  for (const outer of joined) {
    outer.items = outer.frames.map(({ token, isWeb }) => {
      const inner = byToken.get(token);
      if (!inner || joined.includes(inner) || outer.depth + 1 >= DEEPEST_FRAME) {
        return null;
      }
      if (isWeb && inner.url === 'about:blank') {
        return null; // not loaded yet: the host fetches it
      }
      inner.item = joined.length;
      inner.depth = outer.depth + 1;
      joined.push(inner);
      return inner.item;
    });
  }
  return joined;
}

/**
 * Frames that no walker was let into: without a permission for their sites the host fetches them.
 *
 * @param {Document[]} documents - joined
 */
export function countForeign(documents) {
  return documents
    .flatMap(({ frames, items }) => frames.map(({ isWeb }, i) => isWeb && items[i] === null))
    .filter(Boolean).length;
}
