/**
 * Resources that a snapshot lacks, fetched in the browser: by a walker in the page, or by this worker
 * where the person has allowed the site. Each comes whole or not at all.
 */
import { api } from '../lib/api.js';

/** @typedef {import('./walkers.js').Walker} Walker */
/** @typedef {import('../lib/protocol.js').Wanted} Wanted */

/**
 * @typedef {object} Found
 * @property {string} url - as it was wanted
 * @property {string} base - after redirects
 * @property {string} media_type - '' when nothing says
 * @property {number} size - bytes
 * @property {string[]} parts - Base64
 */

/**
 * Bytes and milliseconds of one, milliseconds in which nothing comes, and how many are asked for at
 * once. When as many servers fell silent, nothing more is asked for.
 */
const EACH = { most: 50 * 1024 * 1024, ms: 20_000, idleMs: 4000, atOnce: 6 };

/** Bytes of one part: a multiple of three, so that Base64 can be cut there. */
const PART = 3 * 192 * 1024;

/** Bytes that become characters in one call. */
const STEP = 8192;

/**
 * What may still be taken.
 *
 * @typedef {{ bytes: number, until: number }} Allowance - `until` as Date.now()
 */

/**
 * @param {Walker} walker
 * @param {Wanted[]} wanted
 * @param {Allowance} allowance
 * @returns {AsyncGenerator<Found>} ends early when the frame goes away
 */
export async function* fetchInPage(walker, wanted, { bytes, until }) {
  /** @type {Found | null} */
  let found = null;
  try {
    const limits = { ...EACH, all: bytes, allMs: until - Date.now() };
    await walker.ask({ ask: 'fetch', wanted, limits });
    for (;;) {
      /** @type {import('../capture/supply.js').Part | null} */
      const part = await walker.ask({ ask: 'next' });
      if (!part) {
        return;
      }
      const { data, last, url, base = '', media_type = '' } = part;
      found = url === undefined ? found : { url, base, media_type, size: 0, parts: [] };
      if (found) {
        found.parts.push(data);
        found.size += (data.length / 4) * 3;
        if (last) {
          yield found;
          found = null;
        }
      }
    }
  } catch {
    // The page was left: what it had not handed out is missing.
  }
}

/**
 * @param {Wanted[]} wanted
 * @param {string} page - its URL: only what is its own is asked for with cookies
 * @param {Allowance} allowance
 * @param {AbortSignal} [signal]
 * @returns {AsyncGenerator<Found>}
 */
export async function* fetchHere(wanted, page, { bytes: all, until }, signal) {
  const allowed = [];
  for (const each of wanted) {
    if (await isAllowed(each.url)) {
      allowed.push(each);
    }
  }
  let left = all;
  const silences = { count: 0 };
  const ahead = allowed.slice(0, EACH.atOnce).map((each) => get(each.url, page, silences, signal));
  for (const [i, { url }] of allowed.entries()) {
    const found = await ahead[i];
    delete ahead[i];
    const next = i + EACH.atOnce;
    if (next < allowed.length && Date.now() < until && silences.count < EACH.atOnce) {
      ahead[next] = get(allowed[next].url, page, silences, signal);
    }
    if (found && found.bytes.length <= left) {
      const { media_type, bytes } = found;
      left -= bytes.length;
      yield {
        url,
        base: url,
        media_type,
        size: bytes.length,
        parts: toParts(bytes),
      };
    }
  }
}

/**
 * Without the permission a request would bring no cookies, and no answer that can be read.
 *
 * @param {string} url
 * @returns {Promise<boolean>}
 */
async function isAllowed(url) {
  const { protocol, hostname } = new URL(url);
  try {
    return await api.permissions.contains({
      origins: [`${protocol}//${hostname}/*`],
    });
  } catch {
    return false;
  }
}

/**
 * Whether a URL is of the page's own host, or of one below it. What asks here is the extension, so
 * that browsers would send even cookies that no page of another site can have sent (SameSite).
 *
 * @param {string} url
 * @param {string} page
 */
function isOwn(url, page) {
  const own = new URL(page).hostname.replace(/^www\./, '');
  const { hostname } = new URL(url);
  return hostname === own || hostname.endsWith(`.${own}`);
}

/**
 * A redirect is not followed: the page chooses where it leads.
 *
 * @param {string} url
 * @param {string} page
 * @param {{ count: number }} silences - servers that stopped sending
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ media_type: string, bytes: Uint8Array } | null>}
 */
async function get(url, page, silences, signal) {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const timer = setTimeout(stop, EACH.ms);
  let idle = setTimeout(stop, EACH.idleMs);
  const renew = () => {
    clearTimeout(idle);
    idle = setTimeout(stop, EACH.idleMs);
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    /** @type {RequestInit} */
    const options = {
      credentials: isOwn(url, page) ? 'include' : 'omit',
      redirect: 'error',
      signal: controller.signal,
    };
    let answer = await fetch(url, { ...options, cache: 'force-cache' });
    if (!answer.ok) {
      // What the cache remembers may be an error of long ago.
      await answer.body?.cancel();
      answer = await fetch(url, { ...options, cache: 'reload' });
    }
    const announced = Number(answer.headers.get('content-length'));
    if (!answer.ok || announced > EACH.most) {
      await answer.body?.cancel();
      return null;
    }
    renew();
    const bytes = await readBody(answer, renew);
    const media_type = answer.headers.get('content-type') ?? '';
    return bytes && { media_type, bytes };
  } catch {
    silences.count += controller.signal.aborted ? 1 : 0;
    return null;
  } finally {
    clearTimeout(timer);
    clearTimeout(idle);
    signal?.removeEventListener('abort', stop);
  }
}

/**
 * @param {Response} answer
 * @param {() => void} onRead - something has come
 * @returns {Promise<Uint8Array | null>} null when it is empty or too large
 */
async function readBody(answer, onRead) {
  const reader = answer.body?.getReader();
  /** @type {Uint8Array[]} */
  const chunks = [];
  let size = 0;
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    onRead();
    size += read.value.length;
    if (size > EACH.most) {
      await reader?.cancel();
      return null;
    }
    chunks.push(read.value);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return size > 0 ? bytes : null;
}

/**
 * @param {Uint8Array} bytes
 * @returns {string[]} Base64
 */
function toParts(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += PART) {
    let text = '';
    const end = Math.min(at + PART, bytes.length);
    for (let from = at; from < end; from += STEP) {
      text += String.fromCharCode(...bytes.subarray(from, Math.min(from + STEP, end)));
    }
    parts.push(btoa(text));
  }
  return parts;
}
