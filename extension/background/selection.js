/** The links in what a person has selected, all of them into the queue. */
import { api } from '../lib/api.js';
import { asHostError } from '../lib/errors.js';
import { Host } from '../lib/host.js';
import { LIMITS } from '../lib/protocol.js';
import { addToQueue } from '../lib/queue.js';
import { clip } from '../lib/text.js';
import { wishes } from '../lib/wishes.js';
import { showCount, showFailed } from './badge.js';
import { run } from './queue.js';

/** @typedef {{ links: string[], texts: string[] }} Selected - of one frame: see capture/selected.js */

/** Words of links that are shorter than this are no addresses. */
const SHORT = 4;

/**
 * @param {{ text: string, tabId: number | undefined }} selection
 * @returns {Promise<import('../lib/errors.js').HostError | null>} what went wrong, for people to be told
 */
export async function saveSelection({ text, tabId }) {
  // At once: the person's click lets the extension into the page for now.
  const reading = selectedIn(tabId);
  const host = new Host();
  try {
    const { links, texts } = await reading;
    const urls = new Set([...links, ...(await written(host, text, texts))]);
    const added = urls.size > 0 ? await addToQueue(host, [...urls], await wishes()) : { jobs: [] };
    showCount(tabId, added.jobs.length);
    if (urls.size > 0) {
      run();
    }
    return null;
  } catch (thrown) {
    showFailed(tabId);
    return asHostError(thrown);
  } finally {
    host.close();
  }
}

/**
 * @param {number | undefined} tabId
 * @returns {Promise<Selected>} nothing where the browser keeps extensions out
 */
async function selectedIn(tabId) {
  try {
    const frames = await api.scripting.executeScript({
      target: { tabId: Number(tabId), allFrames: true },
      files: ['/capture/selected.js'],
    });
    const found = frames.flatMap(({ result }) => /** @type {Selected | null} */ (result) ?? []);
    return {
      links: found.flatMap(({ links }) => links),
      texts: found.flatMap(({ texts }) => texts),
    };
  } catch {
    return { links: [], texts: [] };
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
  const { links } = await host.request('links.find', { text: clip(rest, LIMITS.linksText) });
  return links.map(({ url }) => url);
}
