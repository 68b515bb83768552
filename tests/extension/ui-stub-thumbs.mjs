/**
 * The small pictures of the host of ui-stub.mjs. Runs inside the page before `install`, so it may use nothing
 * from outside.
 *
 * @param {import('./ui-stub.mjs').Scene} scene
 */
export function installThumbs(scene) {
  const page = /** @type {any} */ (globalThis);

  /** @returns {Record<string, (params: any) => any>} */
  page.thumbs = () => {
    const kept = structuredClone(scene.thumbnails ?? {});
    return {
      'thumbnails.get': ({ snapshots }) => ({
        thumbnails: snapshots.map((/** @type {number} */ snapshot) => ({
          snapshot,
          data: kept[snapshot] ?? '',
          picture: kept[snapshot] === undefined ? (scene.pictures?.[snapshot] ?? '') : '',
        })),
      }),
      'thumbnails.set': ({ snapshot, media_type: type, data }) => {
        kept[snapshot] = data ? `data:${type};base64,${data}` : '';
        return {};
      },
    };
  };
}
