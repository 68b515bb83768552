/** Tags whose names have slashes, as a tree: `work/reading` stands below `work`. */

/**
 * @typedef {object} Node
 * @property {string} name - the last part of the path
 * @property {string} path
 * @property {number | null} pages - null: there is no tag of this path, only some below it
 * @property {Node[]} children - as in the list
 */

/**
 * @param {{ name: string, pages: number }[]} tags
 * @returns {Node[]} in the order of the list, a tag that is none where the first below it stands
 */
export function treeOf(tags) {
  const roots = /** @type {Node[]} */ ([]);
  /** @type {Map<string, Node>} */
  const nodes = new Map();
  /** @param {string} path */
  const nodeAt = (path) => {
    const known = nodes.get(path);
    if (known) {
      return known;
    }
    const cut = path.lastIndexOf('/');
    // A slash at either end sets nothing apart.
    const isBelow = cut > 0 && cut < path.length - 1;
    const node = { name: isBelow ? path.slice(cut + 1) : path, path, pages: null, children: [] };
    nodes.set(path, node);
    (isBelow ? nodeAt(path.slice(0, cut)).children : roots).push(node);
    return node;
  };
  for (const { name, pages } of tags) {
    /** @type {Node} */ (nodeAt(name)).pages = pages;
  }
  return roots;
}
