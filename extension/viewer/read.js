/** Reads a snapshot, or the file that it was made from, from the host: part by part. */

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

/**
 * @param {import('../lib/host.js').Host} host
 * @param {number} snapshot - one that has a file
 * @param {string} type - of the file
 * @param {object} options
 * @param {(done: number, total: number) => void} options.onProgress - bytes
 * @param {AbortSignal} options.signal
 * @returns {Promise<Blob>} rejects with a HostError
 */
export async function readOriginal(host, snapshot, type, { onProgress, signal }) {
  const parts = [];
  /** @type {number | null} */
  let offset = 0;
  while (offset !== null) {
    const params = { snapshot, offset, file: true };
    const part = await host.request('snapshots.read', params, { signal });
    parts.push(bytesOf(part.data));
    offset = part.next;
    onProgress(offset ?? part.size, part.size);
  }
  return new Blob(parts, { type });
}

/** @param {string} base64 */
function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    bytes[i] = text.charCodeAt(i);
  }
  return bytes;
}
