/** The alarm in Firefox: in every document of every process. */
import { startBrowser } from './browsers.mjs';
import { ALARMS } from './inert-inpage.mjs';

/** Marionette waits no longer than 30 s. */
const LIMIT = 20_000;

/**
 * Runs in each process of pages, with the browser's rights.
 *
 * @param {any} Services
 * @param {any} Cu
 * @param {string[]} names
 */
function processScript(Services, Cu, names) {
  const { cpmm } = Services;
  /** @type {Set<any>} */
  const windows = new Set();

  const observer = (/** @type {any} */ window) => {
    if (Cu.getObjectPrincipal(window).isSystemPrincipal) {
      return;
    }
    windows.add(Cu.getWeakReference(window));
    for (const name of names) {
      const alarm = (/** @type {unknown} */ value) => {
        const place = window.document.documentURI.slice(0, 120);
        cpmm.sendAsyncMessage('inert-call', `${name}(${value}) in ${place}`);
      };
      Cu.exportFunction(alarm, window, { defineAs: name });
    }
  };
  Services.obs.addObserver(observer, 'content-document-global-created');

  /**
   * @param {any} window
   * @param {string} source
   */
  function run(window, source) {
    const { browsingContext: context, document } = window;
    const isFrame = context.parent !== null && document.defaultView === window;
    if (context.isDiscarded || !isFrame || document.documentURI.startsWith('moz-extension:')) {
      return [];
    }
    const sandbox = Cu.Sandbox(window, { sandboxPrototype: window, wantXrays: false });
    return [{ url: document.documentURI, value: JSON.parse(Cu.evalInSandbox(source, sandbox)) }];
  }

  cpmm.addMessageListener('inert-run', (/** @type {any} */ { data: { id, source } }) => {
    const answers = [];
    for (const reference of windows) {
      try {
        answers.push(...run(reference.get(), source));
      } catch {
        windows.delete(reference); // it is gone
      }
    }
    cpmm.sendAsyncMessage('inert-ran', { id, answers });
  });
}

/**
 * Runs in the browser's own window.
 *
 * @param {any} window
 * @param {string} script - of processes, a URL
 * @param {number} limit - milliseconds that processes have to answer
 */
function install(window, script, limit) {
  const { ppmm } = window.Services;
  /** @type {string[]} */
  let calls = [];
  /** @type {Map<number, { wanted: number, answers: any[], done: (answers: any[]) => void }>} */
  const pending = new Map();
  let next = 1;
  ppmm.addMessageListener('inert-call', (/** @type {any} */ { data }) => calls.push(data));
  ppmm.addMessageListener('inert-ran', (/** @type {any} */ { data: { id, answers } }) => {
    const each = pending.get(id);
    each?.answers.push(...answers);
    if (each && --each.wanted === 0) {
      each.done(each.answers);
    }
  });
  ppmm.loadProcessScript(script, true);
  window.linksnapInert = {
    take() {
      const taken = calls;
      calls = [];
      return taken;
    },
    run: (/** @type {string} */ source) =>
      new Promise((resolve) => {
        const id = next++;
        /** @type {any[]} */
        const answers = [];
        pending.set(id, { wanted: ppmm.childCount, answers, done: resolve });
        window.setTimeout(() => resolve(answers), limit); // one may end meanwhile
        ppmm.broadcastAsyncMessage('inert-run', { id, source });
      }),
  };
}

export class FirefoxAlarm {
  /**
   * @param {any} browser - Firefox
   */
  constructor(browser) {
    this.browser = browser;
    /** @type {any} */
    this.page = null;
  }

  /** @param {import('./profile.mjs').BrowserOptions} options */
  static async start(options) {
    const self = new FirefoxAlarm(await startBrowser('firefox', options));
    const source = `(${processScript})(Services, Cu, ${JSON.stringify(ALARMS)})`;
    const url = `data:application/javascript;charset=utf-8,${encodeURIComponent(source)}`;
    await self.browser.inWindow(install, url, LIMIT);
    return self;
  }

  /** @param {string} url */
  async go(url) {
    const before = this.page;
    this.page = await this.browser.open(url);
    await before?.close();
  }

  /**
   * Runs a function in every frame below a tab's own page, but for the extension's.
   *
   * @template {unknown[]} A
   * @template R
   * @param {(...args: A) => R} script
   * @param {A} args
   * @returns {Promise<{ url: string, value: R }[]>}
   */
  inFrames(script, ...args) {
    const source = `JSON.stringify((${script})(...${JSON.stringify(args)}) ?? null)`;
    return this.browser.inWindow(
      (/** @type {any} */ window, /** @type {string} */ text) => window.linksnapInert.run(text),
      source,
    );
  }

  /** How many tabs there are. */
  async tabs() {
    return (await this.browser.urls()).length;
  }

  /** Calls since the last time. @returns {Promise<string[]>} */
  take() {
    return this.browser.inWindow((/** @type {any} */ window) => window.linksnapInert.take());
  }

  stop() {
    return this.browser.stop();
  }
}
