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
 * @typedef {{ jobs: { job: number, url: string }[], refused: Refused[] }} QueueAdded
 *
 * @typedef {'waiting' | 'running' | 'browser' | 'done' | 'failed' | 'cancelled'} JobState
 *
 * @typedef {{ name: string, message: string, status?: number, wall?: string }} JobFault
 *
 * @typedef {object} Job
 * @property {number} job
 * @property {'save' | 'check'} kind
 * @property {JobState} state
 * @property {string} url
 * @property {string} title
 * @property {string[]} tags
 * @property {number} attempts
 * @property {number} not_before - when it is tried again
 * @property {number} created
 * @property {number} updated
 * @property {string} stage
 * @property {number} done
 * @property {number} total
 * @property {JobFault | null} error
 * @property {number | null} page
 * @property {number | null} snapshot
 * @property {boolean} unchanged
 * @property {number} missing - assets of the snapshot
 *
 * @typedef {Record<JobState, number> & { paused: boolean }} JobCounts
 *
 * @typedef {{ counts: JobCounts, next: number | null, jobs: Job[] }} QueueList
 *
 * @typedef {{ id: number, stage: 'queue', done: number, total: number, bytes: number, open: number,
 *   browser: number, failed: number }} QueueProgress
 */

/** The name under which the browser knows the host. */
export const HOST_NAME = 'org.linksnap.host';

/** The protocol that this extension speaks. */
export const PROTOCOL = 3;

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
