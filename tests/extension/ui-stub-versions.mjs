/**
 * The versions of a page in the host of ui-stub.mjs. Runs inside the page before `install`, so it may use nothing
 * from outside.
 *
 * @param {import('./ui-stub.mjs').Scene} scene
 */
export function installVersions(scene) {
  const page = /** @type {any} */ (globalThis);

  /**
   * @param {any[]} pages - what the library holds
   * @param {(id: number) => any} _find
   * @param {(name: string) => never} refuse
   * @returns {Record<string, (params: any) => any>}
   */
  page.versions = (pages, _find, refuse) => {
    /** Numbers of snapshots that are in the trash. */
    const trashed = new Set(scene.versionsTrashed ?? []);
    page.isVersionTrashed = (/** @type {number} */ snapshot) => trashed.has(snapshot);
    const owner = (/** @type {number} */ snapshot) =>
      pages.find(
        (/** @type {any} */ each) =>
          snapshot <= each.snapshot && snapshot > each.snapshot - each.versions,
      ) ?? refuse('not_found');
    const answer = (/** @type {any} */ saved) => {
      const left = Array.from({ length: saved.versions }, (_, i) => saved.snapshot - i).filter(
        (one) => !trashed.has(one),
      );
      return { page: saved.page, snapshot: left[0], versions: left.length };
    };
    return {
      'snapshots.text': ({ snapshot, offset }) => {
        const text = scene.versionTexts?.[snapshot] ?? 'What the page says.';
        const parts = scene.textParts ?? 1;
        const size = Math.ceil(text.length / parts);
        const next = offset + size < text.length ? offset + size : null;
        return { data: text.slice(offset, offset + size), next, size: text.length };
      },
      'snapshots.compare': () =>
        scene.compared ?? { added: [], gone: [], changed: [], more: false },
      'snapshots.trash': ({ snapshot }) => {
        const saved = owner(snapshot);
        if (answer(saved).versions < 2) {
          refuse('order');
        }
        trashed.add(snapshot);
        return answer(saved);
      },
      'snapshots.restore': ({ snapshot }) => {
        trashed.delete(snapshot);
        return answer(owner(snapshot));
      },
    };
  };
}
