// A store with pages whose words a test chooses: they come as captures, so that a URL may be anything.
import assert from 'node:assert/strict';

import { Port, scratch } from './port.mjs';

/**
 * @typedef {object} Item
 * @property {string} [url]
 * @property {string} [title]
 * @property {string} [text]
 * @property {string[]} [tags]
 * @property {string} [note]
 */

/**
 * @typedef {object} Shelf
 * @property {string} folder
 * @property {Port} port greeted
 * @property {(item: Item) => Promise<number>} save gives the number of the page
 */

/** @param {string} text */
const escaped = (text) =>
  text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;' })[sign] ?? '&gt;');

/**
 * @param {Port} port
 * @param {Item} item
 * @returns {Promise<number>} the page
 */
export async function put(port, { url = 'http://127.0.0.1:9/', text = '', ...item }) {
  const { capture } = await port.request('capture.begin', { url, ...item });
  const head = '<head><link rel="icon" href="data:,"/></head>';
  const data = `<html xmlns="http://www.w3.org/1999/xhtml">${head}<body><p>${escaped(text)}</p></body></html>`;
  const part = { capture, item: 0, seq: 0, kind: 'document', url, data, last: true };
  await port.request('capture.add', part);
  const { page } = await port.request('capture.commit', { capture });
  return page;
}

/**
 * Runs `act` on a store with these pages, numbered from 1 in their order.
 * @param {Item[]} items
 * @param {(shelf: Shelf) => Promise<void>} act
 */
export async function withShelf(items, act) {
  const { folder, remove } = scratch();
  const port = new Port(folder);
  try {
    await port.hello();
    for (const [i, item] of items.entries()) {
      const page = await put(port, { url: `http://127.0.0.1:9/${i + 1}`, ...item });
      assert.equal(page, i + 1);
    }
    await act({ folder, port, save: (item) => put(port, item) });
    assert.equal(await port.close(), 0, port.log);
  } finally {
    port.child.kill('SIGKILL');
    await port.ended;
    remove();
  }
}

/** The numbers of what was found. @param {{ pages: { page: number }[] }} answer */
export const numbers = ({ pages }) => pages.map(({ page }) => page);

/** All tags by name, as `name pages/below colour`. @param {Port} port @param {object} [params] */
export async function tags(port, params = { all: true }) {
  /** @type {{ tags: { name: string, pages: number, below: number, colour: string }[] }} */
  const list = await port.request('tags.list', params);
  return list.tags.map(({ name, pages, below, colour }) =>
    `${name} ${pages}/${below} ${colour}`.trim(),
  );
}
