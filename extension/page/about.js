/** What a saved page is: title and tags, changed in their place, where it is from, and what can be done. */
import { avatar } from '../lib/avatar.js';
import { $, el, icon, iconButton } from '../lib/dom.js';
import { asHostError } from '../lib/errors.js';
import * as format from '../lib/format.js';
import { language, plural, t } from '../lib/i18n.js';
import { docText } from '../lib/jobwords.js';
import { webHref } from '../lib/outside.js';
import { LIMITS } from '../lib/protocol.js';
import { trashPage } from '../lib/rowedits.js';
import { tagDot } from '../lib/tagcolours.js';
import { TagInput } from '../lib/taginput.js';
import { clip, sameTags, tagTerm } from '../lib/text.js';
import { toast } from '../lib/toast.js';
import { tellChange } from '../lib/undo.js';
import { viewerPath } from '../lib/viewerlink.js';
import { faultText } from '../lib/words.js';
import { PageJobs } from './jobs.js';

/** @typedef {import('../lib/protocol.js').Page} Page */

export class About {
  #host;
  #jobs;
  #onChanged;
  /** @type {Page | null} */
  #page = null;
  #editing = '';

  isReadonly = false;

  /**
   * @param {object} options
   * @param {import('../lib/host.js').Host} options.host
   * @param {import('../lib/host.js').Host} options.other - which nobody waits for meanwhile
   * @param {(page: Page) => void} options.onChanged
   * @param {() => Promise<void>} options.onSaved - there may be another version
   */
  constructor({ host, other, onChanged, onSaved }) {
    this.#host = host;
    this.#onChanged = onChanged;
    this.#jobs = new PageJobs(other, onSaved);
  }

  /** @param {Page} page */
  show(page) {
    this.#page = page;
    if (this.#editing !== 'title') {
      this.#showTitle(page);
    }
    if (this.#editing !== 'tags') {
      this.#showTags(page);
    }
    const address = { href: webHref(page.url), rel: 'noreferrer', dir: 'ltr', title: page.url };
    $('#address').replaceChildren(el('a', address, format.shortUrl(page.url)));
    $('#facts').replaceChildren(...factsOf(page));
    this.#showActions(page);
    this.#jobs.watch(page);
  }

  /** @param {Page} page */
  #showTitle({ icon: picture, site, title, url }) {
    const heading = el('h2', { id: 'title', dir: 'auto' }, title || url);
    const edit = this.isReadonly
      ? null
      : iconButton('edit', t('titleEdit'), () => this.#editTitle());
    heading.addEventListener('dblclick', () => this.isReadonly || this.#editTitle());
    $('#title-line').replaceChildren(avatar(site, picture), heading, edit ?? '');
  }

  #editTitle() {
    const before = this.#page?.title ?? '';
    this.#editing = 'title';
    const field = /** @type {HTMLInputElement} */ (
      el('input', { type: 'text', dir: 'auto', 'aria-label': t('titleLabel'), value: before })
    );
    let isDone = false;
    const leave = (/** @type {boolean} */ isKept) => {
      if (isDone) {
        return;
      }
      isDone = true;
      this.#editing = '';
      const title = clip(field.value.trim().replace(/\s+/g, ' '), LIMITS.title);
      if (this.#page) {
        this.#showTitle(this.#page);
      }
      if (isKept && title && title !== before) {
        this.#update({ title }, t('titleChanged'));
      }
      /** @type {HTMLElement | null} */ (document.querySelector('#title-line button'))?.focus();
    };
    field.addEventListener('keydown', (event) => {
      if (!event.isComposing && (event.key === 'Enter' || event.key === 'Escape')) {
        event.preventDefault();
        leave(event.key === 'Enter');
      }
    });
    field.addEventListener('blur', () => leave(true));
    $('#title-line').replaceChildren(el('div', { class: 'field' }, field));
    field.focus();
    field.select();
  }

  /** @param {Page} page */
  #showTags({ tags }) {
    const chips = tags.map((tag) => {
      const href = `/library/library.html?q=${encodeURIComponent(tagTerm(tag))}`;
      const words = el('span', { class: 'chip-text', dir: 'auto' }, tag);
      return el('a', { class: 'chip', href, title: t('tagFilter', tag) }, tagDot(tag), words);
    });
    const edit = el(
      'button',
      { type: 'button', class: 'chip ghost', onclick: () => this.#editTags() },
      icon('tag'),
      el('span', { class: 'chip-text' }, t('editTags')),
    );
    $('#tags').replaceChildren(...chips, this.isReadonly ? '' : edit);
  }

