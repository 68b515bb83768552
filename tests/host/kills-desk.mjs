// What plans of work are made from.
/**
 * @typedef {import('./kills-model.mjs').Model} Model
 * @typedef {import('./kills-model.mjs').Page} Page
 * @typedef {import('./kills-model.mjs').State} State
 * @typedef {import('./kills-model.mjs').Work} Work
 *
 * @typedef {object} Plan
 * @property {string} kind
 * @property {Work[]} works
 * @property {(actor: any) => Promise<void>} run throws when there was no answer, or an error
 *
 * @typedef {object} Desk what a plan is made from
 * @property {Model} model
 * @property {(end: number) => number} random
 * @property {string} origin of the site
 * @property {{ count: number }} serial counts what is made up
 * @property {string} folder for what is written beside the store
 * @property {boolean} emptying somebody deletes what is in the trash
 */

const families = 10;
const members = 5;

/** Pages of a family share tags. @param {number} n */
export const familyOf = (n) => n % families;

/** @param {Desk} desk @template T @param {T[]} list @returns {T} */
export const pick = ({ random }, list) => list[Math.floor(random(list.length))];

/** @param {Desk} desk @param {(page: Page) => boolean} [fits] @param {number} [most] */
export function free({ model, random }, fits = () => true, most = 1) {
  const list = model.pages.filter((page) => page.work === null && fits(page));
  const start = Math.floor(random(list.length));
  return [...list.slice(start), ...list.slice(0, start)].slice(0, most);
}

export const isThere = (/** @type {Page} */ { state }) => state !== null;
export const isShown = (/** @type {Page} */ { state }) => state !== null && !state.trashed;

/** A tag that pages of its family share. @param {Desk} desk @param {number} n */
export const familyTag = (desk, n) => `fam${familyOf(n)}x${Math.floor(desk.random(members))}`;

export const isFamily = (/** @type {string} */ tag) => tag.startsWith('fam');

/** @param {State} state @param {Partial<State>} change @returns {State} */
export const changed = (state, change) => ({
  title: change.title ?? state.title,
  note: change.note ?? state.note,
  tags: [...new Set(change.tags ?? state.tags)].sort(),
  trashed: change.trashed ?? state.trashed,
  hidden: change.hidden ?? state.hidden,
  marks: [...(change.marks ?? state.marks)].sort(),
  small: [...(change.small ?? state.small)].sort(),
});

/** A page as it is when it is saved first. @param {string} title @returns {State} */
export const unsaid = (title) => ({
  title,
  note: '',
  tags: [],
  trashed: false,
  hidden: [],
  marks: [],
  small: [],
});

/** Acknowledged versions that are not in the trash. @param {Page} page */
export const shownVersions = ({ snapshots, state }) =>
  [...snapshots].filter((id) => !state?.hidden.includes(id));

/**
 * @param {Desk} desk
 * @param {string} kind
 * @param {Page[]} pages
 * @param {(state: State | null, page: Page) => (State | null)[]} become
 * @param {Partial<Work>} [more]
 */
export const workOn = ({ model }, kind, pages, become, more = {}) =>
  model.begin({
    kind,
    pages: pages.map((page) => ({ page, options: [page.state, ...become(page.state, page)] })),
    whole: true,
    ...more,
  });
