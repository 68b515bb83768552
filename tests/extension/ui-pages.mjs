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
