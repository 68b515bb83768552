/** Pictures and other files that one of two versions has and the other has not, or has otherwise. */
import { $, el } from '../lib/dom.js';
import { language, plural, t } from '../lib/i18n.js';
import * as format from '../lib/format.js';
import { kindText } from '../lib/words.js';
import { pictureOf } from './picture.js';
import { readAsset } from './readers.js';

/** @typedef {import('../lib/protocol.js').ComparedAsset} Asset */

/** A larger picture is named only. */
const LARGEST = 8 * 1024 * 1024;

export class FileDiff {
  #host;
  /** @type {string[]} */
  #urls = [];
  #stop = new AbortController();
  /** What is read now: one picture after the other. */
  #reading = Promise.resolve();

  /** @param {import('../lib/host.js').Host} host */
  constructor(host) {
    this.#host = host;
  }

  clear() {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#urls.splice(0).forEach((url) => URL.revokeObjectURL(url));
    $('#files').replaceChildren();
    $('#files').hidden = true;
  }

  /**
   * @param {import('../lib/protocol.js').Comparison} comparison
   * @param {{ from: number, to: number }} pair - snapshots
   */
  show({ added, changed, gone, more }, pair) {
    this.clear();
    const groups = /** @type {const} */ ([
      ['added', added],
      ['gone', gone],
      ['changed', changed],
    ]);
    const parts = groups.flatMap(([what, assets]) => {
      const pictures = assets.filter(isPicture);
      return pictures.length ? [this.#pictures(what, pictures, pair)] : [];
    });
    const others = groups.flatMap(([what, assets]) =>
      assets.filter((asset) => !isPicture(asset)).map((asset) => ({ what, asset })),
    );
    if (others.length) {
      parts.push(otherFiles(others));
    }
    if (more) {
      parts.push(el('p', { class: 'quiet' }, t('filesMore')));
    }
    $('#files').hidden = parts.length === 0;
    $('#files').replaceChildren(...parts);
  }

  /**
   * @param {'added' | 'gone' | 'changed'} what
   * @param {Asset[]} assets
   * @param {{ from: number, to: number }} pair
   */
  #pictures(what, assets, { from, to }) {
    const words = {
      added: () => plural('picturesAdded', assets.length),
      gone: () => plural('picturesGone', assets.length),
      changed: () => plural('picturesChanged', assets.length),
    }[what]();
    const cards = assets.map((asset) => {
      const before = what === 'gone' ? asset.ref : (asset.was ?? '');
      const boxes = [
        what === 'added' ? null : this.#picture(from, before, asset, t('pictureBefore')),
        what === 'gone' ? null : this.#picture(to, asset.ref, asset, t('pictureAfter')),
      ];
      const name = el(
        'span',
        { class: 'file-name', dir: 'ltr', title: asset.url },
        nameOf(asset.url),
      );
      const size = el('span', { class: 'file-size' }, format.bytes(asset.bytes, language));
      const boxed = el('div', { class: 'pictures' }, ...boxes);
      return el('li', { class: `picture-card ${what}` }, boxed, el('p', {}, name, size));
    });
    const heading = el(
      'h3',
      {},
      el('span', { class: 'diff-sign', 'aria-hidden': 'true' }, SIGNS[what]),
    );
    heading.append(words);
    return el('div', { class: `file-group ${what}` }, heading, el('ul', {}, ...cards));
  }

  /**
   * @param {number} snapshot
   * @param {string} ref
   * @param {Asset} asset
   * @param {string} label
   */
  #picture(snapshot, ref, { bytes, url }, label) {
    const box = el('span', { class: 'picture' });
    if (bytes > LARGEST) {
      box.append(t('pictureLarge'));
      return box;
    }
    const { signal } = this.#stop;
    this.#reading = this.#reading.then(async () => {
      if (signal.aborted) {
        return;
      }
      try {
        const file = await readAsset(this.#host, snapshot, ref, { signal });
        const name = `${label}: ${nameOf(url)}`;
        box.replaceChildren(await pictureOf(file, name, (address) => this.#urls.push(address)));
      } catch {
        box.replaceChildren(signal.aborted ? '' : t('pictureNone'));
      }
    });
    return box;
  }
}

/** @type {Record<string, string>} */
const SIGNS = { added: '+', gone: '−', changed: '±' };

/** @param {Asset} asset */
const isPicture = ({ kind, media_type: type }) => kind === 'image' || type.startsWith('image/');

/** @param {{ what: string, asset: Asset }[]} files */
function otherFiles(files) {
  const rows = files.map(({ what, asset: { kind, url } }) =>
    el(
      'li',
      { class: what },
      el('span', { class: 'diff-sign', 'aria-hidden': 'true' }, SIGNS[what]),
      el('span', { class: 'visually-hidden' }, whatText(what)),
      el('span', { class: 'file-name', dir: 'ltr', title: url }, format.shortUrl(url)),
      el('span', { class: 'file-size' }, kindText(kind)),
    ),
  );
  const summary = el('summary', {}, plural('filesOther', files.length));
  return el('details', { class: 'other-files' }, summary, el('ul', {}, ...rows));
}

/** @param {string} what */
function whatText(what) {
  switch (what) {
    case 'added':
      return t('fileAdded');
    case 'gone':
      return t('fileGone');
    default:
      return t('fileChanged');
  }
}

/** The end of an address says most of a picture. @param {string} url */
function nameOf(url) {
  const path = url.replace(/[?#].*$/, '').replace(/\/$/, '');
  return path.slice(path.lastIndexOf('/') + 1) || url;
}
