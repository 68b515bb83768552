/** What the walks through the library share. */
import path from 'node:path';
import { fill } from '../bench/figures.mjs';
import { Port, programs, scratch } from '../host/port.mjs';

/** @typedef {import('./browsers.mjs').BrowserPage} BrowserPage */

export const HOST = path.join(programs, 'linksnap-host');

/**
 * Puts small pages into a store.
 *
 * @param {string} store
 * @param {number} count
 */
export async function fillStore(store, count) {
  const { folder, remove } = scratch();
  const port = new Port(folder, { LINKSNAP_DB: store });
  await port.hello();
  await fill(port, count);
  await port.close();
  remove();
}

/** A page of the extension with a list of saved pages, as a person uses it. */
export class List {
  /** @param {BrowserPage} page */
  constructor(page) {
    this.page = page;
  }

  /** Goes to the search by its key, from wherever the focus is. */
  async toSearch() {
    await this.page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement)?.blur());
    await this.page.press('/');
    await this.page.waitFor(() => document.activeElement?.id === 'query');
  }

  /** Goes to the list. */
  async toList() {
    await this.toSearch();
    await this.page.press('ArrowDown');
    await this.page.waitFor(() => document.activeElement?.matches('#results .row-title'));
  }

  /** The titles that are in view or near it, in their order. */
  titles() {
    return this.page.evaluate(() =>
      [...document.querySelectorAll('#results .row-title')].map(
        ({ textContent }) => textContent ?? '',
      ),
    );
  }

  /**
   * Waits until the first page is this one, or until there is none.
   *
   * @param {string | undefined} title - a part of it
   */
  first(title) {
    return this.page.waitFor((wanted) => {
      const found = document.querySelector('#results .row-title')?.textContent;
      return wanted === undefined ? found === undefined : found?.includes(wanted);
    }, title);
  }

  /** The tags of the first page. @param {string} tag */
  firstHas(tag) {
    return this.page.waitFor((wanted) => {
      const row = document.querySelector('#results .row-title')?.closest('li');
      return [...(row?.querySelectorAll('.chip') ?? [])].some((chip) =>
        chip.textContent?.includes(wanted),
      );
    }, tag);
  }

  /** Waits for what the page tells at its foot. */
  told() {
    return this.page.waitFor(() => document.querySelector('#toast .toast')?.textContent);
  }

  /**
   * @param {number} times
   * @param {string} keys
   */
  async press(keys, times = 1) {
    for (let i = 0; i < times; i++) {
      await this.page.press(keys);
    }
  }
}
