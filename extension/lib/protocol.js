/**
 * What host/PROTOCOL.md says, as names, numbers and types. A test holds this file to that page.
 *
 * @typedef {'document' | 'page' | 'assets' | 'done'} HostStage
 * @typedef {{ id: number, stage: HostStage, done?: number, total?: number, bytes?: number }} HostProgress
 *
 * @typedef {{ code: number, name: string, message: string }} StoreFault
 * @typedef {object} StoreState
 * @property {'ready' | 'readonly' | 'error'} state
 * @property {string} [path]
 * @property {number} [pages]
 * @property {number} [snapshots]
 * @property {number} [pending]
 * @property {StoreFault} [error]
 *
 * @typedef {{ protocol: number, version: string, store: StoreState }} Hello
 *
 * @typedef {object} Failure
 * @property {string} url
 * @property {string} kind
 * @property {string} name - one of the protocol's error names
 * @property {number} [status]
 * @property {string} reason
 *
 * @typedef {'complete' | 'incomplete' | 'pending'} SnapshotState
 *
 * @typedef {{ url: string, kind: string }} Wanted - what the page's own session may get
 *
 * @typedef {object} SaveResult - the answer of capture.commit, links.save and snapshots.retry
 * @property {number} page
 * @property {number} snapshot
 * @property {number} version
 * @property {SnapshotState} state
 * @property {{ total: number, stored: number, reused: number, failed: number, left_out?: number }} assets -
 *   `total`, `failed` and `left_out` of the snapshot, the others of this request
 * @property {Failure[]} failures - the first of the snapshot's
 * @property {Wanted[]} [wanted]
 * @property {number} bytes
 * @property {number} ms
 * @property {number} [foreign] - the capture's own: frames of other sites that it was not let into
 *
 * @typedef {object} KindCount - what became of the files of one kind
 * @property {string} kind
 * @property {number} kept
 * @property {number} failed
 * @property {number} left_out - as the person wished
 * @property {number} bytes - of the kept ones
 *
 * @typedef {object} Snapshot
 * @property {number} snapshot
 * @property {number} page
 * @property {number} version
 * @property {number} taken
 * @property {'tab' | 'link' | 'import'} how
 * @property {string} url
 * @property {string} title
 * @property {string} lang
 * @property {SnapshotState} state
 * @property {{ total: number, failed: number }} assets
 * @property {{ name: 'frames_unread' | 'flattened' | 'resources_unread', count: number }[]} [notes] -
 *   what was not kept as it was
 * @property {KindCount[]} [kinds]
 * @property {Failure[]} [failures]
 * @property {Failure[]} [left_out]
 * @property {number | null} [next] - the offset at which `failures` and `left_out` go on
 * @property {number} bytes
 *
 * @typedef {object} Page
 * @property {number} page
 * @property {string} url
 * @property {string} site
 * @property {string} title
 * @property {string} note
 * @property {string[]} tags
 * @property {number} created
 * @property {number} saved
 * @property {number} trashed
 * @property {number} versions
 * @property {number} snapshot
 * @property {SnapshotState} state
 * @property {number} assets
 * @property {number} failed
 * @property {number} bytes
 * @property {string} lang
 * @property {string} description
 * @property {string} icon
 * @property {string[]} [title_spans]
 * @property {string[]} [snippet]
 * @property {Snapshot[]} [snapshots]
 *
 * @typedef {{ name: string, pages: number }} Tag
 */

/** The name under which the browser knows the host. */
export const HOST_NAME = 'org.linksnap.host';

/** The protocol that this extension speaks. */
export const PROTOCOL = 2;

/** Ceilings, in bytes of UTF-8 unless said otherwise. */
export const LIMITS = Object.freeze({
  frame: 8 * 1024 * 1024,
  part: 1024 * 1024,
  items: 4096,
  capture: 256 * 1024 * 1024,
  document: 64 * 1024 * 1024,
  url: 16 * 1024,
  title: 4 * 1024,
  mediaType: 200,
  /** one audio or video file */
  media: 200 * 1024 * 1024,
  doctype: 4 * 1024,
  note: 64 * 1024,
  query: 4 * 1024,
  tags: 100,
  /** characters (code points) of one tag */
  tag: 100,
  results: 200,
  fonts: 500,
  fontName: 512,
});

/** Every method of the host. */
export const METHODS = Object.freeze([
  'hello',
  'capture.begin',
  'capture.add',
  'capture.commit',
  'capture.cancel',
  'links.save',
  'snapshots.retry',
  'snapshots.get',
  'snapshots.list',
  'snapshots.read',
  'pages.search',
  'pages.get',
  'pages.find',
  'pages.update',
  'pages.trash',
  'pages.restore',
  'tags.list',
]);
