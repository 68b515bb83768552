/**
 * The page walkers of one tab (extension/capture/): one in each frame, each with a port to here.
 */
import { api } from '../lib/api.js';
import { HostError } from '../lib/errors.js';

/**
 * In their order: each uses what those before it assigned. From the root, since Firefox takes a
 * relative path from the page that asks.
 */
const FILES = (
  'xml nodes styles sheets switched faces animated marks scrolled overlaid pictures shots framed attributes pieces ' +
  'elements walk resources scroll supply session'
)
  .split(' ')
  .map((name) => `/capture/${name}.js`);

/** How long the page's own frame may take to run the walker. */
const TOP_MS = 15_000;

/** How long the other frames may take from then on: one that never loads would hold up the rest. */
const FRAMES_MS = 1000;

/** How long a walker may take for one answer. A page of 100,000 elements takes a second. */
const ANSWER_MS = 60_000;

/** The walker of one frame. */
export class Walker {
  #port;
  /** @type {((message: any) => void) | null} */
  #answered = null;
  #closed = false;
  /** Tokens that came in from the frame around this one. @type {Set<string>} */
  heard = new Set();
  /** Called when a token came in. */
  onHeard = () => {};

  /** @param {chrome.runtime.Port} port */
  constructor(port) {
    this.#port = port;
    this.isTop = port.sender?.frameId === 0;
    this.url = port.sender?.url ?? '';
    port.onMessage.addListener((message) => {
      if (typeof message?.heard === 'string') {
        this.heard.add(message.heard);
        this.onHeard();
      } else {
        this.#answered?.(message);
      }
    });
    port.onDisconnect.addListener(() => {
      this.#closed = true;
      this.#answered?.({ error: 'the frame is gone' });
    });
  }

  /**
   * Asks one thing; the next only when this is answered.
   *
   * @param {Record<string, unknown>} request
   * @returns {Promise<any>} rejects with `tab_gone` when the frame went away, `internal` otherwise
   */
  async ask(request) {
    if (this.#closed) {
      throw new HostError('tab_gone', 'the frame is gone');
    }
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const message = await new Promise((resolve) => {
      this.#answered = resolve;
      timer = setTimeout(() => resolve({ error: 'the page does not answer' }), ANSWER_MS);
      this.#port.postMessage(request);
    });
    clearTimeout(timer);
    this.#answered = null;
    if (message.error) {
      throw new HostError(this.#closed ? 'tab_gone' : 'internal', String(message.error));
    }
    return message.answer;
  }

  close() {
    this.#closed = true;
    this.#port.disconnect();
  }
}

/**
 * Starts a walker in every frame that this extension may read.
 *
 * @param {number} tabId
 * @returns {Promise<Walker[]>} the page's own first; to be closed. Rejects with `tab_forbidden` or
 *   `tab_gone`
 */
export async function openWalkers(tabId) {
  /** @type {Walker[]} */
  const walkers = [];
  const arrivals = new EventTarget();

  /** @param {chrome.runtime.Port} port */
  function connected(port) {
    if (port.name === 'capture' && port.sender?.tab?.id === tabId) {
      walkers.push(new Walker(port));
      arrivals.dispatchEvent(new Event('arrival'));
    }
  }

  /** @param {() => boolean} condition */
  function until(condition) {
    return new Promise((resolve) => {
      const look = () => condition() && resolve(undefined);
      arrivals.addEventListener('arrival', look);
      look();
    });
  }

  api.runtime.onConnect.addListener(connected);
  try {
    const top = until(() => walkers.some(({ isTop }) => isTop));
    const all = inject(tabId).then((frames) => until(() => walkers.length >= frames));
    await Promise.race([all, within(top, TOP_MS)]);
    await Promise.race([all, sleep(FRAMES_MS)]);
    walkers.sort((a, b) => Number(b.isTop) - Number(a.isTop));
    if (!walkers[0]?.isTop) {
      throw new HostError('tab_gone', 'the page was left');
    }
    return walkers;
  } catch (error) {
    walkers.forEach((walker) => walker.close());
    throw error;
  } finally {
    api.runtime.onConnect.removeListener(connected);
  }
}

/**
 * @param {number} tabId
 * @returns {Promise<number>} how many frames ran it, the page's own among them
 */
async function inject(tabId) {
  try {
    const frames = await api.scripting.executeScript({
      target: { tabId, allFrames: true },
      injectImmediately: true,
      files: FILES,
    });
    return frames.length;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const gone = /no tab with id|invalid tab|was removed|was closed|destroyed/i.test(message);
    const failed = /error page/i.test(message) ? 'connect' : 'tab_forbidden';
    throw new HostError(gone ? 'tab_gone' : failed, message);
  }
}

/**
 * @param {Promise<unknown>} promise
 * @param {number} ms
 */
async function within(promise, ms) {
  if ((await Promise.race([promise.then(() => true), sleep(ms)])) !== true) {
    throw new HostError('tab_gone', 'the page does not answer');
  }
}

/** @param {number} ms */
export function sleep(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
