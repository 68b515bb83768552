/** Many links with words of their own: which of them are saved already, and their way into the queue. */
import { LIMITS } from '../lib/protocol.js';

/** @typedef {import('./bookmarks.js').Link} Link */
/** @typedef {import('../lib/host.js').Host} Host */
/** @typedef {import('../lib/work.js').Doing} Doing */

/** Of one request, far below what a message may hold: links, values and bytes. */
const FULL = { links: 400, values: 12_000, bytes: LIMITS.linksBytes / 2 };

/**
 * @param {Host} host
 * @param {readonly string[]} urls
 * @param {Doing} doing
 * @returns {Promise<Map<string, number>>} pages by address
 */
export async function knownOf(host, urls, { signal, step }) {
  /** @type {Map<string, string>} */
  const spelled = new Map(
    urls.flatMap((url) => (URL.canParse(url) ? [[new URL(url).href, url]] : [])),
  );
  const known = new Map();
  for (let i = 0; i < urls.length; i += FULL.links) {
    const text = urls.slice(i, i + FULL.links).join('\n');
    const { links } = await host.request('links.find', { text }, { signal });
    for (const { page, url } of links) {
      const asGiven = spelled.get(url);
      if (page !== null && asGiven) {
        known.set(asGiven, page);
      }
    }
    step(Math.min(urls.length, i + FULL.links), urls.length);
  }
  return known;
}

/**
 * @param {Host} host
 * @param {readonly Link[]} links
 * @param {object} common - of all: tags and wishes()
 * @param {Doing} doing
 * @param {import('../lib/queue.js').QueueAdded} added - what is added, even if it ends early
 */
export async function addLinks(host, links, common, { signal, step }, added) {
  let done = 0;
  for (const some of parts(links, added)) {
    if (signal.aborted) {
      return;
    }
    const { jobs, refused } = await host.request('queue.add', { links: some, ...common });
    added.jobs.push(...jobs);
    added.refused.push(...refused);
    done += some.length;
    step(done, links.length);
  }
}

/**
 * @param {readonly Link[]} links
 * @param {import('../lib/queue.js').QueueAdded} added
 * @returns {Generator<object[]>}
 */
function* parts(links, added) {
  const encoder = new TextEncoder();
  let part = /** @type {object[]} */ ([]);
  let [values, bytes] = [0, 0];
  for (const { note, tags, title, url } of links) {
    if (encoder.encode(url).length > LIMITS.url) {
      added.refused.push({ url, name: 'url', message: 'longer than a URL may be' });
      continue;
    }
    const link = {
      url,
      ...(title && { title }),
      ...(tags.length && { tags }),
      ...(note && { note }),
    };
    const size = encoder.encode(JSON.stringify(link)).length;
    const isFull = part.length >= FULL.links || values + tags.length > FULL.values;
    if (part.length && (isFull || bytes + size > FULL.bytes)) {
      yield part;
      part = [];
      [values, bytes] = [0, 0];
    }
    part.push(link);
    values += tags.length + 8;
    bytes += size;
  }
  if (part.length) {
    yield part;
  }
}
