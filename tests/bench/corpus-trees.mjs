/** What a tree of elements can hold besides: frames, shadow trees, the state of forms. */
import { ourPage } from './corpus-page.mjs';

/** @type {import('./corpus.mjs').CorpusPage[]} */
export const TREES = [
  ourPage('frames', 'deb:git-doc', 'npm:leaflet@1.9.4', 'deb:postgresql-doc-15'),
  ourPage('frameset', 'deb:git-doc', 'deb:maint-guide-zh-cn'),
  ourPage('forms', 'npm:bulma@1.0.4'),
];
