/** The versions of a page below each other, the newest first, and those that are in the trash. */
import { $, el, icon, iconButton } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import * as format from '../lib/format.js';
import { language, plural, t } from '../lib/i18n.js';
import { toast } from '../lib/toast.js';
import { offerUndo } from '../lib/undo.js';
import { viewerPath } from '../lib/viewerlink.js';
import { faultText } from '../lib/words.js';

/** @typedef {import('../lib/protocol.js').Snapshot} Snapshot */

export class Timeline {
  #host;
  #onChanged;
  /** @type {{ shown: number, compared: number, isReadonly: boolean }} */
  #how = { shown: 0, compared: 0, isReadonly: false };

  /**
   * @param {import('../lib/host.js').Host} host
   * @param {() => Promise<void>} onChanged
   */
  constructor(host, onChanged) {
    this.#host = host;
    this.#onChanged = onChanged;
  }

  /**
   * @param {Snapshot[]} versions - newest first
   * @param {{ shown: number, compared: number, isReadonly: boolean }} how
   */
  show(versions, how) {
    this.#how = how;
    const held = document.activeElement?.closest('#timeline li')?.getAttribute('data-snapshot');
    const rows = versions.map((version, i) => this.#row(version, i, versions.length));
    $('#timeline').replaceChildren(...rows);
    const again = rows.find(({ dataset }) => dataset.snapshot === held);
    again?.querySelector('a')?.focus({ preventScroll: true });
  }

  /** @param {number} page */
  async loadTrashed(page) {
    const { snapshots } = await this.#host.request('snapshots.list', { page, trashed: true });
    const rows = snapshots.map((/** @type {Snapshot} */ version) => this.#trashedRow(version));
    $('#trashed').hidden = rows.length === 0;
    $('#trashed summary').textContent = plural('versionsTrashed', rows.length);
    $('#trashed ul').replaceChildren(...rows);
  }

  /**
   * @param {Snapshot} version
   * @param {number} i
   * @param {number} count
   */
  #row(version, i, count) {
    const { snapshot, taken } = version;
    const isShown = snapshot === this.#how.shown;
    const name = el(
      'a',
      {
        class: 'version-name',
        href: `#version=${snapshot}`,
        'aria-current': isShown ? 'true' : null,
      },
      t('versionName', version.version),
    );
    const latest = i === 0 && count > 1 ? el('span', { class: 'badge' }, t('versionLatest')) : null;
    const when = el('time', {}, format.moment(taken, language, 'medium'));
    const openWords = t('versionOpen', version.version);
    const open = el(
      'a',
      {
        class: 'icon-button',
        href: `/${viewerPath(snapshot)}`,
        title: openWords,
        'aria-label': openWords,
      },
      icon('reader'),
    );
    const trash =
      count > 1 && !this.#how.isReadonly
        ? iconButton('trash', t('versionTrash', version.version), () => this.#trash(version))
        : null;
    const kinds = isShown ? ' shown' : snapshot === this.#how.compared ? ' compared' : '';
    return el(
      'li',
      { class: `version${kinds}`, 'data-snapshot': snapshot },
      el(
        'div',
        { class: 'version-main' },
        el('p', { class: 'version-head' }, name, latest),
        el('p', { class: 'version-when' }, when),
        el('p', { class: 'version-facts' }, ...factsOf(version)),
      ),
      el('div', { class: 'version-tools' }, open, trash),
    );
  }

  /** @param {Snapshot} version */
  #trashedRow(version) {
    const when = format.moment(version.taken, language, 'medium');
    const back = this.#how.isReadonly
      ? null
      : iconButton('restore', t('versionRestore', version.version), () => this.#restore(version));
    const words = el('span', {}, t('viewerVersion', version.version, when));
    return el('li', {}, words, back);
  }

  /** @param {Snapshot} version */
  #trash(version) {
    return this.#change('snapshots.trash', 'snapshots.restore', version, 'undo', () =>
      t('versionTrashed', version.version),
    );
  }

  /** @param {Snapshot} version */
  #restore(version) {
    return this.#change('snapshots.restore', 'snapshots.trash', version, 'undo', () =>
      t('versionRestored', version.version),
    );
  }

  /**
   * @param {string} there
   * @param {string} back
   * @param {Snapshot} version
   * @param {'undo' | 'redo'} kind
   * @param {() => string} words
   */
  async #change(there, back, version, kind, words) {
    try {
      await this.#host.request(there, { snapshot: version.snapshot });
    } catch (error) {
      toast(faultText(asHostError(error)));
      return;
    }
    const other = kind === 'undo' ? 'redo' : 'undo';
    offerUndo(words(), () => this.#change(back, there, version, other, () => t('undone')), kind);
    await this.#onChanged();
    const [first] = $('#timeline').querySelectorAll('a');
    first?.focus({ preventScroll: true });
  }
}

/** @param {Snapshot} version */
function factsOf({ assets, bytes, highlights = 0, how, state }) {
  const facts = [howText(how), format.bytes(bytes, language)];
  if (highlights > 0) {
    facts.push(plural('highlightCount', highlights));
  }
  if (state === 'complete') {
    return [facts.join(' · ')];
  }
  const lack = assets.failed > 0 ? plural('missingCount', assets.failed) : t('pendingBadge');
  return [facts.join(' · '), el('span', { class: 'lack' }, icon('warn'), lack)];
}

/** @param {Snapshot['how']} how */
function howText(how) {
  switch (how) {
    case 'tab':
      return t('howTab');
    case 'link':
      return t('howLink');
    default:
      return t('howImport');
  }
}
