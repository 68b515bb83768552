/**
 * The browser's API and a host behind it, for pages that are opened without a browser extension around
 * them. `install` runs inside the page before its own scripts, so it may use nothing from outside.
 *
 * @typedef {object} Scene
 * @property {Record<string, { message: string }>} [words]
 * @property {any} [tab] - the active one
 * @property {any[]} [pages] - what the library holds
 * @property {number} [endless] - it lists so many, made of the first of them when they are asked for
 * @property {any} [store] - of the greeting
 * @property {string} [host] - why there is none, in Chromium's words
 * @property {number} [protocol] - another one
 * @property {string[]} [parts] - of every snapshot
 * @property {number} [frame] - missing files that one answer names
 * @property {Record<string, any>} [saves] - records by id
 * @property {any[]} [jobs] - the queue, as queue.list tells them
 * @property {boolean} [paused] - the queue
 * @property {any} [queue] - what the background has told of it
 * @property {Record<string, string>} [fails] - error names by method
 * @property {string[]} [fileParts] - of every original, in Base64
 * @property {boolean} [tabs] - addresses of tabs may be seen
 * @property {boolean} [noPdf] - the browser has no reader for PDF files
 * @property {Record<string, any>} [local] - what storage.local holds
 * @property {string} [os] - as runtime.getPlatformInfo() calls it
 * @property {string[]} [granted] - optional permissions
 * @property {any[]} [commands] - as commands.getAll() tells them
 * @property {boolean} [allowed] - every site may be read
 * @property {string} [spelling] - what is proposed where nothing is found
 * @property {boolean} [alone] - no page is like another
 * @property {Record<string, (string | number)[]>} [pinyin] - tags and pages that are meant by letters
 * @property {string[]} [suggested] - tags for a new page
 * @property {string[]} [unused] - tags of no page
 * @property {Record<string, string>} [colours] - of tags
 * @property {number} [kept] - what undoing leaves as it is
 * @property {Record<number, string>} [thumbnails] - data: URLs by snapshot
 * @property {Record<number, string>} [pictures] - assets by snapshot that thumbnails can be made of
 * @property {any[]} [highlights]
 * @property {Record<number, string>} [versionTexts] - texts by snapshot
 * @property {number[]} [versionsTrashed] - snapshots
 * @property {number} [textParts] - in which each text comes
 * @property {string} [asset] - every file of every snapshot, in Base64
 * @property {any} [compared] - the answer of snapshots.compare
 * @property {any} [statistics]
 * @property {any} [storage] - what differs from an ordinary one
 * @property {any} [diagnosis] - of doctor
 * @property {string} [badge] - of the tab
 * @property {boolean} [refuses] - the person does not give a permission that is asked for
 */

