/**
 * What stands above the queue while pages let only a browser in: why, and the permission that lets
 * Linksnap open them.
 */
import { el, icon } from './dom.js';
import { plural, t } from './i18n.js';
import { mayUseBrowser } from './queue.js';
import { askForAllSites, watchSites } from './sites.js';

export class WallStrip {
  #count = 0;
  #allowed = false;
  #onAllowed;
  #lead = el('p', {});
  #refused = el('p', { class: 'refused', role: 'status' });

  /** @param {() => void} onAllowed - the permission was just given */
  constructor(onAllowed) {
    this.#onAllowed = onAllowed;
    const attributes = { type: 'button', class: 'button', onclick: () => this.#ask() };
    const body = el('div', {}, this.#lead, this.#refused);
    const button = el('button', attributes, t('queueWallAllow'));
    this.root = el('div', { class: 'strip warn wall', hidden: true }, icon('lock'), body, button);
    watchSites(() => this.#look());
    this.#look();
  }

  /** @param {number} count - jobs that need a browser */
  show(count) {
    if (count !== this.#count) {
      this.#count = count;
      this.#lead.textContent = plural('queueWall', count);
    }
    this.root.hidden = count === 0 || this.#allowed;
  }

  async #look() {
    this.#allowed = await mayUseBrowser();
    this.show(this.#count);
  }

  /** Nothing may be awaited before the browser is made to ask. */
  async #ask() {
    const given = await askForAllSites().catch(() => false);
    this.#refused.textContent = given ? '' : t('queueWallRefused');
    if (given) {
      await this.#look();
      this.#onAllowed();
    }
  }
}
