/** The links in what a person has selected, all of them into the queue. */
import { api } from '../lib/api.js';
import { asHostError } from '../lib/errors.js';
import { Host } from '../lib/host.js';
import { LIMITS } from '../lib/protocol.js';
import { addToQueue } from '../lib/queue.js';
import { clip } from '../lib/text.js';
import { ofPage, wishes } from '../lib/wishes.js';
import { showCount, showFailed } from './badge.js';
import { run } from './queue.js';

/**
 * Of one frame, `page` its URL: see capture/selected.js.
 *
 * @typedef {{ page: string, links: string[], texts: string[] }} Selected
 */

/** @typedef {{ text: string, tabId: number | undefined, page: string }} Selection - `page`: its URL */

/** Words of links that are shorter than this are no addresses. */
const SHORT = 4;

/**
 * @param {Selection} selection
 * @returns {Promise<import('../lib/errors.js').HostError | null>} what went wrong, for people to be told
 */
export async function saveSelection({ text, tabId, page }) {
  // At once: the person's click lets the extension into the page for now.
  const reading = selectedIn(tabId);
  const host = new Host();
  try {
    const frames = await reading;
    const texts = frames.flatMap((frame) => frame.texts);
    const places = new Map(frames.flatMap((frame) => frame.links.map((url) => [url, frame.page])));
    for (const url of await written(host, text, texts)) {
      places.set(url, places.get(url) ?? page);
    }
    showCount(tabId, await add(host, places));
    if (places.size > 0) {
      run();
    }
    return null;
  } catch (thrown) {
    const error = asHostError(thrown);
    showFailed(tabId, error);
    return error;
  } finally {
    host.close();
  }
}

/**
 * @param {Host} host
 * @param {Map<string, string>} places - by URL: the URL of the document it stands in
 * @returns {Promise<number>} how many were added
 */
async function add(host, places) {
  const wish = await wishes();
  /** @type {string[]} */
  const own = [];
  /** @type {string[]} */
  const others = [];
  for (const [url, page] of places) {
    (ofPage(url, page).private === undefined ? own : others).push(url);
  }
  const { jobs } = await addToQueue(host, own, wish);
  const more = await addToQueue(host, others, { ...wish, private: false });
  return jobs.length + more.jobs.length;
}

/**
 * @param {number | undefined} tabId
 * @returns {Promise<Selected[]>} nothing where the browser keeps extensions out
 */
async function selectedIn(tabId) {
  try {
    const frames = await api.scripting.executeScript({
      target: { tabId: Number(tabId), allFrames: true },
      files: ['/capture/selected.js'],
    });
    return frames.flatMap(({ result }) => /** @type {Selected | null} */ (result) ?? []);
  } catch {
    return [];
  }
}

/**
 * Addresses that stand in the text and are no links.
 *
 * @param {Host} host
 * @param {string} selected
 * @param {string[]} texts - of links
 * @returns {Promise<string[]>}
 */
async function written(host, selected, texts) {
  const rest = texts
    .map((text) => text.replace(/\s+/g, ' '))
    .filter((text) => text.length >= SHORT)
    .sort((a, b) => b.length - a.length)
    .reduce((text, each) => text.replaceAll(each, '\n'), selected.replace(/\s+/g, ' '));
  if (!/[.:]/.test(rest)) {
    return []; // nothing in it can be one
  }
  /** @type {import('../lib/protocol.js').LinksFound} */
  const { links } = await host.request('links.find', {
    text: clip(rest, LIMITS.linksText),
  });
  return links.map(({ url }) => url);
}
