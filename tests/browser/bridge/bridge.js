/**
 * A page that stands in for the background in tests of the capture: it captures a tab and keeps what
 * would have gone to the host, checking each part against host/PROTOCOL.md.
 *
 * @typedef {{ number: number, seq: number, kind: string, url: string, base: string, doctype: string,
 *   media_type: string, data: string, last: boolean }} Item
 */
import { captureTab } from '../background/capture.js';
import { LIMITS } from '../lib/protocol.js';

const scope = /** @type {any} */ (globalThis);
const api = scope.browser ?? scope.chrome;

class FakeHost {
  /** @type {Map<number, Item>} */
  items = new Map();
  /** @type {Record<string, any>} */
  begin = {};
  /** @type {string[]} */
  faults = [];
  /** @type {string[]} */
  methods = [];
  /** @type {{ media_type: string, data: string } | null} */
  thumbnail = null;
  #received = 0;

  async hello() {
    return {};
  }

  /**
   * @param {string} method
   * @param {any} params
   */
  async request(method, params) {
    if (method === 'thumbnails.set') {
      this.thumbnail = params;
    } else if (method !== 'capture.add') {
      this.methods.push(method);
    }
    switch (method) {
      case 'capture.begin':
        this.begin = params;
        return { capture: '1' };
      case 'capture.add':
        return this.#add(params);
      default:
        return {};
    }
  }

  /** @param {any} part */
  #add({ item: number, seq, kind, url, base, doctype, media_type, data, last }) {
    const bytes = new TextEncoder().encode(data);
    if (bytes.length > LIMITS.part || new TextDecoder().decode(bytes) !== data) {
      this.faults.push(`part ${seq} of item ${number}: ${bytes.length} bytes, or a cut character`);
    }
    let item = this.items.get(number);
    if (!item) {
      item = { number, seq: -1, kind, url, base, doctype, media_type, data: '', last: false };
      this.items.set(number, item);
      if (!url || !(kind === 'document' || (kind === 'resource' && media_type && number > 0))) {
        this.faults.push(`item ${number}: first part of ${kind} without its members`);
      }
    } else if (kind ?? url ?? base ?? doctype ?? media_type) {
      this.faults.push(`item ${number}: members in a later part`);
    }
    if (seq !== item.seq + 1 || item.last) {
      this.faults.push(`item ${number}: part ${seq} after ${item.seq}`);
    }
    if (
      item.kind === 'resource' &&
      !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(data)
    ) {
      this.faults.push(`item ${number}: not Base64`);
    }
    Object.assign(item, { seq, last, data: item.data + data });
    this.#received += bytes.length;
    return { received: this.#received };
  }
}

scope.bridge = {
  /** @param {string} url - of the tab */
  async capture(url) {
    const tabs = await api.tabs.query({});
    const tab = tabs.find((/** @type {any} */ each) => each.url === url);
    return scope.bridge.captureId(tab?.id, tab?.title);
  },

  /**
   * @param {number} tabId
   * @param {string} [title]
   */
  async captureId(tabId, title) {
    const host = new FakeHost();
    const started = performance.now();
    /** @type {string | null} */
    let error = null;
    try {
      await captureTab(/** @type {any} */ (host), { tabId, title, tags: ['t'] });
    } catch (thrown) {
      const { name, message } = /** @type {Error} */ (thrown);
      error = `${name}: ${message}`;
    }
    const ms = performance.now() - started;
    const { begin, faults, methods, thumbnail } = host;
    const items = [...host.items.values()];
    return { begin, faults, methods, items, thumbnail, ms, error };
  },
};
