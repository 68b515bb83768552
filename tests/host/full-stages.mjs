// Everything that writes to a store, one stage after the other, for disks on which nothing can be.
import { bodyOf } from './kills-site.mjs';

/**
 * @typedef {import('./port.mjs').Port} Port
 *
 * @typedef {object} Place
 * @property {Port} port
 * @property {string} origin of the site
 * @property {number} page one that is saved
 * @property {number} trashed one in the trash
 * @property {number} snapshot one that lacks a picture
 * @property {number} step one that can be undone
 * @property {number} version one of two of a page
 * @property {number} hidden one in the trash
 * @property {number} highlight one that is there
 * @property {number} deleted one that is deleted
 * @property {() => void} spoil makes the disk what it is to be; once done it stays so
 *
 * @typedef {object} Stage
 * @property {string} name
 * @property {(place: Place) => Promise<any>} act
 * @property {boolean} [keeps] part of it is kept and can be completed
 */

/** A capture of a tab. @param {Place} place @param {'begin' | 'parts' | 'commit' | null} at when the disk is spoilt */
async function capture({ port, origin, spoil }, at) {
  const url = `${origin}/p?n=8`;
  const body = bodyOf(8, origin, 1);
  const head = '<head><title>Page 8</title><link rel="icon" href="data:,"/></head>';
  const data = `<html xmlns="http://www.w3.org/1999/xhtml">${head}<body>${body}</body></html>`;
  /** @param {string} stage */
  const reach = (stage) => {
    if (stage === at) {
      spoil();
    }
  };
  reach('begin');
  const { capture: id } = await port.request('capture.begin', { url, tags: ['new'] });
  const part = { capture: id, item: 0, kind: 'document', url };
  await port.request('capture.add', { ...part, seq: 0, data: data.slice(0, 100), last: false });
  reach('parts');
  const rest = { capture: id, item: 0, seq: 1, data: data.slice(100), last: true };
  await port.request('capture.add', rest);
  reach('commit');
  return port.request('capture.commit', { capture: id });
}

/** @param {string} method @param {(place: Place) => object} params @returns {Stage} */
const call = (method, params) => ({
  name: method,
  act: (place) => {
    place.spoil();
    return place.port.request(method, params(place));
  },
});

const picture = Buffer.concat([
  Buffer.from('89504e470d0a1a0a', 'hex'),
  Buffer.alloc(20_000, 'x'),
]).toString('base64');

/** @type {Stage[]} */
export const stages = [
  { name: 'a capture, before it begins', act: (place) => capture(place, 'begin') },
  { name: 'a capture, between its parts', act: (place) => capture(place, 'parts') },
  { name: 'a capture, before it is committed', act: (place) => capture(place, 'commit') },
  call('links.save', ({ origin }) => ({ url: `${origin}/p?n=9` })),
  call('snapshots.retry', ({ snapshot }) => ({ snapshot })),
  call('pages.update', ({ page }) => ({ page, title: 'B', note: '备注', tags: ['读书'] })),
  call('pages.edit', ({ page }) => ({ pages: [page], add: ['读书', '待读'] })),
  call('pages.trash', ({ page }) => ({ page })),
  call('pages.restore', ({ trashed }) => ({ page: trashed })),
  call('tags.rename', () => ({ tag: 'one', name: 'another' })),
  call('tags.delete', () => ({ tags: ['one'] })),
  call('tags.colour', () => ({ tag: 'one', colour: '#0f6e68' })),
  call('undo', ({ step }) => ({ step })),
  call('highlights.add', ({ snapshot }) => ({ snapshot, quote: '光明', place: 0 })),
  call('highlights.update', ({ highlight }) => ({ highlight, note: '想一想', colour: 'pink' })),
  call('highlights.delete', ({ highlight }) => ({ highlight })),
  call('highlights.restore', ({ deleted }) => ({ highlight: deleted })),
  call('thumbnails.set', ({ snapshot }) => ({ snapshot, media_type: 'image/png', data: picture })),
  call('snapshots.trash', ({ version }) => ({ snapshot: version })),
  call('snapshots.restore', ({ hidden }) => ({ snapshot: hidden })),
  call('storage.set', () => ({ quota: 1 << 30, when_full: 'no_media' })),
  call('trash.empty', () => ({})),
  call('queue.add', ({ origin }) => ({ urls: [`${origin}/p?n=10`] })),
  call('queue.pause', () => ({ paused: true })),
  call('queue.check', () => ({})),
];
