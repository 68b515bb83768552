/** The file of bookmarks that every browser and bookmark manager reads and writes (Netscape, 1996). */
import { LIMITS } from '../lib/protocol.js';
import { clip, joinTags } from '../lib/text.js';

/** @typedef {{ url: string, title: string, tags: string[], note: string }} Link */

const HEAD = `<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
`;

/**
 * @param {import('../lib/protocol.js').Page} page
 * @returns {string} its lines in the file
 */
function lineOf({ note, saved, tags, title, url }) {
  const when = Math.floor(saved / 1000);
  const attributes = `HREF="${escape(url)}" ADD_DATE="${when}" TAGS="${escape(tags.join(','))}"`;
  const line = `    <DT><A ${attributes}>${escape(title || url)}</A>\n`;
  return note ? `${line}    <DD>${escape(note)}\n` : line;
}

/** @param {readonly import('../lib/protocol.js').Page[]} pages */
export function bookmarksOf(pages) {
  return `${HEAD}${pages.map(lineOf).join('')}</DL><p>\n`;
}

/** @param {string} text */
function escape(text) {
  const names = /** @type {Record<string, string>} */ ({
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  });
  return text.replace(/[&<>"]/g, (letter) => names[letter]);
}

/** Folders that every browser has: they say nothing of what is in them. */
const PLAIN =
  /^(bookmarks( bar| menu| toolbar)?|other bookmarks|mobile bookmarks|favorites( bar)?|imported|unsorted|书签(栏|菜单|工具栏)?|其他书签|移动设备书签|收藏夹栏?)$/i;

/**
 * The links of a document: of a file of bookmarks with titles, tags, notes, and the folders around
 * them as one nested tag; of any other the links that stand in it. Dates are not kept.
 *
 * @param {string} html
 * @returns {Link[]} each address once
 */
export function readBookmarks(html) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  /** @type {Map<string, Link>} */
  const links = new Map();
  /** @type {Map<Element, string>} */
  const folders = new Map();
  for (const anchor of page.querySelectorAll('a[href]')) {
    const url = anchor.getAttribute('href')?.trim() ?? '';
    if (!/^https?:\/\//i.test(url)) {
      continue;
    }
    const { note = '', tags = [], title = '' } = links.get(url) ?? {};
    const given = (anchor.getAttribute('tags') ?? '').split(/[,，]/);
    const after = anchor.closest('dt')?.nextElementSibling;
    links.set(url, {
      url,
      title: title || clip((anchor.textContent ?? '').replace(/\s+/g, ' ').trim(), LIMITS.title),
      tags: joinTags(tags, [...given, folderOf(anchor, folders)]),
      note: note || clip(after?.matches('dd') ? ownText(after) : '', LIMITS.note),
    });
  }
  return [...links.values()];
}

/** A parser puts the list that follows a note into it. @param {Element} note */
function ownText(note) {
  const texts = [...note.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
  return texts
    .map(({ textContent }) => textContent)
    .join('')
    .trim();
}

/**
 * @param {Element} anchor
 * @param {Map<Element, string>} known - names of folders by their lists: a list holds many links
 * @returns {string} the names of the folders around it as one tag
 */
function folderOf(anchor, known) {
  const names = [];
  for (let list = anchor.closest('dl'); list; list = list.parentElement?.closest('dl') ?? null) {
    const name = known.get(list) ?? nameOf(list);
    known.set(list, name);
    if (name && !PLAIN.test(name)) {
      names.unshift(name);
    }
  }
  return [...names.join('/')].slice(0, LIMITS.tag).join('');
}

/** @param {Element} list @returns {string} what stands above it */
function nameOf(list) {
  let head = list.previousElementSibling;
  while (head && !head.matches('h3, dt')) {
    head = head.previousElementSibling;
  }
  const title = head?.matches('dt') ? head.querySelector(':scope > h3') : head;
  return (title?.textContent ?? '')
    .replace(/[/,，]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
