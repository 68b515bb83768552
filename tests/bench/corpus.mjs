/**
 * The pages that `make bench-fidelity` compares: material that the package registries hold, and small
 * pages of our own (in pages/) that use a library's own files.
 *
 * @typedef {object} CorpusPage
 * @property {string} name
 * @property {string} path - on the corpus server
 * @property {string[]} packages - what must be there: of npm in exact versions, of Debian as its release has it
 * @property {string} [ready] - an expression that is true once the page's scripts have done their work
 * @property {Record<string, import('./corpus-server.mjs').Twist>} [twists] - by path
 */
import { CHARTS } from './corpus-charts.mjs';
import { COMPONENTS } from './corpus-components.mjs';
import { DOCUMENTS } from './corpus-documents.mjs';
import { TREES } from './corpus-trees.mjs';

export const CORPUS = [...DOCUMENTS, ...COMPONENTS, ...CHARTS, ...TREES];
