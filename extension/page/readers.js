/** Reads what the host hands out in parts: the text of a snapshot, one of its files, all of it. */

/** A longer text is compared as far as this, in bytes. */
const LONGEST_TEXT = 16 * 1024 * 1024;

/**
 * @typedef {object} Reading
 * @property {AbortSignal} [signal]
 * @property {(done: number, total: number) => void} [onProgress] - bytes
 */

/**
 * @param {import('../lib/host.js').Host} host
 * @param {number} snapshot
 * @param {Reading} reading
 * @returns {Promise<{ text: string, isCut: boolean }>} rejects with a HostError
 */
export async function readText(host, snapshot, reading) {
  const parts = [];
  let size = 0;
  let offset = 0;
  for await (const part of partsOf(host, 'snapshots.text', { snapshot }, reading)) {
    parts.push(part.data);
    size = part.size;
    offset = part.next ?? size;
    if (offset >= LONGEST_TEXT) {
      break;
    }
  }
  return { text: parts.join(''), isCut: offset < size };
}

/**
 * @param {import('../lib/host.js').Host} host
 * @param {number} snapshot
 * @param {string} asset
 * @param {Reading} reading
 * @returns {Promise<Blob>} of no type; rejects with a HostError
 */
export async function readAsset(host, snapshot, asset, reading) {
  const parts = [];
  for await (const part of partsOf(host, 'snapshots.read', { snapshot, asset }, reading)) {
    parts.push(Uint8Array.from(atob(part.data), (letter) => letter.charCodeAt(0)));
  }
  return new Blob(parts);
}

/**
 * @param {import('../lib/host.js').Host} host
 * @param {number} snapshot
 * @param {Reading} reading
 * @returns {Promise<Blob>} the self-contained file; rejects with a HostError
 */
export async function readPage(host, snapshot, reading) {
  const parts = [];
  for await (const part of partsOf(host, 'snapshots.read', { snapshot }, reading)) {
    parts.push(part.data);
  }
  return new Blob(parts, { type: 'text/html;charset=utf-8' });
}

/**
 * @param {import('../lib/host.js').Host} host
 * @param {string} method
 * @param {Record<string, unknown>} params
 * @param {Reading} reading
 */
async function* partsOf(host, method, params, { signal, onProgress }) {
  /** @type {number | null} */
  let offset = 0;
  while (offset !== null) {
    const part = await host.request(method, { ...params, offset }, { signal });
    offset = part.next;
    onProgress?.(offset ?? part.size, part.size);
    yield part;
  }
}
