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
 * @property {number} [open] - jobs of the queue that are open
 * @property {number} [bytes] - of the file
 * @property {number} [quota] - what it may take, 0: any
 * @property {boolean} [over] - it takes more
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
 * @typedef {'page' | 'pdf' | 'image' | 'audio' | 'video' | 'text' | 'markdown' | 'json' | 'feed' | 'xml' |
 *   'file'} Kind - what a link led to
 *
 * @typedef {{ url: string, how: string }} Hop - `how` it went on from there: a status, or `refresh`
 *
 * @typedef {{ name: string, media_type: string, bytes: number }} FileInfo - an original, as it came
 *
 * @typedef {object} Health - what the latest check of a link has found
 * @property {'ok' | 'moved' | 'changed' | 'gone' | 'error' | 'walled'} state
 * @property {number} checked
 * @property {number} status
 * @property {string} reason
 * @property {string} url - where it has moved to for good
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
 * @property {boolean} [unchanged] - no version was added: this one is as the page still is
 * @property {Kind} [kind]
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
 * @property {Kind} [kind]
 * @property {FileInfo | null} [file] - of what is no page
 * @property {Hop[]} [hops] - the way from the URL that was asked for
 * @property {number} [trashed]
 * @property {number} [highlights] - how many
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
 * @property {Kind} [kind]
 * @property {Health | null} [health]
 * @property {string} icon
 * @property {string[]} [title_spans]
 * @property {string[]} [snippet]
 * @property {Snapshot[]} [snapshots]
 * @property {number} [highlights] - how many
 * @property {number} [step] - of pages.update, for `undo`
 *
 * @typedef {object} Tag
 * @property {string} name
 * @property {number} pages
 * @property {number} [below] - pages that have it or one below it
 * @property {string} [colour] - `#rrggbb`, or empty
 *
 * @typedef {'rank' | 'newest' | 'oldest' | 'title' | 'site'} Sort
 *
 * @typedef {{ name: string, pages: number }} Facet
 *
 * @typedef {{ tags: Facet[], sites: Facet[], years: Facet[] }} Facets
 *
 * @typedef {object} Results - the answer of pages.search
 * @property {number} total
 * @property {string} cursor
 * @property {string} hint
 * @property {Page[]} pages
 * @property {Facets} [facets]
 * @property {string} [spelling] - a better query, or empty
 *
 * @typedef {{ page: number, title: string, site: string }} Title - of pages.titles
 *
 * @typedef {{ page: number | null, snapshot?: number, versions?: number, saved?: number,
 *   trashed?: number }} Found - the answer of pages.find
 *
 * @typedef {{ url: string, name: string, message: string }} Refused - what cannot be a link
 *
 * @typedef {object} LinksFound - the answer of links.find
 * @property {{ url: string, page: number | null }[]} links
 * @property {Refused[]} refused
 * @property {boolean} more
 *
 * @typedef {{ ref: string, url: string, kind: string, media_type: string, bytes: number, was?: string }}
 *   ComparedAsset
 *
 * @typedef {object} Comparison - the answer of snapshots.compare
 * @property {ComparedAsset[]} added
 * @property {ComparedAsset[]} gone
 * @property {ComparedAsset[]} changed
 * @property {boolean} more
 *
 * @typedef {{ snapshot: number, data: string, picture: string }} Thumbnail
 *
 * @typedef {object} Statistics
 * @property {number} pages
 * @property {number} trashed
 * @property {number} snapshots
 * @property {number} highlights
 * @property {number} tags
 * @property {{ file: number, stored: number, unpacked: number, referenced: number }} bytes
 * @property {{ kind: string, count: number, bytes: number, stored: number }[]} kinds
 * @property {{ month: string, pages: number, snapshots: number, bytes: number }[]} months
 * @property {{ page: number, title: string, site: string, bytes: number }[]} largest
 * @property {{ site: string, pages: number, bytes: number }[]} sites
 * @property {Record<SnapshotState, number>} states
 * @property {Record<Health['state'] | 'unchecked', number>} health
 *
 * @typedef {'warn' | 'no_media' | 'refuse'} WhenFull
 *
 * @typedef {{ path: string, bytes: number, free: number, quota: number, when_full: WhenFull }} Storage
 *
 * @typedef {object} Finding - of doctor
 * @property {'ok' | 'warn' | 'bad'} level
 * @property {string} name
 * @property {string[]} values
 * @property {string} text
 * @property {string} remedy
 *
 * @typedef {{ level: Finding['level'], findings: Finding[] }} Diagnosis
 */

/** The name under which the browser knows the host. */
export const HOST_NAME = 'org.linksnap.host';

/** The protocol that this extension speaks. */
export const PROTOCOL = 4;

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
  query: 256 * 1024,
  /** what is past this of a query is not searched */
  searched: 4 * 1024,
  tags: 100,
  /** characters (code points) of one tag */
  tag: 100,
  results: 200,
  fonts: 500,
  fontName: 512,
  /** found in one text, or added at once */
  links: 2000,
  linksBytes: 512 * 1024,
  linksText: 4 * 1024 * 1024,
  /** of one queue.list */
  jobs: 200,
  /** of one queue.cancel, queue.retry, queue.clear or queue.check */
  jobNumbers: 2000,
  /** of a highlight: the quote, what stands before and after it, the note */
  quote: 16 * 1024,
  around: 512,
  highlightNote: 16 * 1024,
  /** of a page */
  highlights: 2000,
  thumbnail: 24 * 1024,
  /** of one thumbnails.get */
  thumbnails: 24,
});

/** Every method of the host. */
export const METHODS = Object.freeze([
  'hello',
  'capture.begin',
  'capture.add',
  'capture.commit',
  'capture.cancel',
  'links.find',
  'links.save',
  'snapshots.retry',
  'snapshots.get',
  'snapshots.list',
  'snapshots.read',
  'snapshots.text',
  'snapshots.compare',
  'snapshots.trash',
  'snapshots.restore',
  'thumbnails.get',
  'thumbnails.set',
  'highlights.list',
  'highlights.add',
  'highlights.update',
  'highlights.delete',
  'highlights.restore',
  'pages.search',
  'pages.get',
  'pages.find',
  'pages.update',
  'pages.trash',
  'pages.restore',
  'pages.similar',
  'pages.titles',
  'pages.edit',
  'tags.list',
  'tags.suggest',
  'tags.rename',
  'tags.delete',
  'tags.colour',
  'undo',
  'trash.empty',
  'statistics',
  'storage.get',
  'storage.set',
  'doctor',
  'queue.add',
  'queue.check',
  'queue.run',
  'queue.list',
  'queue.cancel',
  'queue.retry',
  'queue.clear',
  'queue.restore',
  'queue.pause',
  'queue.take',
  'queue.fail',
]);
