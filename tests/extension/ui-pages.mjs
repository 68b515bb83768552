/** Pages whose snapshots lack something, for the tests of the report. */
import { saved } from './ui-harness.mjs';

/**
 * @param {string} kind
 * @param {string} url
 * @param {string} name
 * @param {number} [status]
 */
export function failure(kind, url, name, status = 0) {
  return { url, kind, name, status, reason: 'what the host said' };
}

/**
 * @param {string} kind
 * @param {number} kept
 * @param {number} bytes
 * @param {{ failed?: number, left_out?: number }} [more]
 */
export function kindOf(kind, kept, bytes, { failed = 0, left_out = 0 } = {}) {
  return { kind, kept, failed, left_out, bytes };
}

const VIDEO = failure('media', 'https://v.example/talks/keynote.mp4', 'too_large');

/** Lacks 12 files, of four reasons; one more was left out. */
export const LACKING = saved(7, {
  title: '灯下读书记',
  state: 'incomplete',
  assets: 52,
  failed: 12,
  failures: [
    failure('style', 'https://cdn.example/theme.css', 'status', 404),
    ...Array.from({ length: 9 }, (_, i) =>
      failure('image', `https://img.example/2026/${i}.jpg?w=1`, 'status', 403),
    ),
    failure('font', 'https://cdn.example/f/inter.woff2', 'timeout'),
    failure('image', 'blob:https://example.com/1b4e', 'url'),
  ],
  left_out: [VIDEO],
  kinds: [
    kindOf('style', 5, 84_000, { failed: 1 }),
    kindOf('image', 30, 1_200_340, { failed: 10 }),
    kindOf('font', 4, 210_000, { failed: 1 }),
    kindOf('media', 0, 0, { left_out: 1 }),
  ],
  notes: [
    { name: 'frames_unread', count: 2 },
    { name: 'flattened', count: 1 },
    { name: 'resources_unread', count: 0 },
    { name: 'of_a_later_version', count: 4 },
  ],
});

/** Complete, but for what a person did not want. */
export const LEFT_OUT = saved(8, {
  assets: 11,
  left_out: [VIDEO],
  kinds: [kindOf('image', 10, 5_000_000), kindOf('media', 0, 0, { left_out: 1 })],
});

/**
 * A job of the queue.
 *
 * @param {number} job
 * @param {object} [more]
 */
export function jobOf(job, more = {}) {
  return {
    job,
    kind: 'save',
    state: 'waiting',
    url: `https://example.com/articles/${job}`,
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
  };
}

/** @param {string} name @param {object} [more] */
const fault = (name, more = {}) => ({ name, message: 'what the host said', ...more });

/** A queue with a job in each state, in the order in which they are listed. */
export const QUEUE = [
  jobOf(1, { state: 'running', title: '编码标准', stage: 'assets', done: 12, total: 43 }),
  jobOf(2, { state: 'running', kind: 'check' }),
  jobOf(3, { state: 'browser', error: fault('needs_browser', { status: 403, wall: 'refused' }) }),
  jobOf(4, { state: 'browser', error: fault('needs_browser', { wall: 'shell' }) }),
  jobOf(5, { not_before: 4e12, error: fault('timeout') }),
  jobOf(6),
  jobOf(7, { state: 'failed', error: fault('status', { status: 404 }) }),
  jobOf(8, { state: 'failed', error: fault('needs_browser', { wall: 'login' }) }),
  jobOf(9, { state: 'done', title: 'A book', page: 1, snapshot: 100, missing: 2 }),
  jobOf(10, { state: 'done', page: 1, snapshot: 100, unchanged: true }),
  jobOf(11, { state: 'done', page: 1, snapshot: 100 }),
  jobOf(12, { state: 'done', kind: 'check' }),
  jobOf(13, { state: 'cancelled' }),
];

/** What the background tells of it. */
export const QUEUE_STATE = {
  open: 6,
  running: true,
  paused: false,
  browser: 2,
  failed: 2,
  done: 4,
  total: 10,
  error: '',
  at: 1,
};

/** Snapshots of what is no web page, and links in every state of health. */
export const KINDS = [
  saved(21, {
    kind: 'pdf',
    title: 'A paper',
    file: { name: '论文 1.pdf', media_type: 'application/pdf', bytes: 120_340 },
    hops: [
      { url: 'http://t.example/abc', how: '301' },
      { url: 'https://example.com/go', how: 'refresh' },
    ],
  }),
  saved(22, {
    kind: 'file',
    title: 'An archive',
    file: { name: 'page.html', media_type: 'text/html', bytes: 5 },
  }),
];

/** @param {string} state @param {object} [more] */
const health = (state, more = {}) => ({
  health: { state, checked: Date.now() - 3_600_000, status: 0, reason: '', url: '', ...more },
});

export const CHECKED = [
  saved(31, { title: 'Gone', ...health('gone', { status: 404, reason: '404 Not Found' }) }),
  saved(32, { title: 'Silent', ...health('error', { reason: 'timeout' }) }),
  saved(33, { title: 'Moved', ...health('moved', { url: 'https://www.example.org/new' }) }),
  saved(34, { title: 'Changed', ...health('changed', { status: 200 }) }),
  saved(35, { title: 'Well', ...health('ok', { status: 200 }) }),
  saved(36, { title: 'Walled', ...health('walled', { status: 403 }) }),
];