  #editTags() {
    const before = this.#page?.tags ?? [];
    this.#editing = 'tags';
    let isDone = false;
    const leave = (/** @type {boolean} */ isKept) => {
      if (isDone) {
        return;
      }
      isDone = true;
      this.#editing = '';
      const { tags } = input;
      if (this.#page) {
        this.#showTags(this.#page);
      }
      if (isKept && !sameTags(tags, before)) {
        this.#update({ tags }, t('tagsChanged'));
      }
      /** @type {HTMLElement | null} */ (document.querySelector('#tags button'))?.focus();
    };
    const input = new TagInput({
      complete: async (part) => (await this.#host.request('tags.list', { part, limit: 20 })).tags,
      onEnter: () => leave(true),
      onEscape: () => leave(false),
    });
    input.tags = before;
    input.root.addEventListener('focusout', (event) => {
      if (!input.root.contains(/** @type {Node | null} */ (event.relatedTarget))) {
        leave(true);
      }
    });
    $('#tags').replaceChildren(input.root);
    input.focus();
  }

  /**
   * @param {{ title?: string, tags?: string[] }} changes
   * @param {string} words
   */
  async #update(changes, words) {
    const id = this.#page?.page;
    try {
      const page = await this.#host.request('pages.update', { page: id, ...changes });
      this.#onChanged(page);
      tellChange(this.#host, words, page.step ?? 0, async () => {
        this.#onChanged(await this.#host.request('pages.get', { page: id }));
      });
    } catch (error) {
      toast(faultText(asHostError(error)));
    }
  }

  /** @param {Page} page */
  #showActions(page) {
    const held = document.activeElement?.closest('#actions')
      ? document.activeElement.getAttribute('data-action')
      : null;
    const open = { class: 'button primary', href: `/${viewerPath(page.snapshot)}` };
    const href = webHref(page.url);
    const away = { class: 'button', href, rel: 'noreferrer', title: page.url };
    const trash = page.trashed ? t('restore') : t('moveToTrash');
    const change = [
      button('again', 'retry', t('saveAgain'), () => this.#jobs.again()),
      button('trash', page.trashed ? 'restore' : 'trash', trash, () => this.#trash()),
    ];
    const actions = [
      el('a', open, icon('reader'), t('pageOpen')),
      ...(href ? [el('a', away, icon('external'), t('openOriginal'))] : []),
      button('export', 'download', t('pageExport'), () => this.#jobs.exportPage()),
      ...(this.isReadonly ? [] : change),
    ];
    $('#actions').replaceChildren(...actions);
    actions.find(({ dataset }) => held && dataset.action === held)?.focus();
  }

  #trash() {
    const page = this.#page;
    if (!page) {
      return;
    }
    const wasTrashed = page.trashed;
    /** @param {number} trashed */
    const mark = (trashed) => this.#page && this.#onChanged({ ...this.#page, trashed });
    const remove = () => {
      mark(wasTrashed ? 0 : Date.now());
      return () => mark(wasTrashed);
    };
    trashPage(this.#host, page, { remove }, () => {});
  }
}

/**
 * @param {string} name
 * @param {string} drawing
 * @param {string} words
 * @param {() => void} onclick
 */
function button(name, drawing, words, onclick) {
  const attributes = { type: 'button', class: 'button', 'data-action': name, onclick };
  return el('button', attributes, icon(drawing), words);
}

/** @param {Page} page */
function factsOf({ bytes, created, highlights = 0, kind, saved, trashed, versions }) {
  const when = (/** @type {number} */ time) => format.moment(time, language, 'medium');
  const facts = [
    trashed ? el('span', { class: 'badge bad' }, t('pageTrashed')) : null,
    kind ? docText(kind) : '',
    el('span', {}, t('pageSaved', when(saved))),
    versions > 1 ? el('span', { title: when(created) }, plural('versionCount', versions)) : null,
    format.bytes(bytes, language),
    highlights > 0 ? el('a', { href: '#marks' }, plural('highlightCount', highlights)) : null,
  ];
  return facts.filter(Boolean).flatMap((fact, i) => (i ? [' · ', fact ?? ''] : [fact ?? '']));
}
