/**
 * What the host of ui-stub.mjs counts and keeps of itself. Runs inside the page before `install`, so it may use nothing
 * from outside.
 *
 * @param {import('./ui-stub.mjs').Scene} scene
 */
export function installKeeping(scene) {
  const page = /** @type {any} */ (globalThis);

  page.shortcuts = scene.commands ?? [
    { name: '_execute_action', description: '', shortcut: 'Alt+Shift+S' },
    { name: 'save-page', description: 'Save', shortcut: 'Alt+Shift+A' },
    { name: 'open-library', description: 'Library', shortcut: '' },
  ];

  /**
   * Through ports that are opened from now on, a method is at work, three quarters done, until it is
   * cancelled.
   *
   * @param {string} method
   */
  page.holdBack = (method) => {
    const { runtime } = page.chrome;
    const connect = runtime.connectNative;
    runtime.connectNative = () => {
      const port = connect();
      const [listen, post] = [port.onMessage.addListener, port.postMessage];
      /** @type {((message: any) => void)[]} */
      const hears = [];
      const say = (/** @type {any} */ message) => hears.forEach((hear) => hear(message));
      port.onMessage.addListener = (/** @type {any} */ hear) => {
        hears.push(hear);
        listen(hear);
      };
      port.postMessage = (/** @type {any} */ message) => {
        const { id, params } = message;
        if (message.method === method && !params.count) {
          say({ method: 'progress', params: { id, stage: method, done: 3, total: 4 } });
        } else if (message.method === 'cancel') {
          const error = { code: 1006, message: 'x', data: { name: 'cancelled' } };
          say({ id: params.id, error });
        } else {
          post(message);
        }
      };
      return port;
    };
  };

  /**
   * @param {any[]} pages - what the library holds
   * @param {(id: number) => any} find
   * @param {(name: string) => never} refuse
   * @returns {Record<string, (params: any) => any>}
   */
  page.keeping = (pages, find, refuse) => {
    const storage = {
      path: '/home/li/.local/share/linksnap/linksnap.db',
      bytes: 104_857_600,
      free: 50_000_000_000,
      quota: 0,
      when_full: 'warn',
      ...scene.storage,
    };
    return {
      statistics: () => scene.statistics ?? refuse('store'),
      'storage.get': () => ({ ...storage }),
      'storage.set': (changes) => ({ ...Object.assign(storage, changes) }),
      doctor: () => scene.diagnosis ?? { level: 'ok', findings: [] },
      'trash.empty': ({ count }) => {
        const gone = pages.filter((/** @type {any} */ { trashed }) => trashed);
        const snapshots = gone.reduce((sum, { page: id }) => sum + find(id).versions, 0);
        if (!count) {
          gone.forEach((one) => pages.splice(pages.indexOf(one), 1));
        }
        return { pages: gone.length, snapshots, bytes: count ? 0 : 12_000_345 };
      },
    };
  };
}
