/** The part of the Firefox driver that runs in the process of each page, sent there as text. */

/**
 * Has the browser's rights.
 *
 * @param {any} manager - `this` of a frame script; its `content` is the page's window
 * @param {any} Cu
 * @param {any} Cc
 * @param {any} Ci
 */
export function frameScript(manager, Cu, Cc, Ci) {
  const MESSAGE = 'linksnap-test';

  /** @param {string[]} path */
  function windowAt(path) {
    let window = manager.content;
    for (const selector of path) {
      window = window.document.querySelector(selector)?.contentWindow;
      if (!window) {
        throw new Error(`no frame at ${selector}`);
      }
    }
    return window;
  }

  /** @type {Record<string, (request: any) => unknown>} */
  const actions = {
    async run({ path, source }) {
      const window = windowAt(path);
      const sandbox = Cu.Sandbox(window, { sandboxPrototype: window, wantXrays: false });
      return JSON.parse((await Cu.evalInSandbox(source, sandbox)) ?? 'null');
    },
    box({ selector }) {
      const element = manager.content.document.querySelector(selector);
      if (!element) {
        return null;
      }
      element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x, y, width, height };
    },
    click({ x, y }) {
      for (const type of ['mousemove', 'mousedown', 'mouseup']) {
        manager.content.synthesizeMouseEvent(type, x, y, { button: 0, clickCount: 1 });
      }
    },
    focus({ selector }) {
      manager.content.focus();
      manager.content.document.querySelector(selector).focus();
    },
    type({ text }) {
      const input = keyboard();
      input.startComposition();
      input.commitCompositionWith(text);
    },
    paste() {
      manager.docShell.doCommand('cmd_paste');
    },
    press({ key, held }) {
      const input = keyboard();
      const { KeyboardEvent } = manager.content;
      const holds = held.map(
        (/** @type {string} */ name) => new KeyboardEvent('', { key: name, code: `${name}Left` }),
      );
      const event = new KeyboardEvent('', { key, code: key.length > 1 ? key : '' });
      holds.forEach((/** @type {any} */ each) => input.keydown(each));
      input.keydown(event);
      input.keyup(event);
      holds.forEach((/** @type {any} */ each) => input.keyup(each));
    },
  };

  function keyboard() {
    const input = Cc['@mozilla.org/text-input-processor;1'].createInstance(
      Ci.nsITextInputProcessor,
    );
    if (!input.beginInputTransactionForTests(manager.content)) {
      throw new Error('no text can be put in');
    }
    return input;
  }

  // It may be sent twice to a page that was slow.
  if (manager.linksnapTest) {
    return;
  }
  manager.linksnapTest = true;
  manager.addMessageListener(MESSAGE, async (/** @type {any} */ { data }) => {
    try {
      manager.sendAsyncMessage(MESSAGE, { id: data.id, value: await actions[data.action](data) });
    } catch (error) {
      manager.sendAsyncMessage(MESSAGE, { id: data.id, error: String(error) });
    }
  });
}
