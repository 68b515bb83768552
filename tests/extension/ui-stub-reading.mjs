/**
 * What a reader of the host of ui-stub.mjs marks. Runs inside the page before `install`, so it may use nothing
 * from outside.
 *
 * @param {import('./ui-stub.mjs').Scene} scene
 */
export function installReading(scene) {
  const page = /** @type {any} */ (globalThis);

  /**
   * @param {any[]} pages - what the library holds
   * @param {(id: number) => any} _find
   * @param {(name: string) => never} refuse
   * @returns {Record<string, (params: any) => any>}
   */
  page.reading = (pages, _find, refuse) => {
    let highlights = structuredClone(scene.highlights ?? []);
    /** @type {any[]} */
    const deleted = [];
    const one = (/** @type {number} */ id) =>
      highlights.find((/** @type {any} */ { highlight }) => highlight === id) ??
      refuse('not_found');
    return {
      'highlights.list': ({ page: of, snapshot, limit = 50 }) => {
        const found = highlights.filter(
          (/** @type {any} */ each) =>
            (of === undefined || each.page === of) &&
            (snapshot === undefined || each.snapshot === snapshot),
        );
        return { highlights: found.slice(0, limit), cursor: '' };
      },
      'highlights.add': ({ snapshot, ...more }) => {
        const saved = pages.find(
          (/** @type {any} */ { snapshot: latest, versions }) =>
            snapshot <= latest && snapshot > latest - versions,
        );
        const added = {
          highlight: highlights.length + deleted.length + 1,
          page: saved?.page ?? refuse('not_found'),
          snapshot,
          version: saved.versions - (saved.snapshot - snapshot),
          title: saved.title,
          made: Date.now(),
          changed: Date.now(),
          prefix: '',
          suffix: '',
          colour: 'yellow',
          note: '',
          ...more,
        };
        highlights.push(added);
        return added;
      },
      'highlights.update': ({ highlight, ...changes }) => Object.assign(one(highlight), changes),
      'highlights.delete': ({ highlight }) => {
        deleted.push(one(highlight));
        highlights = highlights.filter((/** @type {any} */ each) => each.highlight !== highlight);
        return {};
      },
      'highlights.restore': ({ highlight }) => {
        highlights.push(...deleted.filter((each) => each.highlight === highlight));
        return {};
      },
    };
  };
}