/** @param {Scene} scene */
export function install(scene) {
  const page = /** @type {any} */ (globalThis);
  const pages = structuredClone(scene.pages ?? []);
  const session = structuredClone(scene.saves ?? {});
  const local = structuredClone(scene.local ?? {});
  let jobs = structuredClone(scene.jobs ?? []);
  /** @type {any[]} */
  let cleared = [];
  let paused = scene.paused ?? false;
  let allowed = scene.allowed ?? false;
  /** @type {Set<string>} */
  const granted = new Set(scene.granted ?? (scene.tabs ? ['tabs'] : []));
  if (scene.queue) {
    session.queue = structuredClone(scene.queue);
  }
  Object.defineProperty(navigator, 'pdfViewerEnabled', { value: !scene.noPdf });
  /** @type {(() => void)[]} */
  const permissionWatchers = [];
  /** @type {((changes: any, area: string) => void)[]} */
  const watchers = [];
  /** What the page did, for the test to look at. */
  const seen = {
    requests: [],
    messages: [],
    tabs: [],
    closed: 0,
    options: 0,
    asked: [],
    badges: [],
  };
  /** @type {any} */
  const log = (page.seen = seen);
  page.scene = scene;
  page.pages = pages;

  page.putSave = (/** @type {any} */ record) => {
    session[`save:${record.id}`] = record;
    const changes = { [`save:${record.id}`]: { newValue: record } };
    watchers.forEach((watch) => watch(changes, 'session'));
  };

  /** What another tab of the extension does. @param {any} items */
  page.putLocal = (items) => {
    Object.assign(local, items);
    const changes = Object.entries(items).map(([key, newValue]) => [key, { newValue }]);
    watchers.forEach((watch) => watch(Object.fromEntries(changes), 'local'));
  };

  /** What the background tells of the queue. @param {any} state */
  page.putQueue = (state) => {
    session.queue = state;
    watchers.forEach((watch) => watch({ queue: { newValue: state } }, 'session'));
  };

  /** What somebody else does to jobs. @param {(job: any) => any} change */
  page.eachJob = (change) => {
    jobs = jobs.map((/** @type {any} */ job) => ({ ...job, ...change(job) }));
  };

  page.allow = (/** @type {boolean} */ given) => {
    allowed = given;
    permissionWatchers.forEach((watch) => watch());
  };

  const find = (/** @type {number} */ id) =>
    pages.find((/** @type {any} */ { page: other }) => other === id);
  const snapshot = (/** @type {any} */ saved, back = 0) => ({
    snapshot: saved.snapshot - back,
    page: saved.page,
    version: saved.versions - back,
    taken: saved.saved - back * 86_400_000,
    how: 'tab',
    url: saved.url,
    title: saved.title,
    lang: 'en',
    state: saved.state,
    assets: { total: saved.assets, failed: saved.failed },
    bytes: saved.bytes,
    kind: saved.kind ?? 'page',
  });
  const snapshots = (/** @type {any} */ saved) =>
    Array.from({ length: saved.versions }, (_, back) => snapshot(saved, back));
  const kept = (/** @type {any} */ saved, /** @type {boolean} */ trashed) =>
    snapshots(saved).filter((one) => page.isVersionTrashed(one.snapshot) === trashed);
  const owner = (/** @type {number} */ id) => {
    const saved = pages.find((/** @type {any} */ one) =>
      snapshots(one).some(({ snapshot: other }) => other === id),
    );
    return saved ?? refuse('not_found');
  };
  const refuse = (/** @type {string} */ name, data = {}) => {
    throw Object.assign(new Error(name), { data: { name, ...data } });
  };
  const needStore = () => scene.store?.state === 'error' && refuse(scene.store.error.name);

  /** @type {Record<string, (params: any) => any>} */
  const host = {
    ...page.finding(pages, find, refuse),
    ...page.thumbs(pages, find, refuse),
    ...page.reading(pages, find, refuse),
    ...page.versions(pages, find, refuse),
    ...page.keeping(pages, find, refuse),
    hello: () => {
      if (scene.protocol !== undefined) {
        refuse('protocol', { protocol: scene.protocol });
      }
      const store = scene.store ?? { state: 'ready', path: '/home/li/linksnap.db' };
      return { protocol: 4, version: '0.1.0', store };
    },
    'pages.find': ({ url }) => ({
      page: pages.find((/** @type {any} */ one) => one.url === url)?.page ?? null,
    }),
    'pages.get': ({ page: id }) => {
      const saved = find(id) ?? refuse('not_found');
      return { ...saved, snapshots: kept(saved, false) };
    },
    'pages.update': ({ page: id, ...changes }) => {
      const step = page.stepBack(structuredClone(pages));
      Object.assign(find(id), changes);
      return { ...host['pages.get']({ page: id }), step };
    },
    'pages.trash': ({ page: id }) => {
      find(id).trashed = 1;
      return {};
    },
    'pages.restore': ({ page: id }) => {
      find(id).trashed = 0;
      return {};
    },
    'snapshots.get': ({ snapshot: id, offset = 0 }) => {
      const saved = owner(id);
      const one = snapshots(saved).find(({ snapshot: other }) => other === id);
      const failures = saved.failures ?? [
        { url: 'https://cdn.example/font.woff2', kind: 'font', name: 'status', status: 403 },
        { url: 'https://img.example/a/b.jpg', kind: 'image', name: 'timeout', reason: 'late' },
      ];
      const leftOut = saved.left_out ?? [];
      const [lacking, most] = [saved.failed ? failures : [], scene.frame ?? 1000];
      const end = offset + most;
      return {
        ...one,
        file: saved.file ?? null,
        hops: saved.hops ?? [],
        notes: saved.notes ?? [],
        kinds: saved.kinds ?? [
          { kind: 'image', kept: saved.assets - saved.failed, failed: 0, left_out: 0, bytes: 9e5 },
        ],
        failures: lacking.slice(offset, end),
        left_out: leftOut.slice(
          Math.max(0, offset - lacking.length),
          Math.max(0, end - lacking.length),
        ),
        next: end < lacking.length + leftOut.length ? end : null,
      };
    },
    'snapshots.list': ({ page: id, trashed = false }) => ({ snapshots: kept(find(id), trashed) }),
    'snapshots.read': ({ snapshot: id, offset, file, asset }) => {
      owner(id);
      if (asset) {
        const data = scene.asset ?? '';
        return { data, next: null, size: data.length, media_type: 'image/png' };
      }
      const html = scene.parts ?? ['<!DOCTYPE html><title>x</title><p>saved'];
      const parts = file ? (scene.fileParts ?? ['']) : html;
      const next = offset + 1 < parts.length ? offset + 1 : null;
      return { data: parts[offset], next, size: parts.length, left_out: 0 };
    },
    'links.find': ({ text }) => {
      const found = [...new Set(text.match(/[a-z]+:[^\s，]+|www\.[^\s，]+/g) ?? [])];
      const isWeb = (/** @type {any} */ url) => /^(https?:|www)/.test(url);
      const saved = (/** @type {string} */ url) =>
        pages.find((/** @type {any} */ one) => one.url === url)?.page ?? null;
      const links = found.filter(isWeb).map((url) => ({ url, page: saved(url) }));
      const refused = found.filter((url) => !isWeb(url));
      return {
        links,
        refused: refused.map((url) => ({ url, name: 'url', message: 'no' })),
        more: text.includes('MORE'),
      };
    },
    'queue.add': ({ urls = [], links, tags = [] }) => {
      const given = links ?? urls.map((/** @type {string} */ url) => ({ url }));
      const added = given.map((/** @type {any} */ link, /** @type {number} */ i) => ({
        ...page.job(jobs.length + i + 1, { ...link, tags: [...tags, ...(link.tags ?? [])] }),
      }));
      jobs.push(...added);
      const told = added.map((/** @type {any} */ { job, url }) => ({ job, url }));
      return { jobs: told, refused: [] };
    },
    'queue.check': ({ pages: ids }) => {
      const live = pages.filter(
        (/** @type {any} */ { page: id, trashed }) => !trashed && (!ids || ids.includes(id)),
      );
      live.forEach((/** @type {any} */ { url, page: id }, /** @type {number} */ i) =>
        jobs.push(page.job(jobs.length + i + 1, { kind: 'check', url, page: id })),
      );
      return { added: live.length };
    },
    'queue.list': ({ state, offset = 0, limit = 50 }) => {
      const states = ['running', 'browser', 'waiting', 'failed', 'done', 'cancelled'];
      const counts = Object.fromEntries(
        states.map((one) => [
          one,
          jobs.filter((/** @type {any} */ job) => job.state === one).length,
        ]),
      );
      const order = (/** @type {any} */ job) => Math.min(3, states.indexOf(job.state));
      const all = jobs.filter((/** @type {any} */ job) => !state || job.state === state);
      all.sort((/** @type {any} */ a, /** @type {any} */ b) => order(a) - order(b));
      const next = offset + limit < all.length ? offset + limit : null;
      return { counts: { ...counts, paused }, next, jobs: all.slice(offset, offset + limit) };
    },
    'queue.cancel': (params) => change(params, ['waiting', 'running', 'browser'], 'cancelled'),
    'queue.retry': (params) => change(params, ['failed', 'cancelled', 'waiting'], 'waiting'),
    'queue.clear': ({ jobs: ids }) => {
      const ended = change({ jobs: ids }, ['done', 'failed', 'cancelled'], 'cleared');
      cleared = jobs.filter((/** @type {any} */ { state }) => state === 'cleared');
      jobs = jobs.filter((/** @type {any} */ { state }) => state !== 'cleared');
      return ended;
    },
    'queue.restore': () => {
      jobs.push(...cleared.splice(0).map((job) => ({ ...job, state: 'failed' })));
      return { jobs: jobs.length };
    },
    'queue.pause': (params) => {
      paused = params.paused;
      return host['queue.list']({}).counts;
    },
  };

  /**
   * @param {{ jobs?: number[] }} which
   * @param {string[]} from
   * @param {string} state
   */
  const change = ({ jobs: ids }, from, state) => {
    const touched = jobs.filter(
      (/** @type {any} */ job) => from.includes(job.state) && (!ids || ids.includes(job.job)),
    );
    touched.forEach((/** @type {any} */ job) => Object.assign(job, { state, not_before: 0 }));
    return { jobs: touched.length };
  };

  /** A job, as queue.list tells it. @param {number} number @param {any} more */
  page.job = (number, more) => ({
    job: number,
    kind: 'save',
    state: 'waiting',
    title: '',
    tags: [],
    attempts: 0,
    not_before: 0,
    created: 1,
    updated: 1,
    stage: '',
    done: 0,
    total: 0,
    error: null,
    page: null,
    snapshot: null,
    unchanged: false,
    missing: 0,
    ...more,
  });

  function connectNative() {
    /** @type {((message: any) => void)[]} */
    const hears = [];
    /** @type {((port: any) => void)[]} */
    const ends = [];
    const port = {
      onMessage: { addListener: (/** @type {any} */ listener) => hears.push(listener) },
      onDisconnect: { addListener: (/** @type {any} */ listener) => ends.push(listener) },
      disconnect() {},
      async postMessage(/** @type {any} */ { id, method, params }) {
        log.requests.push({ method, params });
        await null;
        if (id === undefined || scene.host) {
          return;
        }
        try {
          if (scene.fails?.[method]) {
            refuse(scene.fails[method]);
          }
          if (method === 'pages.search') {
            needStore();
          }
          const result = structuredClone(host[method](structuredClone(params)));
          hears.forEach((hear) => hear({ id, result }));
        } catch (thrown) {
          const { data, message } = /** @type {any} */ (thrown);
          hears.forEach((hear) => hear({ id, error: { code: 1, message, data } }));
        }
      },
    };
    if (scene.host) {
      const error = { message: scene.host };
      setTimeout(() => ends.forEach((end) => end({ ...port, error })));
    }
    return port;
  }

  page.chrome = {
    runtime: {
      connectNative,
      getManifest: () => ({ version: '0.1.0' }),
      getPlatformInfo: async () => ({ os: scene.os ?? 'linux' }),
      getURL: (/** @type {string} */ path) => `${location.origin}/${path}`,
      sendMessage: async (/** @type {any} */ message) => log.messages.push(message),
      onMessage: { addListener: (/** @type {any} */ hear) => (page.tell = hear) },
      openOptionsPage: async () => log.options++,
    },
    permissions: {
      contains: async (/** @type {any} */ { permissions }) =>
        permissions ? granted.has(permissions[0]) : allowed,
      request: async (/** @type {any} */ wanted) => {
        log.asked.push(wanted);
        if (!scene.refuses) {
          wanted.permissions?.forEach((/** @type {string} */ one) => granted.add(one));
          page.allow(allowed || Boolean(wanted.origins));
        }
        return !scene.refuses;
      },
      getAll: async () => ({ origins: allowed ? ['*://*/*'] : [] }),
      remove: async (/** @type {any} */ { origins = [], permissions = [] }) => {
        permissions.forEach((/** @type {string} */ one) => granted.delete(one));
        page.allow(allowed && !origins.includes('*://*/*'));
        return true;
      },
      onAdded: { addListener: (/** @type {any} */ watch) => permissionWatchers.push(watch) },
      onRemoved: { addListener: (/** @type {any} */ watch) => permissionWatchers.push(watch) },
    },
    i18n: {
      getMessage: (/** @type {string} */ key, /** @type {string[]} */ values = []) =>
        (scene.words?.[key]?.message ?? '').replace(
          /\$(\d)/g,
          (/** @type {string} */ _, /** @type {string} */ n) => values[Number(n) - 1] ?? '',
        ),
    },
    storage: {
      local: {
        get: async (/** @type {string} */ key) => structuredClone({ [key]: local[key] }),
        set: async (/** @type {any} */ items) => {
          if (scene.local?.full) {
            throw new Error('QUOTA_BYTES quota exceeded');
          }
          page.putLocal(structuredClone(items));
        },
      },
      session: {
        get: async (/** @type {string | null} */ key = null) =>
          structuredClone(key === null ? session : { [key]: session[key] }),
        remove: async (/** @type {string} */ key) => delete session[key],
      },
      onChanged: { addListener: (/** @type {any} */ watch) => watchers.push(watch) },
    },
    tabs: {
      query: async () => [scene.tab],
      create: async (/** @type {any} */ options) => log.tabs.push(options),
      getCurrent: async () => ({ id: 9 }),
      remove: async () => log.closed++,
    },
    action: {
      getBadgeText: async () => scene.badge ?? '',
      setBadgeText: async (/** @type {any} */ details) => log.badges.push(details),
      setTitle: async () => {},
    },
    commands: {
      getAll: async () => page.shortcuts,
      onCommand: {
        addListener: (/** @type {any} */ watch) => {
          page.press = watch;
        },
      },
    },
    contextMenus: { update: async () => {} },
    windows: { WINDOW_ID_NONE: -1, onFocusChanged: { addListener() {} } },
  };
  page.close = () => log.closed++;
}
