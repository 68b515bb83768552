/** All difficult states of a DOM, by subject. */
import { STATES as WRITING } from './dom-states.mjs';
import { FOREIGN } from './states-foreign.mjs';
import { FORMS } from './states-forms.mjs';
import { NESTING } from './states-nesting.mjs';
import { TABLES } from './states-tables.mjs';
import { ATTRIBUTES, TEXT } from './states-text.mjs';
import { EXTENT, SHADOWS, TEMPLATES } from './states-trees.mjs';

/** @type {Record<string, import('./states-nesting.mjs').States>} */
export const SUBJECTS = {
  nesting: NESTING,
  tables: TABLES,
  forms: FORMS,
  text: TEXT,
  attributes: ATTRIBUTES,
  'foreign content': FOREIGN,
  'shadow trees': SHADOWS,
  templates: TEMPLATES,
  extent: EXTENT,
  'the wire form': WRITING,
};
