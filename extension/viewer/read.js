/** Reads a snapshot from the host, part by part. */

/**
 * @param {import('../lib/host.js').Host} host
 * @param {number} snapshot
 * @param {object} options
 * @param {(done: number, total: number) => void} options.onProgress - bytes
 * @param {AbortSignal} options.signal
 * @returns {Promise<{ file: Blob, leftOut: number }>} rejects with a HostError
 */
export async function readSnapshot(host, snapshot, { onProgress, signal }) {
  const parts = [];
  let leftOut = 0;
  /** @type {number | null} */
  let offset = 0;
  while (offset !== null) {
    const part = await host.request('snapshots.read', { snapshot, offset }, { signal });
    parts.push(part.data);
    leftOut = part.left_out;
    offset = part.next;
    onProgress(offset ?? part.size, part.size);
  }
  return { file: new Blob(parts, { type: 'text/html;charset=utf-8' }), leftOut };
}
