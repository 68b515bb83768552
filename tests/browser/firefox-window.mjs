/**
 * The part of the Firefox driver that runs in the browser's own window, sent there as text: it uses
 * nothing from outside itself. It reaches every page, the popup too, through a frame script.
 */

/**
 * @param {any} window - the browser's
 * @param {string} frameScript - data: URL
 */
export function install(window, frameScript) {
  const { Services, ChromeUtils, Ci, gBrowser, CustomizableUI, document } = window;
  const MESSAGE = 'linksnap-test';
  const listening = new WeakSet();
  /** In which process the frame script was loaded last. */
  const loaded = new WeakMap();
  /** @type {Map<number, (answer: any) => void>} */
  const pending = new Map();
  let nextId = 1;
  /** @type {string[]} */
  let requests = [];

  const sleep = (/** @type {number} */ ms) =>
    new Promise((resolve) => {
      window.setTimeout(resolve, ms);
    });

  /** @returns {any[]} every tab's browser, and the popup's */
  function browsers() {
    return [...gBrowser.browsers, ...document.querySelectorAll('.webextension-popup-browser')];
  }

  /** @param {number} id */
  function find(id) {
    const browser = browsers().find((each) => each.browserId === id);
    if (!browser) {
      throw new Error('the page is closed');
    }
    return browser;
  }

  /**
   * @param {any} browser
   * @param {number} limit
   */
  async function giveUp(browser, limit) {
    for (let waited = 0; waited < limit; waited += 100) {
      await sleep(100);
      if (!browser.isConnected) {
        // A click can close the popup.
        return { value: null };
      }
    }
    // The popup is built in one place and shown in another: what was sent between is lost.
    loaded.delete(browser.messageManager);
    return { error: 'the page does not answer' };
  }

  /**
   * @param {number} id
   * @param {Record<string, unknown>} request
   * @param {number} [limit] - milliseconds
   */
  async function ask(id, request, limit = 20_000) {
    const browser = find(id);
    const manager = browser.messageManager;
    const process = browser.browsingContext.currentWindowGlobal.osPid;
    if (!listening.has(manager)) {
      listening.add(manager);
      manager.addMessageListener(MESSAGE, (/** @type {any} */ { data }) => {
        pending.get(data.id)?.(data);
        pending.delete(data.id);
      });
    }
    if (loaded.get(manager) !== process) {
      loaded.set(manager, process);
      manager.loadFrameScript(frameScript, false);
    }
    const number = nextId++;
    const answer = new Promise((resolve) => {
      pending.set(number, resolve);
    });
    manager.sendAsyncMessage(MESSAGE, { ...request, id: number });
    const { value, error } = await Promise.race([answer, giveUp(browser, limit)]);
    if (error) {
      throw new Error(error);
    }
    return value;
  }

  /** @param {string} url */
  async function open(url) {
    const triggeringPrincipal = Services.scriptSecurityManager.getSystemPrincipal();
    gBrowser.selectedTab = gBrowser.addTab(url, { triggeringPrincipal });
    const { selectedBrowser } = gBrowser;
    await loadingEnds(selectedBrowser);
    return selectedBrowser.browserId;
  }

  /** @param {any} browser */
  async function loadingEnds(browser) {
    for (let i = 0; i < 300; i++) {
      await sleep(50);
      const isBlank = browser.currentURI.spec === 'about:blank';
      if (!isBlank && !browser.webProgress.isLoadingDocument) {
        return;
      }
    }
    throw new Error(`${browser.currentURI.spec} does not finish loading`);
  }

  /** Every tab and the popup. */
  function pages() {
    return browsers().map(({ browserId: id, currentURI }) => ({ id, url: currentURI.spec }));
  }

  /** @param {number} id */
  function close(id) {
    const tab = gBrowser.getTabForBrowser(find(id));
    if (tab) {
      gBrowser.removeTab(tab);
    } else {
      find(id).closest('panel')?.hidePopup();
    }
  }

  /**
   * @param {number} id
   * @returns {Promise<string>} PNG as a data: URL
   */
  async function screenshot(id) {
    const browser = find(id);
    const { width, height } = browser.getBoundingClientRect();
    const bitmap = await browser.browsingContext.currentWindowGlobal.drawSnapshot(null, 1, 'white');
    const canvas = document.createElementNS('http://www.w3.org/1999/xhtml', 'canvas');
    canvas.width = bitmap.width || width;
    canvas.height = bitmap.height || height;
    canvas.getContext('2d').drawImage(bitmap, 0, 0);
    return canvas.toDataURL('image/png');
  }

  /**
   * @param {number} id - of the tab to be in front
   * @param {string} widget - the button's id
   */
  async function clickButton(id, widget) {
    gBrowser.selectedTab = gBrowser.getTabForBrowser(find(id));
    CustomizableUI.addWidgetToArea(widget, CustomizableUI.AREA_NAVBAR);
    const button = document.getElementById(widget);
    await sleep(100);
    mouse(['mousemove', 'mousedown', 'mouseup'], button.getBoundingClientRect(), 0);
  }

  /**
   * @param {string[]} types
   * @param {{ x: number, y: number, width: number, height: number }} box
   * @param {number} button
   */
  function mouse(types, { x, y, width, height }, button) {
    for (const type of types) {
      window.synthesizeMouseEvent(type, x + width / 2, y + height / 2, { button, clickCount: 1 });
    }
  }

  /**
   * @param {number} id
   * @param {{ x: number, y: number, width: number, height: number }} box - in the page
   * @param {string} label
   */
  async function chooseFromContextMenu(id, box, label) {
    const browser = find(id);
    gBrowser.selectedTab = gBrowser.getTabForBrowser(browser);
    const { x, y } = browser.getBoundingClientRect();
    mouse(['mousedown', 'mouseup', 'contextmenu'], { ...box, x: x + box.x, y: y + box.y }, 2);
    const menu = document.getElementById('contentAreaContextMenu');
    for (let i = 0; i < 100; i++) {
      const item = [...menu.querySelectorAll('menuitem')].find(
        (each) => !each.hidden && each.label === label,
      );
      if (menu.state === 'open' && item) {
        // Where an extension has more than one entry, they stand in a menu of its own.
        const inner = item.closest('menupopup');
        if (inner.state === 'open') {
          inner.activateItem(item);
          return;
        }
        inner.parentElement.openMenu(true);
      }
      await sleep(50);
    }
    throw new Error(`no "${label}" in the context menu, which is ${menu.state}`);
  }

  Services.obs.addObserver((/** @type {any} */ subject) => {
    const channel = subject.QueryInterface(Ci.nsIHttpChannel);
    if (channel.loadInfo.browsingContextID) {
      requests.push(channel.URI.spec);
    }
  }, 'http-on-modify-request');

  function takeRequests() {
    const taken = requests;
    requests = [];
    return taken;
  }

  /** @param {string} locale */
  function setLocale(locale) {
    Services.locale.availableLocales = [...new Set([locale, ...Services.locale.availableLocales])];
    Services.locale.requestedLocales = [locale];
  }

  /**
   * @param {string} addon
   * @param {string[]} [permissions] - beside the sites
   */
  async function allowAllSites(addon, permissions = []) {
    const { ExtensionPermissions } = ChromeUtils.importESModule(
      'resource://gre/modules/ExtensionPermissions.sys.mjs',
    );
    const { extension } = window.WebExtensionPolicy.getByID(addon);
    const allowed = { permissions, origins: ['<all_urls>'] };
    await ExtensionPermissions.add(addon, allowed, extension);
  }

  /** @param {string} text - for the clipboard */
  function copy(text) {
    const helper = '@mozilla.org/widget/clipboardhelper;1';
    window.Cc[helper].getService(Ci.nsIClipboardHelper).copyString(text);
  }

  /**
   * Types into the address bar.
   *
   * @param {string} text
   * @returns {Promise<string[]>} what is offered
   */
  async function typeAddress(text) {
    const { gURLBar } = window;
    gURLBar.focus();
    gURLBar.search(text, { focus: true });
    await sleep(300);
    const { results } = await gURLBar.lastQueryContextPromise;
    return results.map((/** @type {any} */ { payload }) => String(payload.title));
  }

  /** Enter, where that was typed. */
  function enterAddress() {
    window.gURLBar.handleCommand(new window.KeyboardEvent('keydown', { key: 'Enter' }));
  }

  const quit = () => Services.startup.quit(Ci.nsIAppStartup.eAttemptQuit);

  const urls = () => gBrowser.browsers.map((/** @type {any} */ each) => each.currentURI.spec);
  const urlOf = (/** @type {number} */ id) => find(id).currentURI.spec;

  window.linksnapTest = {
    ask,
    open,
    close,
    pages,
    screenshot,
    clickButton,
    chooseFromContextMenu,
    takeRequests,
    setLocale,
    allowAllSites,
    copy,
    typeAddress,
    enterAddress,
    quit,
    urls,
    urlOf,
  };
}
