/** What runs in the tab under test: it opens many pages side by side and waits until they are there. */

/** How long pages are waited for, in milliseconds: those that load, and those that may never. */
const PATIENCE = 25_000;
const BRIEFLY = 8000;

/**
 * @param {string[]} urls
 * @param {string | null} sandbox
 * @param {number} patience
 * @returns {Promise<string[]>} those that have not loaded
 */
async function openFrames(urls, sandbox, patience) {
  const late = new Promise((resolve) => {
    setTimeout(resolve, patience);
  });
  const missing = new Set(urls);
  const waits = urls.map((url) => {
    const frame = document.createElement('iframe');
    if (sandbox !== null) {
      frame.setAttribute('sandbox', sandbox);
    }
    frame.src = url;
    const wait = new Promise((resolve) => {
      frame.addEventListener('load', resolve, { once: true });
    });
    document.body.append(frame);
    return wait.then(() => missing.delete(url));
  });
  await Promise.race([Promise.all(waits), late]);
  return [...missing];
}

/** @returns {string[]} frames that show something else than they were given */
function movedFrames() {
  return [...document.querySelectorAll('iframe')]
    .map((frame) => {
      try {
        const { href } = /** @type {Window} */ (frame.contentWindow).location;
        return href.replace(/#.*/, '') === frame.src ? '' : `${frame.src} went to ${href}`;
      } catch {
        return `${frame.src} went to another site`;
      }
    })
    .filter(Boolean);
}

/**
 * Shows snapshots in viewers that stand side by side in a page of the extension.
 *
 * @param {number[]} snapshots
 * @param {number} patience
 * @param {boolean} isPen - the pen is taken up in each
 * @returns {Promise<number[]>} those that have not loaded
 */
async function openViewers(snapshots, patience, isPen) {
  const late = new Promise((resolve) => {
    setTimeout(resolve, patience);
  });
  const arrival = (
    /** @type {Node} */ place,
    /** @type {() => Element | null | undefined} */ find,
  ) =>
    new Promise((resolve) => {
      const found = find();
      if (found) {
        resolve(found);
        return;
      }
      const observer = new MutationObserver(() => {
        const element = find();
        if (element) {
          observer.disconnect();
          resolve(element);
        }
      });
      observer.observe(place, { childList: true, subtree: true });
    });
  const loading = (/** @type {Element} */ frame) =>
    new Promise((resolve) => {
      frame.addEventListener('load', resolve, { once: true });
    });

  /**
   * @param {HTMLIFrameElement} viewer
   * @param {Element | null} old - the frame that another takes the place of
   */
  async function shown(viewer, old) {
    const inside = /** @type {Document} */ (viewer.contentDocument);
    const place = /** @type {Element} */ (inside.querySelector('#page'));
    const cell = await arrival(place, () =>
      [...place.querySelectorAll('iframe')].find((each) => each !== old),
    );
    await loading(cell);
    const body = cell.contentDocument.body;
    await loading(await arrival(body, () => body.querySelector('iframe')));
  }

  /**
   * @param {number} snapshot
   * @param {number} at
   */
  async function show(snapshot, at) {
    let viewer = /** @type {HTMLIFrameElement | undefined} */ (
      document.querySelectorAll('iframe')[at]
    );
    if (!viewer) {
      // At first one that shows nothing: what comes next can be waited for.
      viewer = document.createElement('iframe');
      viewer.src = 'viewer.html?snapshot=0';
      document.body.append(viewer);
      while (!viewer.contentDocument?.querySelector('#page [role=alert]')) {
        await new Promise((resolve) => {
          setTimeout(resolve, 5);
        });
      }
    }
    const versions = /** @type {HTMLSelectElement} */ (
      viewer.contentDocument?.querySelector('#versions')
    );
    versions.append(new Option('', String(snapshot)));
    versions.value = String(snapshot);
    const frame = () => viewer?.contentDocument?.querySelector('#page iframe') ?? null;
    const pen = /** @type {HTMLElement} */ (viewer.contentDocument?.querySelector('#pen-open'));
    const reading = frame();
    const isHeld = pen.getAttribute('aria-pressed') === 'true';
    versions.dispatchEvent(new Event('change'));
    await shown(viewer, reading);
    if (isPen && !isHeld) {
      const before = frame();
      pen.click();
      await shown(viewer, before);
    }
  }

  if (document.querySelector('header')) {
    document.body.replaceChildren();
  }
  const missing = new Set(snapshots);
  const waits = snapshots.map(async (snapshot, at) => {
    await show(snapshot, at);
    missing.delete(snapshot);
  });
  await Promise.race([Promise.all(waits), late]);
  return [...missing];
}

export { BRIEFLY, PATIENCE, movedFrames, openFrames, openViewers };
