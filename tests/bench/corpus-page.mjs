/**
 * A page of ours, in pages/, that says itself when it is ready.
 *
 * @param {string} name
 * @param {...string} packages
 * @returns {import('./corpus.mjs').CorpusPage}
 */
export function ourPage(name, ...packages) {
  return { name, path: `/pages/${name}.html`, packages, ready: 'globalThis.isReady === true' };
}
